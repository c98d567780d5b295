"""Audio players: find one, build its arguments (position, volume), and explain its errors."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from string import ascii_letters, digits
from typing import NamedTuple

from riffusion_tui.clean import clean_line

MAX_VOLUME = 100
"""In percent: unchanged."""
_REASON_LINES = 3
"""Number of last lines of a player's output shown as the reason."""
_UNQUOTED = frozenset(f"{ascii_letters}{digits}/=._-".encode())
"""Bytes that mean themselves in every shell and in printf."""
_MAX_LINE = 300
_NO_DEVICE = re.compile(
    r"no sound|audio (?:device|driver|output)|no default (?:audio )?(?:device|output)|\bALSA\b|unknown PCM|pulse",
    re.IGNORECASE,
)
_NOISE = re.compile(r"^(?:ALSA lib|\[[WE]\]\[|Jack|jack|Cannot connect to server)")
"""Lines that sound libraries print before the actual error."""


class PlayerKind(NamedTuple):
    """A known player's arguments; `{}` is replaced by a number. Empty: not supported."""

    arguments: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    """Start position in seconds."""
    volume: tuple[str, ...] = ()
    """Percent."""
    trailing: tuple[str, ...] = ()
    """Arguments after the file, with the start position in seconds."""


_PLAYERS: Mapping[str, PlayerKind] = {
    "mpv": PlayerKind(
        ("--no-video", "--input-terminal=no", "--msg-level=all=error"), ("--start={:.2f}",), ("--volume={:.0f}",)
    ),
    "ffplay": PlayerKind(("-nodisp", "-autoexit", "-loglevel", "error"), ("-ss", "{:.2f}"), ("-volume", "{:.0f}")),
    "afplay": PlayerKind(),
    "play": PlayerKind(("-q",), trailing=("trim", "{:.2f}")),
    "mpg123": PlayerKind(("-q",)),
    "cvlc": PlayerKind(("--play-and-exit", "--quiet"), ("--start-time={:.2f}",)),
}
"""In search order."""


def find_player(
    wanted: str, environ: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> tuple[str, ...]:
    """Return the player's command without the file; empty if there is none.

    Args:
        wanted: the setting `player.command`, used unchanged.
        environ: the environment; over SSH no player is chosen, since it would play on the remote machine.
        which: finds a program's path.
    """
    if wanted.strip():
        try:
            return tuple(shlex.split(wanted))
        except ValueError:
            return (wanted,)  # an unbalanced quotation mark: the program isn't found, which is reported
    if over_ssh(environ):
        return ()
    return next(((name, *kind.arguments) for name, kind in _PLAYERS.items() if which(name)), ())


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Whether this program runs at the far end of an SSH connection."""
    return "SSH_CONNECTION" in environ or "SSH_TTY" in environ


def kind_of(command: tuple[str, ...]) -> PlayerKind:
    """Return the known arguments of the command's program."""
    return _PLAYERS.get(Path(command[0]).name, PlayerKind())


def arguments_of(command: tuple[str, ...], file: str, start_s: float, volume: int) -> list[str]:
    """Return the command that plays `file` from `start_s` at `volume` percent, if the player supports these."""
    kind, found = kind_of(command), list(command)
    if start_s > 0:
        found += [part.format(start_s) for part in kind.start]
    if volume != MAX_VOLUME:
        found += [part.format(volume) for part in kind.volume]
    found += ["--", file] if Path(command[0]).name == "mpv" else [file]
    return found + ([part.format(start_s) for part in kind.trailing] if start_s > 0 else [])


class PlayerFailure(NamedTuple):
    """Why a player stopped."""

    program: str
    why: str
    """One line."""
    no_device: bool
    missing: bool
    """The program doesn't exist."""


def failure_of(program: str, code: int, output: str) -> PlayerFailure:
    """Explain why a player exited with `code`, using its last output."""
    lines = [line for text in output.splitlines() if (line := clean_line(text.strip(), _MAX_LINE))]
    kept = [line for line in lines if not _NOISE.match(line)] or lines
    was_killed = code < 0  # then its last output is about the song that it played
    why = _ended(code) if was_killed else " / ".join(dict.fromkeys(kept[-_REASON_LINES:])) or _ended(code)
    return PlayerFailure(program, why, bool(_NO_DEVICE.search(output)), missing=False)


def _ended(code: int) -> str:
    if not code:
        return "it exited immediately without a reason"
    if code > 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def line_for_elsewhere(environ: Mapping[str, str], command: tuple[str, ...], id: int) -> str:
    """Return a command that plays a song on the user's own machine over SSH."""
    import socket

    cat = " ".join(map(_quoted, [*command, "cat", str(id)]))
    if "'" in cat:  # quoted for the shell there, and once more for the one here
        cat = shlex.quote(cat)
    connection = environ.get("SSH_CONNECTION", "").split()  # client and port, server and port
    host = connection[2] if len(connection) > 2 else socket.gethostname()
    port = f"-p {connection[3]} " if len(connection) > 3 and connection[3].isdecimal() and connection[3] != "22" else ""
    user = environ.get("USER") or _user()
    return f"ssh {port}{shlex.quote(f'{user}@{host}')} {cat} | mpv -"


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container, a user may have no entry in the user database
        return str(os.getuid())


def _quoted(word: str) -> str:
    """Quote a word for any POSIX shell; bytes that a terminal can't show or that aren't UTF-8 as octal numbers."""
    if clean_line(word) == word:
        return shlex.quote(word)
    shown = "".join(chr(byte) if byte in _UNQUOTED else f"\\{byte:03o}" for byte in os.fsencode(word))
    return f"\"$(printf '{shown}')\""
