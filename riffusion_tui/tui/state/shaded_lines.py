"""The types of text that a view draws: lines of pieces, each in a shade of the theme."""

from __future__ import annotations

Shaded = tuple[str, str]
"""A piece of text and the name of its shade."""
Lines = list[list[Shaded]]
END_OF_LABEL: Shaded = ("", "dim")
"""Comes after a label of several pieces; other labels are a line's first piece."""

LABEL_CELLS = 15
"""Width of the column of labels, with the gap after it."""


def label(text: str, cells: int = LABEL_CELLS) -> Shaded:
    """Return the label of a line, as wide as those of all other lines, so that what follows is aligned."""
    return f"{text:<{cells - 1}} ", "faint"
