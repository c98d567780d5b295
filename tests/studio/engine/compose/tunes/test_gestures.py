"""Music without a key: gestures instead of tunes and chords, found sounds, cut beats, drones."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from riffusion_tui.studio.engine.cache import SignalCache
from riffusion_tui.studio.engine.compose import catalog, compose
from riffusion_tui.studio.engine.compose.rhythm import comp, drums
from riffusion_tui.studio.engine.compose.tunes import gestures
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score
from riffusion_tui.studio.engine.song_plan import KEYLESS
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.synth.noises import NOISES, NoiseVoice
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, hertz
from riffusion_tui.studio.engine.synth.voice_table import build_voice, voice_name
from tests.studio.engine.handmade import played
from tests.studio.engine.scores import UNPITCHED, pitched, plan_of

FREE = ["experimental", "noise music", "avant-garde jazz"]


def made(prompt: str, seed: int = 1) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=60.0, instrumental=True)))


@pytest.mark.parametrize("genre", FREE)
def test_music_without_a_key_has_no_tonic_and_no_beat(genre: str) -> None:
    classes: Counter[int] = Counter()
    offsets = []
    for seed in range(4):
        score = compose(plan_of(genre, seed))
        closing = score.chords[-1].start - 0.1
        notes = [note for _, note in pitched(score) if note.start < closing]
        classes.update(note.pitch % 12 for note in notes)
        offsets += [note.start % 0.25 for note in notes]
        assert {chord.symbol for chord in score.chords} == {"N.C."}
    assert len(classes) == 12
    assert max(classes.values()) < 0.2 * classes.total()
    # As many notes are near a sixteenth as anywhere else.
    near = sum(min(offset, 0.25 - offset) < 0.03125 for offset in offsets) / len(offsets)
    assert 0.15 < near < 0.4


def test_experimental_music_has_silences_and_found_sounds() -> None:
    for seed in range(4):
        score = made("avant-garde piece with prepared piano and strange noises", seed)
        assert score.plan.genre == "experimental"
        played_by = {track.instrument for track in score.tracks}
        assert {"prepared piano", "found sounds"} <= played_by
        piano = next(track for track in score.tracks if track.instrument == "prepared piano")
        assert max(b.start - a.start for a, b in pairwise(piano.notes)) * 60 / score.plan.bpm > 1.5


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("experimental noise collage, no melody, weird", "experimental"),
        ("musique concrète", "experimental"),
        ("free improvisation", "experimental"),
        ("harsh noise wall", "noise music"),
        ("free jazz", "avant-garde jazz"),
        ("atonal string quartet", "chamber music"),
        ("microtonal piece", "experimental"),
        ("serialist piano music", "romantic piano"),
        ("contemporary classical, extended techniques, string quartet", "classical"),
        ("field recordings of a factory", "experimental"),
        ("twelve-tone piano piece", "romantic piano"),
    ],
)
def test_prompts_for_music_without_a_key(prompt: str, genre: str) -> None:
    found = plan(Request(prompt, seed=3))
    assert (found.genre, found.mode) == (genre, KEYLESS)
    assert gestures.free(found)


@pytest.mark.parametrize(
    "prompt",
    [
        "dissonant pop song",
        "weird pop",
        "rock with noise",
        "experimental hip hop",
        "experimental piece in C major",
    ],
)
def test_other_music_keeps_its_key(prompt: str) -> None:
    assert plan(Request(prompt, seed=3)).mode != KEYLESS


def test_a_dissonant_prompt_makes_horror_atonal() -> None:
    assert plan(Request("dissonant horror film score", seed=3)).mode == KEYLESS


def test_every_gesture_can_be_played() -> None:
    for entry in catalog.table("gestures.toml", "gesture"):
        assert set(entry.words("suits")) <= {"struck", "held", "noise", "drums"}, entry.name
        for field in ("events", "apart", "held", "loud", "rest"):
            least, most = entry.data[field]
            assert 0 <= least <= most, (entry.name, field)
        assert ("stack" in entry.data) == ("step" in entry.data), entry.name


def test_a_wind_player_plays_one_note_at_a_time() -> None:
    for seed in range(4):
        score = made("free improvisation for clarinet and piano", seed)
        tracks = [track for track in score.tracks if track.instrument == "clarinet"]
        assert tracks
        for track in tracks:
            starts = Counter(round(note.start, 3) for note in track.notes)
            assert max(starts.values()) == 1


def test_noises_of_a_genres_band_always_play() -> None:
    for genre in ("dark ambient", "drone", "idm", "experimental"):
        score = compose(plan_of(genre, 2, length_s=90.0))
        assert {"found sounds", "electronic noises"} & {track.instrument for track in score.tracks}, genre


def bar_of_hits() -> list[Note]:
    return [Note(8 + i / 4, 0.25, 36 + i % 3, 0.8) for i in range(16)]


def test_a_cut_bar_keeps_its_first_beat_and_its_length() -> None:
    changed = 0
    for seed in range(30):
        notes = drums.chopped(bar_of_hits(), 8.0, 4.0, 0.6, random.Random(seed))
        assert all(8 <= note.start < 12 for note in notes)
        first = sorted((n.start, n.pitch) for n in notes if n.start < 9)
        assert first == [(n.start, n.pitch) for n in bar_of_hits()[:4]]
        changed += sorted((n.start, n.pitch) for n in notes) != [(n.start, n.pitch) for n in bar_of_hits()]
    assert changed > 20
    whole = drums.chopped(bar_of_hits(), 8.0, 4.0, 0.0, random.Random(1))
    assert sorted(whole, key=lambda n: n.start) == bar_of_hits()


def test_the_beat_of_idm_is_broken() -> None:
    """Its drums were the same two bars over and over."""

    def bars(score: Score) -> list[tuple[tuple[float, int], ...]]:
        (kit,) = [track for track in score.tracks if track.role == "drums"]
        return [
            tuple(sorted((round((n.start - at) * 4) / 4, n.pitch) for n in kit.notes if at <= n.start < at + 4))
            for at in np.arange(score.beats // 2, score.beats // 2 + 32, 4.0)
        ]

    found = bars(compose(plan_of("idm", 3, length_s=90.0)))
    assert len(set(found)) > 5


def test_a_drone_is_held_over_its_bars() -> None:
    """It was struck again in each bar."""
    for seed in range(4):
        score = compose(plan_of("drone", seed, length_s=90.0))
        pads = [note for track in score.tracks if track.role == "pad" for note in track.notes]
        assert max(note.length for note in pads) > 12
        assert not any(track.role in ("drums", "arp", "lead") for track in score.tracks)


def test_tied_notes_are_one() -> None:
    notes = [Note(0.0, 4.0, 60, 0.5), Note(4.0, 4.0, 60, 0.5), Note(9.0, 4.0, 60, 0.5), Note(4.0, 4.0, 64, 0.5)]
    found = sorted((n.start, n.length, n.pitch) for n in comp.tied(notes))
    assert found == [(0.0, 8.0, 60), (4.0, 4.0, 64), (9.0, 4.0, 60)]


@pytest.mark.parametrize("name", NOISES)
def test_noises_are_sounds_of_their_length(name: str) -> None:
    for seconds in (0.06, 0.5, 3.0):
        held = int(seconds * SAMPLE_RATE)
        sound = NoiseVoice("noises", SignalCache(1 << 26), (name,)).note(60, 0.8, held)
        again = NoiseVoice("noises", SignalCache(1 << 26), (name,)).note(60, 0.8, held)
        assert np.array_equal(sound.body, again.body)
        assert len(sound.body) == held
        assert np.isfinite(sound.body).all()
        assert 0.01 < np.abs(sound.body).max() < 3.0
        assert abs(sound.body[-1]) < 0.01
        assert sound.sides is not None


def test_pitches_that_follow_each_other_are_different_noises() -> None:
    voice = build_voice("found sounds", SignalCache(1 << 26))
    one, two = (voice.note(pitch, 0.8, SAMPLE_RATE).body for pitch in (60, 61))
    assert abs(float(np.corrcoef(one, two)[0, 1])) < 0.2


def test_the_keys_of_a_prepared_piano_sound_differently() -> None:
    """It was a piano out of tune."""
    voice = build_voice(voice_name("prepared piano", 2), SignalCache(1 << 26))

    def harmonic(pitch: int) -> float:
        """Return how much of the sound is at multiples of the pitch."""
        spectrum = np.abs(np.fft.rfft(played(voice, pitch, 0.7, SAMPLE_RATE // 2), 1 << 17)) ** 2
        f = np.fft.rfftfreq(1 << 17, 1 / SAMPLE_RATE) / hertz(pitch)
        near = np.abs(f - np.round(f)) < 0.04
        return float(spectrum[near & (f > 0.5)].sum() / spectrum.sum())

    shares = [harmonic(pitch) for pitch in range(48, 72)]
    assert min(shares) < 0.4
    assert max(shares) > 0.6


def test_a_sparse_prompt_has_longer_silences() -> None:
    counts = [
        sum(len(track.notes) for seed in range(4) for track in made(f"{word} atonal piano piece", seed).tracks)
        for word in ("sparse", "dense")
    ]
    assert counts[0] < 0.9 * counts[1]


def test_unpitched_players_choose_from_their_sounds() -> None:
    score = made("free improvisation for saxophone and percussion", 2)
    strokes = {n.pitch for t in score.tracks if t.role in UNPITCHED and t.role != "fx" for n in t.notes}
    assert strokes
    assert strokes <= set(drums.HITS.values())
