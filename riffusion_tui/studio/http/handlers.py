"""What each call of the contract does: a method a call, named as in `riffusion_tui.studio.http.operations`."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any

from starlette.responses import FileResponse, JSONResponse, Response

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.secret import Secret
from riffusion_tui.studio.errors import Broken, InvalidRequest, Missing, Moderated
from riffusion_tui.studio.http import render_request
from riffusion_tui.studio.http.openapi import document
from riffusion_tui.studio.http.record import WAVEFORM_COVER, scheduled, song_record
from riffusion_tui.studio.http.signing import Signer
from riffusion_tui.studio.queue import account_rules
from riffusion_tui.studio.queue.admission import Acceptance, UpstreamLimit, accept
from riffusion_tui.studio.queue.database import Database
from riffusion_tui.studio.queue.folders import Folders
from riffusion_tui.studio.queue.formats import Formats
from riffusion_tui.studio.queue.maker import Maker, cancel, progress_of, tell_to_stop
from riffusion_tui.studio.queue.moderation import Moderation
from riffusion_tui.studio.queue.render_task import RenderOrder, extension, write_lyrics
from riffusion_tui.studio.queue.renderers import Crashed, Renderers, Stuck
from riffusion_tui.studio.queue.studio_job import State, StudioAccount, StudioJob
from riffusion_tui.studio.queue.studio_store import StudioStore
from riffusion_tui.studio.studio_settings import StudioSettings

_LYRICS_S = 60.0


@dataclass(frozen=True, slots=True)
class StudioContext:
    """Everything the calls need, made once for a studio."""

    settings: StudioSettings
    folders: Folders
    database: Database
    moderation: Moderation
    side: Renderers
    """Makes what is no song: lyrics."""
    formats: Formats
    maker: Maker
    signer: Signer
    key: Secret
    clock: Clock
    rng: random.Random
    limit: UpstreamLimit


class Handlers:
    """Each method takes the checked fields and the address that the request was sent to; it raises `StudioError`."""

    def __init__(self, house: StudioContext) -> None:
        self._house = house
        self._run = house.database.run
        self._progress = progress_of(house.folders)

    # Making

    async def create_prompt(self, asked: dict[str, Any], base: str) -> Response:
        """Take a prompt."""
        id = account_rules.new_id(self._house.rng)
        return await self._create(asked, base, id, render_request.from_prompt(asked, id))

    async def create_compose(self, asked: dict[str, Any], base: str) -> Response:
        """Take lyrics and prompts."""
        id = account_rules.new_id(self._house.rng)
        return await self._create(asked, base, id, render_request.from_compose(asked, id))

    async def _create(self, asked: dict[str, Any], base: str, id: str, request: dict[str, Any]) -> Response:
        house = self._house
        render_request.check_callback(asked["replyUrl"], allow_private=house.settings.allow_private_callbacks)
        job = StudioJob(
            id=id,
            user_id=asked["user_id"] or "",
            state=State.QUEUED,
            request=request,
            base=base,
            created_at=house.clock.now(),
            reply_url=asked["replyUrl"],
            reply_ref=asked["replyRef"],
        )
        rules = Acceptance(house.limit, house.moderation.flagged, house.rng, house.clock.steady())
        taken = await self._run(accept, job, asked["maxJobs"], rules)
        house.maker.wake()
        return JSONResponse({"job_id": taken.id, "user_id": taken.user_id})

    async def generate_lyrics(self, asked: dict[str, Any], base: str) -> Response:
        """Have the engine write lyrics, in a renderer."""
        house = self._house
        if house.moderation.flagged(asked["prompt"]) or house.moderation.flagged(asked["lyrics"] or ""):
            raise Moderated
        id = account_rules.new_id(house.rng)
        folder = house.folders.work(id)
        await asyncio.to_thread(folder.mkdir, parents=True)
        request = {
            "prompt": asked["prompt"],
            "lyrics": asked["lyrics"],
            "seed": render_request.seed_of(id),
            "instrumental": False,
        }
        try:
            order = RenderOrder(house.settings.engine, request, str(folder))
            outcome = await house.side.run(write_lyrics, order, _LYRICS_S)
        except (Crashed, Stuck):
            raise Broken("The engine failed to write lyrics") from None
        finally:
            await asyncio.to_thread(house.folders.remove_work, id)
        if outcome.error:
            raise InvalidRequest(outcome.error)
        return JSONResponse({"lyrics": outcome.extras["lyrics"]})

    # Songs

    async def list_music(self, asked: dict[str, Any], base: str) -> Response:
        """List songs; `id` picks one. One that is not there is an empty list."""
        account = await self._account(asked["user_id"])
        if asked["id"] is None:
            jobs = await self._run(StudioStore.songs, account.user_id, asked["offset"], asked["limit"])
        else:
            one = await self._run(StudioStore.job, asked["id"])
            jobs = [one] if one is not None and one.user_id == account.user_id else []
        return JSONResponse([self._record(job, base) for job in jobs])

    def _record(self, job: StudioJob, base: str) -> dict[str, Any]:
        return song_record(job, base, self._house.signer, self._progress(job))

    async def _account(self, user_id: str | None) -> StudioAccount:
        account = account_rules.named(await self._run(StudioStore.accounts), user_id, needed=True)
        if account is None:
            raise InvalidRequest("user_id is required when more than one account is configured")
        account_rules.working(account)
        return account

    async def _song(self, asked: dict[str, Any]) -> StudioJob:
        job = await self._run(StudioStore.job, asked["id"])
        user_id: str | None = asked["user_id"]
        if job is None or (user_id is not None and user_id != job.user_id):
            raise Missing(f"Song {asked['id']} is not there")
        account_rules.working(await self._run(StudioStore.account, job.user_id))
        return job

    async def delete_music(self, asked: dict[str, Any], base: str) -> Response:
        """Delete a song; one that is being made is stopped."""
        job = await self._song(asked)
        await self._run(StudioStore.remove_job, job.id)
        if job.state is State.MAKING:
            await asyncio.to_thread(tell_to_stop, self._house.folders, job.id)
        await asyncio.to_thread(self._house.folders.remove_song, job.id)
        return Response(status_code=204)

    async def download(self, asked: dict[str, Any], base: str) -> Response:
        """Send a song in a format; a format that is not kept is made first, which takes seconds."""
        job = await self._song(asked)
        format: str = asked["download_format"]
        file = await self._house.formats.file(job, format)
        return _file(job, str(file), extension(format))

    async def file(self, song: str, name: str, base: str) -> Response:
        """Send a file behind a signed address: the song, its cover, its page."""
        from riffusion_tui.studio.http.song_page import PAGE_HEADERS, page, waveform_cover

        job = await self._run(StudioStore.job, song)
        if job is None or job.state is not State.COMPLETED:
            raise Missing("This song is not there any more")
        if name == "page":
            record = self._record(job, "")
            html = page(job, record["download_url"], record["image_url"])
            return Response(html, media_type="text/html", headers=PAGE_HEADERS)
        if name == WAVEFORM_COVER and not job.made.get("cover"):
            return Response(waveform_cover(job), media_type="image/svg+xml", headers=PAGE_HEADERS)
        path = self._house.folders.song(job.id) / name
        if name not in (job.made["file"], job.made.get("cover")) or not path.is_file():
            raise Missing("This file is not there any more")
        return _file(job, str(path), path.suffix[1:])

    # Scheduler

    async def scheduler(self, asked: dict[str, Any], base: str) -> Response:
        """List the running jobs."""
        return JSONResponse(await self._executing())

    async def _executing(self) -> list[dict[str, Any]]:
        now = self._house.clock.now()
        return [scheduled(job, now) for job in await self._run(StudioStore.tracked)]

    async def available(self, asked: dict[str, Any], base: str) -> Response:
        """List the running jobs and each account's free slots; of an account with a broken session, too."""
        executing = await self._executing()
        slots = []
        for account in await self._run(StudioStore.accounts):
            running = sum(job["user_id"] == account.user_id for job in executing)
            free = max(0, account.max_jobs - running)
            slots.append(
                {"user_id": account.user_id, "maxJobs": account.max_jobs, "executing": running, "available": free}
            )
        return JSONResponse({"executing": executing, "available": slots})

    async def forget_job(self, asked: dict[str, Any], base: str) -> Response:
        """Stop tracking a job: one that waits is not made, one that is being made stops soon, if it can."""
        id = asked["job_id"]
        if await self._run(cancel, self._house.folders, id, self._house.clock.now()) is None:
            raise Missing(f"Job {id} is not running")
        return Response(status_code=204)

    # Accounts

    async def list_accounts(self, asked: dict[str, Any], base: str) -> Response:
        """Show all accounts."""
        there, now = await self._run(StudioStore.accounts), self._house.clock.now()
        if not there:
            raise Missing("No account is configured: add one by POST accounts")
        return JSONResponse({account.user_id: account_rules.show(account, now) for account in there})

    async def get_account(self, asked: dict[str, Any], base: str) -> Response:
        """Show one account."""
        account = await self._run(StudioStore.account, asked["user_id"])
        if account is None:
            raise Missing(f"Account {asked['user_id']} is not configured")
        return JSONResponse(account_rules.show(account, self._house.clock.now()))

    async def post_account(self, asked: dict[str, Any], base: str) -> Response:
        """Add or mend an account."""
        house, now = self._house, self._house.clock.now()
        account = await self._run(
            account_rules.post,
            asked,
            now=now,
            make_id=lambda: account_rules.new_id(house.rng),
            key=house.key,
            usual=house.settings.max_jobs,
        )
        return JSONResponse(account_rules.show(account, now), status_code=201)

    async def delete_account(self, asked: dict[str, Any], base: str) -> Response:
        """Remove an account; what it was making is stopped, what it made stays on the disk."""
        house = self._house
        for id in await self._run(account_rules.remove, asked["user_id"]):
            await self._run(cancel, house.folders, id, house.clock.now())
        return Response(status_code=204)

    async def openapi(self, asked: dict[str, Any], base: str) -> Response:
        """Describe all this."""
        return JSONResponse(document(base))


_MEDIA = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "mid": "audio/midi",
    "lrc": "text/plain; charset=utf-8",
    "zip": "application/zip",
    "png": "image/png",
    "svg": "image/svg+xml",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


def _file(job: StudioJob, path: str, ending: str) -> Response:
    """Send a file; ranges are answered with 206, so a download that was cut can go on."""
    name = f"{job.made.get('title') or job.id}.{ending}".replace("/", "-")
    media = _MEDIA.get(ending, "application/octet-stream")
    return FileResponse(path, media_type=media, filename=name, content_disposition_type="inline")
