from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from riffusion_tui.studio.engine.singing import pronounce
from riffusion_tui.studio.engine.singing.pronounce import Sound, ways_of
from riffusion_tui.studio.engine.singing.timing import REST, segments
from riffusion_tui.studio.engine.types import Note
from riffusion_tui.studio.engine.vocal import sounds_of


def said(sounds: tuple[Sound, ...] | list[Sound]) -> str:
    return " | ".join(" ".join((*s.onset, *s.nucleus, *s.coda)) for s in sounds)


@pytest.mark.parametrize(
    ("word", "notes", "sounds"),
    [
        ("night", 1, "N AY T"), ("through", 1, "TH R UW"), ("love,", 1, "L AH V"), ("I’m", 1, "AY M"),
        ("window", 2, "W IH N | D OW"), ("extra", 2, "EH K | S T R AX"), ("singer", 2, "S IH NG | ER"),
        ("every", 2, "EH V | R IY"), ("every", 3, "EH | V ER | IY"), ("fire", 1, "F AY R"), ("fire", 2, "F AY | ER"),
        ("poem", 1, "P OW AX M"), ("home", 2, "HH OW | OW M"), ("shh", 1, "SH AX"),
    ],
)  # fmt: skip
def test_a_word_is_divided_over_its_notes(word: str, notes: int, sounds: str) -> None:
    assert said(pronounce.pronounce(word, notes)) == sounds


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("moonlights", "M UW N L AY T S"), ("skyless", "S K AY L AX S"), ("dreamin'", "D R IY M IH N"),
        ("neonly", "N IY AA N L IY"), ("glitching", "G L IH CH IH NG"), ("boxness", "B AA K S N AX S"),
        ("bemusing", "B IH M Y UW Z IH NG"),
    ],
)  # fmt: skip
def test_endings_are_added_to_known_words(word: str, sounds: str) -> None:
    assert " ".join(ways_of(word)[0]) == sounds


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("zorblax", "Z AO R B L AE K S"), ("lumina", "L UW M IH N AX"), ("thrake", "TH R EY K"),
        ("plight", "P L AY T"), ("knoop", "N UW P"), ("squee", "S K W IY"), ("chaff", "CH AE F"),
        ("vornication", "V AO R N IH K EY SH AX N"), ("gleeful", "G L IY F AX L"), ("brzt", "B R Z T AX"),
    ],
)  # fmt: skip
def test_an_unknown_word_is_read_by_its_letters(word: str, sounds: str) -> None:
    assert " ".join(pronounce.spelled(word)) == sounds


PLAIN = """
bed fish lamp stone ride cube feet rain boat moon light night ring sing bank shop chip thin sky fly happy
candle table apple better winter summer garden river silver station nation jumping landed wanted boxes
played hoped storm bird turn star far shore sharp joy coin cloud town crown saw claw few grew black back
"""


def test_the_rules_agree_with_the_dictionary_on_plain_words() -> None:
    plain = PLAIN.split()
    right = sum(pronounce.spelled(word) in ways_of(word) for word in plain)
    assert right >= 0.85 * len(plain)


def test_without_a_dictionary_letters_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pronounce, "_dictionary", lambda: b"")
    ways_of.cache_clear()
    try:
        assert ways_of("stone") == (("S", "T", "OW", "N"),)
    finally:
        ways_of.cache_clear()


def test_syllables_of_a_word_are_pronounced_together() -> None:
    syllables = ["win-", "dow", "of", "", "gold"]
    notes = [Note(float(i), 1.0, 60, 0.7, text) for i, text in enumerate(syllables)]
    found = sounds_of(notes)
    assert said(found[:3]) == "W IH N | D OW | AH V"
    assert (found[3].onset, found[3].coda) == ((), ())
    assert [s.begins for s in found] == [True, False, True, True, True]


def test_vowels_begin_on_their_notes_and_sounds_follow_without_gaps() -> None:
    sounds = [*pronounce.pronounce("strangers", 2), *pronounce.pronounce("dance", 1)]
    found = segments(sounds, [0.0, 0.3, 0.6], [0.3, 0.6, 1.2])
    starts = {s.note: s.start for s in reversed(found) if s.sound in pronounce.VOWELS}
    assert starts == pytest.approx({0: 0.0, 1: 0.3, 2: 0.6})
    assert found[0].start < -0.1
    assert all(a.end == pytest.approx(b.start) and a.end > a.start for a, b in pairwise(found))


def test_crowded_consonants_leave_time_to_the_vowel() -> None:
    sounds = [pronounce.pronounce("strengths", 1)[0], pronounce.pronounce("scratched", 1)[0]]
    found = segments(sounds, [0.0, 0.2], [0.2, 0.4])
    vowel = next(s for s in found if s.sound in pronounce.VOWELS)
    assert vowel.end - vowel.start > 0.4 * 0.2


def test_a_rest_between_notes_is_silent() -> None:
    sounds = [pronounce.pronounce(word, 1)[0] for word in ("me", "you")]
    found = segments(sounds, [0.0, 1.0], [0.4, 1.4])
    (rest,) = [s for s in found if s.sound == REST]
    assert rest.end - rest.start > 0.4
    assert np.isclose(rest.start, 0.4)
