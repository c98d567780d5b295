"""Tolerant readers of a service's JSON: each gives a plain value or nothing, and none raises on odd input.

What they read has passed `riffusion_tui.services.response_body`, so every text is clean already.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from riffusion_tui.clean import clean_line
from riffusion_tui.services.response_body import MAX_NUMBER, Junk, parse

MAX_ID = 500
"""Characters of an id; the longest known holds a UUID, a user's number and an e-mail address."""
MAX_MESSAGE = 500
"""Characters of a service's error message that are shown."""
MAX_SLOTS = 100
"""Jobs that one account can run at once; the API's page allows ten."""
MAX_ITEMS = 500
"""Items of a list in what a song's plan says."""
MAX_WORDS = 2_000
"""Characters of a text in what a song's plan says."""
_DAY_S = 86_400
_PLAN_RANGES = {"bpm": (1, 1000), "loudness_lufs": (-120, 20), "length_s": (0, _DAY_S), "duration_s": (0, _DAY_S)}
"""What a plan's numbers may be; one out of its range is left out."""
_MILLISECONDS_FROM = 1e11
"""A moment above this is in milliseconds: as seconds it would be after the year 5000."""

Record = Mapping[str, Any]


def record(value: object) -> Record:
    """Return `value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[Record]:
    """Return the JSON objects in the list `value`; an empty list for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """Return the strings in the list `value`; an empty list for anything else."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def text(value: object, *names: str) -> str:
    """Return the first of the fields `names` that holds a non-empty string, or an empty string."""
    fields = record(value)
    return next((found for name in names if isinstance(found := fields.get(name), str) and found), "")


def ident(value: object, *names: str) -> str:
    """Return the first of the fields `names` that can be an id, as one line: a string or a whole number."""
    fields = record(value)
    for name in names:
        found = fields.get(name)
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)[:MAX_ID]
        if isinstance(found, str) and (line := clean_line(found, MAX_ID)):
            return line
    return ""


def number(value: object) -> float | None:
    """Read a finite number, also from a form's text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) <= MAX_NUMBER else None


def whole(value: object, default: int) -> int:
    """Read a whole number of 0 or more and of sane size, or `default`."""
    found = number(value)
    return int(found) if found is not None and 0 <= found <= 1e9 else default


def slots(value: object, default: int) -> int:
    """Read an account's `maxJobs`, at most `MAX_SLOTS`: an estimate goes through every slot."""
    return min(whole(value, default), MAX_SLOTS)


def duration(value: object) -> float | None:
    """Read a song's length in seconds; None for what none has."""
    found = number(value)
    return found if found is not None and 0 < found < _DAY_S else None


def moment(value: object) -> float | None:
    """Read a time as seconds since the epoch: ISO 8601 (UTC where it has no zone), or epoch seconds or milliseconds.

    The vendor's scheduler page shows an ISO time and its model says a number; the busy 429 has milliseconds
    (https://useapi.net/docs/api-riffusion-v1/get-riffusion-scheduler).
    """
    found = number(value)
    if found is not None:
        return found / 1000 if abs(found) > _MILLISECONDS_FROM else found
    if not isinstance(value, str):
        return None
    try:
        when = datetime.fromisoformat(value.strip())
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def inner(value: object) -> Any:
    """Decode a field that holds JSON in a string; one that is decoded already is returned as it is."""
    if not isinstance(value, str):
        return value
    try:
        return parse(value.encode("utf-8", "replace"))
    except Junk:
        return None


def plan(value: object) -> dict[str, Any]:
    """Read what a service says that it understood and chose; lists, texts and known numbers within their limits."""
    found: dict[str, Any] = {}
    for name, item in record(value).items():
        if name not in _PLAN_RANGES:
            found[name] = plan(item) if name == "plan" else _bounded(item)
        elif not isinstance(item, str) and (figure := number(item)) is not None:
            low, high = _PLAN_RANGES[name]
            found |= {name: item} if low <= figure <= high else {}
    return found


def _bounded(value: object) -> Any:
    if isinstance(value, str):
        return value[:MAX_WORDS]
    if isinstance(value, list):
        return [_bounded(item) for item in value[:MAX_ITEMS]]
    if isinstance(value, dict):
        return {name: _bounded(item) for name, item in list(value.items())[:MAX_ITEMS]}
    return value


def message(value: object) -> str:
    """Find the sentence in an error's body: `error`, `detail`, `message` or `reason`, a text or an object with one."""
    fields = record(value)
    for name in ("error", "detail", "message", "msg", "reason"):
        found = fields.get(name)
        if isinstance(found, list):
            found = found[0] if found else None
        said = message(found) if isinstance(found, dict) else found
        if isinstance(said, str) and (line := clean_line(said, MAX_MESSAGE)):
            return line
    return ""
