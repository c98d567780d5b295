"""How well two slots of a served studio are used: 40 songs of 0.8 s over HTTP take 16 s if no slot ever idles.

    python -m tests.benchmarks.slots [--songs 40] [--seconds 0.8]

The songs are tones whose renderer sleeps, so other programs on the machine change the figures little. `rendering` is
the busy time of the renderers, per slot; `idle` is the rest, in which the client or the studio kept a slot waiting.
Exits with 1 if it takes longer than 18/16 of the ideal.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.benchmarks.options import number_options

MAX_RATIO = 18 / 16
"""Maximum time, as a multiple of the ideal."""
SLOTS = 2
_CODE = """
import sys
from dataclasses import replace
from riffusion_tui.cli import main
from riffusion_tui.cli.commands import studio
from riffusion_tui.studio import serve
plain = serve.serve
def tones(settings, **given):
    plain(replace(settings, engine="tests.studio.tone:ToneEngine", renderers=2, max_jobs=3), **given)
serve.serve = tones
sys.exit(main(sys.argv[1:]))
"""


@contextmanager
def _served(home: Path) -> Iterator[tuple[str, str]]:
    """Serve a studio with tones on a free port; yield its address and token."""
    command = (sys.executable, "-c", _CODE, "studio", "--port", "0")
    environment = {**os.environ, "RIFFUSION_TUI_HOME": str(home)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        address = next(line.strip() for line in process.stdout if line.startswith("http"))
        (token,) = home.rglob("token")
        yield address, token.read_text(encoding="ascii").strip()
    finally:
        process.terminate()
        process.wait(30)


def measure(songs: int, seconds: float) -> tuple[float, float]:
    """Return how long the songs took, from the first request to the last end, and the rendering per slot."""
    with tempfile.TemporaryDirectory(prefix="slots-") as name:
        theirs, ours = Path(name, "studio"), Path(name, "client")
        with _served(theirs) as (address, token):
            prompts = Path(name, "prompts.txt")
            prompts.write_text("\n\n".join(f"slow={seconds} number {n}" for n in range(songs)), encoding="utf-8")
            environment = {
                **os.environ,
                "RIFFUSION_TUI_HOME": str(ours),
                "RIFFUSION_TUI_SERVICE": "riffusion",
                "RIFFUSION_TUI_URL": address,
                "RIFFUSION_TUI_TOKEN": token,
            }
            for arguments in (("batch", str(prompts), "--yes"), ("work", "--json")):
                command = (sys.executable, "-m", "riffusion_tui", *arguments)
                subprocess.run(
                    command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
        (file,) = theirs.rglob("studio.db")
        with closing(sqlite3.connect(file)) as opened:
            rows = opened.execute("SELECT created_at, ended_at, made FROM job").fetchall()
    assert len(rows) == songs
    took = max(row[1] for row in rows) - min(row[0] for row in rows)
    return took, sum(json.loads(row[2])["making_s"] for row in rows) / SLOTS


def main() -> int:
    """Measure and print."""
    given = number_options(__doc__, songs=40, seconds=0.8)
    ideal = given.songs * given.seconds / SLOTS
    took, rendering = measure(given.songs, given.seconds)
    print(
        f"{given.songs} songs of {given.seconds:g} s on {SLOTS} slots: {took:.1f} s; ideal {ideal:g}, goal"
        f" {MAX_RATIO * ideal:g}; rendering {rendering:.1f}, idle {took - rendering:.1f}; load {os.getloadavg()[0]:.1f}"
    )
    return 0 if took <= MAX_RATIO * ideal else 1


if __name__ == "__main__":
    sys.exit(main())
