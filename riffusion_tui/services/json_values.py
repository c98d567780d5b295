"""Tolerant readers for a service's JSON: each returns a plain value or nothing, and never raises.

Their input has passed `riffusion_tui.services.response_body`, so every text is already clean.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from riffusion_tui.clean import clean_line
from riffusion_tui.services.response_body import MAX_NUMBER, InvalidBody, parse

_MAX_ID = 500
"""Maximum characters of an id; the longest known has a UUID, a user number and an e-mail address."""
MAX_MESSAGE = 500
"""Maximum characters of a service's error message."""
_MAX_SLOTS = 100
"""Maximum concurrent jobs per account; the API documents ten."""
MAX_ITEMS = 500
"""Maximum items of a list in a song's plan."""
MAX_WORDS = 2_000
"""Maximum characters of a text in a song's plan."""
_SHORTEST_S, _DAY_S = 0.001, 86_400
_PLAN_RANGES = {"bpm": (1, 1000), "loudness_lufs": (-120, 20), "length_s": (0, _DAY_S), "duration_s": (0, _DAY_S)}
"""Ranges of a plan's numbers; numbers out of range are omitted."""
_MILLISECONDS_FROM = 1e11
"""Timestamps above this are in milliseconds: as seconds they would be after the year 5000."""

Record = Mapping[str, Any]


def record(value: object) -> Record:
    """Return `value` if it is a JSON object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[Record]:
    """Return the JSON objects in the list `value`; an empty list if it isn't a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """Return the strings in the list `value`; an empty list if it isn't a list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def text(value: object, *names: str) -> str:
    """Return the first of the fields `names` that is a non-empty string, or an empty string."""
    fields = record(value)
    return next((found for name in names if isinstance(found := fields.get(name), str) and found), "")


def ident(value: object, *names: str) -> str:
    """Return the first of the fields `names` that can be an id (a string or a whole number), as one line."""
    fields = record(value)
    for name in names:
        found = fields.get(name)
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)[:_MAX_ID]
        if isinstance(found, str) and (line := clean_line(found, _MAX_ID)):
            return line
    return ""


def number(value: object) -> float | None:
    """Read a finite number; numeric strings are accepted."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) <= MAX_NUMBER else None


def whole(value: object, default: int) -> int:
    """Read a non-negative whole number of sane size, or return `default`."""
    found = number(value)
    return int(found) if found is not None and 0 <= found <= 1e9 else default


def slots(value: object, default: int) -> int:
    """Read an account's `maxJobs`, at most `_MAX_SLOTS`, because estimates loop over all slots."""
    return min(whole(value, default), _MAX_SLOTS)


def duration(value: object) -> float | None:
    """Read a song's length in seconds; None if implausible."""
    found = number(value)
    return found if found is not None and _SHORTEST_S <= found < _DAY_S else None


def moment(value: object) -> float | None:
    """Read a time as seconds since the epoch, from ISO 8601 (UTC without a zone) or epoch seconds or milliseconds.

    The vendor's scheduler page shows an ISO time but specifies a number; the busy 429 has milliseconds
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
    """Decode a JSON string; a value that isn't a string is returned unchanged."""
    if not isinstance(value, str):
        return value
    try:
        return parse(value.encode("utf-8", "replace"))
    except InvalidBody:
        return None


def plan(value: object) -> dict[str, Any]:
    """Read a song's plan; lists, texts and known numbers are limited."""
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
    """Find the message in an error's body: `error`, `detail`, `message` or `reason`, a text or an object with one."""
    fields = record(value)
    for name in ("error", "detail", "message", "msg", "reason"):
        found = fields.get(name)
        if isinstance(found, list):
            found = found[0] if found else None
        inner_message = message(found) if isinstance(found, dict) else found
        if isinstance(inner_message, str) and (line := clean_line(inner_message, MAX_MESSAGE)):
            return line
    return ""
