"""Pages of `help TOPIC` that are longer than the terminal."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from riffusion_tui.cli.help import page
from riffusion_tui.cli.printing.page_layout import laid_out
from riffusion_tui.cli.printing.pager import put_paged
from tests.cli.kit import Calling, Program
from tests.pty.terminal import PtyTerminal

CANARY = "canary-token"
SHOWN = laid_out(page("prompts"), 80)


@pytest.fixture
def pager(tmp_path: Path) -> str:
    """Return a pager that saves its input, its environment and its arguments."""
    script = tmp_path / "pager.py"
    script.write_text(f"""
import json, os, pathlib, sys
got = json.dumps([sys.stdin.read(), dict(os.environ), sys.argv[1:]])
pathlib.Path({str(tmp_path / "got")!r}).write_text(got)
""")
    return shlex.join([sys.executable, str(script), "-R", "two words"])


def at_a_terminal(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **variables: str | None
) -> tuple[str, str]:
    """Run `help prompts` as in a terminal of 80 columns; return what it printed."""
    given = {"COLUMNS": "80", "LINES": "24", "TERM": "xterm", **variables}
    call = calling(Program.at(tmp_path, **{name: value for name, value in given.items() if value is not None}))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ran = call("help", "prompts")
    assert ran.code == 0
    return ran.out, ran.err


def test_a_long_page_is_shown_by_the_pager_without_tokens(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pager: str
) -> None:
    assert at_a_terminal(calling, tmp_path, monkeypatch, PAGER=pager, RIFFUSION_TUI_TOKEN=CANARY) == ("", "")
    text, environ, arguments = json.loads((tmp_path / "got").read_text())
    assert text == SHOWN
    assert arguments == ["-R", "two words"]
    assert (CANARY in str(environ), environ["LESS"]) == (False, "FRX")


@pytest.mark.parametrize(
    "changed", [{"PAGER": ""}, {"PAGER": " "}, {"PAGER": "cat"}, {"LINES": "9999"}, {"TERM": "dumb"}]
)
def test_a_page_is_printed_if_no_pager_is_wanted(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pager: str, changed: dict[str, str]
) -> None:
    assert at_a_terminal(calling, tmp_path, monkeypatch, **{"PAGER": pager} | changed) == (SHOWN, "")
    assert not (tmp_path / "got").exists()


@pytest.mark.parametrize("pager", ["no-such-pager\x1b[31m -x", "'unbalanced", "/"])
def test_a_page_is_printed_if_the_pager_cannot_be_started(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pager: str
) -> None:
    out, error = at_a_terminal(calling, tmp_path, monkeypatch, PAGER=pager)
    assert out == SHOWN
    assert "can't be started" in error
    assert "Set PAGER to a program that is installed." in error
    assert "\x1b" not in error


def test_a_page_is_printed_if_no_pager_is_installed(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert at_a_terminal(calling, tmp_path, monkeypatch, PATH=str(tmp_path)) == (SHOWN, "")


def test_who_leaves_the_pager_early_sees_no_error(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("PAGER", "true")
    monkeypatch.setenv("TERM", "xterm")
    put_paged("la\n" * 100_000)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not Path("/usr/bin/less").exists(), reason="needs less")
def test_less_starts_at_the_top_and_survives_ctrl_c(tmp_path: Path) -> None:
    with PtyTerminal(tmp_path, arguments=("help", "prompts")) as terminal:
        terminal.until("# Prompts")
        terminal.send("\x03")

        def is_at_the_end() -> bool:
            terminal.send("G")  # again and again: less drops what is typed right after ^C
            return SHOWN.strip().splitlines()[-1].strip()[:40] in terminal.words()

        terminal.until(is_at_the_end)
        terminal.send("q")
        assert terminal.wait() == 0
