"""A real studio in its own process, on a real port, with an engine that beeps and fails on request."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

TOKEN = "user:1-the-studios-own"
_CODE = """
import sys
from pathlib import Path
from riffusion_tui.secret import Secret
from riffusion_tui.studio.serve import serve
from riffusion_tui.studio.studio_settings import StudioSettings
folder, accounts, slots = sys.argv[1:]
token = Secret(sys.stdin.readline().strip())
serve(StudioSettings(Path(folder), accounts=int(accounts), max_jobs=int(slots), token=token, renderers=2, niceness=0,
                     engine="tests.studio.tone:ToneEngine"))
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A studio on a port."""

    url: str
    log: Path

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Call the API as any client could."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.request(method, f"{self.url}/v1/riffusion/{path}", headers=headers, timeout=30, **more)

    def environ(self) -> dict[str, str]:
        """Return environment variables that point the program to it."""
        return {"RIFFUSION_TUI_URL": self.url, "RIFFUSION_TUI_TOKEN": TOKEN}


@contextmanager
def serving(folder: Path, *, accounts: int = 1, slots: int = 2) -> Iterator[Server]:
    """Serve until the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    command = [sys.executable, "-c", _CODE, str(folder), str(accounts), str(slots)]
    with log.open("wb") as err:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, env=dict(os.environ), text=True
        )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        process.stdin.write(f"{TOKEN}\n")
        process.stdin.flush()
        try:
            yield Server(process.stdout.readline().strip(), log)
        finally:
            process.terminate()
