"""Players of wind instruments have time to breathe."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.arranging.breaths import blows, breathed
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.song_request import Request

GAP_S = 0.1


def _longest_s(track: Track, bpm: float) -> float:
    """Return for how many seconds a track plays without a rest, at most."""
    longest, start, end = 0.0, 0.0, -9.0
    for note in sorted(track.notes, key=lambda note: note.start):
        if note.start - end > GAP_S * bpm / 60:
            start = note.start
        end = max(end, note.start + note.length)
        longest = max(longest, end - start)
    return longest * 60 / bpm


@pytest.mark.parametrize(
    ("prompt", "instrument"),
    [
        ("klezmer with clarinet, instrumental", "clarinet"), ("symphony with oboe", "oboe"),
        ("baroque with bassoon", "bassoon"), ("jazz fusion with flute, instrumental", "flute"),
        ("bebop with sax, instrumental", "sax"), ("march with tuba", "tuba"),
    ],
)  # fmt: skip
def test_a_wind_player_breathes_every_ten_seconds(prompt: str, instrument: str) -> None:
    """A clarinet and a tuba played two and a half minutes without a rest."""
    for seed in (1, 2):
        score = compose(plan(Request(prompt, seed=seed)))
        tracks = [t for t in score.tracks if t.instrument == instrument and t.role in ("lead", "counter", "bass")]
        assert tracks
        for track in tracks:
            assert _longest_s(track, score.plan.bpm) < 10, (prompt, seed, track.role)


def test_a_breath_shortens_a_long_note_at_the_end_of_a_bar() -> None:
    notes = [Note(bar * 4 + at, length, 72, 0.8) for bar in range(8) for at, length in ((0, 1), (1, 1), (2, 2))]
    found = breathed(notes, 120.0, 4.0)
    assert [note.start for note in found] == [note.start for note in notes]
    shorter = [note for note, before in zip(found, notes, strict=True) if note.length < before.length]
    assert shorter
    assert all(note.start % 4 == 2 and note.length == pytest.approx(1.4) for note in shorter)


def test_a_run_of_quick_notes_loses_one() -> None:
    notes = [Note(at / 4, 0.25, 72 + at % 5, 0.8) for at in range(200)]
    found = breathed(notes, 120.0, 4.0)
    gone = [note for note in notes if note not in found]
    assert 2 <= len(gone) <= 4
    assert all(note.start % 4 == 3.75 for note in gone)


def test_rests_are_breaths() -> None:
    notes = [Note(bar * 4.0, 3.0, 72, 0.8) for bar in range(20)]
    assert breathed(notes, 120.0, 4.0) == notes


def test_bagpipes_need_no_breath() -> None:
    assert not blows(Seat("lead", "bagpipes", 109, 60, 80))
    assert blows(Seat("lead", "flute", 73, 60, 90))
    assert not blows(Seat("pad", "french horn", 60, 40, 70))
