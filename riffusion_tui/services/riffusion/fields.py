"""Build the fields of Riffusion's create requests.

Source: https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt and …-create-compose.
"""

from __future__ import annotations

from typing import Any

from riffusion_tui.jobs.model import Options
from riffusion_tui.services import json_values
from riffusion_tui.services.base import BadRequest, CreateRequest
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.services.riffusion import profile

PROMPT = "music/create-prompt"
_COMPOSE = "music/create-compose"
EDIT = "music/edit"
"""The studio's own call."""
_COMPOSE_FIELDS = frozenset(
    {"lyrics_strength", "lyrics_weirdness"}
    | {f"prompt_{n}" for n in (2, 3)}
    | {f"prompt_{n}_{part}" for n in (1, 2, 3) for part in ("strength", "start", "end")}
)
"""Additional fields of create-compose, stored in `Options.extra`."""
_LOCKS = frozenset(field.name for field in profile.LOCKS)


def creation(request: CreateRequest, can: Capabilities = profile.CAPABILITIES) -> tuple[str, dict[str, Any]]:
    """Return the path and fields of the call that makes this song; fields that are None are not sent.

    Without lyrics, create-compose makes an instrumental, and create-prompt has no title. So a title is sent only for
    instrumentals or with lyrics; for other songs only to a studio, like `seed`, `length_s`, locks and edits.

    Args:
        request: the prompt.
        can: the server's features: the API's, or a studio's.

    Raises:
        BadRequest: it is an edit, and the server has no such edit.
    """
    options = request.options
    if options.operation:
        return EDIT, _edit(request, can)
    common: dict[str, Any] = {
        "model": options.model or None,
        "user_id": request.account,
        "replyUrl": options.reply_url,
        "replyRef": request.ref,
        "maxJobs": options.max_jobs,
    }
    if extends_api(request):
        locks = {field.name: field for field in can.fields}
        given = {name: _typed(value, locks[name].number) for name, value in options.extra if name in locks}
        seed, length_s = options.seed if can.seed else None, options.length_s if can.length else None
        common |= {"seed": seed, "length_s": length_s, **given}
    title = options.title or None
    if _is_composed(options):
        lyrics = None if options.instrumental else options.lyrics or None
        extra = {name: _value(value) for name, value in options.extra if name in _COMPOSE_FIELDS}
        return _COMPOSE, {"title": title, "lyrics": lyrics, "prompt_1": request.prompt, **extra, **common}
    title = title if can.titles_any_song else None
    return PROMPT, {"prompt": request.prompt, "title": title, "instrumental": options.instrumental, **common}


def request(request: CreateRequest) -> tuple[str, dict[str, Any]]:
    """Return the path and fields of the call, as shown by `curl`; locks mean that the server is a studio."""
    locked = any(name in _LOCKS for name, _ in request.options.extra)
    return creation(request, profile.STUDIO_CAPABILITIES if locked else profile.CAPABILITIES)


def extends_api(request: CreateRequest) -> bool:
    """Whether the request needs a studio: it has a seed, a length, a lock, a title of its own, or is an edit."""
    options = request.options
    plain = options.operation is None and options.seed is None and options.length_s is None
    titled = bool(options.title) and not _is_composed(options)
    return not plain or titled or any(name in _LOCKS for name, _ in options.extra)


def _is_composed(options: Options) -> bool:
    """Whether create-compose makes the song."""
    sung = bool(options.lyrics) and not options.instrumental
    titled = bool(options.title) and options.instrumental
    return sung or titled or any(name in _COMPOSE_FIELDS for name, _ in options.extra)


def _edit(request: CreateRequest, can: Capabilities) -> dict[str, Any]:
    options = request.options
    edit = next((one for one in can.edits if one.name == options.operation), None)
    if edit is None:
        raise BadRequest(f"This service has no edit {options.operation!r}; the studio can edit songs.")
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
