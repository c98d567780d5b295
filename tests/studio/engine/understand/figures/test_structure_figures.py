"""Bars, forms by letters, key changes by an interval, and tunings."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan, recognize
from riffusion_tui.studio.engine.score import RING_S
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import planned


@pytest.mark.parametrize(
    ("prompt", "bars"),
    [
        ("slow blues, 32 bars", 32),
        ("techno loop, 16 bars", 16),
        ("8 bar funk loop", 8),
        ("24 bars of house", 24),
        ("waltz, sixteen bars", 16),
        ("techno loop, eighteen bars", 18),
        ("rock, 20 measures", 20),
        ("folk in 6/8, 16 bars", 16),
        ("salsa, 16 compases", 16),
        ("jazz, 32 bars AABA", 32),
        ("punk, 100 bpm, 12 bars", 12),
        ("16 bars of drums only", 16),
    ],
)
def test_a_song_has_the_bars_that_the_prompt_states(prompt: str, bars: int) -> None:
    made = planned(prompt)
    score = compose(made)
    bar = made.meter[0] * 4 / made.meter[1]
    assert made.length_s == pytest.approx(score.beats * 60 / made.bpm + RING_S)
    assert score.beats / bar == pytest.approx(bars)
    assert sum(section.bars for section in score.sections) == pytest.approx(bars)
    assert "length_s" not in dict(made.chosen)
    assert f"{bars} bars" in {term.meaning for term in recognize(prompt)}
    assert "bar" not in made.scenes


@pytest.mark.parametrize(
    "prompt",
    [
        "pop, 8-bar intro",
        "techno, after 16 bars the drums come in",
        "rock, 4 bars of drums, then the band",
        "rock, 4 bars of drums only, then the band",
        "a 12 bar blues",
        "jazz with a 16 bar solo",
        "trap, the melody changes every 8 bars",
        "a bar in Paris, jazz",
    ],
)
def test_bars_of_a_part_are_not_the_songs_length(prompt: str) -> None:
    assert "length_s" in dict(planned(prompt).chosen)


def test_a_stated_or_requested_length_goes_before_bars() -> None:
    assert planned("rock, 32 bars, 30 seconds").length_s == 30
    assert plan(Request("rock, 32 bars", seed=1, length_s=20.0)).length_s == 20


@pytest.mark.parametrize(
    ("prompt", "order"),
    [
        ("jazz standard AABA", "verse verse bridge verse"),
        ("pop ABABCB", "verse chorus verse chorus bridge chorus"),
        ("piano piece, ABA form", "verse bridge verse"),
        ("piano in ternary form", "verse bridge verse"),
        ("jazz ballad, 32-bar form", "verse verse bridge verse"),
        ("folk song in ABAC form", "verse chorus verse bridge"),
        ("piano piece, ABC form", "verse chorus bridge"),
        ("baroque, rondo form", "verse chorus verse bridge verse"),
        ("classical rondo, ABACADA", "verse chorus verse bridge verse solo verse"),
        ("baroque minuet in binary form", "verse verse chorus chorus"),
    ],
)
def test_a_form_by_letters_or_name_is_played(prompt: str, order: str) -> None:
    made = planned(prompt)
    assert f"in order: {order}" in made.structure
    kinds = [section.kind for section in compose(made).sections]
    assert [kind for kind in kinds if kind not in ("intro", "ending")] == order.split()
    assert not {"AABA", "ABABCB", "ABA", "form", "rondo", "binary"} & set(made.ignored)


@pytest.mark.parametrize("prompt", ["folk song in ABAC form", "classical rondo, ABACADA", "piano piece, ABC form"])
def test_each_letter_of_a_form_has_a_tune_of_its_own(prompt: str) -> None:
    score = compose(planned(f"{prompt}, instrumental"))
    letters = prompt.replace(" form", "").split()[-1]
    parts = [section for section in score.sections if section.kind not in ("intro", "ending")]
    by_letter = {letter: part.kind for letter, part in zip(letters, parts, strict=True)}
    assert [by_letter[letter] for letter in letters] == [part.kind for part in parts]
    assert len(set(by_letter.values())) == len(by_letter)


@pytest.mark.parametrize(
    ("prompt", "sizes"),
    [
        ("jazz standard, 32-bar form", [8, 8, 8, 8]),
        ("jazz, 32 bars AABA", [8, 8, 8, 8]),
        ("jazz, AABA, 32 bars", [8, 8, 8, 8]),
        ("waltz, AABB, 16 bars", [4, 4, 4, 4]),
        ("jazz, AABA form, 8 bars each", [8, 8, 8, 8]),
        ("pop: verse, chorus, verse, chorus, each section 4 bars", [4, 4, 4, 4]),
    ],
)
def test_the_sections_of_a_form_share_its_bars(prompt: str, sizes: list[int]) -> None:
    for seed in range(4):
        made = planned(prompt, seed)
        assert [section.bars for section in compose(made).sections] == sizes
        assert made.limits == ()
        assert made.ignored == ()


@pytest.mark.parametrize("prompt", ["jazz, 32-bar form, 3 minutes", "jazz, AABA with 8 bars each, 200 seconds"])
def test_a_longer_song_repeats_the_form(prompt: str) -> None:
    for seed in range(4):
        score = compose(planned(prompt, seed))
        inner = [section for section in score.sections if section.kind not in ("intro", "ending")]
        assert {section.bars for section in inner} == {8}
        assert [s.kind for s in inner[:8]] == 2 * ["verse", "verse", "bridge", "verse"]
        assert inner[-1].kind == "verse"
        assert all(section.bars <= 12 for section in score.sections)


def test_a_form_that_is_longer_than_the_song_is_a_limit() -> None:
    made = planned("jazz at 120 bpm, 32-bar form, 20 seconds")
    assert made.limits == ("32 bars at 120 bpm last 1:06; a song of 0:20 has 9 bars.",)


def test_other_capitals_are_no_form() -> None:
    assert not any(hint.startswith("in order") for hint in planned("pop like ABBA").structure)
    assert not any(hint.startswith("in order") for hint in planned("ABC, a children's song").structure)


@pytest.mark.parametrize(
    ("prompt", "lift"),
    [
        ("pop ballad, modulate up a step", 2),
        ("pop that modulates up a half step", 1),
        ("pop with a key change up a minor third", 3),
        ("pop, half-step key change", 1),
        ("pop, a whole step modulation at the end", 2),
        ("pop, key change down a tone", 10),
        ("pop, changes key up two semitones", 2),
    ],
)
def test_a_key_change_goes_as_far_as_asked(prompt: str, lift: int) -> None:
    for seed in range(4):
        sections = compose(planned(prompt, seed)).sections
        assert (sections[0].lift, sections[-1].lift) == (0, lift)


def test_a_step_without_a_key_change_means_nothing() -> None:
    assert not any("key change" in hint for hint in planned("house, step up to the floor").structure)


@pytest.mark.parametrize(
    ("prompt", "key"),
    [
        ("drop D tuning metal", "D"),
        ("metal in drop C", "C"),
        ("dropped A# tuning, metalcore", "A#"),
        ("blues, guitar in open G tuning", "G"),
        ("metal in drop D, in E minor", "E"),
    ],
)
def test_a_tuning_gives_the_key(prompt: str, key: str) -> None:
    made = planned(prompt)
    assert made.key == key
    assert "key" not in dict(made.chosen)
    assert not set(made.ignored) & {"drop", "tuning", "open"}


def test_a_drop_is_no_tuning() -> None:
    assert "key" in dict(planned("techno with a drop, bass").chosen)


def test_rhythm_changes_are_chords_of_thirty_two_bars() -> None:
    for seed in range(3):
        score = compose(plan(Request("jazz with rhythm changes in Bb", seed=seed)))
        assert (score.plan.key, score.plan.mode, score.plan.ignored) == ("Bb", "major", ())
        assert score.chords[0].symbol.startswith("Bb") or score.sections[0].kind == "intro"
        bridge = next(section for section in score.sections if section.kind == "bridge")
        assert next(one for one in score.chords if one.start >= bridge.start).symbol.startswith("D")
        assert [s.kind for s in score.sections if s.kind in ("verse", "bridge")][:4] == [
            "verse",
            "verse",
            "bridge",
            "verse",
        ]
    assert "rhythm changes" not in plan(Request("techno, the rhythm changes every 8 bars")).structure


def test_a_form_in_letters_is_detected() -> None:
    assert ("structure", "AABA") in {(one.kind, one.meaning) for one in recognize("jazz, 32-bar AABA form")}
    assert [one.kind for one in recognize("jazz like ABBA")] == ["genre"]


@pytest.mark.parametrize(
    ("prompt", "bars"),
    [
        ("classic rock with a long guitar solo", "solo: ~16"),
        ("rock, extended soaring guitar solo", "solo: ~16"),
        ("pop with a short sax solo", "solo: ~4"),
        ("ambient, brief intro", "intro: ~2"),
        ("techno with a long breakdown", "breakdown: ~16"),
        ("long 32 bar guitar solo, rock", "solo: 32"),
    ],
)
def test_a_long_or_short_section_has_its_bars(prompt: str, bars: str) -> None:
    made = planned(prompt)
    assert f"bars of the {bars}" in made.structure
    assert bars.split()[1].replace("~", "up to ") + " bars" in {one.meaning for one in made.understood}
    assert not {"long", "extended", "short", "brief"} & set(made.ignored)


@pytest.mark.parametrize(
    "prompt", ["short pop song with a guitar solo", "a long time ago in the bridge", "long and loud solo, rock"]
)
def test_a_long_or_short_song_says_nothing_about_its_sections(prompt: str) -> None:
    assert not any(hint.startswith("bars of") for hint in planned(prompt).structure)


def test_a_long_section_leaves_room_for_the_rest_of_a_short_song() -> None:
    made = plan(Request("rock with a long guitar solo and a long intro", seed=2, length_s=60.0))
    sizes = [section.bars for section in compose(made).sections if section.name in ("Solo", "Intro")]
    assert sum(sizes) <= sum(section.bars for section in compose(made).sections) * 0.6
    assert made.limits == ()
