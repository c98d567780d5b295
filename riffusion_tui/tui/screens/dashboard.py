"""The dashboard: songs by day and by account, updated live."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content

from riffusion_tui.store import Store
from riffusion_tui.store.store_types import DayCount
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.keys import bindings
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.app_screen import ModelChanged
from riffusion_tui.tui.screens.framed import FramedScreen
from riffusion_tui.tui.state.dashboard import WEEK, dashboard_lines
from riffusion_tui.tui.widgets.lines_view import SCROLLING, LinesView
from riffusion_tui.tui.workers import in_worker

if TYPE_CHECKING:
    from riffusion_tui.tui.playing.playing_app import PlayingApp

_RECOUNT_S = 1.0
"""Minimum interval between counts, in seconds; each reads all jobs."""
_DAY_S = 86_400


class DashboardView(LinesView):
    """The scrolling lines."""

    BINDINGS = [*SCROLLING, *bindings(CommandScope.DASHBOARD)]


class DashboardScreen(FramedScreen):
    """Totals, accounts and days."""

    SCOPES = (CommandScope.DASHBOARD, CommandScope.SCREENS)

    def __init__(self, app: PlayingApp) -> None:
        super().__init__(app, DashboardView(), id="dashboard")
        self._counts: Sequence[DayCount] | None = None
        self._stale = True
        self._counting = False

    def on_mount(self) -> None:
        """Count now, and again after changes."""
        self._pane.border_title = Content(message("dashboard.title", service=self._owner.deps.service))
        self._recount()
        self.set_interval(_RECOUNT_S, self._recount)

    @on(ModelChanged)
    def _model_changed(self, event: ModelChanged) -> None:
        change = event.change
        self._stale = self._stale or bool(change.ended or change.jobs or change.waits)

    def _recount(self) -> None:
        if self._stale and not self._counting:
            self._stale, self._counting = False, True
            self._count()

    @in_worker
    async def _count(self) -> None:
        """Count in a thread, since a long list takes too long to count between two keys."""
        try:
            self._counts = await asyncio.to_thread(self._read)
        finally:
            self._counting = False
        if self.is_attached:
            self.show()

    def _read(self) -> Sequence[DayCount]:
        deps = self._owner.deps
        with Store.open(deps.store.path, deps.clock) as store:
            return store.daily(deps.service, deps.clock.now() - WEEK * _DAY_S)

    def show(self) -> None:
        """Draw the counts."""
        if self._counts is None:
            self._view.put([], [[(message("dashboard.reading"), "dim")]])
            return
        model = self._owner.model
        cells = max(1, self._view.content_region.width - 1)
        today = date.fromtimestamp(model.now)
        accounts = [one._replace(user_id=model.account_name(one.user_id)) for one in model.accounts]
        counts = [one._replace(account=model.account_name(one.account)) for one in self._counts]
        self._view.put([], dashboard_lines(counts, accounts, today, cells, self._owner.glyphs))
