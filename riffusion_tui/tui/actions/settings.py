"""Commands of the settings screen: what is changed is checked, written, and where it can be, at once in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.config.errors import ConfigError
from riffusion_tui.config.settings import Settings, Spec, Value, value_of
from riffusion_tui.config.settings_file import load, save, template
from riffusion_tui.config.validation import WrongValue, typed
from riffusion_tui.tui import themes
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.ask import Ask
from riffusion_tui.tui.screens.picker import Choice, Picker

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp
    from riffusion_tui.tui.screens.settings import SettingsScreen

_AT_ONCE = frozenset({"notify", "player", "batch"})
"""Tables whose settings are read when they are used."""


def _screen(app: RiffusionApp) -> SettingsScreen | None:
    from riffusion_tui.tui.screens.settings import SettingsScreen

    return app.screen if isinstance(app.screen, SettingsScreen) else None


async def change(app: RiffusionApp) -> None:
    """Turn a switch, choose from a list, or ask for a value."""
    screen = _screen(app)
    if screen is None:
        return
    spec = screen.view.current
    now = value_of(app.deps.settings, spec)
    if isinstance(now, bool):
        _set(app, screen, spec, not now)
        return
    choices = themes.names() if spec.key == "screen.theme" else spec.choices
    if choices:
        picker = Picker(spec.key, [Choice(one, one) for one in choices], ellipsis=app.glyphs.ellipsis, chosen=str(now))
        chosen = await app.push_screen_wait(picker)
        if chosen is not None:
            _set(app, screen, spec, chosen)
        return
    text = await app.push_screen_wait(Ask(spec.key, spec.doc, value=str(now)))
    if text is not None:
        try:
            _set(app, screen, spec, typed(spec, text))
        except WrongValue as error:
            screen.say(str(error))


def reset(app: RiffusionApp) -> None:
    """Set it back."""
    screen = _screen(app)
    if screen is not None:
        _set(app, screen, screen.view.current, screen.view.current.default)


def _set(app: RiffusionApp, screen: SettingsScreen, spec: Spec, value: Value) -> None:
    try:
        held = save(app.deps.settings_file, spec.key, value)
    except ConfigError as error:
        screen.say(str(error))
        return
    _use(app, held)
    screen.view.refresh()
    at_once = spec.table in _AT_ONCE or spec.key == "screen.theme"
    screen.say(say("settings.saved" if at_once else "settings.restart", key=spec.key))


def _use(app: RiffusionApp, held: Settings) -> None:
    app.deps.settings = held
    if held.screen.theme in themes.names() and held.screen.theme != app.theme and app.theme != "mono":
        app.wear(held.screen.theme)


async def editor(app: RiffusionApp) -> None:
    """Edit the file; it is written only where it can be read again."""
    from riffusion_tui.config.atomic_file import write_private
    from riffusion_tui.config.settings_file import parse
    from riffusion_tui.tui.external_editor import edited

    screen = _screen(app)
    if screen is None:
        return
    file = app.deps.settings_file
    text = file.read_text("utf-8") if file.exists() else template()
    fresh = await edited(app, text, ".toml")
    if fresh is None:
        return
    parse(fresh, str(file))
    write_private(file, fresh + "\n")
    _use(app, load(file))
    screen.view.refresh()
    screen.say(say("settings.restart", key=str(file)))
