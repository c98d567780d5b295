"""Reads a request's body within its limits: JSON, multipart/form-data or a urlencoded form."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, NoReturn

from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from riffusion_tui.studio.errors import InvalidRequest, TooLarge, TooSlow

_MAX_FIELDS = 100
MAX_DEPTH = 32


async def read_body(request: Request, limit: int, timeout_s: float) -> tuple[Mapping[str, object], bool]:
    """Return a body's fields, and whether their values are text (a form).

    Args:
        request: the request.
        limit: maximum size in bytes.
        timeout_s: seconds to receive the whole body.

    Raises:
        InvalidRequest: it doesn't match its Content-Type.
        TooLarge: it is longer than `limit`.
        TooSlow: it didn't arrive in time.
    """
    try:
        async with asyncio.timeout(timeout_s):
            body = await _bytes(request, limit)
    except TimeoutError:
        raise TooSlow("The body did not arrive in time") from None
    except ClientDisconnect:
        raise InvalidRequest("The body is incomplete") from None
    kind = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return await _form(request, kind, body), True
    if kind == "application/json" or kind.endswith("+json"):
        return _json(body), False
    raise InvalidRequest("Content-Type must be application/json or multipart/form-data")


async def _bytes(request: Request, limit: int) -> bytes:
    chunks, size = [], int(request.headers.get("content-length", 0))
    if size <= limit:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            chunks.append(chunk)
            if limit < size:
                break
    if size > limit:  # without reading the rest; it is discarded below, in bounded_protocol
        raise TooLarge(f"The body is longer than {limit:,} bytes")
    return b"".join(chunks)


def _json(body: bytes) -> Mapping[str, object]:
    wrong = InvalidRequest("The body is not valid JSON")
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(value, dict):
        raise InvalidRequest("The body must be a JSON object")
    if _depth(value) > MAX_DEPTH:
        raise InvalidRequest(f"The body is nested deeper than {MAX_DEPTH} levels")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level and depth <= MAX_DEPTH:
        depth += 1
        level = [child for parent in level for child in _children(parent)]
    return depth


def _children(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


async def _form(request: Request, kind: str, body: bytes) -> Mapping[str, object]:
    if kind != "multipart/form-data" and body.count(b"&") >= _MAX_FIELDS:  # counted first, since parsing each is slow
        raise InvalidRequest(f"Invalid form data: more than {_MAX_FIELDS} fields")

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""  # marks the end, as in a request's stream; older parsers need it to return the last field

    try:
        if kind == "multipart/form-data":
            parts = MultiPartParser(
                request.headers, stream(), max_files=0, max_fields=_MAX_FIELDS, max_part_size=len(body)
            )
            form = await parts.parse()
        else:
            form = await FormParser(request.headers, stream(), max_fields=_MAX_FIELDS, max_part_size=len(body)).parse()
    except (MultiPartException, ValueError, KeyError) as error:
        raise InvalidRequest(f"Invalid form data: {getattr(error, 'message', 'malformed multipart')}") from None
    return dict(form.items())
