"""The chord chart of a score: its sections, and the chords that change in each."""

from __future__ import annotations

from riffusion_tui.studio.engine.engine_protocol import ChartSection
from riffusion_tui.studio.engine.score import Score


def chart_of(score: Score) -> tuple[ChartSection, ...]:
    """Return the sections of `score` with their chords; a chord that repeats is listed once. Times are in seconds."""
    seconds = 60 / score.plan.bpm
    ends = [section.start for section in score.sections[1:]] + [score.beats]
    chart = []
    for section, end in zip(score.sections, ends, strict=True):
        chords: list[tuple[float, str]] = []
        for chord in score.chords:
            if section.start <= chord.start < end and (not chords or chords[-1][1] != chord.symbol):
                chords.append((chord.start * seconds, chord.symbol))
        chart.append(ChartSection(section.start * seconds, section.name, tuple(chords)))
    return tuple(chart)
