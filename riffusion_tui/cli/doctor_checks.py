"""The checks of `doctor`. Each returns findings and never raises."""

from __future__ import annotations

import asyncio
import locale
import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from riffusion_tui import __version__
from riffusion_tui.clean import clean_line, error_message
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, NEEDS_ATTENTION, SOME_FAILED, WRONG_USE
from riffusion_tui.cli.exit_messages import code_of
from riffusion_tui.cli.output import counted
from riffusion_tui.cli.service_setup import addresses_of, profile_in, url_of
from riffusion_tui.cli.session import dispatching_processes, emptied_warning, open_session, open_store, presence
from riffusion_tui.cli.settings_check import check_settings
from riffusion_tui.config.errors import ConfigError
from riffusion_tui.config.library import load_library
from riffusion_tui.config.secrets import Tokens, origin
from riffusion_tui.file_lock import is_stopped
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.services.base import AccountInfo, NotSent, ServiceError, Unanswered, Unauthorized, Unreadable
from riffusion_tui.store import StoreError, check_locks

State = Literal["good", "warn", "bad"]
CLOCK_S = 60.0
"""Clock difference in seconds above which the times shown as `next at` would be misleading."""
LOW_DISK = 500 * 2**20
"""In bytes; enough for a hundred songs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of a check: subject, state, message (with advice, unless good) and exit code."""

    what: str
    state: State
    message: str
    worst: int = SOME_FAILED
    """The command's exit code if this is bad."""

    @property
    def code(self) -> int:
        """Exit code for this finding."""
        return self.worst if self.state == "bad" else DONE


def checkup(context: CommandContext, *, service: bool) -> Iterator[Finding]:
    """Run all checks in order; those of the service only if requested."""
    yield Finding("version", "good", f"riffusion-tui {__version__}, Python {sys.version.split()[0]} on {sys.platform}")
    yield _terminal(context)
    yield _locale()
    try:
        name = context.settings.service.name
    except ConfigError as error:
        yield Finding("settings", "bad", str(error))
        return
    yield _settings(context, name)
    yield _library(context)
    yield from _folders(context)
    yield _queue(context)
    yield _address(context)
    token = _token(context)
    yield token
    yield _player(context)
    yield _soundfont(context)
    yield from _pronunciation(context)
    yield from _cluster(context, connect=service)
    if service and token.state != "bad":
        found = asyncio.run(_service(context))
        yield from found
        if found[0].state == "good":  # skip if the service check has failed
            yield from _clock(context)


def _terminal(context: CommandContext) -> Finding:
    term, ssh = clean_line(context.environ.get("TERM", "")), "SSH_CONNECTION" in context.environ
    inside = next((name for name, variable in (("tmux", "TMUX"), ("screen", "STY")) if variable in context.environ), "")
    where = "".join([f", in {inside}" if inside else "", ", over ssh" if ssh else ""])
    if term in ("", "dumb", "unknown"):
        return Finding("terminal", "warn", f"TERM={term or 'unset'}{where}: can't show the screen; the commands work")
    size = shutil.get_terminal_size((0, 0))
    seen = f", {size.columns}×{size.lines}" if size.columns else ""
    colors = clean_line(context.environ.get("COLORTERM", "")) or "256 colors or fewer"
    return Finding("terminal", "good", f"TERM={term}{seen}, {colors}{where}")


def _locale() -> Finding:
    encoding = locale.getencoding()  # as for the screen; the preferred one is always UTF-8 in the locale C
    if encoding.upper().replace("-", "") == "UTF8":
        return Finding("locale", "good", encoding)
    return Finding("locale", "warn", f"{encoding}: symbols are drawn in ASCII; set LANG to a locale ending in .UTF-8")


def _settings(context: CommandContext, service: str) -> Finding:
    try:
        problems = check_settings(context)
    except ConfigError as error:
        return Finding("settings", "bad", str(error))
    if problems:
        return Finding("settings", "bad", clean_line("; ".join(problem.rstrip(".") for problem in problems)))
    file = context.paths.settings_file
    return Finding(
        "settings",
        "good",
        f"{clean_line(str(file))}{'' if file.exists() else ' (missing; using defaults)'}; service: {service}",
    )


def _library(context: CommandContext) -> Finding:
    try:
        library = load_library(context.paths.library_file)
    except ConfigError as error:
        return Finding("library", "bad", str(error))
    return Finding(
        "library", "good", f"{counted(len(library.prompts), 'prompt')}, {counted(len(library.presets), 'preset')}"
    )


def _folders(context: CommandContext) -> Iterator[Finding]:
    paths = context.paths
    folders = [("data", paths.data), ("config", paths.config), ("log", paths.state)]
    with suppress(ConfigError):  # reported with the settings
        folders.insert(0, ("songs", context.songs))
    for what, folder in folders:
        there = next(path for path in (folder, *folder.parents) if _exists(path))
        shown, base = clean_line(str(folder)), clean_line(str(there))
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
        if free < LOW_DISK:
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


def _queue(context: CommandContext) -> Finding:
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


def _address(context: CommandContext) -> Finding:
    profile, addresses = profile_in(context.settings), addresses_of(context.settings)
    if not addresses:
        return Finding("address", "good", f"{profile.title} is built in; needs no address")
    from riffusion_tui.services.address import api_url

    insecure = context.settings.service.insecure or profile.authorization == "optional"
    try:
        urls = [str(api_url(address, profile.path, insecure=insecure)) for address in addresses]
    except ServiceError as error:
        return Finding("address", "bad", error_message(error), WRONG_USE)
    return Finding("address", "good", clean_line(", ".join(urls)))


def _token(context: CommandContext) -> Finding:
    profile = profile_in(context.settings)
    if profile.authorization == "never":
        return Finding("token", "good", f"{profile.title} needs none")
    url = url_of(context.settings)
    try:
        found = Tokens(context.paths.token_file, context.environ).find(url)
    except ConfigError as error:
        return Finding("token", "bad", str(error))
    if found is None and profile.authorization == "optional":
        where = f" for {clean_line(origin(url))}" if urlsplit(url).netloc else ""  # the address may be unusable
        return Finding("token", "good", f"none set{where}; most servers need none")
    if found is None:
        message = f"none for {clean_line(origin(url))}: `{context.command('token set')}`"
        return Finding("token", "bad", message, NEEDS_ATTENTION)
    return Finding("token", "good", f"from {found.where}")


def _player(context: CommandContext) -> Finding:
    from riffusion_tui.tui.players import find_player

    command = find_player(context.settings.player.command, context.environ)
    if not command:
        return Finding(
            "player", "warn", "none found here; from another machine: `ssh HOST riffusion-tui cat JOB | mpv -`"
        )
    found = shutil.which(command[0])
    return Finding("player", "good" if found else "bad", found or f"{command[0]} (player.command) not found")


def _soundfont(context: CommandContext) -> Finding:
    from riffusion_tui.studio.engine.sounds import SYNTHESIZED, candidates

    setting = context.settings.studio.soundfont or None
    wanted = list(candidates(setting))
    found = next((path for path in wanted if _is_file(path)), None)
    if found is None and setting not in (None, SYNTHESIZED):
        return Finding("sounds", "bad", f"{setting} (studio.soundfont) not found; using built-in sounds")
    return Finding("sounds", "good", str(found) if found else "built-in sounds, no soundfont")


def _pronunciation(context: CommandContext) -> Iterator[Finding]:
    from riffusion_tui.studio.engine.song_request import ESPEAK

    if context.settings.studio.pronunciation == ESPEAK:
        from riffusion_tui.studio.engine.singing.espeak import EspeakError, version

        try:
            yield Finding("pronunciation", "good", f"{ESPEAK} {version()}")
        except EspeakError as error:
            message = f"{ESPEAK} (studio.pronunciation) {error}; using the built-in pronunciation"
            yield Finding("pronunciation", "bad", message)


def _cluster(context: CommandContext, *, connect: bool) -> Iterator[Finding]:
    if context.settings.studio.cluster:
        from riffusion_tui.cli.cluster_check import check_cluster

        for found in check_cluster(context, connect=connect):
            yield Finding("cluster", found.state, clean_line(found.message), found.code)


async def _service(context: CommandContext) -> list[Finding]:
    async with open_session(context) as session:
        try:
            accounts = await session.service.accounts()
            load = await session.service.workload()
        except Unauthorized as error:
            message = f"{clean_line(str(error)).rstrip('.')}. `{context.command('token set')}` sets a valid token"
            return [Finding("service", "bad", message, NEEDS_ATTENTION)]
        except Unanswered as error:  # a job's advice is to wait
            return [Finding("service", "bad", f"{error} {NotSent.advice}", SOME_FAILED)]
        except ServiceError as error:
            code = WRONG_USE if isinstance(error, Unreadable) else code_of(error) or SOME_FAILED
            return [Finding("service", "bad", error_message(error), code)]
        slots = sum(one.max_jobs for one in load.capacity)
        running = len(load.running)
        found = [Finding("service", "good", f"{session.service.name} answers: {running} running on {slots} slots")]
        credential = session.service.capabilities.credential
        if not accounts:
            message = f"none: `{context.command('accounts repair')}` adds one, by its {credential}"
            found.append(Finding("accounts", "bad", message, NEEDS_ATTENTION))
        gates = session.store.gates(session.service.name)
        poor = {gate.account for gate in gates if gate.cause is WaitCause.CREDITS}
        names = session.store.nicknames()
        for one in accounts:
            name = clean_line(names.get(one.user_id, one.user_id))
            cure = f"`{context.command(f'accounts repair {name}')}` sets a new {credential}"
            found.append(_account(one, name, cure, poor=one.user_id in poor))
        found += [Finding(*one) for one in await session.service.inspect()]
        return found


def _account(one: AccountInfo, name: str, cure: str, *, poor: bool) -> Finding:
    if one.error:
        message = one.error if one.error.startswith(name) else f"{name}: {one.error}"
        return Finding("account", "bad", f"{message.rstrip('.')}. {cure}", NEEDS_ATTENTION)
    message = f"{name}: {one.max_jobs} slots"
    if one.credits is not None:
        message += f", {one.credits:g} credits"
    if poor or (one.credits is not None and one.credits <= 0):
        message += ", too few for a song; top up the subscription and its jobs continue automatically"
        return Finding("account", "bad", message, NEEDS_ATTENTION)
    return Finding("account", "good", message)


def _clock(context: CommandContext) -> Iterator[Finding]:
    """Compare the service's clock with ours. Every response has a date, so no token is sent."""
    if not any(url.startswith(("http://", "https://")) for url in addresses_of(context.settings)):
        return
    request = urllib.request.Request(url_of(context.settings), method="HEAD")  # noqa: S310 (http or https: checked)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 (as above)
            date = answer.headers.get("Date", "")
    except urllib.error.HTTPError as error:
        date = error.headers.get("Date", "")
        error.close()
    except (OSError, ValueError):
        return
    try:
        off = time.time() - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return
    fine = abs(off) < CLOCK_S
    message = "agrees with the service's" if fine else f"is {off:+.0f} s off the service's; set it"
    yield Finding("clock", "good" if fine else "warn", message)
