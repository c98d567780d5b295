"""Textual's `App`, without the command palette that every import of it loads.

Palette, lists, trees and fields of Textual are a tenth of the time to the first frame. This app has its own palette
(`screens/picker.py`) and switches Textual's off, so an empty module stands in the palette's place while
`textual.app` is read. Whoever asks for `textual.command` afterwards gets the real one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_PALETTE = "textual.command"
NAMES = ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider")
"""What `textual.app` and `textual.theme` take from it: for annotations, as a base class, and for what is off here."""


@contextmanager
def _palette_left_out() -> Iterator[None]:
    if _PALETTE in sys.modules:
        yield
        return
    empty = ModuleType(_PALETTE)
    for name in NAMES:
        setattr(empty, name, type(name, (), {}))
    sys.modules[_PALETTE] = empty
    try:
        yield
    finally:
        del sys.modules[_PALETTE]


with _palette_left_out():
    from textual.app import App

__all__ = ["App"]
