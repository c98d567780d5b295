"""Two machines render for a studio while processes are killed; checks for lost, doubled or different songs.

    python -m tests.benchmarks.cluster [--songs 60] [--clean 20] [--rounds 5] [--seconds 5]

As root on Linux, each machine is a separate network namespace without access to the studio's folder; otherwise both are
processes on loopback. First `--clean` songs without faults, by turns with this machine's own pool; the median of the
rounds counts, since the machine's speed drifts. Then `--songs` songs during which a renderer, the scheduler and the
studio are killed. Every song is also rendered by the own pool and compared. Exits with 1 if a promise is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from riffusion_tui.studio.cluster.certificates import make_certificates
from riffusion_tui.studio.queue.pool_renderers import PoolRenderers
from riffusion_tui.studio.queue.process_pool import LifelineProcess
from riffusion_tui.studio.queue.render_task import RenderOrder, make
from riffusion_tui.studio.studio_settings import SKETCH_ENGINE
from tests.cli.kit import Program
from tests.studio.cluster_kit import Cluster, kill

BASE = "/v1/riffusion"
GENRES = ("lofi hip hop", "bossa nova", "punk rock", "string quartet", "techno", "country waltz", "reggae", "ambient")
MAX_OVERHEAD = 1.1


@dataclass
class ClusterReport:
    """The results."""

    rounds: int
    faults: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    """Hashes of this machine's own songs, by job."""

    def check(self, holds: bool, what: str) -> None:
        """Print a promise and whether it holds."""
        print(f"{'ok    ' if holds else 'BROKEN'}  {what}", flush=True)
        if not holds:
            self.faults.append(what)


class Studio:
    """`riffusion-tui studio` in a process that can be killed and started again on the same port."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.program = Program.at(home)
        self._process: subprocess.Popen[str] | None = None
        self._port = "0"
        self.address = ""

    def start(self) -> None:
        arguments = ["studio", "--port", self._port, "--accounts", "8", "--max-jobs", "10"]
        with (self.home.parent / "studio.log").open("a") as log:
            self._process = subprocess.Popen(
                self.program.command(*arguments),
                env=self.program.environ,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        self._port = self.address.rpartition(":")[2]

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def create(self, prompt: str) -> str:
        request = urllib.request.Request(
            f"{self.address}{BASE}/music/create-prompt",
            json.dumps({"prompt": prompt}).encode(),
            {
                "Authorization": f"Bearer {(self.data / 'token').read_text().strip()}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(json.load(answer)["job_id"])

    @property
    def data(self) -> Path:
        return self.home / "data" / "studio"

    def jobs(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Return each job's state and request."""
        with sqlite3.connect(self.data / "studio.db", timeout=30) as database:
            rows = database.execute("SELECT id, state, request FROM job").fetchall()
        database.close()
        return {id: (state, json.loads(request)) for id, state, request in rows}

    def wait(self, ids: list[str], count: int, limit_s: float = 600) -> float:
        """Wait until this many of `ids` have ended; return the seconds."""
        began = time.monotonic()
        while True:
            states = Counter(self.jobs()[id][0] for id in ids)
            if states["completed"] + states["failed"] >= count:
                return time.monotonic() - began
            assert time.monotonic() - began < limit_s, states
            time.sleep(0.1)

    def digest(self, id: str) -> str:
        return hashlib.sha256((self.data / "songs" / id / "song.mp3").read_bytes()).hexdigest()


@contextmanager
def machines(hidden: Path, count: int = 2) -> Iterator[tuple[str, list[list[str]]]]:
    """Create network namespaces on one bridge; yield this side's address, and a command prefix for each namespace."""
    if os.geteuid() != 0 or sys.platform != "linux":
        print("not root on Linux: both machines are this one, on loopback")
        yield "127.0.0.1", [[] for _ in range(count)]
        return
    tag = f"rt{os.getpid() % 10000}"

    def run(line: str, *, check: bool = True) -> None:
        subprocess.run(line.split(), check=check, capture_output=not check)

    names = [f"{tag}n{number}" for number in range(count)]
    try:
        run(f"ip link add {tag}b type bridge")
        run(f"ip addr add 10.77.0.1/24 dev {tag}b")
        run(f"ip link set {tag}b up")
        for number, name in enumerate(names):
            run(f"ip netns add {name}")
            run(f"ip link add {tag}v{number} type veth peer name eth0 netns {name}")
            run(f"ip link set {tag}v{number} master {tag}b up")
            run(f"ip -n {name} addr add 10.77.0.{number + 2}/24 dev eth0")
            run(f"ip -n {name} link set eth0 up")
            run(f"ip -n {name} link set lo up")
        # A separate file system over the studio's folder, so that no file is shared.
        inner = f'mount -t tmpfs none {hidden} && exec "$@"'
        yield (
            "10.77.0.1",
            [["ip", "netns", "exec", name, "unshare", "--mount", "sh", "-c", inner, "sh"] for name in names],
        )
    finally:
        for name in names:
            run(f"ip netns del {name}", check=False)
        run(f"ip link del {tag}b", check=False)


def cpu_s(processes: list[int]) -> float:
    """Return the CPU seconds that processes have used."""
    return sum(sum(psutil.Process(process).cpu_times()[:2]) for process in processes)


def prompts(count: int, seconds: int) -> list[str]:
    """Return prompts of equal length; the seed makes each song different."""
    return [f"{GENRES[number % len(GENRES)]}, {seconds} seconds" for number in range(count)]


async def make_here(requests: dict[str, dict[str, Any]], folder: Path) -> tuple[dict[str, str], float]:
    """Render requests with a pool of two processes; return each song's hash, and the pool's CPU seconds."""
    others = {child.pid for child in psutil.Process().children()}
    renderers = PoolRenderers(lambda: LifelineProcess(0, folder / "pool.log"), 2)

    async def one(id: str, request: dict[str, Any]) -> str:
        (folder / id).mkdir(parents=True)
        outcome = await renderers.run(make, RenderOrder(SKETCH_ENGINE, request, str(folder / id)), 600)
        assert outcome.made is not None, outcome.error
        return hashlib.sha256((folder / id / str(outcome.made["file"])).read_bytes()).hexdigest()

    first = next(iter(requests.values()))
    await asyncio.gather(one("warm-1", first), one("warm-2", first))
    processes = [child.pid for child in psutil.Process().children() if child.pid not in others]
    before = cpu_s(processes)
    digests = await asyncio.gather(*(one(id, request) for id, request in requests.items()))
    spent = cpu_s(processes) - before
    await renderers.close()
    return dict(zip(requests, digests, strict=True)), spent


def clean_run(studio: Studio, cluster: Cluster, songs: list[str]) -> tuple[list[str], float]:
    """Make songs without faults; return their ids and the renderers' CPU seconds."""
    warm = [studio.create(songs[0]) for _ in range(4)]
    studio.wait(warm, 4)
    before = cpu_s(cluster.workers())
    ids = [studio.create(song) for song in songs]
    took = studio.wait(ids, len(ids))
    spent = cpu_s(cluster.workers()) - before
    print(f"        {len(ids)} songs without faults: {took:.1f} s, {spent / len(ids):.3f} CPU s a song")
    return ids, spent


def clean_rounds(report: ClusterReport, studio: Studio, cluster: Cluster, songs: list[str], folder: Path) -> None:
    """Make songs without faults in the cluster and here, by turns, and compare the CPU time."""
    there, here = [], []
    for number in range(report.rounds):
        ids, spent = clean_run(studio, cluster, songs)
        there.append(spent / len(ids))
        jobs = studio.jobs()
        digests, spent = asyncio.run(make_here({id: jobs[id][1] for id in ids}, folder / str(number)))
        here.append(spent / len(ids))
        report.digests |= digests
        print(f"        this machine's own pool: {here[-1]:.3f} CPU s a song")
    shares = [one / other for one, other in zip(there, here, strict=True)]
    each = ", ".join(f"{share:.2f}" for share in shares)
    share = median(shares)
    report.check(share <= MAX_OVERHEAD, f"renderers' CPU {share:.2f} of the own pool's, the median of {each}")


def faulty_run(studio: Studio, cluster: Cluster, host: str, songs: list[str]) -> list[str]:
    """Make songs while one process of each kind is killed; return their ids."""
    ids = [studio.create(song) for song in songs]
    began = time.monotonic()
    studio.wait(ids, len(ids) // 6)
    print(f"        {time.monotonic() - began:5.1f} s  kill -9 of a renderer")
    kill(cluster.workers()[0])
    studio.wait(ids, len(ids) // 3)
    print(f"        {time.monotonic() - began:5.1f} s  kill -9 of the scheduler")
    cluster.kill_scheduler()
    time.sleep(1)
    cluster.start_scheduler(host)
    studio.wait(ids, len(ids) * 2 // 3)
    print(f"        {time.monotonic() - began:5.1f} s  kill -9 of the studio")
    studio.kill()
    studio.start()
    studio.wait(ids, len(ids))
    print(f"        {time.monotonic() - began:5.1f} s  all have ended")
    return ids


def refuse_foreign(report: ClusterReport, cluster: Cluster, folder: Path, inside: list[str]) -> None:
    """Start a renderer with certificates of another authority."""
    foreign = folder / "foreign"
    make_certificates(foreign, datetime.now(UTC))
    stranger = cluster.start_renderers(1, inside=inside, certificates=foreign)
    _, output = stranger.communicate(timeout=60)
    cluster.renderers.remove(stranger)
    report.check(stranger.returncode != 0 and "certificate" in output, "a foreign certificate is refused")


def benchmark(report: ClusterReport, folder: Path, songs: int, clean: int, seconds: int) -> None:
    """Run everything below `folder`."""
    studio = Studio(folder / "studio-home")
    studio.home.mkdir()
    cluster = Cluster(folder, SKETCH_ENGINE, "")
    with machines(studio.home) as (host, before):
        try:
            cluster.start_scheduler(host)
            for inside in before:
                cluster.start_renderers(1, inside=inside)
            studio.program("settings", "set", "studio.cluster", cluster.url)
            studio.program("settings", "set", "studio.cluster_certificates", str(cluster.certificates))
            studio.start()
            clean_rounds(report, studio, cluster, prompts(clean, seconds), folder / "clean")
            ids = faulty_run(studio, cluster, host, prompts(songs, seconds))
            refuse_foreign(report, cluster, folder, before[0])
        finally:
            cluster.close()
            studio.kill()
    compare(report, studio, ids, folder / "faulty")


def compare(report: ClusterReport, studio: Studio, ids: list[str], folder: Path) -> None:
    """Compare the songs with those of this machine's own pool."""
    jobs = studio.jobs()
    states = Counter(jobs[id][0] for id in ids)
    report.check(states == {"completed": len(ids)}, f"none lost of {len(ids)}: {dict(states)}")
    kept = {path.name for path in (studio.data / "songs").iterdir()}
    report.check(kept == set(jobs), f"none twice: {len(kept)} songs for {len(jobs)} prompts")
    digests, _ = asyncio.run(make_here({id: jobs[id][1] for id in ids}, folder))
    report.digests |= digests
    other = [id for id, digest in report.digests.items() if studio.digest(id) != digest]
    report.check(not other, f"{len(report.digests)} songs are the same as this machine's own, {len(other)} differ")


def main() -> int:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=60)
    parser.add_argument("--clean", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5, help="turns of the songs without faults")
    parser.add_argument("--seconds", type=int, default=5, help="length of each song; at least 5")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        report = ClusterReport(args.rounds)
        benchmark(report, Path(folder), args.songs, args.clean, args.seconds)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
