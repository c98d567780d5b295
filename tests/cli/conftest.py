"""The program in this process, for commands that need no process of their own: each start costs 0.15 s."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.kit import Call, Program, in_process


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Call it with its arguments; it keeps everything under the test's folder."""
    with in_process(Program.at(tmp_path), monkeypatch, capsys) as made:
        yield made
