"""Listening: which player there is, and driving it.

mpv is driven by its IPC socket (pause, seek, position), the others are started and stopped.
https://mpv.io/manual/stable/#json-ipc
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from riffusion_tui.child_environment import child_environment
from riffusion_tui.tui.messages import say
from riffusion_tui.tui.state.song_lines import Playing

_KNOWN: tuple[tuple[str, ...], ...] = (
    ("mpv", "--no-video", "--really-quiet", "--no-terminal"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("afplay",),
    ("play", "-q"),
    ("mpg123", "-q"),
    ("cvlc", "--play-and-exit", "--quiet"),
)
_CONNECT_TRIES = 40
_CONNECT_EVERY_S = 0.05


def find_player(
    wanted: str, environ: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> tuple[str, ...]:
    """Return the player's command without the file; empty where there is none that would be heard.

    Args:
        wanted: the setting `player.command`; it is taken as it is.
        environ: over SSH a player here would play to an empty room, so none is chosen unless one is wanted.
        which: looks a program up.
    """
    if wanted.strip():
        try:
            return tuple(shlex.split(wanted))
        except ValueError:
            return (wanted,)  # a quotation mark is missing its mate: no such program, and that is said
    if "SSH_CONNECTION" in environ or "SSH_TTY" in environ:
        return ()
    return next((command for command in _KNOWN if which(command[0])), ())


class AudioPlayer:
    """One song that plays at a time."""

    def __init__(self, changed: Callable[[], None], said: Callable[[str], None]) -> None:
        """Take what is called when another state is to be shown, and with an error that a person is to read."""
        self.job_id: int | None = None
        self._changed = changed
        self._said = said
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._watching: set[asyncio.Task[None]] = set()
        self._position = 0.0
        self._paused = False
        self._started = 0.0

    def state(self) -> Playing | None:
        """Return where it is, or None while nothing plays."""
        if self._process is None:
            return None
        position = self._position
        if self._writer is None:
            position = asyncio.get_running_loop().time() - self._started
        return Playing(position, self._paused)

    @property
    def driven(self) -> bool:
        """Whether pause and seek work."""
        return self._writer is not None

    async def play(
        self, job_id: int, file: str, command: tuple[str, ...], start_s: float = 0.0, length_s: float = 0.0
    ) -> None:
        """Play a song from `start_s` on, where the player can; the one before it stops.

        Args:
            job_id: whose song it is.
            file: the song.
            command: the player.
            start_s: where to begin.
            length_s: of the song, where it is known: a player that ends long before did not play it.
        """
        self.close()
        arguments = list(command)
        socket = ""
        if Path(command[0]).name == "mpv":
            self._folder = tempfile.TemporaryDirectory(prefix="rtui-")  # 0700; socket paths must be short
            socket = str(Path(self._folder.name) / "mpv")
            arguments += [f"--input-ipc-server={socket}", f"--start={start_s:.2f}"]
            arguments.append("--")
        try:
            self._process = await asyncio.create_subprocess_exec(
                *arguments,
                file,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env=child_environment(),
            )
        except OSError as error:
            self._said(f"{command[0]}: {error.strerror}")
            return
        self.job_id, self._position, self._paused = job_id, start_s if socket else 0.0, False
        self._started = asyncio.get_running_loop().time()
        watching = asyncio.create_task(self._watch(self._process, socket, length_s / 2), name="player")
        self._watching.add(watching)
        watching.add_done_callback(self._watching.discard)
        self._changed()

    async def _watch(self, process: asyncio.subprocess.Process, socket: str, least_s: float) -> None:
        listening = asyncio.create_task(self._listen(socket), name="player-ipc") if socket else None
        code = await process.wait()
        if listening is not None:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
        if self._process is process:
            self._end()
            if code:
                self._said(say("player.code", code=code))
            elif not socket and asyncio.get_running_loop().time() - self._started < least_s:
                self._said(say("player.early"))  # ffplay says nothing else where there is no sound device

    async def _listen(self, socket: str) -> None:
        reader = await self._connect(socket)
        if reader is None:
            return
        self._send("observe_property", 1, "time-pos")
        self._send("observe_property", 2, "pause")
        while line := await reader.readline():
            with suppress(ValueError, AttributeError, TypeError):
                self._heard(json.loads(line))

    async def _connect(self, socket: str) -> asyncio.StreamReader | None:
        for _ in range(_CONNECT_TRIES):
            with suppress(OSError):
                reader, self._writer = await asyncio.open_unix_connection(socket)
                return reader
            await asyncio.sleep(_CONNECT_EVERY_S)
        return None

    def _heard(self, event: dict[str, object]) -> None:
        if event.get("event") != "property-change":
            return
        data = event.get("data")
        if event.get("name") == "pause":
            self._paused = bool(data)
            self._changed()
        elif isinstance(data, int | float):
            jumped = abs(data - self._position) > _JUMP_S
            self._position = float(data)
            if jumped:
                self._changed()

    def _send(self, *command: object) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps({"command": command}).encode() + b"\n")

    def toggle(self) -> None:
        """Pause, or go on; a player that can't be driven stops."""
        if self.driven:
            self._send("cycle", "pause")
        else:
            self.close()

    def seek(self, seconds: float) -> None:
        """Jump by so many seconds."""
        self._send("seek", seconds, "relative")

    def tick(self) -> None:
        """A second passed: show where it is."""
        if self._process is not None and not self._paused:
            self._changed()

    def close(self) -> None:
        """Stop."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
        self._end()

    async def aclose(self) -> None:
        """Stop, and wait until the player is gone."""
        self.close()
        await asyncio.gather(*self._watching)

    def _end(self) -> None:
        was = self._process is not None
        self._process = None
        self.job_id = None
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        if was:
            self._changed()


_JUMP_S = 1.5


def there(environ: Mapping[str, str], command: tuple[str, ...], id: int) -> str:
    """Return the line that plays a song at the person's own end of an SSH line."""
    import getpass
    import socket

    cat = shlex.join([*command, "cat", str(id)])
    if "SSH_CONNECTION" not in environ:
        return f"{cat} | mpv -"
    address = environ["SSH_CONNECTION"].split()[2:3]
    host = address[0] if address else socket.gethostname()
    user = environ.get("USER") or getpass.getuser() or str(os.getuid())
    return f"ssh {shlex.quote(f'{user}@{host}')} {cat} | mpv -"
