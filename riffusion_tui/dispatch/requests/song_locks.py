"""Keep properties of a finished song for the next one: tempo, key, seed, form, band, lyrics. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.requests.prompt_fields import plan_of, tempo_of
from riffusion_tui.jobs.edit_words import edit_words
from riffusion_tui.jobs.lock_names import EVERY_LINE, LIKE, LOCK_FIELDS, LOCKS
from riffusion_tui.jobs.model import Job, Options, Song
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.services.profiles import profile_of


class Lock(NamedTuple):
    """A property of a song that the service can keep."""

    name: str
    value: str
    """The value in the format of its field or option: `92`, `A minor`, the lyrics."""


def lockable(job: Job, song: Song | None, can: Capabilities) -> tuple[Lock, ...]:
    """Return the properties of a finished song that are known and that the service can lock."""
    plan = plan_of(song)
    known = can.field_names
    key, bpm, seed = plan.get("key"), tempo_of(plan), job.options.seed if job.seed is None else job.seed
    words = job.options.lyrics or (song.lyrics.strip() if song else "")
    found = {
        "tempo": f"{bpm:.10g}" if bpm is not None and "tempo" in known else "",
        "key": f"{key} {plan.get('mode') or 'major'}" if isinstance(key, str) and key and "key" in known else "",
        "seed": str(seed) if seed is not None and can.seed else "",
        **{name: _text(plan.get(name)) if name in known else "" for name in ("form", "band")},
        "lyrics": words if can.given_lyrics and not job.options.instrumental else "",
    }
    return tuple(Lock(name, found[name]) for name in LOCKS if found[name])


def locked_options(job: Job, song: Song | None, can: Capabilities, names: Collection[str]) -> Options:
    """Return options for another song like the one of `job`, with `names` of `LOCKS` kept and the others free.

    Raises:
        NotPossible: one of `names` can't be locked for this song.
    """
    there = {lock.name: lock.value for lock in lockable(job, song, can)}
    for name in names:
        if name not in there:
            raise NotPossible(f"Job {job.id}: {name} can't be locked; {_possible(there)}.")
    kept = () if job.options.operation else job.options.extra
    extra = {name: text for name, text in kept if name not in LOCK_FIELDS}
    extra |= {name: there[name] for name in LOCKS if name in names and name in LOCK_FIELDS}
    if "seed" in names and any(field.name == LIKE for field in can.fields):
        extra[LIKE] = dict(kept).get(LIKE) or job.prompt
    title = job.options.title
    if "lyrics" in names and not job.options.lyrics:  # the service wrote them, and the title with them
        title = title or (job.title[: can.max_title] if can.title else "") or None
        if LIKE in can.field_names:
            extra.update([EVERY_LINE])
    return job.options._replace(
        title=title,
        operation=None,
        source=None,
        seed=int(there["seed"]) if "seed" in names else None,
        lyrics=there["lyrics"] if "lyrics" in names else None,
        extra=tuple(extra.items()),
    )


def unkept_edits(
    job: Job, find: Callable[[int], Job | None], can: Capabilities, names: Collection[str]
) -> tuple[str, ...]:
    """Return the edits that another song like the one of `job` doesn't keep: `replace Verse 2`, first one first.

    Args:
        job: a finished song's job.
        find: returns a job by id, or None if it was removed.
        can: the features of the job's service.
        names: the locked properties.
    """
    kept = {edit.name for edit in can.edits if edit.lock in names}
    lost: list[str] = []
    edited: Job | None = job
    while edited is not None and (name := edited.options.operation):
        if name not in kept:
            lost.insert(0, edit_words(edited.options))
        edited = None if edited.parent is None else find(edited.parent)
    return tuple(lost)


def lost_edits(job: Job, find: Callable[[int], Job | None]) -> str:
    """Return what a song that locks properties of an edited song doesn't keep of it; empty if it keeps all.

    Args:
        job: the new song's job.
        find: returns a job by id, or None if it was removed.
    """
    names = _locked(job.options)
    parent = find(job.parent) if names and job.parent is not None and not job.options.operation else None
    if parent is None or job.service not in SERVICES:
        return ""
    lost = unkept_edits(parent, find, profile_of(job.service).capabilities, names)
    return f"no lock keeps the edits of job {parent.id}: {', '.join(lost)}" if lost else ""


def _locked(options: Options) -> set[str]:
    """Return the properties that are locked: a locked seed goes with the prompt that it belongs to."""
    names = {name for name, _ in options.extra if name in LOCK_FIELDS}
    names |= {"lyrics"} if options.lyrics else set()
    return names - {LIKE} | ({"seed"} if LIKE in names else set())


def _possible(there: Collection[str]) -> str:
    return f"only {', '.join(there)} can" if there else "nothing can be locked"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
