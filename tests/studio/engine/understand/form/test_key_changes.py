"""Key changes that a prompt spells out: from where, to which key and mode."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.locks import LockedSection, form_text, parse_form
from riffusion_tui.studio.engine.prompt import plan, recognize
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from tests.studio.engine.scores import composed


def _ends_in(score: Score) -> tuple[int, str]:
    """Return the last section's tonic, as a pitch class, and mode."""
    last = score.sections[-1]
    return (theory.tonic(score.plan.key) + last.lift) % 12, last.mode or score.plan.mode


def _tones(score: Score, beat: float) -> set[int]:
    """Return the pitch classes of the chord at a beat."""
    chord = [chord for chord in score.chords if chord.start <= beat + 0.01][-1]
    return {pitch % 12 for pitch in chord.pitches}


@pytest.mark.parametrize(
    ("prompt", "first", "last"),
    [
        ("pop, major key, key change from G to A", "G major", "A major"),
        ("pop in G major, with a key change from G to A", "G major", "A major"),
        ("pop ballad that modulates from Eb major to F major", "Eb major", "F major"),
        ("rock ballad in D minor, modulates to F", "D minor", "F major"),
        ("rock ballad in D minor, modulates to F minor", "D minor", "F minor"),
        ("rock ballad in D minor, modulates to D", "D minor", "D major"),
        ("rock ballad in A minor, modulates to F", "A minor", "F major"),
        ("rock ballad in D minor, modulates to E", "D minor", "E minor"),
        ("rock in B flat major, then C major", "Bb major", "C major"),
        ("rock in A minor, then in C major", "A minor", "C major"),
        ("pop from C major to A minor", "C major", "A minor"),
        ("pop, Am -> C major", "A minor", "C major"),
        ("A minor to C major, pop", "A minor", "C major"),
        ("rock, start in A minor, end in A major", "A minor", "A major"),
        ("A minor -> Eb major, rock", "A minor", "Eb major"),
        ("ballad in D major, last chorus in E major", "D major", "E major"),
        ("pop in C major that moves to G major", "C major", "G major"),
        ("rock, key of A minor, changes to the key of C major", "A minor", "C major"),
        ("pop in Bb major, transposes up to C", "Bb major", "C major"),
        ("begins in C minor and ends in C major, cinematic", "C minor", "C major"),
    ],
)
def test_a_key_change_goes_from_key_to_key(prompt: str, first: str, last: str) -> None:
    score = composed(prompt)
    assert f"{score.plan.key} {score.plan.mode}" == first
    key, mode = last.split()
    assert _ends_in(score) == (theory.tonic(key), mode)
    assert score.plan.limits == ()
    assert score.plan.ignored == ()


@pytest.mark.parametrize(
    ("prompt", "last"),
    [("rock ballad in D minor, modulates to F", "F"), ("pop in C major that modulates to A minor", "Am")],
)
def test_after_a_change_of_mode_chords_and_tunes_are_of_the_new_key(prompt: str, last: str) -> None:
    for seed in range(4):
        score = composed(prompt, seed)
        changed = next(section for section in score.sections if section.mode)
        assert score.chords[-1].symbol.split("/")[0].startswith(last)
        scale = theory.allowed_tones(changed.mode, _ends_in(score)[0])
        sung = [n for t in score.tracks if t.role == "vocal" for n in t.notes if n.start >= changed.start]
        assert sum(n.pitch % 12 in scale | _tones(score, n.start) for n in sung) >= 0.95 * len(sung) > 0


def test_a_locked_form_keeps_the_mode_of_its_sections() -> None:
    score = composed("rock ballad in D minor, modulates to F")
    assert " up 3 in major" in score.form
    again = plan(Request("rock ballad in D minor", 1))
    kept = compose(replace(again, locks=replace(again.locks, form=score.form)))
    assert [(s.lift, s.mode) for s in kept.sections] == [(s.lift, s.mode) for s in score.sections]
    same = LockedSection("chorus", "", 8, 0.5, 0, "harmonic minor")
    assert parse_form(form_text((4, 4), [same])).sections == (same,)


def test_other_keys_are_no_change() -> None:
    assert "key change" not in " ".join(plan(Request("guitar in the key of G, a song from A to B")).structure)
    assert read("a ballad in G about a modulated pad").first("new key") is None


def test_a_song_changes_its_key_once() -> None:
    limit = "A song can change key only once."
    assert limit in plan(Request("pop in C major, then D major, then E major")).limits
    assert limit not in plan(Request("pop in C major, then D major")).limits


def test_both_keys_are_understood() -> None:
    terms = {(term.kind, term.meaning) for term in recognize("pop, key change from G to A minor")}
    assert {("key", "G"), ("key", "A"), ("mode", "minor")} <= terms


def test_a_second_key_that_is_no_change_is_a_limit() -> None:
    assert plan(Request("waltz in A minor, middle section in C major")).limits == ("The song stays in A minor.",)


@pytest.mark.parametrize("seed", range(4))
def test_a_change_in_a_section_is_not_the_songs_key(seed: int) -> None:
    made = plan(Request("pop with a key change to B minor in the bridge", seed))
    assert "key of the bridge: B minor" in made.structure
    assert {"key", "mode"} <= dict(made.chosen).keys()
    in_d = plan(Request("pop in D major, key change to B minor in the bridge", seed))
    assert (in_d.key, in_d.mode) == ("D", "major")


@pytest.mark.parametrize("seed", range(4))
def test_the_key_of_a_bridge_is_not_the_songs(seed: int) -> None:
    made = plan(Request("pop, the bridge in E minor", seed))
    assert "key of the bridge: E minor" in made.structure
    assert {"key", "mode"} <= dict(made.chosen).keys()
    assert made.key in ("G", "D", "C") if made.mode in ("major", "mixolydian") else made.key in ("A", "B")
    in_minor = plan(Request("techno in minor, breakdown in A major", seed))
    assert (in_minor.mode, in_minor.key in ("F#", "C#", "B")) == ("minor", True)
    assert plan(Request("pop, chorus in C major", seed)).key == "C"


def test_a_song_that_ends_in_its_own_key_does_not_change_it() -> None:
    made = plan(Request("song in G major, bridge modulates to E minor, ends in G major", seed=1))
    assert [hint for hint in made.structure if "key" in hint] == ["key of the bridge: E minor"]
    assert not made.limits


def test_a_new_key_has_its_own_mode() -> None:
    made = plan(Request("pop in G major, bridge modulates to E minor, ends in A major", seed=1))
    assert "key change to A major" in made.structure


@pytest.mark.parametrize(
    ("prompt", "hint", "lifts"),
    [
        ("pop ballad, modulates up twice", "key change, 2 times", 2),
        ("pop, two key changes", "key change, 2 times", 2),
        ("rock, modulates up three times", "key change, 3 times", 3),
        ("pop, key change up a step each chorus", "key change by 2, every chorus", None),
        ("pop, modulates up a half step every chorus", "key change by 1, every chorus", None),
        ("pop, key changes", "key change", 1),
        ("pop, key change, claps in every chorus", "key change", 1),
        ("pop, modulates up to D, twice the fun", "key change to D", 1),
        ("pop in 4/4, modulates up", "key change", 1),
        ("pop, 4/4 key change", "key change", 1),
        ("rock, 6/8. Modulates up.", "key change", 1),
        ("soul, 6/8, key changes twice", "key change, 2 times", 2),
    ],
)
def test_a_key_goes_up_as_often_as_the_prompt_says(prompt: str, hint: str, lifts: int | None) -> None:
    for seed in range(3):
        score = composed(prompt, seed)
        found = [section.lift for section in score.sections]
        choruses = [section.lift for section in score.sections if section.kind == "chorus"]
        assert hint in score.plan.structure
        assert "each" not in score.plan.ignored
        assert len({0, *found}) - 1 == (len(choruses) - 1 if lifts is None else lifts)
        assert parse_form(score.form).sections[-1].lift == found[-1]


def test_a_key_goes_up_with_every_verse_if_the_prompt_says_so() -> None:
    score = composed("pop song, modulate every verse", 1)
    assert "key change, every verse" in score.plan.structure
    verses = [section.lift for section in score.sections if section.kind == "verse"]
    assert len(verses) > 1
    assert verses == [verses[1] * at for at in range(len(verses))]
    assert score.sections[-1].lift == verses[-1]
    assert "key change, every chorus" in plan(Request("pop, key change every time", seed=1)).structure
