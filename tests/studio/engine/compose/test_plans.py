"""Every possible plan becomes a playable score."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import RING_S
from riffusion_tui.studio.engine.song_plan import PartColor, Plan
from tests.studio.engine.scores import genres, plan_of

HINTS = (
    "drop", "builds up", "fade out", "fade in", "solo intro", "breakdown", "bridge", "solo", "big chorus", "loop",
    "call and response", "sudden end", "quiet ending", "big ending", "quiet-loud", "medley", "only these",
    "unheard of",
)  # fmt: skip
MODES = ("major", "minor", "dorian", "phrygian", "locrian", "blues", "hirajoshi", "whole tone", "harmonic minor", "odd")
METERS = ((4, 4), (3, 4), (6, 8), (5, 4), (7, 8), (12, 8), (2, 4), (9, 8), (13, 8), (3, 8), (1, 4))
NAMES = st.sampled_from([*read_data("instruments.toml"), "no such thing"])
SHARE = st.floats(0, 1)
COLORS = st.builds(
    PartColor,
    start=SHARE, end=SHARE, strength=SHARE, energy=SHARE, density=SHARE, brightness=SHARE,
    instruments=st.lists(NAMES, max_size=2).map(tuple), avoided=st.lists(NAMES, max_size=2).map(tuple),
    moods=st.just(()),
)  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    plan = plan_of(draw(st.sampled_from(list(genres()))), draw(st.integers(-5, 2**40)))
    return replace(
        plan,
        prompt=draw(st.text(max_size=20)),
        blend=draw(st.none() | st.sampled_from(list(genres()))),
        bpm=draw(st.floats(30, 300)),
        key=draw(st.sampled_from(("C", "F#", "Bb", "Cb", "E", "B#", "", "x"))),
        mode=draw(st.sampled_from(MODES)),
        meter=draw(st.sampled_from(METERS)),
        swing=draw(SHARE),
        energy=draw(SHARE),
        density=draw(SHARE),
        brightness=draw(SHARE),
        instruments=draw(st.lists(NAMES, max_size=6).map(tuple)),
        avoided=draw(st.lists(NAMES | st.sampled_from(("drums", "vocals", "keys", "strings")), max_size=6).map(tuple)),
        vocals=draw(st.sampled_from(("none", "male", "female", "choir", "any"))),
        structure=draw(st.lists(st.sampled_from(HINTS), max_size=3).map(tuple)),
        length_s=draw(st.floats(2, 150)),
        parts=draw(st.lists(COLORS, max_size=2).map(tuple)),
    )


@settings(max_examples=70, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@example(replace(plan_of("african", 0), vocals="choir", avoided=("choir",), length_s=15.0))
@given(plans())
def test_any_plan_gives_a_playable_score(plan: Plan) -> None:
    score = compose(plan)
    assert score.title
    assert score.lyrics
    assert score.sections
    assert score.chords
    seconds = score.beats * 60 / plan.bpm
    bar = plan.meter[0] * 4 / plan.meter[1]
    assert abs(seconds + RING_S - plan.length_s) < 0.01 or plan.length_s < 4 + 60 * bar / plan.bpm
    for track in score.tracks:
        ends: dict[int, float] = {}
        for note in track.notes:
            assert 0 <= note.pitch <= 127
            assert 0 < note.velocity <= 1
            assert note.length > 0
            assert note.start >= 0
            assert note.start + note.length <= score.beats + 1e-3
            assert note.start >= ends.get(note.pitch, 0.0) - 1e-3
            ends[note.pitch] = note.start + note.length
    requested = {*plan.instruments, *(name for part in plan.parts for name in part.instruments)}
    if plan.vocals == "choir":
        requested.add("choir")
    for name in set(plan.avoided) - requested:
        assert not any(track.instrument == name for track in score.tracks)
    if "drums" in plan.avoided:
        beaten = {track.instrument for track in score.tracks if track.role in ("drums", "percussion")}
        assert beaten <= requested
    if plan.vocals == "none":
        assert not score.lyric_lines
        assert not any(track.role == "vocal" for track in score.tracks)
    for line in score.lyric_lines:
        assert line.start < line.end <= score.beats + 1e-3


@pytest.mark.parametrize("length_s", [24.0, 30.0, 40.0])
def test_a_short_slow_blues_changes_chords(length_s: float) -> None:
    for seed in range(4):
        score = compose(plan_of("blues", seed, meter=(12, 8), bpm=66.0, length_s=length_s))
        assert len({chord.root for chord in score.chords}) >= 2, (seed, [c.symbol for c in score.chords])
