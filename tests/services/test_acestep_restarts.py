"""A restart of ACE-Step forgets queued tasks; a running one stays at its last progress for days, and is lost too."""

from __future__ import annotations

import time

import pytest

from riffusion_tui.services import base
from riffusion_tui.services.acestep.client import AceStepService
from riffusion_tui.services.acestep.host import STALE_S
from riffusion_tui.services.base import PolledJob
from tests.acestep_server import CPP, FEB, MAY, WHEEL, AceServer, acestep_server
from tests.services.ace import client, released


class SetClock:
    """A clock that a test moves."""

    time = 0.0

    def now(self) -> float:
        return self.time

    def steady(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Return at once."""


async def polled(service: AceStepService, clock: SetClock, *jobs: PolledJob) -> tuple[list[str], list[str]]:
    """Return the running and the lost tasks after a minute without progress."""
    for seconds in (0.0, STALE_S, 2.5):
        clock.time += seconds
        found = await service.poll(jobs)
        assert not found.troubles
    return [song.remote_id for song in found.songs], [remote_id for remote_id, _ in found.lost]


@pytest.mark.parametrize("version", [MAY, FEB, WHEEL])
async def test_a_task_that_was_running_at_a_restart_is_lost(version: str) -> None:
    clock = SetClock()
    async with acestep_server(version=version, song_s=600) as server, client(server, clock=clock) as service:
        running, queued = await released(service), await released(service)
        assert await polled(service, clock, running, queued) == ([running.remote_id, queued.remote_id], [])
        server.restart()
        found = await service.poll([running, queued])
        assert [song.remote_id for song in found.songs] == []
        found = await service.poll([running, queued])
        assert sorted(remote_id for remote_id, _ in found.lost) == sorted([running.remote_id, queued.remote_id])
        assert all(isinstance(error, base.NotFound) for _, error in found.lost)


async def test_the_lost_task_is_told_from_one_that_was_sent_after_the_restart() -> None:
    clock = SetClock()
    async with acestep_server(song_s=600) as server, client(server, clock=clock) as service:
        before = await released(service)
        await service.poll([before])
        server.restart()
        clock.time += STALE_S
        after = await released(service)
        for _ in range(2):
            found = await service.poll([before, after])
        assert ([song.remote_id for song in found.songs], [one for one, _ in found.lost]) == (
            [after.remote_id],
            [before.remote_id],
        )


async def test_tasks_are_not_lost_while_the_server_has_as_many() -> None:
    clock = SetClock()
    async with acestep_server(song_s=600) as server, client(server, clock=clock) as service:
        jobs = [await released(service) for _ in range(2)]
        for _ in range(5):
            assert await polled(service, clock, *jobs) == ([job.remote_id for job in jobs], [])
        stranger = await released(service)  # another client's task may be the one that runs
        server.tasks[jobs[0].remote_id.partition("@")[0]].left_behind = True
        for _ in range(3):
            assert (await polled(service, clock, *jobs))[1] == []
        assert stranger.remote_id not in [job.remote_id for job in jobs]


async def test_a_task_that_ends_during_a_poll_is_not_lost() -> None:
    clock = SetClock()
    async with acestep_server(song_s=600) as server, client(server, clock=clock) as service:
        job = await released(service)
        await service.poll([job])
        clock.time += STALE_S
        server.ends_once_seen = True
        for finished in (False, True):
            (song,) = (await service.poll([job])).songs
            assert (song.remote_id, song.finished) == (job.remote_id, finished)


@pytest.mark.parametrize(("status", "body"), [(500, ""), (404, {"detail": "Not Found"}), (200, {"data": {}})])
async def test_a_server_that_counts_no_tasks_loses_none(status: int, body: object) -> None:
    clock = SetClock()
    async with acestep_server(song_s=600) as server, client(server, clock=clock) as service:
        job = await released(service)
        server.restart()
        server.fail("v1/stats", status, body, times=9)
        assert await polled(service, clock, job) == ([job.remote_id], [])


async def test_a_server_is_asked_only_about_tasks_without_progress() -> None:
    clock = SetClock()

    def status_calls(server: AceServer) -> int:
        return len(server.calls("GET /v1/stats"))

    async with acestep_server(version=CPP, song_s=600) as cpp, client(cpp, clock=clock) as service:
        job = await released(service, extra=(("format", "mp3"),))
        await service.poll([job])
        assert status_calls(cpp) == 0
    async with acestep_server(song_s=0.0) as server, client(server, clock=clock) as service:
        job = await released(service)
        assert await polled(service, clock, job) == ([job.remote_id], [])
        assert status_calls(server) == 0


async def test_a_task_that_waits_does_not_count_as_one_without_progress() -> None:
    clock = SetClock()
    async with acestep_server(song_s=600) as server, client(server, clock=clock) as service:
        before = await released(service)
        await service.poll([before])
        server.restart()
        after = [await released(service) for _ in range(3)]
        await service.poll(after)
        clock.time += STALE_S
        first, second, _ = (server.tasks[job.remote_id.partition("@")[0]] for job in after)
        first.ends = second.begins = time.monotonic()
        for _ in range(2):
            found = await service.poll([before, *after[1:]])
        assert [one for one, _ in found.lost] == [before.remote_id]


async def test_each_progress_restarts_the_minute() -> None:
    clock = SetClock()
    async with acestep_server(song_s=600) as server, client(server, clock=clock) as service:
        job = await released(service)
        (task,) = server.tasks.values()
        for seconds, progress, asked in ((0.0, 0.1, 0), (STALE_S, 0.2, 1), (STALE_S - 1, 0.2, 1), (1.0, 0.2, 2)):
            clock.time += seconds
            task.progress = progress
            await service.poll([job])
            assert len(server.calls("GET /v1/stats")) == asked


async def test_a_task_that_is_known_again_is_not_lost() -> None:
    async with acestep_server(song_s=600) as server, client(server) as service:
        job = await released(service)
        tasks = dict(server.tasks)
        for known in (False, True, False, True):
            server.tasks = tasks if known else {}
            assert (await service.poll([job])).lost == ()
