"""The output's handling of Textual's frames and other writes to the terminal."""

from __future__ import annotations

from collections.abc import Callable

import pyte
import pytest

from riffusion_tui.tui.display.differential_output import DifferentialOutput
from riffusion_tui.tui.display.flow_control import QUESTION

WIDTH, HEIGHT = 20, 3
SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
RED = "\x1b[31mred\x1b[0m"


class Terminal:
    """Records what the output sends, with its own clock."""

    def __init__(
        self, *, differential: bool = True, colors_256: bool = False, environ: dict[str, str] | None = None
    ) -> None:
        self.now = 0.0
        self.sent: list[str] = []
        self.queued = 0
        self.later: list[Callable[[], None]] = []
        self.output = DifferentialOutput(
            environ or {}, colors_256=colors_256, differential=differential, clock=lambda: self.now
        )
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)

    def open(self) -> None:
        self.output.open(self.send, lambda: self.queued, lambda _, call: self.later.append(call))

    def send(self, text: str) -> None:
        self.sent.append(text)
        self.stream.feed(text.replace(QUESTION, ""))

    def draw(self, *lines: str, x: int = 1, cursor: str = "\x1b[1;1H") -> None:
        rows = "\n".join(f"\x1b[{y};{x}H{line}" for y, line in enumerate(lines, 1))
        self.output.write(rows + cursor, WIDTH, HEIGHT)

    def shown(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]


def opened(*, differential: bool = True, colors_256: bool = False) -> Terminal:
    terminal = Terminal(differential=differential, colors_256=colors_256)
    terminal.open()
    return terminal


@pytest.mark.parametrize(("environ", "sent"), [({}, True), ({"TMUX": "1"}, False), ({"STY": "1"}, False)])
def test_an_emoji_of_disputed_width_is_sent_narrow_through_a_multiplexer(environ: dict[str, str], sent: bool) -> None:
    terminal = Terminal(environ=environ)
    terminal.open()
    terminal.draw("a \u2764\ufe0f 1\ufe0f\u20e3 song|")
    assert ("\ufe0f" in "".join(terminal.sent)) is sent
    assert [terminal.screen.buffer[0][x].data[0] for x in range(13)] == list("a \u2764  1  song|")


def test_only_differences_are_sent_and_the_cursor_ends_at_the_frames_end() -> None:
    terminal = opened()
    terminal.draw("a song", f"is {RED}", "now", cursor="\x1b[3;2H")
    assert terminal.shown() == ["a song", "is red", "now"]
    assert terminal.screen.buffer[1][3].fg == "red"
    terminal.sent.clear()
    terminal.draw("a song", "is " + RED.replace("d", "m"), "now", cursor="\x1b[3;2H")
    assert terminal.shown() == ["a song", "is rem", "now"]
    assert len("".join(terminal.sent)) < 30
    assert (terminal.screen.cursor.x, terminal.screen.cursor.y) == (1, 2)


def test_a_links_text_is_shown_and_its_address_is_not_sent() -> None:
    terminal = opened()
    terminal.draw("\x1b]8;id=1;https://example.org\x1b\\plain\x1b]8;;\x1b\\ end")
    assert terminal.shown()[0] == "plain end"
    assert "example" not in "".join(terminal.sent)


def test_output_that_is_not_a_frame_passes_unchanged() -> None:
    terminal = opened()
    terminal.output.hold()
    for text in ("\x07", "\x1b]0;title\x07", "\x1b[?1049h", "\x1b[?2004l"):
        terminal.output.write(text)
    assert terminal.sent == ["\x07", "\x1b]0;title\x07", "\x1b[?1049h", "\x1b[?2004l"]


def test_everything_passes_if_the_difference_is_switched_off() -> None:
    terminal = opened(differential=False)
    for text in (SYNC_START, "\x1b[1;1Hsong", SYNC_END):
        terminal.output.write(text, WIDTH, HEIGHT)
    assert terminal.sent == [SYNC_START, "\x1b[1;1Hsong", SYNC_END]


def test_a_large_frame_is_synchronized_if_textual_synchronizes_its_own() -> None:
    terminal = opened()
    terminal.draw(*("abcdefghij" * 2,) * HEIGHT)
    assert SYNC_START not in "".join(terminal.sent)
    terminal.output.write(SYNC_START)
    terminal.output.redraw()
    assert terminal.sent[-1].startswith(SYNC_START) == (len(terminal.sent[-1]) > 160 + len(SYNC_START + SYNC_END))
    terminal.draw(*("\x1b[1;31ma\x1b[0mb" * 10,) * HEIGHT)
    assert terminal.sent[-1].startswith(SYNC_START)
    assert terminal.sent[-1].removesuffix(QUESTION).endswith(SYNC_END)


def test_held_frames_are_sent_as_one() -> None:
    terminal = opened()
    terminal.output.hold()
    terminal.draw("first")
    terminal.draw("second")
    assert terminal.sent == []
    terminal.output.release()
    assert len(terminal.sent) == 1
    assert terminal.shown()[0] == "second"


def test_output_is_held_while_another_program_has_the_terminal() -> None:
    terminal = opened()
    terminal.draw("before")
    terminal.output.close()
    terminal.sent.clear()
    terminal.draw("meanwhile")
    terminal.output.write("\x07")
    terminal.output.answered()
    assert terminal.sent == []
    terminal.screen.reset()
    terminal.open()
    terminal.draw("meanwhile")
    assert terminal.shown()[0] == "meanwhile"


def test_a_congested_line_gets_the_newest_state_later() -> None:
    terminal = opened()
    terminal.queued = 9
    terminal.draw("old")
    terminal.draw("new")
    assert terminal.sent == []
    assert len(terminal.later) == 1, "one timer for all waiting frames"
    terminal.queued = 0
    terminal.later.pop()()
    assert terminal.shown()[0] == "new"


def test_an_unresponsive_terminal_gets_the_cursor_row_first() -> None:
    terminal = opened()
    terminal.draw("warm" * 5, *("",) * 2)
    while terminal.output._pacer.room(terminal.now) > 0:
        terminal.output.redraw()
    terminal.sent.clear()
    terminal.draw("one".ljust(WIDTH), "two", "three", cursor="\x1b[3;1H")
    assert terminal.sent == []
    while terminal.output._pacer._queries:
        terminal.output.answered()
    assert terminal.shown() == ["one", "two", "three"]
    assert terminal.sent[0].index("three") < "".join(terminal.sent).index("one")


def test_a_resize_redraws_everything() -> None:
    terminal = opened()
    terminal.draw("song")
    terminal.sent.clear()
    terminal.output.write("\x1b[1;1Hsong\x1b[1;1H", WIDTH - 2, HEIGHT)
    assert "song" in "".join(terminal.sent)
