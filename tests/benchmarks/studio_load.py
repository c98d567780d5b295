"""The studio under many clients with random faults: no accepted job is lost, memory is stable, errors are clear.

    python -m tests.benchmarks.studio_load [--clients 64] [--seconds 60] [--seed 1]

The songs are short tones, since the server is under test. Exits with 1 if a promise is broken.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.options import number_options

HERE = Path(__file__).parents[2]
BASE = "/v1/riffusion"
_CODE = """
import sys
from pathlib import Path
from riffusion_tui.studio.serve import serve
from riffusion_tui.studio.studio_settings import StudioSettings
serve(StudioSettings(Path(sys.argv[1]), engine="tests.studio.tone:ToneEngine", accounts=6, max_jobs=10, renderers=2))
"""
CLEAR = {200, 201, 204, 400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 503, 596}


@dataclass
class LoadReport:
    """The clients' results."""

    accepted: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)
    unclear: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    cut: int = 0
    slowest_s: float = 0.0
    memory_mb: list[float] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)

    @property
    def broken(self) -> list[str]:
        """The broken promises."""
        faults = [f"unclear: {one}" for one in self.unclear[:5]] + [f"lost: {one}" for one in self.lost[:5]]
        if len(self.memory_mb) > 3 and self.memory_mb[-1] > 1.5 * self.memory_mb[len(self.memory_mb) // 3] + 20:
            faults.append(f"memory grew: {self.memory_mb}")
        return faults


class Client:
    """One client, which acts at random."""

    def __init__(self, port: int, token: str, rng: random.Random, report: LoadReport) -> None:
        self._port = port
        self._token = token
        self._rng = rng
        self._report = report

    async def run(self, until: float) -> None:
        deeds: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (12, self.create),
            (6, self.look),
            (3, self.wrong),
            (2, self.stranger),
            (2, self.break_account),
            (2, self.cut_off),
            (1, self.rubbish),
            (1, self.forget),
            (1, self.repair),
        ]
        while time.monotonic() < until:
            (deed,) = self._rng.choices([deed for _, deed in deeds], [weight for weight, _ in deeds])
            try:
                await deed()
            except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
                self._report.cut += 1
            await asyncio.sleep(self._rng.random() * 0.3)

    async def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
        began = time.monotonic()
        data = json.dumps(body).encode() if body is not None else b""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(self._head(method, path, len(data), token) + data)
            async with asyncio.timeout(30):
                answer = await reader.read()
        finally:
            writer.close()
        self._report.slowest_s = max(self._report.slowest_s, time.monotonic() - began)
        return self._judge(method, path, answer)

    def _head(self, method: str, path: str, length: int, token: str | None = None) -> bytes:
        return (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token or self._token}\r\nContent-Length: {length}\r\n\r\n"
        ).encode()

    def _judge(self, method: str, path: str, answer: bytes) -> tuple[int, Any]:
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head:
            raise ConnectionError("no answer")
        status = int(head.split()[1])
        self._report.answers[status] += 1
        try:
            read = json.loads(body) if body else None
        except ValueError:
            read, status = body, -status
        if status not in CLEAR:
            self._report.unclear.append(f"{method} {path} {status} {body[:200]!r}")
        return status, read

    async def create(self) -> None:
        slow = f" slow={self._rng.random():.2f}"
        (trouble,) = self._rng.choices(["", " error", " fault", " crash", slow], [8, 2, 1, 1, 4])
        fields = {"prompt": f"a tone{trouble}", "replyRef": str(self._rng.random())}
        status, answer = await self.call("POST", f"{BASE}/music/create-prompt", fields)
        if status == 200:
            self._report.accepted.add(answer["job_id"])

    async def look(self) -> None:
        path = self._rng.choice(["scheduler", "scheduler/available", "accounts"])
        status, answer = await self.call("GET", f"{BASE}/{path}")
        if status == 200 and path == "accounts":
            await self.call("GET", f"{BASE}/music/?limit=20&user_id={self._rng.choice(sorted(answer))}")

    async def wrong(self) -> None:
        body = self._rng.choice([{}, {"prompt": 1}, {"prompt": "a", "maxJobs": 11}, {"prompt": "x" * 300_000}, [1]])
        await self.call("POST", f"{BASE}/create-prompt", body)

    async def stranger(self) -> None:
        await self.call("POST", f"{BASE}/create-prompt", {"prompt": "a"}, token="nobody")

    async def break_account(self) -> None:
        cookie = self._rng.choice(["studio-test:broken", "studio-test:expires-after=2", "studio-test:limited=1"])
        _, accounts = await self.call("GET", f"{BASE}/accounts")
        if isinstance(accounts, dict) and accounts and "error" not in accounts:
            user_id = self._rng.choice(sorted(accounts))
            await self.call("POST", f"{BASE}/accounts", {"cookie": cookie, "user_id": user_id})

    async def repair(self) -> None:
        _, accounts = await self.call("GET", f"{BASE}/accounts")
        if isinstance(accounts, dict) and "error" not in accounts:
            for user_id in (user_id for user_id, account in accounts.items() if "error" in account):
                await self.call("POST", f"{BASE}/accounts", {"cookie": f"{self._rng.random()}", "user_id": user_id})

    async def forget(self) -> None:
        _, jobs = await self.call("GET", f"{BASE}/scheduler")
        if isinstance(jobs, list) and jobs:
            await self.call("DELETE", f"{BASE}/scheduler/{self._rng.choice(jobs)['job_id']}")

    async def cut_off(self) -> None:
        """Disconnect in the middle of a request, or before the response."""
        data = json.dumps({"prompt": "a tone that no client waits for"}).encode()
        whole = self._head("POST", f"{BASE}/create-prompt", len(data)) + data
        _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(whole[: self._rng.randrange(len(whole) + 1)])
        await writer.drain()
        await asyncio.sleep(self._rng.random() * 0.05)
        writer.transport.abort()

    async def rubbish(self) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(self._rng.randbytes(self._rng.randrange(5000)))
        await writer.drain()
        writer.close()


async def load(folder: Path, clients: int, seconds: float, seed: int) -> LoadReport:
    """Start a server in `folder`, run the clients, and check the outcome of every accepted job."""
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _CODE, str(folder)), cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    report = LoadReport()
    try:
        assert server.stdout is not None
        port = int((await server.stdout.readline()).rpartition(b":")[2])
        token = (folder / "token").read_text(encoding="ascii").strip()
        until = time.monotonic() + seconds
        crowd = [Client(port, token, random.Random(f"{seed} {number}"), report) for number in range(clients)]
        weigher = asyncio.create_task(_weigh(server.pid, report, seconds / 12))
        await asyncio.gather(*(client.run(until) for client in crowd))
        weigher.cancel()
        await _follow_up(crowd[0], report, 30 + seconds)
    finally:
        server.terminate()
        await server.wait()
    return report


async def _weigh(process: int, report: LoadReport, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        ps = await asyncio.create_subprocess_exec("ps", "-o", "rss=", "-p", str(process), stdout=subprocess.PIPE)
        output, _ = await ps.communicate()
        report.memory_mb.append(round(int(output) / 1024, 1))


async def _follow_up(client: Client, report: LoadReport, limit_s: float) -> None:
    """Every accepted job must be in its account's list, with a final status."""
    _, accounts = await client.call("GET", f"{BASE}/accounts")
    for number, user_id in enumerate(accounts):
        await client.call("POST", f"{BASE}/accounts", {"cookie": f"last {number}", "user_id": user_id})
    until = time.monotonic() + limit_s
    while (await client.call("GET", f"{BASE}/scheduler"))[1] and time.monotonic() < until:  # noqa: ASYNC110 (a poll)
        await asyncio.sleep(0.3)
    seen: dict[str, str] = {}
    for user_id in accounts:
        offset = 0
        while page := (await client.call("GET", f"{BASE}/music/?user_id={user_id}&limit=100&offset={offset}"))[1]:
            seen |= {record["id"]: record["status"] for record in page}
            offset += 100
    for id in report.accepted:
        report.made[seen.get(id, "lost")] += 1
        if seen.get(id) not in ("completed", "failed"):
            report.lost.append(f"{id} {seen.get(id)}")


def main() -> int:
    """Run it and print the figures."""
    args = number_options(__doc__, clients=64, seconds=60.0, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(load(Path(folder) / "studio", args.clients, args.seconds, args.seed))
    print(f"answers   {dict(sorted(report.answers.items()))}, cut by the clients {report.cut}")
    print(f"accepted  {len(report.accepted)}: {dict(report.made)}")
    print(f"slowest   {report.slowest_s:.2f} s   memory {report.memory_mb} MB")
    for fault in report.broken:
        print(f"BROKEN    {fault}")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
