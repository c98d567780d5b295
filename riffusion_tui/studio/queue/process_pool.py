"""The process that renders songs; imported with the first song, since `multiprocessing` is large."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from riffusion_tui.studio.queue.render_task import TERMINAL_SIGNALS, prepare

_T = TypeVar("_T")


class LifelineProcess(ProcessPoolExecutor):
    """One child process that exits when it is shut down or its parent dies, however that happens.

    The child has one end of a pipe and exits when the other end closes. It is spawned, not forked: forking a process
    with threads (SQLite's, Textual's) can deadlock.
    """

    def __init__(self, niceness: int, log: Path) -> None:
        _start_tracker()
        theirs, self._ours = multiprocessing.Pipe(duplex=False)
        self._theirs: Connection | None = theirs
        super().__init__(
            1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=prepare,
            initargs=(theirs, niceness, str(log)),
        )

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """Run `fn` in the process, which is started if there is none."""
        with _in_existing_folder(), _terminal_signals_blocked():
            return super().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the child immediately, finished or not."""
        self._ours.close()
        super().shutdown(wait=wait, cancel_futures=cancel_futures)
        if self._theirs is not None:
            self._theirs.close()


@contextlib.contextmanager
def _in_existing_folder() -> Iterator[None]:
    """Leave the current folder meanwhile if it was deleted: `multiprocessing` can start no process in it."""
    try:
        Path.cwd()
    except FileNotFoundError:
        deleted = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        os.chdir("/")
        try:
            yield
        finally:
            os.fchdir(deleted)
            os.close(deleted)
    else:
        yield


@contextlib.contextmanager
def _terminal_signals_blocked() -> Iterator[None]:
    """Start a process that neither ^C nor a closed terminal ends: until it is ready, Python would print a traceback."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, TERMINAL_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_tracker() -> None:
    """Start multiprocessing's tracker process with the real standard error.

    Textual replaces it with an object whose file descriptor is -1, and every spawn would fail.
    """
    with contextlib.redirect_stderr(sys.__stderr__), _in_existing_folder(), _terminal_signals_blocked():
        resource_tracker.ensure_running()
