"""Vocals: syllables, timed lines and the user's lyrics; additional prompts and blends."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest

from riffusion_tui.studio.engine.compose import catalog, compose
from riffusion_tui.studio.engine.lyrics.given import parse_given
from riffusion_tui.studio.engine.lyrics.syllables import sing
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score, Track
from riffusion_tui.studio.engine.song_plan import PartColor
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine.scores import notes_in, plan_of

GIVEN = """[Verse]
The kettle sings at seven in the morning
I never hear it twice

[Chorus]
Hold the line, hold the line
Somebody is coming home

[Verse]
The postman leaves a letter with no warning
The stamp alone is nice

[Bridge]
And if the river rises
We will row
"""


def voice_of(score: Score) -> Track:
    return next(track for track in score.tracks if track.role == "vocal")


def test_every_note_of_the_voice_has_a_syllable() -> None:
    for genre in ("pop", "ballad", "hip hop", "jazz", "metal", "house", "folk", "trance"):
        score = compose(plan_of(genre, 2, vocals="female", length_s=100.0))
        voice = voice_of(score)
        assert all(note.syllable for note in voice.notes), genre
        sung = re.sub(r"[^a-z]", "", "".join(n.syllable for n in voice.notes).lower())
        output = re.sub(r"[^a-z]", "", "".join(line.text for line in score.lyric_lines).lower())
        assert sung == output, genre


def test_sung_lines_are_timed_with_room_to_breathe() -> None:
    score = compose(plan_of("pop", 5, vocals="male", length_s=120.0))
    assert len(score.lyric_lines) >= 8
    for one, two in pairwise(score.lyric_lines):
        assert one.start < one.end <= two.start - 0.1
    notes = voice_of(score).notes
    assert all(one.start + one.length <= two.start + 0.06 for one, two in pairwise(notes)), (
        "one voice sings one note at a time"
    )


def test_lyrics_list_the_sung_lines_under_their_headings() -> None:
    score = compose(plan_of("pop", 5, vocals="any", length_s=120.0))
    headings = re.findall(r"^\[(.+)\]$", score.lyrics, re.MULTILINE)
    assert {"Verse", "Chorus"} <= set(headings)
    assert [line for line in score.lyrics.splitlines() if line and line[0] != "["] == [
        line.text for line in score.lyric_lines
    ]


def test_a_chorus_is_sung_to_the_same_tune() -> None:
    score = compose(plan_of("pop", 9, vocals="female", length_s=150.0))
    choruses = [section for section in score.sections if section.kind == "chorus" and not section.lift]
    tunes = [[(n.pitch, n.syllable) for t, n in notes_in(score, s) if t.role == "vocal"] for s in choruses[:2]]
    assert len(tunes) == 2
    assert tunes[0]
    same = sum(a == b for a, b in zip(*tunes, strict=False)) / max(map(len, tunes))
    assert same > 0.7


def test_given_lines_are_sung_at_full_strength_only() -> None:
    lines = [line for line in GIVEN.splitlines() if line and line[0] != "["]
    score = compose(plan_of("folk", 3, vocals="male", length_s=140.0), lyrics=GIVEN, lyrics_strength=1.0)
    sung = [line.text for line in score.lyric_lines]
    assert set(lines) <= set(sung)
    assert set(sung) <= set(lines)
    aside = compose(plan_of("folk", 3, vocals="male", length_s=140.0), lyrics=GIVEN, lyrics_strength=0.0)
    assert not set(lines) & {line.text for line in aside.lyric_lines}


def test_there_are_no_vocals_unless_requested() -> None:
    for score in (
        compose(plan_of("pop", 1, vocals="none"), lyrics=GIVEN),
        compose(plan_of("pop", 1, vocals="female", avoided=("vocals",))),
    ):
        assert score.lyrics == "[Instrumental]"
        assert not score.lyric_lines
        assert not any(track.role == "vocal" for track in score.tracks)


def test_an_additional_prompt_affects_its_part_of_the_song() -> None:
    part = PartColor(0.5, 1.0, 1.0, ("banjo",), ("drums",), (), 1.0, 0.9, 0.9)
    plain = compose(plan_of("pop", 3, length_s=120.0, energy=0.3))
    colored = compose(plan_of("pop", 3, length_s=120.0, energy=0.3, parts=(part,)))
    half = colored.beats / 2
    banjo = [n.start for t in colored.tracks if t.instrument == "banjo" for n in t.notes]
    drums = [n.start for t in colored.tracks if t.role == "drums" for n in t.notes]
    bar = 4.0
    assert banjo
    assert min(banjo) > half - 8 * bar
    assert not drums or max(drums) < half + 8 * bar
    later = [(a.energy, b.energy) for a, b in zip(plain.sections, colored.sections, strict=True) if a.start > half]
    assert all(b >= a for a, b in later)
    assert any(b > a + 0.1 for a, b in later)


def test_a_blend_adds_chords_and_instruments_of_the_other_genre() -> None:
    def rich(blend: str | None) -> float:
        scores = [compose(plan_of("k-pop", seed, blend=blend)) for seed in range(6)]
        chords = [chord for score in scores for chord in score.chords]
        return sum(len(chord.pitches) > 3 for chord in chords) / len(chords)

    assert rich("jazz") > rich(None)
    lent = set(catalog.band("jazz")) - set(catalog.band("k-pop"))
    bands = [{t.instrument for t in compose(plan_of("k-pop", seed, blend="jazz")).tracks} for seed in range(6)]
    assert sum(bool(names & lent) for names in bands) >= 4


def test_composing_a_long_line_takes_time_in_proportion() -> None:
    def took(syllables: int, take: int) -> float:
        line = "la " * syllables
        begun = time.process_time()
        compose(plan_of("pop", vocals="female"), lyrics=line, lyrics_strength=1.0, again=take)  # no line is cached
        return time.process_time() - begun

    took(100, 0)
    short, long = min(took(800, take) for take in range(3)), min(took(3_200, take) for take in range(2))
    assert long < 8 * short


@pytest.mark.parametrize("text", ["[C", "la/", "a1", "la ", "\u0e01\u0e01 "])
def test_lyrics_of_one_endless_line_are_parsed_in_proportion_and_divided(text: str) -> None:
    def took(times: int) -> float:
        begun = time.process_time()
        lines = [line for section in parse_given(text * times).sections for line in section.lines]
        spent = time.process_time() - begun
        sizes = [len(line.syllables) for line in lines]
        assert max(sizes) <= 32
        assert sum(sizes) == times * len(sing(text).syllables)
        return spent

    took(1_000)
    short, long = min(took(5_000) for _ in range(3)), min(took(40_000) for _ in range(2))
    assert long < 24 * short


LONG_LINES = "\n".join(
    ["[Verse]", *["Seven silver horses by the harbour wall tonight"] * 4, "[Verse]"]
    + [*["A ticket from the station and a key to the door"] * 4, "[Chorus]"]
    + ["Nothing in the city means a single thing to me"] * 4
)


@pytest.mark.parametrize("prompt", ["country song with a male singer, 96 bpm", "soul ballad, female vocals, 70 bpm"])
def test_long_given_lines_are_not_sung_too_fast(prompt: str) -> None:
    for seed in range(10, 18):
        score = compose(plan(Request(prompt, seed=seed, lyrics=LONG_LINES)), lyrics=LONG_LINES)
        seconds = sum(line.end - line.start for line in score.lyric_lines) * 60 / score.plan.bpm
        syllables = sum(bool(note.syllable) for note in voice_of(score).notes)
        assert syllables / seconds < 4.6, f"seed {seed}"
        assert {line.text for line in score.lyric_lines} == {x for x in LONG_LINES.splitlines() if x[0] != "["}, seed


def test_lyrics_lengthen_a_song_unless_a_length_is_given() -> None:
    lyrics = "\n\n".join([LONG_LINES] * 3)
    requested, free = (
        compose(plan(Request("country song, 96 bpm", seed=12, lyrics=lyrics, length_s=length)), lyrics=lyrics)
        for length in (60.0, None)
    )
    assert requested.plan.length_s == 60
    assert free.plan.length_s > plan(Request("country song, 96 bpm", seed=12, lyrics=lyrics)).length_s


TWO_LINES = "the rain comes down on me tonight\nand every street is made of light"


@pytest.mark.parametrize("seed", range(3))
def test_given_lines_are_all_sung_in_a_short_song(seed: int) -> None:
    request = Request("pop song", seed, lyrics=TWO_LINES, length_s=20)
    score = compose(plan(request), lyrics=TWO_LINES, lyrics_strength=0.5)
    assert list(dict.fromkeys(line.text for line in score.lyric_lines)) == TWO_LINES.splitlines()


@pytest.mark.parametrize("prompt", ["pop song", "rock", "country", "metal"])
def test_lines_without_headings_continue_in_the_choruses_if_the_verses_are_too_short(prompt: str) -> None:
    lines = [*TWO_LINES.splitlines(), "I walk along the river bed", "with all the words you never said"]
    lyrics = "\n".join(lines)
    score = compose(plan(Request(prompt, 1, lyrics=lyrics, length_s=20)), lyrics=lyrics, lyrics_strength=0.5)
    assert [line.text for line in score.lyric_lines] == lines


@pytest.mark.parametrize("prompt", ["pop song", "techno with vocals", "folk ballad"])
def test_a_song_is_long_enough_for_all_given_lines(prompt: str) -> None:
    lines = [f"{number} bottles on the garden wall" for number in ("ten", "nine", "eight", "seven") * 6]
    lines = [f"{line} {place}" for line, place in zip(lines, "abcdefghijklmnopqrstuvwx", strict=True)]
    score = compose(plan(Request(prompt, 1, lyrics="\n".join(lines))), lyrics="\n".join(lines), lyrics_strength=0.5)
    assert {line.text for line in score.lyric_lines} == set(lines)


def test_a_given_chorus_is_sung_even_if_the_form_has_none() -> None:
    lyrics = f"[Chorus]\n{TWO_LINES}"
    score = compose(plan(Request("folk ballad", 1, lyrics=lyrics, length_s=20)), lyrics=lyrics, lyrics_strength=0.5)
    assert {line.text for line in score.lyric_lines} == set(TWO_LINES.splitlines())


def wordless_sections(score: Score) -> list[str]:
    """Return the names of the verses, choruses and bridges in which no line starts."""
    bar = score.plan.meter[0] * 4 / score.plan.meter[1]
    return [
        section.name
        for section in score.sections
        if section.kind in ("verse", "chorus", "drop", "bridge")
        and not any(-1 <= line.start - section.start < section.bars * bar - 1 for line in score.lyric_lines)
    ]


@pytest.mark.parametrize("prompt", ["pop song", "folk ballad", "rock", "house with vocals"])
@pytest.mark.parametrize("count", [1, 2, 4, 7])
def test_short_lyrics_without_headings_are_sung_over_the_whole_song(prompt: str, count: int) -> None:
    lines = [f"{number} bottles on the wall" for number in ("ten", "nine", "eight", "seven", "six", "five", "four")]
    lyrics = "\n".join(lines[:count])
    score = compose(plan(Request(prompt, 2, lyrics=lyrics, length_s=60)), lyrics=lyrics, lyrics_strength=0.5)
    assert wordless_sections(score) == []
    assert list(dict.fromkeys(line.text for line in score.lyric_lines)) == lines[:count]


@pytest.mark.parametrize("heading", ["[Chorus]", "[Verse]", "[Bridge]"])
@pytest.mark.parametrize("seed", [1, 2])
def test_words_with_headings_return_in_sections_that_have_none(heading: str, seed: int) -> None:
    lyrics = f"[Verse]\n{TWO_LINES}\n\n{heading}\nI walk along the river bed"
    score = compose(plan(Request("pop song", seed, lyrics=lyrics, length_s=120)), lyrics=lyrics)
    assert wordless_sections(score) == []


def test_lines_that_do_not_fit_are_the_last() -> None:
    lines = [f"{number} bottles on the garden wall by the sea" for number in range(40)]
    lyrics = "\n".join(lines)
    score = compose(plan(Request("pop song", 1, lyrics=lyrics, length_s=30)), lyrics=lyrics, lyrics_strength=0.5)
    sung = [line.text for line in score.lyric_lines]
    assert sung == lines[: len(sung)]


IN_ORDER = (
    f"[Verse]\n{TWO_LINES}\n\n[Chorus]\nI walk along the river bed\n\n[Bridge]\nthe trains are sleeping in the yard"
)


@pytest.mark.parametrize("prompt", ["pop song", "jazz with vocals", "hip hop", "rock", "film music with vocals"])
@pytest.mark.parametrize("length_s", [30, 60, 120])
def test_sections_of_given_lyrics_are_sung_in_their_order(prompt: str, length_s: float) -> None:
    for seed in (1, 2):
        request = Request(prompt, seed, lyrics=IN_ORDER, length_s=length_s)
        score = compose(plan(request), lyrics=IN_ORDER, lyrics_strength=0.5)
        assert list(dict.fromkeys(line.text for line in score.lyric_lines)) == [
            line for line in IN_ORDER.splitlines() if line and line[0] != "["
        ]


@pytest.mark.parametrize("prompt", ["pop song", "rock", "folk ballad"])
@pytest.mark.parametrize(
    "last",
    [
        "[Post-Chorus]\nhold on",
        "[Verse]\nthe tide is in\n\n[Chorus]\nlet go",
        "[Outro]\nthe trains are sleeping in the yard\nthe winter made the harbor hard\na lantern burns",
    ],
)
def test_a_second_chorus_and_an_outro_of_given_lyrics_are_sung(prompt: str, last: str) -> None:
    lyrics = f"[Verse]\n{TWO_LINES}\n\n[Chorus]\nI walk along the river bed\n\n{last}"
    score = compose(plan(Request(prompt, 1, lyrics=lyrics, length_s=90)), lyrics=lyrics, lyrics_strength=0.5)
    assert list(dict.fromkeys(line.text for line in score.lyric_lines)) == [
        line for line in lyrics.splitlines() if line and line[0] != "["
    ]
