"""A symphony orchestra has strings, winds, a bass and timpani, and no piano."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("prompt", ["symphony orchestra, romantic", "an overture for orchestra", "symphonic poem"])
def test_an_orchestra_is_one(prompt: str, seed: int) -> None:
    score = compose(plan(Request(prompt, seed=seed, length_s=120.0)))
    names = {track.instrument for track in score.tracks}
    assert "piano" not in names
    assert "timpani" in names
    assert names & {"upright bass", "cello"}
    assert names & {"flute", "oboe", "clarinet", "french horn"}
    assert len(names) >= 6
