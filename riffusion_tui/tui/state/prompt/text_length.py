"""Warns, while a text is typed, that it is near the service's limit of characters."""

from __future__ import annotations

from riffusion_tui.tui.messages import message

_NEAR = 0.9
"""Share of the limit from which it is shown."""


def is_near(characters: int, limit: int) -> bool:
    """Whether a text is near the limit, or over it."""
    return characters >= _NEAR * limit


def length_warning(characters: int, limit: int) -> str:
    """Return how long a text is, if it is near the limit or over it; otherwise an empty string."""
    if not is_near(characters, limit):
        return ""
    return message("length.over" if characters > limit else "length.near", n=characters, limit=limit)
