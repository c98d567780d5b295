"""A small server that implements Flow Music's documentation, including faults. Real sockets, two origins.

https://useapi.net/docs/api-flowmusic-v1. The songs' public files are served from a separate origin, as the
vendor's are, and every request is recorded, so that a test can check which origin got the token.

In a test::

    async with flowmusic_server(song_s=0.2) as server:
        server.fail("create", 429, {"error": "busy", "code": 429}, {"Retry-After": "11"})

By hand: `python -m tests.flowmusic_server PORT [SECONDS]` prints its addresses; the token is `user:1-flow`; a song
takes SECONDS (default: 20). Lines on its standard input are commands, echoed when done: `limit 2` answers the next two
requests with a 429 that names no account, `drop 1` accepts a request and closes the connection, `break EMAIL`,
`repair EMAIL`, `credits EMAIL 5`, `others EMAIL 1` fills slots of an account with another client's jobs. A prompt with
`forbidden` is moderated at once, one with `later-forbidden` while it is generated; a refresh token is
`EMAIL/anything`, and one that ends in `bad` is refused.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.flowmusic_state import MODERATED, USER, FlowAccount, FlowJob, FlowServer, denied, iso
from tests.server_process import Denied, take_commands
from tests.serving import Dropped, serve
from tests.sounds import m4a, mp3, sound

__all__ = ["MODERATED", "TOKEN", "FlowAccount", "FlowJob", "FlowServer", "flowmusic_server"]
TOKEN = "user:1-flow"
BASE = "/v1/flowmusic"
OPERATIONS = ("effect", "extend", "replace", "cover", "remix", "stems")


Call = Callable[[FlowServer, Request], Awaitable[Response]]


async def _body(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await request.json()
        return body if isinstance(body, dict) else {}
    async with request.form() as form:
        return {key: str(value) for key, value in form.items()}


async def _create(server: FlowServer, request: Request) -> Response:
    requested = await _body(request)
    prompt = requested.get("prompt")
    if not isinstance(prompt, str) or not 1 <= len(prompt) <= 10_000:
        raise denied(400, "Parameter prompt is required, 1 to 10000 characters")
    account = server.usable(requested.get("email"))
    if MODERATED in prompt and f"later-{MODERATED}" not in prompt:
        raise denied(422, "The model declined to generate audio")
    job = server.make(account, requested)
    if requested.get("mode") != "async":
        await asyncio.sleep(server.song_s)
    return JSONResponse(job.record(), 201 if requested.get("mode") == "async" else 200)


async def _edit(server: FlowServer, request: Request) -> Response:
    requested = await _body(request)
    if requested.get("operation") not in OPERATIONS:
        raise denied(400, "Parameter operation is required")
    if requested.get("clip") not in server.clips:
        raise denied(404, "No such clip")
    email = requested["clip"].removeprefix(f"user:{USER}-").partition("-clip:")[0]
    job = server.make(server.usable(email), requested, requested["operation"])
    if job.operation == "stems":
        return JSONResponse({"email": email, "operation": "stems", "clips": job.clips, "status": "completed"})
    return JSONResponse(job.record(), 201)


async def _jobs(server: FlowServer, request: Request) -> Response:
    body = {}
    for email, account in server.accounts.items():
        if running := server.running(email):
            listed = [{"jobid": job.jobid, "status": "pending", "created_at": iso(job.began)} for job in running]
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
    requested = await _body(request)
    if not 1 <= len(requested.get("prompt", "")) <= 2000:
        raise denied(400, "Parameter prompt is required, 1 to 2000 characters")
    return JSONResponse({"title": "Road Home", "lyrics": f"[Verse 1]\n{requested['prompt'][:40]}", "credits_burned": 0})


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
    requested = await _body(request)
    token, limit = requested.get("refresh_token", ""), requested.get("maxJobs", 4)
    email = requested.get("email") or token.partition("/")[0]
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


def _endpoint(server: FlowServer, name: str, call: Call) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        path = request.scope["raw_path"].decode()
        sent = request.headers.get("authorization", "")
        server.seen.append(("api", f"{request.method} {path}", sent))
        try:
            if sent != f"Bearer {TOKEN}":
                raise denied(401, "Unauthorized")
            drop = server.faults.due(name)
            answer: Response = await call(server, request)
        except Denied as error:
            body = error.body if isinstance(error.body, bytes) else json.dumps(error.body).encode()
            kind = "text/html" if isinstance(error.body, bytes) else "application/json"
            answer, drop = Response(body, error.status, error.headers, kind), False
        if name in ("create", "edit"):
            server.answers.append(answer.status_code)
        return Dropped() if drop else answer

    return endpoint


def api(server: FlowServer) -> Starlette:
    """Return the API as an ASGI app."""
    return Starlette(
        routes=[
            Route(BASE + path, _endpoint(server, name, call), methods=[method]) for name, method, path, call in CALLS
        ]
    )


def files(server: FlowServer) -> Starlette:
    """Return the public files as an ASGI app; the sounds are generated."""

    async def file(request: Request) -> Response:
        sent = request.headers.get("authorization", "")
        server.seen.append(("files", f"{request.method} {request.url.path}", sent))
        wav = request.url.path.endswith(".wav")
        return Response(sound() if wav else m4a(), media_type="audio/wav" if wav else "audio/mp4")

    return Starlette(routes=[Route("/{name}", file)])


@asynccontextmanager
async def flowmusic_server(*accounts: FlowAccount, song_s: float = 0.2, port: int = 0) -> AsyncIterator[FlowServer]:
    """Serve the API and, on another port, its files; two accounts of three slots by default."""
    given = accounts or (FlowAccount("ann@example.com"), FlowAccount("bob+2@example.com"))
    server = FlowServer({one.email: one for one in given}, song_s)
    async with serve(files(server)) as public, serve(api(server), port) as url:
        server.files, server.url = public, url
        yield server


def trouble(server: FlowServer, line: str) -> None:
    """Cause the fault requested by a line of standard input."""
    match line.split():
        case "limit", number:
            limited = {"error": "Too many requests", "code": 429}
            server.fail("create", 429, limited, {"Retry-After": "12"}, times=int(number))
        case "drop", number:
            server.drop("create", int(number))
        case "break", email:
            server.accounts[email].error = "refresh token rejected"
        case "repair", email:
            server.accounts[email].error = ""
        case "credits", email, number:
            server.accounts[email].credits = int(number)
        case "others", email, number:
            for _ in range(int(number)):
                server.make(server.accounts[email], {"prompt": "somebody else's"})
        case _:
            line = f"what is {line!r}?"
    print(line, flush=True)


async def _main(port: int, song_s: float = 20) -> None:
    async with flowmusic_server(song_s=song_s, port=port) as server:
        print(server.url, server.files, flush=True)
        await take_commands(partial(trouble, server))


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), *map(float, sys.argv[2:])))
