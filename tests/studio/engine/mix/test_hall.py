"""A few players of classical music are heard in the hall; a band and a duo of another genre are not."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.genre_files import genres
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


@pytest.mark.parametrize("prompt", ["unaccompanied cello suite", "piano nocturne", "string quartet"])
def test_a_few_classical_players_have_more_reverb_than_their_genre(prompt: str) -> None:
    found = plan(Request(prompt))
    wet = genres()[found.genre].get("mix", {}).get("wet", 1.2)
    assert mixing_for(found).wet > 1.3 * wet


@pytest.mark.parametrize("prompt", ["jazz guitar duo", "symphony orchestra", "bluegrass trio"])
def test_others_have_that_of_their_genre(prompt: str) -> None:
    found = plan(Request(prompt))
    assert mixing_for(found).wet <= 1.2
