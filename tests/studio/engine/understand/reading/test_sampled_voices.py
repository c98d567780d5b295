"""Voices that are samples are chopped, not sung."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize(
    "prompt",
    [
        "warehouse techno remix with chopped up opera lady sample",
        "techno with a sampled diva",
        "techno, samples of a gospel singer",
        "techno, sliced female vocals",
        "techno, chopped vocals",
        "techno but the vocals are chopped",
        "techno, vocal chops only, dark",
    ],
)
def test_a_sampled_singer_is_chopped(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert (made.genre, made.blend, made.vocals) == ("techno", None, "none")
    assert made.instruments == ("vocal chops",)


@pytest.mark.parametrize("prompt", ["techno, opera diva", "techno with a sampled choir", "techno, piano loops, diva"])
def test_other_singers_sing(prompt: str) -> None:
    made = plan(Request(prompt, seed=1))
    assert "vocal chops" not in made.instruments
    assert made.vocals != "none" or "choir" in made.instruments


def test_a_sampled_choir_is_no_genre() -> None:
    made = plan(Request("techno w/ a gregorian choir sample", seed=1))
    assert (made.genre, made.blend, made.cast) == ("techno", None, ())
    assert made.instruments == ("choir",)
    assert plan(Request("drill beat with sliding 808s and a choir sample", seed=1)).vocals == "none"
