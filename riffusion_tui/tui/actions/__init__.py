"""What commands do. A handler takes the app, may be a coroutine, and raises the core's errors: `perform` tells them."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from riffusion_tui.clean import told
from riffusion_tui.config.errors import ConfigError
from riffusion_tui.dispatch.job_commands import NotPossible
from riffusion_tui.services.base import ServiceError
from riffusion_tui.store import StoreError
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.text_cells import width

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp
    from riffusion_tui.tui.commands import Command

TOLD = (NotPossible, ServiceError, StoreError, ConfigError)
"""Errors that a person is told of in the status bar; any other is a mistake of this program and ends it."""


def handler_of(command: Command) -> Callable[[RiffusionApp], Awaitable[None] | None]:
    """Return a command's handler, imported now."""
    module, _, name = command.handler.partition(":")
    found: Callable[[RiffusionApp], Awaitable[None] | None] = getattr(import_module(f"{__name__}.{module}"), name)
    return found


def can(app: RiffusionApp, command: Command) -> bool:
    """Whether the service can do what the command is for."""
    return not command.needs or bool(getattr(app.deps.capabilities, command.needs))


def perform(app: RiffusionApp, command: Command) -> None:
    """Run a command; what takes time runs beside the screen, in a group of its own."""
    if not can(app, command):
        app.tell(say("options.not_here", service=app.deps.service, what=command.label), "waits")
        return
    handler = handler_of(command)
    if inspect.iscoroutinefunction(handler):
        app.run_worker(_awaited(app, handler), group=command.id, name=command.id)
        return
    try:
        handler(app)
    except TOLD as error:
        tell_error(app, error)


async def _awaited(app: RiffusionApp, handler: Callable[[RiffusionApp], Awaitable[Any]]) -> None:
    try:
        await handler(app)
    except TOLD as error:
        tell_error(app, error)


def tell_error(app: RiffusionApp, error: BaseException) -> None:
    """Say what went wrong and what to do about it."""
    text = told(error)
    app.tell(text, "held")
    if width(text) > app.size.width - 2 and not hasattr(app.screen, "say"):
        from riffusion_tui.tui.screens.ask import Reader

        app.push_screen(Reader(say("error.title"), [[(line, "ink")] for line in text.split("\n")]))
