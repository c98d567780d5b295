"""What is said of the chords in given lyrics."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "lyrics", "said"),
    [
        ("folk with guitar", "[G]I walk a[C]lone to[D]night", '; put them in the prompt: "chords: G C D"'),
        ("folk", "Am   F\nI walk alone\nC   G7   D\nThe moon is high", '; put them in the prompt: "chords: Am F C G7"'),
        ("folk", "[G]I walk a[C]lone", ""),
        ("folk, chords: G C D", "[G]I walk a[C]lone to[D]night", None),
        ("folk", "[Verse]\nI walk alone", None),
    ],
)
def test_chords_of_given_lyrics_are_not_played(prompt: str, lyrics: str, said: str | None) -> None:
    limits = plan(Request(prompt, 1, lyrics=lyrics)).limits
    assert limits == (() if said is None else (f"The chords in the lyrics aren't played{said}.",))
