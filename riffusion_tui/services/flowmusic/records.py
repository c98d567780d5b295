"""Convert Flow Music's records to the protocol's data types.

Source: https://useapi.net/docs/api-flowmusic-v1/get-flowmusic-jobs-jobid and the pages beside it.

There are three kinds of ids. A job (`job:…`) is one request with up to two clips; its id also identifies the first
clip. The second clip is `<job> <clip>`, so that its URLs can be fetched again from the job. A clip without a known job
(from a list, or a stem) is `user:…-clip:…` as the service writes it, or `clip <id>` if a server uses another notation.
"""

from __future__ import annotations

import re
from typing import Any

from riffusion_tui.services import json_values
from riffusion_tui.services.base import Accepted, AccountInfo, Capacity, RemoteSong, RunningJob, Unreadable
from riffusion_tui.services.responses import MAX_ROWS, by_account, each_once, shape

DONE = frozenset({"completed", "complete", "succeeded", "success", "done", "finished"})
FAILED = frozenset({"failed", "failure", "error", "cancelled", "canceled", "rejected", "moderated"})
"""`completed` and `failed` are documented; compatible servers may use the others."""
DEFAULT_MAX_JOBS = 1
"""Slots of an account that doesn't report its number: the minimum."""
_MAX_CLIPS = 16
"""Maximum clips read per job; a generation has two, a separation four."""
_JOB_IDS = ("jobid", "job_id", "jobId")
_CLIP_IDS = ("clip", "clip_id", "clipId", "id")
_CREDITS = ("credits_remaining", "credits", "remaining_credits", "remaining", "balance", "available", "total")
_CLIP = re.compile(r"user:.*-clip:")
_NUMBER = "#"
"""Prefix of a substitute for a missing clip id; followed by the clip's number within the job."""
_MODERATED = re.compile("moderat|flagged|polic|safety|prohibited", re.IGNORECASE)
_JOB_ITSELF = re.compile(r"(?<=.)-user:")
"""Ends the part of a job's id that identifies it."""
_OWNER = re.compile(r"user:\w+-(.+@.+)-(?:clip|bot):")


def pair(job: str, clip: str) -> str:
    """Return the id of a job's second or later clip."""
    return f"{job} {clip}"


def alone(clip: str) -> str:
    """Return the id of a clip whose job is unknown."""
    return clip if _CLIP.match(clip) else f"clip {clip}"


def split(remote_id: str) -> tuple[str, str]:
    """Split an id into (job, clip); either may be empty."""
    left, _, right = remote_id.partition(" ")
    if right:
        return ("" if left == "clip" else left), right
    return ("", left) if _CLIP.match(left) else (left, "")


def is_same_job(one: str, other: str) -> bool:
    """Whether two ids are of one job, even if the account in them is written differently (`%40` for `@`)."""
    return _JOB_ITSELF.split(one.lower())[0] == _JOB_ITSELF.split(other.lower())[0]


def owner(own: str) -> str:
    """Return the account in a clip's or job's id, or an empty string."""
    found = _OWNER.search(own)
    return found[1] if found else ""


def is_number(clip: str) -> bool:
    """Whether this is a clip's number within its job instead of an id."""
    return clip.startswith(_NUMBER)


def clip_of(entry: json_values.Record) -> str:
    """Return a clip's id, or an empty string."""
    return json_values.ident(entry, *_CLIP_IDS)


def accepted(data: Any) -> Accepted:
    """Parse the response to a create or an edit: a job's id, or the clips' ids if they are already finished.

    Raises:
        Unreadable: it contains neither.
    """
    clips = tuple(alone(own) for one in _clips(json_values.record(data)) if (own := clip_of(one)))
    job = json_values.ident(data, *_JOB_IDS, "id")
    # Stems are returned immediately, and the documentation doesn't say whether their job can be fetched later.
    remote_ids = clips if clips and (not job or json_values.text(data, "operation") == "stems") else (job,)
    if not remote_ids[0]:
        raise Unreadable("The service accepted the request but returned no job id.")
    return Accepted(remote_ids, json_values.ident(data, "email") or owner(remote_ids[0]) or None)


def finished_songs(data: Any, taken: Accepted) -> tuple[RemoteSong, ...]:
    """Return the finished songs in the response to a create: those in `taken`, or all of the job's."""
    if json_values.ident(data, *_JOB_IDS, "id") in taken.remote_ids:
        song = job(data, taken.account)
        return (song,) if song.finished else ()
    listed = (
        clip(one, taken.account or "", made_by=json_values.record(data)) for one in _clips(json_values.record(data))
    )
    return tuple(one for one in listed if one.remote_id in taken.remote_ids)


def job(data: Any, account: str | None = None) -> RemoteSong:
    """Parse a job's record: the song of its first clip, with the other clips as siblings.

    Raises:
        Unreadable: it has no id.
    """
    entry = json_values.record(data)
    remote_id = json_values.ident(entry, *_JOB_IDS, "id")
    if not remote_id:
        raise Unreadable("The service's response has no id of a job.")
    email = json_values.ident(entry, "email") or account or owner(remote_id)
    word = _status(entry)
    clips = [one for one in _clips(entry) if clip_of(one) or json_values.text(one, "audio_url", "wav_url")]
    if word in DONE and clips:
        first, *others = clips
        named = [pair(remote_id, clip_of(one) or f"{_NUMBER}{number}") for number, one in enumerate(others, start=2)]
        siblings = tuple(clip(one, email, own, entry) for own, one in zip(named, others, strict=True))
        return clip(first, email, remote_id, entry, siblings)
    request = json_values.record(entry.get("request"))
    failed = word in FAILED or word in DONE
    code = json_values.text(json_values.record(entry.get("error")), "code")
    why = json_values.message(entry) or (
        "The service reports it as completed but returned no clip." if word in DONE else ""
    )
    return RemoteSong(
        remote_id=remote_id,
        account=email,
        finished=False,
        failed=failed,
        status=word[:100],
        error=why if failed else "",
        flagged=failed and bool(_MODERATED.search(f"{code} {why}")),
        prompt=json_values.text(request, "prompt"),
        ref=json_values.text(request, "replyRef") or json_values.text(entry, "replyRef") or None,
        created_at=json_values.moment(entry.get("created_at")),
        raw=dict(entry),
    )


def clip(
    entry: json_values.Record,
    account: str,
    remote_id: str = "",
    made_by: json_values.Record | None = None,
    siblings: tuple[RemoteSong, ...] = (),
) -> RemoteSong:
    """Parse a clip: a finished song. `made_by` is the record of its job, if known."""
    made_by = made_by or {}
    request = json_values.record(made_by.get("request"))
    lyrics = json_values.text(entry, "lyrics")
    seed = entry.get("seed")
    own = clip_of(entry)
    return RemoteSong(
        remote_id=remote_id or (alone(own) if own else ""),
        account=account or owner(own),
        finished=True,
        failed=False,
        status="completed",
        prompt=json_values.text(request, "prompt"),
        ref=json_values.text(request, "replyRef") or None,
        created_at=json_values.moment(entry.get("created_at") or made_by.get("created_at")),
        title=json_values.ident(entry, "title"),
        duration_s=json_values.duration(entry.get("duration_s")),
        lyrics=lyrics,
        timed_lyrics=_timed(lyrics, entry.get("lyrics_timing")),
        plan={"seed": seed} if json_values.number(seed) is not None else {},
        download_url=json_values.text(entry, "audio_url"),
        image_url=json_values.text(entry, "image_url"),
        raw=dict(entry),
        siblings=siblings,
    )


def clips(data: Any, account: str | None) -> tuple[RemoteSong, ...]:
    """Parse GET music: a page of an account's clips, newest first, or a plain list.

    Raises:
        Unreadable: it contains no list of clips.
    """
    fields = {"clips": data} if isinstance(data, list) else json_values.record(data)
    if not isinstance(fields.get("clips"), list):
        raise Unreadable("The service's response has no list of clips.")
    email = account or json_values.ident(fields, "email")
    listed = (clip(one, email) for one in json_values.records(fields["clips"]))
    return tuple(one for one in listed if one.remote_id)


def running(data: Any) -> tuple[RunningJob, ...]:
    """Parse GET jobs and return the running jobs; ended jobs that are still listed are skipped.

    Documented is a map from account to `{"running", "maxJobs", "jobs"}`; a list of job records, plain or in a field, is
    accepted too.

    Raises:
        Unreadable: it is neither.
    """
    return tuple(
        RunningJob(remote_id, json_values.ident(one, "email") or email or owner(remote_id), _began(one), _ref(one))
        for email, one in _jobs(data)
        if (remote_id := json_values.ident(one, *_JOB_IDS, "id")) and _status(one) not in DONE | FAILED
    )


def _jobs(data: Any) -> list[tuple[str, json_values.Record]]:
    """Return every job's record with the account it is listed under, if any."""
    if data is None or isinstance(data, list):
        return [("", one) for one in json_values.records(data)]
    found: list[tuple[str, json_values.Record]] = []
    if not isinstance(data, dict) or (
        data and not any(one is None or isinstance(one, dict | list) for one in data.values())
    ):
        raise Unreadable(f"The service returned {shape(data)} instead of its running jobs.")
    for key, entry in data.items():
        if json_values.ident(entry, *_JOB_IDS):
            found.append(("", entry))
        elif isinstance(entry, list):
            found += [(key if "@" in key else "", one) for one in json_values.records(entry)]
        else:
            found += [(key, one) for one in json_values.records(json_values.record(entry).get("jobs"))]
    return found[:MAX_ROWS]


def _began(entry: json_values.Record) -> float | None:
    return json_values.moment(entry.get("created_at", entry.get("started")))


def _ref(entry: json_values.Record) -> str | None:
    return (
        json_values.text(json_values.record(entry.get("request")), "replyRef")
        or json_values.text(entry, "replyRef")
        or None
    )


def capacity(data: Any, accounts: tuple[AccountInfo, ...]) -> tuple[Capacity, ...]:
    """Count each account's slots; GET jobs lists only accounts with running jobs."""
    listed = {key: entry for key, entry in json_values.record(data).items() if _is_account(entry)}
    known = {one.user_id: one.max_jobs for one in accounts}
    runs = [job.account for job in running(data) if job.account]
    found = []
    for email in dict.fromkeys([*known, *listed, *runs]):
        entry = listed.get(email, {})
        max_jobs = json_values.slots(entry.get("maxJobs"), known.get(email, DEFAULT_MAX_JOBS))
        executing = json_values.whole(entry.get("running"), runs.count(email))
        found.append(Capacity(email, max_jobs, executing))
    return tuple(found)


def _is_account(entry: Any) -> bool:
    return isinstance(entry, dict) and ("jobs" in entry or "running" in entry or "maxJobs" in entry)


def account(entry: json_values.Record, key: str = "") -> AccountInfo:
    """Parse one account, without its (masked) tokens.

    Raises:
        Unreadable: it has no id.
    """
    email = json_values.ident(entry, "email") or json_values.ident({"key": key}, "key")
    if not email:
        raise Unreadable("The service returned an account without an e-mail address.")
    wrong = entry.get("error")
    return AccountInfo(
        user_id=email,
        max_jobs=json_values.slots(entry.get("maxJobs"), DEFAULT_MAX_JOBS),
        error=json_values.message({"error": wrong}) or ("in error state" if wrong else ""),
        credits=_credits(entry),
    )


def _credits(entry: json_values.Record) -> float | None:
    """Return the remaining credits: a number, or an object with one."""
    for name in _CREDITS:
        held = entry.get(name)
        found = _credits(held) if isinstance(held, dict) else json_values.number(held)
        if found is not None:
            return found
    return None


def accounts(data: Any) -> tuple[AccountInfo, ...]:
    """Parse GET accounts: a map by e-mail address, or a list of accounts with addresses.

    Raises:
        Unreadable: it is neither.
    """
    if isinstance(data, list):
        return each_once(
            account(entry) for entry in json_values.records(data[:MAX_ROWS]) if json_values.ident(entry, "email")
        )
    return each_once(account(entry, key) for key, entry in by_account(data))


def repaired(data: Any, user_id: str | None, max_jobs: int) -> AccountInfo:
    """Parse the response to POST accounts: the account, plain or in a map.

    Raises:
        Unreadable: the account can't be identified.
    """
    entry = json_values.record(data)
    if not json_values.ident(entry, "email"):
        inside = [(key, one) for key, one in entry.items() if "@" in key and isinstance(one, dict)]
        key, entry = inside[0] if len(inside) == 1 else (user_id or "", entry)
        entry = {"email": key, **entry}
    return account({"maxJobs": max_jobs, **entry})


def _status(entry: json_values.Record) -> str:
    """Return a job's status; if missing, derive it from its clips or error."""
    if word := json_values.text(entry, "status").strip().lower():
        return word
    if json_values.message({"error": entry.get("error")}):
        return "failed"
    return "completed" if any(json_values.text(one, "audio_url") for one in _clips(entry)) else ""


def _clips(entry: json_values.Record) -> list[json_values.Record]:
    """Return a record's clips, each once: the same one listed again is no other song."""
    listed = json_values.records(entry.get("clips"))[:_MAX_CLIPS]
    return list({clip_of(one) or number: one for number, one in enumerate(listed)}.values())


def _timed(lyrics: str, timing: Any) -> tuple[tuple[float, str], ...]:
    """Pair sung lines with their [start, end] seconds, if both lists have the same length."""
    lines = [line for line in map(str.strip, lyrics.split("\n")) if line and not line.startswith("[")]
    marks = timing if isinstance(timing, list) else []
    starts = [json_values.number(mark[0]) for mark in marks if isinstance(mark, list) and mark]
    if len(lines) != len(starts):
        return ()
    return tuple((start, line) for start, line in zip(starts, lines, strict=True) if start is not None)
