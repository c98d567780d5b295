"""A small server that answers as Flow Music's pages say, faults included. Real sockets, two origins, no recorded audio.

https://useapi.net/docs/api-flowmusic-v1. The songs' public files are served from an origin of their own, as the
vendor's are, and every request is remembered, so that a test can say who was sent the token.

In a test::

    async with flowmusic_server(song_s=0.2) as server:
        server.fail("create", 429, {"error": "busy", "code": 429}, {"Retry-After": "11"})

By hand: `python -m tests.flowmusic_server PORT` prints its addresses; the token is `user:1-flow`.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import socket
import struct
import sys
import time
import uuid
import wave
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "user:1-flow"
USER = "1"
BASE = "/v1/flowmusic"
OPERATIONS = ("effect", "extend", "replace", "cover", "remix", "stems")
MODERATED = "forbidden"
"""A prompt with this word is refused at once; with `later-forbidden` its job fails."""


class Denied(Exception):
    """An answer that is not the call's own."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


def denied(status: int, sentence: str) -> Denied:
    return Denied(status, {"error": sentence, "code": status})


@dataclass
class FlowAccount:
    """An account with slots, credits and perhaps an error."""

    email: str
    max_jobs: int = 3
    credits: int = 1000
    error: str = ""

    def record(self, *, live: bool = False) -> dict[str, Any]:
        body: dict[str, Any] = {"email": self.email, "tier": "plus", "maxJobs": self.max_jobs, "access_token": "ey…"}
        if self.error:
            return body | {"error": self.error}
        return body | ({"credits_remaining": self.credits} if live else {})


@dataclass
class FlowJob:
    """A request and what became of it."""

    jobid: str
    email: str
    asked: dict[str, Any]
    began: float
    ends: float
    clips: list[dict[str, Any]]
    operation: str = ""
    error: dict[str, str] | None = None
    cancelled: bool = False

    @property
    def status(self) -> str:
        if self.cancelled:
            return "failed"
        if time.time() < self.ends:
            return "pending"
        return "failed" if self.error else "completed"

    def record(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "jobid": self.jobid,
            "email": self.email,
            "request": self.asked,
            "created_at": _iso(self.began),
            "status": self.status,
        }
        if self.operation:
            body["operation"] = self.operation
        if self.status == "completed":
            body |= {"clips": self.clips, "completed_at": _iso(self.ends), "duration_ms": 139164}
        if self.status == "failed":
            body["error"] = {"code": "user_cancelled", "message": "Cancelled"} if self.cancelled else self.error
        return body


@dataclass
class FlowServer:
    """The service's state; `url` is the API's origin, `files` the public one."""

    accounts: dict[str, FlowAccount]
    song_s: float = 0.2
    url: str = ""
    files: str = ""
    jobs: dict[str, FlowJob] = field(default_factory=dict)
    clips: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of the requests that made something: what the person pays for."""
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    """(origin, method and path, Authorization) of every request."""
    answers: list[int] = field(default_factory=list)
    """Statuses of the answers to creates."""
    numbers: Any = field(default_factory=itertools.count)
    _faults: dict[str, list[Denied | None]] = field(default_factory=lambda: defaultdict(list))

    def fail(
        self, call: str, status: int, body: Any = b"", headers: dict[str, str] | None = None, times: int = 1
    ) -> None:
        """Answer the next `times` requests of a call (`create`, `job`, `jobs`, `music`, `accounts`, …) with this."""
        self._faults[call] += [Denied(status, body, headers)] * times

    def drop(self, call: str, times: int = 1) -> None:
        """Do the next `times` requests of a call and close the connection in place of the answer."""
        self._faults[call] += [None] * times

    def calls(self, start: str) -> list[str]:
        """Return the requests to the API whose method and path begin so."""
        return [what for origin, what, _ in self.seen if origin == "api" and what.startswith(start)]

    def fault(self, call: str) -> bool:
        """Raise the fault that is due, if any; say whether the answer is to be dropped."""
        if not self._faults[call]:
            return False
        due = self._faults[call].pop(0)
        if due is not None:
            raise due
        return True

    def running(self, email: str) -> list[FlowJob]:
        return [job for job in self.jobs.values() if job.email == email and job.status == "pending"]

    def usable(self, email: str | None) -> FlowAccount:
        """Return the account to use, or raise why there is none."""
        if email is not None and email not in self.accounts:
            raise denied(404, f"Account {email} is not configured")
        named = [self.accounts[email]] if email else list(self.accounts.values())
        for one in named:
            if email and one.error:
                raise denied(596, f"Account {one.email} in error state: {one.error}")
            if not one.error and len(self.running(one.email)) < one.max_jobs:
                if one.credits < 10:
                    raise denied(402, f"Account {one.email} has insufficient credits")
                return one
        busy = f"Account {email} is busy executing {len(self.running(email))} jobs" if email else "All accounts busy"
        body = {"error": busy, "retryAfter": _iso(time.time() + 10), "code": 429}
        raise Denied(429, body, {"Retry-After": "10"})

    def make(self, account: FlowAccount, asked: dict[str, Any], operation: str = "") -> FlowJob:
        """Take a request: it costs credits from here on."""
        account.credits -= 10
        self.created.append(asked)
        jobid = f"job:{uuid.uuid4()}-user:{USER}-{account.email}-bot:flowmusic"
        title = asked.get("title") or f"{asked.get('prompt', operation)[:20]} {next(self.numbers)}"
        names = [f"{title} - {part}" for part in ("drums", "bass", "vocals", "other")]
        names = names if operation == "stems" else [title, title] if not operation else [title]
        clips = [self.clip(account.email, name, asked) for name in names]
        error = None
        if f"later-{MODERATED}" in asked.get("prompt", ""):
            error = {"code": "moderated", "message": "The model declined to generate audio"}
        now = time.time()
        ends = now if operation == "stems" else now + self.song_s
        job = FlowJob(jobid, account.email, asked, now, ends, clips, operation, error)
        self.jobs[jobid] = job
        return job

    def clip(self, email: str, title: str, asked: dict[str, Any]) -> dict[str, Any]:
        own = f"user:{USER}-{email}-clip:{uuid.uuid4()}"
        file = f"{self.files}/{len(self.clips)}"
        lyrics = "" if asked.get("instrumental") else asked.get("lyrics") or "[Verse]\nfar away\nso far away"
        found = {
            "clip": own,
            "title": title,
            "duration_s": 2.0,
            "lyrics": lyrics,
            "seed": 7,
            "lyrics_timing": [[0.5, 1.0], [1.0, 1.5]],
            "created_at": _iso(time.time()),
            "audio_url": f"{file}.m4a",
            "wav_url": f"{file}.wav",
            "image_url": f"{file}.jpeg",
        }
        self.clips[own] = found
        return found


Call = Callable[[FlowServer, Request], Awaitable[Response]]


async def _body(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await request.json()
        return body if isinstance(body, dict) else {}
    async with request.form() as form:
        return {key: str(value) for key, value in form.items()}


async def _create(server: FlowServer, request: Request) -> Response:
    asked = await _body(request)
    prompt = asked.get("prompt")
    if not isinstance(prompt, str) or not 1 <= len(prompt) <= 10_000:
        raise denied(400, "Parameter prompt is required, 1 to 10000 characters")
    account = server.usable(asked.get("email"))
    if MODERATED in prompt and f"later-{MODERATED}" not in prompt:
        raise denied(422, "The model declined to generate audio")
    job = server.make(account, asked)
    if asked.get("mode") != "async":
        await asyncio.sleep(server.song_s)
    return JSONResponse(job.record(), 201 if asked.get("mode") == "async" else 200)


async def _edit(server: FlowServer, request: Request) -> Response:
    asked = await _body(request)
    if asked.get("operation") not in OPERATIONS:
        raise denied(400, "Parameter operation is required")
    if asked.get("clip") not in server.clips:
        raise denied(404, "No such clip")
    email = asked["clip"].removeprefix(f"user:{USER}-").partition("-clip:")[0]
    job = server.make(server.usable(email), asked, asked["operation"])
    if job.operation == "stems":
        return JSONResponse({"email": email, "operation": "stems", "clips": job.clips, "status": "completed"})
    return JSONResponse(job.record(), 201)


async def _jobs(server: FlowServer, request: Request) -> Response:
    body = {}
    for email, account in server.accounts.items():
        if running := server.running(email):
            listed = [{"jobid": job.jobid, "status": "pending", "created_at": _iso(job.began)} for job in running]
            body[email] = {"running": len(running), "maxJobs": account.max_jobs, "jobs": listed}
    return JSONResponse(body)


def _job_of(server: FlowServer, request: Request) -> FlowJob:
    jobid = request.path_params["jobid"]
    if jobid not in server.jobs:
        raise denied(404, "Job not found or expired")
    return server.jobs[jobid]


async def _job(server: FlowServer, request: Request) -> Response:
    return JSONResponse(_job_of(server, request).record())


async def _cancel(server: FlowServer, request: Request) -> Response:
    job = _job_of(server, request)
    job.cancelled = job.status == "pending"
    return Response(status_code=204)


async def _music(server: FlowServer, request: Request) -> Response:
    email = request.query_params.get("email") or next(iter(server.accounts))
    if error := server.accounts[email].error:
        raise denied(596, f"Account {email} in error state: {error}")
    limit, offset = int(request.query_params.get("limit", 20)), int(request.query_params.get("offset", 0))
    done = [job for job in server.jobs.values() if job.email == email and job.status == "completed"]
    own = [clip for job in reversed(done) for clip in job.clips]
    fields = ("clip", "title", "lyrics", "duration_s", "image_url")
    page = [{name: clip[name] for name in fields} for clip in own[offset : offset + limit]]
    after = offset + limit if len(own) > offset + limit else None
    return JSONResponse({"email": email, "clips": page, "limit": limit, "offset": offset, "next": after})


async def _download(server: FlowServer, request: Request) -> Response:
    own = request.query_params.get("id", "")
    if own not in server.clips:
        raise denied(400, "Parameter id not a valid clip ID or jobid")
    return Response(mp3(), media_type="audio/mpeg")


async def _lyrics(server: FlowServer, request: Request) -> Response:
    asked = await _body(request)
    if not 1 <= len(asked.get("prompt", "")) <= 2000:
        raise denied(400, "Parameter prompt is required, 1 to 2000 characters")
    return JSONResponse({"title": "Road Home", "lyrics": f"[Verse 1]\n{asked['prompt'][:40]}", "credits_burned": 0})


async def _accounts(server: FlowServer, request: Request) -> Response:
    return JSONResponse({email: one.record() for email, one in server.accounts.items()})


def _account_of(server: FlowServer, request: Request) -> FlowAccount:
    if request.path_params["email"] not in server.accounts:
        raise denied(404, "Account not configured")
    return server.accounts[request.path_params["email"]]


async def _account(server: FlowServer, request: Request) -> Response:
    return JSONResponse(_account_of(server, request).record(live=True))


async def _post_account(server: FlowServer, request: Request) -> Response:
    """A refresh token is `<e-mail>/<anything>`; one that ends in `bad` fails to refresh."""
    asked = await _body(request)
    token, limit = asked.get("refresh_token", ""), asked.get("maxJobs", 4)
    email = asked.get("email") or token.partition("/")[0]
    if not 1 <= int(limit) <= 16:
        raise denied(400, "Parameter maxJobs must be 1 to 16")
    if (not token and email not in server.accounts) or token.endswith("bad"):
        raise denied(400, "Parameter refresh_token is required")
    fresh = email not in server.accounts
    account = server.accounts.setdefault(email, FlowAccount(email))
    account.max_jobs, account.error = int(limit), "" if token else account.error
    return JSONResponse(account.record(), 201 if fresh else 200)


async def _delete_account(server: FlowServer, request: Request) -> Response:
    del server.accounts[_account_of(server, request).email]
    return Response(status_code=204)


CALLS: list[tuple[str, str, str, Call]] = [
    ("create", "POST", "/music", _create),
    ("edit", "POST", "/music/edit", _edit),
    ("lyrics", "POST", "/music/lyrics", _lyrics),
    ("music", "GET", "/music", _music),
    ("download", "GET", "/music/download", _download),
    ("jobs", "GET", "/jobs", _jobs),
    ("job", "GET", "/jobs/{jobid}", _job),
    ("cancel", "DELETE", "/jobs/{jobid}", _cancel),
    ("accounts", "GET", "/accounts", _accounts),
    ("account", "GET", "/accounts/{email}", _account),
    ("post_account", "POST", "/accounts", _post_account),
    ("delete_account", "DELETE", "/accounts/{email}", _delete_account),
]


class _Dropped(Response):
    """Closes the connection where an answer would be."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["transport_to_close"].close()


def _endpoint(server: FlowServer, name: str, call: Call) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        path = request.scope["raw_path"].decode()
        sent = request.headers.get("authorization", "")
        server.seen.append(("api", f"{request.method} {path}", sent))
        try:
            if sent != f"Bearer {TOKEN}":
                raise denied(401, "Unauthorized")
            drop = server.fault(name)
            answer: Response = await call(server, request)
        except Denied as error:
            body = error.body if isinstance(error.body, bytes) else json.dumps(error.body).encode()
            kind = "text/html" if isinstance(error.body, bytes) else "application/json"
            answer, drop = Response(body, error.status, error.headers, kind), False
        if name in ("create", "edit"):
            server.answers.append(answer.status_code)
        return _Dropped() if drop else answer

    return endpoint


def api(server: FlowServer) -> Starlette:
    """Return the API as an ASGI app."""
    return Starlette(
        routes=[
            Route(BASE + path, _endpoint(server, name, call), methods=[method]) for name, method, path, call in CALLS
        ]
    )


def files(server: FlowServer) -> Starlette:
    """Return the public files as an ASGI app: sounds made for the occasion."""

    async def file(request: Request) -> Response:
        sent = request.headers.get("authorization", "")
        server.seen.append(("files", f"{request.method} {request.url.path}", sent))
        wav = request.url.path.endswith(".wav")
        return Response(sound() if wav else m4a(), media_type="audio/wav" if wav else "audio/mp4")

    return Starlette(routes=[Route("/{name}", file)])


def sound() -> bytes:
    """Return two seconds of a square wave as WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", 8000 if at // 20 % 2 else -8000) for at in range(16_000)))
    return out.getvalue()


def mp3() -> bytes:
    """Return the same sound as MP3."""
    import soundfile

    samples, rate = soundfile.read(io.BytesIO(sound()))
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format="MP3")
    return out.getvalue()


def m4a() -> bytes:
    """Return an MP4 container of two seconds by its header, with nothing that would sound in it."""

    def atom(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(body), name) + body

    header = struct.pack(">IIIII", 0, 0, 0, 1000, 2000) + bytes(80)
    return atom(b"ftyp", b"M4A isom") + atom(b"moov", atom(b"mvhd", header)) + atom(b"mdat", bytes(4000))


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Hold:
    """Lets an app close its own connection: uvicorn keeps the transport from it otherwise."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["transport_to_close"] = send.__self__.transport
        await self._app(scope, receive, send)


@asynccontextmanager
async def _serve(app: Starlette, port: int = 0) -> AsyncIterator[str]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        config = uvicorn.Config(
            _Hold(app), lifespan="off", ws="none", log_level="critical", http="h11", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def flowmusic_server(*accounts: FlowAccount, song_s: float = 0.2, port: int = 0) -> AsyncIterator[FlowServer]:
    """Serve the API and, on another port, its files; two accounts of three slots unless told otherwise."""
    given = accounts or (FlowAccount("ann@example.com"), FlowAccount("bob+2@example.com"))
    server = FlowServer({one.email: one for one in given}, song_s)
    async with _serve(files(server)) as public, _serve(api(server), port) as url:
        server.files, server.url = public, url
        yield server


async def _main(port: int) -> None:
    async with flowmusic_server(song_s=20, port=port) as server:
        print(server.url, server.files, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
