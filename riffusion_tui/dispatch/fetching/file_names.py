"""Readable file names for songs, valid on every file system. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_BYTES = 120
"""Longest name in bytes, with extension and number; some file systems allow only 143."""
_NOT_IN_NAMES = re.compile(r"[^\w.,'()&+ -]+")
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})
_MARKS = frozenset({"Mn", "Cf"})


def stem(title: str, prompt: str, job_id: int) -> str:
    """Return a file name without extension, from the title, else the prompt, else the job's number."""
    for text in (title, prompt):
        name = _safe(text)
        if name:
            return name
    return f"song {job_id}"


def _safe(text: str) -> str:
    plain = "".join(mark for mark in unicodedata.normalize("NFC", text) if unicodedata.category(mark) not in _MARKS)
    name = " ".join(_NOT_IN_NAMES.sub(" ", plain.replace("_", " ")).split())
    name = cut(name, MAX_BYTES - 20).strip(" .-'")
    return f"{name} song" if name.partition(".")[0].strip().lower() in _DEVICES else name


def cut(name: str, size: int) -> str:
    """Shorten to `size` bytes, at a word boundary if there is one in the last third."""
    if len(name.encode()) <= size:
        return name
    short = name.encode()[:size].decode(errors="ignore")
    word, space, _ = short.rpartition(" ")
    return word if space and len(word) > len(short) * 2 // 3 else short


def candidates(base: str, extension: str) -> Iterator[str]:
    """Yield `base.extension`, then `base 2.extension`, and so on without end."""
    yield f"{base}.{extension}"
    number = 2
    while True:
        yield f"{base} {number}.{extension}"
        number += 1
