"""The hints of a plan's structure in words that people read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from riffusion_tui.studio.engine.structure_hints import ALL_BUT, EVEN, LEVEL, PLACED

_READABLE = {EVEN: "sections of equal length", "only these": "only the named players"}
_PLURAL = {"verse": "verses", "prechorus": "pre-choruses", "chorus": "choruses", "drop": "drops", "solo": "solos"}
_HINT = re.compile(
    rf"(?:{PLACED}|{LEVEL})(?P<way>only |alone |louder |softer )?"
    r"(?P<when>in|until|after) (?P<sections>[^:]+): (?P<who>.+)"
)
_SECTION = re.compile(r"(?P<kind>[a-z]+)(?: (?:(?P<number>\d+)|last))?")


def structure_words(hints: Iterable[str]) -> list[str]:
    """Return the hints as phrases: `no drums or percussion in the verses`; those of the same place together."""
    found: dict[str, tuple[re.Match[str] | None, list[str]]] = {}
    for hint in hints:
        match = _HINT.fullmatch(hint)
        place = hint.rpartition(": ")[0] if match and not match["who"].startswith(ALL_BUT) else hint
        found.setdefault(place, (match, []))[1].append(match["who"] if match else hint)
    return [_placed(match, who) if match else _READABLE.get(who[0], who[0]) for match, who in found.values()]


def _placed(match: re.Match[str], who: Sequence[str]) -> str:
    """Return who rests or plays in some sections."""
    way = (match["way"] or "").strip()
    place = f"{match['when']} {' and '.join(map(_section, match['sections'].split(', ')))}"
    if not way and who[0].startswith(ALL_BUT):
        return f"only {who[0].removeprefix(ALL_BUT)} {place}"
    *others, last = who
    players = f"{', '.join(others)} {'and' if way else 'or'} {last}" if others else last
    return f"{players} {way} {place}" if way else f"no {players} {place}"


def _section(text: str) -> str:
    """Return a section as people name it: `the verses`, `verse 2`, `the last chorus`."""
    found = _SECTION.fullmatch(text)
    if found is None or found["number"]:
        return text
    kind = found["kind"]
    return f"the last {kind}" if text != kind else f"the {_PLURAL.get(kind, kind)}"
