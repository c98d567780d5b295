"""A hostile server: terminal commands and markup in every text, and the caller's secrets quoted back.

The first word of a prompt sets its outcome: a status (`401`, `596` …), `cut`, `html`, `away` (a redirect to another
host) or `song`.
"""

from __future__ import annotations

import json
import socket
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.dispatch.world import SOUND

TOKEN = "user:77-canarytoken4711"
COOKIE = "sid=canarycookie0815"
NASTY = "\x1b]52;c;cm0=\x07\x1b[2J\x9b31m\x90q\x9c\u202e[bold]x[/][@click=app.exit]y[/] \x1b]0;owned\x07\r\x08"
ACCOUNT = "acc-\x1b[31ma"
"""What the service calls its account; `acc-[31ma` once it is clean."""
ROOT = "/v1/riffusion"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _text(self, word: str) -> str:
        return f"{word} {NASTY} [/] [@click=app.quit] {self.headers.get('Authorization')}"

    def _send(self, status: int, body: Any, kind: str = "application/json", **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status, "X\x1b[31m")
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        self.server.requested.append(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/accounts"):
            self._send(400, {"error": self._text(f"no such cookie {body.get('cookie')}")})
            return
        self.server.prompts.add(body["prompt"])
        fault = body["prompt"].split()[0]
        if fault == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif fault == "html":
            self._send(200, b"<html>" + self._text("page").encode(), "text/html")
        elif fault == "away":
            self._send(307, b"", Location=f"{self.server.elsewhere}{self.path}")
        elif fault.isdigit():
            self._send(int(fault), {"error": self._text(fault), "reason": NASTY, "is_flagged": True})
        else:
            id = str(uuid.uuid4())
            self.server.songs.append((id, body["prompt"], body.get("replyRef")))
            self._send(200, {"job_id": id, "user_id": ACCOUNT})

    def do_GET(self) -> None:
        self.server.requested.append(self.path)
        url = urlsplit(self.path)
        if url.path.startswith("/files/"):
            self._send(200, SOUND, "audio/wav")
        elif url.path == f"{ROOT}/accounts":
            self._send(200, {ACCOUNT: {"user_id": ACCOUNT, "maxJobs": 3, "note": NASTY}})
        elif url.path == f"{ROOT}/scheduler":
            self._send(200, [])
        elif url.path == f"{ROOT}/scheduler/available":
            free = {"user_id": ACCOUNT, "maxJobs": 3, "executing": 0, "available": 3}
            self._send(200, {"executing": [], "available": [free]})
        elif url.path.rstrip("/") == f"{ROOT}/music":
            wanted = parse_qs(url.query).get("id", [""])[0]
            self._send(200, [self._song(*song) for song in self.server.songs if wanted in ("", song[0])])
        else:
            self._send(404, {"error": self._text("nothing")})

    def _song(self, id: str, prompt: str, ref: str | None) -> dict[str, Any]:
        failed = prompt.split()[0] == "fails"
        here = f"http://{self.headers['Host']}"
        return {
            "id": id, "author_id": ACCOUNT, "created_at": "2026-01-01T00:00:00Z", "duration_s": 1.0,
            "title": self._text("title"), "lyrics": self._text("lyrics") + "\n" + NASTY, "sound": self._text("sound"),
            "status": "failed" if failed else "completed", "error": self._text("error") if failed else None,
            "download_url": f"{here}/files/{id}.wav", "share_url": self._text("share"), "replyRef": ref,
            "plan": {"key": NASTY, "genre": self._text("genre"), NASTY: NASTY}, NASTY: {NASTY: [NASTY]},
        }  # fmt: skip


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.requested: list[str] = []
        self.songs: list[tuple[str, str, str | None]] = []
        self.prompts: set[str] = set()
        self.elsewhere = ""
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that disconnected."""


class Hostile:
    """Two hostile servers on free loopback ports; the first refers to the second, which must never get the token."""

    def __init__(self) -> None:
        self._servers = [_Server(), _Server()]
        self._servers[0].elsewhere = self._url(1)
        self._threads = [threading.Thread(target=one.serve_forever, args=(0.05,)) for one in self._servers]

    def _url(self, number: int) -> str:
        return f"http://localhost:{self._servers[number].server_port}"

    @property
    def environ(self) -> dict[str, str]:
        """Environment variables that point the program to the first."""
        return {"RIFFUSION_TUI_URL": self._url(0), "RIFFUSION_TUI_TOKEN": TOKEN}

    @property
    def elsewhere(self) -> list[str]:
        """Paths requested from the other."""
        return self._servers[1].requested

    @property
    def prompts(self) -> set[str]:
        """Prompts sent to the first."""
        return self._servers[0].prompts

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()
