"""Parses the user's lyrics; their lines are kept as they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, islice, takewhile
from math import ceil

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.lyric_sheets.lyric_files import COMMENT, sung_text, title_in
from riffusion_tui.lyric_sheets.section_headings import kind_of_heading, plain_headings, times_in
from riffusion_tui.lyric_sheets.unsung_text import without_addresses
from riffusion_tui.studio.engine.lyrics.given_title import phrase_of
from riffusion_tui.studio.engine.lyrics.sections import Lyrics, LyricSection, SungLine
from riffusion_tui.studio.engine.lyrics.syllables import count, sing
from riffusion_tui.studio.engine.pronunciation.sung_language import ENGLISH, language_of

_MAX_LINE = 32
"""Syllables of a line that can be sung; longer ones are sung as several."""
_JOINED = re.compile(r"(?:[^\W\d_]+|\d{1,10})[\W_]*|[\W_]+")
_RULE = re.compile(r"[-–—=*_~]{3,}")
"""A line that separates sections, as an empty one does."""
_POST = "postchorus"
"""Kind of a heading whose section is sung as a chorus, but isn't the one that `[Chorus]` repeats."""
RETURNING = frozenset({"chorus", "prechorus", _POST, "drop"})
"""Kinds of sections that are sung again if there is only their heading."""
_PAUSES = (",", ".", "!", "?", ";", ":", "…", "–", "—")
_MAX_STATED_TITLE = 200


def parse_given(text: str, stated: str = ENGLISH) -> Lyrics:
    """Parse lyrics: headings like `[Verse 2]`, `[Chorus: Anna]` or `Bridge`, an empty line between sections.

    Without headings, the blocks between empty lines are verses, and a repeated one is the chorus. Timestamps of LRC
    and chords and directives of ChordPro aren't sung. Lyrics whose words show no language are in the `stated` one, an
    ISO 639-1 code.
    """
    sections: list[LyricSection] = []
    kind, times = "", 1
    lines: list[SungLine] = []
    language = language_of(without_addresses(text), stated)
    for raw in [*_lines_of(text), ""]:
        heading = kind_of_heading(raw)
        if heading is not None or not raw.strip() or _RULE.fullmatch(raw.strip()):
            if lines:
                sections += [LyricSection(kind or "verse", tuple(lines))] * times
                lines, kind, times = [], "", 1
            if kind == "solo":  # a stanza below it is sung
                kind, times = "", 1
            if heading is not None:
                sections += _repeated(sections, kind) * times
                kind, times = heading, times_in(raw)
                if kind == "solo":
                    sections.append(LyricSection(kind, ()))
        else:
            lines += _sung(" ".join(raw.split()), language)
    sections += _repeated(sections, kind) * times
    sections = [LyricSection("chorus", one.lines) if one.kind == _POST else one for one in sections]
    return Lyrics("", _with_chorus(tuple(sections)))


def _repeated(sections: Sequence[LyricSection], kind: str) -> list[LyricSection]:
    """Return the section that a heading without lines repeats: the last chorus; none if there was none."""
    alike = [section for section in sections if section.kind == kind and kind in RETURNING]
    return alike[-1:]


@lru_cache(maxsize=2)  # asked for each form and length that is tried
def has_headings(text: str) -> bool:
    """Whether a line of the lyrics is a heading."""
    return any(kind_of_heading(line) is not None for line in _lines_of(text))


def stated_title(text: str) -> str:
    """Return the title that a ChordPro or LRC file states: `{title: Home}`, `[ti:Home]`; empty if it states none."""
    return clean_line(title_in(clean_text(text)), _MAX_STATED_TITLE)


def title_of_given(text: str) -> str:
    """Return a title from the user's lyrics: of the first line of the chorus, else of all; empty without words."""
    sections = parse_given(text).sections
    chorus = [section for section in sections if section.kind == "chorus"]
    line = next((line.text for section in [*chorus, *sections] for line in section.lines), "")
    return phrase_of(line)


def _lines_of(text: str) -> list[str]:
    """Return the lines to sing and their headings, each character in its composed form."""
    lines = sung_text(unicodedata.normalize("NFC", clean_text(text)))
    return [_comment(found[1]) if (found := COMMENT.fullmatch(line)) else line for line in lines]


def _comment(text: str) -> str:
    """Return a comment of ChordPro as a heading if it names a section: others aren't sung."""
    (heading,) = plain_headings([f"({text})"])
    return "" if kind_of_heading(heading) is None else heading


def _sung(line: str, language: str) -> list[SungLine]:
    """Return a line, or its parts if it is too long for a breath: after punctuation if possible, else evenly.

    A line without words is left out.
    """
    parts: list[str] = []
    words = [(word, count(word, language)) for joined in line.split() for word in _divided(joined)]
    start, left = 0, sum(syllables for _, syllables in words)
    while left > _MAX_LINE:
        size = _part(words, start, left)
        taken = words[start : start + size]
        parts.append(" ".join(word for word, _ in taken))
        left -= sum(syllables for _, syllables in taken)
        start += size
    sung = [sing(part, language) for part in [*parts, " ".join(word for word, _ in words[start:])]]
    return [one for one in sung if one.syllables]


def _divided(word: str) -> list[str]:
    """Return a word, or its parts if signs join so many that it is too long for a breath: `la/la/la/…`."""
    return _JOINED.findall(word) if len(word) > _MAX_LINE and count(word) > _MAX_LINE else [word]


def _part(words: Sequence[tuple[str, int]], start: int, total: int) -> int:
    """Return how many of the words from `start` on, which have `total` syllables, the first part has."""
    target = total / ceil(total / _MAX_LINE)
    ends = accumulate(syllables for _, syllables in islice(words, start, len(words) - 1))
    fits = list(enumerate(takewhile(lambda end: end <= _MAX_LINE, ends), start=1))
    pauses = [(size, end) for size, end in fits if words[start + size - 1][0].endswith(_PAUSES) and end >= target / 2]
    return min(pauses or fits or [(1, 0)], key=lambda part: abs(part[1] - target))[0]


def _with_chorus(sections: tuple[LyricSection, ...]) -> tuple[LyricSection, ...]:
    """Make the repeated block the chorus if there are no headings."""
    if any(section.kind != "verse" for section in sections):
        return sections
    texts = [tuple(line.text for line in section.lines) for section in sections]
    return tuple(
        LyricSection("chorus" if texts.count(words) > 1 else section.kind, section.lines)
        for section, words in zip(sections, texts, strict=True)
    )
