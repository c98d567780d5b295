"""Convert a job to API responses: a song's record and an entry of the scheduler."""

from __future__ import annotations

import json
from typing import Any

from riffusion_tui.studio.http.signing import Signer
from riffusion_tui.studio.queue.account_rules import iso
from riffusion_tui.studio.queue.admission import reply
from riffusion_tui.studio.queue.studio_job import State, StudioJob

_CONSTANT_FIELDS = {
    **dict.fromkeys(("audio_variation", "image_override", "topic", "transform", "parent_riff_id")),
    "audio_upload_id": None,
    "privacy": "unlisted",
    "is_favorite": False,
    "favorite_count": 0,
    "play_count": 0,
}
"""Documented keys with the same value for every song."""
WAVEFORM_COVER = "cover.svg"
"""Cover file if the engine drew none."""
_WORD = {True: "[Instrumental]", False: ""}


def song_record(job: StudioJob, base: str, signer: Signer, progress: float | None) -> dict[str, Any]:
    """Return a song as in GET music: every documented key, null if not available yet.

    Additional keys: `model`, `job_id`, `user_id`, `replyUrl` and `replyRef` (if given), `error` (if failed),
    `progress` (0 to 1, while it is made; 0 while it waits for a renderer) and `making_s` (seconds that it took). Three
    hold JSON in a string: `conditions` has the request, the engine's plan (`bpm` counts beats of the meter, each `beat`
    quarter notes long, as the lock `tempo` does), the chord chart (`chart`: `[[seconds,
    section, [[seconds, chord], …]], …]`), `sections`, `stems`, the notes and levels that a client draws (`roll`,
    `spectrum`: see the engine's modules), and the song's `form` and `band` as create-prompt takes them, in one object;
    `lyrics_timestamped` is `[{"start": seconds, "text": line, "words": [{"start": seconds, "word": word}, …]}, …]`;
    `simple_waveform` is a list of peaks, 0 to 1. `download_url` ends in `.mp3`: the studio has no AAC encoder.

    Args:
        job: the job.
        base: base URL of the links.
        signer: signs the links.
        progress: progress of a song that is being made, 0 to 1.
    """
    made, request = job.made, job.request
    return {
        **_CONSTANT_FIELDS,
        "id": job.id,
        "group_id": job.id,
        "author_id": job.user_id,
        "created_at": iso(job.created_at),
        "lyrics": made.get("lyrics") or request.get("lyrics") or _WORD[bool(request["instrumental"])],
        "lyrics_timestamped": json.dumps(_timed(made)),
        "title": made.get("title") or request.get("title") or "",
        "conditions": json.dumps(_conditions(job)),
        "sound": request["prompt"],
        "remix_parent_id": request.get("parent"),
        "simple_waveform": json.dumps(made.get("waveform", [])),
        "duration_s": made.get("duration_s"),
        "status": str(job.state),
        **_links(job, base, signer),
        "model": request["model"],
        "job_id": job.id,
        "user_id": job.user_id,
        **reply(job),
        **({"error": job.error} if job.error else {}),
        **({"progress": round(progress, 3)} if progress is not None else _took(made)),
    }


def _links(job: StudioJob, base: str, signer: Signer) -> dict[str, str | None]:
    """Return the id of the cover and the addresses of the song's files, which it has once it is completed."""
    done = job.state is State.COMPLETED

    def link(file: str | None) -> str | None:
        return signer.address(base, job.id, file) if done and file else None

    return {
        "image_id": job.id if done else None,
        "download_url": link(job.made.get("file")),
        "share_url": link("page"),
        "image_url": link(job.made.get("cover") or WAVEFORM_COVER),
    }


def _took(made: dict[str, Any]) -> dict[str, Any]:
    return {"making_s": made["making_s"]} if "making_s" in made else {}


def _timed(made: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines with start times; with `words` if the engine timed them."""
    lines = made.get("timed_lyrics", ())
    words = made.get("words") or [[]] * len(lines)
    return [
        {"start": at, "text": line, **({"words": [{"start": s, "word": w} for s, w in inner]} if inner else {})}
        for (at, line), inner in zip(lines, words, strict=True)
    ]


def _conditions(job: StudioJob) -> dict[str, Any]:
    request, made = job.request, job.made
    names = ("prompt", "seed", "instrumental", "length_s", "lyrics_strength", "lyrics_weirdness", "prompts", "edits")
    requested = {name: request[name] for name in names if request.get(name) is not None}
    reported = (
        "engine",
        "engine_version",
        "sounds",
        "pronunciation",
        "loudness_lufs",
        "roll",
        "spectrum",
        "chart",
        "form",
        "band",
        "stems",
    )
    found = {name: made[name] for name in reported if made.get(name) not in (None, "", [], {})}
    if chart := made.get("chart"):
        found["sections"] = [name for _, name, _ in chart]
    return {**requested, **made.get("plan", {}), **found}


def scheduled(job: StudioJob, now: float) -> dict[str, Any]:
    """Return a running job as in GET scheduler; `elapsed` is in minutes and seconds."""
    minutes, seconds = divmod(max(0, int(now - job.created_at)), 60)
    return {
        "job_id": job.id,
        "user_id": job.user_id,
        "started": iso(job.created_at),
        "elapsed": f"{minutes:02}:{seconds:02}",
        **reply(job),
    }
