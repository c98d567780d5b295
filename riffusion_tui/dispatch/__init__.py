"""Sends, follows and fetches jobs. Knows no screen and no HTTP: it works with whatever speaks `services.base`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.lazily import lazily

if TYPE_CHECKING:
    from riffusion_tui.dispatch.asking import DeskError
    from riffusion_tui.dispatch.desk import Acted, Desk, Where
    from riffusion_tui.dispatch.dispatcher import Dispatcher
    from riffusion_tui.dispatch.lock import Lock, holder
    from riffusion_tui.dispatch.outlook import Banner, Countdown, Outlook, Slots, look
    from riffusion_tui.dispatch.watch import blocked, drained, ended

__all__ = [
    "Acted",
    "Banner",
    "Countdown",
    "Desk",
    "DeskError",
    "Dispatcher",
    "Lock",
    "Outlook",
    "Slots",
    "Where",
    "blocked",
    "drained",
    "ended",
    "holder",
    "look",
]
_HOLDS = {
    "asking": "DeskError",
    "desk": "Acted Desk Where",
    "dispatcher": "Dispatcher",
    "lock": "Lock holder",
    "outlook": "Banner Countdown Outlook Slots look",
    "watch": "blocked drained ended",
}
# A screen paints with the outlook alone; what sends and fetches loads behind it.
__getattr__ = lazily(__name__, {name: module for module, names in _HOLDS.items() for name in names.split()})
