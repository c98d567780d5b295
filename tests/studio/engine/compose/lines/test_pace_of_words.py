"""Words are sung and recited no faster than they can be understood, and songs without room for words say so."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request

_LINE = "the quick brown fox jumps over the lazy dog and runs away from the burning city"
_POEM = "\n".join(f"{_LINE} {number}" for number in ("one", "two", "three", "four", "five", "six", "seven", "eight"))
_PROSE = " ".join([_LINE] * 6)
_OUTLIER = "\n".join(["I walk alone", "into the night", "the moon is cold", f"{_LINE} again", "and out of sight"] * 3)


def _paces(score: Score) -> list[float]:
    """Return the syllables per second of each line."""
    second = score.plan.bpm / 60
    sung = [note for track in score.tracks if track.role == "vocal" for note in track.notes]
    found = []
    for line in score.lyric_lines:
        notes = [note for note in sung if line.start - 1e-6 <= note.start < line.end - 1e-6]
        found.append(len(notes) / (line.end - line.start) * second)
    return found


@pytest.mark.parametrize("strength", [0.5, 1.0])
@pytest.mark.parametrize("length_s", [8.0, 10.0, 20.0, 60.0])
@pytest.mark.parametrize("lyrics", [_POEM, _PROSE, _OUTLIER])
@pytest.mark.parametrize(
    ("prompt", "fastest"),
    [("spoken word over ambient pads", 7.5), ("narrated story, cinematic", 7.5), ("hip hop", 10), ("pop ballad", 10)],
)
def test_lines_in_little_time_are_left_out_rather_than_hurried(
    prompt: str, fastest: float, lyrics: str, length_s: float, strength: float
) -> None:
    made = plan(Request(prompt, seed=1, length_s=length_s, lyrics=lyrics))
    score = compose(made, lyrics=lyrics, lyrics_strength=strength)
    assert all(pace <= fastest for pace in _paces(score))
    lines = [line for line in score.lyrics.splitlines() if line and not line.startswith("[")]
    assert [line.text for line in score.lyric_lines] == lines


@pytest.mark.parametrize("prompt", ["spoken word over ambient pads", "pop ballad"])
def test_a_length_for_the_lines_that_are_left_out_is_advised(prompt: str) -> None:
    score = compose(plan(Request(prompt, seed=1, length_s=10.0, lyrics=_POEM)), lyrics=_POEM, lyrics_strength=1.0)
    needed = score.plan.lyrics_length_s
    assert needed
    longer = compose(plan(Request(prompt, seed=1, length_s=needed, lyrics=_POEM)), lyrics=_POEM, lyrics_strength=1.0)
    assert len({line.text for line in longer.lyric_lines}) == len(_POEM.splitlines())


@pytest.mark.parametrize(
    "prompt",
    ["pop song", "hip hop", "jazz ballad, female singer", "choir", "opera", "a cappella song"],
)
def test_a_song_that_is_too_short_for_words_says_so(prompt: str) -> None:
    for seed in range(6):
        for length_s in (5.0, 6.0, 8.0):
            made = plan(Request(prompt, seed=seed, length_s=length_s))
            sung = any(track.role == "vocal" and track.notes for track in compose(made).tracks)
            limit = f"0:0{length_s:.0f} is too short for vocals."
            assert (limit in made.limits) == (not sung)


def test_an_instrumental_is_not_too_short_for_vocals() -> None:
    assert plan(Request("techno", seed=1, length_s=5.0)).limits == ()
