"""Given lyrics are sung as they are written: their sections in order, each once; the song is as long as they need."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.engine.lyrics import parse_given
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.score_edits import score_of
from riffusion_tui.studio.engine.song_request import Locks, Request, WeightedPrompt
from tests.studio.engine.test_same_songs import fingerprint

_V1 = """[Verse 1]
I walk along the river bank alone
The metal moon is high and far from home
The lantern on the water starts to sway
And every word you promised drifts away"""
_C = "[Chorus]\nOh river carry me\nOh river carry me home"
_V2 = """[Verse 2]
The morning finds the harbor in the rain
I hear the whistle of a passing train
The gulls are calling someone else's name
And nothing in this town will be the same"""
_B = "[Bridge]\nIf I could turn the tide\nI would stand here by your side"
_OUTRO = "[Outro]\nCarry me along\nRiver, carry me"
_SONGS = {
    "bridge": "\n\n".join((_V1, _C, _V2, _B, _C)),
    "outro": "\n\n".join((_V1, _C, _V2, _OUTRO)),
    "stanzas": "\n\n".join(part.partition("\n")[2] for part in (_V1, _V2, _B)),
    "pre-chorus": "\n\n".join((_C, _V1, "[Pre-Chorus]\nAnd it is time to go", _C, "[Intro]\nHello again", _V2)),
}
_PROMPTS = (
    "gentle folk, male voice", "pop", "k-pop", "rock with a guitar solo", "slow blues", "jazz ballad", "hip hop",
    "house with vocals", "country waltz", "death metal", "gospel", "bossa nova", "musical theatre",
)  # fmt: skip
_AGAIN = "The lyrics are too short for the length, so sections are sung again."


def song(prompt: str, lyrics: str, seed: int = 1, length_s: float | None = None) -> Score:
    return score_of(Request(prompt, seed=seed, lyrics=lyrics, length_s=length_s))


def sung(score: Score) -> list[str]:
    return [line.text for line in score.lyric_lines]


def written(lyrics: str) -> list[str]:
    return [line for line in lyrics.splitlines() if line and line[0] != "["]


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.sampled_from(_PROMPTS), st.sampled_from(sorted(_SONGS)), st.integers(0, 9))
def test_sections_are_sung_once_in_their_order(prompt: str, name: str, seed: int) -> None:
    score = song(prompt, _SONGS[name], seed)
    assert sung(score) == written(_SONGS[name])
    assert _AGAIN not in score.plan.limits


@pytest.mark.parametrize("seed", range(4))
def test_only_intro_interlude_and_ending_are_played_without_words(seed: int) -> None:
    score = song("gentle folk, male voice", _SONGS["bridge"], seed)
    assert [section.kind for section in score.sections] == [
        "intro", "verse", "chorus", "solo", "verse", "bridge", "chorus", "ending",
    ]  # fmt: skip
    assert 60 < score.duration_s < 180
    assert sum(s.bars for s in score.sections if s.kind in ("intro", "solo", "ending")) <= 12


def test_a_requested_solo_is_before_the_last_chorus() -> None:
    kinds = [section.kind for section in song("rock with a guitar solo", _SONGS["bridge"]).sections]
    assert kinds == ["intro", "verse", "chorus", "verse", "bridge", "solo", "chorus", "ending"]


def test_lyrics_keep_the_heading_of_their_outro() -> None:
    score = song("pop", _SONGS["outro"])
    assert score.lyrics.split("\n\n")[-1].startswith("[Outro]\nCarry me")
    assert [section.name for section in score.sections[-2:]] == ["Outro", "Ending"]


@pytest.mark.parametrize(
    ("again", "times"), [("[Chorus]", 1), ("Chorus x2", 2), ("(Chorus) ×2", 2), ("[Chorus 3x]", 3), ("CHORUS:", 1)]
)
def test_a_heading_without_lines_repeats_the_chorus(again: str, times: int) -> None:
    lyrics = "\n\n".join((_V1, _C, _V2, again))
    chorus = written(_C)
    assert sung(song("pop", lyrics)) == [*written(_V1), *chorus, *written(_V2), *chorus * times]
    kinds = [section.kind for section in parse_given(f"{again}\nla la\n\n[Verse]").sections]
    assert kinds == ["chorus"] * times


@pytest.mark.parametrize("again", ["[Chorus]", "[Last Chorus]", "Repeat chorus"])
def test_the_chorus_is_repeated_and_not_the_post_chorus(again: str) -> None:
    lyrics = "\n\n".join((_V1, _C, "[Post-Chorus]\nNa na, river", _V2, again, "[Post-Chorus]"))
    sections = parse_given(lyrics).sections
    assert [section.kind for section in sections] == ["verse", "chorus", "chorus", "verse", "chorus", "chorus"]
    assert [sections[at].lines for at in (4, 5)] == [sections[at].lines for at in (1, 2)]


def test_a_verse_that_is_only_named_repeats_nothing() -> None:
    assert [section.kind for section in parse_given(f"{_V1}\n\n[Verse 2]\n\n{_C}").sections] == ["verse", "chorus"]


@pytest.mark.parametrize("prompt", ["gentle folk, male voice", "pop", "rock"])
def test_a_requested_length_with_room_keeps_the_order(prompt: str) -> None:
    lyrics = _SONGS["bridge"]
    free = song(prompt, lyrics).duration_s
    for share in (0.9, 1.0, 1.2):
        score = song(prompt, lyrics, length_s=round(free * share))
        assert sung(score) == written(lyrics)
        assert abs(score.duration_s - round(free * share)) < 0.5


def test_a_short_song_leaves_out_repeats_first() -> None:
    lyrics = "\n\n".join((_V1, _C, _V2, "[Chorus]", _B, "[Chorus x2]"))
    score = song("gentle folk, male voice", lyrics, length_s=80)
    assert sung(score) == written("\n\n".join((_V1, _C, _V2, _B, _C)))


def test_a_long_song_sings_sections_again_and_says_so() -> None:
    score = song("pop", _SONGS["bridge"], length_s=240)
    assert len(sung(score)) > len(written(_SONGS["bridge"]))
    assert _AGAIN in score.plan.limits
    assert _AGAIN in song("pop", "La la la").plan.limits


def test_a_long_section_is_sung_as_several() -> None:
    lines = [f"the {number} boats are on the shore tonight" for number in ("first", "second", "third", "last") * 5]
    score = song("pop", "[Verse]\n" + "\n".join(lines))
    assert sung(score) == lines
    assert [section.kind for section in score.sections].count("verse") == 3


@pytest.mark.parametrize("prompt", ["pop", "drum and bass, 174 bpm", "slow blues", "hip hop"])
def test_a_long_line_has_time(prompt: str) -> None:
    long = "and all of the people who wandered along by the river were singing it over and over again"
    lyrics = f"{_V1}\n\n[Chorus]\nOh\n{long}\nOh\nhome"
    score = song(prompt, lyrics)
    assert sung(score) == written(lyrics)
    (line,) = (line for line in score.lyric_lines if line.text == long)
    assert (line.end - line.start) * 60 / score.plan.bpm > 4


@pytest.mark.parametrize("name", sorted(_SONGS))
def test_a_locked_song_with_given_lyrics_is_the_same(name: str) -> None:
    before = song("pop", _SONGS[name], 3)
    plan = before.plan
    locks = Locks(plan.prompt, plan.pulse, f"{plan.key} {plan.mode}", before.form, before.band)
    for lyrics in (_SONGS[name], before.lyrics):
        after = score_of(Request("pop", 3, lyrics=lyrics, locks=locks, prompts=(WeightedPrompt("pop"),)))
        assert fingerprint(after) == fingerprint(before)


_SIMPLE = """[Verse 1]
One line here
Two line here
Three line here
Four line here
[Chorus]
Five line here
Six line here
Seven line here
Eight line here
[Bridge]
Oh my, oh my"""


@pytest.mark.parametrize("length_s", [20, 40])
def test_a_stated_length_keeps_the_order(length_s: int) -> None:
    score = song(f"pop, {length_s} seconds", _SIMPLE)
    assert sung(score) == written(_SIMPLE)
    assert _AGAIN not in score.plan.limits


@pytest.mark.parametrize(("length_s", "last"), [(30, _B), (20, _C)])
def test_what_does_not_fit_is_left_out_from_the_end(length_s: int, last: str) -> None:
    parts = (_V1, _C, _V2, _B)
    score = song(f"pop, {length_s} seconds", "\n\n".join((_V1, _C, _V2, _C, _B, _C)))
    assert sung(score) == written("\n\n".join(parts[: parts.index(last) + 1]))
    assert score.plan.lyrics_length_s
