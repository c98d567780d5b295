"""A locked band: who is added changes nobody else, and who is excluded stays, which is said."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.score_edits import score_of
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.test_locks import again, assert_joined


@pytest.mark.parametrize(
    "added", [", + trumpet solo in the chorus", ", plus a trumpet solo in the last chorus", ", + trumpet in the chorus"]
)
def test_where_an_added_player_plays_changes_nobody_else(added: str) -> None:
    before = score_of(Request("pop in D, 110 bpm, 45 seconds, about a red kite", seed=1))
    assert_joined(before, again(before, before.plan.prompt + added), "trumpet")
