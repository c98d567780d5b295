from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.pronunciation import pronounce
from riffusion_tui.studio.engine.pronunciation.letter_sounds import VOWELS
from riffusion_tui.studio.engine.pronunciation.pronounce import Sound, ways_of
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.singing import delivery
from riffusion_tui.studio.engine.singing.timing import REST, segments
from riffusion_tui.studio.engine.singing.vocal import VocalLine, sounds_of
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.spoken import delivery_of
from tests.studio.engine import handmade


def words(sounds: tuple[Sound, ...] | list[Sound]) -> str:
    return " | ".join(" ".join((*s.onset, *s.nucleus, *s.coda)) for s in sounds)


Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@pytest.mark.parametrize(
    ("word", "notes", "sounds"),
    [
        ("night", 1, "N AY T"), ("through", 1, "TH R UW"), ("love,", 1, "L AH V"), ("I’m", 1, "AY M"),
        ("window", 2, "W IH N | D OW"), ("extra", 2, "EH K | S T R AX"), ("singer", 2, "S IH NG | ER"),
        ("every", 2, "EH V | R IY"), ("every", 3, "EH | V ER | IY"), ("fire", 1, "F AY R"), ("fire", 2, "F AY | ER"),
        ("poem", 1, "P OW AX M"), ("home", 2, "HH OW | OW M"), ("shh", 1, "SH AX"),
    ],
)  # fmt: skip
def test_the_phonemes_of_a_word_are_divided_over_its_notes(word: str, notes: int, sounds: str) -> None:
    assert words(pronounce.pronounce(word, notes)) == sounds


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("moonlights", "M UW N L AY T S"), ("skyless", "S K AY L AX S"), ("dreamin'", "D R IY M IH N"),
        ("neonly", "N IY AA N L IY"), ("glitching", "G L IH CH IH NG"), ("boxness", "B AA K S N AX S"),
        ("bemusing", "B IH M Y UW Z IH NG"),
    ],
)  # fmt: skip
def test_suffixes_of_known_words_are_pronounced(word: str, sounds: str) -> None:
    assert " ".join(ways_of(word)[0]) == sounds


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("zorblax", "Z AO R B L AE K S"), ("lumina", "L UW M IH N AX"), ("thrake", "TH R EY K"),
        ("plight", "P L AY T"), ("knoop", "N UW P"), ("squee", "S K W IY"), ("chaff", "CH AE F"),
        ("vornication", "V AO R N IH K EY SH AX N"), ("gleeful", "G L IY F AX L"), ("brzt", "B R Z T AX"),
    ],
)  # fmt: skip
def test_unknown_words_are_pronounced_by_spelling(word: str, sounds: str) -> None:
    assert " ".join(pronounce.spelled(word)) == sounds


PLAIN = """
bed fish lamp stone ride cube feet rain boat moon light night ring sing bank shop chip thin sky fly happy
candle table apple better winter summer garden river silver station nation jumping landed wanted boxes
played hoped storm bird turn star far shore sharp joy coin cloud town crown saw claw few grew black back
"""


def test_spelling_rules_match_the_dictionary_for_most_plain_words() -> None:
    plain = PLAIN.split()
    right = sum(pronounce.spelled(word) in ways_of(word) for word in plain)
    assert right >= 0.85 * len(plain)


@pytest.mark.parametrize("word", ["a", "stilted", "stilton", "zebra", "zywicki"])
def test_dictionary_lookup_finds_first_last_and_unsorted_words(word: str) -> None:
    assert pronounce.is_listed(word)
    assert not pronounce.is_listed(f"{word}qx")


def test_an_endless_word_is_pronounced_like_its_beginning() -> None:
    assert pronounce.pronounce("la" * 500, 1) == pronounce.pronounce("la" * 30, 1)
    assert pronounce.pronounce("la" * 100_000, 1, "de") == pronounce.pronounce("la" * 30, 1, "de")


def test_words_are_pronounced_by_spelling_without_a_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pronounce, "listed", lambda word: ())
    ways_of.cache_clear()
    try:
        assert ways_of("stone") == (("S", "T", "OW", "N"),)
    finally:
        ways_of.cache_clear()


def test_syllables_of_a_word_are_pronounced_together() -> None:
    syllables = ["win-", "dow", "of", "", "gold"]
    notes = [Note(float(i), 1.0, 60, 0.7, text) for i, text in enumerate(syllables)]
    found = sounds_of(notes)
    assert words(found[:3]) == "W IH N | D OW | AH V"
    assert (found[3].onset, found[3].coda) == ((), ())
    assert [s.begins for s in found] == [True, False, True, True, True]


def test_vowels_start_on_their_notes_without_gaps() -> None:
    sounds = [*pronounce.pronounce("strangers", 2), *pronounce.pronounce("dance", 1)]
    found = segments(sounds, [0.0, 0.3, 0.6], [0.3, 0.6, 1.2])
    starts = {s.note: s.start for s in reversed(found) if s.sound in VOWELS}
    assert starts == pytest.approx({0: 0.0, 1: 0.3, 2: 0.6})
    assert found[0].start < -0.1
    assert all(a.end == pytest.approx(b.start) and a.end > a.start for a, b in pairwise(found))


def test_many_consonants_leave_time_for_the_vowel() -> None:
    sounds = [pronounce.pronounce("strengths", 1)[0], pronounce.pronounce("scratched", 1)[0]]
    found = segments(sounds, [0.0, 0.2], [0.2, 0.4])
    vowel = next(s for s in found if s.sound in VOWELS)
    assert vowel.end - vowel.start > 0.4 * 0.2


def test_a_rest_between_notes_is_silent() -> None:
    sounds = [pronounce.pronounce(word, 1)[0] for word in ("me", "you")]
    found = segments(sounds, [0.0, 1.0], [0.4, 1.4])
    (rest,) = [s for s in found if s.sound == REST]
    assert rest.end - rest.start > 0.4
    assert np.isclose(rest.start, 0.4)


@pytest.mark.parametrize(
    ("language", "word", "notes", "sounds"),
    [
        ("es", "corazón", 3, "K AO | R AA | S AO N"), ("es", "guitarra", 3, "G IY | T AA | R AA"),
        ("pt", "coração", 3, "K AO | R AA | S AW NG"), ("pt", "noite", 2, "N OY | CH IY"),
        ("it", "cielo", 2, "CH Y EH | L AO"), ("it", "amore", 3, "AA | M AO | R EH"),
        ("fr", "toujours", 2, "T UW | ZH UW R"), ("fr", "nuit", 1, "N W IY"), ("fr", "monde", 1, "M AO NG D"),
        ("fr", "amour", 2, "AA | M UW R"), ("fr", "une", 1, "UE N"), ("it", "mia", 2, "M IY | AA"),
        ("nl", "gelukkig", 3, "HH AX | L UH | K AX HH"), ("nl", "vrijheid", 2, "V R EY | HH EY T"),
        ("da", "kærlighed", 3, "K EH R | L IY | HH AX DH"), ("no", "kjærlighet", 3, "SH AE R | L IY | HH AX"),
        ("sv", "stjärnor", 2, "SH EH R | N UW R"), ("pl", "szczęście", 2, "SH CH EH N SH | CH EH"),
        ("tr", "gökyüzü", 3, "G OE | K Y UE | Z UE"), ("tr", "kalbım", 2, "K AA L | B UH M"),
        ("fi", "rakkaus", 2, "R AA | K AW S"), ("la", "caelum", 2, "CH EH | L UW M"),
        ("la", "agnus", 2, "AA | N Y UW S"),
        ("id", "menunggu", 3, "M AX | N UW NG | G UW"),
        ("de", "nacht", 1, "N AA HH T"), ("de", "schön", 1, "SH OE N"), ("de", "liebe", 2, "L IY | B AX"),
        ("en", "夜", 2, "AA | OW"), ("en", "Éclair", 2, "EH | K L EH R"),
    ],
)  # fmt: skip
def test_other_languages_are_pronounced_by_spelling(language: str, word: str, notes: int, sounds: str) -> None:
    assert words(pronounce.pronounce(word, notes, language)) == sounds


@pytest.mark.parametrize(
    ("lyrics", "language", "pronunciation"),
    [
        ("[Verse]\nThe night is young and we are free", "en", "English, dictionary"),
        ("Quiero vivir la noche contigo", "es", "Spanish, by its spelling"),
        ("Ich liebe dich und die Nacht", "de", "German, by its spelling"),
        ("Je ne veux pas vivre sans toi", "fr", "French, by its spelling"),
        ("Nel blu dipinto di blu, il cuore", "it", "Italian, by its spelling"),
        ("Eu não sei viver sem você", "pt", "Portuguese, by its spelling"),
        ("Maar nu is het huis leeg en stil", "nl", "Dutch, by its spelling"),
        ("Jeg går alene gennem gaden\nDu sagde at du aldrig ville gå", "da", "Danish, by its spelling"),
        ("Jeg går alene gjennom gaten\nMen nå er huset mørkt", "no", "Norwegian, by its spelling"),
        ("Jag går ensam genom gatan\nMen nu är huset mörkt", "sv", "Swedish, by its spelling"),
        ("Mówiłaś, że nigdy nie odejdziesz", "pl", "Polish, by its spelling"),
        ("Beni hiç bırakmam demiştin\nAma şimdi ev bomboş", "tr", "Turkish, by its spelling"),
        ("Aku berjalan sendiri di jalanan", "id", "Indonesian, by its spelling"),
        ("Minä kävelen yksin kadulla ja sade lankeaa", "fi", "Finnish, by its spelling"),
        ("Gloria in excelsis Deo, et in terra pax", "la", "Latin, by its spelling"),
        ("The man in the den had men at his side", "en", "English, dictionary"),
        ("Zzyx blorp", "en", "English, dictionary"),
        ("[Verse]\n夜の歌", "en", "open vowels: the letters are unknown"),
    ],
)
def test_the_language_is_detected_by_common_words(lyrics: str, language: str, pronunciation: str) -> None:
    notes = (Note(0.0, 1.0, 60, 0.7, "la"),)
    score = replace(handmade.song((Track("Vocal", "vocal", "vocals", 53, notes),)), lyrics=lyrics)
    assert (delivery.language_of(score), delivery.pronunciation_of(score).description) == (language, pronunciation)


@pytest.mark.parametrize(
    ("prompt", "pronunciation", "code"),
    [
        ("pop in Welsh", "Welsh read as English, dictionary", "XXX"),
        ("pop in Danish", "Danish, by its spelling", "dan"),
        ("pop", "English, dictionary", "eng"),
    ],
)
def test_the_language_that_the_prompt_states_is_that_of_words_that_are_not_known(
    prompt: str, pronunciation: str, code: str
) -> None:
    lyrics = "Solskin over byen"
    score = compose(plan(Request(prompt, seed=1, lyrics=lyrics, length_s=20.0)), lyrics=lyrics)
    assert delivery.pronunciation_of(score).description == pronunciation
    assert delivery.language_code(score) == code


def test_an_instrumental_has_no_pronunciation() -> None:
    assert delivery.pronunciation_of(handmade.song()) == delivery.Pronunciation()


@pytest.mark.parametrize(
    ("prompt", "delivery"),
    [
        ("boom bap, a man raps", "rapped"), ("hip hop beat with vocals", "rapped"),
        ("spoken word over ambient pads", "recited"), ("a woman recites a poem over piano", "recited"),
        ("spoken word rap over a beat", "rapped"), ("a narrated poem over solo cello", "recited"),
        ("pop, spoken intro, big chorus", "sung"), ("country storytelling, acoustic guitar", "sung"),
        ("trap, no rapper, a woman sings", "sung"), ("pop song with a rap verse and a sung chorus", "sung"),
        ("pop with female vocals", "sung"),
    ],
)  # fmt: skip
def test_rap_and_spoken_word_are_spoken(prompt: str, delivery: str) -> None:
    assert delivery_of(plan(Request(prompt, seed=1))) == delivery


def pitch_of(sound: Floats) -> float:
    """Pitch in hertz by autocorrelation, between 100 and 700."""
    spectrum = np.fft.rfft(sound, 4 * len(sound))
    likeness = np.fft.irfft(np.abs(spectrum) ** 2)[44_100 // 700 : 44_100 // 100]
    return 44_100 / (44_100 // 700 + int(np.argmax(likeness > 0.9 * likeness.max())))


def test_speech_ignores_the_melody() -> None:
    notes = [Note(i / 2, 0.5, pitch, 0.7, word) for i, (pitch, word) in enumerate([(72, "ah"), (60, "oh"), (76, "ah")])]

    def pitches(line: VocalLine) -> list[float]:
        (phrase,) = line.phrases(notes)
        sound = line.perform(phrase)[0].astype(np.float64)
        return [pitch_of(sound[at : at + 6_000]) for at in (3_000, 14_000, 25_000)]

    sung, spoken = pitches(VocalLine("female", 0.5)), pitches(VocalLine("female", 0.5, delivery="rapped"))
    assert max(sung) / min(sung) > 2
    assert max(spoken) / min(spoken) < 1.5


def test_a_language_without_spelling_rules_is_among_the_limits() -> None:
    made = [plan(Request(f"pop in {name}", lyrics="la la la")) for name in ("Welsh", "Danish", "Japanese")]
    sentence = "The studio has no spelling rules for Welsh, which is read as English."
    assert [one.limits for one in made] == [(sentence,), (), ()]
