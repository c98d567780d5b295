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
