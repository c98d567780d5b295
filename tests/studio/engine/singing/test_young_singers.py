"""A child's voice and a children's choir: who sings, how high, and with how short a vocal tract."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.locks import parse_band
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.singing.vocal import VocalLine
from riffusion_tui.studio.engine.song_request import Locks, Request
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE


@pytest.mark.parametrize(
    ("prompt", "voice"),
    [
        ("a child sings a lullaby", "child"),
        ("pop song sung by a little girl", "child"),
        ("the voice of a very young child over piano", "child"),
        ("rock sung by my 5 year old boy", "child"),
        ("boy soprano with organ", "child"),
        ("my 4-year-old sings", "child"),
        ("childlike vocals, ambient pop", "child"),
        ("for kids, sung by a child", "child"),
        ("children's choir, christmas song", "children"),
        ("rock with a choir of children", "children"),
        ("a boys' choir sings in latin", "children"),
        ("kids singing a happy song about dinosaurs", "children"),
        ("children are singing a hymn", "children"),
        ("vocals by children", "children"),
        ("easter hymn for children's choir", "children"),
        ("children laughing and singing, nursery rhyme", "children"),
        # Those who listen, or whom it is about, don't sing.
        ("song about a child, female vocals", "female"),
        ("lullaby for a child, soft female voice", "female"),
        ("a lullaby that a mother sings to her child", "female"),
        ("for kids, sung by a woman", "female"),
        ("children's song with male singer", "male"),
        ("song for children, choir", "choir"),
        ("girl singing folk", "female"),
        ("a 70 year old sings", "any"),
        ("a song for singing kids", "any"),
        ("nursery rhyme for kids", "any"),
    ],
)
def test_children_sing_only_if_the_prompt_says_so(prompt: str, voice: str) -> None:
    assert plan(Request(prompt)).vocals == voice


def test_a_childs_voice_suggests_a_song_for_children() -> None:
    genres = {plan(Request("kids singing about dinosaurs", seed=seed)).genre for seed in range(10)}
    assert "children's" in genres
    assert genres <= {"children's", "choral", "lullaby", "pop"}


def _mean_pitch(prompt: str) -> float:
    score = compose(plan(Request(prompt, seed=1, length_s=60.0)))
    return median(n.pitch for track in score.tracks if track.role == "vocal" for n in track.notes)


def test_children_sing_higher_than_adults() -> None:
    child, woman, man = (_mean_pitch(f"pop song sung by a {who}") for who in ("child", "woman", "man"))
    assert child > woman > man


def _peak(kind: str) -> float:
    """Return the frequency in hertz around which the upper formants of an "ee" lie."""
    line = VocalLine(kind, 0.5)
    notes = [Note(0.0, 4.0, 62, 0.7, "see")]
    sound = line.perform(line.phrases(notes)[0]).mean(axis=0)[SAMPLE_RATE // 2 : SAMPLE_RATE * 3 // 2]
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    inside = (hertz > 1500) & (hertz < 4500)
    return float((power[inside] * hertz[inside]).sum() / power[inside].sum())


def test_a_childs_vocal_tract_is_shorter() -> None:
    assert _peak("child") > _peak("female") + 100 > _peak("male") + 200
    assert _peak("children") > _peak("choir") + 100


def test_a_childrens_choir_is_several_and_has_no_bass() -> None:
    assert VocalLine("children", 0.5).channels == 2
    score = compose(plan(Request("children's choir", seed=1, length_s=60.0)))
    pitches = [n.pitch for track in score.tracks for n in track.notes]
    assert min(pitches) >= 55


def test_a_locked_band_keeps_its_child() -> None:
    first = compose(plan(Request("pop song sung by a child", seed=1, length_s=60.0)))
    assert parse_band(first.band).vocal == "child"
    assert plan(Request("a jazz song", locks=Locks(band=first.band))).vocals == "child"
