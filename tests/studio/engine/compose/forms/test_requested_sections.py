"""Sections that a prompt excludes, and a key change that it asks for."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.structure_hints import ORDER
from tests.studio.engine.scores import composed

_SEEDS = range(6)


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("pop, no chorus, just verses", "chorus"),
        ("rock without a chorus", "chorus"),
        ("folk, three verses and no refrain", "chorus"),
        ("pop, no bridge", "bridge"),
        ("soul without an intro", "intro"),
        ("pop, no intro, no bridge", "intro"),
    ],
)
def test_an_excluded_section_is_not_there(prompt: str, kind: str) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        assert kind not in {section.kind for section in score.sections}
        assert "Chorus" not in score.lyrics or kind != "chorus"
        assert len(score.sections) > 3


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("pop, no intro", "intro"),
        ("pop, no chorus", "chorus"),
        ("pop, no refrain", "chorus"),
        ("pop, no bridge", "bridge"),
    ],
)
def test_an_excluded_section_is_shown_by_its_name(prompt: str, shown: str) -> None:
    assert [term.meaning for term in plan(Request(prompt)).understood if term.kind == "avoid"] == [shown]


@pytest.mark.parametrize("prompt", ["pop, no big chorus", "pop with a chorus", "pop, no choir"])
def test_other_words_leave_the_choruses(prompt: str) -> None:
    assert any(section.kind == "chorus" for section in composed(prompt, 1).sections)


def test_given_lyrics_decide_about_their_sections() -> None:
    lyrics = "[Verse]\nOne more day\nOne more night\n\n[Chorus]\nSing it now\nSing it loud"
    assert any(section.kind == "chorus" for section in composed("pop, no chorus", 1, lyrics).sections)


@pytest.mark.parametrize("prompt", ["pop with a key change", "80s power ballad, key change", "rock in A, modulates up"])
def test_a_key_change_comes_with_the_last_high_point(prompt: str) -> None:
    for seed in _SEEDS:
        lifts = [section.lift for section in composed(prompt, seed).sections]
        assert lifts[0] == 0
        assert lifts[-1] in (1, 2)


@pytest.mark.parametrize(
    "prompt", ["pop in D major that modulates to E major", "pop in C, key change to F, 60 seconds"]
)
def test_a_key_change_goes_to_the_named_key(prompt: str) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        wanted = "E" if "E major" in prompt else "F"
        assert (theory.tonic(score.plan.key) + score.sections[-1].lift) % 12 == theory.tonic(wanted)


@pytest.mark.parametrize(("prompt", "key"), [("pop, key change to E", "E"), ("rock that modulates to F minor", "F")])
def test_a_song_does_not_begin_in_the_key_that_it_changes_to(prompt: str, key: str) -> None:
    for seed in range(12):
        score = composed(prompt, seed)
        assert theory.tonic(score.plan.key) != theory.tonic(key)
        assert "key" in dict(score.plan.chosen)
        assert (theory.tonic(score.plan.key) + score.sections[-1].lift) % 12 == theory.tonic(key)


def test_no_key_change_keeps_the_key() -> None:
    assert all(section.lift == 0 for seed in range(30) for section in composed("pop, no key change", seed).sections)


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("pop: verse chorus verse chorus bridge chorus", "intro verse chorus verse chorus bridge chorus ending"),
        (
            "Rock. Intro, verse, pre-chorus, chorus, solo, chorus, outro",
            "intro verse prechorus chorus solo chorus ending",
        ),
        ("rock, intro, verse, chorus, guitar solo, chorus", "intro verse chorus solo chorus ending"),
        ("country, 2 verses, chorus, bridge, outro", "intro verse verse chorus bridge ending"),
        ("pop: intro, verse, two choruses, bridge, chorus", "intro verse chorus chorus bridge chorus ending"),
        ("jazz with vocals, AABA form", "intro verse verse bridge verse ending"),
        ("pop, ABABCB structure", "intro verse chorus verse chorus bridge chorus ending"),
        ("soul, no intro, verse - verse - bridge - verse", "verse verse bridge verse ending"),
        (
            "techno, 2:00, intro > breakdown > drop > breakdown > drop > outro",
            "intro breakdown drop breakdown drop ending",
        ),
        (
            "folk, 40 seconds, verse, then a chorus, then a verse, then a chorus",
            "intro verse chorus verse chorus ending",
        ),
    ],
)
def test_sections_in_an_order_come_in_that_order(prompt: str, kinds: str) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        assert [section.kind for section in score.sections] == kinds.split()
        wanted = {"verse": "Verse 1", "chorus": "Chorus 1"}
        assert {wanted[kind] for kind in wanted if kinds.count(kind) > 1} <= {
            section.name for section in score.sections
        }


def test_the_letters_of_a_form_are_not_ignored() -> None:
    assert plan(Request("jazz, AABA form")).ignored == ()
    assert plan(Request("pop like ABBA")).structure == ()


@pytest.mark.parametrize("length_s", [5, 9, 14, 20, 600])
def test_an_order_fits_any_length(length_s: int) -> None:
    score = composed(f"pop, {length_s} seconds, verse chorus verse chorus bridge chorus", 1)
    assert score.sections[-1].kind == "ending"
    assert all(section.bars > 0 for section in score.sections)


def test_an_order_fills_the_length_with_whole_sections() -> None:
    for seed in _SEEDS:
        score = composed("pop, 3 minutes, verse chorus verse chorus bridge chorus", seed)
        bars = [section.bars for section in score.sections[1:-1]]
        assert all(size % 2 == 0 for size in bars)
        assert max(bars) <= 24
        assert score.sections[-1].bars <= 12


@pytest.mark.parametrize("prompt", ["pop with a verse, a chorus and a bridge", "a verse about a chorus line"])
def test_named_sections_without_an_order_are_none(prompt: str) -> None:
    assert not any(hint.startswith(ORDER) for hint in plan(Request(prompt)).structure)


def test_given_lyrics_have_their_own_order() -> None:
    lyrics = "[Verse]\nOne more day\nOne more night\n\n[Chorus]\nSing it now\nSing it loud"
    made = plan(Request("pop: chorus bridge chorus bridge", lyrics=lyrics))
    assert not any(hint.startswith(ORDER) for hint in made.structure)


@pytest.mark.parametrize(
    "prompt", ["pop, start with the chorus", "rock that opens with the chorus", "soul, chorus first, no intro"]
)
def test_a_song_starts_with_the_chorus(prompt: str) -> None:
    for seed in _SEEDS:
        score = composed(prompt, seed)
        kinds = [section.kind for section in score.sections]
        assert (kinds[0], kinds[1] != "chorus", kinds[-1]) == ("chorus", True, "ending")
        assert not {"start", "first"}.intersection(score.plan.ignored)


@pytest.mark.parametrize(
    "prompt",
    ["rock song ending with a guitar solo", "metal, ends with a long solo", "rock with a guitar solo at the end"],
)
def test_a_song_ends_with_a_solo(prompt: str) -> None:
    for seed in _SEEDS:
        assert [section.kind for section in composed(prompt, seed).sections][-2:] == ["solo", "ending"]


def test_sections_without_a_place_stay() -> None:
    assert composed("soul with an outro and a sax solo", 1).sections[0].kind == "intro"
    assert "solo last" not in plan(Request("rock, quiet ending, guitar solo")).structure
