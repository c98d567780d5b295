"""German compounds are read as two English words."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan, recognize
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.words.scripts import parts_of


@pytest.mark.parametrize(
    ("prompt", "meaning"),
    [
        ("Popballade", "ballad"),
        ("Technobeat 132 bpm", "techno"),
        ("trauriger Metalsong", "metal"),
        ("Schlagersong", "dance-pop"),
        ("Orgelmusik", "organ"),
        ("langsame Flötenmusik", "flute"),
        ("Gitarrensolo", "electric guitar"),
        ("Jazzklavier", "piano"),
    ],
)
def test_both_parts_are_read(prompt: str, meaning: str) -> None:
    assert meaning in [term.meaning for term in recognize(prompt)]
    assert plan(Request(prompt)).ignored in ((), ("trauriger",))


def test_a_compound_of_its_own_and_other_words_stay_whole() -> None:
    assert plan(Request("Blasmusik")).genre in ("march", "polka")
    for word in ("blasmusik", "klavierballade", "chor", "popcorn", "rockstar", "backbeat"):
        assert parts_of(word) == (word,)
    assert parts_of("orgelmusik") == ("organ", "music")
