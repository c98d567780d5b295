"""Convert between rows and values."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from riffusion_tui.jobs.model import Account, FailureKind, Job, Options, Song
from riffusion_tui.jobs.status import Status

# In brackets: SQLite reads an unknown name in double quotes as a text.
JOB_COLUMNS = ", ".join(f"[{name}]" for name in Job._fields)
ACCOUNT_COLUMNS = ("service", "user_id", "max_jobs", "executing", "error", "credits", "seen_at", "others", "at_once")

REV_COLUMN = Job._fields.index("rev")
_OPTIONS, _STATUS, _TROUBLE, _BPM, _FILE = map(Job._fields.index, ("options", "status", "trouble", "bpm", "file"))
_SHARED = tuple(map(Job._fields.index, ("service", "batch", "account", "genre", "key", "verdict")))
"""Cache for strings that many jobs share."""
_RUNS = tuple(map(Job._fields.index, ("ref", "prompt", "position", "created_at", "sent_at", "accepted_at", "rev")))
"""Fields that only neighboring rows share: those of takes, pairs and batches."""
UNDECODABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What conversions raise for values that no version writes: they come from damaged pages, or from other programs."""
_STATUSES = {status.value: status for status in Status}


class RowTypes:
    """The types of a row's values. SQLite stores a value of any type in any column."""

    def __init__(self, *annotations: object) -> None:
        """Create it from annotations such as `float | None`; those of other types are stored as text."""
        self._allowed = tuple(_allowed(getattr(one, "__name__", str(one))) for one in annotations)
        self._seen: set[tuple[type, ...]] = set()

    def checked(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the row. Raises `TypeError` if a value has another type."""
        types = tuple(map(type, row))
        if types not in self._seen:
            if not all(one in allowed for one, allowed in zip(types, self._allowed, strict=True)):
                raise TypeError(types)
            self._seen.add(types)
        return row


def _allowed(annotation: str) -> frozenset[type]:
    return frozenset(_SQL_TYPES.get(name, str) for name in annotation.split(" | "))


_SQL_TYPES: Mapping[str, type] = {"int": int, "float": float, "bytes": bytes, "None": type(None)}
_ACCOUNT_TYPES = RowTypes(*Account.__annotations__.values())
_JOB_TYPES = RowTypes(*({**Job.__annotations__, "file": "str | bytes"}.values()))


def to_jobs(rows: Iterable[tuple[Any, ...]]) -> tuple[Job, ...]:
    """Convert rows of `JOB_COLUMNS` to jobs; shared values are kept in memory once."""
    jobs, before = [], [None] * len(Job._fields)
    for row in rows:
        values = _values(row)
        for run in _RUNS:
            if values[run] == before[run]:
                values[run] = before[run]
        jobs.append(Job(*values))
        before = values
    return tuple(jobs)


def to_job(row: tuple[Any, ...]) -> Job:
    """Convert a row of `JOB_COLUMNS` to a job."""
    return Job(*_values(row))


def _values(row: tuple[Any, ...]) -> list[Any]:
    values = list(_JOB_TYPES.checked(row))
    values[_OPTIONS] = _to_options(row[_OPTIONS])
    values[_STATUS] = _STATUSES[row[_STATUS]]
    for shared in _SHARED:
        if values[shared]:
            values[shared] = sys.intern(values[shared])
    values[_BPM] = _tempo(row[_BPM])
    if isinstance(row[_FILE], bytes):
        values[_FILE] = os.fsdecode(row[_FILE])
    if row[_TROUBLE] is not None:
        values[_TROUBLE] = FailureKind(row[_TROUBLE])
    return values


def whole(row: tuple[Any, ...]) -> int:
    """Return the integer of a row with one column. Raises `TypeError`: what is too large for one became a float."""
    (number,) = row
    if not isinstance(number, int):
        raise TypeError(number)
    return number


def to_account(row: tuple[Any, ...]) -> Account:
    """Convert a row with an account's fields. Raises `ValueError` for a negative number of slots or jobs."""
    account = Account(*_ACCOUNT_TYPES.checked(row))
    if min(account.max_jobs, account.executing, account.others, account.concurrency) < 0:
        raise ValueError(account)
    return account


@lru_cache(maxsize=1024)
def _tempo(bpm: float | None) -> float | None:
    """Cache tempos: most songs have one of a few hundred."""
    return bpm


@lru_cache(maxsize=4096)
def _to_options(text: str) -> Options:
    """Parse options from JSON. Cached, since most jobs share theirs with others."""
    if text == "{}":
        return Options()
    fields = _read(text)
    if "extra" in fields:
        fields["extra"] = tuple((name, value) for name, value in fields["extra"])
    return Options(**fields)


@lru_cache(maxsize=4096)
def from_options(options: Options) -> str:
    """Return non-default options as JSON."""
    fields = {name: value for name, value in options._asdict().items() if value != Options._field_defaults[name]}
    return _json(fields)


def from_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns and values for fields of a job."""
    columns = dict(fields)
    if "file" in columns and not _is_unicode(columns["file"]):
        columns["file"] = os.fsencode(columns["file"])  # a path may not be valid UTF-8
    options = columns.get("options")
    if options is not None:
        columns |= {"options": from_options(options), "pin": options.account, "cap": options.max_jobs}
    return columns


def to_song(job_id: int, text: str) -> Song:
    """Parse a song from JSON."""
    fields = _read(text)
    for name in ("timed_lyrics", "timed_words"):  # songs of earlier versions have no words
        fields[name] = tuple((second, text) for second, text in fields.get(name, ()))
    fields["waveform"] = tuple(fields["waveform"])
    return Song(job_id=job_id, **fields)


def from_song(song: Song) -> str:
    """Return a song as JSON, without its job id."""
    fields = song._asdict()
    del fields["job_id"]
    return _json({**fields, "plan": dict(song.plan), "raw": dict(song.raw)})


def _read(text: str) -> Any:
    import json  # lazily: the first frame often needs no JSON

    return json.loads(text)


def _json(value: object) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if _is_unicode(text) else json.dumps(value, separators=(",", ":"))


def _is_unicode(text: str) -> bool:
    """Whether SQLite can store the text: a path's bytes that aren't UTF-8 become lone surrogates, which it can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
