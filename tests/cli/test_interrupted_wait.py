"""Interrupted waits for jobs leave nothing behind, and every finished song is copied."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.wait_for_jobs import Waiter
from riffusion_tui.cli.wiring.session import open_session
from riffusion_tui.dispatch.commands.job_commands import JobCommands
from riffusion_tui.jobs.model import Options
from tests.cli.kit import Program
from tests.waiting import until


@pytest.fixture
def unending(tmp_path: Path) -> Iterator[str]:
    """A prompt whose song isn't finished before the test ends."""
    file = tmp_path / "may-end"
    yield f"until={file} a song"
    file.touch()


def reads_ends() -> bool:
    """Whether a task reads the store's changes for jobs that end."""
    return "ends" in {task.get_name() for task in asyncio.all_tasks()}


async def test_an_interrupted_wait_leaves_no_reader_of_the_closed_queue(program: Program, unending: str) -> None:
    async with open_session(CommandContext(program.environ)) as session:
        jobs = session.job_commands.submit([unending], Options())
        waiting = asyncio.create_task(Waiter(session, [job.id for job in jobs], json=False, out=None).wait())
        await until(reads_ends)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert not reads_ends()


async def test_a_song_that_ends_at_the_timeout_is_still_copied(
    program: Program, unending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying, copy = asyncio.Event(), JobCommands.save_as

    async def slowly(self: JobCommands, id: int, to: Path, format: str | None = None) -> Path:
        copying.set()
        await asyncio.sleep(0.1)
        return await copy(self, id, to, format)

    monkeypatch.setattr(JobCommands, "save_as", slowly)
    out = tmp_path / "copies"
    out.mkdir()
    async with open_session(CommandContext(program.environ)) as session:
        jobs = session.job_commands.submit(["a", unending], Options())
        waiter = Waiter(session, [job.id for job in jobs], json=False, out=out)
        waiting = asyncio.create_task(waiter.wait())
        await copying.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert len(list(out.iterdir())) == 1
    assert waiter.pending == {jobs[1].id}


async def test_a_job_that_ends_just_before_the_interruption_is_reported(
    program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_session(CommandContext(program.environ)) as session:
        jobs = session.job_commands.submit(["a"], Options())
        session.job_commands.hold([jobs[0].id])
        waiter = Waiter(session, [job.id for job in jobs], json=False, out=None)
        waiting = asyncio.create_task(waiter.wait())
        await until(reads_ends)
        session.job_commands.cancel_unsent([jobs[0].id])
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert waiter.pending == set()
        assert waiter.finish() == 1
    assert "cancelled" in capsys.readouterr().out
