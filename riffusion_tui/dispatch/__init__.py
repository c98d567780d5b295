"""Sends, follows and fetches jobs. Independent of the screen and of HTTP: it works with any `services.base.Service`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.lazy_imports import lazy_getattr

if TYPE_CHECKING:
    from riffusion_tui.dispatch.commands.job_commands import JobCommands
    from riffusion_tui.dispatch.commands.store_commands import BulkResult
    from riffusion_tui.dispatch.dispatcher import Dispatcher
    from riffusion_tui.dispatch.errors import NotPossible
    from riffusion_tui.dispatch.queue_summary import Banner, Countdown, QueueSummary, Slots, summarize
    from riffusion_tui.dispatch.sending.queue_order import QueuePlace
    from riffusion_tui.dispatch.wait import blocked, drained, ended

__all__ = [
    "Banner",
    "BulkResult",
    "Countdown",
    "Dispatcher",
    "JobCommands",
    "NotPossible",
    "QueuePlace",
    "QueueSummary",
    "Slots",
    "blocked",
    "drained",
    "ended",
    "summarize",
]
_MODULES = {
    "errors": "NotPossible",
    "commands.job_commands": "JobCommands",
    "sending.queue_order": "QueuePlace",
    "commands.store_commands": "BulkResult",
    "dispatcher": "Dispatcher",
    "queue_summary": "Banner Countdown QueueSummary Slots summarize",
    "wait": "blocked drained ended",
}
# The first frame needs only the summary; the rest loads later.
__getattr__ = lazy_getattr(__name__, {name: module for module, names in _MODULES.items() for name in names.split()})
