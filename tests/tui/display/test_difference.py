"""Replaying the output on a terminal emulator gives the target screen."""

from __future__ import annotations

from typing import Any

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from riffusion_tui.tui.display.cells import CONTINUED, CellGrid
from riffusion_tui.tui.display.paint import Painter
from riffusion_tui.tui.display.styles import PLAIN, StyleTable

WIDTH, HEIGHT = 24, 5
STYLES = [
    None,
    Style.parse("bold"),
    Style.parse("italic underline #112233 on #445566"),
    Style.parse("on #445566"),
    Style.parse("#ff0000"),
    Style.parse("reverse #ff0000 on #0000ff"),
]
texts = st.text(st.sampled_from("ab c    ─●…日本語한é"), min_size=1, max_size=30)
writes = st.tuples(
    st.integers(0, WIDTH - 1),
    st.integers(0, HEIGHT - 1),
    st.lists(st.tuples(texts, st.sampled_from(STYLES)), max_size=4),
)
frames = st.lists(st.lists(writes, max_size=6), min_size=1, max_size=8)


class Terminal:
    """A terminal emulator, and the two grids that feed it."""

    def __init__(self, *, erases_in_color: bool) -> None:
        self.table = StyleTable(colors_256=False)
        self.target, self.shown = CellGrid(WIDTH, HEIGHT), CellGrid(WIDTH, HEIGHT)
        self.painter = Painter(self.table, erases_in_color=erases_in_color)
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.screen.reset_mode(pyte.modes.DECAWM)
        self.stream = pyte.Stream(self.screen)

    def write(self, frame: list[tuple[int, int, list[tuple[str, Style | None]]]]) -> None:
        for x, y, segments in frame:
            for text, style in segments:
                x = self.target.put(x, y, text, number(self.table, style), self.table)

    def send(self, budget: int = 1 << 20, first: int = 0) -> bool:
        order = [first, *(y for y in range(HEIGHT) if y != first)]
        text, complete = self.painter.difference(self.target, self.shown, order, budget)
        self.stream.feed(text)
        return complete

    def expected(self) -> list[list[tuple[str, str, str, bool, bool]]]:
        """Return the screen of a second terminal that is painted completely, cell by cell."""
        screen = pyte.Screen(WIDTH, HEIGHT)
        screen.reset_mode(pyte.modes.DECAWM)
        stream = pyte.Stream(screen)
        for y in range(HEIGHT):
            for x in range(WIDTH):
                text, style = self.target.texts[y][x], max(0, self.target.styles[y][x])
                if text != CONTINUED:
                    stream.feed(f"\x1b[{y + 1};{x + 1}H{self.table.delta(-1, style)}{text}")
        return looks(screen)


def number(table: StyleTable, style: Style | None) -> int:
    """Return the number of a style as Textual sends it, as codes before the text."""
    codes = style.render("x", color_system=ColorSystem.TRUECOLOR).partition("m")[0] if style is not None else ""
    return table.styled(PLAIN, codes.removeprefix("\x1b["))


def looks(screen: pyte.Screen) -> list[list[tuple[str, str, str, bool, bool]]]:
    def look(y: int, x: int) -> tuple[str, str, str, bool, bool]:
        cell = screen.buffer[y][x]
        blank = cell.data == " " and not cell.underscore and not cell.reverse
        return cell.data, "default" if blank else cell.fg, cell.bg, cell.bold and not blank, cell.reverse

    return [[look(y, x) for x in range(WIDTH)] for y in range(HEIGHT)]


@settings(deadline=None, max_examples=120)
@given(frames=frames, erases=st.booleans())
def test_the_terminal_shows_the_target_after_every_frame(frames: list[Any], erases: bool) -> None:
    terminal = Terminal(erases_in_color=erases)
    for frame in frames:
        terminal.write(frame)
        assert terminal.send()
        assert looks(terminal.screen) == terminal.expected()


@settings(deadline=None, max_examples=60)
@given(frames=frames, budget=st.integers(1, 60), first=st.integers(0, HEIGHT - 1))
def test_a_slow_line_ends_with_the_newest_state(frames: list[Any], budget: int, first: int) -> None:
    terminal = Terminal(erases_in_color=True)
    for frame in frames:
        terminal.write(frame)
        terminal.send(budget, first)
    for _ in range(HEIGHT + 1):
        if terminal.send(budget, first):
            break
    assert looks(terminal.screen) == terminal.expected()


def test_nothing_is_sent_when_nothing_changed() -> None:
    terminal = Terminal(erases_in_color=True)
    terminal.write([(0, 0, [("lofi [dark] beat", STYLES[2])])])
    terminal.send()
    terminal.write([(0, 0, [("lofi [dark] beat", STYLES[2])])])
    assert terminal.painter.difference(terminal.target, terminal.shown, range(HEIGHT), 9999) == ("", True)


def test_a_changed_character_takes_a_few_bytes() -> None:
    terminal = Terminal(erases_in_color=True)
    terminal.write([(0, 2, [("making 1:12 distant lover", STYLES[2])])])
    terminal.send()
    terminal.write([(0, 2, [("making 1:13 distant lover", STYLES[2])])])
    text, _ = terminal.painter.difference(terminal.target, terminal.shown, range(HEIGHT), 9999)
    assert len(text) < 16


def test_cells_beside_an_emoji_drawn_narrow_are_cleared() -> None:
    terminal = Terminal(erases_in_color=True)
    for text in ("old text", "☀\ufe0f new"):
        terminal.write([(0, 0, [(text.ljust(WIDTH), None)])])
        terminal.send()
    assert terminal.target.texts[0][1] == CONTINUED
    assert [terminal.screen.buffer[0][x].data for x in range(6)] == ["☀", " ", " ", "n", "e", "w"]


def test_a_joiner_at_the_end_of_a_line_joins_nothing() -> None:
    terminal = Terminal(erases_in_color=True)
    terminal.write([(0, 0, [("👨\u200d👩 👨\u200d", None)])])
    assert terminal.target.texts[0][:5] == ["👨\u200d👩", CONTINUED, " ", "👨", CONTINUED]


def test_invalidated_cells_are_painted_again() -> None:
    terminal = Terminal(erases_in_color=True)
    terminal.write([(3, 1, [("distant", STYLES[1])])])
    terminal.send()
    terminal.screen.reset()
    terminal.screen.reset_mode(pyte.modes.DECAWM)
    terminal.shown.forget()
    terminal.painter.forget()
    terminal.send()
    assert looks(terminal.screen) == terminal.expected()


def test_the_row_of_the_cursor_is_sent_first() -> None:
    terminal = Terminal(erases_in_color=True)
    terminal.write([(0, y, [(f"row {y}", None)]) for y in range(HEIGHT)])
    assert not terminal.send(budget=1, first=3)
    assert terminal.screen.display[3].startswith("row 3")
    assert not terminal.screen.display[0].strip()
