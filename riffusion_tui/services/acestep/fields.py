"""Build the fields of a `/release_task` request.

Each task makes one song and states its seed and file format, so that the song can be reproduced and all versions of
the server treat it the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from riffusion_tui.services import json_values
from riffusion_tui.services.acestep import profile
from riffusion_tui.services.base import BadRequest, CreateRequest

RELEASE = "release_task"
UPLOAD = "src_audio"
"""The form field for the source song of an edit."""
MAX_LYRICS = 4096
"""Maximum characters, as the server's documentation recommends."""
_SEED_RANGE = 2**31
_STRENGTHS = {"cover": "audio_cover_strength", "repaint": "repaint_strength"}


def seed_of(request: CreateRequest) -> int:
    """Return the request's seed, or one derived from its reference, so that a retry makes the same song."""
    if request.options.seed is not None:
        return request.options.seed % _SEED_RANGE
    return int.from_bytes(hashlib.sha256(request.ref.encode("utf-8", "replace")).digest()[:8], "big") % _SEED_RANGE


def creation(request: CreateRequest, format: str, models: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the fields of a task that makes or edits a song; fields that are None are not sent.

    Args:
        request: the request.
        format: the file format, if the request specifies none.
        models: the server's models; empty if unknown.

    Raises:
        BadRequest: the server would ignore a field or fail.
    """
    options, given = request.options, dict(request.options.extra)
    if options.model and models and options.model not in models:
        raise BadRequest(f"Unknown model {options.model!r}; use one of: {', '.join(models)}.")
    lyrics = "" if options.instrumental else options.lyrics or ""
    if len(lyrics) > MAX_LYRICS:
        raise BadRequest(f"The lyrics have {len(lyrics):,} characters; ACE-Step allows {MAX_LYRICS:,}.")
    return {
        "task_type": options.operation or "text2music",
        "prompt": request.prompt,
        "lyrics": lyrics,
        "vocal_language": given.get("language") or ("unknown" if lyrics else None),
        "model": options.model or None,
        "bpm": _whole(given.get("tempo")),
        "key_scale": key_scale(given.get("key", "")) or None,
        "time_signature": given.get("meter", "").partition("/")[0] or None,
        "audio_duration": options.length_s,
        "inference_steps": _whole(given.get("steps")),
        "guidance_scale": json_values.number(given.get("guidance")),
        "batch_size": 1,
        "use_random_seed": False,
        "seed": seed_of(request),
        "audio_format": given.get("format") or format,
        # By default the language model rewrites caption and language; without such a model, old servers fail.
        "use_cot_caption": False,
        "use_cot_language": False,
        **_edit(options.operation, given),
    }


def request(request: CreateRequest) -> tuple[str, dict[str, Any]]:
    """Return the path and fields of the call that makes a song, as shown by `curl`."""
    return RELEASE, creation(request, profile.FORMATS[0])


def _edit(operation: str | None, given: dict[str, str]) -> dict[str, Any]:
    if operation is None:
        return {}
    classes = [name.strip() for name in given.get("tracks", "").split(",") if name.strip()]
    return {
        _STRENGTHS.get(operation, "strength"): json_values.number(given.get("strength")),
        "repainting_start": json_values.number(given.get("start_s")),
        "repainting_end": json_values.number(given.get("end_s")),
        "track_name": given.get("track"),
        "track_classes": ",".join(classes) or None,
    }


def key_scale(text: str) -> str:
    """Convert a key to the server's notation: `C`, `Cm`, `F# minor`, `Bb major`; empty if it has none for it."""
    note, _, mode = text.strip().replace("♯", "#").replace("♭", "b").partition(" ")
    if note.endswith("m") and not mode:
        note, mode = note[:-1], "minor"
    known = note[:1].upper() in tuple("ABCDEFG") and note[1:] in ("", "#", "b")
    mode = {"": "major", "maj": "major", "min": "minor"}.get(mode.lower(), mode.lower())
    return f"{note[:1].upper()}{note[1:]} {mode}" if known and mode in ("major", "minor") else ""


def fitting(stated: Mapping[str, str]) -> dict[str, str]:
    """Return the fields stated in a prompt that the server supports; it has no 7/8 and no dorian mode."""
    found = {name: stated[name] for name in ("tempo", "key", "meter", "language") if stated.get(name)}
    low, high = profile.TEMPO
    if not low <= (json_values.number(found.get("tempo", low)) or 0) <= high:
        del found["tempo"]
    if "key" in found and not key_scale(found["key"]):
        del found["key"]
    if "meter" in found and found["meter"] not in profile.METERS:
        del found["meter"]
    return found


def _whole(text: str | None) -> int | None:
    """Convert to an integer: the server silently drops `120.0`."""
    number = json_values.number(text)
    return None if number is None else round(number)
