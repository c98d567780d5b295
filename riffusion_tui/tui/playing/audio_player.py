"""Control an audio player: start, pause, seek, volume, and errors.

mpv is controlled through its IPC socket (https://mpv.io/manual/stable/#json-ipc). Other players are paused with
SIGSTOP; to seek or change the volume, they are restarted with other arguments, if they support them.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path

from riffusion_tui.child_environment import child_environment
from riffusion_tui.tui.playing.players import MAX_VOLUME, PlayerFailure, arguments_of, failure_of, kind_of
from riffusion_tui.tui.state.song.song_facts import Playing

_CONNECT_EVERY_S, _CONNECT_SELDOM_S = 0.05, 0.5
"""Pauses between attempts to connect to mpv, at first and after a few seconds."""
_JUMP_S = 1.5
_KILL_AFTER_S = 2.0
_OUTPUT_S = 0.2
"""Timeout for reading the rest of a player's output after it exited, in seconds."""
_KEPT = 4096
"""Maximum bytes of a player's output kept for an error message."""


class AudioPlayer:
    """Plays one song at a time."""

    def __init__(
        self,
        changed: Callable[[], None],
        failed: Callable[[PlayerFailure], None],
        ended: Callable[[int], None] = lambda job_id: None,
    ) -> None:
        """Create an idle player.

        Args:
            changed: called when the state has changed.
            failed: called with a message when the player stopped too early.
            ended: called with the job's id when a song was played to its end.
        """
        self.job_id: int | None = None
        self.volume = MAX_VOLUME
        """Volume in percent, for this and the following songs."""
        self._changed = changed
        self._failed = failed
        self._ended = ended
        self._command: tuple[str, ...] = ()
        self._file = ""
        self._length_s = 0.0
        self._process: asyncio.subprocess.Process | None = None
        self._starting: object | None = None
        """Identifies the start of the current player: another may begin before the first process runs."""
        self._writer: asyncio.StreamWriter | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._position = 0.0
        self._paused = False
        self._since = 0.0
        self._loaded = False
        self._seek_to: float | None = None

    def state(self) -> Playing | None:
        """Return the playback state, or None if nothing is playing."""
        if self._process is None:
            return None
        return Playing(self._now_at(), self._paused)

    def _now_at(self) -> float:
        """Return the position in seconds, as reported by mpv or counted since the start."""
        if self._paused:
            return self._position
        return self._position + asyncio.get_running_loop().time() - self._since

    def _at(self, position_s: float) -> None:
        self._position, self._since = position_s, asyncio.get_running_loop().time()

    @property
    def driven(self) -> bool:
        """Whether the player accepts commands through its socket."""
        return self._writer is not None

    async def play(
        self, job_id: int, file: str, command: tuple[str, ...], start_s: float = 0.0, length_s: float = 0.0
    ) -> None:
        """Play a song from `start_s`, if the player supports it; stops the previous song.

        Args:
            job_id: the song's job.
            file: the audio file.
            command: the player's command.
            start_s: start position in seconds.
            length_s: the song's length, if known; a player that exits much earlier has failed.
        """
        self._stop()
        starting = self._starting = object()
        self._command, self._file, self._length_s = command, file, length_s
        arguments = arguments_of(command, file, start_s, self.volume)
        socket = ""
        try:
            if Path(command[0]).name == "mpv":
                self._folder = tempfile.TemporaryDirectory(prefix="rtui-")  # 0700; socket paths must be short
                socket = str(Path(self._folder.name) / "mpv")
                arguments.insert(1, f"--input-ipc-server={socket}")
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=child_environment(),
                process_group=0,  # a wrapper script and its player are stopped and paused together
            )
        except OSError as error:
            if self._starting is starting:
                self._clear()
                self._failed(PlayerFailure(command[0], error.strerror or str(error), no_device=False, missing=True))
            return
        if self._starting is not starting:  # meanwhile, another song was started, or the player stopped
            self._end(process)
            self._keep(self._watch(process, job_id, ""))
            return
        kind = kind_of(command)
        self._process, self.job_id, self._paused = process, job_id, False
        self._at(start_s if kind.start or kind.trailing else 0.0)
        self._keep(self._watch(process, job_id, socket))
        self._changed()

    def _keep(self, watching: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(watching, name="player")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self, process: asyncio.subprocess.Process, job_id: int, socket: str) -> None:
        listening = asyncio.create_task(self._listen(socket), name="player-ipc") if socket else None
        reading = asyncio.create_task(_last_output(process), name="player-output")
        code = await process.wait()
        await asyncio.wait([reading], timeout=_OUTPUT_S)  # a leftover child process may keep the pipe open
        output = reading.result() if reading.done() else ""
        reading.cancel()
        if listening is not None:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
        if self._process is not process:
            return
        short = self._length_s and self._now_at() < self._length_s / 2
        self._clear()
        if code or short:  # ffplay exits with 0 if there is no sound device
            self._failed(failure_of(self._command[0], code, output))
        else:
            self._ended(job_id)

    async def _listen(self, socket: str) -> None:
        reader = await self._connect(socket)
        for number, name in enumerate(("time-pos", "pause", "volume"), start=1):
            self._send("observe_property", number, name)
        while line := await reader.readline():
            with suppress(ValueError, AttributeError, TypeError):
                self._take(json.loads(line))

    async def _connect(self, socket: str) -> asyncio.StreamReader:
        """Connect to mpv, which may take seconds to start; this task is cancelled when it ends."""
        pause_s = _CONNECT_EVERY_S
        while True:
            with suppress(OSError):
                reader, self._writer = await asyncio.open_unix_connection(socket)
                return reader
            await asyncio.sleep(pause_s)
            pause_s = min(1.1 * pause_s, _CONNECT_SELDOM_S)

    def _take(self, event: dict[str, object]) -> None:
        """Handle a property reported by mpv."""
        if event.get("event") != "property-change":
            return
        name, data = event.get("name"), event.get("data")
        if name == "pause":
            self._at(self._now_at())
            self._paused = bool(data)
            self._changed()
        elif name == "volume" and isinstance(data, int | float):
            self.volume = round(data)
        elif name == "time-pos" and isinstance(data, int | float):
            self._loaded = True
            self._send_seek()
            jumped = abs(data - self._now_at()) > _JUMP_S
            self._at(float(data))
            if jumped:
                self._changed()

    def _send(self, *command: object) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps({"command": command}).encode() + b"\n")

    def _send_seek(self) -> None:
        """Send the pending seek once mpv has loaded the song; mpv refuses one before."""
        if self._loaded and self._seek_to is not None:
            self._send("seek", self._seek_to, "absolute")
            self._seek_to = None

    def toggle(self) -> None:
        """Pause or resume."""
        if self.driven:
            self._send("cycle", "pause")
        elif self._process is not None:
            self._at(self._now_at())
            self._paused = not self._paused
            _signal(self._process, signal.SIGSTOP if self._paused else signal.SIGCONT)
            self._changed()

    async def seek(self, position_s: float) -> bool:
        """Seek to a position in seconds; return False if the player doesn't support it."""
        position_s = max(0.0, min(position_s, self._length_s - 1.0 if self._length_s > 1.0 else position_s))
        if self.driven:
            self._seek_to = position_s
            self._send_seek()
            return True
        kind = kind_of(self._command) if self._command else None
        if self._process is None or self.job_id is None or kind is None or not (kind.start or kind.trailing):
            return False
        await self.play(self.job_id, self._file, self._command, position_s, self._length_s)
        return True

    async def set_volume(self, percent: int) -> bool:
        """Set the volume, 0 to 100; return False if the player doesn't support it."""
        before, self.volume = self.volume, max(0, min(MAX_VOLUME, percent))
        if self.driven:
            self._send("set_property", "volume", self.volume)
            return True
        if self._process is None or self.job_id is None or not kind_of(self._command).volume:
            return False
        if before == self.volume:
            return True
        await self.play(self.job_id, self._file, self._command, self._now_at(), self._length_s)
        return True

    def tick(self) -> None:
        """Show the position while playing."""
        if self._process is not None and not self._paused:
            self._changed()

    def close(self) -> None:
        """Stop."""
        was = self._process is not None
        self._stop()
        if was:
            self._changed()

    async def aclose(self) -> None:
        """Stop, and wait for the player to exit."""
        self.close()
        await asyncio.gather(*self._tasks)

    def _stop(self) -> None:
        process = self._process
        if process is not None and process.returncode is None:
            self._end(process)
        self._forget()

    def _end(self, process: asyncio.subprocess.Process) -> None:
        """End a process; one that ignores that, or is stuck in a sound library, is killed."""
        _signal(process, signal.SIGTERM)
        _signal(process, signal.SIGCONT)  # a paused process handles the signal only after it continues

        def kill() -> None:
            if process.returncode is None:
                _signal(process, signal.SIGKILL)

        asyncio.get_running_loop().call_later(_KILL_AFTER_S, kill)

    def _clear(self) -> None:
        self._forget()
        self._changed()

    def _forget(self) -> None:
        self._process = self._starting = None
        self.job_id = None
        self._paused = self._loaded = False
        self._seek_to = None
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Signal a player and its child processes."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


async def _last_output(process: asyncio.subprocess.Process) -> str:
    """Read a player's output to its end; return the last part."""
    kept = b""
    if process.stdout is not None:
        while piece := await process.stdout.read(_KEPT):
            kept = (kept + piece)[-_KEPT:]
    return kept.decode("utf-8", "replace")
