"""What a request to Flow Music's create and edit calls holds.

Source: https://useapi.net/docs/api-flowmusic-v1/post-flowmusic-music and …-music-edit.
"""

from __future__ import annotations

from typing import Any

from riffusion_tui.services.base import BadRequest, CreateRequest

MUSIC = "music"
EDIT = "music/edit"
STEMS = "stems"
OPERATIONS: dict[str, tuple[str, ...]] = {
    "extend": ("instruction", "extend_s", "extend_from_s"),
    "replace": ("instruction", "mask_start_s", "mask_end_s"),
    "cover": ("instruction", "strength"),
    "remix": ("lyrics", "prompt"),
    STEMS: (),
    "effect": ("effect",),
}
"""Each edit and the fields of its own; `effect` also takes those of the effect it names."""
GHOSTWRITERS = ("standard", "pro")
_TEXTS = frozenset({"instruction", "lyrics", "prompt", "effect", "ghostwriter", "title"})
_REFERENCES = frozenset(f"{kind}{number}" for kind in ("refImage", "refAudio") for number in range(1, 11))


def creation(request: CreateRequest) -> dict[str, Any]:
    """Return the fields of POST /music; a field that is None is not sent.

    There is no seed, title or `maxJobs` in this call, and `model` is the service's own choice.
    """
    options = request.options
    extra = {name: value for name, value in options.extra if name == "ghostwriter" or name in _REFERENCES}
    return {
        "prompt": request.prompt,
        "email": request.account,
        "instrumental": options.instrumental,
        "lyrics": None if options.instrumental else options.lyrics or None,
        **extra,
        **_follow_up(request),
    }


def edit(request: CreateRequest, clip: str) -> dict[str, Any]:
    """Return the fields of POST /music/edit. It names no account: the clip's own makes it.

    Where the operation's own fields (`Options.extra`) don't say otherwise, the prompt is the instruction of an
    extension, a replacement or a cover and the style of a remix, whose lyrics are `Options.lyrics`.

    Raises:
        BadRequest: there is no such operation.
    """
    options = request.options
    operation = options.operation or ""
    if operation not in OPERATIONS:
        raise BadRequest(f"Flow Music can't {operation!r} a song; it can {', '.join(OPERATIONS)}.")
    if operation == STEMS:
        return {"operation": operation, "clip": clip}
    given = dict(options.extra)
    names = given if operation == "effect" else OPERATIONS[operation]
    usual = {"instruction": request.prompt or None, "prompt": request.prompt or None, "lyrics": options.lyrics or None}
    own = {name: _value(name, given[name]) if name in given else usual.get(name) for name in names}
    made = {} if operation == "effect" else {"seed": options.seed, "title": options.title or None}
    return {"operation": operation, "clip": clip, **own, **made, **_follow_up(request)}


def _follow_up(request: CreateRequest) -> dict[str, Any]:
    return {"mode": "async", "replyUrl": request.options.reply_url, "replyRef": request.ref}


def _value(name: str, value: str) -> str | float:
    """Give a number as a number: JSON's types are what the page shows."""
    if name in _TEXTS:
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number
