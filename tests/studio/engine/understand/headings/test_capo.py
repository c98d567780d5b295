"""The capo that is stated above lyrics."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_plan import usual_tonic
from riffusion_tui.studio.engine.song_request import Request

_CHORDS = 'The chords in the lyrics aren\'t played; put them in the prompt: "chords: C G C G".'


@pytest.mark.parametrize(
    ("prompt", "header", "key", "mode"),
    [
        ("pop", "{key: Em}\n{capo: 2}", "F#", "minor"),
        ("pop", "{key: Bb}\n{capo: 14}", "C", "major"),
        ("pop", "{meta: capo 3}\n{meta: key G}", "Bb", "major"),
        ("pop", "Key: Am\nCapo: 1st fret\n", "Bb", "minor"),
        ("pop", "Key: G major\nCapo 0\n", "G", "major"),
        ("pop in D minor", "{key: G}\n{capo: 2}", "D", "minor"),
    ],
)
def test_a_key_above_lyrics_sounds_higher_by_the_frets_of_the_capo(
    prompt: str, header: str, key: str, mode: str
) -> None:
    """The key of a ChordPro file is that of the shapes: https://www.chordpro.org/chordpro/directives-capo/"""
    made = plan(Request(prompt, 1, lyrics=f"{header}\n[C]I walk a[G]lone\n[C]The moon is [G]high"))
    assert (made.key, made.mode, made.limits) == (key, mode, (_CHORDS,))


@pytest.mark.parametrize("header", ["{capo: 2}", "Title: Home\nCapo 2\n", "{key: G}\n{capo: high}"])
def test_a_capo_that_changes_no_key_is_a_limit(header: str) -> None:
    said = "The capo is ignored: it needs a fret, and the key that is played, such as {key: G} and {capo: 2}."
    lyrics = f"{header}\n[C]I walk a[G]lone\n[C]The moon is [G]high"
    assert plan(Request("pop", 1, lyrics=lyrics)).limits == (said, _CHORDS)


@pytest.mark.parametrize(
    ("prompt", "key", "mode"),
    [
        ("capo 3, G shape", "Bb", None),
        ("folk, capo 2, D shapes", "E", None),
        ("pop, capo on the 4th fret, Am shapes, 90 bpm", "C#", "minor"),
        ("country, G shapes with capo 3", "Bb", None),
        ("capo 1 with C chords, folk", "Db", None),
    ],
)
def test_a_capo_in_a_prompt_raises_the_key_of_the_shapes(prompt: str, key: str, mode: str | None) -> None:
    made = plan(Request(prompt, 1))
    assert (usual_tonic(key, made.mode), ()) == (made.key, made.ignored)
    assert mode in (None, made.mode)


def test_a_capo_without_shapes_is_ignored() -> None:
    assert "key" in dict(plan(Request("folk, capo 2, a chord progression", 1)).chosen)
    assert "capo" in plan(Request("folk, capo 3", 1)).ignored
