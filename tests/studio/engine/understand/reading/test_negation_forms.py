"""Negations other than `no drums`: exceptions from everything, affixes, `not only`, `-drums`, other languages."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import planned


@pytest.mark.parametrize(
    ("text", "players"),
    [
        ("pop, no instruments except piano and drums", {"piano", "drums"}),
        ("no instruments except piano", {"piano"}),
        ("without any instruments except a cello", {"cello"}),
        ("no instruments besides strings, waltz", {"strings"}),
        ("no other instruments except piano", {"piano"}),
        ("no instrument other than a harp, folk", {"harp"}),
        ("no instruments but a drum, chant", {"drums", "choir"}),
        ("male singer, no instruments except a guitar", {"electric guitar"}),
        ("nobody but a piano", {"piano"}),
        ("nothing except piano and drums, pop", {"piano", "drums"}),
    ],
)
def test_what_is_excepted_from_the_excluded_instruments_plays_alone(text: str, players: set[str]) -> None:
    assert set(planned(text).cast) == players


@pytest.mark.parametrize("text", ["pop, no instruments", "a man sings without instruments, except in the chorus"])
def test_without_an_exception_nobody_plays(text: str) -> None:
    assert set(planned(text).cast) <= {"vocals", "vocal choir"}


@pytest.mark.parametrize(
    ("text", "genre", "avoided"),
    [
        ("guitar-less rock", "rock", "guitar"),
        ("piano-less ballad", "ballad", "piano"),
        ("guitar-less and drum-less indie pop", "indie pop", "drums"),
        ("a bass-less trio, jazz", "jazz", "bass"),
        ("vocal-less house", "house", "vocals"),
        ("non-vocal trance", "trance", "vocals"),
    ],
)
def test_what_a_hyphen_joins_to_less_is_excluded(text: str, genre: str, avoided: str) -> None:
    made = planned(text)
    assert made.genre == genre
    assert avoided in made.avoided or (avoided, made.vocals) == ("vocals", "none")


@pytest.mark.parametrize(
    ("text", "genre"),
    [("non-electronic pop", "pop"), ("non-stop techno", "techno"), ("allegro ma non troppo, techno", "techno")],
)
def test_non_negates_the_next_word_alone(text: str, genre: str) -> None:
    assert planned(text).genre == genre


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("rock, not only guitars", {"electric guitar"}),
        ("not just drums, also percussion and claps, afrobeat", {"drums", "percussion", "claps"}),
        ("not only piano but also strings, pop", {"piano", "strings"}),
        ("nicht nur Klavier, sondern auch Streicher, Pop", {"piano", "strings"}),
    ],
)
def test_not_only_excludes_nobody(text: str, wanted: set[str]) -> None:
    made = planned(text)
    assert wanted <= set(made.instruments)
    assert (made.cast, made.vocals) == ((), "any")


@pytest.mark.parametrize(
    ("text", "avoided"),
    [
        ("-drums -vocals pop", {"drums", "vocals"}),
        ("pop -drums", {"drums"}),
        ("drums: off, vocals: off, pop", {"drums", "vocals"}),
        ("pop, vocals off", {"vocals"}),
        ("vocals: on, drums: off, pop", {"drums"}),
        ("sans guitare ni basse, chanson", {"guitar", "bass"}),
        ("sem guitarra nem baixo, samba", {"guitar", "bass"}),
        ("senza chitarra né basso, pop", {"guitar", "bass"}),
        ("weder Gitarre noch Bass, Pop", {"guitar", "bass"}),
        ("nada de guitarra, pop", {"guitar"}),
        ("ningún bajo, pop", {"bass"}),
    ],
)
def test_signs_switches_and_other_languages_exclude(text: str, avoided: set[str]) -> None:
    made = planned(text)
    assert avoided <= set(made.avoided)
    assert made.instruments == ()
    assert (made.vocals == "none") == ("vocals" in avoided)


@pytest.mark.parametrize(
    "text", ["- drums\n- piano", "-drums\n-piano\n-pop", "lo-fi pop, drums - piano", "drums on, piano, pop"]
)
def test_bullets_and_dashes_exclude_nothing(text: str) -> None:
    assert {"drums", "piano"} <= set(planned(text).instruments)


@pytest.mark.parametrize("text", ["rock, then everything stops except the flute", "pop, all drop out except the piano"])
def test_who_goes_on_while_the_others_stop_is_not_excluded(text: str) -> None:
    made = planned(text)
    assert {"flute", "piano"} & set(made.instruments)
    assert (made.avoided, made.cast) == ((), ())


def test_the_rest_of_the_list_after_nada_plays_alone() -> None:
    assert planned("nada de guitarra, solo piano, bolero").cast == ("piano",)


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("not your average pop song", "pop"),
        ("no ordinary techno", "techno"),
        ("no rap, hip hop", "hip hop"),
        ("hip hop without rap", "hip hop"),
        ("no woman no cry style reggae", "reggae"),
        ("no 80s style synths, pop", "pop"),
    ],
)
def test_a_genre_stays_although_something_else_is_excluded(text: str, genre: str) -> None:
    assert planned(text).genre == genre


def test_no_rap_leaves_the_genre_without_a_rapper() -> None:
    assert planned("no rap, hip hop").vocals == "none"


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("house with a saxophone", "house"),
        ("house with a choir", "house"),
        ("some house with a deep bass", "house"),
        ("house with a female singer", "house"),
        ("house with a view, folk", "folk"),
        ("house with a garden, pop", "pop"),
        ("a house with a piano, jazz", "jazz"),
        ("jungle with a tiger, ambient", "ambient"),
    ],
)
def test_a_genre_is_a_place_only_with_what_makes_no_sound(text: str, genre: str) -> None:
    made = planned(text)
    assert (made.genre, made.blend) == (genre, None)


@pytest.mark.parametrize(
    ("prompt", "excluded"),
    [
        ("pop, but I hate saxophones and drums", {"sax", "drums"}),
        ("rock, nothing with synths", {"synth"}),
        ("pop, hold the brass", {"brass"}),
        ("pop, synths are forbidden", {"synth"}),
        ("pop, drums are not allowed", {"drums"}),
        ("pop, the drums should be silent", {"drums"}),
    ],
)
def test_wishes_in_other_words_exclude(prompt: str, excluded: set[str]) -> None:
    made = plan(Request(prompt, seed=1))
    assert excluded <= {*made.avoided}
    assert made.instruments == ()


@pytest.mark.parametrize(
    "prompt",
    [
        "hold the line, a rock song with drums",
        "hold the door indie rock, drums",
        "I hate mondays with loud drums",
        "rock song about a town where drums are forbidden, drums",
        "piano and drums, forbidden love",
    ],
)
def test_hatred_and_what_is_forbidden_in_a_story_exclude_nothing(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert "drums" in made.instruments
    assert not {"drums", "piano"} & {*made.avoided}


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("pop, second verse a cappella", "verse 2"),
        ("pop, the bridge is a cappella", "bridge"),
        ("pop, a cappella in the last chorus", "chorus last"),
    ],
)
def test_a_section_can_be_a_cappella(prompt: str, place: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert [hint for hint in made.structure if place in hint and hint.endswith(": vocals")]
    assert not made.cast
    assert "drums" not in made.avoided


@pytest.mark.parametrize(
    ("prompt", "instruments", "avoided"),
    [
        ("country waltz, pedal steel and fiddle, missing mama", ("pedal steel", "fiddle"), ()),
        ("pop, drums missing from the mix", (), ("drums", "percussion")),
        ("rock, drums are missing", (), ("drums", "percussion")),
    ],
)
def test_missing_excludes_an_instrument_unless_it_has_an_object(
    prompt: str, instruments: tuple[str, ...], avoided: tuple[str, ...]
) -> None:
    made = plan(Request(prompt))
    assert (made.instruments, made.avoided) == (instruments, avoided)


def test_breathy_notes_are_no_singer() -> None:
    assert plan(Request("solo flute piece, quiet, breathy low notes")).vocals == "none"
