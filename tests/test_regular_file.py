"""Files that a pipe or a device may be in the place of."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from riffusion_tui.regular_file import check_regular, open_regular, read_regular


def test_a_pipe_a_socket_or_a_device_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    os.mkfifo("pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        for name in ("pipe", "device", "socket"):
            for flags in (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_RDWR):
                with pytest.raises(OSError, match=f"Not a regular file: '{name}'"):
                    open_regular(name, flags)
            with pytest.raises(OSError, match="Not a regular file"):
                check_regular(name)


def test_a_folder_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="Is a directory"):
        open_regular(tmp_path)


def test_a_file_is_read_up_to_a_limit(tmp_path: Path) -> None:
    check_regular(tmp_path / "none")
    (tmp_path / "file").write_bytes(b"123")
    check_regular(tmp_path / "file")
    assert read_regular(tmp_path / "file", 3) == b"123"
    (tmp_path / "large").write_bytes(bytes(1_000_001))
    with pytest.raises(OSError, match="File larger than 1 MB"):
        read_regular(tmp_path / "large", 1_000_000)
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "none", 3)


def test_child_processes_do_not_inherit_the_file(tmp_path: Path) -> None:
    descriptor = open_regular(tmp_path / "new", os.O_RDWR | os.O_CREAT)
    assert not os.get_inheritable(descriptor)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600
    os.close(descriptor)
