"""Who plays the bass if no bass instrument does: a pianist's left hand, an organist's feet, never a violin."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request

_LOW = 48
"""C3: what is below belongs to the left hand."""


def _score(prompt: str, seed: int = 1) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=60.0)))


@pytest.mark.parametrize(
    ("prompt", "player"),
    [
        ("solo piano, slow and sad", "piano"),
        ("piano nocturne", "piano"),
        ("sonata for violin and piano", "piano"),
        ("flute and harpsichord", "harpsichord"),
        ("church organ solo", "church organ"),
        ("accordion solo", "accordion"),
        ("harp solo", "harp"),
        ("kora solo", "kora"),
        ("only piano, a woman sings", "piano"),
        ("choir and church organ", "church organ"),
        ("organ trio, jazz", "organ"),
        ("piano and strings", "piano"),
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_player_of_chords_has_the_bass_in_the_left_hand(prompt: str, player: str, seed: int) -> None:
    tracks = [track for track in _score(prompt, seed).tracks if track.instrument == player]
    low = [note for track in tracks for note in track.notes if note.pitch < _LOW]
    assert len(low) >= 8


@pytest.mark.parametrize("prompt", ["strings only", "largo for strings", "brass only", "flute and strings"])
def test_a_section_without_a_bass_player_has_low_notes_in_most_bars(prompt: str) -> None:
    """Strings alone had nothing below the G below middle C for bars."""
    for seed in range(3):
        score = _score(prompt, seed)
        beats, unit = score.plan.meter
        bars = int(score.beats * unit / 4 / beats)
        low = [note for track in score.tracks for note in track.notes if note.pitch < 55]
        with_bass = {int(at * unit / 4 / beats) for note in low for at in (note.start, note.start + note.length - 0.1)}
        assert len(with_bass) > 0.6 * bars, (prompt, seed)


@pytest.mark.parametrize("prompt", ["solo piano, slow", "flute and harpsichord", "harp solo"])
def test_the_left_hand_has_no_track_of_its_own(prompt: str) -> None:
    assert all(track.role != "bass" for track in _score(prompt).tracks)


@pytest.mark.parametrize("prompt", ["jazz piano trio", "only piano and double bass", "pop song with piano"])
def test_a_pianist_leaves_the_bass_to_a_bass_player(prompt: str) -> None:
    (bass,) = (track for track in _score(prompt).tracks if track.role == "bass")
    assert bass.instrument != "piano"


@pytest.mark.parametrize(
    "prompt", ["baroque trio sonata, flute on top, harpsichord underneath", "classical trio: flute, violin, piano"]
)
def test_no_violin_plays_the_bass_beside_a_keyboard(prompt: str) -> None:
    assert all(track.role != "bass" for track in _score(prompt).tracks)


def test_a_baroque_trio_has_a_cello_and_a_harpsichord() -> None:
    names = sorted(track.instrument for track in _score("baroque trio sonata").tracks)
    assert names == ["cello", "harpsichord", "violin", "violin"]
