"""Reads a TensorFlow 1 checkpoint (`.index` and `.data-00000-of-00001`) with numpy alone.

The index is a LevelDB table of protocol buffers: https://github.com/google/leveldb/blob/main/doc/table_format.md
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

_TYPES: dict[int, type] = {1: np.float32, 2: np.float64, 3: np.int32, 9: np.int64}


def read_checkpoint(folder: Path) -> dict[str, Any]:
    """Return the variables of the checkpoint in `folder`, by name."""
    index = (folder / ".index").read_bytes()
    raw = (folder / ".data-00000-of-00001").read_bytes()
    footer = index[-48:]
    at = 0
    for _ in range(2):
        _, at = _varint(footer, at)
    offset, at = _varint(footer, at)
    size, _ = _varint(footer, at)
    found: dict[str, Any] = {}
    for _, handle in _entries(index, offset, size):
        start, at = _varint(handle, 0)
        length, _ = _varint(handle, at)
        for key, value in _entries(index, start, length):
            if key:
                _add(found, key.decode(), dict(_fields(value)), raw)
    return found


def _add(found: dict[str, Any], name: str, entry: dict[int, Any], raw: bytes) -> None:
    kind = _TYPES.get(entry.get(1, 0))
    if kind is not None:
        shape = [dict(_fields(size)).get(1, 0) for number, size in _fields(entry.get(2, b"")) if number == 2]
        start = entry.get(4, 0)
        found[name] = np.frombuffer(raw[start : start + entry.get(5, 0)], kind).reshape(shape)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _entries(data: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield the keys and values of one block; each key shares a prefix with the previous one."""
    body = data[offset : offset + size]
    end = len(body) - 4 - 4 * struct.unpack("<I", body[-4:])[0]
    at, key = 0, b""
    while at < end:
        shared, at = _varint(body, at)
        fresh, at = _varint(body, at)
        length, at = _varint(body, at)
        key = key[:shared] + body[at : at + fresh]
        at += fresh
        yield key, body[at : at + length]
        at += length


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        value: Any
        if tag & 7 == 0:
            value, at = _varint(data, at)
        else:
            size, at = _varint(data, at) if tag & 7 == 2 else ({5: 4}.get(tag & 7, 8), at)
            value, at = data[at : at + size], at + size
        yield tag >> 3, value
