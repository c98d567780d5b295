"""Convert a validated body to an engine request."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from riffusion_tui.studio.addresses import literal_host
from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.song_request import Locks, SongEdit
from riffusion_tui.studio.errors import InvalidRequest, NotReady
from riffusion_tui.studio.queue.callback_client import is_public
from riffusion_tui.studio.queue.studio_job import State, StudioJob

_SEEDS = 2**31


def seed_of(job_id: str) -> int:
    """Return the seed of a job that specifies none, derived from its id so that takes differ."""
    return int.from_bytes(hashlib.sha256(job_id.encode()).digest()[:8]) % _SEEDS


def from_prompt(fields: dict[str, Any], job_id: str) -> dict[str, Any]:
    """Return the engine's request for create-prompt."""
    own = {name: fields[name] for name in ("prompt", "instrumental", "title")}
    return {**_common(fields, job_id), **own}


def from_compose(fields: dict[str, Any], job_id: str) -> dict[str, Any]:
    """Return the engine's request for create-compose: the first prompt leads, each prompt shapes its own section.

    Raises:
        InvalidRequest: a prompt ends before it starts.
    """
    prompts = []
    for number in (1, 2, 3):
        name = f"prompt_{number}"
        start, end = fields[f"{name}_start"], fields[f"{name}_end"]
        if start >= end:
            raise InvalidRequest(f"{name}_start must be smaller than {name}_end")
        if fields[name]:
            strength = fields[f"{name}_strength"] / 100
            prompts.append({"text": fields[name], "strength": strength, "start": start / 100, "end": end / 100})
    return {
        **_common(fields, job_id),
        "prompt": fields["prompt_1"],
        "instrumental": fields["lyrics"] is None,
        "title": fields["title"],
        "lyrics": fields["lyrics"],
        "lyrics_strength": fields["lyrics_strength"] / 100,
        "lyrics_weirdness": fields["lyrics_weirdness"] / 100,
        "prompts": prompts,
    }


def _common(fields: dict[str, Any], job_id: str) -> dict[str, Any]:
    seed = fields["seed"] if fields["seed"] is not None else seed_of(job_id)
    return {"seed": seed, "length_s": fields["length_s"], "model": fields["model"], **_locks(fields)}


def _locks(fields: dict[str, Any]) -> dict[str, Any]:
    """Return `locks` if any is given. Raises `InvalidRequest` for one that can't be read."""
    given = {name: fields[name] for name in ("like", "tempo", "key", "form", "band") if fields[name]}
    if not given:
        return {}
    from riffusion_tui.studio.engine.locks import check

    try:
        check(Locks(**given))
    except EngineError as error:
        raise InvalidRequest(str(error)) from None
    return {"locks": given}


def from_edit(fields: dict[str, Any], song: StudioJob, job_id: str) -> dict[str, Any]:
    """Return the engine's request for an edit: the song's own request, and what changes.

    Raises:
        InvalidRequest: the edit can't be read, or the song has no such section or stem.
        NotReady: the song is not finished.
    """
    from riffusion_tui.studio.engine.edit_check import check_edit

    if song.state is not State.COMPLETED:
        raise NotReady(f"Song {song.id} is not completed")
    made = song.made
    song.check_engine_version("edit that song")
    names = ("section", "prompt", "length_s", "key", "stem", "instrument")
    given = {name: fields[name] for name in names if fields[name]}
    if given.get("prompt") == song.request["prompt"]:
        del given["prompt"]  # the song's own prompt says nothing new about the section
    seed = fields["seed"] if fields["seed"] is not None else seed_of(job_id)
    edit = SongEdit(fields["operation"], seed=seed, **given)
    try:
        sections = [name for _, name, _ in made.get("chart", ())]
        check_edit(edit, sections, made.get("stems", ()), made.get("band", ""))
    except EngineError as error:
        raise InvalidRequest(str(error)) from None
    return {**song.request, "parent": song.id, "edits": [*song.request.get("edits", ()), asdict(edit)]}


def check_callback(url: str | None, *, allow_private: bool) -> None:
    """Raise `InvalidRequest` if a `replyUrl` is a private IP address; host names are checked when they are called."""
    literal = literal_host(url) if url else None
    local = url is not None and literal is None and _is_localhost(url)
    if not allow_private and (local or (literal is not None and not is_public(literal))):
        raise InvalidRequest("replyUrl must be a public address; this studio doesn't call private ones")


def _is_localhost(url: str) -> bool:
    from urllib.parse import urlsplit

    host = (urlsplit(url).hostname or "").rstrip(".")
    return host == "localhost" or host.endswith(".localhost")
