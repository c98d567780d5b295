"""Turns a checked body into what the engine is asked."""

from __future__ import annotations

import hashlib
from typing import Any

from riffusion_tui.studio.addresses import literal_host
from riffusion_tui.studio.errors import InvalidRequest
from riffusion_tui.studio.queue.callback_client import public

_SEEDS = 2**31


def seed_of(job_id: str) -> int:
    """Return the seed of a job that asks for none: every job has its own, so each take differs."""
    return int.from_bytes(hashlib.sha256(job_id.encode()).digest()[:8]) % _SEEDS


def from_prompt(asked: dict[str, Any], job_id: str) -> dict[str, Any]:
    """Return the engine's request for create-prompt."""
    return {**_common(asked, job_id), "prompt": asked["prompt"], "instrumental": asked["instrumental"]}


def from_compose(asked: dict[str, Any], job_id: str) -> dict[str, Any]:
    """Return the engine's request for create-compose: the first prompt leads, all that were given colour their parts.

    Raises:
        BadRequest: a prompt ends before it begins.
    """
    prompts = []
    for number in (1, 2, 3):
        name = f"prompt_{number}"
        start, end = asked[f"{name}_start"], asked[f"{name}_end"]
        if start >= end:
            raise InvalidRequest(f"{name}_start must be smaller than {name}_end")
        if asked[name]:
            strength = asked[f"{name}_strength"] / 100
            prompts.append({"text": asked[name], "strength": strength, "start": start / 100, "end": end / 100})
    return {
        **_common(asked, job_id),
        "prompt": asked["prompt_1"],
        "instrumental": asked["lyrics"] is None,
        "title": asked["title"],
        "lyrics": asked["lyrics"],
        "lyrics_strength": asked["lyrics_strength"] / 100,
        "lyrics_weirdness": asked["lyrics_weirdness"] / 100,
        "prompts": prompts,
    }


def _common(asked: dict[str, Any], job_id: str) -> dict[str, Any]:
    seed = asked["seed"] if asked["seed"] is not None else seed_of(job_id)
    return {"seed": seed, "length_s": asked["length_s"], "model": asked["model"]}


def check_callback(url: str | None, *, allow_private: bool) -> None:
    """Raise `InvalidRequest` if a `replyUrl` names an inside address outright; a name is judged when it is called."""
    literal = literal_host(url) if url else None
    local = url is not None and literal is None and _is_localhost(url)
    if not allow_private and (local or (literal is not None and not public(literal))):
        raise InvalidRequest("replyUrl must be a public address; this studio does not call inside ones")


def _is_localhost(url: str) -> bool:
    from urllib.parse import urlsplit

    host = (urlsplit(url).hostname or "").rstrip(".")
    return host == "localhost" or host.endswith(".localhost")
