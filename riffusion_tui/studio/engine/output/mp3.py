"""Finished blocks → an MP3 file with ID3 tags, by LAME.

LAME comes from `lameenc`: libsndfile's copy takes four times as long, and its quality can't be set.
Tags after https://id3.org/id3v2.4.0-structure and https://id3.org/id3v2.4.0-frames.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.output.synced_lyrics import TimedLine
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE

_VBR, _VBR_QUALITY = 4, 0.0
"""LAME's newer variable bitrate at its highest quality, about 240 kbit: a tenth quicker than a constant 256 kbit."""
_NEAR_KBIT = 256
"""LAME derives other settings from this; with its default of 128, it takes a third longer."""
_QUALITY = 7
"""LAME's quality, 0 slowest to 9. From 7 on it searches no further for less noise, and takes half the time."""

_KBITS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""Bitrates of MPEG 1 layer III, by their number in a frame's header, from 1 on."""
_SUMMARY_FRAME = b"\xff\xfb\x90\x00"
"""Header of the frame before the sound: 128 kbit, 44.1 kHz."""
_SUMMARY_AT = 36
"""Bytes of a frame's header and side information."""
_SUMMARY_BYTES = 417


def write_mp3(path: Path, blocks: Iterable[Signal], tags: dict[str, str], lines: Sequence[TimedLine] = ()) -> None:
    """Write stereo `blocks`, each of shape (2, n), to `path`, with `tags` as for `id3`."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(_NEAR_KBIT)
    encoder.set_vbr(_VBR)
    encoder.set_vbr_quality(_VBR_QUALITY)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_channels(2)
    encoder.set_quality(_QUALITY)
    encoder.silence()
    with path.open("w+b") as file:
        begin = file.write(id3(tags, lines))
        file.write(bytes(_SUMMARY_BYTES))
        for block in blocks:
            file.write(encoder.encode(pcm16(block).tobytes()))
        file.write(encoder.flush())
        file.seek(begin)
        summary = summary_frame(file.read())
        file.seek(begin)
        file.write(summary)


def summary_frame(sound: bytes) -> bytes:
    """Return the silent frame by which players know the length and seek, for itself and the frames after it.

    `sound` begins with its place, `_SUMMARY_BYTES` long. After the Xing header of
    https://www.codeproject.com/Articles/8295/MPEG-Audio-Frame-Header.
    """
    starts = []
    at = _SUMMARY_BYTES
    while at < len(sound):
        starts.append(at)
        number, padding = sound[at + 2] >> 4, sound[at + 2] >> 1 & 1
        at += 144_000 * _KBITS[number - 1] // SAMPLE_RATE + padding
    hundredths = bytes(256 * starts[i * len(starts) // 100] // len(sound) for i in range(100)) if starts else bytes(100)
    fields = struct.pack(">4sIII", b"Xing", 7, len(starts), len(sound)) + hundredths
    return (_SUMMARY_FRAME + bytes(_SUMMARY_AT - len(_SUMMARY_FRAME)) + fields).ljust(_SUMMARY_BYTES, b"\0")


def pcm16(block: Signal) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """Return a (2, n) block as interleaved 16-bit frames."""
    scaled = block * np.float32(32767)
    np.rint(np.clip(scaled, -32767, 32767, out=scaled), out=scaled)
    frames = np.empty((block.shape[1], 2), dtype=np.int16)
    frames[:, 0], frames[:, 1] = scaled.astype(np.int16)
    return frames


def id3(tags: dict[str, str], lines: Sequence[TimedLine] = ()) -> bytes:
    """Return an ID3v2.4 tag: `title`, `artist`, `genre`, `software`, `comment` and `lyrics`, each if given.

    `language` is the ISO 639-2 code of the lyrics. With `lines`, the tag holds the times of their words too.
    """
    language = tags.get("language", "eng").encode()
    frames = b""
    for key, name in (("title", b"TIT2"), ("artist", b"TPE1"), ("genre", b"TCON"), ("software", b"TSSE")):
        if tags.get(key):
            frames += _frame(name, b"\x03" + tags[key].encode())
    for key, name, code in (("comment", b"COMM", b"eng"), ("lyrics", b"USLT", language)):
        if tags.get(key):
            frames += _frame(name, b"\x03" + code + b"\x00" + tags[key].encode())
    if lines:
        frames += _frame(b"SYLT", _synced(lines, language))
    return b"ID3\x04\x00\x00" + _synchsafe(len(frames)) + frames


def _synced(lines: Sequence[TimedLine], language: bytes) -> bytes:
    """Return when each word is sung, in milliseconds; a line begins with a newline, its other words with a space."""
    body = b"\x03" + language + b"\x02\x01\x00"
    for line in lines:
        words = [(word.start, word.text) for word in line.words] or [(line.start, line.text)]
        for place, (start, text) in enumerate(words):
            mark = " " if place else "\n"
            body += f"{mark}{text}".encode() + b"\x00" + round(start * 1000).to_bytes(4, "big")
    return body


def _frame(name: bytes, body: bytes) -> bytes:
    return name + _synchsafe(len(body)) + b"\x00\x00" + body


def _synchsafe(size: int) -> bytes:
    """Return a size in four bytes of seven bits."""
    return bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
