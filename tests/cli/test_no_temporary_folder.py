"""Without a folder for temporary files, as on a full disk, commands that need one say so."""

from __future__ import annotations

import errno
import tempfile

import pytest

from tests.cli.kit import Call


@pytest.fixture
def no_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the standard library find none that it can write to."""

    def fail() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp', '/var/tmp']")

    monkeypatch.setattr(tempfile, "gettempdir", fail)
    monkeypatch.setattr(tempfile, "_get_default_tempdir", fail)
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.mark.usefixtures("no_temporary_folder")
@pytest.mark.parametrize(
    "command",
    [
        ["work", "--detach"],
        ["sketch", "pop", "--length", "5", "--out", "-", "--format", "lrc"],
        ["sketch", "pop", "--length", "5", "--out", "/dev/null"],
        ["renderer", "--cluster", "tcp://127.0.0.1:9"],
    ],
)
def test_a_command_that_needs_one_reports_it(command: list[str], call: Call) -> None:
    ran = call(*command)
    assert (ran.code, "There is no writable folder for temporary files." in ran.err) == (1, True), ran.err


def test_another_format_needs_one(call: Call, request: pytest.FixtureRequest) -> None:
    assert call("submit", "drums only, 5 seconds", "--wait").code == 0
    request.getfixturevalue("no_temporary_folder")
    ran = call("cat", "1", "--format", "midi")
    assert (ran.code, "There is no writable folder for temporary files." in ran.err) == (1, True), ran.err
