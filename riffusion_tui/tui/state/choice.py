"""One line of a list to choose from."""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """What a picker shows, and the id that it returns."""

    id: str
    text: str
    beside: str = ""
    """In a soft colour after the text: what it does."""
    key: str = ""
    """At the right edge: the key that does the same."""
