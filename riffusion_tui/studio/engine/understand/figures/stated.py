"""A value that a prompt states in figures or notation."""

from __future__ import annotations

from dataclasses import dataclass

from riffusion_tui.studio.engine.structure_hints import ABOUT
from riffusion_tui.studio.engine.understand.figures.section_bars import SECTION_BARS
from riffusion_tui.studio.engine.understand.figures.structure_figures import BARS, EACH, FORM_BARS, INTERVAL
from riffusion_tui.studio.engine.understand.figures.swing_figures import SWING
from riffusion_tui.studio.engine.understand.words.languages import name_of

TITLE = "title"
"""The kind of the song's title."""
NOTE = "counted note"
"""The kind of the note that a stated tempo counts, in quarter notes; none if the prompt does not say."""


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
