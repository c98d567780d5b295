"""A studio's database that is damaged, or that a newer version wrote."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from riffusion_tui.studio.queue.studio_store import NewerFile
from tests.studio.conftest import BASE, Opening


async def test_a_damaged_database_is_reported(opening: Opening, tmp_path: Path) -> None:
    (tmp_path / "studio").mkdir(mode=0o700)
    (tmp_path / "studio" / "studio.db").write_bytes(b"this is no database at all, not in the least" * 100)
    async with opening() as running:
        answer = await running.client.get(f"{BASE}/scheduler")
        assert (answer.status_code, answer.json()["code"]) == (503, 503)
        assert (
            f"folder {tmp_path / 'studio'}: file is not a database. Move studio.db out of it;" in answer.json()["error"]
        )
        (tmp_path / "studio" / "studio.db").rename(tmp_path / "damaged")
        assert (await running.client.get(f"{BASE}/scheduler")).status_code == 200


async def test_a_folder_of_a_newer_version_is_unchanged(opening: Opening, tmp_path: Path) -> None:
    async with opening() as running:
        await running.only_account()
    with closing(sqlite3.connect(tmp_path / "studio" / "studio.db")) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerFile, match=r"a newer version wrote studio\.db"):
        async with opening():
            pass
    with closing(sqlite3.connect(tmp_path / "studio" / "studio.db")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (99,)


async def test_a_folder_that_a_newer_version_takes_over_before_the_first_call_is_reported(
    opening: Opening, tmp_path: Path
) -> None:
    async with opening() as running:
        await running.only_account()
    with patch("riffusion_tui.studio.server.check_version"):
        with closing(sqlite3.connect(tmp_path / "studio" / "studio.db")) as database:
            database.execute("PRAGMA user_version = 99")
        async with opening() as running:
            answer = await running.create("a")
            assert (answer.status_code, "newer version wrote" in answer.json()["error"]) == (503, True)


async def test_a_missing_table_is_reported(opening: Opening, tmp_path: Path) -> None:
    async with opening() as running:
        await running.only_account()
    with closing(sqlite3.connect(tmp_path / "studio" / "studio.db")) as database:
        database.execute("DROP TABLE job")
    async with opening() as running:
        error = (await running.client.get(f"{BASE}/scheduler")).json()["error"]
        assert "no such table: job. Move studio.db out of it;" in error
