"""Contrast of every theme by WCAG: 4.5 to 1 for text on all its backgrounds, 3 to 1 for frames."""

from __future__ import annotations

import pytest
from textual.color import Color

from riffusion_tui.tui import themes
from riffusion_tui.tui.contrast import contrast

SHADED = [name for name in themes.names() if not themes.find(name).ansi]
TEXT = ("ink", "soft", "dim", "faint", "focus", "making", "waits", "held", "done", "attention")
ON_OWN_GROUND = (("on-focus", "focus"), ("on-focus", "waits"), ("on-alarm", "alarm"), ("alarm-ink", "alarm-ground"))


@pytest.mark.parametrize("name", SHADED)
def test_text_and_frames_stand_out_in_every_theme(name: str) -> None:
    held = {key: value for key, value in themes.find(name).variables.items() if value.startswith("#")}
    pairs = [(text, ground, 4.5) for text in TEXT for ground in ("ground", "edge", "chosen")]
    pairs += [(ink, ground, 4.5) for ink, ground in ON_OWN_GROUND] + [("line", "ground", 3.0)]
    dull = [
        (one, ground, round(ratio, 2))
        for one, ground, least in pairs
        if (ratio := contrast(Color.parse(held[one]), Color.parse(held[ground]))) < least
    ]
    assert dull == []
