"""Leaves frames unpainted that nobody looks at: painting takes a third of the time of a test that only reads text.

What is left unpainted adds up, as it does between two updates of the screen, and is painted at once. The first frame of
each screen and an app's last are always painted, so that an error in painting fails the test.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from textual.app import App
from textual.screen import Screen

_paint = Screen._compositor_refresh
_painted: WeakKeyDictionary[App[Any], WeakSet[Screen[Any]]] = WeakKeyDictionary()
"""The apps that leave frames unpainted, and their screens that were painted."""


def leave_frames(app: App[Any]) -> None:
    """Leave the app's frames unpainted from now on."""
    _painted[app] = WeakSet()


def paint_first(app: App[Any]) -> None:
    """Paint the current screen if it never was."""
    if app in _painted and app.screen not in _painted[app]:
        paint(app)


def paint(app: App[Any]) -> None:
    """Paint everything that was left."""
    if app in _painted:
        _painted[app].add(app.screen)
        app.screen._compositor.update_widgets(app.screen._dirty_widgets)
        _paint(app.screen)


def refresh(screen: Screen[Any]) -> None:
    """Note what has changed, in place of `Screen._compositor_refresh`; paint it only in other apps."""
    app = screen.app
    if app in _painted and screen is app.screen:
        screen._dirty_widgets.clear()
        app._update_mouse_over(screen)
    else:
        _paint(screen)
