"""The types of text that a view draws: lines of pieces, each in a shade of the theme."""

from __future__ import annotations

Shaded = tuple[str, str]
"""A piece of text and the name of its shade."""
Lines = list[list[Shaded]]
