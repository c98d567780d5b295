"""Finished blocks -> a file: MP3, WAV, FLAC or OGG, with tags. Always in small pieces.

libsndfile's Vorbis encoder keeps its work on the stack and crashes the process when it is given a whole song at once
(https://github.com/libsndfile/libsndfile/issues/908): nothing longer than 64k frames is ever handed to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from riffusion_tui.studio.engine.base import EngineError, Plan
from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE

ARTIST = "riffusion-tui studio (sketch)"
PIECE = 1 << 16
"""Frames that are written at once, at most."""

# The format's name and subtype in libsndfile, and what else it is told. MP3: variable bitrate around 160 kbit/s.
_FORMATS: dict[str, tuple[str, str, dict[str, object]]] = {
    "mp3": ("MP3", "MPEG_LAYER_III", {"bitrate_mode": "VARIABLE", "compression_level": 0.5}),
    "wav": ("WAV", "PCM_16", {}),
    "flac": ("FLAC", "PCM_16", {"compression_level": 0.3}),
    "ogg": ("OGG", "VORBIS", {"compression_level": 0.4}),
}

AUDIO = tuple(_FORMATS)
"""Formats that `write_audio` knows."""


class EncodeError(EngineError):
    """The file could not be written: free some room or choose another folder or format."""


def write_audio(path: Path, format: str, blocks: Iterable[Signal], title: str, comment: str) -> None:
    """Write stereo `blocks`, each of shape (2, n), to `path`.

    Raises:
        EncodeError: the folder can't be written, the disk is full, or libsndfile lacks the format.
    """
    import soundfile

    kind, subtype, options = _FORMATS[format]
    try:
        with soundfile.SoundFile(
            str(path), "w", samplerate=SAMPLE_RATE, channels=2, format=kind, subtype=subtype, **options
        ) as file:
            file.title, file.artist, file.comment = title, ARTIST, comment
            file.software = "riffusion-tui"
            for block in blocks:
                frames = np.ascontiguousarray(block.T)
                for start in range(0, len(frames), PIECE):
                    file.write(frames[start : start + PIECE])
    except (soundfile.LibsndfileError, OSError) as error:
        raise EncodeError(f"{path.name} could not be written: {error}") from error


def comment_of(plan: Plan) -> str:
    """Return prompt, seed and plan as one line of JSON, for a file's tags."""
    values = asdict(plan)
    for big in ("understood", "ignored", "chosen"):
        values.pop(big)
    return json.dumps({"prompt": values.pop("prompt"), "seed": values.pop("seed"), "plan": values}, ensure_ascii=False)
