"""The commands for clusters."""

from __future__ import annotations

import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.kit import Call, Program

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra: pip install '.[cluster]'")


def test_certificates_are_made_once(call: Call, tmp_path: Path) -> None:
    ran = call("cluster", "certificates")
    assert (ran.code, ran.err) == (0, "")
    assert "ca.pem, certificate.pem, key.pem, valid for 730 days" in ran.out
    assert (tmp_path / "config" / "cluster" / "key.pem").stat().st_mode & 0o777 == 0o600
    again = call("cluster", "certificates")
    assert again.code == 2
    assert "give another folder" in again.err
    assert call("cluster", "certificates", str(tmp_path / "other")).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "Give the scheduler's address"),
        (("--cluster", "tcp://10.0.0.1:8786"), 2, "both sides must present certificates"),
        (("--cluster", "tls://10.0.0.1:8786"), 3, "lacks ca.pem, certificate.pem, key.pem"),
    ],
)
def test_a_renderer_that_cannot_start_reports_why(call: Call, arguments: tuple[str, ...], code: int, says: str) -> None:
    ran = call("renderer", *arguments)
    assert ran.code == code
    assert says in ran.err


@pytest.mark.parametrize("name", [signal.SIGHUP, signal.SIGTERM])
def test_a_terminated_renderer_leaves_no_files(name: signal.Signals, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    program = Program.at(tmp_path / "home", TMPDIR=str(scratch))
    renderer = subprocess.Popen(
        program.command("renderer", "--cluster", "tcp://127.0.0.1:9"),
        env=program.environ,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert renderer.stderr is not None
    assert renderer.stderr.readline().endswith("Waiting for it.\n")
    assert list(scratch.iterdir()) != []
    for _ in range(2):
        renderer.send_signal(name)
    renderer.communicate(timeout=20)
    assert renderer.returncode == 0
    assert list(scratch.iterdir()) == []


def test_a_scheduler_for_other_machines_needs_certificates(call: Call) -> None:
    ran = call("cluster", "scheduler", "--host", "0.0.0.0", "--port", "0")
    assert ran.code == 3
    assert "lacks ca.pem" in ran.err


def test_an_address_in_the_settings_is_checked(call: Call, tmp_path: Path) -> None:
    good = ("tls://10.0.0.1:8786", "tls://[fe80::1]", "tcp://127.0.0.1", "")
    assert [call("settings", "set", "studio.cluster", address).code for address in good] == [0, 0, 0, 0]
    assert call("settings", "set", "acestep.url", "http://10.0.0.1:8001, https://b").code == 0
    file = tmp_path / "config" / "settings.toml"
    file.write_text('[studio]\ncluster = "nonsense"\n[files]\nfolder = "~nobody9/x"\n')
    ran = call("settings", "check")
    assert ran.code == 2
    assert f"{file}:2: studio.cluster: nonsense is not a cluster's address" in ran.err
    assert f"{file}:4: files.folder: ~nobody9/x: no home folder is known for that user." in ran.err
    shown = call("doctor").out
    assert f"BAD   settings    {file}:2: studio.cluster: nonsense is not" in shown
    assert "ok    queue" in shown, "the other checks are not left out"


def test_a_studio_with_an_unusable_cluster_reports_why_and_loses_nothing(call: Call) -> None:
    assert call("settings", "set", "studio.cluster", "tls://10.0.0.1:8786").code == 0
    ran = call("submit", "rain", "--wait", "--timeout", "20")
    assert ran.code == 2
    assert "studio can't be started" in ran.err
    assert "lacks ca.pem" in ran.err
    assert [row["status"] for row in call("jobs", "--json").rows] == ["queued"]
    shown = call("doctor")
    assert shown.code == 3
    assert "BAD   cluster" in shown.out
    ran = call("studio")
    assert ran.code == 3
    assert "lacks ca.pem" in ran.err
