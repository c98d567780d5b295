"""`an instrumental bridge`: nobody sings in it, and the rest of the song is sung."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request


def _sung(score: Score, kind: str) -> int:
    """Return how many notes are sung in sections of a kind; upbeats of the next one don't count."""
    notes = [note for track in score.tracks if track.role == "vocal" for note in track.notes]
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    spans = [(s.start, s.start + (s.bars - 0.5) * bar) for s in score.sections if s.kind == kind]
    return sum(start <= note.start < end for note in notes for start, end in spans)


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("pop, instrumental bridge", "bridge"),
        ("pop with an instrumental chorus", "chorus"),
        ("pop, the chorus is instrumental", "chorus"),
        ("rock, instrumental verses, sung chorus", "verse"),
    ],
)
def test_nobody_sings_in_an_instrumental_section(prompt: str, kind: str) -> None:
    score = compose(plan(Request(prompt, seed=1)))
    assert score.plan.vocals != "none"
    assert any(section.kind == kind for section in score.sections)
    assert _sung(score, kind) == 0
    assert _sung(score, "verse" if kind == "chorus" else "chorus") > 20


@pytest.mark.parametrize("prompt", ["instrumental pop, a bridge", "an instrumental with a long chorus"])
def test_an_instrumental_song_has_no_singer(prompt: str) -> None:
    assert plan(Request(prompt, seed=1)).vocals == "none"


def test_a_refused_instrumental_section_is_none() -> None:
    assert plan(Request("pop, no instrumental bridge", seed=1)).vocals != "none"
