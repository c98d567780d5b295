"""Reads lengths: `2:30`, `90 seconds`, `two and a half minutes`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.figures.decades import is_a_decade
from riffusion_tui.studio.engine.understand.figures.moments import A_LENGTH_LEADS, is_a_moment, says_when
from riffusion_tui.studio.engine.understand.figures.section_bars import read_section_bars
from riffusion_tui.studio.engine.understand.figures.spelled_length import read_spelled_lengths
from riffusion_tui.studio.engine.understand.figures.stated import Stated
from riffusion_tui.studio.engine.understand.figures.structure_figures import BARS_STATED
from riffusion_tui.studio.engine.understand.figures.time_of_day import times_of_day
from riffusion_tui.studio.engine.understand.words.numbers import cardinal_pattern, number_of

_MACHINES = ("303", "404", "606", "707", "808", "909")
"""Drum machines: `808s` is not a length."""
_AMOUNTS = {"half a": 0.5, "a": 1.0, "an": 1.0}
_SPELLED_AMOUNT = "|".join((*_AMOUNTS, cardinal_pattern()))
_AFTER_MINUTES = "(?(2)|(?(6)|(?!)))"
"""Matches only if minutes precede: in `15 seconds 50s`, a decade follows."""
_LENGTH_ENDS = r"\s*(?:$|[,.;)]|about\b|long\b|max\b)"
_LENGTH = re.compile(
    rf"(?:\b(?!\d+(?:(?-i:M)\d|m\d(?!\d)))(\d{{1,3}}(?:\.\d+)?)[\s-]*(?:(minutes?|mins?|m)|(seconds?|secs?|s))"
    rf"|\b({_SPELLED_AMOUNT})(\s+and a half)?[\s-]+(?:(minutes?|mins?)|(seconds?|secs?)))(?![a-z])"
    rf"(?:\s*(?:and\s+)?(?:{_AFTER_MINUTES}([0-5]?\d)(?:\s*(?:seconds?|secs?|s)\b|(?={_LENGTH_ENDS}))|(and a half)\b))?"
    r"(?:[\s-]+long\b)?",
    re.IGNORECASE,
)
"""`90 seconds`, `4m20`; not the number of a film cue, `4M2`."""
_FOREIGN_LENGTH = re.compile(
    r"(?<![\d.])(\d{1,3})\s*(?:(?:minutos?|minuten|minut[io]|минут[аыу]?|мин|хвилин[аиу]?|分|분)(?:\s*(\d{1,2})\s*(?:秒|초))?"
    r"|(segundos?|secondes?|sekunden?|second[io]|секунд[аыиу]?|сек|秒|초))(?![a-zа-яіїє])",
    re.IGNORECASE,
)
"""A length in other languages: `15 segundos`, `2分30秒`."""
_CLOCK = re.compile(r"(?<![\d:/])(\d{1,2}):([0-5]\d)(?![\d:])")
_HALF_MINUTE = re.compile(r"\bhalf[ -]a?[ -]?minute\b", re.IGNORECASE)
_BRIEF = 10
"""Words of a prompt for a jingle, at most."""
_A_PAUSE_FOLLOWS = re.compile(r"[\s-]*(?:of\s+)?(?:pause|silence|fade|delay|gap|rest|reverb|echo|tail)", re.IGNORECASE)
_A_LENGTH_FOLLOWS = re.compile(
    r"\s*-?(?:long|clip|loop|version|intro|jingle|ad\b|spot|cue|snippet|cut|duration|edit)", re.IGNORECASE
)


def read_lengths(text: str) -> Iterator[Stated]:
    """Yield the lengths that a text states."""
    for found in _CLOCK.finditer(text):
        seconds = int(found[1]) * 60 + int(found[2])
        if 5 <= seconds <= 3600 and not is_a_moment(text, found.start(), found.end()):
            yield Stated("length", f"{seconds}", found.start(), found.end())
    for length_s, start, end in read_spelled_lengths(text):
        yield Stated("length", f"{length_s:g}", start, end)
    for found in _HALF_MINUTE.finditer(text):
        yield Stated("length", "30", found.start(), found.end())
    for found in _FOREIGN_LENGTH.finditer(text):
        seconds = int(found[1]) if found[3] else 60 * int(found[1]) + int(found[2] or 0)
        if 5 <= seconds <= 86_400:
            yield Stated("length", f"{seconds}", found.start(), found.end())
    for found in _LENGTH.finditer(text):
        length_s, is_another = (
            _seconds(found),
            is_a_moment(text, found.start(), found.end()) or _is_a_decade(text, found),
        )
        if _is_long_enough(text, length_s, found.end()) and not is_another:
            yield Stated("length", f"{length_s:g}", found.start(), found.end())


def _is_long_enough(text: str, length_s: float, end: int) -> bool:
    """Whether a figure can be the length of a song; of a few seconds, only of a jingle that little is said about."""
    brief = len(text.split()) <= _BRIEF and not _A_PAUSE_FOLLOWS.match(text, end)
    return (1 if brief else 5) <= length_s <= 86_400


def _seconds(found: re.Match[str]) -> float:
    figure, minutes, _, spelled, half, spelled_minutes, _, more, and_a_half = found.groups()
    amount = float(figure) if figure else _AMOUNTS.get(spelled.lower()) or number_of(spelled)
    if half or and_a_half:
        amount += 0.5
    return amount * 60 + float(more or 0) if minutes or spelled_minutes else amount


def states_a_moment(text: str) -> bool:
    """Whether the text says when something happens in the song: `the drop comes at 0:45`, `after 16 bars`."""
    found = [one for pattern in (_CLOCK, _LENGTH, BARS_STATED) for one in pattern.finditer(text)]
    found = [one for one in found if not (one.re is _LENGTH and _is_a_decade(text, one))]
    apart = {start for _, start, _ in read_section_bars(text)}
    apart.update(at for span in times_of_day(text) for at in range(*span))
    found = [one for one in found if one.start() not in apart]
    moments = [one for one in found if is_a_moment(text, one.start(), one.end())]
    return any(says_when(text, one.start(), one.end()) for one in moments)


def _is_a_decade(text: str, found: re.Match[str]) -> bool:
    """Whether it is a decade or a drum machine: `80s`, `808s`; `45s`, `30s long` and `length: 30s` are lengths."""
    unit = (found[2] or found[3] or "").lower()
    if unit not in ("s", "m") or found[0].lower() != f"{found[1]}{unit}":
        return False
    if _A_LENGTH_FOLLOWS.match(text, found.end()) or A_LENGTH_LEADS.search(
        text[max(0, found.start() - 20) : found.start()]
    ):
        return False
    if unit != "s" or found[1] in _MACHINES:
        return unit == "s"
    return float(found[1]) % 10 == 0 and float(found[1]) < 100 and is_a_decade(text, found.start())
