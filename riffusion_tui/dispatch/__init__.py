"""Sends, follows and fetches jobs. Knows no screen and no HTTP: it works with whatever speaks `services.base`."""

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
