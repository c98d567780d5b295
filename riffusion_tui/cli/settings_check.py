"""Check the settings, for `settings check` and `doctor`."""

from __future__ import annotations

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.config.settings_file import load
from riffusion_tui.config.suggest import did_you_mean


def check_settings(context: CommandContext) -> tuple[str, ...]:
    """Return unknown themes and conflicting keys, each in a sentence.

    Raises:
        ConfigError: the file or a variable has an unknown table, setting, command or value.
    """
    from riffusion_tui.tui.commands import by_id

    settings = load(context.paths.settings_file, frozenset(by_id()))
    context.overrides.apply(settings)
    from riffusion_tui.tui import keymap  # loads Textual, so only after the other checks

    return (*keymap.check(settings.keys), *filter(None, [unknown_theme(settings.screen.theme)]))


def themes() -> tuple[str, ...]:
    """Return the names of all themes."""
    from riffusion_tui.tui import themes  # loads Textual

    return tuple(themes.names())


def unknown_theme(name: str) -> str:
    """Return a message if the theme is unknown, else an empty string."""
    known = themes()
    return "" if name in known else f'screen.theme: unknown theme "{name}".{did_you_mean(name, known)}'
