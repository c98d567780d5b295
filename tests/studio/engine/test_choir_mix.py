"""How a choir is mixed: with an orchestra, in a church."""

from __future__ import annotations

from riffusion_tui.studio.engine.mix.mixing import mixing_for
from tests.studio.engine import handmade


def test_an_orchestra_is_in_a_church_only_if_a_choir_sings_with_it() -> None:
    alone, sung = (mixing_for(handmade.plan(genre="epic", vocals=who)) for who in ("none", "choir"))
    assert sung.wet_by["vocal"] > alone.wet_by["vocal"] + 0.2
    assert sung.bright < alone.bright
    assert sung.tone == (0.0,) * 5 != alone.tone
    assert mixing_for(handmade.plan(genre="pop", vocals="choir")).tone == mixing_for(handmade.plan(genre="pop")).tone
