"""`settings`: show, check and change settings."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.printing.output import put, put_all, put_message
from riffusion_tui.cli.settings_check import check_settings, wrong_value
from riffusion_tui.config.settings import RENAMED_COMMANDS, Settings, Spec, spec_of, specs, value_of
from riffusion_tui.config.settings_file import load, save, save_keys, template, unset
from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.config.validation import WrongValue, expected, typed

if TYPE_CHECKING:
    from riffusion_tui.tui.bindings.command import Command

_KEYS = "keys."
_EPILOG = """\
path            print the path of the settings file
show [KEY]      show all settings and key bindings, or one; the environment overrides the file
check           validate the file
set KEY VALUE   change a setting, e.g. keys.job.play space; the rest of the file, including comments, is kept.
                An empty VALUE ('') leaves a command without a key
unset KEY       reset a setting to its default, or a command to its default keys
explain [KEY]   describe settings: their allowed values, default and value in effect
template        print a commented file with all defaults
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `settings`."""
    parser.epilog = _EPILOG
    what = ("path", "show", "check", "set", "unset", "explain", "template")
    parser.add_argument("what", nargs="?", choices=what, default="show", help="default: show")
    parser.add_argument("key", nargs="?", metavar="KEY", help="table.name, e.g. studio.accounts")
    parser.add_argument("value", nargs="?", metavar="VALUE", help="set: the new value")


def run(args: Namespace, context: CommandContext) -> int:
    """Run the command."""
    match args.what:
        case "path":
            put(str(context.paths.settings_file))
        case "template":
            put(template().rstrip("\n"))
        case "check":
            _check(context)
        case "set":
            _set(context, args.key, args.value)
        case "unset":
            _unset(context, args.key)
        case "explain":
            _explain(context, args.key or "")
        case _:
            _show(args, context)
    return DONE


def _set(context: CommandContext, key: str | None, text: str | None) -> None:
    """Save a value; report what overrides it, if anything does."""
    if not key:
        raise WrongUse("Give a setting and its value: riffusion-tui settings set studio.accounts 2")
    if text is None:
        raise WrongUse(f"Give a value: riffusion-tui settings set {clean_line(key, 80)} VALUE ('' empties it)")
    if key.startswith(_KEYS):
        _set_keys(context.paths.settings_file, key.removeprefix(_KEYS), text)
        return
    spec = _spec(key)
    try:
        value = typed(spec, text)
        if problem := wrong_value(spec.key, str(value)):
            raise WrongUse(problem)
        settings = save(context.paths.settings_file, spec.key, value)
    except WrongValue as error:
        raise WrongUse(str(error)) from None
    _note_override(context, spec, settings)


def _unset(context: CommandContext, key: str | None) -> None:
    """Reset a setting or a command's keys; report what overrides the default, if anything does."""
    file = context.paths.settings_file
    if not key:
        raise WrongUse("Give a setting: riffusion-tui settings unset studio.accounts")
    if key.startswith(_KEYS):
        _set_keys(file, key.removeprefix(_KEYS), None)
        return
    spec = _spec(key)
    if unset(file, spec.key):
        _note_override(context, spec, load(file))
    else:
        put_message(f"{spec.key} is not in {clean_line(str(file))}: it has its default already.")


def _note_override(context: CommandContext, spec: Spec, settings: Settings) -> None:
    by = context.overrides.of(spec.key, settings)
    if by and spec.key == "screen.theme":
        put_message(f"Saved, but {by} is set: the screen has no colors until you unset it.")
    elif by:
        now = _shown(value_of(context.overrides.apply(settings), spec)) or "its default"
        put_message(f"Saved, but {by} overrides it: {now} stays in use until you unset {by}.")


def _explain(context: CommandContext, key: str) -> None:
    """Describe all settings, one, or a command's keys; in a terminal, with the value in a line of its own."""
    explained = [_explained(context, one) for one in ([key] if key else [spec.key for spec in specs()])]
    if not sys.stdout.isatty():
        put_all(f"{name}  {text} Now: {now}." for name, text, now in explained)
        return
    from riffusion_tui.cli.printing.page_layout import indented
    from riffusion_tui.cli.printing.pager import put_paged

    put_paged("".join(f"{name} = {now}\n{indented(text)}\n" for name, text, now in explained))


def _explained(context: CommandContext, key: str) -> tuple[str, str, str]:
    """Return a setting's name, description and value in effect."""
    if key.startswith(_KEYS):
        command = _command(key.removeprefix(_KEYS))
        now = context.settings.keys.get(command.id, command.keys)
        return f"{_KEYS}{command.id}", f"{command.help} Default: {command.keys or 'none'}.", now or "none"
    spec = _spec(key)
    now = _shown(value_of(context.settings, spec)) or "empty"
    if by := context.overrides.of(spec.key, load(context.paths.settings_file)):
        now += f", from {by}"
    is_free_text = spec.kind is str and not spec.choices  # which needs quotes in the file, but not here
    allowed = "" if is_free_text else f" {expected(spec).capitalize()}."
    return spec.key, f"{spec.doc}{allowed} Default: {_shown(spec.default) or 'empty'}.", now


def _show(args: Namespace, context: CommandContext) -> None:
    if (args.key or "").startswith(_KEYS):
        command = _command(args.key.removeprefix(_KEYS))
        put(context.settings.keys.get(command.id, command.keys))
        return
    if args.key:
        put(_shown(value_of(context.settings, _spec(args.key))))
        return
    for spec in specs():
        put(f"{spec.key} = {_shown(value_of(context.settings, spec))}")
    from riffusion_tui.tui.bindings.commands import COMMANDS

    for command in COMMANDS:
        put(f"keys.{command.id} = {context.settings.keys.get(command.id, command.keys)}")


def _command(id: str) -> Command:
    from riffusion_tui.tui.bindings.commands import by_id

    id = RENAMED_COMMANDS.get(id, id)
    if id not in by_id():
        raise WrongUse(f"Unknown command {id!r}.{did_you_mean(id, by_id())} `riffusion-tui settings` lists them.")
    return by_id()[id]


def _set_keys(file: Path, id: str, value: str | None) -> None:
    """Set a command's keys, empty for none, None for its defaults; print them if other commands' keys change too."""
    from riffusion_tui.tui.bindings import keymap  # this loads Textual

    id = _command(id).id
    before = load(file).keys
    wanted = keymap.assign(before, id, value)
    if problems := keymap.problems_of_change(before, wanted, id):
        raise WrongUse("\n".join(problems))
    save_keys(file, wanted)
    others = [other for other in sorted(wanted.keys() - {id}) if wanted[other] != before.get(other)]
    for changed in (id, *others) if others else ():
        put(f"keys.{changed} = {wanted.get(changed, _command(changed).keys)}")


def _spec(key: str | None) -> Spec:
    spec = spec_of(key or "")
    if spec is None:
        hint = did_you_mean(key or "", [spec.key for spec in specs()])
        raise WrongUse(f"Unknown setting {key or ''!r}.{hint} `riffusion-tui settings` lists them.")
    return spec


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check(context: CommandContext) -> None:
    file = context.paths.settings_file
    check_settings(context)
    put(f"{file} is valid." if file.exists() else f"{file} does not exist; all settings have their defaults.")
