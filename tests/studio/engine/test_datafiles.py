"""Data files are parsed once per installation, and a bad cache costs only time."""

from __future__ import annotations

import os
import pwd
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from riffusion_tui.studio.engine import datafiles
from riffusion_tui.studio.engine.soundfonts.sounds import candidates

SOURCE = b'[one]\nfor = ["a", "\xc3\xa9"]\nnumber = 0.1\nwhole = 3\n'
TABLE = {"one": {"for": ["a", "é"], "number": 0.1, "whole": 3}}


def test_parsed_data_is_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "deep" / "one.json"
    assert datafiles.parsed(SOURCE, kept) == TABLE
    assert [path.name for path in kept.parent.iterdir()] == ["one.json"]
    monkeypatch.setattr(tomllib, "loads", None)
    assert datafiles.parsed(SOURCE, kept) == TABLE


def test_an_edited_file_is_parsed_again(tmp_path: Path) -> None:
    kept = tmp_path / "one.json"
    datafiles.parsed(SOURCE, kept)
    assert datafiles.parsed(SOURCE.replace(b"3", b"4"), kept)["one"]["whole"] == 4
    assert datafiles.parsed(SOURCE, kept) == TABLE


@pytest.mark.parametrize("at", [0, 10, 40, 70, -2])
def test_a_damaged_cache_is_rebuilt(tmp_path: Path, at: int) -> None:
    kept = tmp_path / "one.json"
    datafiles.parsed(SOURCE, kept)
    good = kept.read_bytes()
    bad = bytearray(good)
    bad[at] ^= 1
    for damaged in (bytes(bad), good[:at], b""):
        kept.write_bytes(damaged)
        assert datafiles.parsed(SOURCE, kept) == TABLE
        assert kept.read_bytes() == good


def test_a_cache_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "one.json"
    (kept / "in the way").mkdir(parents=True)
    assert datafiles.parsed(SOURCE, kept) == TABLE
    assert [path.name for path in tmp_path.iterdir()] == ["one.json"]


def test_a_pipe_in_the_place_of_a_cache_file_is_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "one.json")
    assert datafiles.parsed(SOURCE, tmp_path / "one.json") == TABLE
    assert (tmp_path / "one.json").is_file()


def test_parsing_works_without_a_cache_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert datafiles.parsed(SOURCE, tmp_path / "file" / "one.json") == TABLE


def test_without_a_home_folder_nothing_is_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", datafiles.HOME_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    assert datafiles.parsed(SOURCE, datafiles.cache_folder() / "one.json") == TABLE
    assert len(list(candidates(None))) > 0


def test_the_cache_is_in_the_home_of_a_portable_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(datafiles.HOME_VARIABLE, str(tmp_path))
    assert datafiles.cache_folder() == tmp_path / "cache" / "tables"
    monkeypatch.delenv(datafiles.HOME_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert datafiles.cache_folder().is_relative_to(tmp_path)


def test_a_home_that_was_moved_away_is_not_created_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv(datafiles.HOME_VARIABLE, str(home))
    assert datafiles.read_data.__wrapped__("cast.toml")
    assert not home.exists()
    home.mkdir()
    assert datafiles.read_data.__wrapped__("cast.toml")
    assert [path.name for path in datafiles.cache_folder().iterdir()] == ["cast.toml.json"]


def test_every_data_file_round_trips_through_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(datafiles.HOME_VARIABLE, str(tmp_path))
    styles = Path(str(files("riffusion_tui.studio.engine") / "styles"))
    found = sorted(styles.rglob("*.toml"))
    assert len(found) > 20
    for path in found:
        name = path.relative_to(styles).as_posix()
        first, again = datafiles.read_data.__wrapped__(name), datafiles.read_data.__wrapped__(name)
        assert first == again == tomllib.loads(path.read_text("utf-8"))
    assert len(list(datafiles.cache_folder().iterdir())) == len(found)
