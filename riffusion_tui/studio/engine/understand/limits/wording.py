"""Parts of sentences for the user."""

from __future__ import annotations


def article(noun: str) -> str:
    """Return `a` or `an`, as the noun needs it."""
    return "an" if noun[0] in "aeio" else "a"


def span(seconds: float) -> str:
    """Return minutes and seconds: `2:30`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
