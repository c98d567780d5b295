"""A solo, bridge, breakdown or intro that the prompt asks for is in short songs too, or a limit says that it isn't."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Section
from riffusion_tui.studio.engine.song_request import Locks, Request
from tests.studio.engine.scores import composed

_SEEDS = range(5)


def _is(section: Section, kind: str) -> bool:
    """Whether a section of at least two bars is of a kind; a break or riff between verses is no solo."""
    return section.kind == kind and section.bars >= 2 and (kind != "solo" or section.name.split()[0] == "Solo")


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("rock with a guitar solo, 60 seconds", "solo"),
        ("rock with a guitar solo and a bridge, 45 seconds", "solo bridge"),
        ("jazz trio, bass solo, 30 seconds", "solo"),
        ("a blues in E, shuffle, harmonica solo in the middle, 20 seconds", "solo"),
        ("folk, 25 seconds, big ending, bridge and breakdown", "bridge breakdown"),
        ("rock, piano intro, guitar solo, 30 seconds", "intro solo"),
        ("techno, breakdown, 20 seconds", "breakdown"),
        ("metal with a guitar solo, 12 seconds", "solo"),
        ("hip hop, bridge, 30 seconds", "bridge"),
        ("12-bar blues, 4/4, 90 bpm, harmonica solo, 50 seconds", "solo"),
    ],
)
def test_short_songs_have_the_sections_that_the_prompt_asks_for(prompt: str, kinds: str) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        for kind in kinds.split():
            assert any(_is(section, kind) for section in score.sections), (seed, kind, score.sections)
        assert score.plan.limits == ()
        assert score.sections[-1].kind == "ending"
        assert abs(score.plan.length_s - plan(Request(prompt, seed)).length_s) < 0.1
        mains = [i for i, part in enumerate(score.sections) if part.kind in ("verse", "chorus", "drop")]
        assert all(mains[0] < i for i, part in enumerate(score.sections) if part.kind in ("solo", "bridge"))


@pytest.mark.parametrize("genre", ["rock", "folk", "techno", "12-bar blues", "ambient", "raga", "hip hop", "pop waltz"])
@pytest.mark.parametrize("length_s", [5, 8, 12, 20, 30, 60])
def test_a_section_is_there_or_the_song_is_said_to_be_too_short(genre: str, length_s: int) -> None:
    prompt = f"{genre}, piano intro, guitar solo and bridge, {length_s} seconds"
    for seed in (0, 1):
        score = composed(prompt, seed)
        said = " ".join(limit for limit in score.plan.limits if "is too short for" in limit)
        for kind in ("intro", "solo", "bridge"):
            assert any(_is(part, kind) for part in score.sections) != (f"the {kind}" in said), (kind, score.sections)
        assert all(part.bars > 0 for part in score.sections)


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("pop with a bridge, 120 bpm, 4/4, 8 seconds", "0:08 is too short for the bridge."),
        ("rock, guitar solo and bridge, 120 bpm, 4/4, 12 seconds", "0:12 is too short for the bridge."),
        (
            "rock, piano intro, guitar solo and bridge, 120 bpm, 4/4, 6 seconds",
            "0:06 is too short for the solo, the bridge and the intro.",
        ),
    ],
)
def test_sections_without_room_are_said(prompt: str, limit: str) -> None:
    assert plan(Request(prompt)).limits == (limit,)


def test_twelve_bars_are_not_cut_for_a_solo() -> None:
    prompt = "12-bar blues, 4/4, 90 bpm, harmonica solo, 38 seconds"
    assert plan(Request(prompt)).limits == ("0:38 is too short for the solo.",)
    assert any(section.kind == "verse" and section.bars == 12 for section in composed(prompt, 0).sections)


def test_a_locked_form_has_its_own_sections() -> None:
    form = composed("pop, 20 seconds", 0).form
    made = plan(Request("pop with a guitar solo, 6 seconds", 0, locks=Locks(form=form)))
    assert made.limits == ("The locked form has no solo.", "The locked form lasts 0:19, not 0:06.")
