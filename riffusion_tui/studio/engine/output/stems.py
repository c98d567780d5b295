"""Stems: a zip of aligned WAV files, one per track, that add up to the mix.

Each track is rendered again by itself, with its share of reverb and echo, and gets the gain and width of the master at
each moment. Both are linear, so the stems add up to the mix within the rounding of 16 bits.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

from riffusion_tui.studio.engine.engine_errors import EncodeError
from riffusion_tui.studio.engine.mix.master import Mastering
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.mix.player import BLOCK
from riffusion_tui.studio.engine.output.mp3 import pcm16
from riffusion_tui.studio.engine.score import Track
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE


def write_stems(path: Path, session: Performance, mastering: Mastering, step: Callable[[float], None]) -> None:
    """Write the stems of a song to the zip file `path`; `step` is called with the share done.

    Raises:
        EncodeError: the folder can't be written or the disk is full.
    """
    names = stem_names([part.track for part in session.parts])
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for i, name in enumerate(names):
                info = zipfile.ZipInfo(f"{name}.wav")
                with archive.open(info, "w", force_zip64=True) as file:
                    _write_stem(file, session, mastering, i, partial(_share, step, i, len(names)))
    except OSError as error:
        raise EncodeError(
            f"{path.name} could not be written: {error}. Check the free disk space and the folder's permissions."
        ) from error


def _share(step: Callable[[float], None], done: int, of: int, share: float) -> None:
    step((done + share) / of)


def stem_names(tracks: list[Track]) -> list[str]:
    """Return a unique file name for each track, without extension: numbered, plain ASCII."""
    plain = ["".join(c if c.isascii() and c.isalnum() else " " for c in t.name or t.role).split() for t in tracks]
    return [f"{i:02d} {' '.join(words)}".strip() for i, words in enumerate(plain, start=1)]


def _write_stem(
    file: IO[bytes], session: Performance, mastering: Mastering, index: int, step: Callable[[float], None]
) -> None:
    file.write(_header(mastering.frames))
    mixer = session.mixer(only=index)
    for number, block in enumerate(mixer):
        start = number * BLOCK
        left = mastering.frames - start
        if left <= 0:
            break
        file.write(pcm16(mastering.apply(block, start)[:, :left]).tobytes())
        step((number + 1) / mixer.blocks)


def _header(frames: int) -> bytes:
    """Return the header of a 16-bit stereo WAV file (http://soundfile.sapp.org/doc/WaveFormat/)."""
    size = frames * 4
    head = io.BytesIO()
    head.write(b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt ")
    head.write(struct.pack("<IHHIIHH", 16, 1, 2, SAMPLE_RATE, SAMPLE_RATE * 4, 4, 16))
    head.write(b"data" + struct.pack("<I", size))
    return head.getvalue()
