"""Check the settings, for `settings check` and `doctor`."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.wiring.service_setup import split_addresses
from riffusion_tui.config.atomic_file import read_or_empty
from riffusion_tui.config.errors import FolderError, Problem, raise_problems
from riffusion_tui.config.paths import expanded
from riffusion_tui.config.settings import RENAMED_COMMANDS, Settings, specs, value_of
from riffusion_tui.config.settings_file import load
from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.config.toml_lines import line_of


def check_settings(context: CommandContext) -> None:
    """Check the settings file, also for conflicting keys and texts that can't be used, such as an unknown theme.

    Raises:
        SettingsError: the file is invalid; lists every problem with its line.
        ConfigError: a file can't be read, or a variable has a value that can't be used.
    """
    from riffusion_tui.tui.bindings.commands import by_id

    file = context.paths.settings_file
    settings = load(file, frozenset(by_id()))
    context.overrides.apply(settings)
    from riffusion_tui.tui.bindings import keymap  # loads Textual, so only after the other checks

    text = read_or_empty(file)
    wrong_keys, _ = keymap.valid_keys(settings.keys)
    problems = [Problem(_line_of_keys(text, id), message) for id, message in wrong_keys.items()]
    problems += _wrong_values(settings, text)
    raise_problems(clean_line(str(file)), sorted(problems, key=lambda problem: problem.line))


def _line_of_keys(text: str, id: str) -> int:
    names = (id, *(old for old, new in RENAMED_COMMANDS.items() if new == id))
    return max(line_of(text, "keys", name) for name in names)


def _wrong_values(settings: Settings, text: str) -> Iterator[Problem]:
    for spec in specs():
        if message := wrong_value(spec.key, str(value_of(settings, spec))):
            yield Problem(line_of(text, spec.table, spec.name), message)


def wrong_value(key: str, text: str) -> str:
    """Return a message if a setting's text can't be used, such as an address that isn't one, else an empty string."""
    check = _CHECKS.get(key)
    return check(text) if check and text else ""


def _wrong_theme(name: str) -> str:
    from riffusion_tui.tui.appearance import themes  # loads Textual

    known = tuple(themes.names())
    if name in known:
        return ""
    return f"screen.theme: unknown theme {name!r}.{did_you_mean(name, known)} Themes: {', '.join(known)}."


def _wrong_cluster(address: str) -> str:
    from riffusion_tui.studio.cluster.cluster_address import read_cluster_address
    from riffusion_tui.studio.cluster.cluster_errors import BadClusterAddress

    try:
        read_cluster_address(address)
    except BadClusterAddress as error:
        return f"studio.cluster: {error}"
    return ""


def _wrong_addresses(key: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        from riffusion_tui.services.address import api_url  # loads httpx
        from riffusion_tui.services.base import BadAddress

        try:
            for address in split_addresses(text):
                api_url(address, "", insecure=True)  # whether it may be is another setting
        except BadAddress as error:
            return f"{key}: {error}"
        return ""

    return check


def _wrong_folder(key: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            expanded(text)
        except FolderError as error:
            return f"{key}: {error}"
        return ""

    return check


def _wrong_command(key: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            shlex.split(text)
        except ValueError:
            return f"{key}: {text!r} has an unmatched quotation mark or a backslash at its end."
        return ""

    return check


def _wrong_soundfont(text: str) -> str:
    from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED, candidates

    if text == SYNTHESIZED or any(path.is_file() for path in candidates(text)):
        return ""
    return f"studio.soundfont: there is no file {text}, so the sounds would be synthesized."


_CHECKS: dict[str, Callable[[str], str]] = {
    "screen.theme": _wrong_theme,
    "studio.cluster": _wrong_cluster,
    "studio.soundfont": _wrong_soundfont,
    "service.url": _wrong_addresses("service.url"),
    "acestep.url": _wrong_addresses("acestep.url"),
    "notify.command": _wrong_command("notify.command"),
    "player.command": _wrong_command("player.command"),
    "files.folder": _wrong_folder("files.folder"),
}
