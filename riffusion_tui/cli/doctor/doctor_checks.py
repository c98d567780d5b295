"""All checks of `doctor`, in order."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

from riffusion_tui import __version__
from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.doctor.doctor_finding import Finding
from riffusion_tui.cli.doctor.doctor_machine import (
    check_folders,
    check_library,
    check_locale,
    check_notify_command,
    check_player,
    check_pronunciation,
    check_queue,
    check_settings_file,
    check_soundfont,
    check_terminal,
)
from riffusion_tui.cli.doctor.doctor_service import check_address, check_clock, check_service, check_token
from riffusion_tui.cli.errors import WRONG_USE
from riffusion_tui.config.errors import ConfigError


def checkup(context: CommandContext, *, service: bool) -> Iterator[Finding]:
    """Run all checks in order; those of the service only if requested."""
    yield Finding("version", "good", f"riffusion-tui {__version__}, Python {sys.version.split()[0]} on {sys.platform}")
    yield check_terminal(context)
    yield check_locale()
    try:
        name = context.settings.service.name
    except ConfigError as error:
        yield Finding("settings", "bad", str(error))
        return
    yield check_settings_file(context, name)
    yield check_library(context)
    yield from check_folders(context)
    yield check_queue(context)
    yield check_address(context)
    token = check_token(context)
    yield token
    yield check_player(context)
    yield from check_notify_command(context)
    yield check_soundfont(context)
    yield from check_pronunciation(context)
    yield from _studio(context, name)
    yield from _cluster(context, connect=service)
    if service and token.state != "bad":
        found = asyncio.run(check_service(context))
        yield from found
        if found[0].state == "good":  # skip if the service check has failed
            yield from check_clock(context)


def _studio(context: CommandContext, service: str) -> Iterator[Finding]:
    """Report a newer version's database; any other trouble is reported when the studio is used."""
    if service == "studio":
        from riffusion_tui.studio.queue.folders import Folders
        from riffusion_tui.studio.queue.studio_store import NewerFile, check_version

        folder = context.paths.studio
        try:
            check_version(Folders(folder).database)
        except NewerFile as error:
            yield Finding("studio", "bad", clean_line(f"{folder}: {error}."), WRONG_USE)


def _cluster(context: CommandContext, *, connect: bool) -> Iterator[Finding]:
    if context.settings.studio.cluster:
        from riffusion_tui.cli.doctor.cluster_check import check_cluster

        for found in check_cluster(context, connect=connect):
            yield Finding("cluster", found.state, clean_line(found.message), found.code)
