"""Secrets are private from the first byte, and the folder too."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from riffusion_tui.studio.folders import Folders, Unsafe, kept_secret


def test_a_secret_is_made_once_and_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        file = tmp_path / "new" / "token"
        with ThreadPoolExecutor(8) as threads:
            secrets = set(threads.map(lambda _: kept_secret(file).reveal(), range(16)))
        assert len(secrets) == 1
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
        assert [one.name for one in file.parent.iterdir()] == ["token"]
    finally:
        os.umask(before)


def test_a_secret_that_others_could_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    kept_secret(file)
    file.chmod(0o640)
    with pytest.raises(Unsafe, match="chmod 600"):
        kept_secret(file)


def test_a_link_or_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    kept_secret(target)
    link.symlink_to(target)
    with pytest.raises(OSError, match=r"symbolic|Too many"):
        kept_secret(link)
    target.write_text("\n")
    with pytest.raises(Unsafe, match="holds no token"):
        kept_secret(target)


def test_old_leftovers_are_tidied(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    for name in ("old", "new"):
        folders.work(name).mkdir(parents=True)
    os.utime(folders.work("old"), (1, 1))
    folders.tidy(folders.work("new").stat().st_mtime)
    assert [one.name for one in (tmp_path / "work").iterdir()] == ["new"]
