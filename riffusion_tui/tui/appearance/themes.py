"""The built-in themes: night, day, contrast, sixteen (the terminal's own colors) and mono.

All define the same variables, so style sheets don't depend on the theme. Textual's themes are offered too; their
missing variables are derived from their colors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from riffusion_tui.tui.display.palette_left_out import palette_left_out

with palette_left_out():
    from textual.theme import BUILTIN_THEMES, Theme

DEFAULT = "night"

_NIGHT = {
    "ground": "#1a1b26",
    "edge": "#16161e",
    "ink": "#c0caf5",
    "soft": "#b4bbdf",
    "dim": "#a5acd0",
    "faint": "#999fbd",
    "line": "#646b94",
    "focus": "#7aa2f7",
    "on-focus": "#16161e",
    "chosen": "#283457",
    "making": "#7dcfff",
    "waits": "#e0af68",
    "held": "#f7768e",
    "done": "#9ece6a",
    "attention": "#bb9af7",
    "alarm": "#f7768e",
    "alarm-ground": "#4b2836",
    "alarm-ink": "#ff9eb0",
    "on-alarm": "#16161e",
}
_DAY = {
    "ground": "#f6f6f8",
    "edge": "#e9e9ee",
    "ink": "#2e3251",
    "soft": "#43496a",
    "dim": "#4d5272",
    "faint": "#565b79",
    "line": "#7b8098",
    "focus": "#2459c4",
    "on-focus": "#ffffff",
    "chosen": "#d3def7",
    "making": "#00608a",
    "waits": "#775000",
    "held": "#b3193c",
    "done": "#3d6a14",
    "attention": "#7a3fc0",
    "alarm": "#b3193c",
    "alarm-ground": "#fbdde3",
    "alarm-ink": "#8f0f2d",
    "on-alarm": "#ffffff",
}
_CONTRAST = {
    "ground": "#000000",
    "edge": "#000000",
    "ink": "#ffffff",
    "soft": "#ffffff",
    "dim": "#e0e0e0",
    "faint": "#c8c8c8",
    "line": "#ffffff",
    "focus": "#ffff00",
    "on-focus": "#000000",
    "chosen": "#0037a6",
    "making": "#00ffff",
    "waits": "#ffd000",
    "held": "#ff9898",
    "done": "#00ff00",
    "attention": "#ff9cff",
    "alarm": "#ffff00",
    "alarm-ground": "#8c0000",
    "alarm-ink": "#ffffff",
    "on-alarm": "#000000",
}
_SIXTEEN = {
    "ground": "ansi_default",
    "edge": "ansi_default",
    "ink": "ansi_default",
    "soft": "ansi_default",
    "dim": "ansi_default",
    "faint": "ansi_bright_black",
    "line": "ansi_bright_black",
    "focus": "ansi_bright_blue",
    "on-focus": "ansi_black",
    "chosen": "ansi_default",
    "making": "ansi_cyan",
    "waits": "ansi_yellow",
    "held": "ansi_red",
    "done": "ansi_green",
    "attention": "ansi_magenta",
    "alarm": "ansi_bright_white",
    "alarm-ground": "ansi_red",
    "alarm-ink": "ansi_bright_white",
    "on-alarm": "ansi_red",
}
_MONO = dict.fromkeys(_SIXTEEN, "ansi_default")

_PLAIN = {
    "alarm-style": "bold",
    "badge-style": "bold",
    "chosen-style": "none",
    "aside-style": "none",
    "key-style": "bold",
    "bar-style": "none",
    "focus-style": "none",
}
"""Styles of the banner, badges, the selected row with and without focus, and titles."""
_REVERSED = {
    "alarm-style": "bold reverse",
    "badge-style": "bold reverse",
    "chosen-style": "reverse",
    "aside-style": "underline",
    "key-style": "bold",
    "bar-style": "none",
    "focus-style": "reverse",
}
"""The same for themes without background shades: highlights are in reverse video."""


def _theme(name: str, colors: Mapping[str, str], *, dark: bool = True, ansi: bool = False) -> Theme:
    return Theme(
        name=name,
        primary=colors["focus"],
        secondary=colors["making"],
        warning=colors["waits"],
        error=colors["held"],
        success=colors["done"],
        accent=colors["focus"],
        foreground=colors["ink"],
        background=colors["ground"],
        surface=colors["ground"],
        panel=colors["edge"],
        dark=dark,
        ansi=ansi,
        variables={
            **(BUILTIN_THEMES["ansi-dark"].variables if ansi else {}),
            **(_REVERSED if ansi else _PLAIN),
            **({"alarm-style": "bold", "badge-style": "bold"} if colors["focus"] != colors["ground"] else {}),
            **colors,
            "border": colors["focus"],
            "border-blurred": colors["line"],
            "scrollbar": colors["line"],
            "scrollbar-hover": colors["faint"],
            "scrollbar-active": colors["focus"],
            "scrollbar-background": colors["ground"],
            "scrollbar-background-hover": colors["ground"],
            "scrollbar-background-active": colors["ground"],
            "scrollbar-corner-color": colors["ground"],
            "input-cursor-background": colors["ink"],
            "input-cursor-foreground": colors["ground"],
            "input-selection-background": colors["chosen"],
            "input-selection-foreground": colors["ink"],
        },
    )


_OWN: dict[str, Callable[[], Theme]] = {
    "night": lambda: _theme("night", _NIGHT),
    "day": lambda: _theme("day", _DAY, dark=False),
    "contrast": lambda: _theme("contrast", _CONTRAST),
    "sixteen": lambda: _theme("sixteen", _SIXTEEN, ansi=True),
    "mono": lambda: _theme("mono", _MONO, ansi=True),
}
"""This program's own themes by name, default first; each is created on first use."""


def names() -> tuple[str, ...]:
    """Return the names of all themes, the valid values of `screen.theme`."""
    return (*_OWN, *(name for name, theme in BUILTIN_THEMES.items() if not theme.ansi))


def find(name: str) -> Theme:
    """Return a theme by name, or the default if the name is unknown."""
    if name in _OWN:
        return _OWN[name]()
    return _borrowed(BUILTIN_THEMES[name]) if name in names() else _OWN[DEFAULT]()


_COLORLESS = frozenset({"vt52", "vt100", "vt102", "vt220", "vt320", "vt420"})
"""Types of terminals without colors."""


def has_no_colors(term: str) -> bool:
    """Whether a terminal of this type ($TERM) has no colors; without terminfo, whose library loads slowly."""
    return term.endswith(("-m", "-mono")) or term.partition("-")[0] in _COLORLESS


def suited(wanted: str, *, no_color: bool, colors: int) -> str:
    """Return the theme to start with: the wanted one, unless the terminal can't show it.

    Args:
        wanted: the setting.
        no_color: the terminal has none, or NO_COLOR is set: https://no-color.org
        colors: the terminal's number of colors.
    """
    if no_color:
        return "mono"
    if wanted == DEFAULT and colors <= 16:
        return "sixteen"
    return wanted


def _borrowed(theme: Theme) -> Theme:
    """Add missing variables to a Textual theme and fix insufficient contrast, such as yellow on white."""
    from textual.color import Color

    from riffusion_tui.tui.appearance.contrast import between, seen

    base = _NIGHT if theme.dark else _DAY
    ground = Color.parse(theme.background or base["ground"])
    ink = seen(Color.parse(theme.foreground or base["ink"]), ground, _INK)
    focus = seen(Color.parse(theme.primary), ground, _READ)
    states = {
        "making": theme.secondary or theme.primary,
        "waits": theme.warning or base["waits"],
        "held": theme.error or base["held"],
        "done": theme.success or base["done"],
        "attention": theme.accent or base["attention"],
        "alarm": theme.error or base["alarm"],
    }
    colors = {
        **base,
        "ground": ground.hex,
        "edge": between(ground, Color.parse(theme.panel or theme.surface or ground.hex), ground, _EDGE).hex,
        "ink": ink.hex,
        "focus": focus.hex,
        "chosen": between(ground, focus.blend(ink, 0.5), ground, _CHOSEN).hex,
        "on-focus": ground.hex,
        "on-alarm": ground.hex,
        **{name: between(ground, ink, ground, least).hex for name, least in _QUIETER.items()},
        **{name: seen(Color.parse(color), ground, _READ).hex for name, color in states.items()},
    }
    return replace(_theme(theme.name, colors, dark=theme.dark), variables={**_PLAIN, **colors, **theme.variables})


_EDGE = 1.1
_CHOSEN = 1.35
_READ = 4.75 * _CHOSEN
_INK = 7.5
_QUIETER = {"soft": 7.2, "dim": 6.7, "faint": _READ, "line": 3.3}
"""Minimum contrast of a Textual theme's colors to its background; text has at least 4.5, even on the selected row."""
