"""Words are split into syllables as they are sung."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.lyrics.syllables import sing, split


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("forever", ("for", "ev", "er")),
        ("evening", ("eve", "ning")),
        ("candles", ("can", "dles")),
        ("bottles", ("bot", "tles")),
        ("handled", ("han", "dled")),
        ("smiles", ("smiles",)),
        ("called", ("called",)),
        ("Table", ("Ta", "ble")),
        ("walked", ("walked",)),
        ("wanted", ("want", "ed")),
        ("moonlight", ("moon", "light")),
        ("nation", ("na", "tion")),
        ("fire", ("fire",)),
        ("don't", ("don't",)),
        ("didn't", ("did", "n't")),
        ("umbrella", ("um", "brel", "la")),
        ("roses", ("ros", "es")),
        ("strength", ("strength",)),
        ("lonely", ("lone", "ly")),
        ("serious", ("se", "ri", "ous")),
        ("beyond", ("be", "yond")),
        ("hmm", ("hmm",)),
        ("love's", ("love's",)),
        ("Someone’s", ("Some", "one’s")),
        ("rose's", ("ro", "se's")),
        ("candlelight", ("can", "dle", "light")),
    ],
)
def test_words_split_into_syllables(word: str, parts: tuple[str, ...]) -> None:
    assert split(word) == parts


def test_splitting_a_line_keeps_its_letters_and_words() -> None:
    line = sing("And when I hear you, at the door!")
    assert "".join(one.text for one in line.syllables) == "AndwhenIhearyou,atthedoor!"
    assert sum(one.ends_word for one in line.syllables) == 8
    assert [one.text for one in line.syllables if one.stressed] == ["hear", "door!"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("तुम ही हो", ["तुम", "ही", "हो"]),
        ("คืนนี้", ["คืนนี้"]),
        ("שָׁלוֹם עוֹלָם", ["שָׁלוֹם", "עוֹלָם"]),
        ("می‌خواهم", ["می‌خواهم"]),
        ("cafe\u0301 noir", ["cafe\u0301", "noir"]),
        ("I ❤️ 1️⃣ you", ["I", "1", "you"]),
    ],
)
def test_accents_and_vowel_signs_belong_to_their_word(line: str, words: list[str]) -> None:
    assert "".join(one.text + " " * one.ends_word for one in sing(line).syllables).split() == words


def test_an_endless_word_is_one_syllable() -> None:
    assert split("la" * 30) == ("la",) * 30
    assert split("la" * 500_000) == ("la" * 500_000,)
