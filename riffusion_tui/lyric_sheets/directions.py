"""Texts beside lyrics that say how they sound: `no drums`, `(key of G)`, `fade out`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from riffusion_tui.lyric_sheets.repeats import LONGEST_MARK
from riffusion_tui.lyric_sheets.section_names import PERSONS, ROLES, SOUND, WORD

_DIRECTING = frozenset(("no", "without", "only", "just", "key"))
"""First words of a text that says how a section sounds."""
_LONGEST_DIRECTION = 4
"""Words of such a text, at most."""
_DIRECTIONS = (["fade", "out"], ["fade", "in"], ["a", "cappella"], ["acapella"], ["key", "change"], ["half", "time"])
_FADES = re.compile(r"\s*\((?:(?:and )?fade[sd]?(?: (?:out|away|in))?|ad[ -]?libs?)\)\s*$", re.IGNORECASE)
"""The end of a line with what the sound does there."""


def without_fades(line: str) -> str:
    """Return a line of lyrics without `(fade out)` at its end."""
    return f"{line[:-LONGEST_MARK]}{_FADES.sub('', line[-LONGEST_MARK:])}"


def is_direction(text: str) -> bool:
    """Whether a text beside a heading says how the section sounds: `no drums`, `(key of G)`, `fade out`."""
    words = WORD.findall(text.lower())
    directs = words[:1] and words[0] in _DIRECTING and not SOUND.isdisjoint(words)
    return (
        bool(directs and len(words) <= _LONGEST_DIRECTION and PERSONS.isdisjoint(words))
        or words in _DIRECTIONS
        or _tells_who(text, words)
    )


def _tells_who(text: str, words: Sequence[str]) -> bool:
    """Whether a text in parentheses only says who sings: `(male)`."""
    return text.lstrip().startswith("(") and bool(words) and ROLES.issuperset(words)
