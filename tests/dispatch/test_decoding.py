"""The decoding helper: real audio, and a real process that is killed."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from riffusion_tui.dispatch.fetching import decoding
from riffusion_tui.dispatch.fetching.containers import Undecodable, seconds_of
from riffusion_tui.dispatch.fetching.decoding import Decoder, serve
from tests.dispatch.test_audio_check import encoded


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "a song.mp3"
    path.write_bytes(encoded("MP3"))
    return path


def test_decoder_messages_do_not_reach_standard_error(
    song: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    decoder = Decoder()
    assert decoder.seconds(song, "mp3") == pytest.approx(1.0, abs=0.1)
    body = song.read_bytes()
    (tmp_path / "broken").write_bytes(body[:3000] + b"<html>" * 2000)
    with pytest.raises(Undecodable):
        decoder.seconds(tmp_path / "broken", "mp3")
    assert capfd.readouterr().err == ""
    decoder.close()
    decoder.close()


def test_a_decoder_that_crashes_fails_one_song_and_is_replaced(song: Path) -> None:
    decoder = Decoder()
    decoder.seconds(song, "mp3")
    assert decoder._process is not None
    os.kill(decoder._process.pid, signal.SIGKILL)
    decoder._process.wait()
    with pytest.raises(Undecodable):
        decoder.seconds(song, "mp3")
    assert decoder.seconds(song, "mp3")
    decoder.close()


def test_a_decoder_that_hangs_is_killed(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LIMIT_S", 0.05)
    monkeypatch.setattr(decoding, "_COMMAND", [sys.executable, "-c", "import time; time.sleep(60)"])
    decoder = Decoder()
    with pytest.raises(Undecodable):
        decoder.seconds(song, "mp3")
    assert decoder._process is None


def test_the_helper_answers_each_request_with_json(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = [
        json.dumps([str(song), "mp3"]),
        json.dumps([str(tmp_path / "missing"), "mp3"]),
        json.dumps([str(song), "zip"]),
    ]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(questions)))
    serve()
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["seconds"] == pytest.approx(1.0, abs=0.1)
    assert second["error"] == "it can't be read (FileNotFoundError)"
    assert third["error"] == "it is truncated"


@pytest.mark.parametrize(("body", "words"), [(encoded("MP3")[:-3000], "truncated"), (encoded("WAV")[:44], "no audio")])
def test_an_undecodable_file_has_a_reason(tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(body)
    with pytest.raises(Undecodable, match=words):
        seconds_of(path, "mp3")


def test_decoding_can_be_interrupted(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_COMMAND", [sys.executable, "-c", "import time; time.sleep(60)"])
    decoder = Decoder()
    decoder.interrupt()
    began = time.monotonic()
    timer = threading.Timer(0.3, decoder.interrupt)
    timer.start()
    with pytest.raises(Undecodable):
        decoder.seconds(song, "mp3")
    assert time.monotonic() - began < 5
    monkeypatch.undo()
    assert decoder.seconds(song, "mp3")
    decoder.close()
