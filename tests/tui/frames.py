"""Skips painting frames that no test reads: painting takes a third of the time of a test that only reads text.

Changes accumulate, as between two updates of the screen, and are painted together. Each screen is painted before keys
that may close it, and what was not read yet when the app ends, so that an error in painting fails the test.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from textual._context import visible_screen_stack
from textual.app import App
from textual.screen import Screen

_paint = Screen._compositor_refresh
_painted: WeakKeyDictionary[App[Any], WeakSet[Screen[Any]]] = WeakKeyDictionary()
"""The apps that leave frames unpainted, and their screens that were painted."""
_changed: WeakSet[Screen[Any]] = WeakSet()
"""The screens that changed after they were last drawn."""


def leave_frames(app: App[Any]) -> None:
    """Leave the app's frames unpainted from now on."""
    _painted[app] = WeakSet()


def seen(screen: Screen[Any]) -> None:
    """Mark a screen as fully drawn, to read its text."""
    if screen.app in _painted:
        _painted[screen.app].add(screen)
        _changed.discard(screen)
        visible_screen_stack.set(screen.app._background_screens)  # otherwise, screens below aren't drawn


def paint_once(app: App[Any]) -> None:
    """Paint the current screen if it never was, except for the first one, which is painted at the end."""
    if app in _painted and app.screen is not app.screen_stack[0] and app.screen not in _painted[app]:
        paint(app)


def paint(app: App[Any]) -> None:
    """Paint all pending changes of the current screen."""
    if app in _painted:
        _painted[app].add(app.screen)
        _changed.discard(app.screen)
        app.screen._compositor.update_widgets(app.screen._dirty_widgets)
        _paint(app.screen)


def paint_last(app: App[Any]) -> None:
    """Paint all pending changes of each open screen."""
    if app in _painted:
        if _has_changed(app.screen):
            paint(app)
        for screen in app.screen_stack:
            if screen not in _painted[app]:
                screen._compositor.render_full_update()


def _has_changed(screen: Screen[Any]) -> bool:
    pending = screen._dirty_widgets or screen._layout_required or screen._repaint_required
    return bool(pending) or screen in _changed


def refresh(screen: Screen[Any]) -> None:
    """Record changes, replacing `Screen._compositor_refresh`; paint only in other apps."""
    app = screen.app
    if app in _painted and screen is app.screen:
        screen._dirty_widgets.clear()
        _changed.add(screen)
        app._update_mouse_over(screen)
    else:
        _paint(screen)
