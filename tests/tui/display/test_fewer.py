"""Colours of a terminal that has 256 of them: as near as can be, and what a theme keeps apart stays apart."""

from __future__ import annotations

import random

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from riffusion_tui.tui import themes
from riffusion_tui.tui.display.fewer import fewer, nearest
from riffusion_tui.tui.display.styles import PLAIN, StyleTable


def test_a_dark_ground_stays_and_a_selected_row_is_no_other_colour() -> None:
    night = themes.find("night")
    assert nearest(*Color.parse(night.background or "").triplet or ()) == 234, "a quiet grey, not black"
    assert nearest(*Color.parse(night.variables["chosen"]).triplet or ()) == 237, "a lighter grey, not teal"
    table = StyleTable(ColorSystem.EIGHT_BIT)
    style = table.number(Style(color="#c0caf5", bgcolor=night.background))
    assert table.delta(PLAIN, style) == "\x1b[38;5;153;48;5;234m"


@pytest.mark.parametrize("name", ["night", "day", "contrast"])
def test_what_lies_on_another_ground_is_seen_to(name: str) -> None:
    theme = themes.find(name)
    grounds = [theme.background, *(theme.variables.get(one) for one in ("chosen", "alarm-ground"))]
    full = {Color.parse(one).triplet for one in grounds if one and one.startswith("#")}
    assert len({nearest(*one) for one in full if one is not None}) == len(full)


def test_none_of_all_256_is_much_nearer() -> None:
    def level(number: int) -> tuple[int, int, int]:
        triplet = Color.from_ansi(number).get_truecolor()
        return triplet.red, triplet.green, triplet.blue

    def apart(one: tuple[int, int, int], number: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(one, level(number), strict=True))

    rng = random.Random(7)
    for _ in range(300):
        wanted = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        best = min(apart(wanted, number) for number in range(16, 256))
        if wanted[0] <= 1.3 * max(wanted[1:]):
            assert apart(wanted, nearest(*wanted)) <= 2 * best + 300, wanted


def test_other_terminals_and_the_terminals_own_colours_are_left_alone() -> None:
    blue = Color.parse("#7aa2f7")
    assert fewer(blue, ColorSystem.TRUECOLOR) == blue
    assert fewer(blue, ColorSystem.STANDARD) == blue.downgrade(ColorSystem.STANDARD)
    assert fewer(Color.default(), ColorSystem.EIGHT_BIT) == Color.default()
