"""Small handwritten scores and a small soundfont, with known content."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.score import LyricLine, Note, Score, Section, Track
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.synth.voice import Voice

RATE = 44_100


def plan(**changes: Any) -> Plan:
    values: dict[str, Any] = {
        "prompt": "a small song", "seed": 1, "genre": "pop", "blend": None, "bpm": 120.0, "key": "A", "mode": "minor",
        "meter": (4, 4), "swing": 0.0, "moods": (), "scenes": (), "era": None, "instruments": (), "avoided": (),
        "vocals": "none", "production": (), "energy": 0.5, "density": 0.5, "brightness": 0.5, "structure": (),
        "length_s": 16.0, "language": "en", "understood": (), "ignored": (), "chosen": (),
    }  # fmt: skip
    return Plan(**(values | changes))


def song(tracks: tuple[Track, ...] | None = None, beats: float = 32.0, **changes: Any) -> Score:
    """A quiet first half and a loud second half, at two beats a second."""
    half = beats / 2
    bars = int(half / 4)
    return Score(
        plan=plan(**changes),
        title="Small Song",
        sections=(Section("Verse", "verse", 0.0, bars, 0.4), Section("Chorus", "chorus", half, bars, 0.9)),
        chords=(),
        tracks=tracks if tracks is not None else band(beats),
        lyrics="[Verse]\nOne small line",
        lyric_lines=(LyricLine(0.0, 4.0, "One small line"),),
        beats=beats,
    )


def played(voice: Voice, pitch: int, velocity: float, held: int) -> Signal:
    """Return a rendered note with its gain and pan applied."""
    note = voice.note(pitch, velocity, held)
    sound = note.body
    if note.tail is not None and note.release is not None:
        sound = np.concatenate([sound, note.tail * note.release[: note.tail.shape[-1]]], axis=-1)
    sides = 1.0 if note.sides is None else np.array(note.sides)[:, None]
    return np.asarray(sound * (note.gain * sides), dtype=np.float32)


def band(beats: float = 32.0) -> tuple[Track, ...]:
    """Drums, bass, chords, pad and lead; the second half is played harder."""

    def hard(beat: float) -> float:
        return 0.5 if beat < beats / 2 else 0.9

    def every(step: float, offset: float = 0.0) -> list[float]:
        return [offset + step * i for i in range(int(beats / step))]

    kicks = [Note(b, 0.25, 36, hard(b)) for b in every(2.0)]
    snares = [Note(b, 0.25, 38, hard(b)) for b in every(2.0, 1.0)]
    hats = [Note(b, 0.2, 42, 0.6 * hard(b)) for b in every(0.5)]
    bass = [Note(b, 0.9, 33, hard(b)) for b in every(1.0)]
    chords = [Note(b, 3.8, p, hard(b)) for b in every(4.0) for p in (57, 60, 64)]
    lead = [Note(b, 0.9, 69 + int(b) % 5, hard(b)) for b in every(1.0)]
    return (
        Track("Drums", "drums", "drums", 0, tuple(kicks + snares + hats)),
        Track("Bass", "bass", "bass", 33, tuple(bass)),
        Track("Piano", "chords", "piano", 0, tuple(chords), pan=-0.2),
        Track("Pad", "pad", "synth pad", 89, tuple(chords)),
        Track("Lead", "lead", "synth lead", 81, tuple(lead), pan=0.2),
    )


def _chunk(name: bytes, data: bytes, pad: bool = True) -> bytes:
    return name + struct.pack("<I", len(data)) + data + (b"\0" if pad and len(data) % 2 else b"")


def _list(kind: bytes, *chunks: bytes) -> bytes:
    return _chunk(b"LIST", kind + b"".join(chunks))


def write_soundfont(
    path: Path,
    *,
    compressed: bool = False,
    odd_chunk: bool = False,
    padding: int = 0,
    generators: tuple[tuple[int, int], ...] = (),
) -> Path:
    """A soundfont of one instrument: a looped sine at A4 (key 69), as preset 0:0, 0:40 and 128:0.

    `compressed` stores it as Ogg Vorbis (SF3); `odd_chunk` puts a chunk of odd length, without its pad byte, before
    the tables, as FluidR3Mono_GM.sf3 does. `padding` bytes follow the sample. `generators` are added to the instrument.
    """
    wave = (0.5 * np.sin(2 * np.pi * 441.0 * np.arange(RATE) / RATE)).astype(np.float32)
    pool = _vorbis(wave) if compressed else (wave * 32767).astype("<i2").tobytes() + bytes(92)
    end = len(pool) if compressed else RATE
    pool += bytes(padding)
    info = _list(b"INFO", _chunk(b"ifil", struct.pack("<HH", 2, 1)), _chunk(b"INAM", b"Small\0"))
    odd = _chunk(b"odd ", b"abc", pad=False) if odd_chunk else b""
    body = info + _list(b"sdta", _chunk(b"smpl", pool)) + odd + _tables(end, 0x11 if compressed else 1, generators)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body) + 4) + b"sfbk" + body)
    return path


def _tables(end: int, kind: int, more: tuple[tuple[int, int], ...]) -> bytes:
    rows = ((54, 1), (37, 0), (38, 0), *more, (53, 0))
    generators = b"".join(struct.pack("<Hh", *g) for g in rows)
    named = ((b"Sine", 0, 0), (b"Violin", 40, 0), (b"Kit", 0, 128), (b"EOP", 0, 0))
    presets = b"".join(
        name.ljust(20, b"\0") + struct.pack("<HHHIII", program, bank, i, 0, 0, 0)
        for i, (name, program, bank) in enumerate(named)
    )
    sample = b"Sine".ljust(20, b"\0") + struct.pack("<IIIIIBbHH", 0, end, 4400, 39_700, RATE, 69, 0, 0, kind)
    ends = b"EOI".ljust(20, b"\0") + struct.pack("<H", 1)
    return _list(
        b"pdta",
        _chunk(b"phdr", presets),
        _chunk(b"pbag", b"".join(struct.pack("<HH", i, 0) for i in range(4))),
        _chunk(b"pmod", bytes(10)),
        _chunk(b"pgen", struct.pack("<Hh", 41, 0) * 3 + bytes(4)),
        _chunk(b"inst", b"Sine".ljust(20, b"\0") + struct.pack("<H", 0) + ends),
        _chunk(b"ibag", struct.pack("<HHHH", 0, 0, len(rows), 0)),
        _chunk(b"imod", bytes(10)),
        _chunk(b"igen", generators + bytes(4)),
        _chunk(b"shdr", sample + bytes(46)),
    )


def _vorbis(wave: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bytes:
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, wave, RATE, format="OGG", subtype="VORBIS")
    data = file.getvalue()
    return data + b"\0" * (len(data) % 2)
