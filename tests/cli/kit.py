"""Run the real command line in a process of its own, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return standard output's JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Program:
    """The program with an environment: call it with its arguments."""

    environ: dict[str, str]

    @classmethod
    def at(cls, home: Path, **more: str) -> Program:
        """Return it with everything it keeps under `home`."""
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
