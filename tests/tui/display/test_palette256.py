"""Colors in 256-color terminals: as close as possible, and what a theme distinguishes stays distinguishable."""

from __future__ import annotations

import random

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from riffusion_tui.tui.appearance import themes
from riffusion_tui.tui.display.palette256 import nearest
from riffusion_tui.tui.display.styles import PLAIN, StyleTable


def test_dark_backgrounds_map_to_grays() -> None:
    night = themes.find("night")
    assert nearest(*Color.parse(night.background or "").triplet or ()) == 234, "a dark gray, not black"
    assert nearest(*Color.parse(night.variables["chosen"]).triplet or ()) == 237, "a lighter gray, not teal"
    table = StyleTable(colors_256=True)
    style = Style(color="#c0caf5", bgcolor=night.background).render("x", color_system=ColorSystem.TRUECOLOR)
    codes = style.removeprefix("\x1b[").partition("m")[0]
    assert table.delta(PLAIN, table.styled(PLAIN, codes)) == "\x1b[38;5;153;48;5;234m"


SHADED = [name for name in themes.names() if not themes.find(name).ansi]


@pytest.mark.parametrize("name", SHADED)
def test_different_backgrounds_stay_distinguishable(name: str) -> None:
    theme = themes.find(name)
    grounds = [theme.background, *(theme.variables.get(one) for one in ("chosen", "alarm-ground"))]
    full = {Color.parse(one).triplet for one in grounds if one and one.startswith("#")}
    assert len({nearest(*one) for one in full if one is not None}) == len(full)


@pytest.mark.parametrize("name", SHADED)
def test_themes_are_readable_in_all_colors_and_in_256(name: str) -> None:
    held = themes.find(name).variables
    for ground, colors, least in (
        ("ground", ("ink", "focus", "making", "waits", "held", "done", "attention"), 4.4),
        ("ground", ("soft",), 4.4),
        ("ground", ("dim",), 3.8),
        ("ground", ("faint",), 2.7),
        ("ground", ("line",), 1.6),
        ("edge", ("soft",), 4.2),
        ("chosen", ("ink", "waits", "held", "done", "attention"), 3.1),
        ("ground", ("chosen",), 1.2),
        ("waits", ("on-focus",), 4.4),
        ("focus", ("on-focus",), 4.4),
        ("alarm", ("on-alarm",), 4.4),
        ("alarm-ground", ("alarm-ink",), 4.4),
    ):
        for color in colors:
            both = [Color.parse(held[one]) for one in (color, ground)]
            few = [Color.from_ansi(nearest(*one.get_truecolor())) for one in both]
            assert contrast(*both) >= least, f"{color} on {ground}"
            assert contrast(*few) >= max(1.15, least * 0.75), f"{color} on {ground}, of 256"


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of WCAG, 1 to 21."""

    def light(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.03928 else float(((share + 0.055) / 1.055) ** 2.4)

    dark, bright = sorted(
        0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue)
        for red, green, blue in (one.get_truecolor(), other.get_truecolor())
    )
    return (bright + 0.05) / (dark + 0.05)


def test_the_chosen_color_is_nearly_the_nearest_of_all_256() -> None:
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


def test_other_terminals_and_terminal_colors_are_not_mapped() -> None:
    for colors_256, codes, sent in (
        (False, "1;38;2;122;162;247", "\x1b[1;38;2;122;162;247m"),
        (True, "1;38;2;122;162;247", "\x1b[1;38;5;111m"),
        (True, "38;5;9;48;5;234", "\x1b[38;5;9;48;5;234m"),
        (True, "31;104", "\x1b[31;104m"),
        (True, "39;49", ""),
    ):
        table = StyleTable(colors_256=colors_256)
        look = table.styled(PLAIN, codes)
        assert table.delta(PLAIN, look) == sent
        assert table.styled(look, "0") == PLAIN
        assert table.styled(look, "") == PLAIN
