"""Distorted guitars: an amplifier and a speaker, two takes, power chords, palm mutes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.effects import INPUT, Drive, ShortFilter, cabinet
from riffusion_tui.studio.engine.performance import Performance
from riffusion_tui.studio.engine.player import BLOCK, PlayedTrack, Player
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, filtered
from riffusion_tui.studio.engine.types import Request, Score, Track


def _song(prompt: str, seed: int = 1) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=30.0, instrumental=True)))


def _rhythm(score: Score) -> list[Track]:
    return [track for track in score.tracks if track.role == "chords"]


def _bands(sound: Signal, edges: tuple[float, ...]) -> list[float]:
    """dB in each band between `edges`, against the loudest."""
    power = np.abs(np.fft.rfft(sound.mean(axis=0))) ** 2
    hertz = np.fft.rfftfreq(sound.shape[1], 1 / SAMPLE_RATE)
    levels = [10 * np.log10(power[(hertz >= low) & (hertz < high)].sum() + 1e-12) for low, high in pairwise(edges)]
    return [float(level - max(levels)) for level in levels]


@pytest.mark.parametrize("soundfont", [None, "synthesized"])
def test_a_distorted_guitars_stem_is_a_guitars(soundfont: str | None) -> None:
    score = _song("heavy metal")
    take = _rhythm(score)[0]
    short = replace(score, tracks=(replace(take, notes=take.notes[:12]),))
    part = Performance(short, soundfont).parts[0]
    rumble, low, middle, presence, fizz, air = _bands(_played(part, short), (20, 80, 120, 1200, 4800, 8000, 16_000))
    assert rumble < -20
    assert low < -3
    assert middle == 0
    assert -25 < presence < 0
    assert fizz < -20
    assert air < -40


def _played(part: PlayedTrack, score: Score) -> Signal:
    player = Player(part, 60 / score.plan.bpm, 0)
    blocks = (player.block(i) for i in range(5))
    return np.concatenate([np.zeros((2, BLOCK), np.float32) if block is None else block for block in blocks], axis=1)


def test_a_driven_amplifier_saturates_and_passes_no_rumble() -> None:
    at = np.arange(BLOCK) / SAMPLE_RATE
    tone = np.stack([0.1 * np.sin(2 * np.pi * 220 * at)] * 2).astype(np.float32)
    soft, hard = Drive(6.0)(tone), Drive(6.0)(10 * tone)
    ratio = np.sqrt((hard[:, 4096:] ** 2).mean() / (soft[:, 4096:] ** 2).mean())
    assert ratio < 1.5
    rumble = np.stack([1e-4 * np.sin(2 * np.pi * 40 * at)] * 2).astype(np.float32)
    above = np.stack([1e-4 * np.sin(2 * np.pi * 400 * at)] * 2).astype(np.float32)
    passed = [np.std(Drive(1.2)(filtered(sound, INPUT))[:, 4096:]) for sound in (rumble, above)]
    assert passed[0] < 0.05 * passed[1]


def test_a_speaker_ends_near_five_kilohertz() -> None:
    click = np.zeros((2, BLOCK), np.float32)
    click[:, 0] = 1
    response = np.abs(np.fft.rfft(ShortFilter(cabinet(3))(click).mean(axis=0)))
    hertz = np.fft.rfftfreq(BLOCK, 1 / SAMPLE_RATE)

    def level(at: float) -> float:
        return float(20 * np.log10(response[np.argmin(np.abs(hertz - at))]))

    assert level(3000) > level(1000) - 3
    assert level(6500) < level(3000) - 18
    assert level(10_000) < level(3000) - 35


@pytest.mark.parametrize("prompt", ["heavy metal", "punk rock", "hard rock with electric guitar"])
def test_a_rhythm_guitar_is_recorded_twice(prompt: str) -> None:
    left, right = (track for track in _rhythm(_song(prompt)) if "guitar" in track.instrument)
    assert left.pan < -0.5 < 0.5 < right.pan
    assert sorted(n.pitch for n in left.notes) == sorted(n.pitch for n in right.notes)
    assert [n.start for n in left.notes] != [n.start for n in right.notes]


def test_a_distorted_guitar_plays_power_chords_low() -> None:
    for prompt in ("heavy metal", "thrash metal", "punk rock"):
        notes = _rhythm(_song(prompt))[0].notes
        together: dict[float, set[int]] = {}
        for note in notes:
            together.setdefault(round(note.start, 1), set()).add(note.pitch)
        for pitches in together.values():
            assert {(pitch - min(pitches)) % 12 for pitch in pitches} <= {0, 7}
        assert np.mean([min(pitches) for pitches in together.values()]) < 52


def test_short_strokes_are_muted() -> None:
    notes = [note for seed in range(3) for note in _rhythm(_song("thrash metal", seed))[0].notes]
    alone = [
        n for n in notes if n.length < 0.3 and not any(o is not n and abs(o.start - n.start) < 0.03 for o in notes)
    ]
    full = [n for n in notes if n not in alone]
    assert alone
    assert np.mean([n.velocity for n in alone]) < np.mean([n.velocity for n in full])
