"""Stream a song to a file. Resumes if the server confirms that it is the same file, otherwise starts over.

Redirects are followed; the token is only sent to the API's own origin. The version of a partial file is stored next
to it in `<part>.tag`, so that parts of different songs are never combined.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

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
from riffusion_tui.services.http import Api, TransferLimits, broken, redirect_of
from riffusion_tui.services.responses import ApiResponse, check

MAX_HOPS = 6
"""Maximum requests per download: redirects, a link instead of audio, and one restart."""
_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18})")
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
        if source == self._source and version:
            self.size, self.version = size, version

    def begin(self, version: str, *, resume: bool) -> None:
        """Prepare the file for `append`: keep it to resume, otherwise truncate it."""
        if not resume:
            self.drop()
            if version:
                self._tag_path.write_text(f"{self._source}\n{version}", "utf-8")
        self._write(b"", 0 if resume else os.O_TRUNC)

    def append(self, chunk: bytes) -> None:
        """Append a chunk. Opens the file each time, so that a cancelled download leaves no open descriptor."""
        self._write(chunk, os.O_APPEND)
        self.size += len(chunk)

    def _write(self, chunk: bytes, how: int) -> None:
        with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | how, 0o666), "wb") as file:
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
    for _ in range(MAX_HOPS):
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
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unreadable("The song was sent with an unsupported compression.")
    return await _save(api, response, part, progress)


async def _save(api: Api, response: httpx.Response, part: PartialFile, progress: Progress) -> str | None:
    resume = response.status_code == 206
    total = json_values.number(response.headers.get("Content-Length"))
    if resume:
        found = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        if not part.size or found is None or int(found[1]) != part.size:
            await asyncio.to_thread(part.drop)
            return str(response.url)
        total = int(found[2])
    whole = None if total is None else int(total)
    if whole is not None and whole > api.limits.download:
        raise Unreadable(f"The song is larger than {api.limits.download // 2**20} MiB.")
    await asyncio.to_thread(part.begin, _version(response), resume=resume)
    pace = _Pace(api.limits, part.size)
    async for chunk in response.aiter_raw():
        if part.size + len(chunk) > api.limits.download:
            raise Unreadable(f"The song is larger than {api.limits.download // 2**20} MiB.")
        await asyncio.to_thread(part.append, chunk)
        progress(part.size, whole)
        pace.check(part.size)
    if not part.size:
        raise Unreadable("The service sent an empty file instead of the song.")
    if whole is not None and part.size != whole:
        raise Unanswered(f"The download was interrupted after {part.size} of {whole} bytes.")
    await asyncio.to_thread(part.drop)
    return None


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
    """Return an identifier of the file's version: a strong ETag, else Last-Modified."""
    tag = response.headers.get("ETag", "").strip()
    if tag and not tag.startswith("W/"):
        return str(tag)
    return str(response.headers.get("Last-Modified", "")).strip()


def _link(answer: ApiResponse) -> str:
    """Read a JSON response received instead of audio: an error, or an object with the audio's URL."""
    data = check(answer)
    if answer.status == 202:
        raise Conflict("The file is still being made.")
    if link := json_values.text(data, "download_url", "audio_url", "url"):
        return link
    raise Unreadable("The service returned something other than audio.")
