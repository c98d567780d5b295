"""Programs that play a song: which one is there, how each is told where to begin and how loud, why one failed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from riffusion_tui.clean import clean_line

LOUDEST = 100
"""Percent: the song as it is."""
_LINES = 3
"""Last lines of a player's output that are shown: they name the reason."""
_LONGEST = 300
_NO_DEVICE = re.compile(
    r"no sound|audio (?:device|driver|output)|no default (?:audio )?(?:device|output)|\bALSA\b|unknown PCM|pulse",
    re.IGNORECASE,
)
_NOISE = re.compile(r"^(?:ALSA lib|\[[WE]\]\[|Jack|jack|Cannot connect to server)")
"""Lines that sound libraries print on the way to their last error."""


class PlayerKind(NamedTuple):
    """A known player's arguments; `{}` stands for a figure. Empty: it has no such argument."""

    arguments: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    """Seconds at which to begin."""
    volume: tuple[str, ...] = ()
    """Percent."""
    trailing: tuple[str, ...] = ()
    """What follows the file, with the second at which to begin."""


PLAYERS: Mapping[str, PlayerKind] = {
    "mpv": PlayerKind(
        ("--no-video", "--input-terminal=no", "--msg-level=all=error"), ("--start={:.2f}",), ("--volume={:.0f}",)
    ),
    "ffplay": PlayerKind(("-nodisp", "-autoexit", "-loglevel", "error"), ("-ss", "{:.2f}"), ("-volume", "{:.0f}")),
    "afplay": PlayerKind(),
    "play": PlayerKind(("-q",), trailing=("trim", "{:.2f}")),
    "mpg123": PlayerKind(("-q",)),
    "cvlc": PlayerKind(("--play-and-exit", "--quiet"), ("--start-time={:.2f}",)),
}
"""In the order in which they are looked for."""


def find_player(
    wanted: str, environ: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> tuple[str, ...]:
    """Return the player's command without the file; empty if none is found that would be heard.

    Args:
        wanted: the setting `player.command`; it is taken as it is.
        environ: over SSH a player here would play to an empty room, so none is chosen unless one is wanted.
        which: looks a program up.
    """
    if wanted.strip():
        try:
            return tuple(shlex.split(wanted))
        except ValueError:
            return (wanted,)  # an unbalanced quotation mark: the program isn't found, which is reported
    if over_ssh(environ):
        return ()
    return next(((name, *kind.arguments) for name, kind in PLAYERS.items() if which(name)), ())


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Return whether this program runs at the far end of an SSH connection."""
    return "SSH_CONNECTION" in environ or "SSH_TTY" in environ


def kind_of(command: tuple[str, ...]) -> PlayerKind:
    """Return what is known of the command's program."""
    return PLAYERS.get(Path(command[0]).name, PlayerKind())


def arguments_of(command: tuple[str, ...], file: str, start_s: float, volume: int) -> list[str]:
    """Return the command that plays `file` from `start_s` on at `volume` percent, as far as the player can."""
    kind, found = kind_of(command), list(command)
    if start_s > 0:
        found += [part.format(start_s) for part in kind.start]
    if volume != LOUDEST:
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
    """There is no such program."""


def failure_of(program: str, code: int, output: str) -> PlayerFailure:
    """Say why a player ended with `code`, from what it printed last."""
    lines = [line for text in output.splitlines() if (line := clean_line(text.strip(), _LONGEST))]
    told = [line for line in lines if not _NOISE.match(line)] or lines
    why = " / ".join(dict.fromkeys(told[-_LINES:])) or _ended(code)
    return PlayerFailure(program, why, bool(_NO_DEVICE.search(output)), missing=False)


def _ended(code: int) -> str:
    if not code:
        return "it ended at once and gave no reason"
    if code > 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def line_for_elsewhere(environ: Mapping[str, str], command: tuple[str, ...], id: int) -> str:
    """Return the command that plays a song at the user's own end of an SSH connection."""
    import getpass
    import socket

    cat = shlex.join([*command, "cat", str(id)])
    if "SSH_CONNECTION" not in environ:
        return f"{cat} | mpv -"
    address = environ["SSH_CONNECTION"].split()[2:3]
    host = address[0] if address else socket.gethostname()
    user = environ.get("USER") or getpass.getuser() or str(os.getuid())
    return f"ssh {shlex.quote(f'{user}@{host}')} {cat} | mpv -"
