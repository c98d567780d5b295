"""Convert Riffusion's records to the protocol's data types.

Source: https://useapi.net/docs/api-riffusion-v1/get-riffusion-music and the pages beside it. The vendor
documents every field as optional, so each is read separately, and an invalid one counts as missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from riffusion_tui.services import json_values
from riffusion_tui.services.base import Accepted, AccountInfo, Capacity, RemoteSong, RunningJob, Unreadable, Workload
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.services.responses import MAX_ACCOUNTS, MAX_ROWS, by_account, each_once, rows, running_job, shape
from riffusion_tui.services.riffusion.profile import remote_studio
from riffusion_tui.services.song_timeline import timed_lyrics, timed_words, waveform

DONE = frozenset({"completed", "complete"})
FAILED = frozenset({"failed", "error", "flagged"})
"""Every other status, known or not, means the song is still being made."""
_BEGUN = "generating_audio"
MAX_SONGS = 16
"""Maximum songs read per prompt; known services of this kind make two."""
NO_LYRICS = "[Instrumental]"
DEFAULT_MAX_JOBS = 6
"""Slots of an account that doesn't report its number, as recommended by the accounts page."""


def accepted(data: Any) -> Accepted:
    """Parse the response to a create: `{"job_id", "user_id"}`, or `{"jobs": [{"id"}, …]}` from later servers.

    Raises:
        Unreadable: it contains no job id.
    """
    listed = json_values.records(json_values.record(data).get("jobs"))[:MAX_SONGS]
    ids = filter(None, (json_values.ident(job, "id", "job_id") for job in listed))
    remote_ids = tuple(dict.fromkeys(ids)) or tuple(filter(None, [json_values.ident(data, "job_id", "id")]))
    if not remote_ids:
        raise Unreadable("The service accepted the prompt but returned no job id.")
    account = json_values.ident(data, "user_id") or next(
        filter(None, (json_values.ident(job, "user_id") for job in listed)), ""
    )
    return Accepted(remote_ids, account or None)


def song(entry: json_values.Record, account: str | None) -> RemoteSong:
    """Parse a song's record; `account` is the account whose list it is in."""
    word = json_values.text(entry, "status").strip().lower()
    url = json_values.text(entry, "download_url", "audio_url")
    flagged = word == "flagged" or entry.get("is_flagged") is True
    failed = flagged or word in FAILED
    plan = json_values.inner(entry.get("conditions"))
    lyrics = json_values.text(entry, "lyrics")
    sung = json_values.inner(entry.get("lyrics_timestamped"))
    return RemoteSong(
        remote_id=json_values.ident(entry, "id", "job_id"),
        account=account or json_values.ident(entry, "user_id"),
        finished=not failed and (word in DONE or (not word and bool(url))),
        failed=failed,
        status=word[:100],
        error=json_values.message(entry) if failed else "",
        flagged=flagged,
        prompt=_prompt(entry, plan),
        ref=json_values.text(entry, "replyRef") or None,
        group=json_values.ident(entry, "group_id"),
        created_at=json_values.moment(entry.get("created_at")),
        title=json_values.ident(entry, "title"),
        duration_s=json_values.duration(entry.get("duration_s")),
        progress=_share(entry.get("progress"), has_begun=word == _BEGUN),
        disk_full=entry.get("disk_full") is True,
        blocked=json_values.message({"reason": entry.get("blocked")}),
        made_s=json_values.duration(entry.get("making_s")),
        lyrics="" if lyrics.strip() == NO_LYRICS else lyrics,
        timed_lyrics=timed_lyrics(sung),
        timed_words=timed_words(sung),
        waveform=waveform(json_values.inner(entry.get("simple_waveform"))),
        plan=json_values.plan(plan),
        download_url=url,
        share_url=json_values.text(entry, "share_url"),
        image_url=json_values.text(entry, "image_url"),
        raw=dict(entry),
    )


def songs(data: Any, account: str | None) -> tuple[RemoteSong, ...]:
    """Parse GET music's list; records without an id are skipped.

    Raises:
        Unreadable: it is no array.
    """
    return tuple(one for entry in rows(data) if (one := song(entry, account)).remote_id)


def about(listed: Iterable[RemoteSong], remote_id: str) -> RemoteSong | None:
    """Find the song of the job `remote_id`, which may be listed under its song id, and return it with that job id."""
    for one in listed:
        if remote_id in {one.remote_id, json_values.ident(one.raw, "job_id")}:
            return replace(one, remote_id=remote_id)
    return None


def running(data: Any) -> tuple[RunningJob, ...]:
    """Parse GET scheduler's list.

    Raises:
        Unreadable: it is no array.
    """
    return _running(rows(data))


def _running(entries: Iterable[json_values.Record]) -> tuple[RunningJob, ...]:
    return tuple(job for entry in entries if (job := running_job(entry)) is not None)


def workload(data: Any) -> Workload:
    """Parse GET scheduler/available.

    Raises:
        Unreadable: both lists are missing.
    """
    fields = json_values.record(data)
    slots, jobs = (fields.get(name) for name in ("available", "executing"))
    if not isinstance(slots, list) and not isinstance(jobs, list):
        raise Unreadable(f"The service returned {shape(data)} instead of its running jobs.")
    capacity = (_capacity(entry) for entry in json_values.records(slots)[:MAX_ACCOUNTS])
    concurrency = json_values.whole(fields.get("renderers"), 0)
    return Workload(
        _running(json_values.records(jobs)[:MAX_ROWS]), tuple(one for one in capacity if one.account), concurrency
    )


def extensions(data: Any) -> Capabilities | None:
    """Parse what a studio adds to the API, in its GET scheduler/available; None for any other server."""
    added = json_values.record(data).get("studio")
    if not isinstance(added, dict):
        return None
    fields, edits, formats = (json_values.texts(added.get(name)) for name in ("fields", "edits", "formats"))
    return remote_studio(fields, edits, formats)


def _capacity(entry: json_values.Record) -> Capacity:
    max_jobs = json_values.slots(entry.get("maxJobs"), DEFAULT_MAX_JOBS)
    return Capacity(json_values.ident(entry, "user_id"), max_jobs, json_values.whole(entry.get("executing"), 0))


def accounts(data: Any) -> tuple[AccountInfo, ...]:
    """Parse GET accounts: a map by user_id.

    Raises:
        Unreadable: it is not a map.
    """
    return each_once(account(entry, key) for key, entry in by_account(data))


def account(entry: json_values.Record, key: str = "") -> AccountInfo:
    """Parse one account, without its (masked) secrets.

    Raises:
        Unreadable: it has no id.
    """
    user_id = json_values.ident(entry, "user_id") or json_values.ident({"key": key}, "key")
    if not user_id:
        raise Unreadable("The service returned an account without an id.")
    max_jobs = json_values.slots(entry.get("maxJobs"), DEFAULT_MAX_JOBS)
    return AccountInfo(user_id, max_jobs, json_values.message({"error": entry.get("error")}))


def _prompt(entry: json_values.Record, plan: Any) -> str:
    """Find a song's prompt in its record or in its `conditions`.

    Neither is documented; without a prompt, the song can't be matched to a request by it.
    """
    if own := json_values.text(entry, "prompt"):
        return own
    prompts = json_values.record(plan).get("prompts")
    listed = json_values.records(plan) or [json_values.record(plan), *json_values.records(prompts)]
    found = [json_values.text(one, "prompt", "text") for one in listed] + json_values.texts(prompts)
    return next(filter(None, found), "") or json_values.text(entry, "topic")


def _share(value: object, *, has_begun: bool) -> float | None:
    """Return progress, 0 to 1; None instead of 0 for a song that has begun, as 0 means that it waits for a renderer."""
    found = json_values.number(value)
    if found is None or (has_begun and found <= 0):
        return None
    return min(1.0, max(0.0, found / 100 if found > 1 else found))
