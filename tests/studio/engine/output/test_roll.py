"""The piano roll and levels that a client draws during playback."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace

import numpy as np

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.output.packing import CHUNK, packed
from riffusion_tui.studio.engine.output.roll import roll_of
from riffusion_tui.studio.engine.output.spectrum import BANDS, SpectrumMeter
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.song_request import Request

SCORE = compose(plan(Request("soul ballad, 20 seconds", seed=3)))


def unpacked(texts: list[str]) -> bytes:
    return zlib.decompress(base64.b64decode("".join(texts)))


def notes(voice: list[str]) -> list[tuple[int, int, int]]:
    """(step at which it begins, steps that it lasts, pitch)."""
    data, at, found = unpacked(voice[1:]), 0, []
    for place in range(0, len(data), 3):
        at += data[place]
        if data[place + 1]:
            found.append((at, data[place + 1], data[place + 2]))
    return found


def test_the_roll_has_all_notes_except_drums() -> None:
    roll = roll_of(SCORE)
    assert roll["step_s"] == round(15 / SCORE.plan.bpm, 6)
    (bass,) = [voice for voice in roll["voices"] if voice[0] == "bass"]
    played = [note for track in SCORE.tracks if track.role == "bass" for note in track.notes]
    assert {(round(note.start * 4), note.pitch) for note in played} == {(at, pitch) for at, _, pitch in notes(bass)}
    assert {voice[0] for voice in roll["voices"]} <= {"vocal", "lead", "chords", "bass"}


def test_long_rests_and_notes_fit_into_bytes() -> None:
    far = (Note(200.0, 90.0, 40, 0.8), Note(0.0, 0.01, 130, 0.8))
    (voice,) = roll_of(replace(SCORE, tracks=(replace(SCORE.tracks[0], role="bass", notes=far),)))["voices"]
    assert notes(voice) == [(0, 1, 127), (800, 255, 40)]


def test_three_minutes_take_a_few_thousand_characters() -> None:
    long = compose(plan(Request("jazzy k-pop song, 3 minutes", seed=7)))
    assert len(json.dumps(roll_of(long))) < 8_000


def test_data_is_split_into_texts_that_clients_accept() -> None:
    data = np.random.default_rng(1).bytes(3000)
    texts = packed(data)
    assert [len(text) <= CHUNK for text in texts] == [True] * 3
    assert unpacked(texts) == data


def test_a_tone_is_loud_only_in_its_own_band() -> None:
    rate = 44_100
    time = np.arange(rate) / rate
    meter = SpectrumMeter(rate)
    tone = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    for block in np.array_split(np.stack([tone, tone]) * 0.5, 7, axis=1):
        meter.add(block)
    meter.add(np.zeros((2, rate // 2), dtype=np.float32))
    spectrum = meter.result()
    levels = np.frombuffer(unpacked(spectrum["levels"]), dtype=np.uint8).reshape(-1, BANDS)
    assert len(levels) == 6
    edges = np.geomspace(40, 14_000, BANDS + 1)
    band = int(np.searchsorted(edges, 440)) - 1
    assert levels[1][band] == 8
    assert levels[1][:3].max() == levels[1][-4:].max() == 0
    assert levels[-1].max() == 0
