"""Stream a song to a file. Resumes if the server confirms that it is the same file, otherwise starts over.

Redirects are followed; the token is only sent to the API's own origin. The version of a partial file is stored next
to it in `<part>.tag`, so that parts of different songs are never combined. A song that is stored compressed is
decompressed; since ranges are those of the compressed file, such a download starts over.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import httpx

from riffusion_tui.services import json_values
from riffusion_tui.services.address import next_url, same_origin
from riffusion_tui.services.base import (
    AddressGone,
    AddressUnreachable,
    BadRequest,
    Conflict,
    Expired,
    Forbidden,
    NotFound,
    NotSent,
    Unanswered,
    Unauthorized,
    Unreadable,
)
from riffusion_tui.services.compression import BadCompression, Decompressor
from riffusion_tui.services.http import Api, TransferLimits, redirect_of
from riffusion_tui.services.responses import ApiResponse, check
from riffusion_tui.services.transport_errors import broken

_MAX_HOPS = 6
"""Maximum requests per download: redirects, a link instead of audio, and one restart."""
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_GONE = (Unauthorized, Forbidden, NotFound, Expired, BadRequest, Unreadable)
"""Statuses of an expired URL on another host; there they say nothing about the song or the token."""
_NOT_AUDIO = ("text/html", "application/xhtml+xml")

Progress = Callable[[int, int | None], None]


class PartialFile:
    """A partial file and its version."""

    def __init__(self, path: Path, source: str) -> None:
        self._path = path
        self._tag_path = path.with_name(path.name + ".tag")
        self._source = source
        self.size = 0
        self.version = ""
        self._recall()

    def _recall(self) -> None:
        try:
            source, _, version = self._tag_path.read_text("utf-8").partition("\n")
            size = self._path.lstat().st_size
        except (FileNotFoundError, UnicodeDecodeError):
            return
        if source == self._source and _can_be_sent(version):
            self.size, self.version = size, version

    def begin(self, version: str, *, resume: bool) -> None:
        """Prepare the file for `append`: keep it to resume, otherwise truncate it."""
        if not resume:
            self.drop()
            if version:
                self._tag_path.write_text(f"{self._source}\n{version}", "utf-8")
        self._write(b"", 0 if resume else os.O_CREAT | os.O_TRUNC)

    def append(self, chunk: bytes) -> None:
        """Append a chunk. Opens the file each time, so that a cancelled download leaves no open descriptor.

        Raises:
            FileNotFoundError: it was removed, so its beginning is missing.
        """
        self._write(chunk, os.O_APPEND)
        self.size += len(chunk)

    def _write(self, chunk: bytes, how: int) -> None:
        with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_NOFOLLOW | how, 0o666), "wb") as file:
            file.write(chunk)

    def drop(self) -> None:
        """Discard the version; also used once the file is complete."""
        self._tag_path.unlink(missing_ok=True)
        self.size, self.version = 0, ""


async def fetch(
    api: Api,
    url: httpx.URL,
    to: Path,
    progress: Progress,
    params: Mapping[str, str | None] | None = None,
    *,
    public: bool = False,
) -> None:
    """Download `url` to the file `to`.

    Args:
        api: provides connections, limits and the token.
        url: an absolute http or https URL.
        to: the partial file.
        progress: called with (bytes so far, total bytes or None).
        params: the query for an API's download call.
        public: never send the token.

    Raises:
        ServiceError: `Unanswered` for an incomplete body, `Unreadable` for one that isn't a song.
        OSError: the file can't be written.
    """
    given = {name: value for name, value in (params or {}).items() if value is not None}
    start = url.copy_merge_params(given) if given else url
    source = f"{url.scheme}://{url.host}{url.path} {sorted(given.items())}"
    part = await asyncio.to_thread(PartialFile, to, source)
    try:
        async with asyncio.timeout(api.limits.download_s):
            await _follow(api, start, part, progress, public=public)
    except TimeoutError as error:
        raise broken(error, start) from None


async def _follow(api: Api, url: httpx.URL, part: PartialFile, progress: Progress, *, public: bool) -> None:
    for _ in range(_MAX_HOPS):
        own = not public and same_origin(url, api.base)
        headers = {"Accept-Encoding": "identity", **({} if public else api.authorization(url))}
        if part.size:
            headers |= {"Range": f"bytes={part.size}-", "If-Range": part.version}
        request = api.client.build_request("GET", url, headers=headers)
        try:
            response = await api.send(request)
            try:
                elsewhere = await _take(api, response, part, progress)
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            failure = broken(error, url)
            raise failure if own or not isinstance(failure, NotSent) else AddressUnreachable(str(failure)) from None
        except _GONE as error:
            if own:
                raise
            raise AddressGone(f"The song's URL returns no audio. {error}") from None
        if elsewhere is None:
            return
        url = next_url(url, elsewhere)
    raise Unreadable("The song's URL has too many redirects.")


async def _take(api: Api, response: httpx.Response, part: PartialFile, progress: Progress) -> str | None:
    """Save the body, or return another URL to fetch instead (possibly the same)."""
    status, kind = response.status_code, response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if 300 <= status < 400 and (location := redirect_of(response)):
        return location
    if status == 416 and part.size:
        if response.headers.get("Content-Range") == f"bytes */{part.size}":
            await asyncio.to_thread(part.drop)
            return None
        await asyncio.to_thread(part.drop)
        return str(response.url)
    if status not in (200, 206) or kind == "application/json":
        return _link(await api.answer(response))
    if kind in _NOT_AUDIO:
        raise Unreadable("The song's URL returns a web page instead of audio.")
    try:
        return await _save(api, response, part, progress)
    except BadCompression as error:
        raise Unreadable(f"The song can't be read: {error}.") from None


async def _save(api: Api, response: httpx.Response, part: PartialFile, progress: Progress) -> str | None:
    decompressor = Decompressor(response.headers.get("Content-Encoding", ""))
    sent = _what_is_sent(response, part, packed=decompressor.packed)
    if sent is None:
        await asyncio.to_thread(part.drop)
        return str(response.url)
    _check_size(sent.total or 0, api.limits)
    whole = None if decompressor.packed else sent.total
    version = "" if decompressor.packed else _version(response)
    await asyncio.to_thread(part.begin, version, resume=sent.resumes)
    pace = _Pace(api.limits, part.size)
    async for chunk in response.aiter_raw():
        for piece in decompressor.pieces(chunk):
            _check_size(part.size + len(piece), api.limits)
            await asyncio.to_thread(part.append, piece)
        if whole is not None and part.size > (end := sent.end or whole):
            await asyncio.to_thread(part.drop)
            raise Unreadable(f"The service sent more of the song than it announced: over {end} bytes.")
        progress(part.size, whole)
        pace.check(part.size)
    if decompressor.cut_off:
        raise Unanswered(f"The download was interrupted after {part.size} bytes.")
    if not part.size:
        raise Unreadable("The service sent an empty file instead of the song.")
    if whole is not None and part.size != whole:
        raise Unanswered(f"The download was interrupted after {part.size} of {whole} bytes.")
    await asyncio.to_thread(part.drop)
    return None


class _Sent(NamedTuple):
    """What a response contains: the rest of a partial file or all of the file, and the file's size as sent."""

    resumes: bool
    total: int | None
    end: int = 0
    """Where the part ends in the file, in bytes; 0: not stated."""


def _what_is_sent(response: httpx.Response, part: PartialFile, *, packed: bool) -> _Sent | None:
    """Return what a response contains; None for another part of the file than the one that was requested.

    Raises:
        Unreadable: it is a part, although the whole file was requested.
    """
    if response.status_code == 200:
        length = json_values.number(response.headers.get("Content-Length"))
        return _Sent(resumes=False, total=None if length is None else int(length))
    found = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    first, last, total = map(int, found.groups()) if found else (-1, -1, -1)
    if part.size:
        return _Sent(resumes=True, total=total, end=last + 1) if first == part.size and not packed else None
    if first != 0 or last + 1 != total:
        raise Unreadable("The service sent only a part of the song, although all of it was requested.")
    return _Sent(resumes=False, total=total)


def _check_size(size: int, limits: TransferLimits) -> None:
    if size > limits.download:
        raise Unreadable(f"The song is larger than {limits.download // 2**20} MiB.")


class _Pace:
    """Suspends a download that is too slow; the received part is kept, and another song takes its place."""

    def __init__(self, limits: TransferLimits, size: int) -> None:
        self._limits = limits
        self._since, self._size = asyncio.get_running_loop().time(), size

    def check(self, size: int) -> None:
        """Raise `Unanswered` if the last interval was too slow. `size`: bytes so far."""
        now = asyncio.get_running_loop().time()
        took = now - self._since
        if took < self._limits.rate_s:
            return
        if size - self._size < self._limits.least_rate * took:
            raise Unanswered(f"The download is too slow ({(size - self._size) / took:.0f} bytes/s). It resumes later.")
        self._since, self._size = now, size


def _version(response: httpx.Response) -> str:
    """Return an identifier of the file's version: a strong ETag, else Last-Modified; empty if neither can be sent."""
    tag = response.headers.get("ETag", "").strip()
    found = "" if tag.startswith("W/") else tag, response.headers.get("Last-Modified", "").strip()
    return next(filter(_can_be_sent, found), "")


def _can_be_sent(version: str) -> bool:
    """Whether a version can be the value of a header."""
    return bool(version) and version.isascii() and version.isprintable()


def _link(answer: ApiResponse) -> str:
    """Read a JSON response received instead of audio: an error, or an object with the audio's URL."""
    data = check(answer)
    if answer.status == 202:
        raise Conflict("The file is still being made.")
    if link := json_values.text(data, "download_url", "audio_url", "url"):
        return link
    raise Unreadable("The service returned something other than audio.")
