"""Read a length or a time of a song as people write it. Pure."""

from __future__ import annotations

import re

_CLOCK = (
    r"(?:(?:(?P<hours>[0-9]{1,2}):(?=[0-5][0-9]:))?(?P<minutes>[0-9]{1,3}):(?=[0-5][0-9](?![0-9])))?"
    r"(?P<seconds>[0-9]{1,9}(?:\.[0-9]{1,9})?)\s*s?"
)
"""A string, since `re` compiles and caches it on first use, and the first frame needs none."""


def seconds_of(text: str) -> float:
    """Return the seconds of `150`, `150s`, `2:30` or `0:02:30`.

    Raises:
        ValueError: it is none of these, such as 2:75; says what it must be.
    """
    clock = re.fullmatch(_CLOCK, text.strip())
    if clock is None:
        raise ValueError("must be seconds, or minutes and seconds such as 2:30")
    hours, minutes, seconds = (float(clock[name] or 0) for name in ("hours", "minutes", "seconds"))
    return 3600 * hours + 60 * minutes + seconds
