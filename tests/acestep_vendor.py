"""Run the client against ACE-Step's own server code, with its model replaced.

`python -m tests.acestep_vendor [FOLDER]` downloads each published wheel of the server (MIT) without its dependencies,
and installs what its routes need in a separate environment, both in FOLDER (default: a temporary one). It doesn't cover
real durations, how a real model interprets a prompt, MP3 encoding, or failures of a graphics card.

It runs as a CI job and isn't part of `python -m pytest`: an environment of 120 MB and a minute per version are too much
for a suite that needs no network.

Exit codes: 0 all checks passed, or the wheel isn't available (it prints so); 1 a check failed.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.kit import Program
from tests.sounds import flac, mp3, sound

WHEELS = ("ace-step15-fork==20260212", "ace-step15-fork==20260210")
"""All published versions."""
NEEDS = ("fastapi", "uvicorn", "loguru", "diskcache", "python-multipart", "python-dotenv", "httpx", "numpy")
KEY = "vendor-key"
PROMPTS = 20


class Vendor:
    """The vendor's server code and its environment."""

    def __init__(self, folder: Path, wheel: str) -> None:
        self._folder = folder
        self._wheel = wheel
        self._python = folder / "venv" / "bin" / "python"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def fetch(self) -> bool:
        """Download the wheel and its dependencies; return False if they aren't available."""
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
        got = subprocess.run([*pip, "download", "--no-deps", self._wheel, "-d", self._folder / "wheel"], check=False)
        wheel = next((self._folder / "wheel").glob("*.whl"), None)
        if got.returncode or wheel is None:
            return False
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(self._folder / "src")
        subprocess.run([sys.executable, "-m", "venv", self._folder / "venv"], check=True)
        quiet: list[str | Path] = [self._python, "-m", "pip", "--disable-pip-version-check", "-q", "install"]
        if subprocess.run([*quiet, *NEEDS], check=False).returncode:
            return False
        sounds = self._folder / "sounds"
        sounds.mkdir(exist_ok=True)
        for name, body in (("flac", flac()), ("mp3", mp3()), ("wav", sound())):
            (sounds / f"song.{name}").write_bytes(body)
        return True

    def start(self, **environ: str) -> None:
        """Start it, and wait until it answers."""
        environ = {
            **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            "PYTHONPATH": str(self._folder / "src"),
            "HOME": str(self._folder / "home"),
            "ACESTEP_TMPDIR": str(self._folder / "tmp"),
            "ACESTEP_INIT_LLM": "false",
            "FAKE_SOUNDS": str(self._folder / "sounds"),
            **environ,
        }
        script = Path(__file__).with_name("acestep_stand_in.py")
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._python, script, str(self._port)], env=environ, stdout=log, stderr=log, cwd=self._folder
            )
        until = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise SystemExit(f"The vendor's server did not start: see {self._folder / 'server.log'}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/health", timeout=5).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def running(vendor: Vendor, **environ: str) -> Iterator[Program]:
    """Start the server; yield the program with an empty home."""
    vendor.start(**environ)
    home = Path(tempfile.mkdtemp(prefix="acestep-home-"))
    try:
        yield Program.at(home, RIFFUSION_TUI_URL=vendor.url, RIFFUSION_TUI_SERVICE="acestep")
    finally:
        vendor.kill()
        shutil.rmtree(home, ignore_errors=True)


def a_song_with_its_seed_and_plan(vendor: Vendor) -> None:
    with running(vendor) as program:
        ran = program("submit", "calm piano, 90 bpm in C minor, 3/4", "--seed", "7", "--wait", "--json")
        assert ran.code == 0, ran.err
        file = Path(ran.rows[0]["file"])
        assert file.suffix == ".flac", file
        (receipt,) = program("receipt", "1").rows
        assert receipt["extra"] == {"tempo": "90", "key": "C minor", "meter": "3/4"}, receipt
        text = {"prompt": "as a waltz", "operation": "cover", "source": str(file), "extra": {"strength": "0.5"}}
        ran = program("batch", "-", "--kind", "jsonl", "--wait", "--json", stdin=json.dumps(text))
        assert ran.code == 0, ran.out + ran.err
        doctor = program("doctor", "--service", "acestep", "--json")
        assert doctor.code == 0, doctor.out
        found = {row["check"]: row["says"] for row in doctor.rows}
        assert "acestep-v15-turbo" in found["model"], found


def failures_are_reported(vendor: Vendor) -> None:
    with running(vendor) as program:
        ran = program("submit", "boom", "no file", "--wait", "--json")
        assert ran.code == 1, ran.err
        errors = {row["prompt"]: row["error"] for row in ran.rows}
        assert errors["boom"], errors
        assert "saved no file" in errors["no file"], errors


def a_key_is_required(vendor: Vendor) -> None:
    with running(vendor, ACESTEP_API_KEY=KEY) as program:
        missing = program("doctor", "--service", "acestep", "--json")
        assert missing.code == 3, missing.out
        wrong = Program({**program.environ, "RIFFUSION_TUI_TOKEN": "wrong-key"})
        assert wrong("submit", "rain", "--wait", "--timeout", "5").code in (3, 4)
        right = Program({**program.environ, "RIFFUSION_TUI_TOKEN": KEY})
        assert right("work", "--timeout", "60").code == 0
        assert [row["status"] for row in right("jobs", "--json").rows] == ["done"]


def a_short_queue_loses_nothing(vendor: Vendor) -> None:
    with running(vendor, ACESTEP_QUEUE_MAXSIZE="1", FAKE_SONG_S="1") as program:
        ran = program("submit", *[f"song {n}" for n in range(4)], "--wait", "--json")
        assert ran.code == 0, ran.err
        assert len(ran.rows) == 4, ran.rows


def a_killed_server_loses_nothing(vendor: Vendor) -> None:
    with running(vendor, FAKE_SONG_S="0.3") as program:
        seeds = [str(1000 + n) for n in range(PROMPTS)]
        lines = "\n".join(json.dumps({"prompt": f"song {seed}", "seed": int(seed)}) for seed in seeds)
        assert program("batch", "-", "--kind", "jsonl", "--yes", stdin=lines).code == 0
        with subprocess.Popen(program.command("work"), env=program.environ) as work:
            _until(lambda: _done(program) >= 5)
            vendor.kill()
            time.sleep(3)
            vendor.start(FAKE_SONG_S="0.3", FAKE_LOAD_S="3")
            assert work.wait(timeout=200) == 0
        receipts = program("receipt").rows
        assert len(receipts) == PROMPTS, len(receipts)
        assert all(Path(one["receipt"]["file"]).exists() for one in receipts)
        assert sorted(str(one["seed"]) for one in receipts) == seeds
        assert all(f'"seed": {one["seed"]}'.encode() in Path(one["receipt"]["file"]).read_bytes() for one in receipts)


def _done(program: Program) -> int:
    return sum(row["status"] == "done" for row in program("jobs", "--json").rows)


def _until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not true():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.3)


CHECKS = (
    a_song_with_its_seed_and_plan,
    failures_are_reported,
    a_key_is_required,
    a_short_queue_loses_nothing,
    a_killed_server_loses_nothing,
)


def main(folder: Path) -> int:
    """Run every check against every version, and print the results."""
    return max(_check(Vendor(folder / wheel.partition("==")[2], wheel), wheel) for wheel in WHEELS)


def _check(vendor: Vendor, wheel: str) -> int:
    if not vendor.fetch():
        print(f"NOT RUN: {wheel} or what it needs can't be had from here.")
        return 0
    print(wheel, flush=True)
    failed = 0
    for check in CHECKS:
        name, began = check.__name__.replace("_", " "), time.monotonic()
        try:
            check(vendor)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"FAILED  {name}: {error}", flush=True)
        else:
            print(f"ok      {name} ({time.monotonic() - began:.0f} s)", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1]).absolute()))
    with tempfile.TemporaryDirectory(prefix="acestep-vendor-") as made:
        sys.exit(main(Path(made)))
