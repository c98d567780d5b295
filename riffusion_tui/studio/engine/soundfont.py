"""Reads SoundFont 2 files (SF2) and their compressed kind (SF3), a sample at a time, from the disk.

After "SoundFont Technical Specification 2.04" (http://www.synthfont.com/sfspec24.pdf). SF3 is MuseScore's: samples of
type 0x10 are Ogg Vorbis, their `start` and `end` byte offsets (https://github.com/FluidSynth/fluidsynth/wiki/SoundFont3Format).

    SoundfontError          the file can't be used
        NotASoundfont       it is another kind of file
        DamagedSoundfont    it is truncated or inconsistent
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.song_request import EngineError


class SoundfontError(EngineError):
    """The soundfont can't be used: choose another one or remove the setting."""


class NotASoundfont(SoundfontError):
    """The file is not a soundfont."""


class DamagedSoundfont(SoundfontError):
    """The file is truncated or inconsistent."""


_RECORDS = {
    b"phdr": np.dtype([("name", "S20"), ("preset", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("pad", "<u4", 3)]),
    b"pbag": np.dtype([("gen", "<u2"), ("mod", "<u2")]),
    b"pgen": np.dtype([("oper", "<u2"), ("amount", "<i2")]),
    b"inst": np.dtype([("name", "S20"), ("bag", "<u2")]),
    b"ibag": np.dtype([("gen", "<u2"), ("mod", "<u2")]),
    b"igen": np.dtype([("oper", "<u2"), ("amount", "<i2")]),
    b"shdr": np.dtype(
        [("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop_start", "<u4"), ("loop_end", "<u4"),
         ("rate", "<u4"), ("pitch", "u1"), ("correction", "i1"), ("link", "<u2"), ("type", "<u2")]
    ),
}  # fmt: skip
_ROM, _VORBIS = 0x8000, 0x10
SMALL_BYTES = 10 << 20
"""Size below which a file with all General MIDI instruments can only hold short loops."""
_MAX_FRAMES = 20_000_000
"""Frames per sample, at most; the longest of a large piano is a tenth of that."""

# Generators (section 8.1.2 of the specification).
_START, _END, _LOOP_START, _LOOP_END, _START_COARSE = 0, 1, 2, 3, 4
_CUTOFF, _PAN, _DELAY, _ATTACK, _HOLD, _DECAY, _SUSTAIN, _RELEASE = 8, 17, 33, 34, 35, 36, 37, 38
_OPENS, _OPEN_ATTACK, _OPEN_HOLD, _OPEN_DECAY, _OPEN_SUSTAIN = 11, 26, 27, 28, 29
_INSTRUMENT, _KEYS, _VELOCITIES, _LOOP_START_COARSE, _KEY, _ATTENUATION = 41, 43, 44, 45, 46, 48
_LOOP_END_COARSE, _COARSE, _FINE, _SAMPLE, _MODES, _SCALE, _ROOT = 50, 51, 52, 53, 54, 56, 58
_DEFAULTS = {_CUTOFF: 13500, _DELAY: -12000, _ATTACK: -12000, _HOLD: -12000, _DECAY: -12000, _RELEASE: -12000,
             _OPEN_ATTACK: -12000, _OPEN_HOLD: -12000, _OPEN_DECAY: -12000,
             _SCALE: 100, _KEY: -1, _ROOT: -1}  # fmt: skip
# Only an instrument's zone may change these, not a preset's (section 8.5).
_INSTRUMENT_ONLY = frozenset({_START, _END, _LOOP_START, _LOOP_END, _START_COARSE, _LOOP_START_COARSE,
                              _LOOP_END_COARSE, _KEY, _MODES, _ROOT, _SAMPLE, _KEYS, _VELOCITIES,
                              _INSTRUMENT})  # fmt: skip

Zone = dict[int, int]


@dataclass(frozen=True, slots=True)
class FilterEnvelope:
    """A low-pass filter that opens and closes during a note. Times in seconds."""

    closed: float
    """Its corner in hertz before and after."""
    octaves: float
    """How far it opens; below 0, it closes."""
    attack: float
    hold: float
    decay: float
    """Until it would be closed again."""
    sustain: float
    """The share of `octaves` at which it stays."""


@dataclass(frozen=True, slots=True)
class Region:
    """One sample as played at a key and velocity. Times in seconds, levels in dB."""

    sample: int
    semitones: float
    """From the sample's own pitch to the key's."""
    gain_db: float
    pan: float
    """-1 left, 1 right."""
    attack: float
    hold: float
    decay: float
    sustain_db: float
    """Sustain level, 0 or below; `decay` is the time of a fall by 100 dB."""
    release: float
    filter: FilterEnvelope
    loops: bool
    loop_start: int
    """Frames from the sample's first."""
    loop_end: int
    skip: int
    """Frames skipped at the start of the sample."""


class SoundFont:
    """A soundfont whose tables are in memory; the file is only open while it is read."""

    def __init__(self, path: Path, cache_bytes: int = 24 << 20) -> None:
        """Read the tables of `path`; samples are read when they are played.

        Raises:
            NotASoundfont: it is another kind of file.
            DamagedSoundfont: tables are missing, truncated, or point outside the file.
            SoundfontError: it can't be read.
        """
        self.path = path
        self.name = path.name
        self._cache = SignalCache(cache_bytes)
        self._found: dict[tuple[int, int, int, int], list[Region]] = {}
        self._read: dict[tuple[bytes, int], list[Zone]] = {}
        try:
            size = path.stat().st_size
            self.small = size < SMALL_BYTES
            """Whether its samples are few and short."""
            with path.open("rb") as file:
                chunks = _chunks(file, size)
                self._tables = {name: _table(file, chunks, name, kind) for name, kind in _RECORDS.items()}
        except OSError as error:
            raise SoundfontError(f"{path.name} can't be read: {error.strerror or error}.") from error
        self._pool = chunks.get(b"smpl", (0, 0))
        presets = self._tables[b"phdr"][:-1]
        self.presets = {(int(p["bank"]), int(p["preset"])): i for i, p in reversed(list(enumerate(presets)))}
        if not self.presets or not len(self._tables[b"shdr"]):
            raise DamagedSoundfont(f"{path.name} holds no instruments.")

    def has(self, bank: int, program: int) -> bool:
        """Return whether there is an instrument at this bank and program (drums: bank 128, the program is the kit)."""
        return (bank, program) in self.presets

    def regions(self, bank: int, program: int, key: int, velocity: int) -> list[Region]:
        """Return the regions that sound for `key` and `velocity` (both 0 to 127)."""
        query = (bank, program, key, velocity)
        if query in self._found:
            return self._found[query]
        found = self._found[query] = []
        for preset in self._zones(b"phdr", b"pbag", b"pgen", self.presets[bank, program], _INSTRUMENT):
            if not _covers(preset, key, velocity):
                continue
            for zone in self._zones(b"inst", b"ibag", b"igen", preset[_INSTRUMENT] & 0xFFFF, _SAMPLE):
                if _covers(zone, key, velocity):
                    region = self._region(preset, zone, key)
                    if region is not None:
                        found.append(region)
        return found

    def sample(self, index: int) -> tuple[Signal, int]:
        """Return a sample as mono floats, -1 to 1, and its rate.

        Raises:
            DamagedSoundfont: it points outside the file or can't be decoded.
        """
        header = self._tables[b"shdr"][index]
        rate = int(np.clip(header["rate"], 4000, 192_000))
        kept = self._cache.get(index)
        if kept is None:
            start, end = int(header["start"]), int(header["end"])
            width = 1 if header["type"] & _VORBIS else 2
            offset, length = self._pool
            if not 0 <= start < end or end * width > length or end - start > _MAX_FRAMES:
                raise DamagedSoundfont(f"{self.name}: a sample points outside the file. Choose another soundfont.")
            data = self._bytes(offset + start * width, (end - start) * width)
            kept = self._cache.put(index, _decoded(data, self.name) if width == 1 else _floats(data))
        return kept, rate

    def _bytes(self, offset: int, size: int) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(offset)
                return file.read(size)
        except OSError as error:
            raise SoundfontError(
                f"{self.name} can't be read: {error.strerror or error}. Choose another soundfont."
            ) from error

    def _zones(self, heads: bytes, bags: bytes, gens: bytes, index: int, last: int) -> list[Zone]:
        """Return a preset's or instrument's zones, with the global zone merged into each."""
        if (heads, index) in self._read:
            return self._read[heads, index]
        head, bag, gen = self._tables[heads], self._tables[bags], self._tables[gens]
        if index + 1 >= len(head):
            return []
        zones = self._read[heads, index] = []
        common: Zone = {}
        first, end = int(head[index]["bag"]), int(head[index + 1]["bag"])
        for i in range(first, min(end, len(bag) - 1)):
            rows = gen[int(bag[i]["gen"]) : int(bag[i + 1]["gen"])]
            zone = {int(row["oper"]): int(row["amount"]) for row in rows}
            if last in zone:
                zones.append(common | zone)
            elif i == first:
                common = zone
        return zones

    def _region(self, preset: Zone, zone: Zone, key: int) -> Region | None:
        index = zone[_SAMPLE] & 0xFFFF
        if index >= len(self._tables[b"shdr"]) - 1:
            return None
        header = self._tables[b"shdr"][index]
        if header["type"] & _ROM:
            return None

        def value(generator: int) -> int:
            base = zone.get(generator, _DEFAULTS.get(generator, 0))
            return base if generator in _INSTRUMENT_ONLY else base + preset.get(generator, 0)

        root = value(_ROOT) if 0 <= value(_ROOT) <= 127 else min(int(header["pitch"]), 127)
        played = value(_KEY) if 0 <= value(_KEY) <= 127 else key
        cents = (played - root) * value(_SCALE) + 100 * value(_COARSE) + value(_FINE) + int(header["correction"])
        compressed = bool(header["type"] & _VORBIS)
        base = 0 if compressed else int(header["start"])
        return Region(
            sample=index,
            semitones=float(np.clip(cents / 100, -60, 60)),
            # Attenuation is scaled by 0.4, as in all players since the EMU8000.
            gain_db=-0.04 * float(np.clip(value(_ATTENUATION), 0, 1440)),
            pan=float(np.clip(value(_PAN) / 500, -1, 1)),
            attack=_seconds(value(_ATTACK)),
            hold=_seconds(value(_HOLD)),
            decay=_seconds(value(_DECAY)),
            sustain_db=-0.1 * float(np.clip(value(_SUSTAIN), 0, 1440)),
            release=_seconds(value(_RELEASE)),
            filter=FilterEnvelope(
                closed=float(8.176 * 2 ** (np.clip(value(_CUTOFF), 1500, 13500) / 1200)),
                octaves=float(np.clip(value(_OPENS), -12000, 12000) / 1200),
                attack=_seconds(value(_OPEN_ATTACK)),
                hold=_seconds(value(_OPEN_HOLD)),
                decay=_seconds(value(_OPEN_DECAY)),
                sustain=1 - float(np.clip(value(_OPEN_SUSTAIN), 0, 1000)) / 1000,
            ),
            loops=value(_MODES) & 3 in (1, 3),
            loop_start=int(header["loop_start"]) - base + value(_LOOP_START) + 32768 * value(_LOOP_START_COARSE),
            loop_end=int(header["loop_end"]) - base + value(_LOOP_END) + 32768 * value(_LOOP_END_COARSE),
            skip=max(0, value(_START) + 32768 * value(_START_COARSE)),
        )


def _covers(zone: Zone, key: int, velocity: int) -> bool:
    for generator, at in ((_KEYS, key), (_VELOCITIES, velocity)):
        if generator in zone:
            pair = zone[generator] & 0xFFFF
            if not pair & 0xFF <= at <= pair >> 8:
                return False
    return True


def _seconds(timecents: int) -> float:
    return 0.0 if timecents <= -12000 else float(2 ** (min(timecents, 8000) / 1200))


def _floats(data: bytes) -> Signal:
    return np.frombuffer(data, dtype="<i2").astype(np.float32) * np.float32(1 / 32768)


def _decoded(data: bytes, name: str) -> Signal:
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            out: Signal = file.read(_MAX_FRAMES, dtype="float32", always_2d=True)[:, 0]
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise DamagedSoundfont(f"{name}: a compressed sample can't be decoded. Choose another soundfont.") from error
    return np.ascontiguousarray(out)


def _table(file: Any, chunks: dict[bytes, tuple[int, int]], name: bytes, kind: np.dtype[Any]) -> NDArray[Any]:
    if name not in chunks:
        raise DamagedSoundfont(f"The soundfont lacks its table {name.decode()}.")
    offset, size = chunks[name]
    file.seek(offset)
    data = file.read(size - size % kind.itemsize)
    if len(data) < kind.itemsize or len(data) % kind.itemsize:
        raise DamagedSoundfont(f"The soundfont's table {name.decode()} is cut short.")
    return np.frombuffer(data, dtype=kind)


def _chunks(file: Any, size: int) -> dict[bytes, tuple[int, int]]:
    """Return (offset, size) of every chunk by name, including those inside lists."""
    head = file.read(12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:12] != b"sfbk":
        raise NotASoundfont("This is not a soundfont (SF2 or SF3).")
    found: dict[bytes, tuple[int, int]] = {}
    at = 12
    while at + 8 <= size and len(found) < 64:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"LIST":
            at += 12
            continue
        if not _is_name(name):
            raise DamagedSoundfont("The soundfont's chunks can't be followed.")
        length = min(length, size - at - 8)
        found.setdefault(name, (at + 8, length))
        at = _following(file, at + 8 + length, length)
    return found


def _following(file: Any, end: int, length: int) -> int:
    """Return where the next chunk begins: some files omit the pad byte after a chunk of odd length."""
    if length % 2 == 0:
        return end
    file.seek(end)
    return end if _is_name(file.read(4)) else end + 1


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and all(48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122 or c == 32 for c in name)
