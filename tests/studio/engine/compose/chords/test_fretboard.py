"""Chords on the strings of a guitar."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.chords import fretboard, theory
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

STRINGS = (40, 45, 50, 55, 59, 64)
SHAPES = {
    "E": (4, "", (40, 47, 52, 56, 59, 64)),
    "C": (0, "", (48, 52, 55, 60, 64)),
    "A minor": (9, "m", (45, 52, 57, 60, 64)),
    "G": (7, "", (43, 47, 50, 55, 59, 67)),
    "F": (5, "", (41, 48, 53, 57, 60, 65)),
    "F sharp": (6, "", (42, 49, 54, 58, 61, 66)),
    "A flat": (8, "", (44, 51, 56, 60, 63, 68)),
    "B": (11, "", (47, 54, 59, 63, 66)),
    "B minor": (11, "m", (47, 54, 59, 62, 66)),
}


def classes(root: int, quality: str) -> frozenset[int]:
    return frozenset((root + tone) % 12 for tone in theory.QUALITIES[quality])


@pytest.mark.parametrize("name", SHAPES)
def test_common_chords_have_the_shapes_that_guitarists_learn_first(name: str) -> None:
    root, quality, pitches = SHAPES[name]
    assert fretboard.shape(root, classes(root, quality)) == pitches


def is_playable(pitches: tuple[int, ...]) -> bool:
    """Return whether each pitch has a string of its own, and one hand reaches those that aren't open."""
    for strings in combinations(STRINGS, len(pitches)):
        frets = [pitch - string for pitch, string in zip(pitches, strings, strict=True)]
        stopped = [fret for fret in frets if fret > 0]
        if min(frets) >= 0 and (not stopped or max(stopped) - min(stopped) <= 4):
            return True
    return False


@pytest.mark.parametrize("quality", sorted(theory.QUALITIES))
def test_any_chord_can_be_held_by_one_hand(quality: str) -> None:
    for root in range(12):
        tones = classes(root, quality)
        pitches = fretboard.shape(root, tones)
        assert pitches[0] % 12 == root
        assert {pitch % 12 for pitch in pitches} <= tones
        assert len(pitches) >= 3
        assert is_playable(pitches), (root, pitches)


@pytest.mark.parametrize(("prompt", "struck"), [("acoustic folk song with guitar", 6), ("indie rock", 4)])
def test_a_rhythm_guitar_plays_them(prompt: str, struck: int) -> None:
    for seed in range(3):
        score = compose(plan(Request(prompt, seed=seed, length_s=60.0)))
        for track in score.tracks:
            if track.role == "chords" and "guitar" in track.instrument:
                strums: dict[int, set[int]] = {}
                for note in track.notes:
                    strums.setdefault(round(note.start * 4), set()).add(note.pitch)
                assert max(map(len, strums.values())) <= 2 * struck
                assert min(note.pitch for note in track.notes) < 50


@pytest.mark.parametrize("quality", sorted(set(theory.QUALITIES) - {"cluster"}))
def test_a_chord_on_the_high_strings_has_every_tone_but_perhaps_the_root_and_one_more(quality: str) -> None:
    for root in range(12):
        tones = classes(root, quality)
        pitches = fretboard.high_shape(root, tones)
        assert min(pitches) > STRINGS[2]
        assert len(pitches) >= 3
        assert {pitch % 12 for pitch in pitches} <= tones
        assert len(tones - {root} - {pitch % 12 for pitch in pitches}) <= max(0, len(tones) - 4)
        assert is_playable(pitches), (root, pitches)


@pytest.mark.parametrize("prompt", ["funk with electric guitar and bass", "roots reggae with electric guitar"])
def test_a_funk_guitar_leaves_the_low_strings_to_the_bass(prompt: str) -> None:
    for seed in range(4):
        score = compose(plan(Request(prompt, seed=seed, length_s=60.0)))
        chords = [t for t in score.tracks if t.role == "chords" and t.instrument == "electric guitar"]
        bass = [note.pitch for track in score.tracks if track.role == "bass" for note in track.notes]
        assert chords
        assert min(note.pitch for track in chords for note in track.notes) > max(50, sum(bass) / len(bass))


@pytest.mark.parametrize("prompt", ["surf rock", "rock in F#", "blues", "celtic with guitar in Ab", "country in B"])
def test_few_chords_of_a_guitar_blur_in_the_bass(prompt: str) -> None:
    """The low strokes of a pattern, an octave below what a guitar holds, were turned into clusters."""
    found = []
    for seed in range(4):
        score = compose(plan(Request(prompt, seed=seed, length_s=60.0)))
        for track in score.tracks:
            if track.role == "chords" and fretboard.strings_struck(track.instrument):
                strums: dict[int, list[int]] = {}
                for note in track.notes:
                    strums.setdefault(round(note.start * 4), []).append(note.pitch)
                found += [sorted(set(pitches)) for pitches in strums.values() if len(set(pitches)) > 2]
    held = [chord for chord in found if chord[:3] != [43, 47, 50]]  # an open G rings
    blurred = [chord for chord in held if any(b - a < 5 and a < 48 for a, b in pairwise(chord))]
    assert len(blurred) <= 0.15 * len(found)
