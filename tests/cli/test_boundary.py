"""Error handling at the outermost level, the log, and a service that starts late."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from riffusion_tui.cli import log
from riffusion_tui.cli.boundary import guarded
from riffusion_tui.cli.errors import CommandError, NeedsAttention, WrongUse
from riffusion_tui.cli.wiring.lazy_service import LazyService
from riffusion_tui.config.errors import SecretError, SettingsError
from riffusion_tui.config.paths import find_paths
from riffusion_tui.secret import Secret
from riffusion_tui.services.base import (
    AccountBroken,
    BadAddress,
    NotSent,
    PolledJob,
    ServerFault,
    Service,
    ServiceError,
    Unauthorized,
)
from riffusion_tui.services.riffusion.client import RiffusionService
from riffusion_tui.services.riffusion.profile import CAPABILITIES
from riffusion_tui.store import DiskFull, NoSuchJob

CANARY = "user:1234-canary9f1c"


@pytest.fixture
def fresh_log() -> Iterator[Path]:
    """Restore the log's handlers after the test."""
    root = logging.getLogger("riffusion_tui")
    before, level, propagate = list(root.handlers), root.level, root.propagate
    root.handlers.clear()
    root.propagate = True  # pytest adds its own handlers to a logger that does not propagate
    yield find_paths(os.environ).log_file
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    root.level, root.propagate = level, propagate
    log._SECRETS.clear()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WrongUse("expected"), 2),
        (NeedsAttention("expected"), 3),
        (CommandError("expected"), 1),
        (SettingsError("expected", ()), 2),
        (SecretError("expected"), 3),
        (Unauthorized("expected"), 3),
        (AccountBroken("expected"), 3),
        (BadAddress("expected"), 2),
        (NotSent("expected"), 2),
        (ServerFault("expected"), 1),
        (ServiceError("expected"), 1),
        (NoSuchJob("expected"), 2),
        (DiskFull("expected"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_error_has_its_exit_code_and_message(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str], fresh_log: Path
) -> None:
    def fails() -> int:
        raise error

    assert guarded(fails) == code
    output = capsys.readouterr().err
    assert "Traceback" not in output
    assert not fresh_log.exists()
    assert isinstance(error, KeyboardInterrupt | SettingsError) or "expected" in output
    if isinstance(error, ServiceError):
        assert error.advice in output


def test_a_bug_is_logged_without_locals_or_secrets(capsys: pytest.CaptureFixture[str], fresh_log: Path) -> None:
    log.never_log(Secret("a-known-cookie"))

    def fails() -> int:
        token = CANARY
        raise RuntimeError(f"Bearer {token} and a-known-cookie \x1b]52;c;x\x07 cookie: abc")

    assert guarded(fails) == 1
    expected, written = capsys.readouterr().err, fresh_log.read_text("utf-8")
    assert "Internal error (RuntimeError)." in expected
    assert str(fresh_log) in expected
    assert "Traceback" in written
    assert "RuntimeError" in written
    for shown in (expected, written):
        assert "canary9f1c" not in shown
        assert "a-known-cookie" not in shown
        assert "abc" not in shown
        assert "\x1b" not in shown
    assert fresh_log.stat().st_mode & 0o777 == 0o600
    assert fresh_log.parent.stat().st_mode & 0o777 == 0o700


def test_the_log_stays_small_and_private_when_rotated(fresh_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 2_000)
    log.start_log(fresh_log)
    log.start_log(fresh_log)
    assert len(logging.getLogger("riffusion_tui").handlers) == 1
    assert not fresh_log.exists(), "the first record creates it"
    for _ in range(100):
        logging.getLogger("riffusion_tui.store").info("x" * 100)
    kept = sorted(fresh_log.parent.iterdir())
    assert len(kept) == 3
    assert all(path.stat().st_mode & 0o777 == 0o600 and path.stat().st_size <= 2_000 for path in kept)


def test_a_log_that_cannot_be_created_is_no_error(
    fresh_log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    log.start_log(tmp_path / "file" / "x" / "log")
    logging.getLogger("riffusion_tui").warning("nobody reads this")
    assert capsys.readouterr() == ("", "")


def test_a_pipe_in_the_place_of_the_log_is_no_error(
    fresh_log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "log")
    log.start_log(tmp_path / "log")
    logging.getLogger("riffusion_tui").warning("nobody reads this")
    assert capsys.readouterr() == ("", "")


def test_a_log_creates_no_home_that_was_moved_away(fresh_log: Path, tmp_path: Path) -> None:
    home, logger = tmp_path / "home", logging.getLogger("riffusion_tui")
    home.mkdir()
    log.start_log(home / "state" / "log")
    home.rename(tmp_path / "away")
    logger.warning("nobody reads this")
    assert not home.exists()
    (tmp_path / "away").rename(home)
    logger.warning("written again")
    assert "written again" in (home / "state" / "log").read_text("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_log_on_a_full_disk_prints_nothing_over_the_screen(
    fresh_log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh_log.parent.mkdir(parents=True, exist_ok=True)
    fresh_log.symlink_to("/dev/full")
    log.start_log(fresh_log)
    logging.getLogger("riffusion_tui").warning("nobody reads this")
    (handler,) = logging.getLogger("riffusion_tui").handlers
    with suppress(OSError):  # closing flushes the rest
        handler.close()
    logging.getLogger("riffusion_tui").removeHandler(handler)
    assert capsys.readouterr() == ("", "")


class Doors:
    """Counts how often a service was opened and closed; the first `broken` attempts fail."""

    def __init__(self, broken: int = 0) -> None:
        self.broken = broken
        self.opened = self.closed = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Service]:
        self.opened += 1
        if self.opened <= self.broken:
            raise PermissionError(13, "Permission denied")
        async with asyncio.TaskGroup():  # like a studio's, it must be entered and left by the same task
            service = RiffusionService("http://127.0.0.1:9", Secret("t"))
            try:
                yield service
            finally:
                await service.aclose()
                self.closed += 1


async def test_a_service_is_opened_once_by_its_first_call() -> None:
    doors = Doors()
    service = LazyService("riffusion", CAPABILITIES, doors)
    assert (service.name, service.capabilities, doors.opened) == ("riffusion", CAPABILITIES, 0)
    outcomes = await asyncio.gather(service.accounts(), service.workload(), return_exceptions=True)
    assert all(isinstance(outcome, NotSent) for outcome in outcomes)
    assert (doors.opened, doors.closed) == (1, 0)
    await service.aclose()
    await service.aclose()
    assert (doors.opened, doors.closed) == (1, 1)


async def test_a_closed_service_is_opened_again_by_the_next_call() -> None:
    doors = Doors()
    service = LazyService("riffusion", CAPABILITIES, doors)
    for times in (1, 2):
        with pytest.raises(NotSent):
            await service.accounts()
        await service.aclose()
        assert (doors.opened, doors.closed) == (times, times)


async def test_a_service_that_cannot_be_opened_is_reported_and_retried() -> None:
    doors = Doors(broken=2)
    service = LazyService("studio", CAPABILITIES, doors)
    with pytest.raises(NotSent, match="studio can't be started: Permission denied"):
        await service.workload()
    polled = await service.poll([PolledJob("x")])
    assert "Permission denied" in str(polled.troubles[0][1])
    polled = await service.poll([PolledJob("x", "a")])
    assert "Permission denied" not in str(polled.troubles[0][1])
    assert (doors.opened, doors.closed) == (3, 0)
    await service.aclose()
    assert doors.closed == 1
