"""Sends, follows and fetches jobs. Knows no screen and no HTTP: it works with whatever speaks `services.base`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.lazily import lazily

if TYPE_CHECKING:
    from riffusion_tui.dispatch.dispatcher import Dispatcher
    from riffusion_tui.dispatch.job_builder import NotPossible
    from riffusion_tui.dispatch.job_commands import BulkResult, JobCommands, QueuePlace
    from riffusion_tui.dispatch.queue_summary import Banner, Countdown, QueueSummary, Slots, look
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
    "look",
]
_HOLDS = {
    "job_builder": "NotPossible",
    "job_commands": "BulkResult JobCommands QueuePlace",
    "dispatcher": "Dispatcher",
    "queue_summary": "Banner Countdown QueueSummary Slots look",
    "wait": "blocked drained ended",
}
# A screen paints with the summary alone; what sends and fetches loads behind it.
__getattr__ = lazily(__name__, {name: module for module, names in _HOLDS.items() for name in names.split()})
