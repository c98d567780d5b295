"""Tags in the files of ACE-Step's songs, read back with another library."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import soundfile

from riffusion_tui.services.acestep.tags import tags_of, write_tags
from riffusion_tui.services.base import RemoteSong
from tests.services.ace import one, song_of
from tests.sounds import flac, m4a, mp3, sound

SONG = RemoteSong(
    "1@box",
    "box",
    finished=True,
    failed=False,
    prompt="calm piano\nfür Elise",
    lyrics="[Verse]\nla la",
    plan={"seed": 7, "bpm": 90.0, "model": "turbo", "genre": "piano"},
)


@pytest.mark.parametrize("format", ["flac", "wav", "mp3"])
async def test_a_downloaded_song_is_tagged_with_its_prompt_and_seed(tmp_path: Path, format: str) -> None:
    async with one() as (service, _):
        song = await song_of(service, "calm piano", seed=7, lyrics="[Verse]\nla", extra=(("format", format),))
        file = tmp_path / "part"
        for _ in range(2):
            await service.download(song, file, lambda done, total: None)
        assert [one.name for one in tmp_path.iterdir()] == ["part"]
    before = {"flac": flac, "wav": sound, "mp3": mp3}[format]()
    assert _samples(file.read_bytes()) == _samples(before)
    if format == "mp3":
        head = file.read_bytes()[:500]
        assert head.startswith(b"ID3\x04")
        assert b"COMM" in head
        assert b'"seed": 7' in head
        assert b"USLT" in head
        return
    tags = soundfile.SoundFile(file).copy_metadata()
    assert tags["title"] == "calm piano"
    assert json.loads(tags["comment"]) == {"prompt": "calm piano", "seed": 7, "model": "acestep-v15-turbo"}


def unpadded() -> bytes:
    """Return a WAV with an odd number of bytes, whose last chunk lacks its padding."""
    sound = io.BytesIO()
    soundfile.write(sound, [0.5, -0.5, 0.25], 8_000, format="WAV", subtype="PCM_U8")
    return sound.getvalue()[: 44 + 3]


@pytest.mark.parametrize("body", [flac(), mp3(), sound(), sound() + b"LISTx", unpadded()])
def test_writing_tags_again_replaces_them(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "song"
    file.write_bytes(body)
    tags = tags_of(SONG)
    write_tags(file, tags)
    once = file.read_bytes()
    write_tags(file, tags)
    assert file.read_bytes() == once
    assert "für Elise".encode() in once
    assert _samples(once) == _samples(body)


@pytest.mark.parametrize(
    "body",
    [
        m4a(),
        b"",
        b"fLaC",
        b"fLaC\x84\x00\x00\x04abcd",
        b"fLaC\x00\xff\xff\xffabcd",
        b"\xff\xfb",
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f",
    ],
)
def test_other_files_are_unchanged(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "song"
    file.write_bytes(body)
    write_tags(file, tags_of(SONG))
    assert file.read_bytes() == body
    assert [one.name for one in tmp_path.iterdir()] == ["song"]


def test_unknown_values_are_not_tagged() -> None:
    plain = tags_of(RemoteSong("1@box", "box", finished=True, failed=False))
    assert plain == {"software": "ACE-Step", "comment": '{"prompt": ""}'}


def _samples(body: bytes) -> list[float]:
    samples, _ = soundfile.read(io.BytesIO(body))
    return [float(one) for one in samples[:2000:100]]
