"""Build the fields of Riffusion's create requests.

Source: https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt and …-create-compose.
"""

from __future__ import annotations

from typing import Any

from riffusion_tui.services.base import CreateRequest

PROMPT = "music/create-prompt"
COMPOSE = "music/create-compose"
COMPOSE_FIELDS = frozenset(
    {"lyrics_strength", "lyrics_weirdness"}
    | {f"prompt_{n}" for n in (2, 3)}
    | {f"prompt_{n}_{part}" for n in (1, 2, 3) for part in ("strength", "start", "end")}
)
"""Additional fields of create-compose, stored in `Options.extra`."""


def creation(request: CreateRequest, *, studio: bool = False) -> tuple[str, dict[str, Any]]:
    """Return the path and fields of the call that makes this song; fields that are None are not sent.

    Without lyrics, create-compose makes an instrumental. So a title is sent only for instrumentals or with lyrics:
    create-prompt has no title, and the service chooses one. `seed` and `length_s` are sent only to the studio.
    """
    options = request.options
    common: dict[str, Any] = {
        "model": options.model or None,
        "user_id": request.account,
        "replyUrl": options.reply_url,
        "replyRef": request.ref,
        "maxJobs": options.max_jobs,
    }
    if studio:
        common |= {"seed": options.seed, "length_s": options.length_s}
    lyrics = None if options.instrumental else options.lyrics or None
    title = options.title or None
    extra = {name: _value(value) for name, value in options.extra if name in COMPOSE_FIELDS}
    if lyrics or extra or (title and options.instrumental):
        return COMPOSE, {"title": title, "lyrics": lyrics, "prompt_1": request.prompt, **extra, **common}
    return PROMPT, {"prompt": request.prompt, "instrumental": options.instrumental, **common}


def request(request: CreateRequest) -> tuple[str, dict[str, Any]]:
    """Return the path and fields of the call, as shown by `curl`."""
    return creation(request)


def _value(value: str) -> str | int:
    """Convert numbers to JSON numbers, as documented."""
    return int(value) if value.isascii() and value.isdigit() else value
