"""A riff: guitars and bass play a figure together in sections that have one, and chords elsewhere."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.catalog import Entry, table
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score, Section
from riffusion_tui.studio.engine.song_request import Request

_HARD = "hard rock, distorted guitars, bass and drums, male singer"


def _score(prompt: str, seed: int) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=90.0)))


def _notes(score: Score, role: str, section: Section) -> list[Note]:
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    end = section.start + section.bars * bar - 0.1
    return [
        note
        for track in score.tracks
        if track.role == role
        for note in track.notes
        if section.start - 0.05 <= note.start < end
    ]


def _lowest(notes: list[Note]) -> dict[float, int]:
    """Return the lowest pitch class at each eighth."""
    found: dict[float, int] = {}
    for note in notes:
        at = round(note.start * 4) / 4
        found[at] = min(note.pitch, found.get(at, note.pitch))
    return {at: pitch % 12 for at, pitch in found.items()}


def _intros(prompt: str) -> list[tuple[Score, Section]]:
    """Return songs that begin with an intro in which the bass plays."""
    scores = [_score(prompt, seed) for seed in range(1, 9)]
    begun = [(score, score.sections[0]) for score in scores if score.sections[0].kind == "intro"]
    return [(score, intro) for score, intro in begun if _notes(score, "bass", intro)]


@pytest.mark.parametrize("prompt", [_HARD, "grunge song", "thrash metal with a screaming man", "blues rock"])
def test_the_intro_of_a_hard_song_has_a_riff_that_guitar_and_bass_play_together(prompt: str) -> None:
    assert len(_intros(prompt)) >= 4
    for score, intro in _intros(prompt):
        guitar, bass = (_lowest(_notes(score, role, intro)) for role in ("chords", "bass"))
        together = [at for at in bass if at in guitar]
        assert len(set(guitar.values())) >= 3
        assert len(together) >= 0.9 * len(bass)
        assert sum(guitar[at] == bass[at] for at in together) >= 0.9 * len(together)


def test_the_second_bar_of_a_riff_begins_as_the_first() -> None:
    score = _score(_HARD, 2)
    intro = next(section for section in score.sections if section.kind == "intro")
    starts = [note.start - intro.start for note in _notes(score, "chords", intro)]
    first, second = ({round(at - 4 * bar, 1) for at in starts if 0 <= round(at - 4 * bar, 2) < 2} for bar in (0, 1))
    assert len(first) > 2
    assert first == second


@pytest.mark.parametrize("seed", range(1, 7))
def test_choruses_of_a_hard_song_have_chords(seed: int) -> None:
    score = _score(_HARD, seed)
    chorus = next(section for section in score.sections if section.kind == "chorus")
    struck = _notes(score, "chords", chorus)
    starts = {round(note.start, 1) for note in struck}
    assert len(struck) >= 2 * len(starts)


@pytest.mark.parametrize("entry", table("patterns.toml", "riff"), ids=lambda entry: entry.name)
def test_each_riff_has_two_bars(entry: Entry) -> None:
    data = entry.data
    assert len(data["cells"]) == 2 * data.get("grid", 16)
    assert set(data["cells"]) <= set("Xxn-.")
