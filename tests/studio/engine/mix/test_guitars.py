"""Distorted guitars: an amplifier and a speaker, two takes, power chords, palm mutes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.rhythm.comp import MUTED_BELOW
from riffusion_tui.studio.engine.mix.effects import INPUT, RECORDED_INPUTS, Drive, ShortFilter, cabinet
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.mix.player import BLOCK, SPAN, PlayedTrack, Player
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score, Track
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.soundfonts.sampler import SampledVoice
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, filtered
from riffusion_tui.studio.engine.synth.voice import ToneVoice
from tests.studio.engine import handmade
from tests.studio.engine.scores import plan_of


@cache
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
def test_a_distorted_guitar_has_the_spectrum_of_one(soundfont: str | None) -> None:
    score = _song("heavy metal")
    take = _rhythm(score)[0]
    short = replace(score, tracks=(replace(take, notes=take.notes[:12]),))
    part = Performance(short, soundfont).parts[0]
    rumble, low, middle, presence, fizz, air = _bands(_played(part, short), (20, 80, 120, 1200, 4800, 8000, 16_000))
    assert rumble < -20
    assert low < -3
    assert middle > -1
    assert -25 < presence - middle < 1
    assert fizz < -20
    assert air < -40


def _played(part: PlayedTrack, score: Score) -> Signal:
    player = Player(part, 60 / score.plan.bpm, 0)
    spans = (player.span(i) for i in range(3))
    silence = np.zeros((2, SPAN), np.float32)
    return np.concatenate([silence if span is None else np.broadcast_to(span, (2, SPAN)) for span in spans], axis=1)


def test_each_recorded_guitar_uses_its_own_amplifier_input() -> None:
    notes = (Note(0.0, 2.0, 45, 0.8),)
    guitars = [("overdriven guitar", 29, -0.5), ("distorted guitar", 30, 0.5)]
    tracks = tuple(Track(name, "chords", name, program, notes, pan=pan) for name, program, pan in guitars)
    voices = [part.voice for part in Performance(handmade.song(tracks), None).parts]
    overdriven, distorted = (voice for voice in voices if isinstance(voice, ToneVoice))
    assert overdriven is not distorted
    if isinstance(overdriven, SampledVoice):
        assert (overdriven.curve, distorted.curve) == (RECORDED_INPUTS["overdrive"], RECORDED_INPUTS["distortion"])


def test_a_driven_amplifier_saturates_and_blocks_rumble() -> None:
    at = np.arange(BLOCK) / SAMPLE_RATE
    tone = np.stack([0.1 * np.sin(2 * np.pi * 220 * at)] * 2).astype(np.float32)
    soft, hard = Drive(6.0)(tone), Drive(6.0)(10 * tone)
    ratio = np.sqrt((hard[:, 4096:] ** 2).mean() / (soft[:, 4096:] ** 2).mean())
    assert ratio < 1.5
    rumble = np.stack([1e-4 * np.sin(2 * np.pi * 40 * at)] * 2).astype(np.float32)
    above = np.stack([1e-4 * np.sin(2 * np.pi * 400 * at)] * 2).astype(np.float32)
    passed = [np.std(Drive(1.2)(filtered(sound, INPUT))[:, 4096:]) for sound in (rumble, above)]
    assert passed[0] < 0.05 * passed[1]


def test_a_speaker_rolls_off_near_five_kilohertz() -> None:
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
def test_a_rhythm_guitar_is_double_tracked(prompt: str) -> None:
    left, right = (track for track in _rhythm(_song(prompt)) if "guitar" in track.instrument)
    assert left.pan < -0.5 < 0.5 < right.pan
    assert sorted(n.pitch for n in left.notes) == sorted(n.pitch for n in right.notes)
    assert [n.start for n in left.notes] != [n.start for n in right.notes]


def test_a_distorted_guitar_plays_low_power_chords() -> None:
    for prompt in ("heavy metal", "thrash metal", "punk rock"):
        notes = _rhythm(_song(prompt))[0].notes
        together: dict[float, set[int]] = {}
        for note in notes:
            together.setdefault(round(note.start, 1), set()).add(note.pitch)
        for pitches in together.values():
            assert {(pitch - min(pitches)) % 12 for pitch in pitches} <= {0, 7}
        assert np.mean([min(pitches) for pitches in together.values()]) < 52


def _strokes(score: Score) -> list[list[Note]]:
    """The notes of a rhythm guitar outside of riffs, grouped into strokes by sixteenths."""
    strokes: dict[int, list[Note]] = {}
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    spans = [(s.start, s.start + s.bars * bar) for s in score.sections if s.kind in ("chorus", "prechorus", "ending")]
    for note in _rhythm(score)[0].notes:
        if any(start - 0.05 <= note.start < end - 0.05 for start, end in spans):
            strokes.setdefault(round(4 * note.start), []).append(note)
    return [*strokes.values()]


def test_short_strokes_are_palm_muted() -> None:
    muted: list[list[Note]] = []
    full: list[list[Note]] = []
    for seed in range(3):
        for notes in _strokes(_song("metalcore", seed)):
            (full if len({note.pitch for note in notes}) > 2 else muted).append(notes)
    assert muted
    assert full
    for notes in muted:
        assert max(note.pitch for note in notes) - min(note.pitch for note in notes) in (0, 7)
        assert max(note.length for note in notes) < MUTED_BELOW
    loudness = [np.mean([note.velocity for notes in strokes for note in notes]) for strokes in (muted, full)]
    assert loudness[0] < loudness[1]


def test_palm_muted_guitars_of_a_metal_band_are_distorted() -> None:
    rhythm = _rhythm(_song("thrash metal, palm-muted guitars"))
    assert {(track.instrument, track.program) for track in rhythm} == {("distorted guitar", 30)}
    assert {track.instrument for track in _rhythm(_song("funk with muted guitar"))} == {"muted guitar"}


def test_tremolo_picking_is_not_muted() -> None:
    strokes = _strokes(_song("black metal"))
    short = [notes for notes in strokes if max(note.length for note in notes) < MUTED_BELOW]
    assert len(short) > len(strokes) / 2
    assert all(len({note.pitch for note in notes}) == 3 for notes in short)


def test_a_metal_guitar_is_tuned_lower_than_a_rock_guitar() -> None:
    lowest = {
        genre: min(n.pitch for seed in range(4) for notes in _strokes(_song(genre, seed)) for n in notes)
        for genre in ("heavy metal", "punk")
    }
    assert lowest["heavy metal"] < 40 <= lowest["punk"]


def test_a_metal_riff_has_no_gaps() -> None:
    for seed in range(3):
        score = _song("thrash metal", seed)
        ends = 0.0
        gaps = 0.0
        for notes in _strokes(score):
            gaps += max(0.0, min(note.start for note in notes) - ends) if ends else 0.0
            ends = max(note.start + note.length for note in notes)
        assert gaps < 0.15 * ends


@pytest.mark.parametrize("prompt", ["heavy metal", "rock"])
def test_a_rhythm_guitar_is_louder_than_the_drums_and_its_bass_is_picked(prompt: str) -> None:
    score = _song(prompt)
    parts = Performance(score, "synthesized").parts
    basses = [part.voice for part in parts if part.track.role == "bass" and isinstance(part.voice, ToneVoice)]
    assert [bass.name for bass in basses] == ["picked bass"]
    louder = {part.track.role: part for part in parts}
    powers = {role: np.mean(_played(louder[role], score) ** 2) * 10 ** (louder[role].gain_db / 10) for role in louder}
    assert powers["chords"] > powers["drums"]


@pytest.mark.parametrize("prompt", ["surf rock with electric guitar", "blues with acoustic guitar"])
def test_a_named_guitar_plays_the_tune_of_an_instrumental(prompt: str) -> None:
    leads = {track.instrument for seed in range(3) for track in _song(prompt, seed).tracks if track.role == "lead"}
    assert leads == {prompt.split("with ")[1]}


def test_a_named_guitar_plays_the_solos_of_a_song() -> None:
    score = compose(plan(Request("country song with acoustic guitar, a man sings", seed=2)))
    assert {track.instrument for track in score.tracks if track.role == "lead"} == {"acoustic guitar"}


@pytest.mark.parametrize("genre", ["heavy metal", "rock", "country", "folk", "indie folk"])
def test_a_guitar_song_has_breaks_without_vocals(genre: str) -> None:
    for seed in range(3):
        score = compose(plan(Request(f"{genre} song with vocals", seed=seed, length_s=100.0)))
        starts = [note.start for track in score.tracks if track.role == "vocal" for note in track.notes]
        beats = {section.kind: 0.0 for section in score.sections}
        silent = 0.0
        for section, end in zip(score.sections, [*(s.start for s in score.sections[1:]), score.beats], strict=True):
            beats[section.kind] += end - section.start
            is_sung = any(section.start <= at + 0.1 < end for at in starts)  # a player may be early
            silent += 0.0 if is_sung else end - section.start
        assert silent > 0.15 * score.beats, seed
        assert {"verse", "chorus"} <= set(beats), seed
        assert beats.get("solo", 0.0) > 0, seed


def test_a_named_soloist_keeps_the_tune_even_with_a_guitar() -> None:
    tracks = _song("country with acoustic guitar and a fiddle").tracks
    assert {track.instrument for track in tracks if track.role == "lead"} == {"fiddle"}


def test_a_power_chord_has_no_fifth_that_its_chord_lacks() -> None:
    score = compose(plan_of("thrash metal", 2, key="C", mode="locrian", vocals="none", length_s=60.0))
    diminished = {chord.start: chord for chord in score.chords if chord.symbol.endswith(("o", "m7b5"))}
    assert diminished
    for track in score.tracks:
        if track.role == "chords" and track.program == 30:
            for chord in diminished.values():
                inside = [
                    n.pitch for n in track.notes if chord.start + 0.1 <= n.start < chord.start + chord.length - 0.1
                ]
                assert not [pitch for pitch in inside if (pitch - chord.root) % 12 == 7]


@pytest.mark.parametrize(
    ("prompt", "driven"),
    [("metal, clean guitar intro, then heavy", {30}), ("metal ballad that begins with clean guitar", {29})],
)
def test_a_clean_guitar_joins_the_distorted_ones(prompt: str, driven: set[int]) -> None:
    """It was distorted itself, or replaced them."""
    tracks = _song(prompt).tracks
    assert {track.program for track in tracks if track.role == "chords" and "guitar" in track.instrument} == driven
    assert {track.program for track in tracks if track.instrument == "electric guitar" and track.role == "arp"} == {27}


def test_clean_guitars_are_alone_in_metal_without_distortion() -> None:
    tracks = _song("metal without distortion, clean guitar").tracks
    assert not {29, 30} & {track.program for track in tracks}
