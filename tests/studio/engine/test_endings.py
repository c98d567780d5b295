"""How loudly a song ends, as the prompt says."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


def _last_energy(prompt: str) -> float:
    return compose(plan(Request(prompt, seed=1, length_s=75.0))).sections[-1].energy


@pytest.mark.parametrize("ending", ["big ending", "loud ending", "epic ending", "big finale", "big finish"])
def test_a_big_ending_is_louder_than_the_usual_and_a_quiet_one_softer(ending: str) -> None:
    made = plan(Request(f"rock, {ending}"))
    assert "big ending" in made.structure
    assert "quiet ending" not in made.structure
    assert not made.ignored
    assert _last_energy("rock, quiet ending") < _last_energy("rock") < _last_energy(f"rock, {ending}")
