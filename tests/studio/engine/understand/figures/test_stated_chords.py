"""Chords that a prompt states are played, in their key."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


def _symbols(prompt: str, seed: int) -> list[str]:
    """Return the chords of the first verse."""
    score = compose(plan(Request(prompt, seed, length_s=120.0)))
    verse = next(section for section in score.sections if section.kind == "verse")
    beats = verse.bars * score.plan.meter[0] * 4 / score.plan.meter[1]
    return [chord.symbol for chord in score.chords if verse.start <= chord.start < verse.start + beats]


@pytest.mark.parametrize(
    ("prompt", "key", "mode", "numerals"),
    [
        ("chords Am F C G, pop", "A", "minor", "Im bVI bIII bVII"),
        ("pop with the progression C, G, Am, F", "C", "major", "I V VIm IV"),
        ("jazz, Dm7 - G7 - Cmaj7", "C", "major", "IIm7 V7 Imaj7 Imaj7"),
        ("rock, F#m D A E", "F#", "minor", "Im bVI bIII bVII"),
        ("soul, Bb Eb/G F7sus4 Bb", "Bb", "major", "I IV V7sus4 I"),
        ("tango, Em7b5 A7 Dm", "D", "minor", "IIm7b5 V7 Im Im"),
        ("folk in D, chords: D G A", "D", "major", "I IV V V"),
        ("Dm7b5 G7alt Cm(maj7) jazz", "C", "minor", "IIm7b5 V7alt Immaj7 Immaj7"),
        ("Fmaj7#11 | E7#9, jazz", "F", "major", "Imaj7#11 VII7#9"),
        ("jazz: A7b9 Dm13 G13 Cmaj9", "C", "major", "VI7b9 IIm13 V13 Imaj9"),
        ("CΔ7 A♭7♯11 Gsus2 Bdim7 Caug, jazz", "C", "major", "Imaj7 bVI7#11 Vsus2 VIIo7 I+"),
        ("Cø F7(#9) Bbm△, jazz", "Bb", "minor", "IIm7b5 V7#9 Immaj7 Immaj7"),
        ("Cadd9 B°7 Dm11 C6/9, jazz", "C", "major", "Iadd9 VIIo7 IIm11 I69"),
        ("E/G# A B7 rock", "E", "major", "I IV V7 V7"),
    ],
)
def test_chords_give_key_and_progression(prompt: str, key: str, mode: str, numerals: str) -> None:
    made = plan(Request(prompt))
    assert (made.key, " ".join(made.progression)) == (key, numerals)
    assert made.mode == mode or "in D" in prompt
    assert made.ignored == ()


@pytest.mark.parametrize(
    ("prompt", "mode", "numerals"),
    [
        ("ii-V-I jazz in Bb", "major", "ii V I I"),
        ("I–V–vi–IV pop", "major", "I V vi IV"),
        ("metal, i VI III VII", "minor", "i bVI bIII bVII"),
    ],
)
def test_roman_numerals_are_read_as_musicians_write_them(prompt: str, mode: str, numerals: str) -> None:
    made = plan(Request(prompt))
    assert (made.mode, " ".join(made.progression)) == (mode, numerals)


@pytest.mark.parametrize(
    "prompt",
    [
        "A B C song",
        "a suite, parts I, II, III and IV",
        "Parts I II III IV",
        "C D E F G scale practice",
        "vitamin C D and E",
        "D minor, slow",
        "I am VI",
        "key: C, G or A",
        "Plan A, plan B and C",
        "AABA form",
        "C5 | D5",
        "A4 | B5 paper",
        "C64 A500 chiptune",
        "C64 D64 E64 chiptune",
    ],
)
def test_other_letters_are_no_chords(prompt: str) -> None:
    assert plan(Request(prompt)).progression == ()


def test_the_chords_are_played_in_order() -> None:
    for seed in range(4):
        assert _symbols("folk, plain triads, Am F C G", seed)[:4] in (
            ["Am", "F", "C", "G"],
            ["Am7", "Fmaj7", "C", "G"],
            ["Amadd9", "Fadd9", "Cadd9", "Gadd9"],
            ["Am7", "Fmaj7", "Cmaj7", "G7"],
        )
        assert _symbols("jazz, Dm7 G7 Cmaj7", seed)[:3] == ["Dm7", "G7", "Cmaj7"]


def test_every_quality_can_be_played() -> None:
    assert set(read_data("lexicon/chords.toml")) <= set(theory.QUALITIES)


def test_a_second_progression_is_reported() -> None:
    said = "The studio plays the first of the chord progressions throughout a song."
    assert said in plan(Request("pop in C: C G Am F in verse, F G C Am in chorus")).limits
    assert said not in plan(Request("pop in C: C G Am F in verse")).limits


@pytest.mark.parametrize(
    ("prompt", "numerals", "chord", "known"),
    [
        ("jazz, Dm7 G7b9b13 Cmaj7", "IIm7 V7b9 Imaj7 Imaj7", "G7b9b13", "G7b9"),
        ("chords C G(no3) Am F, pop", "I V VIm IV", "G(no3)", "G"),
    ],
)
def test_an_unknown_chord_is_played_as_what_is_known_of_it(prompt: str, numerals: str, chord: str, known: str) -> None:
    made = plan(Request(prompt))
    assert (" ".join(made.progression), made.ignored) == (numerals, ())
    assert f"The studio doesn't know the chord {chord}; it plays {known} instead." in made.limits


def test_a_song_has_the_altered_chords() -> None:
    assert _symbols("jazz, Dm7b5 G7alt Cm(maj7) Fmaj7#11", 1)[:4] == ["Dm7b5", "G7alt", "Cmmaj7", "Fmaj7#11"]
