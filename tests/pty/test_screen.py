"""The whole program in a real terminal: its screen and its output."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob, Store
from tests.cli.hostile import TOKEN, Hostile
from tests.pty.terminal import PtyTerminal

HOSTILE = "\x1b]52;c;cm0=\x07\x1b[2J\x9b31m\u202e[bold]x[/][@click=app.exit]y[/] \x1b]0;owned\x07"
SIZES = [(40, 12), (200, 50)]
"""The extremes; the other tests start at sizes between."""

_OURS = re.compile(
    rb"\x1b\[[0-9;]*[mHJKXCDABGd]"  # colors, moves, erasures
    rb"|\x1b\[\?[0-9;]*[hl]|\x1b\[[<>=]?[0-9;]*u|\x1b\[\?[0-9;]*\$p|\x1b\[6n"  # modes and queries
    rb"|\x1b\]0;[^\x00-\x1f\x7f]*\x07|\x1b\]22;[a-z]*(?:\x07|\x1b\\)"  # the window's title, the pointer's shape
    rb"|\x1b\[[0-9;]*t|\x1b\[[0-9]* q|\x1b[78=>]|\x1b\(B"
)


def prompts(home: Path) -> list[str]:
    file = home / "riff" / "data" / "jobs.sqlite3"
    with closing(sqlite3.connect(file)) as store:
        return [row[0] for row in store.execute("select prompt from jobs order by id")]


def quiet_queue(home: Path) -> None:
    """Let the screen start with a paused queue: these tests are about the screen, not the engine."""
    folder = home / "riff" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('[start]\nqueue = "paused"\n')


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_first_start_shows_help_and_queues_a_prompt(tmp_path: Path, width: int, height: int) -> None:
    quiet_queue(tmp_path)
    with PtyTerminal(tmp_path, width, height) as terminal:
        terminal.until("^P palette")
        if height > 12:
            terminal.until("on this machine")
        terminal.until("jazzy k-pop song about a distant lover")  # to be generated as it is, or typed over
        terminal.send("slow rain")
        terminal.until("slow rain")
        terminal.send("\n")
        terminal.until("queued")
        assert prompts(tmp_path) == ["slow rain"]
        terminal.send("\x1b[21~")  # F10: the queue is paused, so it doesn't ask
        assert terminal.wait() == 0
    received = bytes(terminal.received)
    assert received.rstrip().count(b"\x1b[?1049h") == received.count(b"\x1b[?1049l") == 1, "leaves the alternate screen"
    assert received.rfind(b"\x1b[?25h") > received.rfind(b"\x1b[?25l"), "shows the cursor again"


def test_hostile_text_sends_no_terminal_commands(tmp_path: Path) -> None:
    quiet_queue(tmp_path)
    data = tmp_path / "riff" / "data"
    with Store.open(data / "jobs.sqlite3", SystemClock()) as store:
        (job,) = store.add([NewJob(HOSTILE, Options(title=HOSTILE), "studio", HOSTILE, "b1")])
        for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
            store.update(job.id, status, "went on", HOSTILE)
        store.update(job.id, title=HOSTILE, error=HOSTILE, genre=HOSTILE, key=HOSTILE, account=HOSTILE, duration_s=3.0)
        store.put_song(
            Song(job.id, lyrics=HOSTILE, plan={"understood": [HOSTILE], "sounds": HOSTILE}, raw={"a": HOSTILE})
        )
    with PtyTerminal(tmp_path, 120, 40, environ={"EDITOR": f"'half {HOSTILE} a quotation"}) as terminal:
        terminal.until("Jobs 1")
        terminal.send("\x0f")  # ^O
        terminal.until("can't be started")
        terminal.send("\x1b")
        terminal.quiet()
        terminal.send("rain")
        terminal.until("rain")
        for keys, wanted in (
            ("\x1b", "√ done"),
            ("d", "in detail"),
            ("\x1b", "√ done"),
            ("y", "Copy"),
            ("\x1b", "√ done"),
        ):
            terminal.send(keys)
            terminal.quiet()
            terminal.until(wanted)
        terminal.send("q")
        assert terminal.wait() == 0
    harmless(bytes(terminal.received))


def test_the_pager_gets_lines_that_are_wrapped_between_words(tmp_path: Path) -> None:
    quiet_queue(tmp_path)
    prompt = " ".join(["slow rain on a window"] * 12)
    with Store.open(tmp_path / "riff" / "data" / "jobs.sqlite3", SystemClock()) as store:
        store.add([NewJob(prompt, Options(), "studio", "r", "b1")])
    (shown := tmp_path / "shown").mkdir()
    with PtyTerminal(tmp_path, 60, 24, environ={"PAGER": f"cp -t {shown}"}) as terminal:
        terminal.until("^P palette")
        terminal.send("\x1b")
        terminal.until("Jobs 1")
        terminal.quiet()
        terminal.send("d")
        terminal.until("in detail")
        terminal.send("|")
        terminal.until(lambda: any(shown.iterdir()))
        terminal.quiet()
        (file,) = shown.iterdir()
        lines = file.read_text("utf-8").splitlines()
        terminal.send("\x1bq")
    assert max(map(len, lines)) <= 60
    assert prompt in " ".join(" ".join(lines).split())


def test_a_missing_editor_file_or_pager_is_reported_and_a_hang_up_keeps_the_queue(tmp_path: Path) -> None:
    quiet_queue(tmp_path)
    editor = tmp_path / "editor"
    with PtyTerminal(tmp_path, 120, 24, environ={"EDITOR": str(editor), "PAGER": "no-such-pager-here"}) as terminal:
        terminal.until("^P palette")
        terminal.send("\x0f")  # ^O
        terminal.until("Set $EDITOR to a program that is installed.")
        terminal.send("\x1b")
        terminal.quiet()
        terminal.send("rain")
        terminal.until("Detected: rain")
        editor.write_text('#!/bin/sh\nrm "$1"\n')
        editor.chmod(0o755)
        terminal.send("\x0f")
        terminal.until("The temporary file can't be used: No such file or directory.")
        terminal.send("\n")
        terminal.until("queued")
        terminal.send("\x1b")
        terminal.quiet()
        terminal.send("d")
        terminal.until("in detail")
        terminal.send("|")
        terminal.until("Set $PAGER to a program")
        terminal.hang_up()
        assert terminal.wait() == 128 + signal.SIGHUP
    assert prompts(tmp_path) == ["rain"]


def test_invalid_settings_from_the_editor_can_be_corrected(tmp_path: Path) -> None:
    """The first edit has a mistake, and the second one corrects it."""
    quiet_queue(tmp_path)
    file = tmp_path / "riff" / "config" / "settings.toml"
    file.write_bytes(b"# f\xfcr mich\n")
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nif grep -q '^\\[batch' \"$1\"; then echo ']'; else printf '[batch'; fi >> \"$1\"\n")
    editor.chmod(0o755)
    with PtyTerminal(tmp_path, environ={"EDITOR": str(editor)}) as terminal:
        terminal.until("^P palette")
        terminal.send("\x1bOQ")  # F2
        terminal.until("Settings")
        terminal.send("e")
        terminal.until("the editor opens it again")
        assert file.read_bytes() == b"# f\xfcr mich\n"
        terminal.send("e")
        terminal.until("Saved")
        end_by_sigterm(terminal)
    assert file.read_text("utf-8") == "# für mich\n[batch]\n"


def test_a_hostile_service_sends_no_terminal_commands(tmp_path: Path) -> None:
    with Hostile() as hostile, PtyTerminal(tmp_path, 120, 40, environ=hostile.environ) as terminal:
        terminal.until("^P palette")
        terminal.send(f"\x1b[200~song {HOSTILE.replace(chr(27), '')}\x1b[201~")
        terminal.until("owned")
        terminal.until("1 song ·")
        terminal.quiet()
        terminal.send("\n")
        terminal.until("√ done")
        terminal.send("\x1b")
        terminal.quiet()
        terminal.send("d")
        terminal.until("in detail")
        end_by_sigterm(terminal)
    harmless(bytes(terminal.received))
    assert TOKEN.encode() not in terminal.received


def end_by_sigterm(terminal: PtyTerminal) -> None:
    """End the screen with a signal, and check that it restores the terminal."""
    terminal.signal(signal.SIGTERM)
    assert terminal.wait() == 128 + signal.SIGTERM
    assert terminal.received.rfind(b"\x1b[?1049l") > terminal.received.rfind(b"\x1b[?1049h")


def harmless(received: bytes) -> None:
    """Check that every terminal command in it is one of ours."""
    left = _OURS.sub(b"", received)
    assert re.findall(rb"\x1b.{0,12}|[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]", left) == []
    assert b"\x1b]52" not in received
    assert re.findall("[\x80-\x9f\u202a-\u202e]", received.decode("utf-8")) == []


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_is_refused_with_advice(tmp_path: Path, term: str) -> None:
    with PtyTerminal(tmp_path, environ={"TERM": term}) as terminal:
        assert terminal.wait() == 2
    assert b"--plain" in terminal.received
    assert b"\x1b" not in terminal.received


def test_a_redirected_standard_error_is_refused(tmp_path: Path) -> None:
    shell = ("sh", "-c", f"exec {sys.executable} -m riffusion_tui 2>{tmp_path / 'errors'}")
    with PtyTerminal(tmp_path, program=shell) as terminal:
        assert terminal.wait() == 2
    says = "The screen needs a terminal. Redirected: standard error (the screen is drawn on it)."
    assert says in (tmp_path / "errors").read_text()


def test_keys_work_after_any_bytes_and_sizes_and_ctrl_z_without_a_shell_does_not_suspend(tmp_path: Path) -> None:
    quiet_queue(tmp_path)
    with PtyTerminal(tmp_path) as terminal:
        terminal.until("^P palette")
        for number, sent in enumerate(
            (b"\xe9", b"\x1b[M#\x84%", b"\x1b[1:2;3u", b"\x1b[99999999999u", b"\xff\xfe\x00")
        ):
            terminal.send_bytes(sent)
            terminal.quiet(0.2)
            terminal.send(f"rain{number}")
            terminal.until(f"rain{number}")
        for width, height in ((20, 5), (200, 50), (3, 2), (40, 12), (110, 30)):
            terminal.resize(width, height)
            terminal.quiet(0.2)
        terminal.until("rain4")
        terminal.until("Welcome")
        terminal.send("\x1b")
        terminal.until("i write")
        terminal.send("\x1a")  # ^Z; this process leads its session, as after `ssh host riffusion-tui`
        terminal.until("No shell to return to")
        terminal.send("\x1b[21~")  # F10
        assert terminal.wait(10) == 0


def test_the_screen_is_restored_after_sigtstp_and_sigcont_and_the_terminal_after_sigabrt(tmp_path: Path) -> None:
    with PtyTerminal(tmp_path) as terminal:
        terminal.until("^P palette")
        terminal.send("rain")
        terminal.until("Detected: rain")
        terminal.until("0/2 slots")
        terminal.quiet(1.0)
        for _ in range(3):  # at once: in a screen on which nothing changes, nothing else would repaint it
            _stop(terminal)
            terminal.screen.reset()
            terminal.signal(signal.SIGCONT)
            terminal.until("Detected: rain", 8.0)
        terminal.send(" and wind")
        terminal.until("rain and wind")
        end_by_fatal_signal(terminal, signal.SIGABRT)


def end_by_fatal_signal(terminal: PtyTerminal, number: signal.Signals) -> None:
    """End the program by a signal, and check that it restores the terminal."""
    terminal.signal(number)
    assert terminal.wait() == -number
    received = bytes(terminal.received)
    for mode in (b"1000", b"1003", b"1006", b"2004", b"1049"):
        assert received.rfind(b"\x1b[?%sl" % mode) > received.rfind(b"\x1b[?%sh" % mode), mode


def _stop(terminal: PtyTerminal) -> None:
    """Stop the program as ^Z does, and wait until it has given the terminal back."""
    given_back = terminal.received.count(b"\x1b[?1049l")
    terminal.signal(signal.SIGTSTP)
    terminal.until(lambda: terminal.received.count(b"\x1b[?1049l") > given_back)
    terminal.until(lambda: _is_stopped(terminal.pid))


def _is_stopped(pid: int) -> bool:
    found, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
    if found:
        return os.WIFSTOPPED(status)
    time.sleep(0.02)
    return False


def test_no_color_disables_colors_and_sigquit_restores_the_terminal(tmp_path: Path) -> None:
    with PtyTerminal(tmp_path, environ={"NO_COLOR": "1"}) as terminal:
        terminal.until("^P palette")
        terminal.send("{a|b} rain")
        terminal.until("2 songs ·")
        end_by_fatal_signal(terminal, signal.SIGQUIT)
    codes = {code for found in re.findall(rb"\x1b\[([0-9;]*)m", terminal.received) for code in found.split(b";")}
    assert codes <= {b"", b"0", b"1", b"2", b"3", b"4", b"7", b"22", b"24", b"27", b"39", b"49"}
