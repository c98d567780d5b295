"""Compares the lyrics that a song was given with the lines that it sings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from riffusion_tui.clean import clean_text
from riffusion_tui.lyric_sheets.lyric_files import COMMENT, sung_text
from riffusion_tui.lyric_sheets.section_headings import HEADING
from riffusion_tui.lyric_sheets.unsung_text import has_words

MAX_LENGTH_S = 600
"""Length of the studio's longest song, in seconds."""


_LONG_WORD = 32


class SungLines(NamedTuple):
    """How many of the given lines a song sings, and which it doesn't."""

    sung: int
    missing: tuple[str, ...] = ()

    @property
    def given(self) -> int:
        """How many lines there are in all."""
        return self.sung + len(self.missing)

    @property
    def complete(self) -> bool:
        """Whether all are sung."""
        return not self.missing


def sung_lines(given: str, sung: Iterable[str]) -> SungLines:
    """Compare the lines of `given` with the lines `sung`; headings and lines without words don't count.

    A long line may be sung as several, and a long word too. A line that is given twice has to be sung twice.
    """
    plain = [_plain(line) for line in sung]
    found = set(plain)
    whole = _spaced(" ".join(plain))
    joined = whole.replace(" ", "")
    lines = [
        line.strip()
        for line in sung_text(clean_text(given))
        if has_words(line) and (_plain(line) in found or not (HEADING.fullmatch(line) or COMMENT.fullmatch(line)))
    ]
    left = {
        one: joined.count(one.replace(" ", "")) if _has_a_long_word(one) else whole.count(_spaced(one))
        for one in set(map(_plain, lines))
    }
    missing = []
    for line in lines:
        left[_plain(line)] -= 1
        if left[_plain(line)] < 0:
            missing.append(line)
    return SungLines(len(lines) - len(missing), tuple(missing))


def line_count(lyrics: str) -> int:
    """Count the lines of lyrics that are words to sing."""
    return sung_lines(lyrics, ()).given


def _has_a_long_word(line: str) -> bool:
    """Whether a word is so long that the studio may sing it as several: `la/la/la/…`."""
    return max(map(len, line.split())) > _LONG_WORD


def _spaced(words: str) -> str:
    """Return words with a space on both sides of each, so that lines next to each other share none."""
    return f" {'  '.join(words.split())} "


def _plain(line: str) -> str:
    """Return a line to compare: accents composed, and neither case nor spaces count."""
    return " ".join(unicodedata.normalize("NFC", line).casefold().split())
