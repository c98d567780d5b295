"""Input that is not keys, in a real pty, never runs a command and never ends input."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from riffusion_tui.clean import MAX_TEXT
from riffusion_tui.tui.input.bursts import GAP_S
from tests.pty.terminal import PtyTerminal
from tests.pty.test_screen import prompts, quiet_queue

REPLIES = {
    "OSC 10": b"\x1b]10;rgb:dcdc/dfdf/e4e4\x1b\\",
    "OSC 11": b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
    "XTVERSION": b"\x1bP>|XTerm(390)\x1b\\",
    "DA1": b"\x1b[?62;22c",
    "DA2": b"\x1b[>41;390;0c",
    "DECRQSS": b"\x1bP1$r0m\x1b\\",
    "DECRPM": b"\x1b[?2026;2$y",
    "CPR": b"\x1b[12;40R",
    "kitty flags": b"\x1b[?5u",
}
PAUSES_S = (0.05, 0.12, 0.3)
"""Cuts after a reply's ESC: shorter and longer than the wait for an escape key."""
PANE = {"editor": "esc jobs", "jobs": "i write"}
"""A key that the footer shows for each pane."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    quiet_queue(folder)
    return folder


@pytest.fixture(scope="module")
def shared(home: Path) -> Iterator[PtyTerminal]:
    with PtyTerminal(home, 120, 40) as terminal:
        terminal.until("^P palette")
        terminal.send("zq")
        terminal.until("zq")
        terminal.until("PAUSED")
        yield terminal


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PtyTerminal, Path]]:
    """A screen for tests that leave it running, and its home."""
    folder = tmp_path_factory.mktemp("typed")
    quiet_queue(folder)
    with PtyTerminal(folder, 100, 30) as terminal:
        terminal.until("^P palette")
        yield terminal, folder


@pytest.mark.parametrize("pane", PANE)
@pytest.mark.parametrize("reply", REPLIES)
def test_a_late_reply_is_not_a_key(shared: PtyTerminal, home: Path, reply: str, pane: str) -> None:
    sent = REPLIES[reply]
    if pane == "jobs":
        shared.send("\x1b")
    shared.until(PANE[pane])
    for cut, pause_s in (*((1, pause_s) for pause_s in PAUSES_S), (2, 0.12), (len(sent) // 2, 0.12), (len(sent), 0)):
        shared.send_bytes(sent[:cut])
        time.sleep(pause_s)
        shared.send_bytes(sent[cut:])
        shared.until(PANE[pane], 5.0)
    if pane == "jobs":
        shared.send("i")
        shared.until(PANE["editor"])
    shared.send("\x1b[F\x1b[H")  # end, home: keys still work
    shared.quiet(0.1)
    assert "zq" in shared.words()
    assert prompts(home) == []
    assert "Cancel" not in shared.words()
    assert "PAUSED" in shared.words()
    for typed in ("rgb", "XTerm", "$r0m", ";22c", "12;40R", "?5u", "0m", "390"):
        assert typed not in shared.words()


@pytest.mark.parametrize("sent", [(b"\x1bd",), (b"\x1b", b"d")], ids=["at once", "quickly"])
def test_a_key_right_after_escape_works(typed: tuple[PtyTerminal, Path], sent: tuple[bytes, ...]) -> None:
    """tmux waits for what follows an ESC, and passes both on together."""
    terminal, home = typed
    before = len(prompts(home))
    time.sleep(2 * GAP_S)
    terminal.send("i")
    terminal.until(PANE["editor"])
    terminal.send("\x0e")  # ^N
    terminal.quiet(0.1)
    terminal.send("rain")
    terminal.until("rain")
    terminal.quiet(0.1)
    terminal.send("\n")
    terminal.until(f"Jobs {before + 1}")
    terminal.quiet(0.1)
    for part in sent:
        terminal.send_bytes(part)
        time.sleep(0.02)
    terminal.until(f"Job {before + 1} in detail")
    terminal.send("\x1b")
    terminal.until("c cancel")
    terminal.quiet(0.1)


BUSY = """
import select, sys, time, types
from pathlib import Path
from riffusion_tui.cli import main
from riffusion_tui.tui import driver
from riffusion_tui.tui.screens.main import MainScreen

def late(read, write, other, seconds):
    found = select.select(read, write, other, seconds)
    if not found[0] and 0 < seconds < 0.05:  # in the middle of a sequence
        time.sleep(0.4)
    return found

def moved(self, move=MainScreen.action_focus_jobs):
    Path(__file__).with_name("moved").touch()
    move(self)

driver.select = types.SimpleNamespace(select=late)
MainScreen.action_focus_jobs = moved
sys.exit(main([]))
"""


def test_a_split_reply_on_a_busy_machine_is_not_a_key(tmp_path: Path) -> None:
    """The input thread runs 0.4 s late, so bytes sent 20 ms after an ESC seem to be late."""
    quiet_queue(tmp_path)
    program = tmp_path / "busy.py"
    program.write_text(BUSY)
    with PtyTerminal(tmp_path, 120, 40, program=(sys.executable, str(program))) as terminal:
        terminal.until(PANE["editor"])
        terminal.watch(1.0)  # longer than the timeout for replies to the first queries
        for reply in (REPLIES["OSC 11"], b"\x1b[<35;12;8M", REPLIES["DA1"]):
            terminal.send_bytes(reply[:1])
            time.sleep(0.02)
            terminal.send_bytes(reply[1:])
            terminal.watch(0.6)
        assert not (tmp_path / "moved").exists()


def test_a_failing_input_thread_ends_the_screen_with_a_message(tmp_path: Path) -> None:
    program = tmp_path / "broken.py"
    program.write_text(
        "import sys\n"
        "from riffusion_tui.tui.input.terminal_input import TerminalInput\n"
        "def broken(self, data, now):\n"
        "    raise LookupError('reader')\n"
        "TerminalInput.feed = broken\n"
        "from riffusion_tui.cli import main\n"
        "sys.exit(main([]))\n"
    )
    with PtyTerminal(tmp_path, program=(sys.executable, str(program))) as terminal:
        terminal.until("^P palette")
        terminal.send("a")
        assert terminal.wait() == 1
    assert b"LookupError" in terminal.received
    assert terminal.received.rfind(b"\x1b[?1049l") > terminal.received.rfind(b"\x1b[?1049h")


PASTES = {
    "bracketed with ESC": b"\x1b[200~a \x1b[31mred\x1b[0m song\nsecond\nthird\x1b[201~",
    "unbracketed": b"a red song\nsecond\nthird\n",
    "typed by a program": b"rock ballad, crying",
}


@pytest.mark.parametrize("paste", PASTES)
def test_a_paste_queues_nothing_and_presses_no_key(typed: tuple[PtyTerminal, Path], paste: str) -> None:
    terminal, home = typed
    sent, before = PASTES[paste], prompts(home)
    time.sleep(2 * GAP_S)  # a key right after the previous test's paste would be part of that paste
    terminal.send("i")
    terminal.until(PANE["editor"])
    terminal.send("\x0e")  # ^N
    terminal.quiet(0.1)
    _send(terminal, sent, slowly=paste == "typed by a program")
    terminal.until("red" if b"red" in sent else "crying")
    terminal.quiet(0.1)
    assert prompts(home) == before
    terminal.send("\n")
    terminal.until(f"Jobs {len(before) + 1}")
    made = prompts(home)
    assert made[:-1] == before
    assert "\x1b" not in made[-1]
    terminal.send("\x1b")
    terminal.until("c cancel")  # a key for the selected job
    terminal.quiet(0.2)
    assert "Pasted text" not in terminal.words()
    _send(terminal, sent, slowly=paste == "typed by a program")
    terminal.until("Pasted text does nothing here")
    assert prompts(home) == made
    assert "cancelled" not in terminal.words()


@pytest.mark.parametrize("gap_s", [0.0, 0.01])
def test_keys_that_a_slow_line_sends_together_are_pressed(shared: PtyTerminal, home: Path, gap_s: float) -> None:
    before = prompts(home)
    shared.send("\x1b")
    shared.until(PANE["jobs"])
    shared.quiet(0.2)
    shared.send("/")
    time.sleep(gap_s)
    shared.send("bat")
    shared.until("esc clear")
    shared.until("bat")
    shared.send("\x1b")
    shared.until(PANE["jobs"])
    assert prompts(home) == before
    shared.send("i")
    shared.until(PANE["editor"])


def _send(terminal: PtyTerminal, data: bytes, *, slowly: bool) -> None:
    """Send at once, or like `xdotool type`, a character every 12 ms. Skip the test if the machine is too busy."""
    if not slowly:
        terminal.send_bytes(data)
        return
    last = time.monotonic()
    for byte in data:
        time.sleep(0.012)
        terminal.send_bytes(bytes([byte]))
        gap, last = time.monotonic() - last, time.monotonic()
        if gap > 0.9 * GAP_S:
            pytest.skip(f"typed too slowly for a program: {1000 * gap:.0f} ms between two characters")


def test_an_external_editor_writes_the_prompt_and_its_late_replies_are_ignored(tmp_path: Path) -> None:
    """The editor queried the terminal on a slow line; the replies arrive when the screen is back."""
    quiet_queue(tmp_path)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "typed [elsewhere]\\nin two lines\\n" > "$1"\n')
    editor.chmod(0o755)
    with PtyTerminal(tmp_path, environ={"EDITOR": str(editor), "TMPDIR": str(tmp_path)}) as terminal:
        terminal.until("^P palette")
        back = terminal.received.count(b"\x1b[?1049h")
        terminal.send("\x0f")  # ^O
        terminal.until(lambda: terminal.received.count(b"\x1b[?1049h") > back)
        terminal.send_bytes(b"".join(REPLIES.values()))
        terminal.until("typed [elsewhere]")
        terminal.until("in two lines")
        terminal.quiet(0.3)
        terminal.send("rain")
        terminal.until("rain")
        assert "rgb" not in terminal.words()
        assert prompts(tmp_path) == []
        terminal.send("\x1a\x1a")  # ^Z undoes, it doesn't suspend
        terminal.until(lambda: "typed" not in terminal.words())
        editor.write_text(f'#!/bin/sh\n{{ printf snow; head -c {MAX_TEXT + 1} /dev/zero | tr "\\0" "\\n"; }} > "$1"\n')
        terminal.send("\x0f")
        terminal.until("Not accepted: over 1,000,000 characters. The text stays in ")
        assert "snow" not in terminal.words()
        (left,) = tmp_path.glob("riffusion-*.txt")
        assert left.read_text().startswith("snow")


@pytest.mark.parametrize(("environ", "reported"), [({}, True), ({"STY": "81.pts-0.host"}, False)])
def test_gnu_screen_which_would_hold_back_the_escape_key_reports_no_mouse(
    tmp_path: Path, environ: dict[str, str], reported: bool
) -> None:
    quiet_queue(tmp_path)
    with PtyTerminal(tmp_path, environ=environ) as terminal:
        terminal.until("^P palette")
        assert (b"\x1b[?1000h" in terminal.received) is reported
