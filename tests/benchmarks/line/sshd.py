"""A real sshd on loopback behind the slow relay, with temporary keys; the system's configuration is not touched."""

from __future__ import annotations

import getpass
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.line.subjects import Subject
from tests.benchmarks.line.terminal import Link

_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/known
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
"""
_NEEDED = ("sshd", "ssh", "ssh-keygen")
_SYSTEM = "/usr/sbin:/usr/local/sbin:/sbin"


class NoSshd(Exception):
    """sshd can't be started; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A connection to this machine through sshd and the relay."""

    port: int
    key: Path

    def through(self, subject: Subject) -> Subject:
        """Return the subject at the other end of the line."""
        settings = [f"{name}={value}" for name, value in subject.environment.items()]
        remote = shlex.join(["cd", str(Path.cwd())]) + " && exec " + shlex.join(["env", *settings, *subject.command])
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes")
        command = ["ssh", "-tt", "-F", "none", "-i", str(self.key), "-p", str(self.port)]
        for option in options:
            command += ["-o", option]
        return replace(subject, command=(*command, f"{getpass.getuser()}@127.0.0.1", remote), environment={})


@contextmanager
def line(folder: Path, link: Link) -> Iterator[Line]:
    """Start sshd and the relay. Raises `NoSshd` if that isn't possible."""
    missing = [name for name in _NEEDED if _find(name) is None]
    if missing:
        raise NoSshd(f"not installed: {', '.join(missing)}")
    folder.mkdir(mode=0o700)
    port = _free_port()
    for name in ("host", "person"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    shutil.copy(folder / "person.pub", folder / "known")
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder), encoding="utf-8")
    with suppress(OSError):
        Path("/run/sshd").mkdir(exist_ok=True)  # if the package's service hasn't created it yet
    command = [str(_find("sshd")), "-D", "-e", "-f", str(folder / "config")]
    server = subprocess.Popen(command, stderr=subprocess.PIPE)
    relay = None
    try:
        _wait_for(port, server)
        relay = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.line.relay", str(port), str(link.rate), str(link.round_trip_s)],
            stdout=subprocess.PIPE,
        )
        assert relay.stdout is not None
        yield Line(int(relay.stdout.readline()), folder / "person")
    finally:
        for process in (server, relay):
            if process is not None:
                process.terminate()
                process.communicate()


def _find(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=_SYSTEM)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if server.poll() is not None:
            output = server.stderr.read().decode(errors="replace") if server.stderr is not None else ""
            raise NoSshd(f"sshd did not start: {output.strip()}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise NoSshd("sshd started, but does not answer")
