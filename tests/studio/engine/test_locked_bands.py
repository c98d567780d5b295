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


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (", no bass", "the bass"),
        (", no drums", "the drums and the tambourine"),
        (", no piano", "the piano"),
        (", no strings, drumless", "the strings|the drums and the tambourine"),
        (", instrumental", "the vocals"),
        (", no vocals", "the vocals"),
        (", no banjo", ""),
        ("", ""),
    ],
)
def test_a_locked_band_says_whom_it_keeps(added: str, said: str) -> None:
    before = score_of(Request("pop in D, 110 bpm, 45 seconds, about a red kite", seed=1))
    after = again(before, before.plan.prompt + added)
    assert_joined(before, after)
    assert after.plan.limits == tuple(f"The locked band keeps {names}." for names in said.split("|") if names)


def test_a_locked_cast_says_whom_it_keeps() -> None:
    before = score_of(Request("duet for piano and cello, 40 seconds", seed=1))
    after = again(before, f"{before.plan.prompt}, no cello")
    assert after.plan.limits == ("The locked band keeps the cello.",)
