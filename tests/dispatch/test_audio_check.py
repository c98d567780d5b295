from __future__ import annotations

import contextlib
import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from riffusion_tui.dispatch.fetching import containers
from riffusion_tui.dispatch.fetching.audio_check import InvalidAudio, check, kind
from riffusion_tui.dispatch.fetching.containers import Undecodable
from tests.dispatch.world import SOUND


def encoded(format: str, subtype: str | None = None) -> bytes:
    buffer = io.BytesIO()
    tone = np.sin(np.linspace(0, 400, 44_100)).astype("float32")
    soundfile.write(buffer, tone, 44_100, format=format, subtype=subtype)
    return buffer.getvalue()


def atom(name: bytes, body: bytes = b"", *, long: bool = False, open_end: bool = False) -> bytes:
    if long:
        return struct.pack(">I4sQ", 1, name, 16 + len(body)) + body
    return struct.pack(">I4s", 0 if open_end else 8 + len(body), name) + body


def movie(version: int = 0, scale: int = 1000, units: int = 2500) -> bytes:
    body = bytes([version, 0, 0, 0])
    body += struct.pack(">QQIQ", 0, 0, scale, units) if version else struct.pack(">IIII", 0, 0, scale, units)
    return atom(b"moov", atom(b"mvhd", body + bytes(80)))


def archive(*names: str, method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name in names:
            file.writestr(name, SOUND)
    return buffer.getvalue()


def deflated(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


FTYP = atom(b"ftyp", b"M4A \0\0\0\0isom")
MIDI = struct.pack(">4sIHHH", b"MThd", 6, 1, 1, 96) + b"MTrk" + struct.pack(">I", 4) + b"\0\xff\x2f\0"

SOUND_ONES = {
    "wav": (SOUND, "wav", 0.05),
    "flac": (encoded("FLAC"), "flac", 1.0),
    "ogg": (encoded("OGG", "VORBIS"), "ogg", 1.0),
    "mp3": (encoded("MP3"), "mp3", 1.0),
    "mp3 with a tag": (b"ID3\4\0\0\0\0\0\x10TIT2\0\0\0\6\0\0\0title" + encoded("MP3"), "mp3", 1.0),
    "streamed wav": (SOUND[:40] + b"\xff\xff\xff\xff" + SOUND[44:], "wav", 0.05),
    "wav with a list": (SOUND[:36] + b"LIST\3\0\0\0abc\0" + SOUND[36:], "wav", 0.05),
    "m4a": (FTYP + movie() + atom(b"mdat", bytes(50)), "m4a", 2.5),
    "m4a, long": (FTYP + movie(1) + atom(b"mdat", bytes(50), long=True), "m4a", 2.5),
    "m4a, open end": (FTYP + movie() + atom(b"mdat", bytes(50), open_end=True), "m4a", 2.5),
    "m4a without a length": (FTYP + atom(b"moov") + atom(b"mdat"), "m4a", None),
    "m4a without a scale": (FTYP + movie(scale=0) + atom(b"mdat"), "m4a", None),
    "stems": (archive("drums.wav", "bass.wav"), "zip", None),
    "midi": (MIDI, "mid", None),
    "lrc": (b"[ti:Song]\n[00:01.00]A line\n", "lrc", None),
    "chordpro": (b"{title: Song}\n\n[Am]A line\n", "cho", None),
}

UNSOUND = {
    "empty": b"",
    "html": b"<!doctype html><html></html>",
    "one byte": b"\xff",
    "cut wav": SOUND[:-100],
    "cut flac": encoded("FLAC")[:-2000],
    "cut mp3": encoded("MP3")[:-3000],
    "wav's head alone": SOUND[:36],
    "wav without sound": SOUND[:40] + bytes(4),
    "wav without a rate": SOUND[:28] + bytes(4) + SOUND[32:],
    "wav cut in its format": SOUND[:22],
    "noise as mp3": b"ID3" + bytes(3000),
    "cut m4a": (FTYP + movie() + atom(b"mdat", bytes(50)))[:-10],
    "m4a without sound": FTYP + movie(),
    "m4a with rubbish": FTYP + movie() + atom(b"mdat") + b"\0\0",
    "m4a, atom too small": FTYP + struct.pack(">I4s", 4, b"free") + bytes(30),
    "cut zip": archive("drums.wav")[:-30],
    "empty zip": b"PK\3\4" + archive(),
    "zip with a broken song": archive("drums.wav").replace(SOUND[50:60], b"0123456789"),
    "cut chordpro": b"{title: Song}\n\n[Am]A li",
    "cut lrc": b"[ti:Song]\n[00:01.00]A li",
    "cut midi": MIDI[:-2],
    "midi without a track": struct.pack(">4sIHHH", b"MThd", 6, 1, 0, 96),
    "midi's head cut": MIDI[:10],
    "midi with another chunk": MIDI.replace(b"MTrk", b"XXXX"),
}


@pytest.mark.parametrize("name", SOUND_ONES)
def test_a_complete_song_passes(tmp_path: Path, name: str) -> None:
    body, extension, duration = SOUND_ONES[name]
    path = tmp_path / "x.part"
    path.write_bytes(body)
    checked = check(path, stems=True)
    assert checked.extension == extension
    assert containers.seconds_of(path, extension) == checked.duration_s
    assert checked.duration_s == (duration if duration is None else pytest.approx(duration, abs=0.1))


@pytest.mark.parametrize("name", UNSOUND)
def test_an_incomplete_or_invalid_song_fails(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.part"
    path.write_bytes(UNSOUND[name])
    with pytest.raises(InvalidAudio):
        check(path, stems=True)
    with contextlib.suppress(InvalidAudio), pytest.raises(Undecodable):
        containers.seconds_of(path, kind(UNSOUND[name][:16]))


def test_a_decoder_error_ends_in_one_full_stop(tmp_path: Path) -> None:
    file = tmp_path / "song"
    file.write_bytes(b"OggS" + bytes(2000))
    with pytest.raises(InvalidAudio) as raised:
        check(file)
    assert str(raised.value).endswith(".")
    assert not str(raised.value).endswith("..")


def test_an_archive_is_a_song_only_if_stems_were_requested(tmp_path: Path) -> None:
    (tmp_path / "x.part").write_bytes(archive("drums.wav"))
    with pytest.raises(InvalidAudio, match="stems were not requested"):
        check(tmp_path / "x.part")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (archive("drums.wav", method=zipfile.ZIP_BZIP2), "unsupported compression"),
        (archive("drums.wav", method=zipfile.ZIP_LZMA), "unsupported compression"),
        (archive(*map(str, range(65))), "more than 64 files"),
        (archive("drums.wav", method=zipfile.ZIP_DEFLATED).replace(deflated(SOUND)[20:30], bytes(10)), "damaged"),
        (archive("drums.wav", method=zipfile.ZIP_DEFLATED).replace(deflated(SOUND)[:9], b"\7" * 9), "damaged"),
        (archive("drums.wav").replace(b"PK\1\2", bytes(4)), "damaged"),
        (archive("drums.wav")[:-22] + b"PK\6\7" + bytes(16) + archive("drums.wav")[-22:], "more than 64 files"),
        (archive("drums.wav")[:-10] + b"\xff" * 10, "more than 64 files"),
        (b"PK\3\4" + bytes(30), "truncated"),
        (b"RIFF" + bytes(2**20), "truncated"),
        (FTYP + atom(b"free") * 20_000, "truncated"),
    ],
)
def test_a_file_that_is_costly_to_decode_is_rejected_quickly(tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "x.part"
    path.write_bytes(body)
    began = time.monotonic()
    with pytest.raises(Undecodable, match=words):
        containers.seconds_of(path, kind(body[:16]))
    with pytest.raises(InvalidAudio, match=words):
        check(path, stems=True)
    assert time.monotonic() - began < 5


def test_an_archive_that_unpacks_to_too_much_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_UNPACKED", 100)
    (tmp_path / "x.part").write_bytes(archive("drums.wav"))
    with pytest.raises(Undecodable, match="unpacks to more"):
        containers.seconds_of(tmp_path / "x.part", "zip")


@pytest.mark.parametrize(("chunks", "whole"), [(containers.MAX_CHUNKS - 2, True), (containers.MAX_CHUNKS, False)])
def test_the_number_of_chunks_is_limited(tmp_path: Path, chunks: int, whole: bool) -> None:
    (tmp_path / "x.part").write_bytes(SOUND[:12] + struct.pack("<4sI", b"junk", 0) * chunks + SOUND[12:])
    with contextlib.nullcontext() if whole else pytest.raises(Undecodable, match="truncated"):
        containers.seconds_of(tmp_path / "x.part", "wav")


def test_a_symlink_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "song").write_bytes(SOUND)
    (tmp_path / "x.part").symlink_to(tmp_path / "song")
    with pytest.raises(OSError, match="symbolic"):
        check(tmp_path / "x.part")


def test_mp3_is_recognized_without_a_tag() -> None:
    assert kind(b"\xff\xfb\x90\x00") == "mp3"
    with pytest.raises(InvalidAudio):
        kind(b"\xff\x00\x90\x00")
