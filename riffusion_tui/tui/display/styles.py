"""Numbers for styles, and the shortest escape sequence from one to the next."""

from __future__ import annotations

from rich.color import ColorSystem
from rich.style import Style

from riffusion_tui.tui.display.palette256 import fewer

UNKNOWN = -1
"""The style of a cell of which nobody knows what it shows."""
PLAIN = 0
"""The terminal's own colours, no attributes."""

_SEEN_ON_SPACE = frozenset({"4", "5", "6", "7", "9", "21", "51", "52", "53"})
"""Attributes that show on a blank cell: underline, blink, reverse, strike, frame, overline."""


class StyleTable:
    """Gives each look that a cell can have a small number; equal looks share one."""

    def __init__(self, color_system: ColorSystem | None) -> None:
        self._color_system = color_system
        self._by_style: dict[Style | None, int] = {None: PLAIN}
        self._by_parts: dict[tuple[frozenset[str], str, str], int] = {(frozenset(), "", ""): PLAIN}
        self._parts: list[tuple[frozenset[str], str, str]] = [(frozenset(), "", "")]
        self._on_space: dict[int, int] = {}
        self._deltas: dict[tuple[int, int], str] = {}

    def number(self, style: Style | None) -> int:
        """Return the number of a Rich style's look."""
        known = self._by_style.get(style)
        if known is None:
            known = self._by_style[style] = self._intern(self._split(style))
        return known

    def on_space(self, number: int) -> int:
        """Return the look that a blank of this style has: its foreground does not show."""
        known = self._on_space.get(number)
        if known is None:
            attributes, _, background = self._parts[number]
            seen = attributes & _SEEN_ON_SPACE
            known = number if seen else self._intern((frozenset(), "", background))
            self._on_space[number] = known
        return known

    def erases(self, number: int) -> bool:
        """Say whether erasing in this style looks like a blank in it: a background and nothing else."""
        attributes, foreground, _ = self._parts[number]
        return not attributes and not foreground

    def delta(self, now: int, then: int) -> str:
        """Return the sequence that changes the terminal's style from `now` to `then`; empty where they are one."""
        if now == then:
            return ""
        known = self._deltas.get((now, then))
        if known is None:
            known = self._deltas[now, then] = self._make_delta(now, then)
        return known

    def _make_delta(self, now: int, then: int) -> str:
        attributes, foreground, background = self._parts[then]
        whole = f"\x1b[{';'.join(['0', *sorted(attributes), *filter(None, (foreground, background))])}m"
        if now == UNKNOWN:
            return whole
        had_attributes, had_foreground, had_background = self._parts[now]
        if had_attributes - attributes:
            return whole
        codes = sorted(attributes - had_attributes)
        if foreground != had_foreground:
            codes.append(foreground or "39")
        if background != had_background:
            codes.append(background or "49")
        return min(f"\x1b[{';'.join(codes)}m", whole, key=len)

    def _intern(self, parts: tuple[frozenset[str], str, str]) -> int:
        known = self._by_parts.get(parts)
        if known is None:
            known = self._by_parts[parts] = len(self._parts)
            self._parts.append(parts)
        return known

    def _split(self, style: Style | None) -> tuple[frozenset[str], str, str]:
        """Split a style's SGR codes into attributes, foreground and background. Links are not sent: they cost much."""
        if style is None:
            return frozenset(), "", ""
        color_system = self._color_system
        foreground = background = ""
        if color_system is not None and style.color is not None:
            foreground = ";".join(fewer(style.color, color_system).get_ansi_codes())
        if color_system is not None and style.bgcolor is not None:
            background = ";".join(fewer(style.bgcolor, color_system).get_ansi_codes(foreground=False))
        # The terminal's own colours are what a reset leaves: naming them again would only cost bytes.
        foreground = "" if foreground == "39" else foreground
        background = "" if background == "49" else background
        return frozenset(_attributes(style)), foreground, background


def _attributes(style: Style) -> list[str]:
    pairs = (
        (style.bold, "1"),
        (style.dim, "2"),
        (style.italic, "3"),
        (style.underline, "4"),
        (style.blink, "5"),
        (style.blink2, "6"),
        (style.reverse, "7"),
        (style.conceal, "8"),
        (style.strike, "9"),
        (style.underline2, "21"),
        (style.frame, "51"),
        (style.encircle, "52"),
        (style.overline, "53"),
    )
    return [code for on, code in pairs if on]
