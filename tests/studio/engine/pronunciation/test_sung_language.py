"""Syllables and stresses of lyrics in other languages than English."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.lyrics import parse_given
from riffusion_tui.studio.engine.pronunciation.sung_language import language_of


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("Ich liebe dich, und die Nacht ist ohne Ende", "Ich lie-be dich, und die Nacht ist oh-ne En-de"),
        ("La notte è mia, amore, per te", "La not-te è mi-a, a-mo-re, per te"),
        ("Quiero la noche y el corazón", "Quie-ro la no-che y el co-ra-zón"),
        ("Jeg giver dig mit hjerte og natten", "Jeg gi-ver dig mit hjer-te og nat-ten"),
        ("Moje serce jest tylko dla ciebie", "Mo-je ser-ce jest tyl-ko dla cie-bie"),
        ("Beni bırakma, bu gece kal", "Be-ni bı-rak-ma, bu ge-ce kal"),
        ("Tuo amore è già più, non può", "Tu-o a-mo-re è già più, non può"),
        ("Fiume di luce per la mia", "Fiu-me di lu-ce per la mi-a"),
        ("La ciudad es muy de noche y el río", "La ciu-dad es muy de no-che y el rí-o"),
        ("Meu céu não é muito, é a lua", "Meu céu não é mui-to, é a lu-a"),
        ("İçimde bir aşk, İstanbul için", "İ-çim-de bir aşk, İs-tan-bul i-çin"),
        ("Minä sinä täytyy olet", "Mi-nä si-nä täy-tyy o-let"),
        ("I leave the house alone", "I leave the house a-lone"),
    ],
)
def test_a_word_of_another_language_has_a_syllable_for_each_vowel_that_is_sounded(text: str, syllables: str) -> None:
    ((line,),) = (section.lines for section in parse_given(text).sections)
    sung = "".join(s.text + (" " if s.ends_word else "-") for s in line.syllables)
    assert sung.strip() == syllables


def test_a_spanish_line_with_the_words_la_and_de_is_not_french() -> None:
    """`la` was a word of French alone."""
    assert language_of("La canción de la estrella", "es") == "es"
    assert language_of("La luna la estrella de la mañana") == "es"
    assert language_of("la la la, che la notte sempre") == "it"


def test_the_stress_of_a_word_is_its_languages() -> None:
    for text, stressed in (("Kocham tylko ciebie, nie jest", "Ko tyl cie"), ("Quiero noche y el", "Quie no")):
        ((line,),) = (section.lines for section in parse_given(text).sections)
        assert " ".join(s.text for s in line.syllables if s.stressed) == stressed


def test_words_that_show_no_language_have_the_syllables_of_the_one_that_the_prompt_states() -> None:
    for stated, syllables in (("it", "Stel-le do-ra-te"), ("en", "Stelle do-rate")):
        ((line,),) = (section.lines for section in parse_given("Stelle dorate", stated=stated).sections)
        assert "".join(s.text + (" " if s.ends_word else "-") for s in line.syllables).strip() == syllables
