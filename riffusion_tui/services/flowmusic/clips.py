"""The clips of Flow Music: found by their jobs, or in the lists of their accounts if the jobs have expired."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from riffusion_tui.services.address import segment
from riffusion_tui.services.base import (
    Expired,
    NotFound,
    NotSent,
    OtherSongs,
    RemoteSong,
    ServerFault,
    Unanswered,
    Unreadable,
)
from riffusion_tui.services.flowmusic import records
from riffusion_tui.services.http import Api
from riffusion_tui.services.responses import check

_PAGE = 100
_MAX_PAGES = 5
"""Maximum number of pages searched for a clip whose job has expired."""
_MAX_CACHED = 200
"""Number of kept clips."""


class Clips:
    """Finds clips, and keeps those that were returned by the request that created them."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._kept: dict[str, RemoteSong] = {}

    def keep(self, songs: Iterable[RemoteSong]) -> None:
        """Keep clips that were returned by the request that created them."""
        self._kept = dict(list((self._kept | {one.remote_id: one for one in songs}).items())[-_MAX_CACHED:])

    async def songs(self, account: str | None, limit: int, offset: int) -> tuple[RemoteSong, ...]:
        """List an account's clips, newest first."""
        params = {"email": account, "limit": max(1, min(limit, _PAGE)), "offset": offset}
        return records.clips(check(await self._api.call("GET", "music", params=params)), account)

    async def song(self, account: str | None, remote_id: str) -> RemoteSong | None:
        """Fetch one song: from its job, or if that has expired, from the list of its account's clips."""
        job, clip = records.split(remote_id)
        if not job:
            return self._kept.get(remote_id) or await self._listed(account, clip, remote_id)
        try:
            song = records.job(check(await self._api.call("GET", f"jobs/{segment(job)}")), account)
        except (NotFound, Expired) as error:
            if clip:
                return await self._listed(account, clip, remote_id)
            if isinstance(error, Expired):
                raise
            return None
        if not records.is_same_job(song.remote_id, job):
            raise OtherSongs(f"The server was asked for {job}, and answered with another job.")
        if not clip:
            return replace(song, remote_id=job)
        return next((one for one in song.siblings if one.remote_id == remote_id), None)

    async def to_edit(self, source: str) -> str:
        """Return the clip to edit: the one in the id, or the first of its job.

        Raises:
            NotSent: looking it up failed; the edit was not sent.
        """
        job, clip = records.split(source)
        if clip and not records.is_number(clip):
            return clip
        try:
            song = await self.song(None, job) if job else None
        except (Unanswered, ServerFault, Unreadable) as error:
            raise NotSent(f"The song to edit could not be looked up. {error}") from None
        found = records.clip_of(song.raw) if song and not clip else ""
        if not found:
            raise NotFound("The song to edit does not exist or is not finished.")
        return found

    async def _listed(self, account: str | None, clip: str, remote_id: str) -> RemoteSong | None:
        email = account or records.owner(clip) or None
        offset = 0
        for _ in range(0 if records.is_number(clip) else _MAX_PAGES):
            listed = await self.songs(email, _PAGE, offset)
            for one in listed:
                if one.remote_id == records.alone(clip):
                    return records.clip(one.raw, one.account, remote_id)
            offset += len(listed)  # a server may return fewer than requested
            if not listed:
                break
        return None
