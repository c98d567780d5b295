"""Terminal features besides drawing: clipboard, notifications, window title, progress.

tmux and screen pass a sequence on only if it is wrapped: https://github.com/tmux/tmux/wiki/FAQ and
https://www.gnu.org/software/screen/manual/screen.html#Control-Sequences . Texts are cleaned again here, since titles
are sent inside an escape sequence.
"""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Callable, Mapping
from enum import StrEnum

from riffusion_tui.child_environment import child_environment
from riffusion_tui.clean import clean_line
from riffusion_tui.dispatch.queue_summary import QueueSummary
from riffusion_tui.tui.messages import message

_MAX_COPY = 74_994
"""Maximum base64 characters that terminals commonly accept in one OSC 52."""
_SCREEN_CHUNK = 700
_TMUX_S = 1.0
_PROGRESS = ("WT_SESSION", "ConEmuANSI", "GHOSTTY_RESOURCES_DIR", "KONSOLE_VERSION", "WEZTERM_PANE", "ITERM_SESSION_ID")
"""Environment variables of terminals known to support OSC 9;4 progress."""


def _into_tmux(raw: bytes) -> bool:
    """Copy a text to tmux's buffer, which forwards it to the outer terminal's clipboard (tmux 3.2)."""
    try:
        ran = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],  # noqa: S607 (the user's tmux)
            input=raw,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TMUX_S,
            env=child_environment(),
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return ran.returncode == 0


def holds_back_escape(environ: Mapping[str, str]) -> bool:
    """Whether the escape key arrives only with the next key while the mouse is reported: GNU screen does that."""
    return "STY" in environ or environ.get("TERM", "").startswith("screen.")


class CopyResult(StrEnum):
    """What happened to a copied text; the values are message keys."""

    TMUX = "tmux"
    """It is in tmux's buffer, and tmux sent it to the outer terminal."""
    SENT = "sent"
    """It was sent to the terminal, which doesn't confirm it."""
    TOO_LONG = "too_long"
    """Nothing: it is longer than terminals accept."""


class Terminal:
    """Sends sequences to the terminal with `write`, wrapped for tmux or screen."""

    def __init__(self, environ: Mapping[str, str], write: Callable[[str], None]) -> None:
        self._write = write
        term = environ.get("TERM", "")
        self._tmux = "TMUX" in environ
        self._screen = not self._tmux and ("STY" in environ or term.startswith("screen"))
        self._draws_progress = any(name in environ for name in _PROGRESS)
        self._title = ""
        self._progress = ""
        self._most = 0
        """Maximum number of open jobs since the queue was last empty; the base for the progress."""

    def copy(self, text: str) -> CopyResult:
        """Copy `text`: into tmux's buffer, else to the clipboard of the user's own machine (OSC 52)."""
        raw = text.encode("utf-8", "surrogateescape")  # the bytes of a path that aren't UTF-8 stay
        if self._tmux and _into_tmux(raw):
            return CopyResult.TMUX
        held = base64.b64encode(raw).decode("ascii")
        if len(held) > _MAX_COPY:
            return CopyResult.TOO_LONG
        sequence = f"\x1b]52;c;{held}\x07"
        if self._tmux:
            self._write(sequence)  # not wrapped: tmux drops wrapped sequences by default, but may handle this one
        else:
            self._send(sequence)
        return CopyResult.SENT

    def bell(self) -> None:
        """Ring."""
        self._write("\x07")

    def notify(self, text: str, how: str) -> None:
        """Show a desktop notification with `osc9` or `osc777`."""
        cleaned = clean_line(text, 200).replace(";", ",")
        if how == "osc9":
            self._send(f"\x1b]9;{cleaned}\x07")
        elif how == "osc777":
            self._send(f"\x1b]777;notify;riffusion-tui;{cleaned}\x07")

    def show(self, summary: QueueSummary, playing: str = "") -> None:
        """Update the window's title and progress if they changed."""
        under_way, waiting = summary.making + summary.fetching, summary.waiting
        title = message("title.idle")
        if under_way or waiting:
            title = message("title.busy", making=under_way, waiting=waiting)
        if summary.needs_attention:
            title = message("title.needs", n=summary.needs_attention) + title
        if playing:
            title = f"{playing} - {title}"
        if title != self._title:
            self._title = title
            self._write(f"\x1b]0;{clean_line(title)}\x07")
        if self._draws_progress:
            self._show_progress(summary)

    def _show_progress(self, summary: QueueSummary) -> None:
        open_jobs = summary.making + summary.fetching + summary.waiting
        self._most = max(self._most, open_jobs) if open_jobs else 0
        state = "0;0"
        if open_jobs:
            state = f"{2 if summary.banners else 1};{100 * (self._most - open_jobs) // self._most}"
        if state != self._progress:
            self._progress = state
            self._send(f"\x1b]9;4;{state}\x07")

    def reset(self) -> None:
        """Restore title and progress."""
        if self._title:
            self._write("\x1b]0;\x07")
        if self._progress not in ("", "0;0"):
            self._send("\x1b]9;4;0;0\x07")

    def _send(self, sequence: str) -> None:
        if self._tmux:
            self._write("\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\")
        elif self._screen:
            for start in range(0, len(sequence), _SCREEN_CHUNK):
                self._write("\x1bP" + sequence[start : start + _SCREEN_CHUNK] + "\x1b\\")
        else:
            self._write(sequence)


def has_job_control() -> bool:
    """Whether a shell with job control started this program: `ssh host riffusion-tui` starts it without one."""
    return os.getpgrp() != os.getsid(0)
