"""Filter expressions and sort orders, for the job list and the `jobs` command. Pure.

A filter is a list of words and fields that must all match. A word matches prompt, title, genre, error, edit and
number, ignoring case; `"two words"` is a phrase; `-word` excludes. Fields: `status:` (a status, `open`, `ended`,
`waits`, `attention`; comma-separated; `held` includes jobs held by a problem, `waits` excludes them), `account:`,
`service:`, `batch:`, `genre:`, `key:`, `model:`, `verdict:`, `id:` (`7`, `7-12`), `since:`/`until:` (`2h`, `3d`,
`today`, `yesterday`, `2025-02-17`, `14:30`), `bpm:` and `length:` (`90-120`, `>100`, `<3:00`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from math import inf
from typing import Any, NamedTuple

from riffusion_tui.jobs.length_text import seconds_of
from riffusion_tui.jobs.model import VERDICTS, Job, Options
from riffusion_tui.jobs.status import ENDED, NEEDS_ATTENTION, Status


class FilterError(ValueError):
    """The filter is invalid; `str(error)` names the word and suggests a fix."""


Test = Callable[[Job], bool]


class _Context(NamedTuple):
    now: float
    held: Test


Reader = Callable[[str, _Context], Test]
"""Reads a field's value."""


class Sort(StrEnum):
    """Sort orders of the job list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    QUEUE = "queue"
    STATUS = "status"
    TITLE = "title"
    LENGTH = "length"
    TEMPO = "tempo"
    ACCOUNT = "account"
    FINISHED = "finished"


def compile_filter(text: str, now: float, held: Test | None = None) -> Test:
    """Return a predicate for jobs. Raises `FilterError`.

    Args:
        text: the filter.
        now: what `since:` is relative to, in seconds since the epoch.
        held: whether a queued job is held by a problem; None: none is.
    """
    context = _Context(now, held or _no_job)
    tests = [_term(match, context) for match in re.finditer(_TERM, text)]
    if len(tests) == 1:
        return tests[0]

    def passes(job: Job) -> bool:
        for test in tests:  # noqa: SIM110 (a generator costs as much as a test, and there may be 100,000 jobs)
            if not test(job):
                return False
        return True

    return passes


def field_words() -> tuple[str, ...]:
    """Return what fields begin with, `bpm:`; those with known values as `status:done`."""
    known = {"status": _STATUSES, "verdict": tuple(filter(None, VERDICTS))}
    return tuple(f"{name}:{value}" for name in _FIELDS for value in known.get(name, ("",)))


def with_account_ids(text: str, names: Mapping[str, str]) -> str:
    """Return a filter that finds accounts by their nicknames too: `account:cedar` becomes `account:cedar,<its id>`."""

    def ids(match: re.Match[str]) -> str:
        wanted = tuple(part.casefold() for part in match[2].split(",") if part)
        found = [id for id, name in names.items() if wanted and name.casefold().startswith(wanted)]
        return ",".join([match[1] + match[2], *found])

    return re.sub(r"(?<!\S)(-?account:)([^\s\"]+)", ids, text)


def _term(match: re.Match[str], context: _Context) -> Test:
    field, quoted, word = match["field"], match["quoted"], match["word"]
    value = quoted if quoted is not None else word
    if field is None and quoted is None and value.endswith(":") and value[:-1].lower() in _FIELDS:
        return _any_job  # its value isn't typed yet
    if field is None:
        test = _words(value)
    elif field.lower() in _FIELDS:
        test = _FIELDS[field.lower()](value, context)
    else:
        near = get_close_matches(field.lower(), _FIELDS, n=1)
        hint = f"Did you mean '{near[0]}:'?" if near else f"Known fields: {', '.join(_FIELDS)}."
        raise FilterError(f"Unknown field '{field}:'. {hint}")
    return (lambda job: not test(job)) if match["minus"] else test


def _any_job(job: Job) -> bool:
    return True


def _no_job(job: Job) -> bool:
    return False


def _words(value: str) -> Test:
    wanted = value.casefold()
    number = int(wanted) if re.fullmatch(_ID, wanted) else None

    def test(job: Job) -> bool:
        return (
            wanted in job.prompt.casefold()
            or wanted in job.title.casefold()
            or wanted in job.genre.casefold()
            or wanted in job.error.casefold()
            or (job.options.operation is not None and wanted in _edit(job.options))
            or number == job.id
        )

    return test


def _edit(options: Options) -> str:
    """Return an edit as its row begins: `mute drums`."""
    return " ".join((str(options.operation), *(value for _, value in options.extra))).casefold()


def _wanted(name: str, value: str) -> tuple[str, ...]:
    wanted = tuple(part.casefold() for part in value.split(",") if part)
    if not wanted:
        raise FilterError(f"{name}: needs a value.")
    return wanted


def _equals(name: str) -> Reader:
    """Return a field's reader: the job's value must equal, or start with, one of the given values."""

    def read(value: str, context: _Context) -> Test:
        wanted = _wanted(name, value)
        return lambda job: (_GETTERS[name](job) or "").casefold().startswith(wanted)

    return read


def _key(value: str, context: _Context) -> Test:
    """Read a key as stored, `Am`, or as shown, `A minor`."""
    wanted = _wanted("key", value)
    for part in wanted:
        if not re.fullmatch(_KEY, part):
            raise FilterError(f'key: takes a key such as Am, F#, Bb or "D dorian", not {part!r}.')
    return lambda job: job.key.casefold().startswith(wanted) or _spelled(job.key).startswith(wanted)


def _spelled(key: str) -> str:
    if not key or " " in key:
        return key.casefold()
    return f"{key[:-1]} minor".casefold() if key.endswith("m") else f"{key} major".casefold()


def _status(value: str, context: _Context) -> Test:
    wanted: set[Status] = set()
    words: set[str] = set()
    for word in value.lower().replace("-", "_").replace(" ", "_").split(","):
        part = _RENAMED.get(word, word)
        if part not in _STATUSES:
            near = sorted(get_close_matches(part, _STATUSES), key=lambda name: name[0] != part[0])
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(_STATUSES)}."
            raise FilterError(f"Unknown status {word!r}. {hint}")
        wanted |= _STATUSES[part]
        words.add(part)
    if Status.QUEUED in wanted or not words & {"held", "waits"}:
        return lambda job: job.status in wanted
    if words >= {"held", "waits"}:
        return lambda job: job.status in wanted or job.status is Status.QUEUED
    is_held, held = "held" in words, context.held
    return lambda job: job.status in wanted or (job.status is Status.QUEUED and held(job) is is_held)


def _ids(value: str, context: _Context) -> Test:
    spans = []
    for part in value.split(","):
        match = re.fullmatch(_SPAN, part)
        span = range(int(match[1]), int(match[2] or match[1]) + 1) if match else range(0)
        if not span:
            raise FilterError(f"id: takes a number or a range such as 7-12, not {part!r}.")
        spans.append(span)
    return lambda job: any(job.id in span for span in spans)


def _measure(name: str) -> Reader:
    """Return the reader of a numeric field: a number or a time, a range of them, or `>` or `<` and one."""

    def read(value: str, context: _Context) -> Test:
        match = re.fullmatch(_RANGE, value)
        try:
            low, high = _limits(match) if match else (inf, -inf)
        except ValueError:
            low, high = inf, -inf
        if low > high:
            raise FilterError(f"{name}: takes {_EXAMPLES[name]}, not {value!r}.")
        return lambda job: (got := _NUMBERS[name](job)) is not None and low <= got <= high

    return read


def _limits(match: re.Match[str]) -> tuple[float, float]:
    sign, low, high = match["sign"], seconds_of(match["low"]), match["high"]
    if sign == ">":
        return low, inf
    if sign == "<":
        return -inf, low
    return (low, seconds_of(high)) if high else (low - 0.5, low + 0.5)


def _since(value: str, context: _Context) -> Test:
    moment = _moment(value, context.now)
    return lambda job: job.created_at >= moment


def _until(value: str, context: _Context) -> Test:
    moment = _moment(value, context.now)
    return lambda job: job.created_at < moment


def _moment(value: str, now: float) -> float:
    """Return the time, in seconds since the epoch, for a value of `since:`."""
    span = re.fullmatch(_AGO, value.lower())
    if span:
        return now - int(span[1]) * _UNITS[span[2]]
    here = datetime.fromtimestamp(now)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if value.lower() == "today":
            return midnight.timestamp()
        if value.lower() == "yesterday":
            return (midnight - timedelta(days=1)).timestamp()
        if re.fullmatch(_TIME, value):
            hour, minute = value.split(":")
            return midnight.replace(hour=int(hour), minute=int(minute)).timestamp()
        return datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError) as error:
        raise FilterError(f"Invalid time {value!r}: use 2h, 3d, today, yesterday, 14:30 or 2025-02-17.") from error


# Plain strings: `re` compiles and caches a pattern on first use, and the first frame needs none.
_TERM = r'(?P<minus>-)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>\S+))'
_ID = r"[1-9][0-9]{0,17}"
_SPAN = r"(\d{1,18})(?:-(\d{1,18}))?"
_NUMBER = r"\d{1,9}(?:\.\d{1,9})?(?::\d{1,2})?"
_RANGE = rf"(?P<sign>[<>])?(?P<low>{_NUMBER})(?:-(?P<high>{_NUMBER}))?"
_KEY = r"[a-g][#b♯♭]?(?:m|\s[a-z ]*)?"
"""In lower case, or the beginning of one."""
_AGO = r"(\d{1,6})([smhdw])"
_TIME = r"\d{1,2}:\d{2}"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_STATUSES: dict[str, frozenset[Status]] = {
    **{status.value: frozenset({status}) for status in Status},
    "open": frozenset(Status) - ENDED,
    "ended": ENDED,
    "waits": frozenset(),  # those of the queued jobs that aren't held
    "attention": NEEDS_ATTENTION,
}
_RENAMED = {"person": "attention"}
"""Names in 0.1.0, which are still accepted."""
_GETTERS: dict[str, Callable[[Job], str | None]] = {
    "account": lambda job: job.account or job.options.account,
    "service": lambda job: job.service,
    "batch": lambda job: job.batch,
    "genre": lambda job: job.genre,
    "model": lambda job: job.options.model,
    "verdict": lambda job: job.verdict,
}
_NUMBERS: dict[str, Callable[[Job], float | None]] = {
    "bpm": lambda job: job.bpm,
    "length": lambda job: job.duration_s,
}
_EXAMPLES = {"bpm": "120, 90-120, >90 or <140", "length": "180, 2:30, 2:00-3:00, >90 or <3:00"}
_FIELDS: dict[str, Reader] = {
    "status": _status,
    "id": _ids,
    "since": _since,
    "until": _until,
    **{name: _equals(name) for name in _GETTERS},
    "key": _key,
    **{name: _measure(name) for name in _NUMBERS},
}


def sort_jobs(jobs: Iterable[Job], sort: Sort, *, reverse: bool = False) -> list[Job]:
    """Return the jobs sorted; ties are newest first, and jobs without the value come last."""
    newest = sorted(jobs, key=lambda job: job.id, reverse=True)
    key, falling = _ORDERS[sort]
    known = [job for job in newest if key(job) is not None]
    known.sort(key=key, reverse=falling != reverse)
    return known + [job for job in newest if key(job) is None]


def sort_key(sort: Sort) -> Callable[[Job], tuple[Any, ...]]:
    """Return the sort key function of an order. A key ends in the negative id, so it is unique per job."""
    key, falling = _ORDERS[sort]

    def place(job: Job) -> tuple[Any, ...]:
        value = key(job)
        if value is None:
            return (True, 0, -job.id)
        return (False, -value if falling else value, -job.id)

    return place


_RANKS = {status: rank for rank, status in enumerate(Status)}
_ORDERS: dict[Sort, tuple[Callable[[Job], Any], bool]] = {
    Sort.NEWEST: (lambda job: job.id, True),
    Sort.OLDEST: (lambda job: job.id, False),
    Sort.QUEUE: (lambda job: (True, 0.0, job.id) if job.status in ENDED else (False, job.position, job.id), False),
    Sort.STATUS: (lambda job: _RANKS[job.status], False),
    Sort.TITLE: (lambda job: (job.title or job.prompt).casefold(), False),
    Sort.LENGTH: (lambda job: job.duration_s, True),
    Sort.TEMPO: (lambda job: job.bpm, False),
    Sort.ACCOUNT: (lambda job: job.account, False),
    Sort.FINISHED: (lambda job: job.ended_at, True),
}
