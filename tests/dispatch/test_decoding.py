"""The helper process: real audio, a real process that is killed."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from riffusion_tui.dispatch import decoding
from riffusion_tui.dispatch.decoding import Decoder, Undecodable, decoded_seconds, serve
from tests.dispatch.test_audio_check import encoded


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "a song.mp3"
    path.write_bytes(encoded("MP3"))
    return path


def test_nothing_of_what_the_decoder_says_reaches_standard_error(
    song: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    decoder = Decoder()
    assert decoder.seconds(song) == pytest.approx(1.0, abs=0.1)
    body = song.read_bytes()
    (tmp_path / "broken").write_bytes(body[:3000] + b"<html>" * 2000)
    with pytest.raises(Undecodable):
        decoder.seconds(tmp_path / "broken")
    assert capfd.readouterr().err == ""
    decoder.close()
    decoder.close()


def test_a_decoder_that_crashes_fails_one_song_and_is_replaced(song: Path) -> None:
    decoder = Decoder()
    decoder.seconds(song)
    assert decoder._process is not None
    os.kill(decoder._process.pid, signal.SIGKILL)
    decoder._process.wait()
    with pytest.raises(Undecodable):
        decoder.seconds(song)
    assert decoder.seconds(song) > 0
    decoder.close()


def test_a_decoder_that_hangs_is_ended(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LIMIT_S", 0.05)
    monkeypatch.setattr(decoding, "_COMMAND", [sys.executable, "-c", "import time; time.sleep(60)"])
    decoder = Decoder()
    with pytest.raises(Undecodable):
        decoder.seconds(song)
    assert decoder._process is None


def test_what_the_helper_answers(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = [json.dumps(str(song)), json.dumps(str(tmp_path / "missing"))]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(questions)))
    serve()
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["seconds"] == pytest.approx(1.0, abs=0.1)
    assert second["error"]


@pytest.mark.parametrize(("body", "words"), [(encoded("MP3")[:-3000], "cut off"), (encoded("WAV")[:44], "no sound")])
def test_what_can_t_be_decoded(tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(body)
    with pytest.raises(Undecodable, match=words):
        decoded_seconds(str(path))
