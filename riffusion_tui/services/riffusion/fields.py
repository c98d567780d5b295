"""Build the fields of Riffusion's create requests.

Source: https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt and …-create-compose.
"""

from __future__ import annotations

from typing import Any

from riffusion_tui.services import json_values
from riffusion_tui.services.base import BadRequest, CreateRequest
from riffusion_tui.services.riffusion import profile

PROMPT = "music/create-prompt"
COMPOSE = "music/create-compose"
EDIT = "music/edit"
"""The studio's own call."""
COMPOSE_FIELDS = frozenset(
    {"lyrics_strength", "lyrics_weirdness"}
    | {f"prompt_{n}" for n in (2, 3)}
    | {f"prompt_{n}_{part}" for n in (1, 2, 3) for part in ("strength", "start", "end")}
)
"""Additional fields of create-compose, stored in `Options.extra`."""


def creation(request: CreateRequest, *, studio: bool = False) -> tuple[str, dict[str, Any]]:
    """Return the path and fields of the call that makes this song; fields that are None are not sent.

    Without lyrics, create-compose makes an instrumental. So a title is sent only for instrumentals or with lyrics:
    create-prompt has no title, and the service chooses one. `seed`, `length_s`, locks and edits are sent only to the
    studio.

    Raises:
        BadRequest: it is an edit, and the service is not the studio or has no such edit.
    """
    options = request.options
    if options.operation:
        return EDIT, _edit(request, studio)
    common: dict[str, Any] = {
        "model": options.model or None,
        "user_id": request.account,
        "replyUrl": options.reply_url,
        "replyRef": request.ref,
        "maxJobs": options.max_jobs,
    }
    if studio:
        locks = {field.name: field for field in profile.LOCKS}
        given = {name: _typed(value, locks[name].number) for name, value in options.extra if name in locks}
        common |= {"seed": options.seed, "length_s": options.length_s, **given}
    lyrics = None if options.instrumental else options.lyrics or None
    title = options.title or None
    extra = {name: _value(value) for name, value in options.extra if name in COMPOSE_FIELDS}
    if lyrics or extra or (title and options.instrumental):
        return COMPOSE, {"title": title, "lyrics": lyrics, "prompt_1": request.prompt, **extra, **common}
    return PROMPT, {"prompt": request.prompt, "instrumental": options.instrumental, **common}


def request(request: CreateRequest) -> tuple[str, dict[str, Any]]:
    """Return the path and fields of the call, as shown by `curl`."""
    return creation(request)


def _edit(request: CreateRequest, studio: bool) -> dict[str, Any]:
    options = request.options
    edits = profile.STUDIO_CAPABILITIES.edits if studio else ()
    edit = next((one for one in edits if one.name == options.operation), None)
    if edit is None:
        raise BadRequest(f"This service can't {options.operation} a song; the studio can.")
    numbers = {field.name: field.number for field in edit.fields}
    given = {name: _typed(value, numbers[name]) for name, value in options.extra if name in numbers}
    return {
        "operation": edit.name,
        "id": options.source,
        "prompt": request.prompt if edit.prompt else None,
        "user_id": request.account,
        "replyUrl": options.reply_url,
        "replyRef": request.ref,
        "maxJobs": options.max_jobs,
        **given,
    }


def _typed(value: str, number: bool) -> str | float:
    found = json_values.number(value) if number else None
    if found is None:
        return value
    return int(found) if found.is_integer() else found


def _value(value: str) -> str | int:
    """Convert numbers to JSON numbers, as documented."""
    return int(value) if value.isascii() and value.isdigit() else value
