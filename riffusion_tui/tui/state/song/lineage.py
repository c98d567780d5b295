"""The origin of a take, and its differences from another take: prompt, options, song."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

from riffusion_tui.jobs.model import Job, Options, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.job_list.job_row import short_account
from riffusion_tui.tui.state.prompt.lock_texts import field_text
from riffusion_tui.tui.state.shaded_lines import LABEL_CELLS, Lines, Shaded, label
from riffusion_tui.tui.state.song.song_lines import spelled_key
from riffusion_tui.tui.state.times import span

_MAX_GENERATIONS = 50
OPTION_NAMES = {
    "length_s": "target length",
    "extra": "fields",
    "max_jobs": "slots",
    "reply_url": "replyUrl",
    "reply_ref": "replyRef",
}
"""Labels of options."""
_MARKS = ",;.:"
"""Marks at the end of a word that a change of the next word adds or removes."""
_OF_AN_EDIT = frozenset({"operation", "extra"})
_OF_THE_REQUEST = frozenset({"service", "account"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between two takes."""

    name: str
    before: str
    after: str


def ancestors(job: Job, find: Callable[[int], Job | None]) -> list[Job]:
    """Return the ancestors of `job`, nearest first; a removed job ends the chain."""
    line: list[Job] = []
    while job.parent is not None and len(line) < _MAX_GENERATIONS and (earlier := find(job.parent)) is not None:
        job = earlier
        line.append(job)
    return line


def differences(before: Job, after: Job) -> tuple[Difference, ...]:
    """Return the differences in request and, once both have one, in result."""
    elsewhere = before.service != after.service
    carried_over = elsewhere and after.parent == before.id and not before.options.lyrics
    unsent = None in (before.account, after.account)
    both_made = before.status is after.status is Status.DONE
    seed_unknown = not both_made and None in (_options(before).seed, _options(after).seed)
    ignored = {"source"} | ({"lyrics"} if carried_over else set()) | ({"seed"} if seed_unknown else set())
    if after.options.operation and after.parent == before.id:  # an edit keeps all but what it names
        ignored |= set(Options._fields) - _OF_AN_EDIT
    found = [
        Difference(OPTION_NAMES.get(name, name), option_text(name, old), option_text(name, new))
        for name, old, new in zip(Options._fields, _options(before), _options(after), strict=True)
        if name not in ignored and old != new
    ]
    for name, old, new in (
        ("title", before.title, after.title),
        ("length", _length(before), _length(after)),
        ("tempo", f"{before.bpm:.0f}" if before.bpm else "", f"{after.bpm:.0f}" if after.bpm else ""),
        ("key", spelled_key(before.key), spelled_key(after.key)),
        ("genre", before.genre, after.genre),
        ("service", before.service, after.service),
        (
            "account",
            "" if elsewhere or unsent else short_account(before.account),
            "" if elsewhere or unsent else short_account(after.account),
        ),
    ):
        if old != new and (both_made or name in _OF_THE_REQUEST):
            found.append(Difference(name, old or "–", new or "–"))
    return tuple(found)


def option_text(name: str, value: object) -> str:
    """Format an option's value: a length as `2:30`."""
    return span(value) if name == "length_s" and isinstance(value, float | int) else shown(value)


def _options(job: Job) -> Options:
    """Return the requested fields with the seed that was used: another service gets it from the song."""
    return job.options._replace(seed=job.seed if job.options.seed is None else job.options.seed)


def prompt_change(before: str, after: str) -> list[Shaded]:
    """Return a word diff from `before` to `after` on one line; `pop` and `pop,` are the same word."""
    old, new = before.split(), after.split()
    parts: list[Shaded] = []
    bare_old, bare_new = ([word.rstrip(_MARKS) or word for word in text] for text in (old, new))
    for what, i, j, k, m in SequenceMatcher(None, bare_old, bare_new, autojunk=False).get_opcodes():
        if what in ("replace", "delete"):
            parts.append((f"−[{' '.join(old[i:j])}] ", "held"))
        if what in ("replace", "insert"):
            parts.append((f"+[{' '.join(new[k:m])}] ", "done"))
        if what == "equal":
            parts.append((" ".join(new[k:m]) + " ", "dim"))
    return parts


def describe_changes(before: Job, after: Job, *, narrow: bool = False) -> Lines:
    """Return the differences between two takes as lines; `narrow`: with a column that is only as wide as needed."""
    rows: list[tuple[str, list[Shaded]]] = []
    if before.prompt != after.prompt:
        rows.append((message("lineage.prompt"), prompt_change(before.prompt, after.prompt)))
    rows += [
        (one.name, [(one.before, "held"), (" → ", "faint"), (one.after, "done")]) for one in differences(before, after)
    ]
    if not rows:
        return [[(message("lineage.same"), "dim")]]
    column = max(len(name) for name, _ in rows) + 2 if narrow else LABEL_CELLS
    return [[label(name, column), *parts] for name, parts in rows]


def lyrics_of(song: Song | None) -> str:
    """Return a song's lyrics; empty if there are none."""
    return song.lyrics.strip() if song is not None else ""


def shown(value: object) -> str:
    """Format an option's value for display; an edit's fields as `length 30 s, from 12 s`."""
    if value in (None, (), ""):
        return "–"
    return ", ".join(field_text(name, text) for name, text in value) if isinstance(value, tuple) else str(value)


def _length(job: Job) -> str:
    return span(job.duration_s) if job.duration_s is not None else ""
