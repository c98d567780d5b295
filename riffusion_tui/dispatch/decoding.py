"""Decodes downloaded audio to its end, in a process of its own.

What was downloaded comes from outside and is parsed by C libraries: a crash there must not take the screen along, and
what they write to standard error must not reach the terminal. One helper process serves a program's whole life; it
ends when the program does, however that ends, because its standard input is then closed.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

LIMIT_S = 120.0
"""A song that takes longer to decode is called broken; an hour of MP3 takes some ten seconds."""
_BLOCK = 1 << 16
_COMMAND = [sys.executable, "-P", "-c", "from riffusion_tui.dispatch.decoding import serve; serve()"]


class Undecodable(Exception):
    """The audio can't be decoded; `str(error)` says why."""


class Decoder:
    """The helper process and how it is asked. Any thread may ask; one question at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def seconds(self, path: Path) -> float:
        """Decode every frame of the file and return how many seconds there are. Raises `Undecodable`."""
        with self._lock:
            process = self._running()
            try:
                answer = _ask(process, path)
            except (OSError, ValueError) as error:
                self._end()
                raise Undecodable("the decoder gave up on it") from error
        if "error" in answer:
            raise Undecodable(answer["error"])
        return float(answer["seconds"])

    def close(self) -> None:
        """End the helper; the next question starts another."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 (this program's own interpreter)
                _COMMAND,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,  # ^C and ^Z in the terminal are not for it
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for stream in _streams(process):
                with suppress(OSError):
                    stream.close()
            process.wait()


def _streams(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    return cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)


def _environment() -> dict[str, str]:
    """Return the environment without this program's secrets, and with its modules' places."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RIFFUSION_TUI_")}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _ask(process: subprocess.Popen[str], path: Path) -> dict[str, Any]:
    """Raises `OSError` where the helper is gone or takes too long, `ValueError` where it says nothing."""
    questions, answers = _streams(process)
    questions.write(json.dumps(str(path.absolute())) + "\n")
    questions.flush()
    with selectors.DefaultSelector() as selector:
        selector.register(answers, selectors.EVENT_READ)
        if not selector.select(LIMIT_S):
            raise TimeoutError
    found: dict[str, Any] = json.loads(answers.readline())
    return found


def serve() -> None:
    """Answer questions until standard input ends: a path a line in, a JSON object a line out."""
    for line in sys.stdin:
        try:
            answer: dict[str, object] = {"seconds": decoded_seconds(json.loads(line))}
        except Undecodable as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


def decoded_seconds(path: str) -> float:
    """Decode every frame of the file, here, and return how many seconds there are. Raises `Undecodable`."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as song:
            frames = 0
            while block := len(song.read(_BLOCK, dtype="int16")):
                frames += block
            rate, said = song.samplerate, song.frames
    except (soundfile.LibsndfileError, OSError) as error:
        raise Undecodable(getattr(error, "error_string", "it can't be read").strip()) from error
    if not frames:
        raise Undecodable("it holds no sound")
    if frames < 0.98 * said:  # encoders pad, and a stream's header may only guess
        raise Undecodable("it is cut off")
    return float(frames / rate)


decoder = Decoder()
"""The program's own."""
atexit.register(decoder.close)
