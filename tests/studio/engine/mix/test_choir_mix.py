"""How a choir is mixed: with an orchestra, in a church."""

from __future__ import annotations

import numpy as np

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.instrument_groups import CHOIRS
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine import handmade


def test_an_orchestra_is_in_a_church_only_if_a_choir_sings_with_it() -> None:
    alone, sung = (mixing_for(handmade.plan(genre="epic", vocals=who)) for who in ("none", "choir"))
    assert sung.wet_by["vocal"] > alone.wet_by["vocal"] + 0.2
    assert sung.bright < alone.bright
    assert sung.tone == (0.0,) * 5 != alone.tone
    assert mixing_for(handmade.plan(genre="pop", vocals="choir")).tone == mixing_for(handmade.plan(genre="pop")).tone


def test_every_kind_of_choir_by_itself_sings_in_a_church() -> None:
    choirs = [mixing_for(handmade.plan(genre="choral", cast=(name,), vocals="choir")) for name in sorted(CHOIRS)]
    quartet = mixing_for(handmade.plan(genre="choral", cast=("cello",)))
    assert len({one.wet_by["pad"] for one in choirs}) == 1
    assert choirs[0].wet_by["pad"] > quartet.wet_by["pad"]


def test_a_choirs_tune_is_hardly_in_front_of_its_other_parts() -> None:
    score = compose(plan(Request("sacred motet for mixed choir, latin, cathedral", seed=1, length_s=60)))
    levels = {}
    for place, part in enumerate(Performance(score, None).parts):
        only = np.concatenate(list(Performance(score, None).mixer(only=place)), axis=1)
        levels[part.track.role] = 10 * np.log10(np.mean(only**2))
    assert levels["vocal"] - levels["pad"] < 3
