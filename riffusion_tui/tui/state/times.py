"""Format durations and times."""

from __future__ import annotations

import time


def span(seconds: float) -> str:
    """Return `m:ss`, or `h:mm:ss` from an hour on; negative is 0:00."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours < 24 else f"{hours // 24}d{hours % 24:02}h"


def countdown(until: float, now: float) -> str:
    """Format the time left until `until`, rounded up, so that 0:00 means now."""
    return span(-((now - until) // 1))


def rough(seconds: float) -> tuple[int, str]:
    """Round a duration to a number and a unit: (20, "s"), (9, "min"), (3, "h")."""
    if seconds < 55:
        return max(5, round(seconds / 5) * 5), "s"
    if seconds < 90 * 60:
        return max(1, round(seconds / 60)), "min"
    return round(seconds / 3600), "h"


def clock(at: float, now: float) -> str:
    """Format the local time of day, with the date unless it is today."""
    there, here = time.localtime(at), time.localtime(now)
    if there[:3] == here[:3]:
        return time.strftime("%H:%M", there)
    if there[0] == here[0]:
        return f"{time.strftime('%b', there)} {there.tm_mday} {time.strftime('%H:%M', there)}"
    return time.strftime("%Y-%m-%d", there)
