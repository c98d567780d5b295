"""What a request to Flow Music's create and edit calls holds.

Source: https://useapi.net/docs/api-flowmusic-v1/post-flowmusic-music and …-music-edit.
"""

from __future__ import annotations

from typing import Any

from riffusion_tui.services import json_values
from riffusion_tui.services.base import BadRequest, CreateRequest
from riffusion_tui.services.capabilities import EditField
from riffusion_tui.services.flowmusic import profile

MAX_LYRICS = 10_000
"""Characters; https://useapi.net/docs/api-flowmusic-v1/post-flowmusic-music"""
MUSIC = "music"
EDIT = "music/edit"
STEMS = "stems"
EFFECT = "effect"
_PROMPTS = {"extend": "instruction", "replace": "instruction", "cover": "instruction", "remix": "prompt"}
"""What the page calls a job's prompt in each edit that takes one."""
_OWN = frozenset({"ghostwriter"} | {f"{kind}{number}" for kind in ("refImage", "refAudio") for number in range(1, 11)})


def creation(request: CreateRequest) -> dict[str, Any]:
    """Return the fields of POST /music; a field that is None is not sent. It has no seed, title or `maxJobs`.

    Raises:
        BadRequest: the lyrics are longer than it takes.
    """
    options = request.options
    if len(options.lyrics or "") > MAX_LYRICS:
        raise BadRequest(f"The lyrics have {len(options.lyrics or '')} characters; {MAX_LYRICS} are taken.")
    return {
        "prompt": request.prompt,
        "email": request.account,
        "instrumental": options.instrumental,
        "lyrics": None if options.instrumental else options.lyrics or None,
        **{name: value for name, value in options.extra if name in _OWN},
        **_common(request),
    }


def request(request: CreateRequest) -> tuple[str, dict[str, Any]]:
    """Return the path and the fields of the call that makes a song, as `curl` shows it."""
    return MUSIC, creation(request)


def edit(request: CreateRequest, clip: str) -> dict[str, Any]:
    """Return the fields of POST /music/edit. It names no account: the clip's own makes it.

    Raises:
        BadRequest: there is no such edit.
    """
    options = request.options
    known = next((one for one in profile.CAPABILITIES.edits if one.name == options.operation), None)
    if known is None:
        can = ", ".join(profile.CAPABILITIES.operations)
        raise BadRequest(f"Flow Music can't {options.operation!r} a song; it can {can}.")
    body: dict[str, Any] = {"operation": known.name, "clip": clip}
    if known.name == STEMS:
        return body  # always made while the call lasts: the page takes nothing else with it
    given = dict(options.extra)
    body |= {field.name: _value(field, given[field.name]) for field in known.fields if field.name in given}
    if known.prompt:
        body[_PROMPTS[known.name]] = request.prompt or None
    if known.lyrics:
        body["lyrics"] = options.lyrics
    if known.name != EFFECT:
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
    """Give a number as a number: JSON's types are what the page shows. What is none is the service's to refuse."""
    number = json_values.number(value) if field.number else None
    if number is None:
        return value
    return int(number) if number.is_integer() else number
