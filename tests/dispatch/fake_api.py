"""A server for the API's contract that shares no code with the program: it counts, cuts answers and breaks accounts.

Source: https://useapi.net/docs/api-riffusion-v1. Plain standard library, a thread for each connection.
"""

from __future__ import annotations

import json
import math
import random
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.dispatch.world import SOUND

TOKEN = "user:1-fake"
ROOT = "/v1/riffusion"


@dataclass
class Made:
    job_id: str
    account: str
    prompt: str
    ref: str | None
    began: float
    ends: float


@dataclass
class FakeApi:
    """The server's state and its faults."""

    slots: dict[str, int] = field(default_factory=lambda: {"acc-a": 3, "acc-b": 3})
    seconds: float = 0.3
    cut: float = 0.0
    """Share of create answers that are cut somewhere, after the request was accepted."""
    break_share: float = 0.0
    """Share of requests at which an account breaks for a moment."""
    delay: float = 0.0
    """How long a create request takes at most until it is accepted, and its answer after that, in seconds."""
    seed: int = 1
    made: list[Made] = field(default_factory=list)
    cuts: set[str] = field(default_factory=set)
    """Prompts whose answer was cut on purpose."""
    calls: Counter[str] = field(default_factory=Counter)
    busy: int = 0
    broken: dict[str, float] = field(default_factory=dict)
    offsets: Iterator[int] | None = None
    """Cut every create answer, each after so many bytes; None: at random, `cut` of them."""
    held_from: float = math.inf
    """Songs from this number on (0 is the first) end only after `let_go`."""

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.rng = random.Random(self.seed)

    def let_go(self) -> None:
        """Release held songs; each ends one song's duration from now."""
        with self.lock:
            self.held_from = math.inf
            for one in self.made:
                one.ends = min(one.ends, time.time() + self.seconds)

    def where_to_cut(self) -> int | None:
        if self.offsets is not None:
            return next(self.offsets, None)
        return self.rng.randrange(120) if self.rng.random() < self.cut else None

    def per_prompt(self) -> Counter[str]:
        return Counter(one.prompt for one in self.made)

    def running(self, account: str) -> list[Made]:
        return [one for one in self.made if one.account == account and one.ends > time.time()]

    def create(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        account = body.get("user_id") or self.rng.choice(sorted(self.slots))
        if self.rng.random() < self.break_share:
            self.broken[account] = time.time() + 1.0
        if self.broken.get(account, 0.0) > time.time():
            return 596, {"error": "Your Riffusion account has pending error."}
        running = self.running(account)
        if len(running) >= self.slots[account]:
            self.busy += 1
            jobs = [self.entry(one) for one in running]
            words = f"Account {account} is busy executing {len(jobs)} jobs"
            return 429, {"error": words, "runningJobs": {account: jobs}, "code": 429}
        now = time.time()
        ends = math.inf if len(self.made) >= self.held_from else now + self.seconds
        one = Made(str(uuid.uuid4()), account, body["prompt"], body.get("replyRef"), now, ends)
        self.made.append(one)
        return 200, {"job_id": one.job_id, "user_id": account}

    def entry(self, one: Made) -> dict[str, Any]:
        return {"job_id": one.job_id, "user_id": one.account, "started": int(one.began * 1000), "replyRef": one.ref}

    def song(self, one: Made, base: str) -> dict[str, Any]:
        done = one.ends <= time.time()
        return {
            "id": one.job_id,
            "author_id": one.account,
            "created_at": datetime.fromtimestamp(one.began, UTC).isoformat(),
            "title": f"Song {one.prompt}",
            "duration_s": 1.0,
            "status": "completed" if done else "generating_audio",
            "download_url": f"{base}/files/{one.job_id}.wav" if done else None,
            "replyRef": one.ref,
        }

    def file(self, path: str) -> tuple[int, bytes, str]:
        """Return (status, body, content type) of a song's file."""
        return 200, SOUND, "audio/wav"

    def get(self, path: str, query: dict[str, list[str]], base: str) -> tuple[int, Any]:
        running = [self.entry(one) for account in self.slots for one in self.running(account)]
        if path == f"{ROOT}/scheduler":
            return 200, running
        if path == f"{ROOT}/scheduler/available":
            free = [
                {"user_id": a, "maxJobs": n, "executing": len(self.running(a)), "available": n - len(self.running(a))}
                for a, n in self.slots.items()
            ]
            return 200, {"executing": running, "available": free}
        if path == f"{ROOT}/accounts":
            errors = {a: {"error": "pending"} if self.broken.get(a, 0.0) > time.time() else {} for a in self.slots}
            return 200, {a: {"user_id": a, "maxJobs": n, **errors[a]} for a, n in self.slots.items()}
        if path.rstrip("/") == f"{ROOT}/music":
            account, wanted = query.get("user_id", [""])[0], query.get("id", [""])[0]
            found = [one for one in reversed(self.made) if one.account == account and wanted in ("", one.job_id)]
            start, number = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["10"])[0])
            return 200, [self.song(one, base) for one in found[start : start + number]]
        return 404, {"error": "Not found", "code": 404}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: FakeApi

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        state = self.state
        time.sleep(random.uniform(0, state.delay))
        with state.lock:
            state.calls["create"] += 1
            status, answer = state.create(body)
            at = state.where_to_cut() if status == 200 else None
            if at is not None:
                state.cuts.add(body["prompt"])
        time.sleep(random.uniform(0, state.delay))
        self._answer(status, json.dumps(answer).encode(), "application/json", at)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        state = self.state
        if url.path.startswith("/files/"):
            self._answer(*state.file(self.path))
            return
        with state.lock:
            state.calls["get"] += 1
            status, answer = state.get(url.path, parse_qs(url.query), f"http://{self.headers['Host']}")
        self._answer(status, json.dumps(answer).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str, cut: int | None = None) -> None:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        whole = head + body
        self.wfile.write(whole if cut is None else whole[:cut])
        if cut is not None and cut < len(whole):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore errors: a killed client is expected."""


class FakeApiServer:
    """The server on a free loopback port, as a context manager."""

    def __init__(self, state: FakeApi) -> None:
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeApiServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
