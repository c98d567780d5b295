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

from riffusion_tui.child_environment import child_environment
from riffusion_tui.dispatch.containers import Undecodable, seconds_of

LIMIT_S = 60.0
"""A song that takes longer to decode is called broken; an hour of MP3 takes some ten seconds."""
_COMMAND = [sys.executable, "-P", "-c", "from riffusion_tui.dispatch.decoding import serve; serve()"]


class Decoder:
    """The helper process and how it is asked. Any thread may ask; one question at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._interrupted = False

    def seconds(self, path: Path, kind: str) -> float | None:
        """Read the file to its end and return its length in seconds, None where it does not say.

        Raises:
            Undecodable: it is damaged, or takes longer than `LIMIT_S`.
        """
        with self._lock:
            process = self._running()
            try:
                answer = _ask(process, path, kind)
            except (OSError, ValueError) as error:
                self._end()
                raise Undecodable("the decoder gave up on it") from error
        if "error" in answer:
            raise Undecodable(answer["error"])
        seconds: float | None = answer["seconds"]
        return seconds

    def interrupt(self) -> None:
        """End the helper now, also in the middle of a file: whoever waits for its answer goes on."""
        process = self._process
        if process is not None:
            self._interrupted = True
            process.kill()

    def close(self) -> None:
        """End the helper; the next question starts another."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[str]:
        if self._interrupted:
            self._interrupted = False
            self._end()
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
    return child_environment() | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _ask(process: subprocess.Popen[str], path: Path, kind: str) -> dict[str, Any]:
    """Raises `OSError` where the helper is gone or takes too long, `ValueError` where it says nothing."""
    questions, answers = _streams(process)
    questions.write(json.dumps([str(path.absolute()), kind]) + "\n")
    questions.flush()
    with selectors.DefaultSelector() as selector:
        selector.register(answers, selectors.EVENT_READ)
        if not selector.select(LIMIT_S):
            raise TimeoutError
    found: dict[str, Any] = json.loads(answers.readline())
    return found


def serve() -> None:
    """Answer questions until standard input ends: `[path, kind]` a line in, a JSON object a line out."""
    for line in sys.stdin:
        path, kind = json.loads(line)
        try:
            answer: dict[str, object] = {"seconds": seconds_of(Path(path), kind)}
        except Undecodable as error:
            answer = {"error": str(error)}
        except Exception as error:  # noqa: BLE001 (the helper's one boundary: a parser of damaged files raises anything)
            answer = {"error": f"it can't be read ({type(error).__name__})"}
        print(json.dumps(answer), flush=True)


decoder = Decoder()
"""The program's own."""
atexit.register(decoder.close)
