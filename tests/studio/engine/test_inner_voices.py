"""Inner voices of an ensemble: below the tune, and not in unison."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Track
from riffusion_tui.studio.engine.song_request import Request


def _pitches(track: Track, beats: float) -> list[int]:
    """Return what sounds in each eighth of a beat; 0 where nothing does."""
    found = [0] * (int(beats * 8) + 1)
    for note in track.notes:
        for at in range(round(note.start * 8), min(len(found), round((note.start + note.length) * 8))):
            found[at] = note.pitch
    return found


@pytest.mark.parametrize(
    "prompt",
    [
        "three trombones",
        "saxophone quartet",
        "string quartet",
        "brass quintet",
        "wind quintet",
        "cello duo",
        "two flutes",
    ],
)
def test_inner_voices_stay_below_the_tune_and_apart(prompt: str) -> None:
    """A second trombone was above the first for most of a song, and an oboe and a clarinet played the same notes."""
    for seed in range(3):
        score = compose(plan(Request(prompt, seed=seed, length_s=45.0)))
        lines = [_pitches(track, score.beats) for track in score.tracks if track.role in ("lead", "counter")]
        for place, high in enumerate(lines):
            for low in lines[place + 1 :]:
                both = [(up, down) for up, down in zip(high, low, strict=True) if up and down]
                assert sum(up < down for up, down in both) <= 0.2 * len(both), (prompt, seed)
                assert sum(up == down for up, down in both) <= 0.25 * len(both), (prompt, seed)


@pytest.mark.parametrize(
    "prompt",
    ["cello quartet", "four cellos", "clarinet quartet", "trombone quartet", "three violins", "four violas",
     "horn quartet", "string quartet", "saxophone quartet", "woodwind quintet"],
)  # fmt: skip
def test_the_voices_of_an_ensemble_rarely_cross(prompt: str) -> None:
    """Four equal instruments have one range, in which the bass was above the inner voices, and they above the tune."""
    crossed = both = 0
    for seed in range(5):
        score = compose(plan(Request(prompt, seed=seed, length_s=45.0)))
        lines = [_pitches(track, score.beats) for track in score.tracks if track.role in ("lead", "counter", "bass")]
        lines.sort(key=lambda line: -sum(line) / (sum(pitch > 0 for pitch in line) or 1))
        for place, high in enumerate(lines):
            for low in lines[place + 1 :]:
                pairs = [(up, down) for up, down in zip(high, low, strict=True) if up and down]
                crossed += sum(up < down for up, down in pairs)
                both += len(pairs)
    assert crossed <= 0.03 * both
