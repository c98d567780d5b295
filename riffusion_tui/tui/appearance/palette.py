"""Named styles for widgets that paint cells, derived from the theme's variables.

They are not component classes: fourteen of those per widget took a quarter of a screen's start-up time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.style import Style
from textual.color import Color

if TYPE_CHECKING:
    from textual.app import App

STATE_SHADES = {
    "queued": "dim",
    "waits": "waits",
    "held": "held",
    "sending": "making",
    "maybe_sent": "attention",
    "making": "making",
    "fetching": "making",
    "done": "done",
    "refused": "attention",
    "failed": "held",
    "cancelled": "faint",
}
"""A row's state → its named style."""
_BOLD = frozenset({"strong", "alarm"})
_CACHE: dict[str, Palette] = {}


class Palette:
    """Foregrounds by `shade`, backgrounds by `ground`; created once per theme."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._shades: dict[str, Style] = {}
        self._grounds: dict[str, Style] = {}

    def shade(self, name: str) -> Style:
        """Return a foreground: `ink`, `soft`, `dim`, `faint`, `line`, `focus`, a state's name, `strong`, `alarm`."""
        held = self._shades.get(name)
        if held is None:
            variable = {"strong": "ink", "alarm": "alarm-ink"}.get(name, name)
            held = Style(color=self._color(variable).rich_color, bold=True if name in _BOLD else None)
            self._shades[name] = held
        return held

    def ground(self, name: str) -> Style:
        """Return a style with its own background: `chosen`, `aside`, `badge`, `name`, `key`, `banner`, `bar`."""
        held = self._grounds.get(name)
        if held is None:
            held = self._grounds[name] = self._made(name)
        return held

    def _made(self, name: str) -> Style:
        if name == "aside":
            half = self._color("ground").blend(self._color("chosen"), 0.5)
            behind = half if not self._ansi else self._color("ground")
            return Style.parse(self._variables["aside-style"]) + Style(bgcolor=behind.rich_color)
        ink, ground, effect = _GROUNDS[name]
        style = Style.parse(self._variables[effect]) + Style(bgcolor=self._color(ground).rich_color)
        return style + Style(color=self._color(ink).rich_color) if ink else style

    @property
    def _ansi(self) -> bool:
        return self._variables["ground"].startswith("ansi")

    def _color(self, variable: str) -> Color:
        return Color.parse(self._variables[variable])


_GROUNDS = {
    "chosen": ("", "chosen", "chosen-style"),
    "badge": ("on-focus", "waits", "badge-style"),
    "name": ("on-focus", "focus", "badge-style"),
    "key": ("on-alarm", "alarm", "key-style"),
    "banner": ("alarm-ink", "alarm-ground", "alarm-style"),
    "bar": ("", "edge", "bar-style"),
}


def palette_of(app: App[Any]) -> Palette:
    """Return the palette of the app's theme, from the theme's variables, since the app's are updated later."""
    held = _CACHE.get(app.theme)
    if held is None:
        held = _CACHE[app.theme] = Palette(app.current_theme.variables)
    return held
