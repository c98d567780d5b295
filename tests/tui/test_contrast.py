"""Contrast of every theme by WCAG: 4.5 to 1 for text on all its backgrounds, 3 to 1 for frames."""

from __future__ import annotations

import re

import pytest
from textual.color import Color

from riffusion_tui.tui.appearance import themes
from riffusion_tui.tui.appearance.contrast import contrast
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Shown, Stage, busy_evening

SHADED = [name for name in themes.names() if not themes.find(name).ansi]
TEXT = ("ink", "soft", "dim", "faint", "focus", "making", "waits", "held", "done", "attention")
ON_OWN_GROUND = (("on-focus", "focus"), ("on-focus", "waits"), ("on-alarm", "alarm"), ("alarm-ink", "alarm-ground"))


@pytest.mark.parametrize("name", SHADED)
def test_text_and_frames_have_enough_contrast_in_every_theme(name: str) -> None:
    held = {key: value for key, value in themes.find(name).variables.items() if value.startswith("#")}
    pairs = [(text, ground, 4.5) for text in TEXT for ground in ("ground", "edge", "chosen")]
    pairs += [(ink, ground, 4.5) for ink, ground in ON_OWN_GROUND] + [("line", "ground", 3.0)]
    dull = [
        (one, ground, round(ratio, 2))
        for one, ground, least in pairs
        if (ratio := contrast(Color.parse(held[one]), Color.parse(held[ground]))) < least
    ]
    assert dull == []


def drawn(shown: Shown) -> set[tuple[str, str, str, float]]:
    """Return texts drawn with too little contrast, with color, background and contrast."""
    dull = set()
    for strip in shown.strips():
        for text, style, _ in strip:
            if style is None or not text.strip() or style.color is None or style.bgcolor is None or style.conceal:
                continue
            ink, ground = (Color.from_rich_color(one) for one in (style.color, style.bgcolor))
            if style.reverse:
                ink, ground = ground, ink
            if style.dim:
                ink = ground.blend(ink, 0.5)
            least = 4.5 if re.search(r"\w", text) else 3.0
            if (ratio := contrast(ink, ground)) < least:
                dull.add((text.strip(), ink.hex, ground.hex, round(ratio, 2)))
    return dull


@pytest.mark.parametrize("name", SHADED[:3])
async def test_the_drawn_screen_has_enough_contrast(show: ShowScreen, stage: Stage, name: str) -> None:
    busy_evening(stage)
    async with show(120, 36) as shown:
        shown.app.apply_theme(name)
        await shown.type("{lofi|house} rainy night zzz @nowhere")
        seen = {"prompt": drawn(shown)}
        for keys in ("escape", "slash", "escape", "d", "escape", "f4", "a"):
            await shown.press(keys)
            seen[f"{len(seen)} {keys}"] = drawn(shown)
    assert {place: dull for place, dull in seen.items() if dull} == {}
