"""Runs the real command line in a process with its own home folder."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.cli import main
from tests.shared_tables import share_tables


@dataclass(frozen=True, slots=True)
class Ran:
    """A command's result."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return standard output's JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Call = Callable[..., Ran]
"""Runs the program with arguments, and `stdin` and `cwd` by name."""
Calling = Callable[["Program"], Call]


@dataclass(frozen=True, slots=True)
class Program:
    """The program with an environment: call it with its arguments."""

    environ: dict[str, str]

    @classmethod
    def at(cls, home: Path, **more: str) -> Program:
        """Return a program that keeps its files under `home`."""
        share_tables(home)
        return cls({**os.environ, "RIFFUSION_TUI_HOME": str(home), "TERM": "xterm-256color", **more})

    def command(self, *arguments: str) -> list[str]:
        """Return the command line."""
        return [sys.executable, "-m", "riffusion_tui", *arguments]

    def __call__(self, *arguments: str, stdin: str = "", timeout: float = 120, cwd: Path | None = None) -> Ran:
        ran = subprocess.run(
            self.command(*arguments),
            input=stdin.encode("utf-8", "surrogateescape"),
            capture_output=True,
            env=self.environ,
            timeout=timeout,
            check=False,
            cwd=cwd,
        )
        return Ran(ran.returncode, ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace"))


def until(true: Callable[[], bool], limit: float = 60.0) -> None:
    """Wait until `true()`, at most `limit` seconds."""
    end = time.monotonic() + limit
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def in_process(program: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Return a function that runs `program` in this process, for commands that need no separate one."""

    def call(*arguments: str, stdin: str = "", cwd: Path | None = None) -> Ran:
        given = io.BytesIO(stdin.encode("utf-8", "surrogateescape"))
        with monkeypatch.context() as changed:
            for name in os.environ.keys() - program.environ.keys():
                changed.delenv(name)
            for name, value in program.environ.items():
                changed.setenv(name, value)
            changed.setattr(sys, "stdin", io.TextIOWrapper(given, encoding="utf-8"))
            if cwd is not None:
                changed.chdir(cwd)
            try:
                code = main(list(arguments))
            except SystemExit as left:  # argparse's way
                code = int(left.code or 0)
        return Ran(code, *capsys.readouterr())

    log = logging.getLogger("riffusion_tui")
    before, log.handlers = log.handlers, []
    try:
        yield call
    finally:
        for handler in log.handlers:
            handler.close()
        log.handlers = before
