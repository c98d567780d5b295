"""The app's theme and its colors."""

from __future__ import annotations

from collections.abc import Sequence

from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor

from riffusion_tui.tui.appearance import glyphs as signs
from riffusion_tui.tui.appearance.glyphs import Glyphs
from riffusion_tui.tui.appearance.themes import find, has_no_colors, suited
from riffusion_tui.tui.dependencies import Dependencies
from riffusion_tui.tui.display.ascii_signs import AsciiSigns
from riffusion_tui.tui.display.differential_display import DifferentialDisplay

_COLOR_FILTERS = (Monochrome, NoColor, ANSIToTruecolor)


class ThemedApp(DifferentialDisplay[int]):
    """Applies the theme and the settings of the display."""

    deps: Dependencies
    glyphs: Glyphs
    _has_theme = False
    _color_filter: NoColor | None = None
    _signs: AsciiSigns | None = None

    def apply_settings(self) -> None:
        """Apply theme, glyphs, density and motion; no colors if requested."""
        colors = 16 if self.console.color_system == "standard" else 256
        no_color = self.no_color or has_no_colors(self.deps.environ.get("TERM", ""))
        wanted = suited(self.deps.settings.screen.theme, no_color=no_color, colors=colors)
        self.apply_theme(wanted)
        self.set_class(self.glyphs is signs.ASCII, "-ascii", update=False)
        self._signs = AsciiSigns() if self.glyphs is signs.ASCII else None
        self.set_class(self.deps.settings.screen.compact, "-compact", update=False)
        if not self.deps.settings.screen.motion:
            self.animation_level = "none"

    def apply_theme(self, theme: str) -> None:
        """Apply another theme."""
        self._color_filter = NoColor() if theme == "mono" else None
        made = find(theme)
        self.register_theme(made)
        if self.is_running:
            self.theme = made.name
            return
        # Nothing is styled yet; watching the theme would parse every style sheet twice.
        self._has_theme = True
        self.set_reactive(ThemedApp.theme, made.name)
        shade = {"-dark-mode": made.dark, "-light-mode": not made.dark, f"-theme-{made.name}": True}
        self.update_classes(shade, update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what changes lines on their way to the screen: only the theme decides whether colors are shown."""
        # The ANSI color filter isn't needed: a theme uses either no ANSI colors or only those.
        others = [one for one in super().get_line_filters() if not isinstance(one, _COLOR_FILTERS)]
        own = (self._color_filter, self._signs)
        return [*others, *(one for one in own if one is not None)]

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's colors; none before a theme is set, to avoid computing Textual's default first."""
        return super().get_css_variables() if self._has_theme else {}
