"""The checks of `doctor` of this machine: terminal, settings, folders, queue, sounds. They never raise."""

from __future__ import annotations

import locale
import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from riffusion_tui.clean import clean_line, error_message
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.doctor.doctor_finding import Finding
from riffusion_tui.cli.printing.output import counted
from riffusion_tui.cli.settings_check import check_settings
from riffusion_tui.cli.wiring.session import dispatching_processes, emptied_warning, open_store, presence
from riffusion_tui.config.errors import ConfigError
from riffusion_tui.config.library import load_library
from riffusion_tui.file_lock import is_stopped
from riffusion_tui.store import StoreError, check_locks

_LOW_DISK = 500 * 2**20
"""In bytes; enough for a hundred songs."""


def check_terminal(context: CommandContext) -> Finding:
    """Check whether the terminal can show the screen."""
    term, ssh = clean_line(context.environ.get("TERM", "")), "SSH_CONNECTION" in context.environ
    inside = next((name for name, variable in (("tmux", "TMUX"), ("screen", "STY")) if variable in context.environ), "")
    where = "".join([f", in {inside}" if inside else "", ", over ssh" if ssh else ""])
    if term in ("", "dumb", "unknown"):
        return Finding("terminal", "warn", f"TERM={term or 'unset'}{where}: can't show the screen; the commands work")
    size = shutil.get_terminal_size((0, 0))
    seen = f", {size.columns}×{size.lines}" if size.columns else ""
    colors = clean_line(context.environ.get("COLORTERM", "")) or "256 colors or fewer"
    return Finding("terminal", "good", f"TERM={term}{seen}, {colors}{where}")


def check_locale() -> Finding:
    """Check whether text is encoded as UTF-8."""
    encoding = locale.getencoding()  # as for the screen; the preferred one is always UTF-8 in the locale C
    if encoding.upper().replace("-", "") == "UTF8":
        return Finding("locale", "good", encoding)
    return Finding("locale", "warn", f"{encoding}: symbols are drawn in ASCII; set LANG to a locale ending in .UTF-8")


def check_settings_file(context: CommandContext, service: str) -> Finding:
    """Check the settings file, for the service that is used."""
    try:
        check_settings(context)
    except ConfigError as error:
        return Finding("settings", "bad", clean_line("; ".join(line.rstrip(".") for line in str(error).splitlines())))
    file = context.paths.settings_file
    text = f"{clean_line(str(file))}{'' if file.exists() else ' (missing; using defaults)'}; service: {service}"
    unbound = [id for id, keys in context.settings.keys.items() if not keys]
    return Finding("settings", "good", text + (f"; without a key: {', '.join(unbound)}" if unbound else ""))


def check_library(context: CommandContext) -> Finding:
    """Check whether the prompt library can be read."""
    try:
        library = load_library(context.paths.library_file)
    except ConfigError as error:
        return Finding("library", "bad", str(error))
    return Finding(
        "library", "good", f"{counted(len(library.prompts), 'prompt')}, {counted(len(library.presets), 'preset')}"
    )


def check_folders(context: CommandContext) -> Iterator[Finding]:
    """Check the folders: access, locks, space."""
    paths = context.paths
    folders = [("data", paths.data), ("config", paths.config), ("log", paths.state)]
    with suppress(ConfigError):  # reported with the settings
        folders.insert(0, ("songs", context.songs))
    for what, folder in folders:
        there = next(path for path in (folder, *folder.parents) if _exists(path))
        shown, base = clean_line(str(folder)), clean_line(str(there))
        if not there.is_dir():
            yield Finding(what, "bad", f"{base} is not a folder; move it away")
            continue
        if not os.access(there, os.W_OK | os.X_OK):
            yield Finding(what, "bad", f"can't write to {shown}; make {base} writable")
            continue
        if what == "data":
            try:
                check_locks(there)
            except StoreError as error:
                yield Finding(what, "bad", error_message(error))
                continue
        free = shutil.disk_usage(there).free
        message = f"{shown}, {_size(free)} free"
        if free < _LOW_DISK:
            yield Finding(what, "warn", f"{message}: free some disk space, or songs will have to wait")
        else:
            yield Finding(what, "good", message)


def _size(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size // 2**20} MB"


def _exists(path: Path) -> bool:
    """Whether the path exists and is accessible."""
    try:
        return path.exists()
    except OSError:
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def check_queue(context: CommandContext) -> Finding:
    """Check whether the queue can be opened, and who dispatches it."""
    if not _exists(context.paths.data):
        return Finding("queue", "good", "empty")
    warning = emptied_warning(context)
    try:
        with open_store(context) as store:
            store.check()
            count = len(store.jobs())
    except (StoreError, ConfigError) as error:
        return Finding("queue", "bad", error_message(error))
    working = dispatching_processes(context)
    who = ", ".join(f"process {pid} sends the jobs of {service}" for service, pid in working.items())
    stopped = [presence(pid, service) for service, pid in working.items() if is_stopped(pid)]
    if warning or stopped:
        return Finding("queue", "warn", warning or f"{stopped[0]}.")
    return Finding("queue", "good", f"{counted(count, 'job')}; {who or 'no process sends jobs'}")


def check_player(context: CommandContext) -> Finding:
    """Check whether songs can be played."""
    from riffusion_tui.tui.playing.players import find_player

    command = find_player(context.settings.player.command, context.environ)
    if not command:
        elsewhere = "`ssh HOST riffusion-tui cat JOB | mpv -`"
        return Finding("player", "warn", f"none found here: install mpv, or play from another machine: {elsewhere}")
    found = shutil.which(command[0])
    return Finding("player", "good" if found else "bad", found or f"{command[0]} (player.command) not found")


def check_notify_command(context: CommandContext) -> Iterator[Finding]:
    """Check the program that runs when a job ends, if one is configured."""
    with suppress(ValueError):  # an unmatched quotation mark, which is reported with the settings
        for program in shlex.split(context.settings.notify.command)[:1]:
            found = shutil.which(program)
            yield Finding("notify", "good" if found else "bad", found or f"{program} (notify.command) not found")


def check_soundfont(context: CommandContext) -> Finding:
    """Check whether the configured soundfont exists."""
    from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED, candidates

    setting = context.settings.studio.soundfont or None
    wanted = list(candidates(setting))
    found = next((path for path in wanted if _is_file(path)), None)
    if found is None and setting not in (None, SYNTHESIZED):
        return Finding("sounds", "bad", f"{setting} (studio.soundfont) not found; using built-in sounds")
    return Finding("sounds", "good", str(found) if found else "built-in sounds, no soundfont")


def check_pronunciation(context: CommandContext) -> Iterator[Finding]:
    """Check the program that pronounces lyrics, if one is configured."""
    from riffusion_tui.studio.engine.song_request import ESPEAK

    if context.settings.studio.pronunciation == ESPEAK:
        from riffusion_tui.studio.engine.engine_errors import EspeakError
        from riffusion_tui.studio.engine.pronunciation.espeak import version

        try:
            yield Finding("pronunciation", "good", f"{ESPEAK} {version()}")
        except EspeakError as error:
            message = f"{ESPEAK} (studio.pronunciation) {error}; using the built-in pronunciation"
            yield Finding("pronunciation", "bad", message)
