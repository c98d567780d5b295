"""*Done* means a complete, decodable file on disk with its hash. Real files, virtual time."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.dispatch.fetching import fetcher, placement
from riffusion_tui.dispatch.polling.poller import Poller
from riffusion_tui.jobs.model import FailureKind, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services import base
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import run
from tests.dispatch.world import SOUND, Slot, World


def quick(**fields: Any) -> World:
    return World({"a": Slot(4)}, lambda: 2.0, **fields)


def files(b: Bench) -> list[str]:
    return sorted(path.name for path in (b.folder / "songs").iterdir())


def test_songs_that_are_downloaded_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dispatcher of a screen that is open for weeks must not keep the records of all its songs."""
    made: list[Watched] = []

    class Watched(fetcher.Fetcher):
        def __init__(self, context: DispatchContext, service: base.Service, poller: Poller) -> None:
            super().__init__(context, service, poller)
            self.records = poller.finished
            made.append(self)

    async def main() -> None:
        world = quick(body=lambda attempt: SOUND[:200] if attempt < 2 else SOUND)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: any(one.records for one in made))
                await b.until(lambda: b.all(Status.DONE))
                await asyncio.sleep(1)
                assert [(one.records, one._attempts) for one in made] == [({}, {})]

    monkeypatch.setattr("riffusion_tui.dispatch.dispatcher.Fetcher", Watched)
    run(main())


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "bad", [b"", b"<html>not a song</html>", SOUND[:200], b"ID3" + bytes(500)], ids=["empty", "html", "cut", "noise"]
)
def test_an_invalid_file_is_downloaded_again_and_not_regenerated(tmp_path: Path, bad: bytes) -> None:
    async def main() -> None:
        world = quick(body=lambda attempt: bad if attempt < 3 else SOUND)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert b.store.job(job.id).sha256 == hashlib.sha256(SOUND).hexdigest()
            assert files(b) == ["Song of one.wav"]
            assert world.per_prompt() == {"one": 1}
            assert "download failed" in [one.what for one in b.store.timeline(job.id)]

    run(main())


def test_three_invalid_downloads_need_attention_and_can_be_retried(tmp_path: Path) -> None:
    async def main() -> None:
        world = quick(body=lambda attempt: b"no song" if attempt < 4 else SOUND)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.FAILED))
                assert b.store.job(job.id).trouble == FailureKind.DOWNLOAD
                assert files(b) == []
                b.job_commands.retry([job.id])
                await b.until(lambda: b.all(Status.DONE))
            assert world.per_prompt() == {"one": 1}

    run(main())


@pytest.mark.parametrize(
    "error",
    [base.NotSent("no route"), base.Unanswered("cut"), base.ServerFault("500"), base.Unauthorized("401"),
     base.AccountBroken("596", account="a"), base.Conflict("not finished")],
)  # fmt: skip
def test_a_failed_download_is_retried(tmp_path: Path, error: base.ServiceError) -> None:
    async def main() -> None:
        world = quick(faults={"download": [error, error]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.jobs(Status.FETCHING)))
                b.job_commands.submit(["two"], Options())
                await b.until(lambda: b.all(Status.DONE), 3600)
            assert world.per_prompt() == {"one": 1, "two": 1}

    run(main())


def test_a_download_fails_after_eight_attempts(tmp_path: Path) -> None:
    async def main() -> None:
        world = quick(faults={"download": [base.ServerFault("500")] * 100})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.FAILED), 7200)
            assert world.calls["download"] == 8
            assert b.clock.steady() > 300

    run(main())


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (base.NotFound("gone"), FailureKind.NOT_FOUND),
        (base.Expired("gone"), FailureKind.EXPIRED),
        (base.Forbidden("no"), FailureKind.FORBIDDEN),
        (base.BadRequest("no such format"), FailureKind.DOWNLOAD),
    ],
)
def test_a_hopeless_download_fails_within_two_minutes(
    tmp_path: Path, error: base.ServiceError, trouble: FailureKind
) -> None:
    async def main() -> None:
        world = quick(faults={"download": [error] * 5})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.FAILED))
            assert b.store.jobs()[0].trouble == trouble
            assert 10 < b.clock.steady() < 120

    run(main())


def test_downloads_wait_until_the_folder_is_writable(tmp_path: Path) -> None:
    async def main() -> None:
        world = quick()
        async with bench(tmp_path, world) as b:
            (b.folder / "songs").write_text("a file in place of the folder")
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: len(b.jobs(Status.FETCHING)) == 2)
                await asyncio.sleep(600)
                (gate,) = b.store.gates("world")
                assert gate.cause == WaitCause.DISK
                assert "songs" in gate.detail
                assert world.calls["download"] == 0
                (b.folder / "songs").unlink()
                await b.until(lambda: b.all(Status.DONE), 120)
            assert world.per_prompt() == {"one": 1, "two": 1}
            assert b.store.gates("world") == ()

    run(main())


def test_a_full_disk_pauses_a_download(tmp_path: Path) -> None:
    async def main() -> None:
        def full(attempt: int) -> bytes:
            if attempt < 4:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return SOUND

        world = quick(body=full)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: any(gate.cause == WaitCause.DISK for gate in b.store.gates("world")))
                (gate,) = b.store.gates("world")
                assert gate.detail == f"The disk is full: {b.folder / 'songs'}"
                await b.until(lambda: b.all(Status.DONE), 600)
            assert world.per_prompt() == {"one": 1, "two": 1}

    run(main())


def test_a_downloaded_file_is_not_downloaded_again_after_a_kill(tmp_path: Path) -> None:
    async def main() -> None:
        world = quick()
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            b.store.update(job.id, Status.FETCHING)  # as if the program had been killed before this status was stored
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert world.calls["download"] == 1
            assert files(b) == ["Song of one.wav"]

    run(main())


@pytest.mark.parametrize("found", [None, b"another", SOUND + b"\0\0"])
def test_a_missing_or_changed_file_is_downloaded_again_after_a_kill(tmp_path: Path, found: bytes | None) -> None:
    async def main() -> None:
        world = quick()
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            file = Path(b.store.job(job.id).file)
            file.unlink()
            if found is not None:
                file.write_bytes(found)
            b.store.update(job.id, Status.FETCHING)
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert Path(b.store.job(job.id).file).read_bytes() == SOUND
            if found is not None:
                assert file.read_bytes() == found

    run(main())


def test_a_song_that_is_gone_after_a_restart_fails_as_not_found(tmp_path: Path) -> None:
    async def main() -> None:
        world = quick(faults={"download": [base.ServerFault("500")]})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: world.calls["download"] == 1)
            world.made[0].gone = True
            async with b.dispatching():
                await b.until(lambda: b.all(Status.FAILED))
            assert b.store.jobs()[0].trouble == FailureKind.NOT_FOUND

    run(main())


def test_a_file_gets_a_number_if_its_name_is_taken(tmp_path: Path) -> None:
    async def main() -> None:
        world = quick()
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options(), takes=3)
            (b.folder / "songs").mkdir()
            (b.folder / "songs" / "Song of one.wav").symlink_to(tmp_path / "elsewhere")
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert files(b) == [f"Song of one{number}.wav" for number in (" 2", " 3", " 4", "")]
            assert not (tmp_path / "elsewhere").exists()

    run(main())


def test_a_name_that_is_taken_before_the_move_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = placement.free
    taken: list[Path] = []

    def raced(folder: Path, names: Iterator[str]) -> Path:
        path = free(folder, names)
        if not taken:
            path.write_bytes(b"another program's")
            taken.append(path)
        return path

    monkeypatch.setattr(fetcher, "free", raced)

    async def main() -> None:
        async with bench(tmp_path, quick()) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert taken[0].read_bytes() == b"another program's"
            assert Path(b.store.job(job.id).file).name == "Song of one 2.wav"

    run(main())


def test_a_job_cancelled_during_its_download_leaves_no_file(tmp_path: Path) -> None:
    async def main() -> None:
        world = quick(latency=2.0)
        async with bench(tmp_path, world) as b:
            (job,) = b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: bool(b.jobs(Status.FETCHING)))
                await asyncio.sleep(0.5)
                await b.job_commands.cancel([job.id])
                await asyncio.sleep(60)
            assert b.store.job(job.id).status == Status.CANCELLED
            assert files(b) == []

    run(main())


def test_a_download_interrupted_by_closing_is_resumed_at_the_next_start(tmp_path: Path) -> None:
    async def main() -> None:
        world = quick(latency=5.0)
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: world.calls["download"] == 1 or bool(b.jobs(Status.FETCHING)))
                await asyncio.sleep(1)
            assert b.all(Status.FETCHING)
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
            assert world.per_prompt() == {"one": 1}

    run(main())


def test_a_bug_during_a_download_fails_only_that_song(tmp_path: Path) -> None:
    async def main() -> None:
        def defect(attempt: int) -> bytes:
            if attempt == 1:
                raise KeyError(attempt)
            return SOUND

        async with bench(tmp_path, World({"a": Slot(1)}, lambda: 2.0, body=defect)) as b:
            first, second = b.job_commands.submit(["one", "two"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE, Status.FAILED))
            assert b.store.job(second.id).status == Status.DONE
            lost = b.store.job(first.id)
            assert (lost.status, lost.trouble) == (Status.FAILED, FailureKind.DOWNLOAD)
            assert "KeyError" in lost.error

    run(main())


def test_at_most_three_songs_are_downloaded_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        world = World({"a": Slot(10)}, lambda: 2.0)
        now = most = 0
        download = world.download

        async def counted(*args: Any, **named: Any) -> None:
            nonlocal now, most
            now += 1
            most = max(most, now)
            await asyncio.sleep(1)
            await download(*args, **named)
            now -= 1

        world.download = counted
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options(), takes=10)
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
        assert most == 3

    run(main())


@pytest.mark.parametrize(
    ("error", "attempts"), [(base.AddressGone("404"), 5), (base.AddressUnreachable("no route"), 8)]
)
def test_an_unreachable_host_gets_more_attempts_than_a_url_that_is_gone(
    tmp_path: Path, error: base.ServiceError, attempts: int
) -> None:
    async def main() -> None:
        world = quick(faults={"download": [error] * (attempts - 1)})
        async with bench(tmp_path, world) as b:
            b.job_commands.submit(["one"], Options())
            async with b.dispatching():
                await b.until(lambda: b.all(Status.DONE))
                world.faults["download"] = [error] * attempts
                b.job_commands.submit(["two"], Options())
                await b.until(lambda: bool(b.jobs(Status.FAILED)))
            assert not world.faults["download"]

    run(main())
