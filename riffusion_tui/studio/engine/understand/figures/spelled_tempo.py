"""Reads tempos in words: `ninety bpm`, `a hundred and twenty beats per minute`, `tempo: eighty five`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from riffusion_tui.studio.engine.understand.words.numbers import cardinal_pattern, number_of

_HUNDRED, _TENS, _SLOWEST = 100, 10, 20


def read_spelled_tempos(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (beats per minute, start, end) of each in `text`."""
    low = text.lower()
    for found in _pattern().finditer(text) if any(word in low for word in ("bpm", "minute", "tempo")) else ():
        many = (found["many"] or "").lower()
        rest = number_of(found["rest"]) if found["rest"] else 0
        bpm = (2 if many.startswith("two") else bool(many)) * _HUNDRED + rest
        named = found["before"] or found["after"]
        if named and bpm >= _SLOWEST and ("hundred" in many or rest >= _TENS):
            yield bpm, found.start(), found.end()


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?P<before>\b(?:tempo|bpm)(?:\s*(?:of|is|at|around|about|:|=))*\s*)?"
        r"\b(?P<many>(?:(?:a |one |two )?hundred(?:[ -]and)?\b|one\b|two\b)[ -]?)?"
        rf"(?P<rest>{cardinal_pattern()}\b)?"
        r"(?P<after>[ -]?(?:bpm|beats?[ -](?:per|a)[ -]minute)\b)?",
        re.IGNORECASE,
    )
