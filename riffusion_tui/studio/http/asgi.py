"""The ASGI app: routes each request to its handler and turns what the handler raises into a response."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp

from riffusion_tui.clean import clean_line, error_message
from riffusion_tui.studio.errors import Broken, InvalidToken, Missing, StudioError, Unavailable, WrongMethod
from riffusion_tui.studio.http.bodies import read_body
from riffusion_tui.studio.http.fields import read
from riffusion_tui.studio.http.handlers import Handlers, StudioContext
from riffusion_tui.studio.http.operations import OPERATIONS, Operation
from riffusion_tui.studio.http.signing import FILES

BODY_S = 20.0
"""Timeout for receiving a body, in seconds."""
_log = logging.getLogger("riffusion_tui.studio")
Answering = Callable[[Request], Awaitable[Response]]


def build(context: StudioContext) -> ASGIApp:
    """Build the app. It doesn't check callers: wrap it in `riffusion_tui.studio.http.access_control`."""
    calls = Handlers(context)
    routes = [
        Route(path, _guarded(_endpoint(operation, calls, context), context), methods=[operation.method])
        for operation in OPERATIONS
        for path in operation.paths
    ]
    routes.append(
        Route(f"{FILES}/{{song}}/{{name}}", _guarded(_file_endpoint(calls, context), context), methods=["GET"])
    )
    return Starlette(routes=routes, exception_handlers={HTTPException: _no_route})


def _endpoint(operation: Operation, calls: Handlers, context: StudioContext) -> Answering:
    call: Callable[[dict[str, Any], str], Awaitable[Response]] = getattr(calls, operation.name)

    async def answer(request: Request) -> Response:
        fields = read(operation.path, request.path_params, textual=True)
        fields |= read(operation.query, request.query_params, textual=True)
        if operation.body:
            given, textual = await read_body(request, context.settings.max_body, BODY_S)
            fields |= read(operation.body, given, textual=textual)
        return await call(fields, _base(request))

    return answer


def _file_endpoint(calls: Handlers, context: StudioContext) -> Answering:
    async def answer(request: Request) -> Response:
        song, name = request.path_params["song"], request.path_params["name"]
        if not context.signer.genuine(song, name, request.query_params.get("sig", "")):
            raise InvalidToken
        return await calls.file(song, name, _base(request))

    return answer


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _guarded(answer: Answering, context: StudioContext) -> Answering:
    async def guarded(request: Request) -> Response:
        try:
            return await answer(request)
        except StudioError as error:
            return refuse(error)
        except (sqlite3.Error, OSError) as error:
            _log.warning("%s %s: %s", request.method, request.url.path, error)
            folder = clean_line(str(context.folders.root))
            why = f"{error_message(error)}{_remedy(error)}"
            return refuse(Unavailable(f"The studio can't use its folder {folder}: {why}"))
        except Exception:  # noqa: BLE001 (the server's boundary: a bug fails one response)
            _log.exception("%s %s", request.method, request.url.path)
            return refuse(Broken("Internal error; see the studio's log"))

    return guarded


def _remedy(error: Exception) -> str:
    """Return what to do about an error of the database; those of the system name their remedy."""
    name = getattr(error, "sqlite_errorname", "")
    return next((f". {remedy}" for kinds, remedy in _REMEDIES if name.startswith(kinds)), "")


_REMEDIES = (
    (
        ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR"),
        "Move studio.db out of it; the songs that you have downloaded stay",
    ),
    (("SQLITE_FULL", "SQLITE_IOERR"), "Free some disk space"),
    (("SQLITE_READONLY", "SQLITE_CANTOPEN"), "Make it and its files writable"),
)


def refuse(error: StudioError) -> Response:
    """Return the documented response for an error."""
    return JSONResponse(error.body(), error.status, error.headers)


async def _no_route(request: Request, error: Exception) -> Response:
    wrong: StudioError = Missing("Unknown path; GET /openapi.json lists all paths")
    if isinstance(error, HTTPException) and error.status_code == WrongMethod.status:
        wrong = WrongMethod("Method not allowed for this path")
        return JSONResponse(wrong.body(), wrong.status, {"Allow": _methods(request)})
    return refuse(wrong)


def _methods(request: Request) -> str:
    """Return every method allowed for the path; the router only reports those of the first matching route."""
    routes = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for route in routes for method in route.methods}))
