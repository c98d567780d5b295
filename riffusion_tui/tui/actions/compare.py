"""Commands of the screen that compares two takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riffusion_tui.tui.actions.song import hear
from riffusion_tui.tui.messages import say

if TYPE_CHECKING:
    from riffusion_tui.tui.app import RiffusionApp
    from riffusion_tui.tui.screens.compare import CompareScreen


def _screen(app: RiffusionApp) -> CompareScreen | None:
    from riffusion_tui.tui.screens.compare import CompareScreen

    return app.screen if isinstance(app.screen, CompareScreen) else None


def left(app: RiffusionApp) -> None:
    """Choose the left take."""
    if screen := _screen(app):
        screen.choose(0)


def right(app: RiffusionApp) -> None:
    """Choose the right take."""
    if screen := _screen(app):
        screen.choose(1)


async def swap(app: RiffusionApp) -> None:
    """Go over to the other take; what plays goes on there from the same second."""
    screen = _screen(app)
    if screen is None:
        return
    playing = screen.playing(screen.chosen)
    screen.choose(1 - screen.side)
    if playing is not None and app.listening is not None:
        await hear(app, app.model.list.jobs[screen.chosen], start_s=playing.position_s)


async def play(app: RiffusionApp) -> None:
    """Play the chosen take, or pause it."""
    screen = _screen(app)
    if screen is not None and screen.chosen in app.model.list.jobs:
        await hear(app, app.model.list.jobs[screen.chosen])


def keep(app: RiffusionApp) -> None:
    """Keep the chosen take, reject the other, and show which was which."""
    screen = _screen(app)
    if screen is None:
        return
    app.deps.job_commands.judge(screen.chosen, "keep")
    app.deps.job_commands.judge(screen.other, "reject")
    if screen.blind:
        screen.blind = False
    app.look_now()
    app.model.list.select(screen.chosen)  # what comes next, a copy or a save, is meant for the keeper
    app.main.jobs.rearranged()
    app.tell(say("compare.kept", id=screen.chosen), "done")
    screen.show()


def reject(app: RiffusionApp) -> None:
    """Reject the chosen take."""
    screen = _screen(app)
    if screen is not None:
        app.deps.job_commands.judge(screen.chosen, "reject")
        app.look_now()
        screen.show()


def blind(app: RiffusionApp) -> None:
    """Hide which is which, or show it."""
    if screen := _screen(app):
        screen.toggle_blind()


def next_(app: RiffusionApp) -> None:
    """Put the next take of the prompt beside the chosen one."""
    screen = _screen(app)
    if screen is None or screen.chosen not in app.model.list.jobs:
        return
    ids = [job.id for job in app.model.takes_of(app.model.list.jobs[screen.chosen]) if job.id != screen.chosen]
    if len(ids) < 2:
        app.tell(say("compare.no_more"), "soft")
        return
    after = ids[(ids.index(screen.other) + 1) % len(ids)] if screen.other in ids else ids[0]
    screen.put(screen.chosen, after)
