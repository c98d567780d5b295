"""A cluster of real processes (scheduler, renderers) with certificates; each can be killed and restarted."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from riffusion_tui.studio.cluster.certificates import CA_FILE, CERTIFICATE_FILE, KEY_FILE, make_certificates

ROOT = Path(__file__).parents[2]
TONE = "tests.studio.tone:ToneEngine"
_RENDERERS = """
import sys
from pathlib import Path
from riffusion_tui.studio.cluster.cluster_worker import WorkerSettings
from riffusion_tui.studio.cluster.renderer_group import run_renderers
url, certificates, engine, soundfont, size = sys.argv[1:]
settings = WorkerSettings(url, Path(certificates), engine, soundfont or None, name="", scratch="", niceness=0)
if __name__ == "__main__":
    run_renderers(settings, int(size))
"""


class Cluster:
    """A scheduler, its renderers, and their output."""

    def __init__(self, folder: Path, engine: str = TONE, soundfont: str = "synthesized") -> None:
        self.certificates = folder / "certificates"
        if not self.certificates.exists():
            make_certificates(self.certificates, datetime.now(UTC))
        self.engine = engine
        self.soundfont = soundfont
        self.url = ""
        self._log = folder / "cluster.log"
        self._host = "127.0.0.1"
        self.scheduler: subprocess.Popen[str] | None = None
        self.renderers: list[subprocess.Popen[str]] = []

    def start_scheduler(self, host: str = "127.0.0.1", *, inside: Sequence[str] = ()) -> None:
        """Start a scheduler, at the previous address if there was one."""
        port = self.url.rpartition(":")[2] or "0"
        arguments = ["cluster", "scheduler", str(self.certificates), "--host", host, "--port", port]
        command = [*inside, sys.executable, "-m", "riffusion_tui", *arguments, "--dashboard", "127.0.0.1:0"]
        with self._log.open("a") as log:
            self.scheduler = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.scheduler.stdout is not None
        self.url = self.scheduler.stdout.readline().strip()
        assert self.url.startswith("tls://"), self.log

    def start_renderers(
        self, size: int, *, inside: Sequence[str] = (), certificates: Path | None = None, soundfont: str | None = None
    ) -> subprocess.Popen[str]:
        """Start the renderers of one machine."""
        program = Path(self.certificates).parent / "renderers.py"
        program.write_text(_RENDERERS)
        settings = [
            self.url,
            str(certificates or self.certificates),
            self.engine,
            self.soundfont if soundfont is None else soundfont,
            str(size),
        ]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        with self._log.open("a") as log:
            started = subprocess.Popen(
                [*inside, sys.executable, str(program), *settings],
                cwd=ROOT,
                env=environ,
                stdout=log,
                stderr=subprocess.PIPE,
                text=True,
            )
        self.renderers.append(started)
        return started

    def start_dask_worker(self, preload: str) -> None:
        """Start a worker as other programs do, and wait until it has registered."""
        command = [sys.executable, "-m", "distributed.cli.dask_worker", self.url, "--no-nanny", "--nthreads", "1"]
        command += ["--preload", preload, "--no-dashboard", "--tls-ca-file", str(self.certificates / CA_FILE)]
        command += ["--tls-cert", str(self.certificates / CERTIFICATE_FILE)]
        command += ["--tls-key", str(self.certificates / KEY_FILE)]
        started = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        self.renderers.append(started)
        assert started.stderr is not None
        for line in started.stderr:
            if "Registered to" in line:
                return
        raise AssertionError("it did not register")

    def workers(self) -> list[int]:
        """Return the process ids of the renderers themselves."""
        groups = {str(group.pid) for group in self.renderers}
        listed = subprocess.run(
            ["ps", "-wweo", "pid=,ppid=,command="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(maxsplit=2) for line in listed.splitlines()]
        servers = {pid for pid, parent, command in rows if parent in groups and "forkserver" in command}
        return [int(pid) for pid, parent, _ in rows if parent in servers]

    @property
    def log(self) -> str:
        """Return the output of scheduler and renderers."""
        return self._log.read_text()

    def new_output(self) -> str:
        """Return the output of the first machine's renderers since the last call."""
        assert self.renderers[0].stderr is not None
        descriptor = self.renderers[0].stderr.fileno()
        os.set_blocking(descriptor, False)
        try:
            return os.read(descriptor, 1 << 16).decode()
        except BlockingIOError:
            return ""

    def kill_scheduler(self) -> None:
        """Kill it with SIGKILL."""
        assert self.scheduler is not None
        self.scheduler.kill()
        self._reap(self.scheduler)

    def close(self) -> None:
        """End everything."""
        for process in [*self.renderers, *filter(None, [self.scheduler])]:
            process.terminate()
        for process in [*self.renderers, *filter(None, [self.scheduler])]:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            self._reap(process)

    def _reap(self, process: subprocess.Popen[str]) -> None:
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def kill(process: int) -> None:
    """Kill -9."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


@contextmanager
def running_cluster(folder: Path, size: int = 2) -> Iterator[Cluster]:
    """Run a scheduler and `size` renderers."""
    cluster = Cluster(folder)
    try:
        cluster.start_scheduler()
        cluster.start_renderers(size)
        yield cluster
    finally:
        cluster.close()
