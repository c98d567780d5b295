"""The fields of a batch file's entry: their names in the file and here, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from difflib import get_close_matches
from math import isfinite

from riffusion_tui.clean import clean_text
from riffusion_tui.jobs.length_text import seconds_of
from riffusion_tui.jobs.matrix import MAX_TAKES
from riffusion_tui.jobs.model import MAX_JOBS_RANGE, MAX_REFERENCE


class UnknownField(ValueError):
    """There is no such field; `str(error)` is a sentence that names it."""


def known_field(name: str, more: Collection[str]) -> tuple[str, Callable[[object], object]]:
    """Return a field's internal name and its reader, which raises `ValueError`; `more` are the service's own fields.

    Raises:
        UnknownField: there is no such field.
    """
    if name in FIELDS:
        return FIELDS[name]
    there = [*FIELDS, *more]
    near = get_close_matches(name, there, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else f" Known fields: {', '.join(there)}."
    raise UnknownField(f"unknown field {name!r}.{hint}")


def one_of(value: object, names: Collection[str]) -> str:
    """Return a value that is one of `names`. Raises `ValueError`."""
    if not isinstance(value, str) or value not in names:
        raise ValueError(f"must be one of {', '.join(names)}")
    return value


def plain_text(value: object) -> str:
    """Read text; a number becomes its digits. Raises `ValueError`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be text or a number")
    return clean_text(value, len(value)) if isinstance(value, str) else f"{value:g}"


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return clean_text(value, len(value))


def _boolean(value: object) -> bool:
    """Read a boolean; form data and CSV hold it as text."""
    word = value.strip().lower() if isinstance(value, str) else value
    if word in (True, "true", "yes", "1"):
        return True
    if word in (False, "false", "no", "0"):
        return False
    raise ValueError("must be true or false")


def _number(value: object) -> float:
    wrong = "must be a number"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(wrong)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ValueError(wrong) from None
    if not isfinite(number):
        raise ValueError(wrong)
    return number


def _whole(value: object) -> int:
    number = _number(value)
    if not number.is_integer():
        raise ValueError("must be a whole number")
    return int(number)


def _in(allowed: range) -> Callable[[object], int]:
    def read(value: object) -> int:
        number = _whole(value)
        if number not in allowed:
            raise ValueError(f"must be {allowed[0]} to {allowed[-1]}")
        return number

    return read


def _reference(value: object) -> str:
    text = _string(value)
    if len(text) > MAX_REFERENCE:
        raise ValueError(f"must have at most {MAX_REFERENCE:,} characters")
    return text


def _texts(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise ValueError("must be a table of strings")
    return tuple((clean_text(name), _string(text)) for name, text in value.items())


def _length(value: object) -> float:
    """Read seconds: `150`, `150s`, `2:30`, `00:02:30`."""
    number = seconds_of(value) if isinstance(value, str) else _number(value)
    if number <= 0:
        raise ValueError("must be more than 0 seconds")
    return number


# Field name in a file: (internal name, reader).
FIELDS: dict[str, tuple[str, Callable[[object], object]]] = {
    "prompt": ("prompt", _string),
    "instrumental": ("instrumental", _boolean),
    "model": ("model", _string),
    "user_id": ("account", _string),
    "replyUrl": ("reply_url", _reference),
    "replyRef": ("reply_ref", _reference),
    "maxJobs": ("max_jobs", _in(MAX_JOBS_RANGE)),
    "takes": ("takes", _in(range(1, MAX_TAKES + 1))),
    "title": ("title", _string),
    "lyrics": ("lyrics", _string),
    "seed": ("seed", _whole),
    "length": ("length_s", _length),
    "operation": ("operation", _string),
    "source": ("source", _string),
    "extra": ("extra", _texts),
}
