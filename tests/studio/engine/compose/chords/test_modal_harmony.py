"""In church modes, a genre with few progressions of its own takes plain ones, not those of jazz, blues or funk."""

from __future__ import annotations

from itertools import pairwise

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize("genre", ["medieval", "choral", "sea shanty", "celtic", "folk"])
@pytest.mark.parametrize("mode", ["dorian", "mixolydian"])
def test_old_music_has_no_sevenths(genre: str, mode: str) -> None:
    for seed in range(1, 7):
        score = compose(plan(Request(f"{genre} in D {mode}", seed=seed, length_s=60.0)))
        assert [chord.symbol for chord in score.chords if "7" in chord.symbol] == []


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_harmony_of_a_hymn_moves(seed: int) -> None:
    score = compose(plan(Request("choral requiem, dorian", seed=seed, length_s=75.0)))
    roots = [chord.root for chord in score.chords]
    assert len(set(roots)) >= 3
    assert sum(one != other for one, other in pairwise(roots)) >= 0.6 * len(roots)
