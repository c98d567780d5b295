"""Requests in two parts: keys of kinds of sections, and what a song can't have one after the other."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.song_request import Request

_ONE_TEMPO = "The studio keeps one tempo throughout a song."
_BLENDS = "The studio blends two genres; a song doesn't change from one to the other."
_TOGETHER = "Soloists who are named play together, not one after the other."


def _keys(score: Score, kind: str) -> set[tuple[int, str]]:
    """Return the tonics, as pitch classes, and modes of the sections of a kind."""
    made = score.plan
    return {
        ((theory.tonic(made.key) + section.lift) % 12, section.mode or made.mode)
        for section in score.sections
        if section.kind == kind
    }


@pytest.mark.parametrize(
    ("prompt", "keys"),
    [
        ("pop: verse in A minor, chorus in C major", {"verse": "A minor", "chorus": "C major"}),
        ("pop in Am but the chorus in C", {"verse": "A minor", "chorus": "C major"}),
        ("pop from C major to A minor in the bridge", {"verse": "C major", "bridge": "A minor"}),
        ("pop in G, the bridge is in E minor", {"verse": "G major", "bridge": "E minor"}),
        ("pop, chorus: F major, verse: D minor", {"verse": "D minor", "chorus": "F major"}),
        ("pop in D major with a bridge in minor", {"verse": "D major", "bridge": "D minor"}),
        ("pop, A minor verse, A major chorus", {"verse": "A minor", "chorus": "A major"}),
        ("pop in A minor, the bridge in F", {"verse": "A minor", "bridge": "F major"}),
        ("pop in A minor, the bridge in G", {"verse": "A minor", "bridge": "G major"}),
        ("pop in A minor, the bridge in D", {"verse": "A minor", "bridge": "D minor"}),
        ("pop in A minor, the bridge in F minor", {"verse": "A minor", "bridge": "F minor"}),
        ("pop in A dorian, the bridge in G", {"verse": "A dorian", "bridge": "G major"}),
    ],
)
def test_kinds_of_sections_have_their_own_keys(prompt: str, keys: dict[str, str]) -> None:
    for seed in range(4):
        score = compose(plan(Request(prompt, seed)))
        for kind, wanted in keys.items():
            key, mode = wanted.split()
            assert _keys(score, kind) == {(theory.tonic(key), mode)}
        assert not score.plan.limits


@pytest.mark.parametrize("prompt", ["pop, major key verse, minor key chorus", "pop, verse in major chorus in minor"])
def test_kinds_of_sections_have_their_own_modes(prompt: str) -> None:
    for seed in range(4):
        score = compose(plan(Request(prompt, seed)))
        tonic = theory.tonic(score.plan.key)
        assert _keys(score, "verse") == {(tonic, "major")}
        assert _keys(score, "chorus") == {(tonic, "minor")}


def test_chords_are_in_the_key_of_their_section() -> None:
    score = compose(plan(Request("pop: verse in A minor, chorus in C# major", 1)))
    chorus = next(section for section in score.sections if section.kind == "chorus")
    first = next(chord for chord in score.chords if chord.start >= chorus.start)
    scale = {(1 + step) % 12 for step in (0, 2, 4, 5, 7, 9, 11)}
    assert {pitch % 12 for pitch in first.pitches} <= scale


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("slow air into a reel", _ONE_TEMPO),
        ("starts slow and then fast, folk", _ONE_TEMPO),
        ("first jazz then techno", _BLENDS),
        ("a waltz that turns into punk", _BLENDS),
        ("solo violin, then solo cello", _TOGETHER),
    ],
)
def test_what_a_song_cannot_have_one_after_the_other_is_said(prompt: str, limit: str) -> None:
    assert plan(Request(prompt)).limits == (limit,)


@pytest.mark.parametrize(
    "prompt",
    [
        "house into the night",
        "begins with an ambient pad, then a latin guitar enters",
        "folk, slow, then the drums come in",
        "slow sad piano, then a fast guitar solo",
        "solo piano intro, then guitar solo, rock",
        "pop: verse, then chorus, then verse, then chorus",
    ],
)
def test_other_successions_are_no_limit(prompt: str) -> None:
    assert not plan(Request(prompt)).limits
