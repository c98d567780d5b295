"""Imports of Textual without its command palette, which `textual.app` and `textual.theme` load.

The palette, its lists, trees and fields take 10 % of the time to the first frame. This app has its own palette
(`screens/picker.py`), so an empty module replaces Textual's meanwhile. Later imports of `textual.command` get the real
module.
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
def palette_left_out() -> Iterator[None]:
    """Replace the palette by an empty module for the imports inside."""
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
