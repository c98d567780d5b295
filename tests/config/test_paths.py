"""The folders for files, which only their owner can read."""

from __future__ import annotations

import errno
import os
import pwd
from pathlib import Path

import pytest

from riffusion_tui.config.errors import FolderError
from riffusion_tui.config.paths import find_paths, private_folder


def test_one_variable_moves_all_folders(tmp_path: Path) -> None:
    paths = find_paths({"RIFFUSION_TUI_HOME": str(tmp_path)})
    assert paths.settings_file == tmp_path / "config" / "settings.toml"
    assert paths.library_file == tmp_path / "config" / "library.toml"
    assert paths.session_state_file == tmp_path / "data" / "screen.json"
    assert paths.token_file == tmp_path / "config" / "tokens.toml"
    assert paths.studio == tmp_path / "data" / "studio"
    assert paths.log_file == tmp_path / "state" / "riffusion-tui.log"
    assert paths.certificates == tmp_path / "config" / "cluster"
    assert paths.songs == tmp_path / "songs"
    assert not any(tmp_path.iterdir())


def test_a_tilde_in_the_variable_is_expanded() -> None:
    assert find_paths({"RIFFUSION_TUI_HOME": "~/x"}).config == Path.home() / "x" / "config"


@pytest.mark.parametrize("name", ["caf\udce9", "two  blanks", "es\x1bcape", "e\u0301"])
def test_a_folders_name_is_not_changed(name: str) -> None:
    assert find_paths({"RIFFUSION_TUI_HOME": f"/home/{name}"}).data == Path("/home") / name / "data"


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="XDG applies to Linux; macOS has its own folders")
def test_folders_follow_xdg_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    paths = find_paths({})
    assert paths.config == tmp_path / "CONFIG" / "riffusion-tui"
    assert paths.data == tmp_path / "DATA" / "riffusion-tui"
    assert paths.state == tmp_path / "STATE" / "riffusion-tui"
    assert paths.songs.name == "riffusion-tui"


@pytest.mark.usefixtures("open_umask")
def test_new_folders_are_private(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "a" / "b")
    assert [path.stat().st_mode & 0o777 for path in (made, made.parent)] == [0o700, 0o700]


@pytest.mark.usefixtures("open_umask")
def test_an_existing_folder_is_made_private(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o777)
    assert private_folder(tmp_path / "a").stat().st_mode & 0o777 == 0o700


def test_a_folder_of_another_user_is_reported_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    assert private_folder(tmp_path) == tmp_path, "nothing to change, as on a read-only disk"
    with pytest.raises(FolderError, match=r"can't be used: Operation not permitted.*RIFFUSION_TUI_HOME"):
        private_folder(tmp_path / "open")


def test_an_unknown_home_folder_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container, a user may have neither HOME nor an entry in the user database."""
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    with pytest.raises(FolderError, match=r"^No home folder is known\. Set HOME, or set RIFFUSION_TUI_HOME to a"):
        find_paths({})


def test_a_user_without_home_folder_is_reported() -> None:
    with pytest.raises(FolderError, match=r"^~no-such-user/x: no home folder"):
        find_paths({"RIFFUSION_TUI_HOME": "~no-such-user/x"})


def test_a_file_in_place_of_the_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(FolderError, match=r"can't be used: .*RIFFUSION_TUI_HOME"):
        private_folder(tmp_path / "a" / "b")
