"""The capo that is stated above lyrics."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
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
