"""Build the fields of Flow Music's create and edit requests.

Source: https://useapi.net/docs/api-flowmusic-v1/post-flowmusic-music and …-music-edit.
"""

from __future__ import annotations

from typing import Any

from riffusion_tui.services import json_values
from riffusion_tui.services.base import BadRequest, CreateRequest
from riffusion_tui.services.capabilities import EditField
from riffusion_tui.services.flowmusic import profile

MAX_LYRICS = 10_000
"""Maximum characters; https://useapi.net/docs/api-flowmusic-v1/post-flowmusic-music"""
MUSIC = "music"
EDIT = "music/edit"
STEMS = "stems"
_EFFECT = "effect"
_PROMPTS = {"extend": "instruction", "replace": "instruction", "cover": "instruction", "remix": "prompt"}
"""The field for a job's prompt in each edit that accepts one."""
_OWN = frozenset({"ghostwriter"} | {f"{kind}{number}" for kind in ("refImage", "refAudio") for number in range(1, 11)})


def creation(request: CreateRequest) -> dict[str, Any]:
    """Return the fields of POST /music; fields that are None are not sent. It has no seed, title or `maxJobs`.

    Raises:
        BadRequest: the lyrics are too long.
    """
    options = request.options
    if len(options.lyrics or "") > MAX_LYRICS:
        raise BadRequest(
            f"The lyrics have {len(options.lyrics or ''):,} characters; at most {MAX_LYRICS:,} are allowed."
        )
    return {
        "prompt": request.prompt,
        "email": request.account,
        "instrumental": options.instrumental,
        "lyrics": None if options.instrumental else options.lyrics or None,
        **{name: value for name, value in options.extra if name in _OWN},
        **_common(request),
    }


def request(request: CreateRequest) -> tuple[str, dict[str, Any]]:
    """Return the path and fields of the call that makes a song, as shown by `curl`."""
    return MUSIC, creation(request)


def edit(request: CreateRequest, clip: str) -> dict[str, Any]:
    """Return the fields of POST /music/edit. It has no account field: the clip's account is used.

    Raises:
        BadRequest: there is no such edit.
    """
    options = request.options
    known = next((one for one in profile.CAPABILITIES.edits if one.name == options.operation), None)
    if known is None:
        can = ", ".join(profile.CAPABILITIES.operations)
        raise BadRequest(f"Flow Music has no edit {options.operation!r}; it has {can}.")
    body: dict[str, Any] = {"operation": known.name, "clip": clip}
    if known.name == STEMS:
        return body  # synchronous, and accepts no other fields
    given = dict(options.extra)
    body |= {field.name: _value(field, given[field.name]) for field in known.fields if field.name in given}
    if known.prompt:
        body[_PROMPTS[known.name]] = request.prompt or None
    if known.lyrics:
        body["lyrics"] = options.lyrics
    if known.name != _EFFECT:
        body |= {"seed": options.seed, "title": options.title or None}
    return body | _common(request)


def _common(request: CreateRequest) -> dict[str, Any]:
    options = request.options
    return {
        "mode": "async",
        "model": options.model if options.model in profile.CAPABILITIES.models else None,
        "replyUrl": options.reply_url,
        "replyRef": request.ref,
    }


def _value(field: EditField, value: str) -> str | float:
    """Convert numbers to JSON numbers, as documented; an invalid number is left for the service to reject."""
    number = json_values.number(value) if field.number else None
    if number is None:
        return value
    return int(number) if number.is_integer() else number
