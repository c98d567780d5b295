"""Textual's `App`, without the command palette that every import of it loads.

Textual's palette, lists, trees and fields take 10 % of the time to the first frame. This app has its own palette
(`screens/picker.py`), so an empty module replaces Textual's while `textual.app` is imported. Later imports of
`textual.command` get the real module.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_PALETTE = "textual.command"
NAMES = ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider")
"""Names that `textual.app` and `textual.theme` import from it, for annotations, base classes and disabled features."""


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
