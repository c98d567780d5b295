"""Numbers and signs in lyrics are sung as words, and shown as they are written."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics.syllables import count, sing, split
from riffusion_tui.studio.engine.output.chordpro import chordpro
from riffusion_tui.studio.engine.output.midi import write_midi
from riffusion_tui.studio.engine.output.synced_lyrics import timed_lines
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.pronunciation.numerals import spoken
from riffusion_tui.studio.engine.pronunciation.pronounce import pronounce, spelled, ways_of
from riffusion_tui.studio.engine.score import Note, Score
from riffusion_tui.studio.engine.singing.delivery import pronunciation_of
from riffusion_tui.studio.engine.singing.vocal import sounds_of
from riffusion_tui.studio.engine.song_request import Request

LANGUAGES = tuple(read_data("letters.toml"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1999", "nineteen ninety nine"), ("2005", "two thousand five"), ("2024,", "twenty twenty four"),
        ("25", "twenty five"), ("5150", "five thousand one hundred fifty"), ("10,000", "ten thousand"),
        ("1,000,000", "one million"), ("1000000", "one million"), ("911", "nine one one"), ("808", "eight oh eight"),
        ("007", "oh oh seven"), ("555-1234", "five five five one two three four"),
        ("8675309", "eight six seven five three oh nine"), ("3:30", "three thirty"), ("3:05", "three oh five"),
        ("3:00", "three o'clock"), ("2nd", "second"), ("21st", "twenty first"), ("3.14", "three point one four"),
        ("$5", "five dollars"), ("$1", "one dollar"), ("$5.50", "five dollars fifty"), ("$0.99", "ninety nine cents"),
        ("$5 million", "five million dollars"), ("5€", "five euros"), ("50%", "fifty percent"),
        ("90°", "ninety degrees"), ("1980s", "nineteen eighties"), ("80's", "eighties"), ("6s", "sixes"),
        ("100s", "hundreds"), ("24/7", "twenty four seven"), ("1/2", "half"), ("#1", "number one"),
        ("½", "half"), ("¼,", "one quarter"), ("1½", "one and a half"), ("2 ¾", "two and three quarters"),
        ("−5", "minus five"), ("&", "and"), ("&amp;", "and"), ("@", "at"), ("+", "plus"), ("=", "equals"),
        ("١٢", "twelve"), ("XIV", ""), ("love", ""), ("<3", ""), ("...", ""), ("", ""),
        ("2000000001", "two oh oh oh oh oh oh oh oh one"), ("2,000,000,001", "two oh oh oh oh oh oh oh oh one"),
    ],
)  # fmt: skip
def test_numbers_and_signs_are_english_words(text: str, words: str) -> None:
    assert " ".join(spoken(text, "en")) == words


@pytest.mark.parametrize(
    ("text", "notes", "sounds"),
    [
        ("FBI", 3, "EH F|B IY|AY"), ("TV,", 2, "T IY|V IY"), ("tv", 2, "T IY|V IY"), ("DNA", 3, "D IY|EH N|EY"),
        ("BMW", 5, "B IY|EH M|D AH|B AX L|Y UW"), ("XYZ", 3, "EH K S|W AY|Z IY"), ("PhD", 3, "P IY|EY CH|D IY"),
        ("NASA", 2, "N AE|S AX"), ("LOVE", 1, "L AH V"), ("US", 1, "AH S"), ("HMM", 1, "HH M"), ("ba", 1, None),
        ("USA", 3, "Y UW|EH S|EY"), ("www", 9, None),
    ],
)  # fmt: skip
def test_abbreviations_have_a_note_for_each_syllable(text: str, notes: int, sounds: str | None) -> None:
    sung = sing(text).syllables
    assert (len(sung), sung[0].text) == (notes, text) or not spoken(text, "en")
    assert len(sung) == notes
    if sounds:
        found = pronounce(text, notes)
        assert "|".join(" ".join((*one.onset, *one.nucleus, *one.coda)) for one in found).startswith(sounds)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("de", "99", "neunundneunzig"), ("de", "10.000", "zehntausend"), ("de", "3,5", "drei komma fünf"),
        ("de", "3:30", "drei uhr dreißig"), ("fr", "1er", "premier"), ("fr", "1ère", "première"),
        ("es", "2º", "segundo"), ("es", "2ª", "segunda"), ("nl", "3e", "derde"), ("pt", "&", "e"),
        ("pl", "$5", "pięć dolarów"), ("it", "1/2", "uno due"),
        ("it", "½", "mezzo"), ("de", "2½", "zwei und halb"), ("es", "1½", "uno y medio"),
        ("la", "12", "dodici"), ("sv", "1980s", ""),
    ],
)  # fmt: skip
def test_other_languages_have_their_own_words(language: str, text: str, words: str) -> None:
    assert " ".join(spoken(text, language)) == words


@pytest.mark.parametrize(
    ("line", "syllables"),
    [
        ("In 1999 we had 25 reasons", "In 1999 _ _ _ _ we had 25 _ _ rea- sons"),
        ("Call 911 at 3:30, baby", "Call 911 _ _ at 3:30, _ _ ba- by"),
        ("1, 2, 3, go", "1, 2, 3, go"),
        ("1,2,3", "1, 2, 3"),
        ("Tom & Jerry", "Tom & Jer- ry"),
        ("4ever", "4 ev- er"),
        ("you + me = love", "you + me = _ love"),
        ("I <3 you", "I you"),
        ("--- + ---", ""),
        ("== a ==", "a"),
    ],
)
def test_a_number_has_a_note_for_each_syllable(line: str, syllables: str) -> None:
    sung = sing(line).syllables
    assert " ".join(one.on_note for one in sung) == syllables
    assert count(line) == len(sung)


def test_the_stress_of_a_number_is_that_of_its_words() -> None:
    assert [one.stressed for one in sing("1980").syllables] == [True, False, True, False]
    assert [one.stressed for one in sing("you & me").syllables][1] is False


def test_a_number_is_pronounced_over_its_notes() -> None:
    notes = [Note(float(i), 1.0, 60, 0.7, text) for i, text in enumerate(["at", "1999,", "_", "_", "_", "_", "&", "7"])]
    found = [" ".join((*sound.onset, *sound.nucleus, *sound.coda)) for sound in sounds_of([*notes, notes[2]])]
    assert found == ["AE T", "N AY N", "T IY N", "N AY N", "T IY", "N AY N", "AX N D", "S EH", "V AX N"]


@given(
    st.sampled_from(LANGUAGES), st.integers(0, 10**10), st.sampled_from(["{}", "${}", "{}%", "{:,}", "#{}", "{}:00"])
)
def test_each_syllable_that_is_pronounced_has_a_note(language: str, number: int, form: str) -> None:
    text = form.format(number).replace(",", read_data("numerals.toml")[language]["grouping"])
    for word in sing(text, language).syllables:
        assert word.ends_word
    words = spoken(text, language)
    notes = sum(len(split(word, language)) for word in words)
    if max(map(len, words), default=61) <= 60:  # longer words are cut
        assert "".join("|" * sound.begins for sound in pronounce(text, notes, language)) == "|" * len(words)
        assert {sound.nucleus[1:] for sound in pronounce(text, notes, language)} <= {()}, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_can_be_sung(language: str) -> None:
    row = read_data("numerals.toml")[language]
    used = [*row["signs"].values(), *(word for words in row["money"].values() for word in words)]
    used += [row[name] for name in ("point", "zero", "minus")]
    for word in " ".join(used).lower().replace("-", " ").split():
        assert ways_of(word) if language == "en" else spelled(word, language), word


@cache
def song(lyrics: str) -> Score:
    return compose(plan(Request("pop", seed=1)), lyrics=lyrics, lyrics_strength=1.0)


LYRICS = "In 1999 we had 25 reasons\nCall 911 at 3:30\nI owe $5 million, 50% of it\nTom & Jerry"


def test_files_show_numbers_as_they_are_written(tmp_path: Path) -> None:
    made = song(LYRICS)
    lines = {line.text: [word.text for word in line.words] for line in timed_lines(made)}
    assert lines["In 1999 we had 25 reasons"] == ["In", "1999", "we", "had", "25", "reasons"]
    assert lines["Call 911 at 3:30"] == ["Call", "911", "at", "3:30"]
    assert lines["I owe $5 million, 50% of it"] == ["I", "owe", "$5 million,", "50%", "of", "it"]
    assert lines["Tom & Jerry"] == ["Tom", "&", "Jerry"]
    assert "1999" in chordpro(made)
    write_midi(made, tmp_path / "song.mid")
    events = [
        message.text
        for track in mido.MidiFile(tmp_path / "song.mid").tracks
        for message in track
        if message.type == "lyrics"
    ]
    assert "".join(events).startswith("In 1999 we had 25 rea-sons Call 911 at 3:30 ")


def test_the_words_of_a_number_last_as_long_as_its_notes() -> None:
    words = timed_lines(song(LYRICS))[0].words
    assert words[1].end - words[1].start > 3 * (words[0].end - words[0].start) / 2
    assert words[1].end <= words[2].start + 0.05  # players overlap


@pytest.mark.parametrize(
    ("lyrics", "pronunciation"),
    [
        ("Hello my friend\nI know", "English, dictionary"),
        ("1 2 3\n4 5 6", "English, dictionary"),
        ("Hello Привет my friend\nI know", "English, dictionary; open vowels for 1 word with unknown letters"),
        ("Hello Привет my friend\nyou are 东西", "English, dictionary; open vowels for 2 words with unknown letters"),
        ("雨が降る", "open vowels: the letters are unknown"),
    ],
)
def test_the_details_say_how_many_words_have_unknown_letters(lyrics: str, pronunciation: str) -> None:
    assert pronunciation_of(song(lyrics)).description == pronunciation
