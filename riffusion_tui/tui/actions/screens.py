"""Commands that open a screen, and the one that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.config.settings_file import save
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.secret import Secret
from riffusion_tui.tui import themes
from riffusion_tui.tui.actions import can
from riffusion_tui.tui.commands import COMMANDS, Command, CommandScope, of
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.screens.ask import Ask, Confirm, Reader
from riffusion_tui.tui.screens.main import places_of
from riffusion_tui.tui.screens.picker import Choice, Picker
from riffusion_tui.tui.state.song_lines import Lines

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp


def places(app: RiffusionApp) -> tuple[CommandScope, ...]:
    """Return the places whose commands apply now."""
    own = getattr(app.screen, "PLACES", None)
    return own if own is not None else places_of(app.focused)


def help_(app: RiffusionApp) -> None:
    """Say what the focused pane is for, and every command that applies in it."""
    here = places(app)
    lines: Lines = [[(piece, "soft")] for piece in say(f"help.{here[0]}").split("\n")]
    for place in here:
        commands = [command for command in of(place) if can(app, command) and not _double(command, here)]
        if commands:
            lines += [[], [(say(f"place.{place}"), "strong")]]
            keys = [_help_keys(app, command) for command in commands]
            column = min(_KEYS_AT_MOST, max(_KEYS, *map(len, keys)))
            lines += [_help_line(command, key, column) for command, key in zip(commands, keys, strict=True)]
    lines += [[], [(say("help.moving"), "strong")], [(say("help.moves"), "soft")]]
    app.push_screen(Reader(say("help.title", pane=say(f"place.{here[0]}")), lines))


def _double(command: Command, here: tuple[CommandScope, ...]) -> bool:
    """The single letters of `lists` do what commands of `any` do; where both apply, they are told once."""
    return command.id.endswith(".key") and CommandScope.ANY not in here


_KEYS, _KEYS_AT_MOST = 12, 18
"""Cells of the column of keys in the help."""


def _help_keys(app: RiffusionApp, command: Command) -> str:
    return app.keys.all_shown(command.id) or say("help.by_palette", key=app.keys.shown("palette"))


def _help_line(command: Command, keys: str, column: int) -> list[tuple[str, str]]:
    return [
        (f"{keys:<{column}} ", "focus"),
        (f"{command.label:<12} ", "ink"),
        (command.help, "dim"),
    ]


async def palette(app: RiffusionApp) -> None:
    """Choose any command by its name; those of the focused pane come first."""
    here = places(app)
    known = [one for one in COMMANDS if not one.id.endswith(".key") and not one.id.endswith(".leave")]
    usable = [one for one in known if can(app, one) and (one.where in here or one.where in _FROM_ANYWHERE)]
    usable.sort(key=lambda one: one.where not in here[:2])
    choices = [Choice(one.id, one.label, one.help, app.keys.shown(one.id)) for one in usable]
    chosen = await app.push_screen_wait(Picker(say("pick.palette"), choices, ellipsis=app.glyphs.ellipsis))
    if chosen:
        app.action_command(chosen)


_FROM_ANYWHERE = (
    CommandScope.SCREENS,
    CommandScope.ANY,
    CommandScope.PROMPT,
    CommandScope.OPTIONS,
    CommandScope.JOB,
    CommandScope.JOBS,
)


def accounts(app: RiffusionApp) -> None:
    """Open the accounts; where one lost its session, with the cursor in its cookie field."""
    from riffusion_tui.tui.screens.accounts import AccountsScreen

    broken = next((one.account for one in app.model.summary.banners if one.cause is WaitCause.BROKEN), None)
    app.push_screen(AccountsScreen(app, mend=broken))


async def token(app: RiffusionApp) -> None:
    """Ask for a new token; every job that waited for it goes on."""
    entered = await app.push_screen_wait(Ask(say("token.title"), say("token.text"), secret=True))
    if entered and entered.strip():
        await app.deps.job_commands.set_token(Secret(entered.strip()))
        app.look_now()
        app.tell(say("token.set"), "done")


def jump(app: RiffusionApp) -> None:
    """Show where the focus can go, a letter on each."""
    from riffusion_tui.tui.screens.jump import JumpScreen

    app.push_screen(JumpScreen(app.screen, app.main.status.tell))


def settings(app: RiffusionApp) -> None:
    """Open the settings."""
    from riffusion_tui.tui.screens.settings import SettingsScreen

    app.push_screen(SettingsScreen(app))


async def theme(app: RiffusionApp) -> None:
    """Choose the theme and keep it."""
    choices = [Choice(name, name) for name in themes.names()]
    picker = Picker(say("pick.theme"), choices, ellipsis=app.glyphs.ellipsis, chosen=app.theme)
    chosen = await app.push_screen_wait(picker)
    if chosen:
        app.wear(chosen)
        app.deps.settings = save(app.deps.settings_file, "screen.theme", chosen)


async def leave(app: RiffusionApp) -> None:
    """Leave; where songs are under way, after saying what goes on and what waits."""
    summary = app.model.summary
    under_way, waiting = summary.making + summary.fetching, summary.waiting
    if not (under_way or waiting) or not app.deps.leading():
        app.exit(0)
        return
    form = "leave.studio" if app.deps.service == "studio" else "leave.service"
    text = say(form, making=under_way, waiting=waiting)
    if await app.push_screen_wait(Confirm(say("leave.title"), text)):
        app.exit(0)


def close(app: RiffusionApp) -> None:
    """Back to the screen below."""
    if len(app.screen_stack) > 1:
        app.pop_screen()


def redraw(app: RiffusionApp) -> None:
    """Paint over whatever another program wrote on the screen."""
    app.action_redraw()
