"""A small server that reproduces ACE-Step's own, including faults, older versions, and acestep-cpp-api.

The contract is taken from the vendor's code (https://github.com/ace-step/ACE-Step-1.5) and run there with the model
replaced; `python -m tests.acestep_vendor` runs the client against that code itself. Real sockets, no recorded audio.

In a test::

    async with acestep_server(song_s=0.2, load_s=1.0) as server:
        server.fail("release_task", 429, {"detail": "Server busy: queue is full"})

By hand: `python -m tests.acestep_server PORT [SECONDS [LOAD_SECONDS [KEY]]]` prints its address; a song takes
SECONDS (default: 0.3). Lines on its standard input are commands, echoed when done: `drop N` accepts the next N tasks
and closes the connection, `forget` loses all unfinished tasks, `base model` loads a model that can do every edit, and a
language model, `key WORD` requires another key, `no key` none. A prompt with `boom` fails, one with `no file` saves
nothing.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.acestep_task import AceTask
from tests.server_process import Denied, Faults, take_commands
from tests.serving import CutOff, Dropped, serve
from tests.sounds import flac, mp3, sound

MODEL, BASE_MODEL = "acestep-v15-turbo", "acestep-v15-base"
LANGUAGE_MODEL = "acestep-5Hz-lm-0.6B"
MAY, FEB, WHEEL, CPP = "may", "feb", "wheel", "cpp"
"""The versions of the server: two of its repository, the published wheel, and the independent acestep-cpp-api."""
TURBO_TASKS = ["text2music", "repaint", "cover", "cover-nofsq"]
BASE_TASKS = [*TURBO_TASKS, "extract", "lego", "complete"]
FAULTY = 'Traceback (most recent call last):\n  File "/srv/acestep.py", line 1\nRuntimeError: CUDA out of memory'
_SOUNDS = {"flac": flac, "mp3": mp3, "wav": sound, "wav32": sound}


@dataclass
class AceServer:
    """State and behavior of the server."""

    version: str = MAY
    key: str = ""
    song_s: float = 0.2
    load_s: float = 0.0
    loaded: bool = True
    load_fails: str = ""
    language_model: bool = False
    task_types: list[str] = field(default_factory=lambda: TURBO_TASKS)
    base: str = ""  # a base model besides the default one: listed, or loaded
    queue_maxsize: int = 200
    tells_reason: bool = False
    late: bool = False  # every running task counts as older than an hour
    silent_until: float = 0.0
    """It doesn't respond until then, like versions that load their models with the first task."""
    cuts: int = 0
    """Number of `/v1/audio` responses that stop in the middle."""
    ends_once_seen: bool = False
    """Tasks end right after a `/query_result` says that they run."""
    elsewhere: str = ""
    """Another origin that finished tasks' files point to."""
    url: str = ""
    tasks: dict[str, AceTask] = field(default_factory=dict)
    created: list[dict[str, Any]] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    """(method and path, Authorization) of every request."""
    ranges: list[str] = field(default_factory=list)
    """The Range header of every `/v1/audio`, empty without one."""
    looks: list[list[str]] = field(default_factory=list)
    """The ids of every `/query_result`."""
    faults: Faults = field(default_factory=Faults)

    def fail(self, call: str, status: int, body: Any = "", times: int = 1) -> None:
        """Answer the next `times` requests of a call (`release_task`, `health`, …) with this; a text is text/plain."""
        self.faults.fail(call, Denied(status, body), times)

    def drop(self, call: str, times: int = 1) -> None:
        """Execute the next `times` requests of a call, but close the connection instead of responding."""
        self.faults.drop(call, times)

    def calls(self, start: str) -> list[str]:
        """Return the requests whose method and path start with `start`."""
        return [what for what, _ in self.seen if what.startswith(start)]

    def forget(self) -> None:
        """Lose unfinished tasks, as in a restart."""
        self.tasks = {id: task for id, task in self.tasks.items() if task.state in ("succeeded", "failed")}

    def restart(self) -> None:
        """Lose queued tasks, and stop making the running one, whose last progress is on disk."""
        self.tasks = {id: task for id, task in self.tasks.items() if task.state != "queued"}
        for task in self.tasks.values():
            task.left_behind = task.state == "running"

    def release(self, requested: dict[str, Any], upload: bytes) -> AceTask:
        """Queue a task; tasks run one at a time."""
        begins = max([time.monotonic(), *(task.ends for task in self.tasks.values() if not task.left_behind)])
        task = AceTask(str(uuid.uuid4()), requested, upload, begins, begins + self.song_s)
        self.tasks[task.task_id] = task
        self.created.append(requested)
        return task

    def waiting(self) -> int:
        return sum(task.state == "queued" for task in self.tasks.values())


Call = Callable[[AceServer, Request], Awaitable[Response]]


def _enveloped(data: Any, code: int = 200, error: str | None = None) -> Response:
    return JSONResponse({"data": data, "code": code, "error": error, "timestamp": 1, "extra": None})


def _detail(status: int, text: str) -> Denied:
    return Denied(status, {"detail": text})


async def _body(request: Request) -> tuple[dict[str, Any], bytes]:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body = await request.json()
        return (body if isinstance(body, dict) else {}), b""
    if not kind.startswith("multipart/form-data"):
        raise _detail(415, "Unsupported Content-Type")
    requested, upload = {}, b""
    async with request.form() as form:
        for name, value in form.items():
            if isinstance(value, str):
                requested[name] = value
            elif name == "src_audio":
                upload = await value.read()
    return requested, upload


async def _health(server: AceServer, request: Request) -> Response:
    health: dict[str, Any] = {"status": "ok", "service": "ACE-Step API", "version": "1.0"}
    if server.version == MAY:
        health |= {"models_initialized": server.loaded, "llm_initialized": server.language_model, "loaded_model": MODEL}
        health |= {"loaded_lm_model": LANGUAGE_MODEL if server.language_model else None}
    return _enveloped(health)


async def _stats(server: AceServer, request: Request) -> Response:
    states = [task.state for task in server.tasks.values() if not task.left_behind]
    jobs = {"total": len(states)} | {state: states.count(state) for state in ("queued", "running")}
    queue = {"queue_size": server.waiting(), "queue_maxsize": server.queue_maxsize}
    return _enveloped({"jobs": jobs, **queue, "avg_job_seconds": 5.0})


async def _inventory(server: AceServer, request: Request) -> Response:
    model = {"name": MODEL, "is_default": True, "is_loaded": True, "supported_task_types": server.task_types}
    base = {"name": BASE_MODEL, "is_loaded": server.base == "loaded", "supported_task_types": BASE_TASKS}
    models = [model, base][: 2 if server.base else 1] if server.loaded else []
    return _enveloped({"models": models, "default_model": MODEL, "lm_models": []})


async def _models(server: AceServer, request: Request) -> Response:
    if server.version == WHEEL:
        return _enveloped({"models": [{"name": MODEL, "is_default": True}], "default_model": MODEL})
    return JSONResponse({"object": "list", "data": [{"id": f"acestep/{MODEL}"}] if server.loaded else []})


async def _init(server: AceServer, request: Request) -> Response:
    await asyncio.sleep(server.load_s)
    if server.load_fails:
        return _enveloped(None, 500, f"Model initialization failed: {server.load_fails}")
    server.loaded = True
    return _enveloped({"message": "ok", "loaded_model": MODEL})


async def _release(server: AceServer, request: Request) -> Response:
    requested, upload = await _body(request)
    if server.version == CPP:
        _check_as_cpp(requested)
    if server.waiting() >= server.queue_maxsize:
        raise _detail(429, "Queue full" if server.version == CPP else "Server busy: queue is full")
    if not server.loaded:
        server.silent_until = time.monotonic() + server.load_s
        await asyncio.sleep(server.load_s)
        server.loaded = True
    task = server.release(requested, upload)
    return _enveloped({"task_id": task.task_id, "status": "queued", "queue_position": 1})


def _check_as_cpp(requested: dict[str, Any]) -> None:
    if not requested.get("prompt", "").strip():
        raise _detail(400, "prompt, caption, or sample_query is required (or enable sample_mode)")
    if requested.get("audio_format") == "flac":
        raise _detail(415, "audio_format flac is not supported by acestep.cpp; use mp3 or wav")


async def _query(server: AceServer, request: Request) -> Response:
    requested, _ = await _body(request)
    server.looks.append(requested["task_id_list"])
    rows = [_row(server, task_id) for task_id in requested["task_id_list"]]
    if server.ends_once_seen:
        for task in server.tasks.values():
            task.ends = min(task.ends, time.monotonic())
    return _enveloped(rows)


def _row(server: AceServer, task_id: str) -> dict[str, Any]:
    task, cpp = server.tasks.get(task_id), server.version == CPP
    log = "2026-05-04 | /home/someone/acestep/secret.py:12 | somebody else's prompt"
    if task is None:
        unknown = {"status": 2, "error": "unknown task_id"} if cpp else {"status": 0, "result": "[]"}
        return {"task_id": task_id, **unknown}
    if task.state in ("queued", "running"):
        if cpp:
            return {"task_id": task_id, "status": 0}
        item = {"file": "", "wave": "", "status": 0, "create_time": int(task.created), "env": "development"}
        if server.version != WHEEL:
            share = 0.0 if task.state == "queued" else task.progress
            item |= {"progress": share, "stage": "queued" if task.state == "queued" else "Generating music..."}
        outer = 2 if server.late else 0
        return {"task_id": task_id, "status": outer, "result": json.dumps([item]), "progress_text": log}
    if task.state == "failed" and cpp:
        return {"task_id": task_id, "status": 2, "error": "ace-synth exited with code 1", "progress_text": log}
    if task.state == "failed":
        item = {"file": "", "status": 2, "progress": 0.0, "stage": "failed"}
        if server.tells_reason:
            item["error"] = FAULTY
        return {"task_id": task_id, "status": 2, "result": json.dumps([item]), "progress_text": FAULTY}
    return {"task_id": task_id, "status": 1, "result": json.dumps([_made(server, task)]), "progress_text": log}


def _made(server: AceServer, task: AceTask) -> dict[str, Any]:
    requested, suffix = task.requested, task.requested.get("audio_format", "mp3").removesuffix("32")
    url = f"{server.elsewhere}/v1/audio?path=%2Ftmp%2F{task.task_id}.{suffix}"
    file = "" if "no file" in requested["prompt"] else url
    return {
        "file": file,
        "wave": "",
        "status": 1,
        "create_time": int(task.created),
        "env": "development",
        "prompt": requested["prompt"],
        "lyrics": requested.get("lyrics") or "[Instrumental]",
        "metas": {
            "bpm": requested.get("bpm") or "N/A",
            "duration": "1.0",
            "genres": "N/A",
            "keyscale": requested.get("key_scale") or "N/A",
            "timesignature": requested.get("time_signature") or "N/A",
        },
        "seed_value": str(requested["seed"]) if str(requested.get("use_random_seed")).lower() == "false" else "1",
        "dit_model": MODEL,
        "lm_model": LANGUAGE_MODEL,
        "progress": 1.0,
        "stage": "succeeded",
    }


async def _audio(server: AceServer, request: Request) -> Response:
    task_id, _, suffix = request.query_params["path"].rpartition("/")[2].partition(".")
    if task_id not in server.tasks:
        raise _detail(404, "Audio file not found")
    body, tag = _SOUNDS[suffix](), f'"{task_id}"'
    headers = {"Accept-Ranges": "bytes"} if server.version == CPP else {"ETag": tag, "Accept-Ranges": "bytes"}
    wanted = request.headers.get("range", "")
    server.ranges.append(wanted)
    if wanted and request.headers.get("if-range") == tag:
        start = int(wanted.removeprefix("bytes=").partition("-")[0])
        headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Response(body[start:], 206, headers, f"audio/{suffix}")
    if server.cuts:
        server.cuts -= 1
        return CutOff(body, 200, headers, f"audio/{suffix}")
    return Response(body, 200, headers, f"audio/{suffix}")


async def _sample(server: AceServer, request: Request) -> Response:
    if not server.language_model:
        raise _detail(503, "LLM not initialized. Set ACESTEP_INIT_LLM=true to enable.")
    requested, _ = await _body(request)
    return _enveloped(
        {
            "caption": "warm folk",
            "lyrics": f"[Verse]\n{requested['query'][:40]}",
            "bpm": 92,
            "keyscale": "G major",
            "duration": 120,
            "timesignature": "6",
            "vocal_language": "unknown",
        }
    )


_CALLS: dict[str, tuple[str, Call, tuple[str, ...]]] = {
    "health": ("GET", _health, (MAY, FEB, WHEEL, CPP)),
    "v1/stats": ("GET", _stats, (MAY, FEB, WHEEL)),
    "v1/model_inventory": ("GET", _inventory, (MAY,)),
    "v1/models": ("GET", _models, (MAY, FEB, WHEEL)),
    "v1/init": ("POST", _init, (MAY,)),
    "release_task": ("POST", _release, (MAY, FEB, WHEEL, CPP)),
    "query_result": ("POST", _query, (MAY, FEB, WHEEL, CPP)),
    "v1/audio": ("GET", _audio, (MAY, FEB, WHEEL, CPP)),
    "v1/create_sample": ("POST", _sample, (MAY,)),
}


def _endpoint(server: AceServer, name: str) -> Callable[[Request], Awaitable[Response]]:
    method, call, versions = _CALLS[name]

    async def endpoint(request: Request) -> Response:
        sent = request.headers.get("authorization", "")
        server.seen.append((f"{request.method} {request.url.path}", sent))
        await asyncio.sleep(max(0.0, server.silent_until - time.monotonic()))
        if request.method != method or server.version not in versions:
            return JSONResponse({"detail": "Not Found"}, 404)
        try:
            if server.key and (name != "health" or server.version == CPP):
                if not sent:
                    raise _detail(401, "Missing Authorization header")
                if sent.removeprefix("Bearer ") != server.key:
                    raise _detail(401, "Invalid API key")
            drop = server.faults.due(name)
            answer = await call(server, request)
        except Denied as error:
            if isinstance(error.body, str):
                return PlainTextResponse(error.body or "Internal Server Error", error.status)
            return JSONResponse(error.body, error.status)
        return Dropped() if drop else answer

    return endpoint


async def _no_route(request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": "Not Found"}, 404)


@asynccontextmanager
async def acestep_server(port: int = 0, **behavior: Any) -> AsyncIterator[AceServer]:
    """Serve the API; `behavior` sets the fields of `AceServer`."""
    server = AceServer(**behavior)
    methods = ["GET", "POST"]
    prefixes = ("", "/api") if server.version == CPP else ("",)
    app = Starlette(
        routes=[
            Route(f"{prefix}/{name}", _endpoint(server, name), methods=methods)
            for prefix in prefixes
            for name in _CALLS
        ],
        exception_handlers={404: _no_route},
    )
    async with serve(app, port) as server.url:
        yield server


def trouble(server: AceServer, line: str) -> None:
    """Cause the fault requested by a line of standard input."""
    match line.split():
        case ["base", "model"]:
            server.task_types, server.language_model = BASE_TASKS, True
        case "drop", number:
            server.drop("release_task", int(number))
        case ["forget"]:
            server.forget()
        case "key", word:
            server.key = word
        case ["no", "key"]:
            server.key = ""
        case _:
            line = f"what is {line!r}?"
    print(line, flush=True)


async def _main(port: int, song_s: float, load_s: float, key: str) -> None:
    async with acestep_server(port, song_s=song_s, load_s=load_s, loaded=not load_s, key=key) as server:
        print(server.url, flush=True)
        await take_commands(partial(trouble, server))


if __name__ == "__main__":
    song, load, word = (*sys.argv[2:], *("0.3", "0", "")[len(sys.argv) - 2 :])
    asyncio.run(_main(int(sys.argv[1]), float(song), float(load), word))
