"""A cue: what a player needs to know about a section, such as its chords and the energy of each bar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.score import Chord, Section
from riffusion_tui.studio.engine.song_plan import Plan


@dataclass(frozen=True, slots=True)
class Cue:
    """One section, for one player."""

    plan: Plan
    form: Form
    index: int
    chords: tuple[Chord, ...]
    energies: tuple[float, ...]
    """Energy of each bar, 0 to 1; the player rests at 0."""

    @property
    def section(self) -> Section:
        """The section."""
        return self.form.sections[self.index]

    @property
    def last(self) -> bool:
        """Whether the song ends with this section."""
        return self.index == len(self.form.sections) - 1

    @property
    def energy(self) -> float:
        """The highest energy of its bars."""
        return max(self.energies)

    @property
    def tonic(self) -> int:
        """The tonic's pitch class in this section."""
        return (theory.tonic(self.plan.key) + self.section.lift) % 12

    @property
    def mode(self) -> str:
        """The mode in this section."""
        return self.section.mode or self.plan.mode

    @property
    def end(self) -> float:
        """End of the section, in beats."""
        return self.section.start + self.section.bars * self.form.bar

    @property
    def closing(self) -> float:
        """Start of the song's last chord, in beats; only in the last section."""
        return self.form.closing

    def bars(self) -> Iterator[tuple[int, float, float]]:
        """Yield (number, beat, energy) of each bar but the song's last, which is a held chord."""
        count = self.section.bars - 1 if self.last else self.section.bars
        for bar in range(count):
            if self.energies[bar] > 0:
                yield bar, self.section.start + bar * self.form.bar, self.energies[bar]

    def chord_at(self, beat: float) -> Chord:
        """Return the chord at `beat`; before the first chord, the first."""
        for chord in reversed(self.chords):
            if chord.start <= beat + 1e-6:
                return chord
        return self.chords[0]

    def resting(self, beat: float) -> bool:
        """Whether the player rests in the bar of `beat`."""
        bar = int((beat - self.section.start) / self.form.bar + 1e-6)
        return self.energies[max(0, min(len(self.energies) - 1, bar))] <= 0


@lru_cache(maxsize=1024)  # called for each note, with the energy of its bar
def loudness(energy: float) -> float:
    """Return the velocity at an energy: 0.42 to 1."""
    return 0.42 + 0.58 * min(1.0, max(0.0, energy))
