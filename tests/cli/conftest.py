"""Runs commands in this process if they don't need a separate one, since each start takes 0.15 s."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.kit import Call, Calling, Program, in_process
from tests.cli.server import Server, serving


@pytest.fixture
def calling(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Calling]:
    """Return a function that runs the program in this process."""
    with ExitStack() as stack:
        yield lambda program: stack.enter_context(in_process(program, monkeypatch, capsys))


@pytest.fixture
def call(calling: Calling, tmp_path: Path) -> Call:
    """Run the program in this process; its files are in the test's folder."""
    return calling(Program.at(tmp_path))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A studio with two accounts of three slots each, for all tests of this process: each leaves its slots free."""
    with serving(tmp_path_factory.mktemp("studio"), accounts=2, slots=3) as one:
        yield one


@pytest.fixture
def program(server: Server, tmp_path: Path) -> Program:
    """The program in a separate process, with the shared studio as its service."""
    return Program.at(tmp_path, **server.environ())


@pytest.fixture
def call_served(calling: Calling, program: Program) -> Call:
    """Run the program in this process, with the shared studio as its service."""
    return calling(program)
