"""The detected words of the prompt, the genre if it names none, the ignored words, and what the engine can't do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.appearance.text_cells import Part, cut, width, wrap
from riffusion_tui.tui.dependencies import UnderstoodWord
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.shaded_lines import Lines
from riffusion_tui.tui.state.song.plan_lines import meanings
from riffusion_tui.tui.widgets.painted import PaintedRows

_APART = ("suggested", "ignored", "limit")
"""Kinds that are shown apart: genres that the engine chooses from, and what it doesn't use."""
_MAX_ROWS = 4
"""Rows of a tall window; others have one, which ends in an ellipsis."""
_LIMIT_ROWS = 2
"""Further rows of a tall window for what the engine can't do."""


class DetectedLine(PaintedRows):
    """Draws each meaning once, in prompt order, on as many rows as there is room for."""

    def __init__(self, glyphs: Glyphs, hint: Callable[[str], str]) -> None:
        """Create the rows; `hint` returns what to press now for a command, or an empty string."""
        super().__init__(id="detected")
        self._glyphs = glyphs
        self._hint = hint
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
        """Return the rows: detected words, then ignored ones, then what the engine can't do.

        In a low window there is one row: what the engine can't do, or the words; ignored ones get up to half of it.
        """
        known, genres, ignored, limits = self._texts()
        cells, most = self.size.width, _MAX_ROWS if self.screen.has_class("-tall") else 1
        if limits and most == 1:
            return self._limit_rows(limits, 1)
        after = self._list("ignored", ignored, "faint")
        kept = min(sum(width(text) for text, _ in after), cells // 2) if ignored else 0
        found = [*self._list("lead", known, "making"), *self._list("genre", genres, "making")]
        rows = self._wrapped(found, most, kept) if found else [[]]
        room = cells - sum(width(text) for text, _ in rows[-1])
        if rows[0] and len(rows) < most and sum(width(text) for text, _ in after) > room:
            rows.append([])
            room = cells
        for text, shade in after:
            rows[-1].append((cut(text, room, self._glyphs.ellipsis), shade))
            room -= width(rows[-1][-1][0])
        said = self._limit_rows(limits, _LIMIT_ROWS)
        return [row for row in rows if row or not said] + said

    def in_full(self) -> Lines:
        """Return all that the rows show, however much it is: what the engine can't do, then the words."""
        known, genres, ignored, limits = self._texts()
        words = [("lead", known, "making"), ("genre", genres, "making"), ("ignored", ignored, "dim")]
        lines: Lines = [
            [(message(f"detected.{label}") + " ", "faint"), (", ".join(some), shade)]
            for label, some, shade in words
            if some
        ]
        return [*([(limit, "attention")] for limit in limits), *([[]] if limits and lines else []), *lines]

    def _texts(self) -> tuple[list[str], list[str], list[str], list[str]]:
        """Return the detected meanings, the suggested genres, the ignored words and what the engine can't do."""
        known = one_tempo(meanings((one.kind, one.meaning or one.word) for one in self._of_kind(None)))
        genres, ignored, limits = (list(dict.fromkeys(one.word for one in self._of_kind(kind))) for kind in _APART)
        return known, [" / ".join(genres)] if genres else [], ignored, limits

    def _limit_rows(self, limits: Sequence[str], most: int) -> list[list[Part]]:
        """Return what the engine can't do on at most so many rows; the last one says if there is more, and its key."""
        cells = self.size.width
        lines = [(at, text) for at, limit in enumerate(limits) for text in wrap(limit, cells)]
        rows: list[list[Part]] = [[(text, self.shade("attention"))] for _, text in lines[:most]]
        if len(lines) > most:
            last = lines[most - 1][0]
            hint = self._more(len(limits) - 1 - last)
            text = " ".join(text for at, text in lines[most - 1 :] if at == last)
            text = cut(text, cells - width(hint), self._glyphs.ellipsis)
            rows[-1] = [(text, self.shade("attention")), (hint, self.shade("faint"))]
        return rows

    def _more(self, count: int) -> str:
        """Return how many limits are not shown, or that one is cut, and what to press to read all."""
        key = self._hint("options.detected")
        if not key:
            return f"  {message('detected.more', n=count) if count else ''}"
        return f"  {message('detected.more_key' if count else 'detected.cut', n=count, key=key)}"

    def _of_kind(self, wanted: str | None) -> list[UnderstoodWord]:
        """Return the words of a kind; None: those that the engine uses."""
        return [one for one in self._detected if (one.kind if one.kind in _APART else None) == wanted]

    def _list(self, label: str, words: Sequence[str], shade: str) -> list[Part]:
        """Return a label and its words, separated by commas."""
        if not words:
            return []
        ends = [", "] * (len(words) - 1) + ["  "]
        parts = [(word + end, self.shade(shade)) for word, end in zip(words, ends, strict=True)]
        return [(message(f"detected.{label}") + " ", self.shade("faint")), *parts]

    def _wrapped(self, parts: Sequence[Part], most: int, kept: int) -> list[list[Part]]:
        """Arrange parts in at most so many rows, the last of which keeps some cells free."""
        rows: list[list[Part]] = [[]]
        room = self.size.width - (kept if most == 1 else 0)
        for part in parts:
            if width(part[0]) > room and len(rows) < most:
                rows.append([])
                room = self.size.width - (kept if len(rows) == most else 0)
            if width(part[0]) > room:
                rows[-1].append((self._glyphs.ellipsis + "  ", self.shade("faint")))
                return rows
            room -= width(part[0])
            rows[-1].append(part)
        return rows


def one_tempo(words: list[str]) -> list[str]:
    """Join the tempos of a matrix at the first one's position: `90/120 bpm`."""
    unit = " " + message("song.bpm", bpm=0).partition(" ")[2]
    tempos = [word.removesuffix(unit) for word in words if word.endswith(unit)]
    if len(tempos) < 2:
        return words
    first = words.index(tempos[0] + unit)
    rest = [word for word in words if not word.endswith(unit)]
    return [*rest[:first], "/".join(tempos) + unit, *rest[first:]]
