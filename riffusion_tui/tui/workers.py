"""Run actions in workers and report their errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from riffusion_tui.tui.base_app import BaseApp

Node = TypeVar("Node", bound=MessagePump)
Given = ParamSpec("Given")


@cache
def reported_errors() -> tuple[type[Exception], ...]:
    """Return the expected error types, which are shown; any other error ends the program."""
    from riffusion_tui.config.errors import ConfigError  # imported only when an error occurs
    from riffusion_tui.dispatch.errors import NotPossible
    from riffusion_tui.services.base import ServiceError
    from riffusion_tui.store import StoreError

    return (NotPossible, ServiceError, StoreError, ConfigError)


def in_worker(action: Callable[Concatenate[Node, Given], Awaitable[Any]]) -> Callable[Concatenate[Node, Given], None]:
    """Decorate an action that asks or waits: it runs in a worker, so that the screen stays responsive."""

    @wraps(action)
    def start(self: Node, /, *args: Given.args, **given: Given.kwargs) -> None:
        app = cast("BaseApp", self.app)
        app.run_worker(_reported(app, action(self, *args, **given)), group=action.__name__, name=action.__name__)

    return start


async def _reported(app: BaseApp, running: Awaitable[Any]) -> None:
    try:
        await running
    except reported_errors() as error:
        app.report(error)
    finally:
        app.show_changes()
