"""What a request to Riffusion's create calls holds.

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
"""What create-compose takes beside its first prompt; given as `Options.extra`."""


def creation(request: CreateRequest, *, studio: bool = False) -> tuple[str, dict[str, Any]]:
    """Return the path and the fields of the call that makes this song; a field that is None is not sent.

    create-compose makes an instrumental where it is given no lyrics. So a title alone does not lead there unless an
    instrumental is wanted: create-prompt takes no title, and the service finds its own. `seed` and `length_s` are sent
    to the studio only.
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
    """Return the path and the fields of the call, as `curl` shows it."""
    return creation(request)


def _value(value: str) -> str | int:
    """Give a number as a number: JSON's types are what the page shows."""
    return int(value) if value.isascii() and value.isdigit() else value
