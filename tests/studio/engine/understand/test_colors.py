"""Words that color a genre, a singer or a tempo: they do not replace what they belong to."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("90s alternative rock with a punk edge", {"genre": "alternative rock", "blend": "punk"}),
        ("jazz with rock leanings", {"genre": "jazz", "blend": "rock"}),
        ("riot grrrl, basement show", {"genre": "punk", "vocals": "female"}),
        ("70s soul, a smooth man pleading for her to come back", {"vocals": "male"}),
        ("doomy heavy metal, downtuned", {"genre": "doom metal"}),
        ("angry lofi", {"genre": "lo-fi"}),
        ("aggressive lofi, 81 bpm", {"genre": "lo-fi"}),
        ("furious jazzy piano", {"genre": "jazz"}),
        ("just one nylon string guitar on a porch at dusk", {"genre": "folk"}),
    ],
)
def test_what_colors_a_genre_does_not_replace_it(prompt: str, expected: dict[str, str]) -> None:
    for seed in range(3):
        made = plan(Request(prompt, seed=seed))
        assert {name: getattr(made, name) for name in expected} == expected


def test_music_that_takes_its_time_is_slow() -> None:
    assert plan(Request("one guitar on a porch at dusk, taking its time", seed=1)).bpm <= 84


@pytest.mark.parametrize(
    ("compared", "plain"),
    [
        ("happier", "happy"),
        ("sadder", "sad"),
        ("calmer", "calm"),
        ("the scariest", "scary"),
        ("dreamier", "dreamy"),
        ("angrier", "angry"),
        ("groovier", "groovy"),
        ("livelier", "lively"),
    ],
)
def test_a_comparative_is_read_as_its_adjective(compared: str, plain: str) -> None:
    made, usual = plan(Request(f"rock, {compared}")), plan(Request(f"rock, {plain}"))
    assert made.ignored == ()
    assert (made.moods, made.energy, made.brightness) == (usual.moods, usual.energy, usual.brightness)
