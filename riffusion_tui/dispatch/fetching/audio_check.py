"""Check a downloaded file before its job counts as done. Runs in a thread."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from riffusion_tui.dispatch.fetching.containers import Undecodable
from riffusion_tui.dispatch.fetching.decoding import decoder

STEMS = "stems"
"""The format that is an archive."""
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class InvalidAudio(Exception):
    """The file is not a complete song; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class CheckedAudio:
    """Result of checking a file."""

    extension: str
    sha256: str
    duration_s: float | None
    """Length of the audio in seconds; None if the container doesn't give it."""
    identity: tuple[int, int, int, int]
    """Identifies the file that was checked; see `identity`."""


def identity(stat: os.stat_result) -> tuple[int, int, int, int]:
    """Return a key that identifies a file. An inode alone isn't enough, since it can be reused immediately."""
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


def check(path: Path, *, stems: bool = False) -> CheckedAudio:
    """Read the whole file: detect its kind, hash it and decode it to the end.

    Args:
        path: the file.
        stems: whether an archive of stems is expected; otherwise archives are rejected.

    Raises:
        InvalidAudio: it is empty, truncated or not audio.
        OSError: it can't be read, or is a symlink.
    """
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        stat = os.fstat(file.fileno())
        head = file.read(16)
        if not head:
            raise InvalidAudio("The file is empty.")
        extension = kind(head)
        if extension == "zip" and not stems:
            raise InvalidAudio("It is an archive, but stems were not requested.")
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        try:
            duration = decoder.seconds(path, extension)
        except Undecodable as error:
            raise InvalidAudio(f"It can't be decoded: {error}.") from error
        os.fsync(file.fileno())
    return CheckedAudio(extension, digest, duration, identity(stat))


def kind(head: bytes) -> str:
    """Return the extension for a file that begins with `head` (16 bytes). Raises `InvalidAudio` if it isn't audio."""
    for magic, at, extension in _MAGIC:
        if head[at : at + len(magic)] == magic:
            return extension
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6):
        return "mp3"
    raise InvalidAudio("It is not an audio file.")


_MAGIC = (
    (b"ID3", 0, "mp3"),
    (b"RIFF", 0, "wav"),
    (b"fLaC", 0, "flac"),
    (b"OggS", 0, "ogg"),
    (b"ftyp", 4, "m4a"),
    (b"PK\x03\x04", 0, "zip"),
    (b"MThd", 0, "mid"),
    (b"[ti:", 0, "lrc"),
    (b"{title:", 0, "cho"),
)
EXTENSIONS = frozenset(extension for _, _, extension in _MAGIC)
"""What `kind` can return."""
