"""What is in the place of the database file, or keeps it from being created."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.store import CannotOpen, DiskFull, ReadOnly, Store
from riffusion_tui.store.errors import NotAFile

CLOCK = SystemClock()


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
@pytest.mark.parametrize("suffix", ["", "-journal", "-wal", "-shm"])
def test_only_a_file_is_opened(tmp_path: Path, suffix: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / f"jobs.sqlite3{suffix}")
    with pytest.raises(NotAFile, match=rf"/jobs\.sqlite3{suffix}: (Is a directory|Not a regular file)\.$"):
        Store.open(tmp_path / "jobs.sqlite3", CLOCK)


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(CannotOpen, match=r"/data: not a folder\.$"):
        Store.open(tmp_path / "data" / "jobs.sqlite3", CLOCK)


def test_a_symlink_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "jobs.sqlite3").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotOpen, match=r"/jobs\.sqlite3: a symbolic link; put the file here, or link the folder\."):
        Store.open(tmp_path / "jobs.sqlite3", CLOCK)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(not Path("/proc/sys").is_dir(), reason="needs a folder that not even root can write to")
def test_an_unwritable_folder_is_an_error() -> None:
    with pytest.raises(CannotOpen):
        Store.open(Path("/proc/sys/jobs.sqlite3"), CLOCK)


@pytest.mark.parametrize(("number", "kind"), [(30, ReadOnly), (13, ReadOnly), (28, DiskFull), (5, CannotOpen)])
def test_each_error_of_creating_the_file_has_its_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[CannotOpen]
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(kind):
        Store.open(tmp_path / "jobs.sqlite3", CLOCK)
