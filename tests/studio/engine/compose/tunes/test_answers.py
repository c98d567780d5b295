"""Call and response: the singer rests after each line, and a lead instrument answers."""

from __future__ import annotations

from itertools import pairwise

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import LyricLine, Score, Section
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import bar_of

OWN = """Woke up this morning, rain was coming down
Woke up this morning, rain was coming down
Nobody home in this whole empty town"""


def song(prompt: str, lyrics: str = "", seed: int = 1) -> Score:
    return compose(plan(Request(prompt, seed=seed, length_s=120.0)), lyrics=lyrics, lyrics_strength=1.0)


def lines_in(score: Score, section: Section) -> list[LyricLine]:
    place = score.sections.index(section)
    end = score.sections[place + 1].start if place + 1 < len(score.sections) else score.beats
    return [line for line in score.lyric_lines if section.start - 0.01 <= line.start < end]


def answered(score: Score) -> list[tuple[LyricLine, int]]:
    """Return the lines that another follows in the same section, and how many notes the leads begin between them."""
    leads = [note for track in score.tracks if track.role == "lead" for note in track.notes]
    found = []
    for section in score.sections:
        for line, following in pairwise(lines_in(score, section)):
            found.append((line, sum(line.end <= note.start < following.start for note in leads)))
    return found


@pytest.mark.parametrize("prompt", ["slow blues with a crying electric guitar", "Chicago blues", "texas blues rock"])
@pytest.mark.parametrize("seed", [1, 3])
def test_in_blues_an_instrument_answers_each_line(prompt: str, seed: int) -> None:
    pairs = answered(song(prompt, seed=seed))
    assert len(pairs) >= 4
    assert sum(notes >= 2 for _, notes in pairs) >= 0.8 * len(pairs)


def test_a_singer_rests_as_long_as_a_line_took() -> None:
    score = song("Chicago blues")
    for section in score.sections:
        lines = lines_in(score, section)
        if len(lines) > 1 and section.bars >= 4:
            assert all(b.start - a.end >= 0.6 * (a.end - a.start) for a, b in pairwise(lines))


def test_a_blues_verse_sings_its_first_line_twice() -> None:
    score = song("slow blues, man sings about rain")
    verses = [[line.text for line in lines_in(score, s)] for s in score.sections if s.kind == "verse"]
    threes = [lines for lines in verses if len(lines) == 3]
    assert threes
    for first, second, third in threes:
        assert first == second != third


def test_call_and_response_is_answered_in_any_genre() -> None:
    prompt = "soul with saxophone, 12/8, 60 bpm"
    plain, asked = answered(song(prompt)), answered(song(f"{prompt}, call and response"))
    assert sum(notes >= 2 for _, notes in asked) / len(asked) > 0.7
    assert sum(notes >= 2 for _, notes in plain) / len(plain) < 0.5


def test_own_lyrics_are_complete_and_answered_if_there_is_time() -> None:
    score = song("slow blues with electric guitar", OWN)
    assert set(OWN.splitlines()) == {line.text for line in score.lyric_lines}
    assert sum(notes >= 2 for _, notes in answered(score)) >= 2


@pytest.mark.parametrize("prompt", ["slow soul song sung by a woman", "r&b slow jam, male vocals", "sad piano ballad"])
def test_in_slow_calm_songs_the_singer_holds_a_last_note_and_rests(prompt: str) -> None:
    score = song(prompt)
    voice = next(track for track in score.tracks if track.role == "vocal")
    rests = [b.start - a.end for section in score.sections for a, b in pairwise(lines_in(score, section))]
    assert sorted(rests)[len(rests) // 2] >= 1.5
    lasts = [max((n for n in voice.notes if n.start < line.end), key=lambda n: n.start) for line in score.lyric_lines]
    assert sum(note.length for note in lasts) / len(lasts) >= 1.5 * sum(n.length for n in voice.notes) / len(
        voice.notes
    )


def test_a_rap_keeps_its_pace() -> None:
    score = song("slow boom bap, a man raps, 80 bpm")
    rests = [b.start - a.end for section in score.sections for a, b in pairwise(lines_in(score, section))]
    assert sorted(rests)[len(rests) // 2] < 1.5


@pytest.mark.parametrize("prompt", ["Chicago blues with harmonica and a wailing guitar", "slow blues"])
@pytest.mark.parametrize("seconds", [60, 90, 180])
def test_the_first_verse_of_a_blues_has_twelve_bars_if_there_is_room(prompt: str, seconds: int) -> None:
    for seed in range(4):
        score = compose(plan(Request(prompt, seed=seed, length_s=seconds)))
        room = score.beats / bar_of(score) >= 14
        verse = next(section for section in score.sections if section.kind == "verse")
        assert verse.bars == 12 or not room
