"""The chord chart of a song."""

from __future__ import annotations

from itertools import pairwise

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.output.chart import chart_of
from tests.studio.engine.scores import plan_of


@pytest.mark.parametrize("genre", ["pop", "jazz", "ambient"])
def test_the_chart_has_every_section_with_its_chords(genre: str) -> None:
    score = compose(plan_of(genre, 3, length_s=60.0))
    chart = chart_of(score)
    assert [section.name for section in chart] == [section.name for section in score.sections]
    seconds = 60 / score.plan.bpm
    known = {round(chord.start * seconds, 6): chord.symbol for chord in score.chords}
    for section in chart:
        assert section.chords
        assert section.start_s <= section.chords[0][0] + 1e-9
        assert all(known[round(at, 6)] == symbol for at, symbol in section.chords)
        assert all(first[1] != second[1] for first, second in pairwise(section.chords))
