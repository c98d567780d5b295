"""Bars that a prompt gives sections: `8-bar verses`, `the solo lasts 16 bars`."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan, recognize
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import composed

_SEEDS = range(4)
_TOO_SHORT = "is too short for sections of so many bars."


def _bars(score: Score, kind: str) -> set[int]:
    return {s.bars for s in score.sections if s.kind == kind and (kind != "solo" or s.name.startswith("Solo"))}


@pytest.mark.parametrize(
    ("prompt", "stated"),
    [
        (
            "intro 4 bars, verse 8 bars, chorus 8 bars, outro 2 bars, indie pop",
            {"intro": 4, "verse": 8, "chorus": 8, "ending": 2},
        ),
        ("the chorus is 4 bars long, pop", {"chorus": 4}),
        ("the solo lasts 16 bars, rock", {"solo": 16}),
        ("8 bar intro, 16 bar verses, pop", {"intro": 8, "verse": 16}),
        ("pop, sixteen-bar bridge", {"bridge": 16}),
        ("a 16 bar blues in E", {"verse": 16}),
        ("verse of 12 bars, chorus of 6 measures, folk", {"verse": 12, "chorus": 6}),
        ("rock with a 16 bar guitar solo", {"solo": 16}),
        ("pop, 8 bars each", {"verse": 8, "chorus": 8}),
        ("pop, verse 1: 8 bars, verse 2: 8 bars, chorus: 16", {"verse": 8, "chorus": 16}),
        ("intro 4 bars, verse 16, hook 8, verse 16, hook 8, boom bap", {"intro": 4, "verse": 16, "chorus": 8}),
    ],
)
def test_sections_have_the_bars_that_the_prompt_gives_them(prompt: str, stated: dict[str, int]) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        assert {kind: _bars(score, kind) for kind in stated} == {kind: {bars} for kind, bars in stated.items()}
        assert 100 < score.duration_s < 300
        assert "length_s" in dict(score.plan.chosen)
        assert not score.plan.limits


def test_bars_of_sections_are_shown() -> None:
    shown = [(term.kind, term.meaning) for term in recognize("8 bar intro, 16 bar verses, pop")]
    assert ("structure", "8 bars") in shown
    assert ("structure", "16 bars") in shown


def test_sections_keep_their_bars_in_a_song_of_a_stated_length() -> None:
    for seed in _SEEDS:
        score = composed("rock, 16 bar guitar solo, 8 bar verse, 80 seconds", seed)
        assert score.duration_s == pytest.approx(80, abs=0.1)
        assert _bars(score, "solo") == {16}
        assert _bars(score, "verse") == {8}


def test_sections_that_have_no_room_are_said_to_have_none() -> None:
    score = composed("pop, 16-bar verse, 16-bar chorus, 20 seconds")
    assert score.duration_s == pytest.approx(20, abs=0.1)
    assert any(limit.endswith(_TOO_SHORT) for limit in score.plan.limits)


def test_an_order_with_bars_is_the_whole_song() -> None:
    score = composed("no intro, verse 8 bars, chorus 8 bars, verse 8 bars, chorus 8 bars, outro 2 bars, rock")
    assert [(s.kind, s.bars) for s in score.sections] == [
        ("verse", 8), ("chorus", 8), ("verse", 8), ("chorus", 8), ("ending", 2),
    ]  # fmt: skip
    limits = plan(Request("verse 8 bars, chorus 8 bars, verse 8 bars, chorus 16 bars, rock")).limits
    assert limits == ("All sections of a kind have the same number of bars; the first one stated counts.",)


@pytest.mark.parametrize("prompt", ["two-bar mobile signal, pop", "pop, the band plays in a four-bar town"])
def test_bars_of_something_else_are_not_the_songs_length(prompt: str) -> None:
    assert "length_s" in dict(plan(Request(prompt)).chosen)


def test_bars_before_a_section_begins_are_not_its_own() -> None:
    assert not any("bars of" in hint for hint in plan(Request("techno, the drop comes after 16 bars")).structure)


@pytest.mark.parametrize(
    ("prompt", "player"),
    [("house, drums start after 8 bars", "drums"), ("pop, the piano comes in after 8 bars", "piano")],
)
def test_who_enters_after_some_bars_rests_in_an_intro_of_so_many(prompt: str, player: str) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        first = min(note.start for track in score.tracks if track.instrument == player for note in track.notes)
        assert (_bars(score, "intro"), score.plan.limits) == ({8}, ())
        assert first >= score.sections[1].start - 1
