"""Numbers of verses and choruses."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_SEEDS = range(4)


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("pop song with 3 verses and 2 choruses", "intro verse verse chorus verse chorus ending"),
        ("just one chorus, pop", "intro verse verse chorus ending"),
        ("pop, a single chorus, 60 seconds", "intro verse verse chorus ending"),
        ("folk, three verses and no refrain", "intro verse verse verse ending"),
        ("pop, two verses", "intro verse chorus verse chorus ending"),
        ("pop with 3 choruses and a bridge", "intro verse chorus verse chorus verse bridge chorus ending"),
        ("rock, bridge twice", "intro verse chorus bridge verse chorus bridge chorus ending"),
        ("pop with two bridges", "intro verse chorus bridge verse chorus bridge chorus ending"),
        ("pop, repeat the chorus two times", "intro verse chorus verse chorus ending"),
        ("pop, the chorus comes twice", "intro verse chorus verse chorus ending"),
    ],
)
def test_a_song_has_the_verses_and_choruses_that_are_counted(prompt: str, kinds: str) -> None:
    for seed in _SEEDS:
        made = plan(Request(prompt, seed))
        score = compose(made)
        assert [section.kind for section in score.sections] == kinds.split()
        even = len({s.bars for s in score.sections if s.kind in ("verse", "chorus")}) == 1
        assert even or "60 seconds" in prompt
        assert made.limits == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "pop, verse 1, chorus 1",
        "jazz, two choruses of solos",
        "blues in E with three verses",
        "pop, 8 bar verses",
        "pop with verses and choruses",
    ],
)
def test_other_numbers_count_no_sections(prompt: str) -> None:
    assert not any(hint.startswith("in order") for hint in plan(Request(prompt)).structure)


def test_given_lyrics_have_their_own_sections() -> None:
    lyrics = "[Verse]\nOne more day\nOne more night\n\n[Chorus]\nSing it now\nSing it loud"
    made = plan(Request("pop, just one chorus", lyrics=lyrics))
    assert not any(hint.startswith("in order") for hint in made.structure)


@pytest.mark.parametrize(
    ("prompt", "order"),
    [
        ("verse x2, chorus, bridge, chorus x2, rock", "verse verse chorus bridge chorus chorus"),
        ("pop: verse, chorus twice, bridge, chorus", "verse chorus chorus bridge chorus"),
        ("pop, 2 bridges and 3 choruses", "verse chorus bridge verse chorus bridge verse chorus"),
    ],
)
def test_numbers_after_sections_repeat_them(prompt: str, order: str) -> None:
    kinds = [section.kind for section in compose(plan(Request(prompt, 1))).sections]
    assert " ".join(kinds).removeprefix("intro ").removesuffix(" ending") == order


@pytest.mark.parametrize(
    ("prompt", "kinds", "bars"),
    [
        ("blues in A, 4 choruses", ["verse", "verse", "solo", "verse"], 12),
        ("slow blues in E, 2 choruses", ["verse", "verse"], 12),
        ("jazz in F, three choruses", ["verse", "solo", "verse"], 32),
        ("jazz, 3 choruses, 16 bars each", ["verse", "solo", "verse"], 16),
    ],
)
def test_choruses_of_blues_and_jazz_are_times_through_the_form(prompt: str, kinds: list[str], bars: int) -> None:
    made = plan(Request(prompt, seed=1))
    assert "big chorus" not in made.structure
    sections = [one for one in compose(made).sections if one.kind not in ("intro", "outro", "ending")]
    assert [(one.kind, one.bars) for one in sections] == [(kind, bars) for kind in kinds]


@pytest.mark.parametrize("prompt", ["12 bar blues in A with quick change", "12-bar blues with a quick change to IV"])
def test_a_quick_change_is_a_chord_of_the_second_bar(prompt: str) -> None:
    for seed in range(4):
        made = plan(Request(prompt, seed=seed))
        assert (made.ignored, [term for term in made.understood if term.kind == "tempo"]) == ((), [])
        score = compose(made)
        verse = next(one for one in score.sections if one.kind == "verse")
        bar = made.meter[0] * 4 / made.meter[1]
        roots = [one.root for one in score.chords if verse.start <= one.start < verse.start + 4 * bar]
        assert [(root - roots[0]) % 12 for root in roots[:4]] == [0, 5, 0, 0]


def test_a_quick_change_of_something_else_is_none() -> None:
    assert "quick change" not in plan(Request("pop with a quick change of mood", seed=1)).structure


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("pop, starts with the chorus, 3 verses and 2 choruses", "chorus verse verse verse chorus ending"),
        ("pop, starts with the chorus, 2 verses", "chorus verse verse chorus ending"),
        ("pop, 3 verses and 2 choruses, ends with a guitar solo", "intro verse verse chorus verse chorus solo ending"),
        (
            "pop, starts with the chorus, 3 verses and 2 choruses, ends with a guitar solo",
            "chorus verse verse verse chorus solo ending",
        ),
        ("pop, starts with the chorus, verse, chorus, verse, chorus", "chorus verse chorus verse chorus ending"),
    ],
)
def test_counted_sections_begin_and_end_as_stated(prompt: str, kinds: str) -> None:
    for seed in _SEEDS:
        assert " ".join(one.kind for one in compose(plan(Request(prompt, seed=seed))).sections) == kinds
