"""Nationalities are languages beside a genre, and genres only alone; lyrics in other languages are a limit."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan, recognize, stated
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "language", "genre", "blend"),
    [
        ("german folk rock", "de", "folk rock", None), ("opera aria, dramatic, italian", "it", "opera", None),
        ("polish hip hop", "pl", "hip hop", None), ("spanish rock", "es", "rock", None),
        ("reggaeton with trap drums, spanish female vocals", "es", "reggaeton", "trap"),
        ("punk in german about the police", "de", "punk", None), ("zouk, french lyrics", "fr", "latin", None),
        ("punjabi pop", "pa", "pop", "bollywood"), ("latin house", "en", "house", "latin"),
        ("irish punk", "en", "punk", "celtic"), ("a ballad in spanish style", "en", "ballad", None),
        ("requiem in latin", "la", "choral", None), ("latin mass for choir", "la", "choral", None),
    ],
)  # fmt: skip
def test_a_nationality_beside_a_genre_is_the_language(
    prompt: str, language: str, genre: str, blend: str | None
) -> None:
    made = plan(Request(prompt))
    assert (made.language, made.genre, made.blend) == (language, genre, blend)
    assert not made.ignored


@pytest.mark.parametrize(
    ("prompt", "genre", "scenes"),
    [
        ("jazz nocturno con saxofón", "jazz", ("night",)),
        ("bachata nocturna", "bachata", ("night",)),
        ("nocturno para piano", "romantic piano", ()),
        ("lofi para estudiar", "lo-fi", ("study",)),
        ("Lofi zum Lernen", "lo-fi", ("study",)),
    ],
)
def test_night_and_study_in_other_languages_are_scenes(prompt: str, genre: str, scenes: tuple[str, ...]) -> None:
    made = plan(Request(prompt))
    assert (made.genre, made.blend, made.scenes) == (genre, None, scenes)


@pytest.mark.parametrize(("prompt", "genre"), [("spanish", "latin"), ("italian music", "folk"), ("yodeling", "polka")])
def test_a_nationality_alone_is_a_genre(prompt: str, genre: str) -> None:
    made = plan(Request(prompt))
    assert (made.genre, made.language) == (genre, "en")


@pytest.mark.parametrize(
    "prompt", ["boys' choir, latin", "choir of monks, latin, 5 minutes", "boys' choir singing in latin"]
)
def test_a_choir_sings_latin_and_does_not_dance(prompt: str) -> None:
    for seed in range(9):
        made = plan(Request(prompt, seed))
        assert (made.language, made.vocals) == ("la", "children" if "boys" in prompt else "choir")
        assert made.genre == "choral"


@pytest.mark.parametrize(
    ("prompt", "genre", "blend"),
    [
        ("yodeling country", "country", None), ("pop-punk anthem", "pop punk", None), ("tango dance", "tango", None),
        ("bebop quartet", "bebop", None), ("bluegrass quartet", "bluegrass", None),
        ("the country music of my youth", "country", None), ("the folk songs of old", "folk", None),
    ],
)  # fmt: skip
def test_words_that_say_little_yield_to_a_genre(prompt: str, genre: str, blend: str | None) -> None:
    made = plan(Request(prompt))
    assert (made.genre, made.blend) == (genre, blend)


def test_an_anthem_has_a_big_chorus() -> None:
    assert "big chorus" in plan(Request("trance anthem")).structure


def test_a_language_is_shown_by_its_name() -> None:
    assert [(t.kind, t.meaning) for t in recognize("a song in french")] == [("language", "French")]
    assert stated("a song in french") == {"language": "fr"}


@pytest.mark.parametrize(
    ("prompt", "lyrics", "limited"),
    [
        ("a song in french", None, True), ("a song in french", "La nuit\nest belle", False),
        ("a song in english", None, False), ("german techno, no vocals", None, False),
    ],
)  # fmt: skip
def test_a_plan_says_that_lyrics_are_english(prompt: str, lyrics: str | None, limited: bool) -> None:
    limits = plan(Request(prompt, lyrics=lyrics)).limits
    text = "The studio writes lyrics in English only; give French lyrics to have them sung."
    assert limits == ((text,) if limited else ())


@pytest.mark.parametrize(
    "prompt", ["balada triste en español, pop", "Rock auf Deutsch", "une chanson en français", "pop in italiano"]
)
def test_a_language_is_read_in_its_own_words(prompt: str) -> None:
    (limit,) = plan(Request(prompt)).limits
    assert limit.startswith("The studio writes lyrics in English only")


def test_foreign_function_words_are_read_and_not_listed_as_ignored() -> None:
    assert plan(Request("ein trauriges Lied mit Klavier und Geige, zorgly")).ignored == ("zorgly",)
    assert plan(Request("une chanson d'amour avec accordéon")).ignored == ()
    assert plan(Request("música alegre para bailar con guitarra")).ignored == ()
    assert plan(Request("une chanson d'amour avec accordéon")).moods == ("romantic",)
    assert plan(Request("música alegre para bailar con guitarra")).scenes == ("dancing",)
    assert {"bass", "drums"} <= set(plan(Request("Rock ohne Bass und Schlagzeug")).avoided)


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("country duet of a man and a woman", "The studio has one singer or a choir; it can't sing duets."),
        ("pop, male and female vocals", "The studio has one singer or a choir; it can't sing duets."),
        ("a lullaby with soft humming", "The studio sings words only; it can't hum, scat or yodel."),
        ("jazz, female scat singing", "The studio sings words only; it can't hum, scat or yodel."),
        ("house, female vocals, no lyrics", "The studio sings words only; without lyrics, the song is instrumental."),
        ("house, no lyrics", ""), ("pop, no humming", ""), ("the guitar hums, rock", ""),
        ("soft white noise", "The studio has no plain noise; rain, a stream or wind takes its place."),
        ("noise music", ""), ("rain sounds", ""),
        ("pop that starts slow and gets faster", "The studio keeps one tempo throughout a song."),
        ("Klezmer, accelerando.", "The studio keeps one tempo throughout a song."),
        ("sitar and tabla, slow to fast", "The studio keeps one tempo throughout a song."),
        ("rock with tempo changes", "The studio keeps one tempo throughout a song."),
        ("rock, no tempo changes", ""), ("faster than house", ""),
        ("20 minutes of ambient", "A song lasts at most 10 minutes."),
        ("a duet for two cellos", ""), ("sung by a man about a woman", ""), ("pop, a choir of men and women", ""),
    ],
)  # fmt: skip
def test_a_plan_says_what_the_engine_cannot_do(prompt: str, limit: str) -> None:
    assert plan(Request(prompt)).limits == ((limit,) if limit else ())
