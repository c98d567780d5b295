"""Commands of the detail screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.tui.messages import say

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp
    from riffusion_tui.tui.screens.detail import DetailScreen


def _screen(app: RiffusionApp) -> DetailScreen | None:
    from riffusion_tui.tui.screens.detail import DetailScreen

    return app.screen if isinstance(app.screen, DetailScreen) else None


def _copy(app: RiffusionApp, text: str, what: str) -> None:
    if not text:
        app.tell(say("copy.nothing"), "soft")
    elif app.terminal.copy(text):
        app.tell(say("copy.done", what=what), "done")
    else:
        app.tell(say("copy.too_long"), "held")


def curl(app: RiffusionApp) -> None:
    """Copy the request as a curl command."""
    screen = _screen(app)
    if screen is not None:
        _copy(app, app.deps.curl(screen.job_id) if app.deps.curl is not None else "", say("copy.curl"))


def copy_raw(app: RiffusionApp) -> None:
    """Copy the service's record."""
    screen = _screen(app)
    if screen is not None:
        _copy(app, screen.raw(), say("copy.raw"))


async def pager(app: RiffusionApp) -> None:
    """Read all of it in $PAGER."""
    from riffusion_tui.tui.external_editor import paged

    screen = _screen(app)
    if screen is not None:
        await paged(app, screen.text())


def _other(app: RiffusionApp, step: int) -> None:
    screen = _screen(app)
    if screen is None:
        return
    ids = [job.id for job in app.model.takes_of(app.model.list.jobs[screen.job_id])]
    if screen.job_id not in ids or not 0 <= ids.index(screen.job_id) + step < len(ids):
        app.tell(say("detail.no_other"), "soft")
        return
    screen.open(ids[ids.index(screen.job_id) + step])


def before(app: RiffusionApp) -> None:
    """The take before."""
    _other(app, -1)


def after(app: RiffusionApp) -> None:
    """The take after."""
    _other(app, 1)
