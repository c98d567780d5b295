"""Stanzas: whether blocks of lines without headings are sung, and stanzas with numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from riffusion_tui.lyric_sheets.section_names import PERSONS, WORD, describes_sound

_NUMBER = re.compile(
    r"\s*(?:\((?P<inner>\d{1,2})\)|(?P<outer>\d{1,2})(?P<dot>[.):]?)|(?P<roman>[IVX]{1,4})[.)])(?P<words>\s+\S.*)?\s*"
)
"""The number of a stanza, and perhaps its first words."""
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_FEWEST_NUMBERS = 2
"""Stanzas with numbers, at least: one may be a line that counts."""
_FEWEST_STANZAS = 2
_FEWEST_LINES = 3
"""Lines of a stanza that is the only one, at least."""
_SUBJECT = frozenset(("about", "for", "to", "where", "who", "write", "song's", "theme", "story", "like"))
"""Words of a line that says what a song is about, or that it is to be written."""
_WISH = re.compile(
    r"\d|\b(?:called|named|I (?:want|need) (?:it|people|the|an?)|I(?:'d| would) like|make (?:it|them)|should|must)\b",
    re.IGNORECASE,
)
"""What a line says that asks for something, or states a fact."""
_STANZA_WORDS = (1, 14)
"""Words of a line of such stanzas."""
_ORDERS = frozenset(("write", "create", "use", "add", "theme", "language", "genre", "style", "mood", "tempo"))
"""First words of a line that instructs."""
_MUSIC = frozenset(("lyrics", "verse", "verses", "chorus", "choruses", "bpm", "genre", "vocals", "instrumental"))
"""Words that are in descriptions of songs, and not in songs."""
_LISTED = re.compile(r"\s*(?:[-*•–]\s|\d+[.)])|[^:]{1,200}:\s*$")
"""A line of a list, or one that ends with a colon."""
_LONGEST_NUMBERED = 300
"""Characters of a line that begins with a stanza's number, at most."""


def are_stanzas(blocks: Sequence[Sequence[str]]) -> bool:
    """Whether blocks of lines are stanzas to sing: two or more, many of whose lines have words of singers.

    Few of them describe a sound or end as sentences do, and none lists or instructs anything.
    """
    lines = [line for block in blocks for line in block]
    whole = all(len(block) > 1 or block in blocks[:at] for at, block in enumerate(blocks))
    if len(blocks) < _FEWEST_STANZAS or not whole or not all(map(_could_be_sung, lines)):
        return False
    sentences = sum(line.rstrip().endswith(".") for line in lines)
    sounds, singers = sum(map(describes_sound, lines)), sum(map(_is_of_a_person, lines))
    return 2 * sentences <= len(lines) and 4 * sounds <= len(lines) <= 3 * singers


def is_stanza_below(first: str, lines: Sequence[str], *, apart: bool) -> bool:
    """Whether lines of a prompt are a stanza to sing, and the first line describes the song.

    If that says what the song is about, the others may tell more of it.

    Args:
        first: the prompt's first line.
        lines: those below it.
        apart: whether an empty line is between them; else more of them need words of singers.
    """
    about = frozenset(WORD.findall(first.lower()))
    if len(lines) < _FEWEST_LINES or not about or about & (PERSONS | _SUBJECT) or not all(map(_could_be_sung, lines)):
        return False
    if any(map(_WISH.search, lines)):
        return False
    sentences = sum(line.rstrip().endswith(".") for line in lines)
    sounds, singers = sum(map(describes_sound, lines)), sum(map(_is_of_a_person, lines))
    return not sounds and 2 * sentences <= len(lines) <= (3 if apart else 1.5) * singers


def _could_be_sung(line: str) -> bool:
    words = WORD.findall(line.lower())
    return (
        _STANZA_WORDS[0] <= len(words) <= _STANZA_WORDS[1]
        and words[0] not in _ORDERS
        and _MUSIC.isdisjoint(words)
        and not _LISTED.match(line)
    )


def _is_of_a_person(line: str) -> bool:
    return not PERSONS.isdisjoint(word.replace("’", "'") for word in WORD.findall(line.lower()))


def unnumbered(lines: Sequence[str]) -> list[str]:
    """Return lines with a heading for the number of a stanza, if those of several count from 1: `1.`, `2. I walk`."""
    found = {at: number for at, number in _numbers(lines) if number}
    if list(found.values()) != list(range(1, len(found) + 1)) or len(found) < _FEWEST_NUMBERS:
        return list(lines)
    parts = ([f"[Verse {found[at]}]", _after_number(line)] if at in found else [line] for at, line in enumerate(lines))
    return [part for each in parts for part in each if part or len(each) == 1]


def _numbers(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the place of each line that begins a stanza, and its number; 0 if it has none."""
    for at, (above, line) in enumerate(pairwise(["", *lines])):
        if line.strip() and not above.strip():
            number = _NUMBER.fullmatch(line[:_LONGEST_NUMBERED])
            yield at, _value(number) if number and (number["dot"] != "" or not number["words"]) else 0


def _value(number: re.Match[str]) -> int:
    """Return the value of a number, 0 of Roman numerals that are none."""
    roman = number["roman"]
    return _ROMAN.index(roman) + 1 if roman in _ROMAN else int(number["inner"] or number["outer"] or 0)


def _after_number(line: str) -> str:
    found = _NUMBER.match(line)
    return (found["words"] or "").strip() if found else line
