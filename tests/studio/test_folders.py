"""Secrets and their folder are private from the first byte."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from riffusion_tui.studio.queue.folders import Folders, Unsafe, read_or_create_secret
from tests.studio.conftest import BASE, Opening
from tests.waiting import until


def test_a_secret_is_created_once_and_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        file = tmp_path / "new" / "token"
        with ThreadPoolExecutor(8) as threads:
            secrets = set(threads.map(lambda _: read_or_create_secret(file).reveal(), range(16)))
        assert len(secrets) == 1
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
        assert [one.name for one in file.parent.iterdir()] == ["token"]
    finally:
        os.umask(before)


async def test_a_song_and_its_files_are_private(opening: Opening, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        async with opening(processes=True, renderers=1, data_dir=tmp_path / "new" / "studio") as running:
            song = await running.made()
            await running.client.get(f"{BASE}/music/download", params={"id": song["id"], "download_format": "wav"})
            await running.create("slow=60 under way")
            await until(lambda: any(tmp_path.glob("new/studio/work/*/started")))
            found = {one: one.stat().st_mode & 0o777 for one in (tmp_path / "new").rglob("*")}
    finally:
        os.umask(before)
    assert len([one for one in found if one.is_file()]) >= 8
    assert {one: oct(mode) for one, mode in found.items() if mode not in (0o600, 0o700)} == {}
    assert {mode for one, mode in found.items() if one.is_file()} == {0o600}


def test_a_secret_that_others_could_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    read_or_create_secret(file)
    file.chmod(0o640)
    with pytest.raises(Unsafe, match="chmod 600"):
        read_or_create_secret(file)


def test_a_symlink_or_empty_file_is_not_a_secret(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    read_or_create_secret(target)
    link.symlink_to(target)
    with pytest.raises(Unsafe, match=r"link is not a file: move it away to get a new one$"):
        read_or_create_secret(link)
    target.write_text("\n")
    with pytest.raises(Unsafe, match="contains no token"):
        read_or_create_secret(target)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_is_not_a_secret(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "token")
    with pytest.raises(Unsafe, match=r"token is not a file: move it away to get a new one$"):
        read_or_create_secret(tmp_path / "token")


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nothing"))


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, _dangling])
@pytest.mark.parametrize("name", ["studio.db", "studio.db-journal", "studio.db-wal", "making.lock", "moderation.txt"])
async def test_a_studio_does_not_start_with_something_else_in_the_place_of_a_file(
    opening: Opening, tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    (tmp_path / "studio").mkdir()
    make(tmp_path / "studio" / name)
    with pytest.raises(Unsafe, match=rf"/{name} is (not a file|a link to nothing): move it away"):
        async with opening():
            pass


@pytest.mark.parametrize("make", [Path.touch, os.mkfifo, _dangling])
@pytest.mark.parametrize("name", ["songs", "work", "cache"])
def test_a_folder_of_the_studio_must_be_one(tmp_path: Path, name: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / name)
    with pytest.raises(Unsafe, match=rf"/{name} is (not a folder|a link to nothing): move it away"):
        Folders(tmp_path).make()


async def test_a_studio_may_keep_its_songs_on_another_disk(
    opening: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "studio").mkdir()
    (tmp_path / "studio" / "songs").symlink_to(tmp_path / "disk")
    replace = Path.replace

    def within_a_disk(self: Path, target: Path) -> Path:
        if self.parent != target.parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", within_a_disk)
    async with opening() as running:
        song = await running.made()
        assert song["status"] == "completed"
    assert [path.name for path in (tmp_path / "disk" / song["id"]).iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", [".", "songs", "work", "cache", "making.lock", "studio.db"])
def test_a_studio_that_cannot_write_its_files_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / name
    path.touch() if "." in name[1:] else path.mkdir(exist_ok=True)
    monkeypatch.setattr(os, "access", lambda given, _: Path(given) != path)  # root may write everything
    with pytest.raises(Unsafe, match=rf"^{path} can't be written: give it to your user"):
        Folders(tmp_path).make()


def test_old_work_folders_are_removed(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    for name in ("old", "new"):
        folders.work(name).mkdir(parents=True)
    os.utime(folders.work("old"), (1, 1))
    folders.tidy(folders.work("new").stat().st_mtime)
    assert [one.name for one in (tmp_path / "work").iterdir()] == ["new"]
