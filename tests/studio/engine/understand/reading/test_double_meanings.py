"""Words that are genres, tempos or players elsewhere, and figures beside them."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import planned


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("rock the cradle, a soft lullaby", "lullaby"),
        ("pop a balloon, a funny children's song", "children's"),
        ("rap at the door, spooky music", "horror"),
        ("trap the mouse, children's song", "children's"),
        ("rock my soul, gospel", "gospel"),
        ("a dance hall in the 1920s, jazz", "jazz"),
        ("gospel truth, punk", "punk"),
        ("músicas de samba alegre", "samba"),
        ("teental 16 beats", "indian classical"),
        ("rock a todo volumen", "rock"),
        ("pop the way it was in the 80s", "pop"),
        ("rock that ends abruptly", "rock"),
        ("rap at 90 bpm", "hip hop"),
        ("a dance hall tune", "dancehall"),
        ("gospel choir, old spiritual, swing low feeling", "gospel"),
        ("an old negro spiritual", "gospel"),
    ],
)
def test_a_verb_or_a_place_is_no_genre(text: str, genre: str) -> None:
    made = planned(text)
    assert (made.genre, made.blend) == (genre, None)


@pytest.mark.parametrize("text", ["my grandfather's grave, hip hop", "hip hop about the grave"])
def test_a_grave_is_no_tempo(text: str) -> None:
    assert planned(text).bpm > 70


def test_a_grave_piece_is_slow() -> None:
    assert planned("grave, string quartet").bpm < 70


def test_a_player_after_a_section_has_no_effect_of_its_name() -> None:
    assert planned("pop, chorus: guitar").production == ()
    assert planned("pop, chorus guitar").production == ("filtered",)


def test_counted_beats_are_no_drums() -> None:
    assert planned("teental 16 beats").instruments == ()
    assert planned("beats to study to").instruments == ("drums",)


@pytest.mark.parametrize(
    ("text", "genre", "swing"),
    [
        ("boom bap, 88bpm swing 60%", "boom bap", 0.6),
        ("boom bap, 67% swing", "boom bap", 1.0),
        ("house, swing 50%", "house", 0.0),
        ("techno, swing: 30 percent", "techno", 0.3),
        ("swing, 60% brass", "swing", None),
    ],
)
def test_swing_in_percent_is_no_genre(text: str, genre: str, swing: float | None) -> None:
    made = planned(text)
    assert (made.genre, made.blend) == (genre, None)
    assert swing is None or made.swing == pytest.approx(swing)


@pytest.mark.parametrize(
    "text", ["EDM without drop", "house with no drops", "dubstep, no beat drop, 90 seconds", "k-pop, no drop"]
)
def test_an_excluded_drop_is_not_in_the_song(text: str) -> None:
    for seed in range(6):
        score = compose(plan(Request(text, seed=seed)))
        assert not {"drop"} & {section.kind for section in score.sections}
        assert "Drop" not in {section.name for section in score.sections}
        assert score.tracks


@pytest.mark.parametrize(
    ("text", "era"),
    [
        ("an old lighthouse keeper climbs the stairs", None),
        ("an old wooden ship", None),
        ("an old fiddle tune", "retro"),
        ("old and dusty piano", "retro"),
        ("warm, old, dusty", "retro"),
    ],
)
def test_old_people_and_things_make_no_old_music(text: str, era: str | None) -> None:
    assert planned(text).era == era


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("folk song with fiddle about my late father", False),
        ("ballad about my dead mother, piano", False),
        ("pop song about a man", False),
        ("pop song about the sea sung by a woman", True),
    ],
)
def test_a_person_whom_a_song_is_about_is_no_singer(prompt: str, shown: bool) -> None:
    understood = plan(Request(prompt, seed=1)).understood
    assert shown == any(term.meaning in ("male", "female") for term in understood)
