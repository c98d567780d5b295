"""A full disk under the real program: from one moment on, none of its files may grow."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from riffusion_tui.jobs.status import Status
from tests.dispatch.fake_api import FakeApi, FakeApiServer
from tests.dispatch.processes import environment, jobs_of, start, violations

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux changes another process's limits")
ROOM = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def test_a_full_disk_is_reported_and_work_continues_once_there_is_room(tmp_path: Path) -> None:
    api = FakeApi(slots={"acc-a": 1, "acc-b": 1}, seconds=0.1, held_from=1)
    prompts = {f"prompt {n}" for n in range(6)}
    with FakeApiServer(api) as server:
        assert start(tmp_path, server.url, "submit", *sorted(prompts)).wait(60) == 0
        command = [sys.executable, "-m", "riffusion_tui", "work", "--timeout", "100"]
        with subprocess.Popen(
            command, env=environment(tmp_path, server.url), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as worker:
            assert worker.stdout is not None
            assert worker.stderr is not None
            worker.stdout.readline()  # the first song is done
            resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
            api.let_go()  # at most two more were made until now, however slow the machine is; the others follow
            output = ""
            while "free some disk space" not in output.lower():
                output = worker.stderr.readline()
                assert output, "the process ended"
                assert "Traceback" not in output
            under_way = [job for job in jobs_of(tmp_path) if job.status != Status.QUEUED]
            assert len(api.made) <= len(under_way), "nothing is sent before it is on disk"
            assert len(api.made) < len(prompts)
            resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, ROOM)
            _, output = worker.communicate(timeout=100)
            assert worker.returncode == 0, output
    assert violations(api, jobs_of(tmp_path), prompts, set()) == []
