"""What every player is told of a section: where it lies, its chords, how much energy each bar has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from riffusion_tui.studio.engine.compose import theory
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.types import Chord, Plan, Section


@dataclass(frozen=True, slots=True)
class Cue:
    """One section for one player."""

    plan: Plan
    form: Form
    index: int
    chords: tuple[Chord, ...]
    energies: tuple[float, ...]
    """Of each bar, 0 to 1; a player rests where it is 0."""

    @property
    def section(self) -> Section:
        """The section itself."""
        return self.form.sections[self.index]

    @property
    def last(self) -> bool:
        """Whether the song ends with this section."""
        return self.index == len(self.form.sections) - 1

    @property
    def energy(self) -> float:
        """The highest of its bars."""
        return max(self.energies)

    @property
    def tonic(self) -> int:
        """The tonic's pitch class in this section."""
        return (theory.tonic(self.plan.key) + self.section.lift) % 12

    @property
    def closing(self) -> float:
        """Where the song's last chord begins, in beats; only in the last section."""
        return self.form.closing

    def bars(self) -> Iterator[tuple[int, float, float]]:
        """(number, beat, energy) of each bar that is played in time; the song's last bar is a held chord instead."""
        count = self.section.bars - 1 if self.last else self.section.bars
        for bar in range(count):
            if self.energies[bar] > 0:
                yield bar, self.section.start + bar * self.form.bar, self.energies[bar]

    def chord_at(self, beat: float) -> Chord:
        """The chord that sounds at `beat`; the first when none does yet."""
        for chord in reversed(self.chords):
            if chord.start <= beat + 1e-6:
                return chord
        return self.chords[0]

    def resting(self, beat: float) -> bool:
        """Whether the player rests in the bar of `beat`."""
        bar = int((beat - self.section.start) / self.form.bar + 1e-6)
        return self.energies[max(0, min(len(self.energies) - 1, bar))] <= 0


def loudness(energy: float) -> float:
    """How hard a part is played at an energy: 0.42 to 1."""
    return 0.42 + 0.58 * min(1.0, max(0.0, energy))
