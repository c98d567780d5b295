from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.loudness import Meter, MixMeter, in_pieces, integrated
from riffusion_tui.studio.engine.mix.blend import Blend
from riffusion_tui.studio.engine.mix.effects import Chorus, Delay, Drive, ShortFilter, Soften, Wow
from riffusion_tui.studio.engine.mix.master import CEILING, RawMix, glued, lifts, limit, measure, widened
from riffusion_tui.studio.engine.mix.mixing import Mixing, mixing_for
from riffusion_tui.studio.engine.mix.performance import Performance, beds
from riffusion_tui.studio.engine.mix.player import BLOCK
from riffusion_tui.studio.engine.mix.render import Mixer
from riffusion_tui.studio.engine.mix.rooms import Convolver, Reverb, room, room_top
from riffusion_tui.studio.engine.mix.sweeps import Sweeps
from riffusion_tui.studio.engine.score import Note, Section, Track
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED
from riffusion_tui.studio.engine.synth.tones import CONVOLVED
from tests.studio.engine import handmade, listening

RATE = 44_100
Sound = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def noise(frames: int, seed: int = 1) -> Sound:
    return (np.random.default_rng(seed).standard_normal((2, frames)) * 0.1).astype(np.float32)


def whole(mixer: Mixer) -> Sound:
    return np.concatenate(list(mixer), axis=1)


def spectra_of(block: Sound) -> np.ndarray[tuple[int, ...], np.dtype[np.complex64]] | None:
    blend = Blend([None], BLOCK)
    blend([block])
    return blend.spectra


def test_every_genre_has_mix_settings() -> None:
    for genre in genre_files.genres():
        mixing = mixing_for(handmade.plan(genre=genre))
        assert -1 < mixing.levels["vocal"] < 6
        assert 0.5 < mixing.room < 8


def test_a_genre_changes_only_the_settings_it_names() -> None:
    default = mixing_for(handmade.plan(genre="nothing"))
    house = mixing_for(handmade.plan(genre="house"))
    assert house.duck > default.duck
    assert house.levels["vocal"] == default.levels["vocal"]
    assert house.levels["drums"] != default.levels["drums"]


def test_an_instrument_named_in_the_prompt_is_louder() -> None:
    gains = []
    for instruments in ((), ("synth pad",)):
        parts = Performance(handmade.song(instruments=instruments), SYNTHESIZED).parts
        gains.append({part.track.instrument: part.gain_db for part in parts})
    louder = {name: round(gains[1][name] - gain, 1) for name, gain in gains[0].items() if gains[1][name] != gain}
    assert louder["synth pad"] >= 2.5
    assert max(louder.values()) == louder["synth pad"]


def test_production_words_change_the_mix() -> None:
    plain = mixing_for(handmade.plan())
    assert mixing_for(handmade.plan(production=("lo-fi",))).lofi > 0.5
    assert mixing_for(handmade.plan(production=("reverberant",))).wet > plain.wet


@pytest.mark.parametrize(("block", "taps"), [(1024, 1000), (1024, 3000), (8192, 1000), (8192, 20_000)])
def test_convolving_in_blocks_equals_convolving_at_once(block: int, taps: int) -> None:
    response = noise(taps, 2)
    sound = noise(8 * block, 3)[0]
    convolver = Convolver(response, block)
    out = np.concatenate([convolver(sound[i : i + block]) for i in range(0, 8 * block, block)], axis=1)
    for side, taken in zip(out, response, strict=True):
        assert np.allclose(side, np.convolve(sound, taken)[: 8 * block], atol=4e-4)


def test_a_short_filter_equals_a_convolution() -> None:
    response = noise(300, 3)
    filtering = ShortFilter(response)
    sound = noise(4 * 8192)
    out = np.concatenate([filtering(sound[:, i : i + 8192]) for i in range(0, 4 * 8192, 8192)], axis=1)
    assert np.allclose(out[1], np.convolve(sound[1], response[1])[: out.shape[1]], atol=1e-4)


def test_a_room_is_wide_and_decays_in_its_time() -> None:
    response = room(1.0, 0.5, seed=4)
    assert abs(listening.correlation(response.T.astype(np.float64))) < 0.2
    late = response[:, int(0.9 * RATE / 2) :]
    assert np.sum(late**2) < 1e-4 * np.sum(response**2)


def test_skipping_a_rooms_highs_is_inaudible() -> None:
    response, sound, block = room(1.0, 0.5, seed=4), noise(4 * BLOCK, 3)[0], BLOCK // 2
    convolver = Convolver(response, block, 2 * room_top(0.5) / RATE)
    out = np.concatenate([convolver(sound[i : i + block]) for i in range(0, 4 * BLOCK, block)], axis=1)
    size = 1 << 18
    exact = np.fft.irfft(np.fft.rfft(response, size) * np.fft.rfft(sound, size), size)[:, : 4 * BLOCK]
    assert np.std(out - exact) < 10 ** (-45 / 20) * np.std(exact)
    near = np.concatenate([np.arange(i - 200, i + 200) for i in range(4096, 4 * BLOCK, 4096)])
    assert np.std((out - exact)[:, near]) < 10 ** (-35 / 20) * np.std(exact)


def test_the_reverb_has_no_seams_between_blocks() -> None:
    late = np.eye(1, 64, k=10, dtype=np.float32)
    reverb = Reverb(np.concatenate([late, late]), BLOCK)
    tone = np.sin(2 * np.pi * 440 * np.arange(2 * BLOCK) / RATE).astype(np.float32)
    out = np.concatenate([reverb(tone[:BLOCK]), reverb(tone[BLOCK:])], axis=1)
    assert np.abs(np.diff(out[0], 2)[BLOCK - 50 : BLOCK + 50]).max() < 0.01
    assert np.sqrt(np.mean(out[0, BLOCK:] ** 2)) == pytest.approx(np.sqrt(0.5), rel=0.02)


@pytest.mark.parametrize("effect", [Chorus(0.6, 2.0, 0.5), Drive(3.0), Delay(0.3, 0.4), Wow(1.0)])
def test_blocks_join_without_a_click(effect: Callable[[Sound], Sound]) -> None:
    tone = np.sin(2 * np.pi * 220 * np.arange(4 * BLOCK) / RATE).astype(np.float32) * np.float32(0.3)
    both = np.stack([tone, tone])
    out = np.concatenate([effect(both[:, i : i + BLOCK]) for i in range(0, 4 * BLOCK, BLOCK)], axis=1)
    second = np.abs(np.diff(out[:, BLOCK // 2 :], 2))
    for joint in (BLOCK // 2, BLOCK // 2 + BLOCK):
        assert second[:, joint - 5 : joint + 5].max() <= 1.5 * second.max(initial=0.0, where=_away(second, joint))


def _away(second: Sound, joint: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    mask = np.ones(second.shape, dtype=bool)
    mask[:, joint - 5 : joint + 5] = False
    return mask


def test_softening_reduces_highs_and_not_lows() -> None:
    t = np.arange(BLOCK) / RATE
    for hertz, low, high in ((200, 0.97, 1.0), (10_000, 0.0, 0.7)):
        tone = np.sin(2 * np.pi * hertz * t).astype(np.float32)
        out = Soften()(np.stack([tone, tone]), 0.8)
        assert low <= np.abs(out[0, 100:]).max() <= high + 1e-3


def test_other_instruments_duck_under_the_kick() -> None:
    pad = Track("Pad", "pad", "synth pad", 89, (Note(0.0, 16.0, 60, 0.8),))
    kick = Track("Drums", "drums", "drums", 0, tuple(Note(float(b), 0.2, 36, 0.9) for b in range(16)))
    score = handmade.song((kick, pad), beats=16.0, genre="trance")
    out = whole(Performance(score, SYNTHESIZED).mixer(only=1))
    beats = out[:, int(2 * RATE) : int(6 * RATE)].reshape(2, 8, -1)
    level = np.sqrt(np.mean(beats**2, axis=(0, 1)).reshape(10, -1).mean(axis=1))
    assert level[-1] > 1.5 * level[0]


def test_notes_that_cross_blocks_do_not_click() -> None:
    tracks = (Track("Pad", "pad", "synth pad", 89, (Note(0.0, 12.0, 57, 0.8), Note(2.9, 6.0, 64, 0.8))),)
    out = whole(Performance(handmade.song(tracks, beats=16.0), SYNTHESIZED).mixer())
    second = np.abs(np.diff(out[0], 2))
    for joint in range(BLOCK, out.shape[1] - BLOCK, BLOCK):
        near = second[joint - 3000 : joint + 3000]
        assert second[joint - 4 : joint + 4].max() <= near.max() * 0.999 or near.max() < 1e-3 or second[joint] < 0.01


def test_loud_sections_are_louder_than_quiet_ones() -> None:
    out = whole(Performance(handmade.song(), SYNTHESIZED).mixer())
    verse, chorus = out[:, : 8 * RATE], out[:, 8 * RATE : 16 * RATE]
    assert 10 * np.log10(np.mean(chorus**2) / np.mean(verse**2)) > 4


def test_a_quiet_instrument_is_raised() -> None:
    notes = tuple(Note(float(b), 0.9, 60, 0.25) for b in range(16))
    loud = tuple(Note(n.start, n.length, n.pitch, 0.9) for n in notes)
    levels = []
    for each in (notes, loud):
        session = Performance(handmade.song((Track("Lead", "lead", "synth lead", 81, each),), beats=16.0), SYNTHESIZED)
        levels.append(float(np.mean(whole(session.mixer()) ** 2)))
    assert 0.5 < levels[0] / levels[1] < 2


def test_the_vocal_is_raised_above_a_dense_band() -> None:
    sung = Track("Vocal", "vocal", "vocals", 53, tuple(Note(float(b), 0.9, 60, 0.7, "la") for b in range(16)))
    chords = tuple(Note(b * 4.0, 3.9, pitch, 0.9) for b in range(4) for pitch in (45, 52, 57))
    guitars = Track("Guitar", "chords", "distorted guitar", 30, chords)
    alone, covered = (
        Performance(handmade.song(tracks, beats=16.0, genre="metal"), SYNTHESIZED).parts[0].gain_db
        for tracks in ((sung,), (sung, guitars))
    )
    assert 1 < covered - alone <= 5


def test_lo_fi_and_rainy_songs_have_noise_beds() -> None:
    assert [t.name for t in beds(handmade.song(genre="lo-fi", scenes=("rain",)), 0.8)] == ["Vinyl", "Rain"]
    assert beds(handmade.song(), 0.0) == ()
    assert beds(handmade.song(avoided=("vinyl",)), 0.8) == ()


@pytest.mark.parametrize("gain", [0.02, 0.3])
def test_loudness_matches_another_meter(gain: float) -> None:
    rng = np.random.default_rng(5)
    t = np.arange(12 * RATE) / RATE
    swell = (0.2 + 0.8 * (np.sin(2 * np.pi * 0.2 * t) > 0)) * gain
    sound = np.stack([np.sin(2 * np.pi * 110 * t) + 0.3 * rng.standard_normal(len(t)), np.sin(2 * np.pi * 1500 * t)])
    sound = (sound * swell).astype(np.float32)
    meter = Meter()
    for start in range(0, sound.shape[1], 50_000):
        meter.add(sound[:, start : start + 50_000])
    assert integrated(meter.powers()) == pytest.approx(listening.loudness(sound.T), abs=0.15)


@pytest.mark.parametrize(("side", "softness"), [(1.0, 0.0), (0.6, 0.0), (1.4, 0.7)])
def test_the_loudness_computed_from_spectra_matches_the_mix(side: float, softness: float) -> None:
    blocks, soften = 16, Soften()
    mix = noise(blocks * BLOCK, 7) * np.repeat([0.1, 1.0], blocks // 2 * BLOCK).astype(np.float32)
    mix[1] = 0.7 * mix[0] + 0.5 * mix[1]
    meter, soft = MixMeter(), []
    meter.add(None, BLOCK // CONVOLVED)
    for start in range(0, mix.shape[1], BLOCK):
        block = mix[:, start : start + BLOCK]
        meter.add(spectra_of(block), BLOCK // CONVOLVED, softness)
        soft.append(soften(block, softness))
    out = widened(np.concatenate([np.zeros((2, BLOCK), dtype=np.float32), *soft], axis=1), side)
    powers = in_pieces(meter.powers(side), out.shape[1])
    assert len(powers) == out.shape[1] // (RATE // 10)
    assert integrated(powers) == pytest.approx(listening.loudness(out.T.astype(np.float64)), abs=0.15)


def test_silence_and_very_short_sounds_have_a_loudness() -> None:
    assert integrated(np.zeros(0)) == -70.0
    assert integrated(np.zeros(50)) == -70.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 40), min_size=1, max_size=200))
def test_the_limiter_never_exceeds_its_ceiling(peaks: list[float]) -> None:
    peak = np.array(peaks)
    gain = limit(peak)
    assert len(gain) == len(peak) + 1
    assert (gain <= 1 + 1e-9).all()
    # Within a hop, the gain is between its start and end values.
    assert (peak * np.maximum(gain[:-1], gain[1:]) <= max(CEILING * (1 + 1e-6), 0)).all() or peak.max() <= CEILING


def test_the_limiter_does_not_change_quiet_passages() -> None:
    peak = np.concatenate([np.full(2000, 0.1), [3.0], np.full(2000, 0.1)])
    gain = limit(peak)
    assert gain[:1900].min() == pytest.approx(1.0)
    assert gain[-200:].min() == pytest.approx(1.0)


@pytest.mark.parametrize("correlated", [0.0, 1.0, 0.6])
def test_the_master_reaches_its_target_loudness_peak_and_width(correlated: float) -> None:
    frames = 12 * BLOCK
    same, own = noise(frames, 7), noise(frames, 8)
    mix = np.stack([same[0] + (1 - correlated) * own[0], same[0] + (1 - correlated) * own[1]]) * np.float32(0.05)
    raw, meter = RawMix(io.BytesIO(), BLOCK), MixMeter()
    for start in range(0, frames, BLOCK):
        raw.write(mix[:, start : start + BLOCK].astype(np.float32))
        meter.add(spectra_of(mix[:, start : start + BLOCK]), BLOCK // CONVOLVED)
    song = frames - BLOCK // 2
    mastering = measure(raw, meter, song, lambda share: None)
    out = np.concatenate([mastering.apply(block, start) for start, block in raw.blocks()], axis=1)[:, :song]
    assert np.abs(out).max() <= CEILING + 1e-4
    assert listening.loudness(out.T) == pytest.approx(-14, abs=0.6)
    assert np.abs(out[:, -200:]).max() < 0.003
    assert len(mastering.waveform) == 200
    assert max(mastering.waveform) == pytest.approx(np.abs(out).max(), abs=0.02)
    if correlated < 1:
        assert 0.3 < listening.correlation(out.T.astype(np.float64)) < 0.8


@pytest.mark.parametrize("width", [0.0, 0.5])
def test_a_narrower_master_has_less_of_the_sides_and_the_same_loudness(width: float) -> None:
    mix = noise(8 * BLOCK, 7) * np.float32(0.3)
    raw, meter = RawMix(io.BytesIO(), BLOCK), MixMeter()
    for start in range(0, mix.shape[1], BLOCK):
        raw.write(mix[:, start : start + BLOCK])
        meter.add(spectra_of(mix[:, start : start + BLOCK]), BLOCK // CONVOLVED)
    usual, narrow = (measure(raw, meter, raw.frames, lambda share: None, mixing=Mixing(width=w)) for w in (1.0, width))
    assert narrow.side == pytest.approx(usual.side * width, abs=0.001)
    out = np.concatenate([narrow.apply(block, start) for start, block in raw.blocks()], axis=1)
    assert listening.loudness(out.T.astype(np.float64)) == pytest.approx(-14, abs=0.6)
    if not width:
        np.testing.assert_allclose(out[0], out[1], atol=1e-6)


def test_a_song_of_short_hits_reaches_the_target_loudness() -> None:
    """The limiter lowers only the hits; its gain beside a hit was off by a third of a decibel in short songs."""
    frames = 8 * BLOCK
    mix = noise(frames, 7) * np.float32(0.01)
    for start in range(5_000, frames - 5_000, 23_456):
        mix[:, start : start + 2_500] *= 60
    raw, meter = RawMix(io.BytesIO(), BLOCK), MixMeter()
    for start in range(0, frames, BLOCK):
        raw.write(mix[:, start : start + BLOCK])
        meter.add(spectra_of(mix[:, start : start + BLOCK]), BLOCK // CONVOLVED)
    mastering = measure(raw, meter, frames, lambda share: None)
    out = np.concatenate([mastering.apply(block, start) for start, block in raw.blocks()], axis=1)
    assert mastering.lufs == pytest.approx(listening.loudness(out.T.astype(np.float64)), abs=0.2)


def test_mastering_silence_gives_silence() -> None:
    raw, meter = RawMix(io.BytesIO(), BLOCK), MixMeter()
    raw.write(np.zeros((2, BLOCK), dtype=np.float32))
    meter.add(None, BLOCK // CONVOLVED)
    mastering = measure(raw, meter, BLOCK, lambda share: None)
    assert np.isfinite(mastering.gains).all()
    assert mastering.waveform == (0.0,) * 200


def test_section_levels_are_moved_towards_a_target_difference() -> None:
    loud, quiet, silent = 1e-2, 1e-3, 1e-6
    starts = (0, 5 * RATE, 10 * RATE)
    powers = np.repeat([quiet, loud, silent], 50)
    lifted = lifts(powers, starts, 15 * RATE)
    assert lifted[1] == 0
    assert lifted[0] == pytest.approx(0.7, abs=0.1)
    assert lifted[2] == pytest.approx((40 - 9) * 2 / 3, abs=0.2)
    near = lifts(np.repeat([loud / 2, loud], 50), (0, 5 * RATE), 10 * RATE)
    assert near == [pytest.approx(-2.0, abs=0.1), 0.0]
    assert lifts(np.full(50, loud), (0,), 5 * RATE) == [0.0]


def test_the_bus_compressor_lowers_hits_and_not_sections() -> None:
    rng = np.random.default_rng(5)
    quiet, loud = 0.1 * (1 + 0.1 * rng.random(3000)), 0.4 * (1 + 0.1 * rng.random(3000))
    peak = np.concatenate([quiet, loud])
    hits = np.arange(200, 6000, 345)
    peak[hits] *= 3.0
    gains = glued(peak, 4.0)
    assert len(gains) == len(peak) + 1
    assert gains.max() <= 1.0
    held = 20 * np.log10(gains[hits])
    assert -5.5 < held.mean() < -2.5
    between = np.setdiff1d(np.arange(6000), [h + k for h in hits for k in range(-8, 120)])
    assert 20 * np.log10(gains[between]).mean() > -1.0
    assert np.array_equal(glued(peak, 0.0), np.ones(6001))


def sweeping(depth: float, kinds: tuple[str, str]) -> Sweeps:
    sections = (Section("One", kinds[0], 0.0, 8, 0.5), Section("Two", kinds[1], 32.0, 8, 0.9))
    return Sweeps(replace(handmade.song(beats=64.0), sections=sections), depth, BLOCK)


def test_filters_sweep_before_a_drop_and_reset_on_it() -> None:
    sweeps = sweeping(0.9, ("prechorus", "drop"))
    t = np.arange(BLOCK) / RATE
    high = np.stack([np.sin(2 * np.pi * 5000 * t)] * 3).astype(np.float32)
    low = np.stack([np.sin(2 * np.pi * 60 * t)] * 2).astype(np.float32)
    blocks = range(int(24 * RATE / BLOCK))
    highs = [listening.rms_db(sweeps.opened(high, i).astype(np.float64)) for i in blocks]
    lows = [listening.rms_db(sweeps.lightened(low, i).astype(np.float64)) for i in blocks]
    drop = 16 * RATE // BLOCK
    assert highs[1] < highs[drop // 2] < highs[drop + 1] == pytest.approx(-3.0, abs=0.1)
    assert highs[1] < -20
    assert lows[drop - 1] < lows[1] - 3
    assert lows[1] == lows[drop + 1] == pytest.approx(-3.0, abs=0.1)


@pytest.mark.parametrize("kinds", [("verse", "chorus"), ("breakdown", "verse")])
def test_filters_sweep_only_before_a_high_point(kinds: tuple[str, str]) -> None:
    sound = noise(BLOCK)
    for sweeps in (sweeping(0.9, kinds), sweeping(0.0, ("prechorus", "drop"))):
        assert all(sweeps.opened(sound, i) is sound and sweeps.lightened(sound, i) is sound for i in range(18))


def test_the_level_of_a_pad_does_not_depend_on_its_first_chord() -> None:
    def loudness_in_mix(first: float) -> float:
        chords = tuple(Note(first + 8.0 * i, 7.9, pitch, 0.6) for i in range(3) for pitch in (57, 60, 64))
        pad = Track("Pad", "pad", "synth pad", 89, chords)
        session = Performance(handmade.song((pad,), genre="lo-fi", seed=3), SYNTHESIZED)
        sound = whole(session.mixer(only=0))
        meter = Meter()
        meter.add(sound)
        return integrated(meter.powers())

    found = [loudness_in_mix(first) for first in (0.0, 0.7, 1.5, 2.3, 3.1)]
    assert max(found) - min(found) < 2.0
