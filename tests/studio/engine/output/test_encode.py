from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from riffusion_tui.studio.engine.engine_errors import EncodeError
from riffusion_tui.studio.engine.output.cover import SIZE, png, write_cover
from riffusion_tui.studio.engine.output.encode import ARTIST, tags_of, write_audio
from riffusion_tui.studio.engine.output.mp3 import id3, pcm16, summary_frame
from riffusion_tui.studio.engine.output.stems import stem_names
from riffusion_tui.studio.engine.score import Track
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import ENGINE_VERSION
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED
from tests.studio.engine import handmade

RATE = 44_100


def tone(seconds: float) -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    t = np.arange(int(seconds * RATE)) / RATE
    both = np.stack([np.sin(2 * np.pi * 440 * t), np.sin(2 * np.pi * 660 * t)]).astype(np.float32) * np.float32(0.5)
    for start in range(0, both.shape[1], 65_536):
        yield both[:, start : start + 65_536]


@pytest.mark.parametrize("format", ["mp3", "wav", "flac", "ogg"])
def test_an_encoded_file_has_the_sound_its_length_and_tags(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"song.{format}"
    score = handmade.song(prompt="drum ’n’ bass, für Elise 雨", seed=7)
    write_audio(path, format, tone(3.0), tags_of(score))
    sound, rate = soundfile.read(str(path))
    assert rate == RATE
    assert len(sound) / RATE == pytest.approx(3.0, abs=0.1)
    middle = sound[RATE : 2 * RATE]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / 2**0.5, rel=0.05)
    with soundfile.SoundFile(str(path)) as file:
        assert file.title == "Small Song"
        assert file.artist == ARTIST
        comment = json.loads(file.comment)
    assert comment["prompt"] == "drum ’n’ bass, für Elise 雨"
    assert comment["seed"] == 7
    assert comment["engine_version"] == ENGINE_VERSION
    assert comment["plan"]["genre"] == "pop"


def test_an_mp3_header_has_its_length_and_seek_table(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    rng = np.random.default_rng(3)
    # A quiet half takes fewer bits, so half of the time isn't half of the bytes.
    write_audio(path, "mp3", (np.float32(0.001 + 0.2 * (i > 8)) * rng.standard_normal((2, RATE // 2)).astype(np.float32)
                              for i in range(16)), {"title": "Loud end"})  # fmt: skip
    data = path.read_bytes()
    sound = data[10 + sum(b << s for b, s in zip(data[6:10], (21, 14, 7, 0), strict=True)) :]
    name, flags, frames, size = struct.unpack(">4sIII", sound[36:52])
    assert (name, flags, size) == (b"Xing", 7, len(sound))
    assert frames * 1152 / RATE == pytest.approx(8.0, abs=0.08)
    seeks = list(sound[52:152])
    assert seeks == sorted(seeks)
    assert seeks[50] < 0.45 * 256
    assert sound.count(b"\xff\xfb\x90\x00", 0, 4) == 1
    assert summary_frame(sound) == sound[:417]
    with soundfile.SoundFile(str(path)) as file:
        assert len(file) / RATE == pytest.approx(8.0, abs=0.08)
        file.seek(6 * RATE)
        assert np.std(file.read(RATE)) == pytest.approx(0.2, rel=0.1)


def test_six_minutes_of_ogg_do_not_crash_the_process(tmp_path: Path) -> None:
    program = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from riffusion_tui.studio.engine.output.encode import write_audio\n"
        "block = np.random.default_rng(1).standard_normal((2, 44100 * 60)).astype(np.float32) * 0.1\n"
        "write_audio(Path(sys.argv[1]), 'ogg', (block for _ in range(2)), {'title': 'long'})\n"
    )
    path = tmp_path / "long.ogg"
    subprocess.run([sys.executable, "-c", program, str(path)], check=True, timeout=120)
    assert soundfile.info(str(path)).duration == pytest.approx(120.0, abs=0.1)


@pytest.mark.parametrize("format", ["mp3", "wav", "flac", "ogg"])
def test_a_missing_folder_is_reported(tmp_path: Path, format: str) -> None:
    with pytest.raises(EncodeError, match="could not be written"):
        write_audio(tmp_path / "none" / f"song.{format}", format, tone(0.1), {})


def test_an_id3_tag_follows_its_specification() -> None:
    tag = id3({"title": "é" * 100, "lyrics": "la\nla", "software": ""})
    assert tag[:6] == b"ID3\x04\x00\x00"
    assert sum(b << s for b, s in zip(tag[6:10], (21, 14, 7, 0), strict=True)) == len(tag) - 10
    assert tag[10:14] == b"TIT2"
    assert sum(b << s for b, s in zip(tag[14:18], (21, 14, 7, 0), strict=True)) == 201
    assert b"USLT" in tag
    assert b"TSSE" not in tag


def test_samples_are_clipped() -> None:
    assert pcm16(np.array([[2.0, -2.0], [0.0, 1.0]], dtype=np.float32)).tolist() == [[32767, 0], [-32767, 32767]]


def test_stems_add_up_to_the_mix(tmp_path: Path) -> None:
    score = handmade.song(genre="trance")
    engine = SketchEngine(SYNTHESIZED)
    engine.render(score, tmp_path / "mix.wav", "wav", lambda share, what: None, lambda: False)
    engine.render(score, tmp_path / "stems.zip", "stems", lambda share, what: None, lambda: False)
    mix, _ = soundfile.read(str(tmp_path / "mix.wav"))
    with zipfile.ZipFile(tmp_path / "stems.zip") as archive:
        assert archive.namelist() == ["01 Drums.wav", "02 Bass.wav", "03 Piano.wav", "04 Pad.wav", "05 Lead.wav"]
        stems = [soundfile.read(io.BytesIO(archive.read(name)))[0] for name in archive.namelist()]
    assert all(stem.shape == mix.shape for stem in stems)
    assert all(np.sqrt(np.mean(stem**2)) > 1e-3 for stem in stems)
    rest = mix - np.sum(stems, axis=0)
    assert 10 * np.log10(np.mean(rest**2) / np.mean(mix**2)) < -60


def test_stem_names_are_safe_and_unique() -> None:
    tracks = [Track(name, "lead", "piano", 0, ()) for name in ("Lead", "Lead", "../e\x00v/il", "", "雨")]
    assert stem_names(tracks) == ["01 Lead", "02 Lead", "03 e v il", "04 lead", "05"]


def test_each_song_has_its_own_cover(tmp_path: Path) -> None:
    wave = tuple(float(abs(np.sin(i / 9))) for i in range(200))
    variants: dict[str, dict[str, Any]] = {"a": {}, "b": {"key": "E", "seed": 2}, "c": {}}
    for name, changes in variants.items():
        write_cover(tmp_path / f"{name}.png", handmade.song(**changes), wave)
    first, second, again = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(first[16:20], "big") == SIZE
    assert first == again
    assert first != second
    with pytest.raises(EncodeError):
        write_cover(tmp_path / "none" / "x.png", handmade.song(), wave)


def test_a_png_round_trips_its_pixels() -> None:
    import zlib

    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    data = png(pixels)
    size = int.from_bytes(data[33:37], "big")
    rows = zlib.decompress(data[41 : 41 + size])
    assert rows == b"\0" + pixels[0].tobytes() + b"\0" + pixels[1].tobytes()
