"""Decode downloaded audio in a separate process.

Downloads are untrusted and parsed by C libraries: a crash there must not take down the app, and their output on
standard error must not reach the terminal. One helper process runs as long as the program. It exits with the program
even after a crash, because its standard input is closed then.
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
from riffusion_tui.dispatch.fetching.containers import Undecodable, seconds_of

LIMIT_S = 60.0
"""Timeout for decoding a song; an hour of MP3 takes about ten seconds."""
_COMMAND = [sys.executable, "-P", "-c", "from riffusion_tui.dispatch.fetching.decoding import serve; serve()"]


class Decoder:
    """Client of the helper process. Thread-safe; handles one request at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._interrupted = False

    def seconds(self, path: Path, kind: str) -> float | None:
        """Read the file to its end and return its length in seconds, or None if unknown.

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
        """Stop the helper now, even in the middle of a file; a waiting caller returns."""
        process = self._process
        if process is not None:
            self._interrupted = True
            process.kill()

    def close(self) -> None:
        """Stop the helper; the next request starts another."""
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
                start_new_session=True,  # not affected by ^C and ^Z in the terminal
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
    """Return the environment without this program's secrets, and with its module path."""
    return child_environment() | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _ask(process: subprocess.Popen[str], path: Path, kind: str) -> dict[str, Any]:
    """Send a request. Raises `OSError` if the helper died or timed out, `ValueError` if it sent no response."""
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
    """Serve requests until standard input ends: one `[path, kind]` per line in, one JSON object per line out."""
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
"""The program's decoder."""
atexit.register(decoder.close)
