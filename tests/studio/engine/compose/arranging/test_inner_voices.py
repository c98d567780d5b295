"""Inner voices of an ensemble: below the tune, and not in unison."""

from __future__ import annotations

from itertools import product

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Track
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import ninths_s


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


def _alike(one: Track, other: Track) -> float:
    """Return the share of notes struck at once in which two players have the same tone, in any octave."""
    first = {round(4 * note.start): note.pitch % 12 for note in one.notes}
    second = {round(4 * note.start): note.pitch % 12 for note in other.notes}
    both = first.keys() & second.keys()
    return sum(first[at] == second[at] for at in both) / max(1, len(both))


@pytest.mark.parametrize(
    "prompt", ["new orleans brass band", "trombone quartet", "string quartet", "saxophone quartet"]
)
def test_inner_voices_do_not_rub_against_each_other_or_the_tune(prompt: str) -> None:
    """Horn and trombone held A and G sharp in their lowest octave, and a quartet began with a semitone."""
    made = [compose(plan(Request(prompt, seed=seed, length_s=60.0))) for seed in range(1, 5)]
    assert sum(ninths_s(score, ("counter",), ("counter", "lead")) for score in made) <= 2.5


@pytest.mark.parametrize(("prompt", "seed"), [("progressive rock in 7/8", 1), ("power ballad with key change", 2)])
def test_nobody_plays_what_the_backing_vocals_sing(prompt: str, seed: int) -> None:
    """Strings and a flute played every note of theirs."""
    score = compose(plan(Request(prompt, seed=seed, length_s=120.0)))
    sung = next(track for track in score.tracks if track.instrument == "vocal choir")
    others = [track for track in score.tracks if track.role == "counter" and track is not sung]
    assert others
    assert all(_alike(sung, other) <= 0.6 for other in others)


def test_second_voices_rub_little_against_the_singer() -> None:
    """They held seconds and sevenths beside a sixteenth of what was sung, in some songs a fifth."""
    together = rubbed = 0.0
    for prompt in ("pop", "rock", "country", "trap", "jazz ballad", "hard rock", "tango", "salsa"):
        for seed in (2, 3, 4):
            score = compose(plan(Request(prompt, seed=seed, length_s=100.0)))
            sung = [note for track in score.tracks if track.role == "vocal" for note in track.notes]
            for track in score.tracks:
                others = track.notes if track.role in ("lead", "counter") and track.name != "Vocal Choir" else ()
                for one, other in product(sung, others):
                    beats = min(one.start + one.length, other.start + other.length) - max(one.start, other.start)
                    if beats > 0:
                        together += beats
                        rubbed += beats if beats >= 0.45 and abs(one.pitch - other.pitch) in (1, 2, 11, 13) else 0
    assert together > 1000
    assert rubbed <= 0.03 * together


@pytest.mark.parametrize("prompt", ["baroque", "tango", "big band", "ska", "cinematic", "classical"])
def test_second_voices_of_a_band_do_not_rumble_with_the_bass(prompt: str) -> None:
    """Cellos and trombones held thirds above a bassoon in the octave below C3."""
    for seed in range(1, 7):
        score = compose(plan(Request(prompt, seed=seed, length_s=75.0)))
        leads = {track.instrument for track in score.tracks if track.role == "lead"}  # which a doubling may lie below
        second = [track for track in score.tracks if track.role == "counter" and track.instrument not in leads]
        assert min((note.pitch for track in second for note in track.notes), default=48) >= 48, seed
