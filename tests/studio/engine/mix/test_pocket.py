from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.mix.blend import Blend
from riffusion_tui.studio.engine.mix.effects import ShortFilter
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.mix.player import BLOCK
from riffusion_tui.studio.engine.mix.pocket import BAND, DRUMS, Pocket
from riffusion_tui.studio.engine.mix.render import Mixer, _scaled
from riffusion_tui.studio.engine.score import Note, Score, Track
from riffusion_tui.studio.engine.synth.drumkit import KitVoice, kit_pieces
from riffusion_tui.studio.engine.synth.tones import Curve, drawn_filter, filtered
from tests.studio.engine import handmade

RATE = 44_100


class Desk:
    """A pocket and its filter, as in the mix."""

    def __init__(self, score: Score, dip: Curve) -> None:
        self._pocket, self._blend = Pocket(score), Blend([None, drawn_filter(dip)], BLOCK)

    def __call__(self, block: Signal | None, index: int) -> Signal:
        return self._blend(self._pocket.divided(None if block is None else block.copy(), index))


@pytest.mark.parametrize(("dip", "lost"), [(BAND, 9.0), (DRUMS, 4.3)])
def test_the_band_dips_at_speech_frequencies_only_during_singing(dip: Curve, lost: float) -> None:
    sung = tuple(Note(float(i), 1.0, 60, 0.8, "la") for i in range(8, 12))
    score = handmade.song((Track("Vocal", "vocal", "vocals", 53, sung),))
    t = np.arange(8 * BLOCK) / RATE
    for hertz, lost_db in ((200.0, 0.5), (2500.0, lost)):
        tone = np.stack([np.sin(2 * np.pi * hertz * t)] * 2).astype(np.float32)
        desk = Desk(score, dip)
        out = np.concatenate([desk(tone[:, i * BLOCK : (i + 1) * BLOCK], i) for i in range(8)], axis=1)

        def level(start: float, end: float, out: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = out) -> float:
            return float(20 * np.log10(np.std(out[0, int(start * RATE) : int(end * RATE)]) * 2**0.5))

        assert abs(level(1.0, 3.0)) < 0.1
        assert abs(level(4.2, 5.8) + lost_db) < 0.6
        steps = np.abs(np.diff(out[0]))
        assert steps.max() <= 1.02 * np.abs(np.diff(tone[0])).max()


def test_half_the_depth_dips_by_half_the_decibels() -> None:
    score = handmade.song((Track("Vocal", "vocal", "vocals", 53, (Note(0.0, 30.0, 60, 0.8, "la"),)),))
    tone = np.stack([np.sin(2 * np.pi * 2500.0 * np.arange(BLOCK) / RATE)] * 2).astype(np.float32)
    levels = []
    for depth in (1.0, 0.5, 0.0):
        dipped = Desk(score, _scaled(BAND, depth))(tone, 0)
        levels.append(float(np.std(dipped[0, 4096:])))
    whole, half, none = levels
    assert half == pytest.approx((whole * none) ** 0.5, rel=0.02)
    assert none == pytest.approx(float(np.std(tone[0])), rel=0.02)


def test_chords_of_a_metal_song_are_lowered_during_singing() -> None:
    sung = tuple(Note(float(i), 1.0, 60, 0.8, "la") for i in range(8, 12))
    chords = tuple(Note(float(i), 1.0, 40, 0.8) for i in range(16))
    tracks = (Track("Guitar", "chords", "organ", 19, chords), Track("Vocal", "vocal", "vocals", 53, sung))
    performance = Performance(handmade.song(tracks), "synthesized")

    def lost_db(dip: float) -> float:
        mixing = replace(performance.mixing, pocket=0.0, dip=dip)
        out = np.concatenate(list(Mixer(performance.score, performance.parts, mixing, 0)), axis=1)
        before, under = (np.std(out[:, int(a * RATE) : int(b * RATE)]) for a, b in ((1.0, 3.0), (4.5, 5.5)))
        return float(20 * np.log10(before / under))

    assert lost_db(6.0) - lost_db(0.0) == pytest.approx(6.0, abs=0.5)


def test_drums_are_filtered_per_hit_during_singing() -> None:
    score = handmade.song((Track("Vocal", "vocal", "vocals", 53, (Note(8.0, 4.0, 60, 0.8, "la"),)),))
    pocket, frames_per_beat = Pocket(score), 60 / score.plan.bpm * RATE
    covered = [pocket.covers(round(beat * frames_per_beat)) for beat in (0.0, 7.0, 8.0, 11.9, 14.0)]
    assert covered == [False, False, True, True, False]
    assert not Pocket(replace(score, tracks=())).covers(0)


def test_a_filtered_hit_equals_the_hit_through_the_filter() -> None:
    kit = KitVoice("kit rock", SignalCache(1 << 24), kit_pieces("rock"))
    for pitch in (38, 46, 49):
        plain, dipped = (kit.note(pitch, 0.8, 4000, curve) for curve in ((), DRUMS))
        assert np.allclose(dipped.body, filtered(plain.body, DRUMS), atol=1e-5)
        assert not np.allclose(dipped.body, plain.body, atol=1e-2)
        assert (dipped.gain, dipped.sides) == (plain.gain, plain.sides)


def test_an_instrumental_song_is_not_filtered() -> None:
    score = replace(handmade.song(), tracks=())
    block = np.ones((2, BLOCK), dtype=np.float32)
    stays, dipped = Pocket(score).divided(block, 0)
    assert stays is block
    assert dipped is None


def test_a_filtered_part_that_pauses_rings_out_and_resumes_unchanged() -> None:
    score = handmade.song((Track("Vocal", "vocal", "vocals", 53, (Note(0.0, 30.0, 60, 0.8, "la"),)),))
    noise = np.random.default_rng(3).standard_normal((2, BLOCK)).astype(np.float32)
    silence = np.zeros_like(noise)
    desk, bare = Desk(score, DRUMS), ShortFilter(drawn_filter(DRUMS))
    for index, block in enumerate((None, noise, None, None, None, noise)):
        expected = bare(silence if block is None else block)
        assert np.allclose(desk(block, index), expected, atol=1e-6), index


def _tail_db(sung: bool) -> float:
    """dB of a snare's reverb at the frequencies of words, after a hit at two seconds."""
    drums = Track("Drums", "drums", "drums", 0, (Note(4.0, 0.1, 38, 0.9),))
    words = tuple(Note(float(beat), 1.0, 60, 0.8, "la") for beat in range(2, 10) if sung or beat > 8)
    score = handmade.song((drums, Track("Vocal", "vocal", "vocals", 53, words)), genre="rock")
    session = Performance(score, "synthesized")
    session.mixing = replace(session.mixing, wet=3.0)
    sound = np.concatenate(list(session.mixer(only=0)), axis=1)[0]
    tail = sound[round(2.5 * RATE) : round(2.8 * RATE)]
    power = np.abs(np.fft.rfft(tail * np.hanning(len(tail)))) ** 2
    hertz = np.fft.rfftfreq(len(tail), 1 / RATE)
    return float(10 * np.log10(power[(hertz > 1500) & (hertz < 5000)].sum()))


def test_the_room_gives_way_to_singing_like_the_band() -> None:
    assert _tail_db(sung=True) < _tail_db(sung=False) - 6
