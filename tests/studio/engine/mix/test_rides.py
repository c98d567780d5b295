"""A lead is in front while it plays and nobody sings."""

from __future__ import annotations

import numpy as np
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.mix.player import SPAN
from riffusion_tui.studio.engine.mix.rides import Rides, ridden
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score, Track
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE
from tests.studio.engine import handmade

_SOLO = "solo"


def _song(prompt: str) -> Score:
    return compose(plan(Request(prompt, seed=1, length_s=60.0)))


def _power(score: Score, roles: set[str], kinds: set[str]) -> float:
    """The power of tracks of these roles in sections of these kinds, in the mix."""
    performance, frames = Performance(score, None), 60.0 / score.plan.bpm * SAMPLE_RATE
    ends = [*(s.start for s in score.sections[1:]), score.beats]
    inside = [(s.start * frames, end * frames) for s, end in zip(score.sections, ends, strict=True) if s.kind in kinds]
    found = 0.0
    for number, part in enumerate(performance.parts):
        if part.track.role in roles:
            stem = np.concatenate(list(performance.mixer(only=number)), axis=1)
            found += sum(float((stem[:, round(start) : round(end)] ** 2).sum()) for start, end in inside)
    return found


@pytest.mark.parametrize(
    "prompt",
    [
        "classic rock with a guitar solo, male vocals",
        "heavy metal, guitar solo, male vocals",
        "blues with a guitar solo",
    ],
)
def test_a_solo_is_not_buried_by_the_rhythm_guitars(prompt: str) -> None:
    score = _song(prompt)
    assert _SOLO in {section.kind for section in score.sections}
    assert _power(score, {"lead"}, {_SOLO}) > 0.5 * _power(score, {"chords"}, {_SOLO})


@pytest.mark.parametrize("prompt", ["instrumental metal", "surf rock instrumental", "folk instrumental"])
def test_the_tune_of_an_instrumental_is_not_buried_by_its_accompaniment(prompt: str) -> None:
    score = _song(prompt)
    kinds = {section.kind for section in score.sections} - {"intro"}
    assert _power(score, {"lead"}, kinds) > 0.3 * _power(score, {"chords", "pad", "arp", "counter"}, kinds)


def test_a_lead_is_ridden_only_while_it_plays_and_nobody_sings() -> None:
    lead = Track("Guitar", "lead", "electric guitar", 27, (Note(0.0, 40.0, 60, 0.8),))
    voice = Track("Vocal", "vocal", "vocals", 53, (Note(10.0, 10.0, 60, 0.8, "la"),))
    rides = Rides(handmade.song((lead, voice)))
    seconds_per_beat = 60.0 / handmade.song((lead,)).plan.bpm
    gains = []
    for index in range(int(60 * SAMPLE_RATE / SPAN)):
        found = rides.gains(index, 6.0)
        gains.append(np.ones(SPAN, dtype=np.float32) if found is None else found)
    gain = np.concatenate(gains)

    def at(beats: float) -> float:
        return float(gain[round(beats * seconds_per_beat * SAMPLE_RATE)])

    assert at(5.0) == pytest.approx(10 ** (6 / 20), rel=1e-4)
    assert at(15.0) == 1.0
    assert at(30.0) == pytest.approx(10 ** (6 / 20), rel=1e-4)
    assert at(45.0) == 1.0
    assert np.abs(np.diff(gain)).max() < 0.02
    assert rides.gains(0, 0.0) is None


def test_a_lead_that_is_clear_already_is_not_raised() -> None:
    performance = Performance(_song("pop song with a saxophone solo"), None)
    loud, soft = np.full(20, 100.0), np.full(20, 1.0)
    powers = [loud if part.track.role == "lead" else soft for part in performance.parts]
    assert {part.ride_db for part in ridden(performance.parts, powers, -1.0)} == {0.0}
    assert any(part.ride_db > 0 for part in ridden(performance.parts, [soft] * len(powers), 3.0))


def test_a_song_without_lead_or_accompaniment_has_no_rides() -> None:
    parts = [p for p in Performance(_song("pop, female vocals"), None).parts if p.track.role in ("drums", "bass")]
    assert ridden(parts, [np.ones(20)] * len(parts), -1.0) == parts
