"""Songs of the length that the engine chooses: their forms, as an arranger would write them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.forms import form_layout
from riffusion_tui.studio.engine.genre_files import genres
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Section
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request

SEEDS = (1, 2, 3)


def _form(prompt: str, seed: int) -> tuple[Plan, Form]:
    made = plan(Request(prompt, seed=seed))
    return made, form_layout.lay_out(made, Dice(made.origin, made.seed).of("form"))


@pytest.fixture(scope="module")
def songs() -> list[tuple[Plan, Form]]:
    return [_form(genre, seed) for genre in genres() for seed in SEEDS]


def _described(made: Plan, sections: tuple[Section, ...]) -> str:
    return f"{made.prompt}, seed {made.seed}: {[(section.name, section.bars) for section in sections]}"


def test_sections_have_an_even_number_of_bars(songs: list[tuple[Plan, Form]]) -> None:
    """Intros of five bars and endings of seven absorbed what the form left over."""
    for made, form in songs:
        assert not any(section.bars % 2 for section in form.sections), _described(made, form.sections)


def test_bridges_and_breakdowns_do_not_return_at_once(songs: list[tuple[Plan, Form]]) -> None:
    """Four breakdowns in a row filled up dance music, four bridges ballads."""
    for made, form in songs:
        kinds = [section.kind for section in form.sections]
        twice = [one for one, other in pairwise(kinds) if one == other and one in ("bridge", "breakdown", "prechorus")]
        marched = made.genre in ("march", "waltz", "ragtime")
        assert not twice or marched, _described(made, form.sections)


def test_nothing_comes_between_the_last_chorus_and_the_ending_but_a_verse(songs: list[tuple[Plan, Form]]) -> None:
    for made, form in songs:
        assert not form.sections[-2].name.startswith("Interlude"), _described(made, form.sections)


def test_a_song_has_sections_of_some_length(songs: list[tuple[Plan, Form]]) -> None:
    """A ballad's verses had two bars, and its ten choruses wore out."""
    for made, form in songs:
        high = [section for section in form.sections if section.kind in ("chorus", "drop")]
        verses = [section for section in form.sections if section.kind == "verse"]
        bar_s = form.bar * 60 / made.bpm
        assert len(high) <= 7, _described(made, form.sections)
        assert max(section.bars for section in [*high, *verses]) * bar_s >= 10, _described(made, form.sections)


def test_a_free_length_is_near_the_one_that_was_chosen(songs: list[tuple[Plan, Form]]) -> None:
    for made, form in songs:
        length_s = form.beats * 60 / made.bpm + 1.5
        assert abs(length_s / made.length_s - 1) <= form_layout.FREE + 0.02, _described(made, form.sections)


@pytest.mark.parametrize("length_s", [105.0, 150.0, 210.0, 240.0])
def test_the_ending_is_no_section_of_its_own(length_s: float) -> None:
    """A form that had no more to add left up to 44 bars to the ending."""
    for genre in genres():
        made = plan(Request(genre, seed=8, length_s=length_s))
        form = form_layout.lay_out(made, Dice(made.origin, made.seed).of("form"))
        assert form.sections[-1].bars < 3 * max(2, form.unit), _described(made, form.sections)


@pytest.mark.parametrize("prompt", ["pop song, 3 minutes", "techno, 200 seconds"])
def test_a_requested_length_is_kept(prompt: str) -> None:
    for seed in SEEDS:
        made, form = _form(prompt, seed)
        assert form.beats == pytest.approx(form_layout.beats_of(made))


def test_the_plan_of_a_score_has_its_length() -> None:
    for seed in SEEDS:
        score = compose(plan(Request("pop song about the sea", seed=seed)))
        assert score.plan.length_s == pytest.approx(score.beats * 60 / score.plan.bpm + 1.5, abs=0.01)


@pytest.mark.parametrize("prompt", ["power ballad", "r&b", "reggae", "worship"])
def test_slow_songs_have_verses_of_eight_bars(prompt: str) -> None:
    for seed in SEEDS:
        made, form = _form(f"{prompt}, 70 bpm", seed)
        assert all(s.bars >= 8 for s in form.sections if s.name.startswith("Verse")), _described(made, form.sections)


@pytest.mark.parametrize(
    ("genre", "foreign"),
    [
        ("fado", "Mambo"), ("tango", "Mambo"), ("flamenco", "Mambo"), ("bossa nova", "Mambo"), ("mariachi", "Mambo"),
        ("chinese traditional", "Alap"), ("japanese traditional", "Alap"), ("gamelan", "Alap"), ("bhangra", "Alap"),
        ("chinese traditional", "Pre-Chorus"), ("ragtime", "Shout Chorus"), ("ragtime", "Solo"), ("march", "Variation"),
        ("lullaby", "Bloom"), ("new age", "Bloom"), ("trip hop", "Drop"), ("disco", "Drop"), ("reggaeton", "Trio"),
        ("trap", "Solo"), ("drill", "Solo"), ("drum and bass", "Solo"),
    ],
)  # fmt: skip
def test_a_genre_has_no_foreign_sections(genre: str, foreign: str) -> None:
    for seed in range(1, 9):
        made, form = _form(genre, seed)
        assert not any(section.name.startswith(foreign) for section in form.sections), _described(made, form.sections)


@pytest.mark.parametrize("length_s", [None, 120.0, 200.0])
def test_a_blues_has_choruses_of_twelve_bars(length_s: float | None) -> None:
    """The second verse was cut to six bars, and a bridge of eight followed."""
    for seed in range(1, 7):
        score = compose(plan(Request("blues", seed=seed, length_s=length_s)))
        kinds = {"verse", "solo", "chorus", "bridge", "breakdown"}
        sizes = {s.bars for s in score.sections if s.kind in kinds and not s.name.startswith("Interlude")}
        assert sizes == {12}, _described(score.plan, score.sections)


def test_a_long_blues_has_a_solo_or_three_verses() -> None:
    for seed in range(1, 7):
        _, form = _form("blues", seed)
        assert sum(section.bars == 12 for section in form.sections) >= 3


def test_every_verse_of_a_blues_repeats_its_first_line() -> None:
    """In slow blues with bars of four seconds, four lines were crowded into eight bars, and four were empty."""
    for seed in range(1, 7):
        score = compose(plan(Request("slow blues, male singer", seed=seed)))
        bar = score.plan.meter[0] * 4 / score.plan.meter[1]
        for section in score.sections:
            if section.kind == "verse" and section.bars == 12:
                inside = [x for x in score.lyric_lines if 0 <= x.start - section.start < section.bars * bar]
                assert [line.text for line in inside[:2]] == [inside[0].text] * 2
                assert len(inside) == 3


def test_movements_are_numbered_in_words_only() -> None:
    """After a First, Second and Third Movement, there was a Movement 1."""
    made = [plan(Request("progressive rock", seed, length_s=400.0)) for seed in range(12)]
    forms = [form_layout.lay_out(one, Dice(one.origin, one.seed).of("form")) for one in made]
    named = {section.name for form in forms for section in form.sections if "Movement" in section.name}
    assert named == {"First Movement", "Second Movement", "Third Movement"}
