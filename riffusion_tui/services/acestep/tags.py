"""Write tags into a song's file, since the server writes none: title, prompt, seed, lyrics.

FLAC by https://xiph.org/flac/format.html and https://xiph.org/vorbis/doc/v-comment.html, MP3 by
https://id3.org/id3v2.4.0-structure, WAV by a RIFF `INFO` list. Other formats and unreadable files are left
unchanged.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from riffusion_tui.services.base import RemoteSong

_STREAMINFO, _COMMENTS = 0, 4
_TITLE = 80
"""Maximum characters of the prompt used as the title."""
_CHUNK = 1 << 16
_MAX_HEADER = 1 << 20
"""Maximum size of the existing tags of a FLAC or MP3 file, in bytes; larger ones are kept."""
_FLAC = {"title": "TITLE", "genre": "GENRE", "comment": "COMMENT", "lyrics": "LYRICS", "software": "ENCODER"}
_ID3 = {"title": b"TIT2", "genre": b"TCON", "software": b"TSSE", "comment": b"COMM", "lyrics": b"USLT"}
_INFO = {"title": b"INAM", "genre": b"IGNR", "comment": b"ICMT", "software": b"ISFT"}


def tags_of(song: RemoteSong) -> dict[str, str]:
    """Return a song's tags. The comment is JSON: prompt, seed and plan, as in the studio's files."""
    model = song.plan.get("model", "")
    tags = {
        "title": " ".join(song.prompt.split())[:_TITLE],
        "genre": str(song.plan.get("genre", "")),
        "software": f"ACE-Step {model}".strip(),
        "comment": json.dumps({"prompt": song.prompt, **song.plan}, ensure_ascii=False),
        "lyrics": song.lyrics,
    }
    return {name: text for name, text in tags.items() if text}


def write_tags(file: Path, tags: Mapping[str, str]) -> None:
    """Rewrite a file with tags. A crash leaves the old or the new one. Raises `OSError`."""
    tagged = file.with_name(f"{file.name}.tagged")
    try:
        with file.open("rb") as old, tagged.open("wb") as new:
            start = old.read(4)
            old.seek(0)
            if start == b"fLaC":
                _flac(old, new, tags)
            elif start == b"RIFF":
                _wav(old, new, tags)
            elif start[:3] == b"ID3" or start[:1] == b"\xff":
                _mp3(old, new, tags)
            else:
                return
            new.flush()
            os.fsync(new.fileno())
        tagged.replace(file)
    except (ValueError, struct.error):
        return  # unreadable: the check of the download reports why
    finally:
        tagged.unlink(missing_ok=True)


def _flac(old: BinaryIO, new: BinaryIO, tags: Mapping[str, str]) -> None:
    """Copy the file with one block of comments instead of the existing ones."""
    old.seek(4)
    blocks: list[tuple[int, bytes]] = []
    last = False
    while not last:
        (head,) = struct.unpack(">I", old.read(4))
        last, kind, size = bool(head >> 31), head >> 24 & 0x7F, head & 0xFFFFFF
        if size > _MAX_HEADER or not (blocks or kind == _STREAMINFO):
            raise ValueError("not a FLAC file")
        blocks.append((kind, old.read(size)))
    words = [f"{_FLAC[name]}={text}".encode() for name, text in tags.items()]
    comment = _counted(b"riffusion-tui") + struct.pack("<I", len(words)) + b"".join(map(_counted, words))
    kept = [blocks[0], (_COMMENTS, comment), *(block for block in blocks[1:] if block[0] != _COMMENTS)]
    new.write(b"fLaC")
    for number, (kind, body) in enumerate(kept, 1):
        new.write(struct.pack(">I", (number == len(kept)) << 31 | kind << 24 | len(body)) + body)
    shutil.copyfileobj(old, new)


def _counted(text: bytes) -> bytes:
    return struct.pack("<I", len(text)) + text


def _mp3(old: BinaryIO, new: BinaryIO, tags: Mapping[str, str]) -> None:
    """Replace the tag at the file's beginning, or insert one."""
    head = old.read(10)
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    if head[:3] == b"ID3" and size > _MAX_HEADER:
        raise ValueError("the tag is too large")
    old.seek(10 + size if head[:3] == b"ID3" else 0)
    frames = b""
    for name, text in tags.items():
        frame = _ID3[name]
        body = b"\x03" + (b"eng\x00" if frame in (b"COMM", b"USLT") else b"") + text.encode()
        frames += frame + _synchsafe(len(body)) + b"\x00\x00" + body
    new.write(b"ID3\x04\x00\x00" + _synchsafe(len(frames)) + frames)
    shutil.copyfileobj(old, new)


def _synchsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def _wav(old: BinaryIO, new: BinaryIO, tags: Mapping[str, str]) -> None:
    """Copy the file with a list of tags at the end, instead of the existing ones, and update its size field."""
    chunks = b"INFO"
    for name, frame in _INFO.items():
        if name in tags:
            text = tags[name].encode() + b"\x00"
            chunks += frame + struct.pack("<I", len(text)) + text + b"\x00" * (len(text) % 2)
    new.write(old.read(12))
    while len(head := old.read(8)) == 8:  # fewer bytes at the end are no chunk
        name, size = struct.unpack("<4sI", head)
        kind = old.read(min(4, size))
        rest = size + size % 2 - len(kind)
        if name == b"LIST" and kind == b"INFO":
            old.seek(rest, os.SEEK_CUR)
        else:
            new.write(head + kind)
            _copy(old, new, rest)
    if new.tell() % 2:
        new.write(b"\x00")
    new.write(b"LIST" + struct.pack("<I", len(chunks)) + chunks)
    size = new.tell() - 8
    new.seek(4)
    new.write(struct.pack("<I", size))


def _copy(old: BinaryIO, new: BinaryIO, size: int) -> None:
    """Copy `size` bytes, or as many as there are."""
    while size > 0 and (piece := old.read(min(size, _CHUNK))):
        new.write(piece)
        size -= len(piece)
