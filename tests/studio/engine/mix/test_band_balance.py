"""Songs have the balance of records: harmony beside drums and bass, and the voice in the band."""

from __future__ import annotations

import numpy as np
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_HARMONY = {"chords", "pad", "lead", "arp", "counter"}


def _powers(prompt: str) -> dict[tuple[str, str], float]:
    """Power of each role and instrument in the mix, as a share of all."""
    performance = Performance(compose(plan(Request(prompt, seed=1, length_s=45.0))), None)
    found: dict[tuple[str, str], float] = {}
    for number, part in enumerate(performance.parts):
        stem = np.concatenate(list(performance.mixer(only=number)), axis=1)
        who = (part.track.role, part.track.instrument)
        found[who] = found.get(who, 0.0) + float((stem**2).sum())
    total = sum(found.values())
    return {who: power / total for who, power in found.items()}


def _share(powers: dict[tuple[str, str], float], roles: set[str]) -> float:
    return sum(power for (role, _), power in powers.items() if role in roles)


@pytest.mark.parametrize(
    ("prompt", "least"), [("hip hop, male rapper", 0.05), ("house, female vocals", 0.12), ("r&b, female vocals", 0.075)]
)
def test_harmony_is_audible_beside_drums_and_bass(prompt: str, least: float) -> None:
    assert _share(_powers(prompt), _HARMONY) > least


@pytest.mark.parametrize("prompt", ["motown, female vocals", "salsa, male vocals", "bossa nova, female vocals"])
def test_a_voice_is_not_far_above_the_band(prompt: str) -> None:
    assert _share(_powers(prompt), {"vocal"}) < 0.5


@pytest.mark.parametrize("prompt", ["soul with strings, male vocals", "sad pop ballad, piano and strings, male vocals"])
def test_held_strings_are_audible_if_the_prompt_names_them(prompt: str) -> None:
    assert _powers(prompt)["pad", "strings"] > 0.1
