"""Is this file the song that was asked for? Checked before it counts as done. Runs in a thread."""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from riffusion_tui.dispatch.decoding import Undecodable, decoder

MAX_ATOMS = 10_000
_MOVIE = 1 << 16
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class Unsound(Exception):
    """The file is not a whole song; `str(error)` says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a sound file is."""

    extension: str
    sha256: str
    duration_s: float | None
    """Of the audio itself; None where the container does not say."""
    identity: tuple[int, int, int, int]
    """Which file was checked; see `identity`."""


def identity(stat: os.stat_result) -> tuple[int, int, int, int]:
    """Return what tells one plain file from another: an inode alone is used again at once."""
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


def check(path: Path) -> Checked:
    """Read the whole file: its kind, its hash, and that it decodes to its end.

    Raises:
        Unsound: it is empty, cut off, or no audio.
        OSError: it can't be read, or is a symlink.
    """
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        stat = os.fstat(file.fileno())
        head = file.read(16)
        if not head:
            raise Unsound("The file is empty.")
        extension = kind(head)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        duration = _CHECKS[extension](path, stat.st_size)
        os.fsync(file.fileno())
    return Checked(extension, digest, duration, identity(stat))


def kind(head: bytes) -> str:
    """Return the extension for a file that begins with `head` (16 bytes). Raises `Unsound` for what is no audio."""
    for magic, at, extension in _MAGIC:
        if head[at : at + len(magic)] == magic:
            return extension
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6):
        return "mp3"
    raise Unsound("It is no audio file.")


def _decode(path: Path, size: int) -> float:
    """Decode every frame; return the seconds there are."""
    try:
        return decoder.seconds(path)
    except Undecodable as error:
        raise Unsound(f"It can't be decoded: {error}.") from error


def _wav(path: Path, size: int) -> float:
    """Walk the chunks of a WAV file: PCM needs no decoding, only to be there."""
    rate = 0
    with path.open("rb") as file:
        at = 12
        while at + 8 <= size:
            file.seek(at)
            name, length = struct.unpack("<4sI", file.read(8))
            if name == b"fmt " and at + 24 <= size:
                rate = struct.unpack("<8xI", file.read(12))[0]  # bytes a second
            if name == b"data":
                return _wav_length(length, size - at - 8, rate)
            at += 8 + length + length % 2
    raise Unsound("It is cut off.")


def _wav_length(said: int, there: int, rate: int) -> float:
    if said > there and said < 0xFFFFFF00:  # a stream's header gives the largest number there is
        raise Unsound("It is cut off.")
    if not min(said, there) or not rate:
        raise Unsound("It holds no sound.")
    return min(said, there) / rate


def _m4a(path: Path, size: int) -> float | None:
    """Walk the top atoms of an MP4 container: all must fit, and `moov` and `mdat` must be there."""
    found: dict[bytes, int] = {}
    with path.open("rb") as file:
        at = 0
        while at < size and len(found) < MAX_ATOMS:
            file.seek(at)
            length, name, header = _atom(file.read(16), size - at)
            found[name] = at + header
            at += length
        if not {b"moov", b"mdat"} <= found.keys():
            raise Unsound("It is cut off.")
        file.seek(found[b"moov"])
        return _movie_length(file.read(_MOVIE))


def _atom(head: bytes, left: int) -> tuple[int, bytes, int]:
    """Return (length, name, header's length) of the atom that begins with `head`."""
    if len(head) < 8:
        raise Unsound("It is cut off.")
    length, name = struct.unpack(">I4s", head[:8])
    header = 8
    if length == 1 and len(head) == 16:
        length, header = struct.unpack(">Q", head[8:])[0], 16
    elif length == 0:
        length = left
    if length < header or length > left:
        raise Unsound("It is cut off.")
    return length, name, header


def _movie_length(moov: bytes) -> float | None:
    at = moov.find(b"mvhd")
    if at < 0 or len(moov) < at + 36:
        return None
    if moov[at + 4]:
        scale, units = struct.unpack_from(">IQ", moov, at + 24)
    else:
        scale, units = struct.unpack_from(">II", moov, at + 16)
    return units / scale if scale else None


def _zip(path: Path, size: int) -> None:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            if not archive.namelist():
                raise Unsound("The archive is empty.")
            broken = archive.testzip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unsound("The archive is damaged.") from error
    if broken:
        raise Unsound("The archive is damaged.")


def _midi(path: Path, size: int) -> None:
    with path.open("rb") as file:
        tracks = struct.unpack(">4sIHHH", file.read(14))[3] if size >= 14 else 0
        for _ in range(tracks):
            name, length = struct.unpack(">4sI", file.read(8).ljust(8, b"\0"))
            if name != b"MTrk" or file.tell() + length > size:
                raise Unsound("It is cut off.")
            file.seek(length, os.SEEK_CUR)
    if not tracks:
        raise Unsound("It holds no track.")


def _lyrics(path: Path, size: int) -> None:
    if not path.read_bytes().endswith(b"\n"):
        raise Unsound("It is cut off.")


_MAGIC = (
    (b"ID3", 0, "mp3"),
    (b"RIFF", 0, "wav"),
    (b"fLaC", 0, "flac"),
    (b"OggS", 0, "ogg"),
    (b"ftyp", 4, "m4a"),
    (b"PK\x03\x04", 0, "zip"),
    (b"MThd", 0, "mid"),
    (b"[ti:", 0, "lrc"),
)
_CHECKS = {
    "mp3": _decode,
    "wav": _wav,
    "flac": _decode,
    "ogg": _decode,
    "m4a": _m4a,
    "zip": _zip,
    "mid": _midi,
    "lrc": _lyrics,
}
