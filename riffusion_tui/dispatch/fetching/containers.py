"""Read audio containers and archives to the end, in bounded time and memory. Runs in the helper process."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import zipfile

MAX_CHUNKS = 10_000
"""Maximum chunks of a WAV file or atoms of an MP4 container; a song has a few dozen."""
_MAX_MEMBERS = 64
"""Maximum files in an archive of stems."""
MAX_UNPACKED = 4 * 2**30
"""Maximum total size of an archive's files, in bytes; a dozen stems of ten minutes are 1.3 GB."""
_MAX_DIRECTORY = 2**20
"""Maximum size of an archive's directory, in bytes."""
_ZIP_TAIL = 22 + 2**16
_ZIP64 = b"PK\6\7"
_BLOCK = _MOVIE = 1 << 16


class Undecodable(Exception):
    """The audio can't be decoded; `str(error)` says why."""


def seconds_of(path: Path, kind: str) -> float | None:
    """Read a file to its end; return its length in seconds, or None if the container doesn't give it.

    Args:
        path: the file.
        kind: its extension, as returned by `audio_check.kind`.

    Raises:
        Undecodable: it is truncated, damaged or exceeds a limit.
        OSError: it can't be read.
    """
    return _CHECKS[kind](path, path.stat().st_size)


def _decode(path: Path, size: int) -> float:
    """Decode every frame of the file and return its length in seconds."""
    import soundfile

    try:
        with soundfile.SoundFile(os.fsencode(path)) as song:  # as text, a path that isn't UTF-8 is refused
            frames = 0
            while block := len(song.read(_BLOCK, dtype="int16")):
                frames += block
            rate, declared = song.samplerate, song.frames
    except soundfile.LibsndfileError as error:
        raise Undecodable(error.error_string.strip().rstrip(".")) from error
    if not frames:
        raise Undecodable("it contains no audio")
    if frames < 0.98 * declared:  # encoders pad, and a stream's header may only guess
        raise Undecodable("it is truncated")
    return float(frames / rate)


def _wav(path: Path, size: int) -> float:
    """Walk the chunks of a WAV file: PCM needs no decoding, only a length check."""
    rate = 0
    with path.open("rb") as file:
        at = 12
        for _ in range(MAX_CHUNKS):
            if at + 8 > size:
                break
            file.seek(at)
            name, length = struct.unpack("<4sI", file.read(8))
            if name == b"fmt " and at + 24 <= size:
                rate = struct.unpack("<8xI", file.read(12))[0]  # bytes a second
            if name == b"data":
                return _wav_length(length, size - at - 8, rate)
            at += 8 + length + length % 2
    raise Undecodable("it is truncated")


def _wav_length(declared: int, there: int, rate: int) -> float:
    if declared > there and declared < 0xFFFFFF00:  # streamed files have the maximum value in the header
        raise Undecodable("it is truncated")
    if not min(declared, there) or not rate:
        raise Undecodable("it contains no audio")
    return min(declared, there) / rate


def _m4a(path: Path, size: int) -> float | None:
    """Walk the top atoms of an MP4 container: all must fit, and `moov` and `mdat` must be there."""
    found: dict[bytes, int] = {}
    with path.open("rb") as file:
        at = 0
        for _ in range(MAX_CHUNKS):
            if at >= size:
                break
            file.seek(at)
            length, name, header = _atom(file.read(16), size - at)
            found[name] = at + header
            at += length
        if not {b"moov", b"mdat"} <= found.keys():
            raise Undecodable("it is truncated")
        file.seek(found[b"moov"])
        return _movie_length(file.read(_MOVIE))


def _atom(head: bytes, left: int) -> tuple[int, bytes, int]:
    """Return (length, name, header's length) of the atom that begins with `head`."""
    if len(head) < 8:
        raise Undecodable("it is truncated")
    length, name = struct.unpack(">I4s", head[:8])
    header = 8
    if length == 1 and len(head) == 16:
        length, header = struct.unpack(">Q", head[8:])[0], 16
    elif length == 0:
        length = left
    if length < header or length > left:
        raise Undecodable("it is truncated")
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
    """Unpack an archive of stems, within limits, and compare its checksums."""
    import zipfile  # only the helper process needs it

    with path.open("rb") as file:
        file.seek(max(0, size - _ZIP_TAIL))
        tail = file.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + 22:
        raise Undecodable("it is truncated")
    if struct.unpack_from("<I", tail, end + 12)[0] > _MAX_DIRECTORY or tail[max(0, end - 20) : end].startswith(_ZIP64):
        raise Undecodable(f"it contains more than {_MAX_MEMBERS} files")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist())
            broken = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise Undecodable("it is damaged") from error
    if broken:
        raise Undecodable("it is damaged")


def _check_members(members: Sequence[zipfile.ZipInfo]) -> None:
    from zipfile import ZIP_DEFLATED, ZIP_STORED

    if not members:
        raise Undecodable("it is empty")
    if len(members) > _MAX_MEMBERS:
        raise Undecodable(f"it contains more than {_MAX_MEMBERS} files")
    if sum(one.file_size for one in members) > MAX_UNPACKED:
        raise Undecodable(f"it unpacks to more than {MAX_UNPACKED // 2**30} GiB")
    # Other methods unpack whole blocks, so that a few bytes could allocate gigabytes of memory.
    if any(one.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for one in members):
        raise Undecodable("unsupported compression method")


def _midi(path: Path, size: int) -> None:
    with path.open("rb") as file:
        tracks = struct.unpack(">4sIHHH", file.read(14))[3] if size >= 14 else 0
        for _ in range(tracks):
            name, length = struct.unpack(">4sI", file.read(8).ljust(8, b"\0"))
            if name != b"MTrk" or file.tell() + length > size:
                raise Undecodable("it is truncated")
            file.seek(length, os.SEEK_CUR)
    if not tracks:
        raise Undecodable("it contains no tracks")


def _text(path: Path, size: int) -> None:
    with path.open("rb") as file:
        file.seek(size - 1)
        whole = file.read() == b"\n"
    if not whole:
        raise Undecodable("it is truncated")


_CHECKS: dict[str, Callable[[Path, int], float | None]] = {
    "mp3": _decode,
    "wav": _wav,
    "flac": _decode,
    "ogg": _decode,
    "m4a": _m4a,
    "zip": _zip,
    "mid": _midi,
    "lrc": _text,
    "cho": _text,
}
