"""The renderers of one machine for a cluster: processes that are started, watched and started again."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

from riffusion_tui.studio.cluster.certificates import certificates_in
from riffusion_tui.studio.cluster.cluster_address import read_cluster_address
from riffusion_tui.studio.cluster.cluster_errors import OtherVersions, SchedulerUnreachable
from riffusion_tui.studio.cluster.cluster_worker import LOST, UNFIT, WorkerSettings, work
from riffusion_tui.studio.cluster.dask_library import check_extra
from riffusion_tui.studio.cluster.scheduler_calls import counted
from riffusion_tui.studio.cluster.scheduler_probe import probe

_RETRY_S = 1.0
_MAX_WAIT_S = 30.0
_SETTLED_S = 10.0
"""Seconds after which an exit no longer counts as a failed start."""


@dataclass
class _Renderer:
    process: BaseProcess
    trouble: Connection
    started_at: float


class RendererGroup:
    """Keeps `size` renderers running."""

    def __init__(self, settings: WorkerSettings, size: int, report: Callable[[str], None]) -> None:
        """Check everything that can be checked without connecting.

        Args:
            settings: of the first renderer; the others use the following ports, unless it is 0. Its name is ignored.
            size: how many renderers.
            report: called with a line of text for the user when something happens.

        Raises:
            ClusterError: the extra is not installed, or address or certificates can't be used.
        """
        check_extra()
        self._address = read_cluster_address(settings.cluster)
        self._certificates = None
        if self._address.encrypted and settings.certificates is not None:
            self._certificates = certificates_in(settings.certificates)
        else:
            settings = replace(settings, certificates=None)
        self._settings = settings
        self._size = size
        self._report = report
        self._there: dict[int, _Renderer] = {}
        self._failures = 0
        # Forked from a process that has imported Dask, which takes a second of CPU. On macOS, forking isn't safe.
        self._context: ForkServerContext | SpawnContext = multiprocessing.get_context("forkserver")
        if sys.platform == "darwin":
            self._context = multiprocessing.get_context("spawn")
        self._context.set_forkserver_preload(["distributed", work.__module__])

    def run(self) -> None:
        """Render until interrupted.

        Raises:
            CertificateProblem: the scheduler's certificate or ours is refused.
            OtherVersions: songs would differ from the studio's.
        """
        theirs, ours = multiprocessing.Pipe(duplex=False)
        scratch = tempfile.mkdtemp(prefix="riffusion-tui-renderer-")
        announced = False
        try:
            while True:
                self._wait_for_scheduler()
                for number in range(self._size):
                    if number not in self._there:
                        self._there[number] = self._start(number, scratch, theirs)
                if not announced:
                    self._report(
                        f"{counted(self._size, 'renderer')} for the cluster at {self._address.url}. Stop them with ^C."
                    )
                announced = True
                self._watch()
        finally:
            ours.close()
            for renderer in self._there.values():
                renderer.process.join()
            shutil.rmtree(scratch, ignore_errors=True)

    def _wait_for_scheduler(self) -> None:
        waiting = False
        while True:
            try:
                probe(self._address, self._certificates)
            except SchedulerUnreachable as error:
                if not waiting:
                    self._report(f"{error} Waiting for it.")
                waiting = True
                time.sleep(_RETRY_S)
            else:
                if waiting:
                    self._report(f"The scheduler at {self._address.url} answers.")
                return

    def _start(self, number: int, scratch: str, lifeline: Connection) -> _Renderer:
        trouble, sending = multiprocessing.Pipe(duplex=False)
        settings = replace(
            self._settings,
            name=f"{socket.gethostname()}-{os.getpid()}-{number}",
            scratch=scratch,
            port=self._settings.port + number if self._settings.port else 0,
        )
        process = self._context.Process(target=work, args=(settings, lifeline, sending))
        process.start()
        sending.close()
        return _Renderer(process, trouble, time.monotonic())

    def _watch(self) -> None:
        """Wait until renderers have ended, remove them, and wait until new ones may be started."""
        wait([renderer.process.sentinel for renderer in self._there.values()])
        pause = 0.0
        for number, renderer in list(self._there.items()):
            if not renderer.process.is_alive():
                del self._there[number]
                pause = max(pause, self._reap(renderer))
        time.sleep(pause)

    def _reap(self, renderer: _Renderer) -> float:
        """Report how a renderer ended; return for how many seconds not to start another."""
        renderer.process.join()
        code = renderer.process.exitcode
        if code == UNFIT:
            raise OtherVersions(renderer.trouble.recv())
        renderer.trouble.close()
        if code == LOST:
            return _RETRY_S
        self._report(f"A renderer ended ({_describe(code)}); starting another.")
        if time.monotonic() - renderer.started_at > _SETTLED_S:
            self._failures = 0
            return 0.0
        self._failures += 1
        return min(_MAX_WAIT_S, 0.1 * 2.0**self._failures)


def _describe(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def run_renderers(settings: WorkerSettings, size: int) -> None:
    """Render songs for a cluster until SIGINT, SIGTERM or SIGHUP; report to standard error. Raises `ClusterError`."""
    group = RendererGroup(settings, size, lambda line: print(line, file=sys.stderr, flush=True))
    _interrupt_once()
    with suppress(KeyboardInterrupt):
        group.run()


def _interrupt_once() -> None:
    """Raise `KeyboardInterrupt` at the first signal; ignore further ones, so that the clean-up is finished."""
    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    names = [name for name in ends if signal.getsignal(name) != signal.SIG_IGN]

    def stop(*_: object) -> None:
        for name in names:
            signal.signal(name, signal.SIG_IGN)
        raise KeyboardInterrupt

    for name in names:
        signal.signal(name, stop)
