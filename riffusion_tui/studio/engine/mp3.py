"""Finished blocks -> an MP3 file with ID3 tags, by LAME.

LAME comes from `lameenc`: libsndfile's copy takes four times as long, and its quality can't be set.
Tags after https://id3.org/id3v2.4.0-structure and https://id3.org/id3v2.4.0-frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synced_lyrics import TimedLine
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE

KBIT = 256
"""Constant bitrate, so that players know the length from the size."""

_EFFORT = 7
"""LAME's quality, 0 slowest to 9. From 7 on it does no noise shaping and takes half the time; at 256 kbit the noise in
each critical band is still lower than with 5 at 192 kbit."""


def write_mp3(path: Path, blocks: Iterable[Signal], tags: dict[str, str], lines: Sequence[TimedLine] = ()) -> None:
    """Write stereo `blocks`, each of shape (2, n), to `path`, with `tags` as for `id3`."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(KBIT)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_channels(2)
    encoder.set_quality(_EFFORT)
    encoder.silence()
    with path.open("wb") as file:
        file.write(id3(tags, lines))
        for block in blocks:
            file.write(encoder.encode(pcm16(block).tobytes()))
        file.write(encoder.flush())


def pcm16(block: Signal) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """Return a (2, n) block as interleaved 16-bit frames."""
    scaled = block * np.float32(32767)
    np.rint(np.clip(scaled, -32767, 32767, out=scaled), out=scaled)
    frames = np.empty((block.shape[1], 2), dtype=np.int16)
    frames[:, 0], frames[:, 1] = scaled.astype(np.int16)
    return frames


def id3(tags: dict[str, str], lines: Sequence[TimedLine] = ()) -> bytes:
    """Return an ID3v2.4 tag: `title`, `artist`, `genre`, `software`, `comment` and `lyrics`, each if given.

    With `lines`, it holds the times of their words too.
    """
    frames = b""
    for key, name in (("title", b"TIT2"), ("artist", b"TPE1"), ("genre", b"TCON"), ("software", b"TSSE")):
        if tags.get(key):
            frames += _frame(name, b"\x03" + tags[key].encode())
    for key, name in (("comment", b"COMM"), ("lyrics", b"USLT")):
        if tags.get(key):
            frames += _frame(name, b"\x03eng\x00" + tags[key].encode())
    if lines:
        frames += _frame(b"SYLT", _synced(lines))
    return b"ID3\x04\x00\x00" + _synchsafe(len(frames)) + frames


def _synced(lines: Sequence[TimedLine]) -> bytes:
    """Return when each word is sung, in milliseconds; a line begins with a newline, its other words with a space."""
    body = b"\x03eng\x02\x01\x00"
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
