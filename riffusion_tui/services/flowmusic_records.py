"""Flow Music's records, read into the protocol's values.

Source: https://useapi.net/docs/api-flowmusic-v1/get-flowmusic-jobs-jobid and its neighbours.

Three kinds of id are in use. A job (`job:…`) is one request and gives up to two clips; it stands for the first. The
second is `<job> <clip>`, so that its addresses can be asked of the job again. A clip alone is one that is known from a
list, or a stem: `user:…-clip:…` as the service writes it, or `clip <id>` where a server's clips are named otherwise.
"""

from __future__ import annotations

import re
from typing import Any

from riffusion_tui.services import values
from riffusion_tui.services.answers import by_account
from riffusion_tui.services.base import Accepted, AccountInfo, Capacity, RemoteSong, RunningJob, Unreadable

DONE = "completed"
FAILED = frozenset({"failed", "error"})
DEFAULT_MAX_JOBS = 1
"""What an account that does not say is taken to run at once: the least that it can."""
MAX_CLIPS = 16
"""Clips of one job that are read; a generation gives two, a separation four."""
_CLIP = "user:"
_MODERATED = re.compile("moderat|flagged|polic|safety|prohibited", re.IGNORECASE)
_OWNER = re.compile(r"user:\d+-(.+)-clip:")


def pair(job: str, clip: str) -> str:
    """Return the id of a job's further clip."""
    return f"{job} {clip}"


def alone(clip: str) -> str:
    """Return the id of a clip whose job is not known."""
    return clip if clip.startswith(_CLIP) else f"clip {clip}"


def split(remote_id: str) -> tuple[str, str]:
    """Return (job, clip) of an id; either may be empty."""
    left, _, right = remote_id.partition(" ")
    if right:
        return ("" if left == "clip" else left), right
    return ("", left) if left.startswith(_CLIP) else (left, "")


def owner(clip: str) -> str:
    """Return the account that a clip's id names, or an empty string."""
    found = _OWNER.match(clip)
    return found[1] if found else ""


def accepted(data: Any) -> Accepted:
    """Read the answer to a create or an edit: a job's id, or the clips' own where they are there at once.

    Raises:
        Unreadable: it names neither.
    """
    clips = tuple(alone(own) for one in _clips(values.record(data)) if (own := values.ident(one, "clip")))
    job = values.ident(data, "jobid")
    # Stems come at once, and the page does not say that their job can be asked for again.
    remote_ids = clips if clips and (not job or values.text(data, "operation") == "stems") else (job,)
    if not remote_ids[0]:
        raise Unreadable("The service took the request but named no job.")
    return Accepted(remote_ids, values.ident(data, "email") or owner(remote_ids[0]) or None)


def made_at_once(data: Any, taken: Accepted) -> tuple[RemoteSong, ...]:
    """Return the songs that the answer to a create held already, where they are what it is followed by."""
    listed = (clip(one, taken.account or "", made_by=values.record(data)) for one in _clips(values.record(data)))
    return tuple(one for one in listed if one.remote_id in taken.remote_ids)


def job(data: Any, account: str | None = None) -> RemoteSong:
    """Read a job's record: the song of its first clip, with the others as its siblings.

    Raises:
        Unreadable: it has no id.
    """
    entry = values.record(data)
    remote_id = values.ident(entry, "jobid")
    if not remote_id:
        raise Unreadable("The service's answer is not the job that its page describes.")
    email = values.ident(entry, "email") or account or ""
    word = values.text(entry, "status").strip().lower()
    clips = [one for one in _clips(entry) if values.ident(one, "clip")]
    if word == DONE and clips:
        first, *others = clips
        siblings = tuple(clip(one, email, pair(remote_id, values.ident(one, "clip")), entry) for one in others)
        return clip(first, email, remote_id, entry, siblings)
    asked = values.record(entry.get("request"))
    failed = word in FAILED or word == DONE
    code = values.text(values.record(entry.get("error")), "code")
    why = values.message(entry) or ("The service calls it completed and gives no clip." if word == DONE else "")
    return RemoteSong(
        remote_id=remote_id,
        account=email,
        finished=False,
        failed=failed,
        status=word[:100],
        error=why if failed else "",
        flagged=failed and bool(_MODERATED.search(f"{code} {why}")),
        prompt=values.text(asked, "prompt"),
        ref=values.text(asked, "replyRef") or values.text(entry, "replyRef") or None,
        created_at=values.moment(entry.get("created_at")),
        raw=dict(entry),
    )


def clip(
    entry: values.Record,
    account: str,
    remote_id: str = "",
    made_by: values.Record | None = None,
    siblings: tuple[RemoteSong, ...] = (),
) -> RemoteSong:
    """Read a clip: a finished song. `made_by` is the record of its job, where that is known."""
    made_by = made_by or {}
    asked = values.record(made_by.get("request"))
    lyrics = values.text(entry, "lyrics")
    seed = entry.get("seed")
    own = values.ident(entry, "clip")
    return RemoteSong(
        remote_id=remote_id or (alone(own) if own else ""),
        account=account or owner(own),
        finished=True,
        failed=False,
        status=DONE,
        prompt=values.text(asked, "prompt"),
        ref=values.text(asked, "replyRef") or None,
        created_at=values.moment(entry.get("created_at") or made_by.get("created_at")),
        title=values.ident(entry, "title"),
        duration_s=values.duration(entry.get("duration_s")),
        lyrics=lyrics,
        timed_lyrics=_timed(lyrics, entry.get("lyrics_timing")),
        plan={"seed": seed} if values.number(seed) is not None else {},
        download_url=values.text(entry, "audio_url"),
        image_url=values.text(entry, "image_url"),
        raw=dict(entry),
        siblings=siblings,
    )


def clips(data: Any, account: str | None) -> tuple[RemoteSong, ...]:
    """Read GET music: a page of an account's clips, newest first.

    Raises:
        Unreadable: it holds no list of clips.
    """
    fields = values.record(data)
    if not isinstance(fields.get("clips"), list):
        raise Unreadable("The service's answer is not the list of clips that its page describes.")
    email = account or values.ident(fields, "email")
    listed = (clip(one, email) for one in values.records(fields["clips"]))
    return tuple(one for one in listed if one.remote_id)


def running(data: Any) -> tuple[RunningJob, ...]:
    """Read GET jobs: by account, what it runs. What has ended and is still listed is left out.

    Raises:
        Unreadable: it is no map.
    """
    return tuple(
        RunningJob(remote_id, email, values.moment(one.get("created_at")))
        for email, entry in by_account(data)
        for one in values.records(entry.get("jobs"))
        if (remote_id := values.ident(one, "jobid")) and not _ended(one)
    )


def capacity(data: Any, accounts: tuple[AccountInfo, ...]) -> tuple[Capacity, ...]:
    """Count each account's slots: those that run something are in GET jobs, the idle ones are not."""
    busy = dict(by_account(data))
    known = {one.user_id: one.max_jobs for one in accounts}
    found = []
    for email in dict.fromkeys([*known, *busy]):
        entry = busy.get(email, {})
        max_jobs = values.whole(entry.get("maxJobs"), known.get(email, DEFAULT_MAX_JOBS))
        executing = values.whole(entry.get("running"), len(values.records(entry.get("jobs"))))
        found.append(Capacity(email, max_jobs, executing, max(0, max_jobs - executing)))
    return tuple(found)


def account(entry: values.Record, key: str = "") -> AccountInfo:
    """Read one account. Its tokens, masked by the server, are left where they are.

    Raises:
        Unreadable: it has no id.
    """
    email = values.ident(entry, "email") or values.ident({"key": key}, "key")
    if not email:
        raise Unreadable("The service described an account without an address.")
    return AccountInfo(
        user_id=email,
        max_jobs=values.whole(entry.get("maxJobs"), DEFAULT_MAX_JOBS),
        error=values.message({"error": entry.get("error")}),
        credits=values.number(entry.get("credits_remaining")),
    )


def accounts(data: Any) -> tuple[AccountInfo, ...]:
    """Read GET accounts: a map by e-mail address.

    Raises:
        Unreadable: it is no map.
    """
    return tuple(account(entry, key) for key, entry in by_account(data))


def _ended(entry: values.Record) -> bool:
    word = values.text(entry, "status").strip().lower()
    return word == DONE or word in FAILED


def _clips(entry: values.Record) -> list[values.Record]:
    return values.records(entry.get("clips"))[:MAX_CLIPS]


def _timed(lyrics: str, timing: Any) -> tuple[tuple[float, str], ...]:
    """Join the lines that are sung with their [start, end] seconds, where there are as many of one as of the other."""
    lines = [line for line in map(str.strip, lyrics.split("\n")) if line and not line.startswith("[")]
    marks = timing if isinstance(timing, list) else []
    starts = [values.number(mark[0]) for mark in marks if isinstance(mark, list) and mark]
    if len(lines) != len(starts):
        return ()
    return tuple((start, line) for start, line in zip(starts, lines, strict=True) if start is not None)
