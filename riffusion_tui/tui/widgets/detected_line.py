"""The detected words of the prompt, and dimmed, the ignored ones."""

from __future__ import annotations

from collections.abc import Sequence

from riffusion_tui.tui.dependencies import UnderstoodWord
from riffusion_tui.tui.glyphs import Glyphs
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.plan_lines import meanings
from riffusion_tui.tui.text_cells import Part, width
from riffusion_tui.tui.widgets.painted import PaintedRows

_MAX_ROWS = 3
"""Rows of a tall window; others have one, which ends in an ellipsis."""


class DetectedLine(PaintedRows):
    """Draws each meaning once, in prompt order, on as many rows as there is room for."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="detected")
        self._glyphs = glyphs
        self._detected: Sequence[UnderstoodWord] = ()

    def show_words(self, words: Sequence[UnderstoodWord]) -> None:
        """Show new words."""
        self._detected = words
        self.show()

    @property
    def length_s(self) -> float | None:
        """The length that the prompt asks for, in seconds; the mean if there are several."""
        lengths = [float(word.meaning) for word in self._detected if word.kind == "length" and word.meaning.isdecimal()]
        return sum(lengths) / len(lengths) if lengths else None

    def rows(self) -> list[list[Part]]:
        """Return the rows: detected words, then ignored ones."""
        known = one_tempo(meanings((one.kind, one.meaning or one.word) for one in self._detected if not _ignored(one)))
        ignored = list(dict.fromkeys(one.word for one in self._detected if _ignored(one)))
        if not known and not ignored:
            return [[]]
        max_rows = _MAX_ROWS if self.screen.has_class("-tall") else 1
        rows: list[list[Part]] = [[(message("detected.lead") + " ", self.shade("faint"))]]
        room = self.size.width - width(rows[0][0][0])
        for words, shade in ((known, "making"), (ignored, "faint")):
            for number, word in enumerate(words, 1):
                if width(word) + 2 > room and len(rows) < max_rows:
                    rows.append([])
                    room = self.size.width
                if width(word) + 2 > room:
                    rows[-1].append((self._glyphs.ellipsis, self.shade("faint")))
                    return rows
                room -= width(word) + 2
                rows[-1].append((word + (", " if number < len(words) else "  "), self.shade(shade)))
        return rows


def _ignored(word: UnderstoodWord) -> bool:
    return word.kind == "ignored"


def one_tempo(words: list[str]) -> list[str]:
    """Join the tempos of a matrix at the first one's position: `90/120 bpm`."""
    unit = " " + message("song.bpm", bpm=0).partition(" ")[2]
    tempos = [word.removesuffix(unit) for word in words if word.endswith(unit)]
    if len(tempos) < 2:
        return words
    first = words.index(tempos[0] + unit)
    rest = [word for word in words if not word.endswith(unit)]
    return [*rest[:first], "/".join(tempos) + unit, *rest[first:]]
