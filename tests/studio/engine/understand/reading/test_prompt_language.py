"""Prompts in other languages than English, which is that of the lyrics."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.reading.prompt_language import language_of_prompt


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ("canción de amor triste con guitarra", "Spanish"),
        ("balada romántica, voz femenina", "Spanish"),
        ("rock de los años 80 con batería y bajo, voz masculina", "Spanish"),
        ("chanson d'amour avec accordéon", "French"),
        ("une berceuse pour ma fille, voix féminine", "French"),
        ("ein trauriges Lied über den Herbst", "German"),
        ("trauriges Lied über den Herbst, Klavier und Cello", "German"),
        ("trauriges Lied, Klavier und Geige", "German"),
        ("canción triste sobre el otoño, piano y violonchelo", "Spanish"),
        ("canzone triste sull'autunno, pianoforte e violoncello", "Italian"),
        ("fröhliches Kinderlied mit Gesang", "German"),
        ("uma canção sobre o mar", "Portuguese"),
        ("bossa nova, voz e violão", "Portuguese"),
        ("una canzone d'amore", "Italian"),
        ("canzone napoletana, mandolino, tempo di valzer, sol maggiore", "Italian"),
        ("ballata triste con voce femminile", "Italian"),
        ("грустная песня под гитару", "Russian"),
        ("сумна пісня під гітару", "Ukrainian"),
        ("切ないピアノバラード、男性ボーカル", "Japanese"),
        ("슬픈 발라드, 여자 보컬", "Korean"),
    ],
)
def test_english_lyrics_for_a_prompt_in_another_language_are_a_limit(prompt: str, language: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert made.vocals != "none"
    limit = f"The studio writes lyrics in English only; give {language} lyrics to have them sung."
    assert limit in made.limits
    assert compose(made).lyrics


@pytest.mark.parametrize(
    "prompt",
    [
        "canción de amor triste con guitarra, en inglés",
        "ein trauriges Lied auf Englisch",
        "chanson d'amour triste en anglais",
        "canzone triste in inglese",
        "uma canção triste em inglês",
        "música instrumental para dormir, sin voz",
        "ein Stück für Klavier",
    ],
)
def test_english_or_instrumental_music_is_no_limit(prompt: str) -> None:
    assert not any("lyrics" in limit for limit in plan(Request(prompt, seed=1)).limits)


@pytest.mark.parametrize(
    "prompt",
    [
        "flamenco guitar with a male singer",
        "Lied, soprano and piano",
        "samba de roda",
        "chanson, female voice",
        "allegro con brio for violin",
        "rock about La Paz and the sea",
        "in the style of a bossa nova, la la la",
        "pop song, die young",
        "reggaeton",
        "salsa, merengue, bachata",
        "a no man's land, do or die",
        "el paso country song",
        "musique concrète",
        "",
        "80s",
        "blues in E",
        "waltz, tempo di valzer",
    ],
)
def test_names_of_genres_and_places_are_no_language(prompt: str) -> None:
    assert language_of_prompt(prompt) == "en"
    assert not any("lyrics" in limit for limit in plan(Request(prompt, seed=1)).limits)


@pytest.mark.parametrize("prompt", ["blues in e", "funk in e", "rock in e minor"])
def test_a_key_is_no_word_of_a_language(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).language == "en"


def test_a_genre_that_has_a_language_keeps_it() -> None:
    made = plan(Request("ein gregorianischer Choral mit Gesang", seed=1))
    assert made.language == "la"
    assert made.limits == ()


def test_given_lyrics_are_sung_in_their_own_language() -> None:
    lyrics = "[Verse]\nLa noche cae sobre el mar\nY yo no puedo descansar"
    made = plan(Request("balada triste con guitarra y voz femenina", seed=1, lyrics=lyrics))
    assert made.limits == ()
    assert made.language == "es"


def test_letters_without_a_name_are_of_no_language() -> None:
    assert language_of_prompt("\U00017000\ue000") == language_of_prompt("pop")
