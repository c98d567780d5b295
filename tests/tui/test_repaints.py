"""After any keys, screens and resizes, the screen shows what a full repaint would show."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen
from textual.widget import Widget

from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.appearance import themes
from riffusion_tui.tui.display.cells import CellGrid
from riffusion_tui.tui.display.differential_output import DifferentialOutput
from riffusion_tui.tui.widgets.footer import Footer
from riffusion_tui.tui.widgets.line_field import LineField
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Shown, Stage, busy_evening

pytestmark = pytest.mark.usefixtures("every_frame")

SIZES = [(80, 24), (120, 30), (60, 18), (200, 50), (40, 12), (100, 24)]
KEYS = [
    *("up", "down", "j", "k", "pageup", "pagedown", "home", "end", "g", "G", "left", "right", "tab", "shift+tab"),
    *("escape", "escape", "escape", "enter", "space", "a", "lofi", "slash", "s", "A", "asterisk", "F", "z", "x", "y"),
    *("e", "r", "o", "E", "t", "v", "h", "u", "K", "J", "T", "c", "d", "b", "n", "plus", "minus", "i", "P", "w", "p"),
    *("ctrl+j", "ctrl+t", "ctrl+n", "ctrl+r", "ctrl+g", "ctrl+p", "f1", "f2", "f3", "f4", "f7", "f8", "f11", "f12"),
    *("question_mark", "exclamation_mark", "backspace", "delete", "1", "2"),
]
"""All but those that leave the program, or hand the terminal to another."""


class Watched:
    """Records output to the terminal, as the differential display does."""

    def __init__(self, app: RiffusionApp) -> None:
        self.app = app
        plain = app._display

        def display(screen: Screen[Any], renderable: Any) -> None:
            if isinstance(renderable, LayoutUpdate | ChopsUpdate):
                app.output.read_frame(renderable.render_segments(app.console), *app.size)
            plain(screen, renderable)

        app._display = display

    def redrawn(self) -> CellGrid:
        """Draw everything from scratch, as for a new terminal."""
        app = self.app
        for screen in app.screen_stack:
            for widget in screen.walk_children(with_self=True):
                widget.notify_style_update()
        update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
        assert isinstance(update, LayoutUpdate)
        whole = DifferentialOutput({}, colors_256=False)
        whole.table = app.output.table
        whole.read_frame(update.render_segments(app.console), *app.size)
        return whole.target


def difference(seen: CellGrid, redrawn: CellGrid, pressed: list[str]) -> str:
    """Describe where the two differ."""
    rows = [
        f"{y:3} {''.join(seen.texts[y])}\n    {''.join(redrawn.texts[y])}"
        for y in range(redrawn.height)
        if seen.texts[y] != redrawn.texts[y] or seen.styles[y] != redrawn.styles[y]
    ]
    return "\n".join([f"after {pressed[-12:]}:", *rows])


async def repainted(app: RiffusionApp) -> None:
    """Wait until all changes are painted, which a timer does."""
    for _ in range(200):
        seen = [app.screen, *app._background_screens]
        if not any(one._dirty_widgets or one._compositor._dirty_regions or one._layout_required for one in seen):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("what changed is not painted")


async def check(shown: Shown, watched: Watched, pressed: list[str]) -> None:
    await shown.settle()
    app = shown.app
    await repainted(app)
    seen = CellGrid(*app.size)
    target = app.output.target
    assert (target.width, target.height) == app.size
    for y in range(app.size.height):
        seen.texts[y][:], seen.styles[y][:] = target.texts[y], target.styles[y]
    redrawn = watched.redrawn()
    assert (seen.texts, seen.styles) == (redrawn.texts, redrawn.styles), difference(seen, redrawn, pressed)


def stand_still(stage: Stage) -> None:
    """Disable cursor blinking: it could change between the frame and the redraw."""
    stage.deps.settings = Settings(screen=Settings().screen._replace(motion=False))


def move_on(stage: Stage, rng: random.Random) -> None:
    """Change a job at random, as the dispatcher would."""
    stage.clock.at += rng.choice([0, 1, 1, 7])
    job = rng.choice(stage.store.jobs())
    steps = {
        Status.QUEUED: Status.SENDING,
        Status.SENDING: Status.MAKING,
        Status.MAKING: rng.choice([Status.FETCHING, Status.FAILED]),
        Status.FETCHING: Status.DONE,
    }
    if rng.random() < 0.2:
        stage.add(f"another prompt {rng.random():.3f}, 夜の歌 🎵")
    elif job.status in steps:
        more: dict[str, Any] = {"accepted_at": stage.clock.at} if job.status is Status.SENDING else {}
        if steps[job.status] is Status.DONE:
            more = {"ended_at": stage.clock.at, "title": "Come 雨 May", "duration_s": 100.0}
        stage.store.update(job.id, steps[job.status], "went on", **more)
    elif rng.random() < 0.2:
        stage.busy(rng.randint(1, 30))


@pytest.mark.parametrize("seed", [1])
async def test_the_screen_equals_a_redraw_from_scratch(
    stage: Stage, show: ShowScreen, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    stand_still(stage)
    busy_evening(stage)
    for number in range(40):
        stage.add(f"prompt {number} of a long list")
    async with show(80, 24) as shown:
        monkeypatch.setattr(shown.app, "exit", lambda *_: None)
        watched = Watched(shown.app)
        shown.app.refresh(layout=True)
        pressed: list[str] = []
        for _ in range(60):
            what = rng.random()
            if what < 0.06:
                size = rng.choice(SIZES)
                pressed.append(f"size {size}")
                await shown.pilot.resize_terminal(*size)
            elif what < 0.2:
                pressed.append("announcement")
                move_on(stage, rng)
                shown.app.show_changes()
                shown.app._tick()
            elif what < 0.23:
                name = rng.choice(themes.names())
                pressed.append(name)
                shown.app.apply_theme(name)
            else:
                key = rng.choice(KEYS)
                pressed.append(key)
                await shown.pilot.press(*(key if key == "lofi" else [key]))  # typed at once
            await check(shown, watched, pressed)


@pytest.mark.parametrize("keys", [("escape", "d"), ("f2",), ("f4",), ("ctrl+p",), ("f11",)])
async def test_changes_below_a_screen_do_not_lose_changes_on_it(
    stage: Stage, show: ShowScreen, keys: tuple[str, ...]
) -> None:
    stand_still(stage)
    busy_evening(stage)
    if keys == ("f11",):
        stage.deps.service = stage.service.name = "riffusion"  # the studio has no token
    async with show(80, 24) as shown:
        await shown.press(*keys)
        watched, main, above = Watched(shown.app), shown.app.main, shown.app.screen
        shown.app.refresh(layout=True)
        await check(shown, watched, list(keys))
        line = above.query("Footer, LineField").first(Widget)
        if isinstance(line, Footer):
            line.show_message("shown on it", "…")
        elif isinstance(line, LineField):
            line.value = "typed on it"
        for _ in range(50):
            if line in above._dirty_widgets:
                break
            await asyncio.sleep(0)
        assert line in above._dirty_widgets, "it is pending, and not painted yet"
        main.status.show_message("shown below it")
        main._compositor.update_widgets({main.status})
        main._compositor_refresh()
        above._on_timer_update()  # its timer, which may be due before anything else
        painted = "".join(shown.app.output.target.texts[line.region.y])
        wanted = "".join(strip.text for strip in line.render_lines(line.size.region))
        assert wanted.strip() in painted, "it is painted, not forgotten"
        await check(shown, watched, [*keys, "both"])
