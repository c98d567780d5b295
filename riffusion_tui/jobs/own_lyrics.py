"""Compares the lyrics that a song was given with the lines that it sings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

from riffusion_tui.clean import clean_text
from riffusion_tui.lyric_files import COMMENT, HEADING, sung_text

MAX_LENGTH_S = 600
"""Length of the studio's longest song, in seconds."""


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

    def length_for_all(self, length_s: float) -> int | None:
        """Return a length, in seconds, with room for all lines if `length_s` has room for those that are sung.

        None if it is longer than any song.
        """
        needed = ceil(length_s * self.given / max(1, self.sung) / 10) * 10
        return needed if needed <= MAX_LENGTH_S else None


def sung_lines(given: str, sung: Iterable[str]) -> SungLines:
    """Compare the lines of `given` with the lines `sung`; headings and empty lines don't count.

    A long line may be sung as several. A line that is given twice has to be sung twice.
    """
    plain = [_plain(line) for line in sung]
    found = set(plain)
    whole = _spaced(" ".join(plain))
    lines = [
        line.strip()
        for line in sung_text(clean_text(given))
        if line.strip() and (_plain(line) in found or not (HEADING.fullmatch(line) or COMMENT.fullmatch(line)))
    ]
    left = {one: whole.count(_spaced(one)) for one in set(map(_plain, lines))}
    missing = []
    for line in lines:
        left[_plain(line)] -= 1
        if left[_plain(line)] < 0:
            missing.append(line)
    return SungLines(len(lines) - len(missing), tuple(missing))


def _spaced(words: str) -> str:
    """Return words with a space on both sides of each, so that lines next to each other share none."""
    return f" {'  '.join(words.split())} "


def _plain(line: str) -> str:
    """Return a line to compare: accents composed, and neither case nor spaces count."""
    return " ".join(unicodedata.normalize("NFC", line).casefold().split())
