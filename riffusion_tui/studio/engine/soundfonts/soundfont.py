"""Reads SoundFont 2 files (SF2) and their compressed kind (SF3), a sample at a time, from the disk.

After "SoundFont Technical Specification 2.04" (http://www.synthfont.com/sfspec24.pdf). SF3 is MuseScore's: samples of
type 0x10 are Ogg Vorbis, their `start` and `end` byte offsets (https://github.com/FluidSynth/fluidsynth/wiki/SoundFont3Format).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from riffusion_tui.regular_file import open_regular
from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.engine_errors import DamagedSoundfont, SoundfontError
from riffusion_tui.studio.engine.soundfonts.soundfont_file import (
    MAX_FRAMES,
    RECORDS,
    ROM,
    VORBIS,
    decoded,
    floats,
    read_chunks,
    read_table,
)
from riffusion_tui.studio.engine.soundfonts.soundfont_region import INSTRUMENT, SAMPLE, Region, Zone, covers, region_of

SMALL_BYTES = 10 << 20
"""Size below which a file with all General MIDI instruments can only hold short loops."""


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
            with os.fdopen(open_regular(path), "rb") as file:
                chunks = read_chunks(file, size)
                self._tables = {name: read_table(file, chunks, name, kind) for name, kind in RECORDS.items()}
        except OSError as error:
            raise SoundfontError(f"{path.name} can't be read: {error.strerror or error}.") from error
        self._pool = chunks.get(b"smpl", (0, 0))
        presets = self._tables[b"phdr"][:-1]
        self.presets = {(int(p["bank"]), int(p["preset"])): i for i, p in reversed(list(enumerate(presets)))}
        if not self.presets or not len(self._tables[b"shdr"]):
            raise DamagedSoundfont(f"{path.name} holds no instruments.")

    def has(self, bank: int, program: int) -> bool:
        """Whether there is an instrument at this bank and program (drums: bank 128, the program is the kit)."""
        return (bank, program) in self.presets

    def regions(self, bank: int, program: int, key: int, velocity: int) -> list[Region]:
        """Return the regions that sound for `key` and `velocity` (both 0 to 127)."""
        query = (bank, program, key, velocity)
        if query in self._found:
            return self._found[query]
        found = self._found[query] = []
        for preset in self._zones(b"phdr", b"pbag", b"pgen", self.presets[bank, program], INSTRUMENT):
            if not covers(preset, key, velocity):
                continue
            for zone in self._zones(b"inst", b"ibag", b"igen", preset[INSTRUMENT] & 0xFFFF, SAMPLE):
                if covers(zone, key, velocity):
                    header = self._header(zone)
                    found += [] if header is None else [region_of(preset, zone, header, key)]
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
            width = 1 if header["type"] & VORBIS else 2
            offset, length = self._pool
            if not 0 <= start < end or end * width > length or end - start > MAX_FRAMES:
                raise DamagedSoundfont(f"{self.name}: a sample points outside the file. Choose another soundfont.")
            data = self._bytes(offset + start * width, (end - start) * width)
            kept = self._cache.put(index, decoded(data, self.name) if width == 1 else floats(data))
        return kept, rate

    def _bytes(self, offset: int, size: int) -> bytes:
        try:
            with os.fdopen(open_regular(self.path), "rb") as file:
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

    def _header(self, zone: Zone) -> Any:
        """Return the header of a zone's sample; None if the file does not hold it."""
        index = zone[SAMPLE] & 0xFFFF
        if index >= len(self._tables[b"shdr"]) - 1:
            return None
        header = self._tables[b"shdr"][index]
        return None if header["type"] & ROM else header
