"""A real process is stopped while it sends: another takes over, and the server counts each prompt once."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from riffusion_tui.file_lock import holder
from riffusion_tui.jobs.status import Status
from tests.benchmarks.faults import wait_until
from tests.dispatch.fake_api import FakeApi, FakeApiServer
from tests.dispatch.processes import jobs_of, start


def test_another_process_takes_over_within_ten_seconds_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    api = FakeApi(seconds=0.3)
    prompts = {f"prompt {n}" for n in range(40)}
    lock = tmp_path / "data" / "dispatcher-riffusion.lock"
    with FakeApiServer(api) as server:
        assert start(tmp_path, server.url, "submit", *sorted(prompts)).wait(60) == 0
        with start(tmp_path, server.url, "work") as first:
            try:
                wait_until(lambda: len(api.made) >= 5)
                with start(tmp_path, server.url, "work") as second:
                    os.kill(first.pid, signal.SIGSTOP)
                    stopped = time.monotonic()
                    wait_until(lambda: holder(lock) == second.pid)
                    assert time.monotonic() - stopped < 15  # ten seconds, and two to start
                    wait_until(lambda: len(api.made) >= 20)
                    os.kill(first.pid, signal.SIGCONT)
                    assert second.wait(60) == 0
                assert first.wait(60) == 0
            finally:
                first.kill()
    assert dict(api.per_prompt()) == dict.fromkeys(prompts, 1)
    assert {job.status for job in jobs_of(tmp_path)} == {Status.DONE}
