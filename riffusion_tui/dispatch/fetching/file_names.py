"""Readable file names for songs, valid on every file system. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_BYTES = 120
"""Longest name in bytes, with extension and number; some file systems allow only 143."""
_EDIT_BYTES = 35
"""Longest name of an edit in bytes."""
_NOT_IN_NAMES = re.compile(r"[^\w.,'()&+ -]+")
_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})
_MARKS = frozenset({"Mn", "Cf"})


def stem(title: str, prompt: str, job_id: int, edit: str = "") -> str:
    """Return a file name without extension, from the title, else the prompt, else the job's number.

    That of an edited song ends in the edit: `Title (mute Flute)`.
    """
    end = f" ({_safe(edit.replace('#', ' sharp'), _EDIT_BYTES)})" if edit else ""
    room = MAX_BYTES - 20 - len(end.encode())
    return (_safe(title, room) or _safe(prompt, room) or f"song {job_id}") + end


def _safe(text: str, size: int) -> str:
    plain = "".join(mark for mark in unicodedata.normalize("NFC", text) if unicodedata.category(mark) not in _MARKS)
    name = " ".join(_NOT_IN_NAMES.sub(" ", plain.replace("_", " ")).split())
    name = cut(name, size).strip(" .-")
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
