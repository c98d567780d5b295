"""A repaint draws everything visible: with the differential display, and in a terminal."""

from __future__ import annotations

import random

import pyte
from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from riffusion_tui.tui.display.differential_display import DifferentialDisplay
from riffusion_tui.tui.textual_private import draw_lean

WIDTH, HEIGHT = 40, 12


class Letters(Widget):
    """Cells of letters; those of a region can be changed."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.cells = [["."] * WIDTH for _ in range(HEIGHT)]

    def write(self, region: Region, letter: str) -> None:
        for y in region.line_range:
            self.cells[y][region.x : region.right] = letter * region.width
        self.refresh(region)

    def render_line(self, y: int) -> Strip:
        return Strip([Segment("".join(self.cells[y][: self.size.width]))])


class Lean(Screen[None]):
    """Panes side by side, one of them with a frame, and one on top."""

    def __init__(self) -> None:
        super().__init__()
        draw_lean(self)

    def compose(self) -> ComposeResult:
        yield Letters("top")
        with Container(id="body"):
            with Vertical(id="left"):
                yield Letters("a")
                yield Letters("b")
            yield Letters("right")
        yield Letters("over")


class Demo(DifferentialDisplay[None]):
    CSS = """
    Letters { width: 1fr; height: 1fr; }
    #top { height: 1; }
    #body { layout: horizontal; height: 1fr; }
    #left { width: 1fr; border: round white; padding: 0 1; }
    #right { width: 1fr; }
    #over { layer: over; width: 9; height: 4; offset: 14 3; border: round white; }
    Lean { layers: below over; }
    """

    def get_default_screen(self) -> Screen[None]:
        return Lean()


def letters(app: Demo) -> list[Letters]:
    return list(app.screen.query(Letters))


def repaint(app: Demo, rng: random.Random) -> ChopsUpdate:
    """Change a few regions of a few widgets, and return the update to send."""
    changed = set(rng.sample(letters(app), rng.randint(1, 3)))
    for widget in changed:
        for _ in range(rng.randint(1, 3)):
            x, y = rng.randrange(widget.size.width), rng.randrange(widget.size.height)
            region = Region(x, y, rng.randint(1, 9), rng.randint(1, 4)).intersection(widget.size.region)
            widget.write(region, rng.choice("abcdefgh"))
    app.screen._compositor.update_widgets({*changed})
    update = app.screen._compositor.render_partial_update()
    assert update is not None
    return update


async def test_partial_repaints_equal_a_full_repaint() -> None:
    app, rng = Demo(), random.Random(7)
    shown = pyte.Screen(WIDTH, HEIGHT)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        send(app, shown, app.screen._compositor.render_full_update())
        for _ in range(200):
            send(app, shown, repaint(app, rng))
            seen = [list(row) for row in app.output.target.texts]
            read(app, app.screen._compositor.render_full_update())
            assert seen == app.output.target.texts, "the differential display"
            assert shown.display == ["".join(row) for row in app.output.target.texts], "Textual's own"


def send(app: Demo, shown: pyte.Screen, update: LayoutUpdate | ChopsUpdate) -> None:
    """Send an update through the differential display and through Textual's own."""
    pyte.Stream(shown).feed(read(app, update))


def read(app: Demo, update: LayoutUpdate | ChopsUpdate) -> str:
    frame = update.render_segments(app.console)
    app.output.read_frame(frame, WIDTH, HEIGHT)
    return frame


async def test_unchanged_widgets_are_not_drawn() -> None:
    app = Demo()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        app.screen._compositor.render_full_update()
        requested = dict.fromkeys((widget.id for widget in letters(app)), 0)
        for widget in letters(app):
            counted(widget, requested)
        top, right = app.query_one("#top", Letters), app.query_one("#right", Letters)
        top.write(Region(0, 0, 2, 1), "x")
        right.write(Region(3, right.size.height - 1, 2, 1), "y")
        app.screen._compositor.update_widgets({top, right})
        assert app.screen._compositor.render_partial_update() is not None
        assert requested == {"top": 1, "a": 0, "b": 0, "right": 1, "over": 0}


def counted(widget: Letters, requested: dict[str | None, int]) -> None:
    """Count how often a widget's lines are requested."""
    drawing = widget.render_lines

    def render_lines(crop: Region) -> list[Strip]:
        requested[widget.id] += 1
        return drawing(crop)

    widget.render_lines = render_lines
