"""Finished blocks → a file: MP3, WAV, FLAC or OGG, with tags. Written in small pieces.

libsndfile's Vorbis encoder allocates on the stack and crashes the process when it gets a whole song at once
(https://github.com/libsndfile/libsndfile/issues/908), so it never gets more than 64k frames.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.engine_errors import EncodeError
from riffusion_tui.studio.engine.output.mp3 import write_mp3
from riffusion_tui.studio.engine.output.synced_lyrics import TimedLine
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import ENGINE_VERSION, NO_LOCKS
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE

ARTIST = "riffusion-tui studio (sketch)"
CHUNK = 1 << 16
"""Frames written at once, at most."""

# The format's name and subtype in libsndfile, and further options.
_FORMATS: dict[str, tuple[str, str, dict[str, float]]] = {
    "wav": ("WAV", "PCM_16", {}),
    "flac": ("FLAC", "PCM_16", {"compression_level": 0.3}),
    "ogg": ("OGG", "VORBIS", {"compression_level": 0.4}),
}


def write_audio(
    path: Path, format: str, blocks: Iterable[Signal], tags: dict[str, str], lines: Sequence[TimedLine] = ()
) -> None:
    """Write stereo `blocks`, each of shape (2, n), to `path`; `tags` from `tags_of`.

    Raises:
        EncodeError: the folder can't be written, the disk is full, or libsndfile lacks the format.
    """
    import soundfile

    try:
        if format == "mp3":
            write_mp3(path, blocks, tags, lines)
        else:
            _write(path, format, blocks, tags)
    except (soundfile.LibsndfileError, OSError) as error:
        raise EncodeError(
            f"{path.name} could not be written: {error}. Check the free disk space and the folder's permissions."
        ) from error


def _write(path: Path, format: str, blocks: Iterable[Signal], tags: dict[str, str]) -> None:
    import soundfile

    kind, subtype, more = _FORMATS[format]
    with soundfile.SoundFile(str(path), "w", SAMPLE_RATE, 2, subtype, format=kind, **more) as file:
        for key in ("title", "artist", "genre", "software", "comment"):
            if tags.get(key):
                setattr(file, key, tags[key])
        for block in blocks:
            frames = np.ascontiguousarray(block.T)
            for start in range(0, len(frames), CHUNK):
                file.write(frames[start : start + CHUNK])


def tags_of(score: Score) -> dict[str, str]:
    """Return a file's tags. The comment is JSON: prompt, seed and plan; `language` is that of the lyrics."""
    from riffusion_tui.studio.engine.singing.delivery import language_code

    return {
        "title": score.title,
        "artist": ARTIST,
        "genre": score.plan.genre,
        "software": f"riffusion-tui sketch engine {ENGINE_VERSION}",
        "comment": _comment_of(score.plan),
        "lyrics": "" if score.lyrics == "[Instrumental]" else score.lyrics,
        "language": language_code(score),
    }


def _comment_of(plan: Plan) -> str:
    """Return prompt, seed and plan as one line of JSON, for a file's tags."""
    values = plan.as_kept()
    for big in ("understood", "ignored", "chosen"):
        values.pop(big)
    if plan.locks == NO_LOCKS:
        del values["locks"], values["guests"]
    first = {"prompt": values.pop("prompt"), "seed": values.pop("seed"), "engine_version": ENGINE_VERSION}
    return json.dumps({**first, "plan": values}, ensure_ascii=False)
