"""A value that a prompt states in figures or notation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from riffusion_tui.studio.engine.structure_hints import ABOUT
from riffusion_tui.studio.engine.understand.words.languages import name_of

TITLE = "title"
"""The kind of the song's title."""
NOTE = "counted note"
"""The kind of the note that a stated tempo counts, in quarter notes; none if the prompt does not say."""
SWING = "swing"
"""The kind of a swing, in percent."""
BARS, FORM_BARS, EACH = "bars", "bars of the form", "bars of each section"
"""The kinds of the song's bars, those of a form that may be repeated, and those of each of its sections."""
SECTION_BARS = "section bars"
"""The kind of a kind of section and its bars, `verse 16`."""
FORM = "form"
"""The kind of the parts of a form as letters."""
INTERVAL, TUNING = "interval", "tuning"
"""The kinds of the semitones up of a key change, and of the tonic of a guitar's tuning."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated value, as in the plan.

    `kind` is title, chords, tempo, counted note, key, mode, new key and new mode (which the song changes to), meter,
    length, swing, bars, bars of the form, bars of each section, section bars, form, interval, tuning, era or language.
    """

    kind: str
    value: str
    start: int
    end: int

    @classmethod
    def at(cls, kind: str, value: object, found: re.Match[str], group: int | str = 0) -> Stated:
        """Return a value that an expression found, or one of its groups."""
        return cls(kind, f"{value}", *found.span(group))

    @property
    def meaning(self) -> str:
        """The value as people write it: the name of a language, `32 bars`, `up 2 semitones`."""
        if self.kind in (BARS, FORM_BARS, SECTION_BARS, EACH):
            bars = self.value.split()[-1].replace(ABOUT, "up to ")
            return f"{bars} bars{' each' * (self.kind == EACH)}"
        if self.kind == INTERVAL:
            by = int(self.value)
            return f"{'down' if by < 0 else 'up'} {abs(by)} semitone{'s' * (abs(by) > 1)}"
        if self.kind == SWING:
            return f"{self.value} % swing"
        return name_of(self.value) if self.kind == "language" else self.value
