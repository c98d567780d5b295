"""What the lines above lyrics say about the song: `Title: Home`, `Key: G`, `by Anna`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from riffusion_tui.lyric_sheets.section_headings import HEADING, without_markdown

_TITLES = ("song", "song title", "título", "titulo", "titre", "titel", "titolo", "название", "曲名")
"""Labels of a title, other than `title`."""
LABELED = re.compile(
    r"[(\[]?\s*(?P<label>title|artist|band|album|key|tempo|bpm|time(?: signature)?|genre|style|mood|tuning|language"
    rf"|year|{'|'.join(_TITLES)}|lyrics|lyrics by|words by|music by|(?:written|composed|produced|performed) by"
    r"|author|writer|composer|producer|copyright|artista|artiste|interpret|autore?|auteur|compositor|text|música|musik"
    r"|letra de|исполнитель|автор|слова|музыка|作词|作詞|作曲|编曲|編曲|歌手|词|曲)\s*"
    r"(?:[:：=]|(?<=by)\s)\s*(?P<value>[^\n]*?)\s*[)\]]?"
    r"|(?P<capo>capo)\s*:?\s*(?P<fret>\d{1,2})(?:st|nd|rd|th)?(?: fret)?",
    re.IGNORECASE,
)
"""A line above lyrics that says something about them: `Key: G`, `Written by Anna`."""
_BY = re.compile(r"(?:[-–—]\s*)?(?:by|\(?(?:feat|ft)\.?)\s+[A-Z][^\n]{0,60}")
"""The line below a title."""
_TITLE = re.compile(r"[\"“”‘’#*_\s]*(?P<title>[^\W\d_][^\n]{0,60}?)[\"“”‘’*_\s]*")
_LONGEST = 300
"""Characters of a line that says something about the song, at most: long ones are searched in linear time."""
_LONG_WORD = 4
"""Letters of a word that has a capital in a title."""
_TITLE_WORDS = 8
_NEAR, _MOST_REMARKS = 6, 2
"""Lines at the top that are searched for a labeled title, and lines with words that may precede it."""


def header_of(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return what the lines above lyrics say, by its label in small letters, and the lines below.

    A lone line with capitals above the first heading is the `title`.
    """
    found: dict[str, str] = {}
    first = above = _remarks_above(lines)
    for at, typed in enumerate(lines[above:], start=above):
        line = without_markdown(typed.strip())
        labeled = LABELED.fullmatch(line) if len(line) <= _LONGEST else None
        if labeled:
            found.setdefault((labeled["label"] or labeled["capo"]).lower(), labeled["value"] or labeled["fret"] or "")
        elif line and not found and (title := _title_above(lines[at:])):
            found["title"] = title
        elif line and not (found and _BY.fullmatch(line)):
            break
        first = at + 1
    if not found or not any(line.strip() for line in lines[first:]):
        return {}, list(lines)
    found.setdefault("title", next((found[label] for label in _TITLES if label in found), ""))
    return found, list(lines[first:])


def _remarks_above(lines: Sequence[str]) -> int:
    """Return how many lines precede a labeled title, which is above all lyrics; 0 if none is near the top."""
    words = [(at, without_markdown(typed.strip())) for at, typed in enumerate(lines[:_NEAR]) if typed.strip()]
    for at, line in words[: _MOST_REMARKS + 1]:
        labeled = LABELED.fullmatch(line) if len(line) <= _LONGEST else None
        if labeled or HEADING.fullmatch(line):
            titles = ("title", *_TITLES[1:])  # `Song: oh my love` may be sung
            return at if labeled and labeled["value"] and (labeled["label"] or "").lower() in titles else 0
    return 0


def _title_above(lines: Sequence[str]) -> str:
    """Return the title that a first line is; empty if it is sung or begins a section."""
    found = _TITLE.fullmatch(lines[0].strip()) if len(lines[0]) <= _LONGEST else None
    below = without_markdown(next((line.strip() for line in lines[1:] if line.strip()), ""))
    if (
        found is None
        or HEADING.fullmatch(without_markdown(lines[0]))
        or (not HEADING.fullmatch(below) and not _BY.fullmatch(below))
    ):
        return ""
    words = found["title"].split()
    capitals = all(word[:1].isupper() or len(word) < _LONG_WORD for word in words) and words[0][:1].isupper()
    capitals = capitals and any(len(word) >= _LONG_WORD - 1 for word in words)
    marked = lines[0].strip()[0] in '"“#*_'
    ends = found["title"].endswith((",", ";"))
    return found["title"] if len(words) <= _TITLE_WORDS and (capitals or marked) and not ends else ""
