"""The file of a soundfont: its chunks, its tables, and decoding its samples."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.engine_errors import DamagedSoundfont, NotASoundfont

RECORDS = {
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
ROM, VORBIS = 0x8000, 0x10
MAX_FRAMES = 20_000_000
"""Frames per sample, at most; the longest of a large piano is a tenth of that."""


def floats(data: bytes) -> Signal:
    """Return the samples of 16 bits in `data`, -1 to 1."""
    return np.frombuffer(data, dtype="<i2").astype(np.float32) * np.float32(1 / 32768)


def decoded(data: bytes, name: str) -> Signal:
    """Return the samples of an Ogg Vorbis file, -1 to 1; `name` is the soundfont's, for messages.

    Raises:
        DamagedSoundfont: it can't be decoded.
    """
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            out: Signal = file.read(MAX_FRAMES, dtype="float32", always_2d=True)[:, 0]
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise DamagedSoundfont(f"{name}: a compressed sample can't be decoded. Choose another soundfont.") from error
    return np.ascontiguousarray(out)


def read_table(file: Any, chunks: dict[bytes, tuple[int, int]], name: bytes, kind: np.dtype[Any]) -> NDArray[Any]:
    """Return a table of records.

    Raises:
        DamagedSoundfont: it is missing or cut short.
    """
    if name not in chunks:
        raise DamagedSoundfont(f"The soundfont lacks its table {name.decode()}.")
    offset, size = chunks[name]
    file.seek(offset)
    data = file.read(size - size % kind.itemsize)
    if len(data) < kind.itemsize or len(data) % kind.itemsize:
        raise DamagedSoundfont(f"The soundfont's table {name.decode()} is cut short.")
    return np.frombuffer(data, dtype=kind)


def read_chunks(file: Any, size: int) -> dict[bytes, tuple[int, int]]:
    """Return (offset, size) of every chunk by name, including those inside lists.

    Raises:
        NotASoundfont: it is another kind of file.
        DamagedSoundfont: the chunks can't be followed.
    """
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
            raise DamagedSoundfont("The soundfont's structure is damaged.")
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
