"""Handlers of the API: one method per operation, named as in `riffusion_tui.studio.http.operations`."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any

from starlette.responses import FileResponse, JSONResponse, Response

from riffusion_tui.jobs.clock import Clock
from riffusion_tui.secret import Secret
from riffusion_tui.studio.engine.song_request import extension
from riffusion_tui.studio.errors import Broken, InvalidRequest, Missing, Moderated
from riffusion_tui.studio.http import render_request
from riffusion_tui.studio.http.openapi import document
from riffusion_tui.studio.http.operations import EXTENSIONS
from riffusion_tui.studio.http.record import WAVEFORM_COVER, scheduled, song_record
from riffusion_tui.studio.http.signing import Signer
from riffusion_tui.studio.queue import account_rules
from riffusion_tui.studio.queue.admission import Acceptance, UpstreamLimit, accept
from riffusion_tui.studio.queue.database import Database
from riffusion_tui.studio.queue.folders import Folders
from riffusion_tui.studio.queue.formats import Formats
from riffusion_tui.studio.queue.maker import Maker
from riffusion_tui.studio.queue.moderation import Moderation
from riffusion_tui.studio.queue.render_task import RenderOrder, write_lyrics
from riffusion_tui.studio.queue.renderers import Renderers, RenderFailure
from riffusion_tui.studio.queue.running_songs import cancel, progress_of, request_cancel
from riffusion_tui.studio.queue.studio_job import State, StudioAccount, StudioJob
from riffusion_tui.studio.queue.studio_store import StudioStore
from riffusion_tui.studio.studio_settings import StudioSettings

_LYRICS_S = 60.0


@dataclass(frozen=True, slots=True)
class StudioContext:
    """Dependencies of the handlers, created once per studio."""

    settings: StudioSettings
    folders: Folders
    database: Database
    moderation: Moderation
    side: Renderers
    """Renders lyrics."""
    formats: Formats
    maker: Maker
    signer: Signer
    key: Secret
    clock: Clock
    rng: random.Random
    limit: UpstreamLimit


class Handlers:
    """Each method takes the validated fields and the request's base URL, and may raise `StudioError`."""

    def __init__(self, context: StudioContext) -> None:
        self._context = context
        self._run = context.database.run
        self._progress = progress_of(context.folders)

    # Create

    async def create_prompt(self, fields: dict[str, Any], base: str) -> Response:
        """Queue a song from a prompt."""
        id = account_rules.new_id(self._context.rng)
        return await self._create(fields, base, id, render_request.from_prompt(fields, id))

    async def create_compose(self, fields: dict[str, Any], base: str) -> Response:
        """Queue a song from lyrics and prompts."""
        id = account_rules.new_id(self._context.rng)
        return await self._create(fields, base, id, render_request.from_compose(fields, id))

    async def edit_music(self, fields: dict[str, Any], base: str) -> Response:
        """Queue an edit of a finished song."""
        song = await self._run(StudioStore.job, fields["id"])
        if song is None:
            raise Missing(f"Song {fields['id']} not found")
        id = account_rules.new_id(self._context.rng)
        return await self._create(fields, base, id, render_request.from_edit(fields, song, id))

    async def _create(self, fields: dict[str, Any], base: str, id: str, request: dict[str, Any]) -> Response:
        context = self._context
        render_request.check_callback(fields["replyUrl"], allow_private=context.settings.allow_private_callbacks)
        job = StudioJob(
            id=id,
            user_id=fields["user_id"] or "",
            state=State.QUEUED,
            request=request,
            base=base,
            created_at=context.clock.now(),
            reply_url=fields["replyUrl"],
            reply_ref=fields["replyRef"],
        )
        rules = Acceptance(context.limit, context.moderation.flagged, context.rng, context.clock.steady())
        taken = await self._run(accept, job, fields["maxJobs"], rules)
        context.maker.wake()
        return JSONResponse({"job_id": taken.id, "user_id": taken.user_id})

    async def generate_lyrics(self, fields: dict[str, Any], base: str) -> Response:
        """Write lyrics with the engine, in a renderer."""
        context = self._context
        if context.moderation.flagged(fields["prompt"]) or context.moderation.flagged(fields["lyrics"] or ""):
            raise Moderated
        id = account_rules.new_id(context.rng)
        folder = context.folders.work(id)
        await asyncio.to_thread(folder.mkdir, parents=True)
        request = {
            "prompt": fields["prompt"],
            "lyrics": fields["lyrics"],
            "seed": render_request.seed_of(id),
            "instrumental": False,
        }
        try:
            order = RenderOrder(context.settings.engine, request, str(folder))
            outcome = await context.side.run(write_lyrics, order, _LYRICS_S)
        except RenderFailure:
            raise Broken("The engine failed to write lyrics") from None
        finally:
            await asyncio.to_thread(context.folders.remove_work, id)
        if outcome.error:
            raise InvalidRequest(outcome.error)
        return JSONResponse({"lyrics": outcome.extras["lyrics"]})

    # Songs

    async def list_music(self, fields: dict[str, Any], base: str) -> Response:
        """List songs. `id` selects one; if it doesn't exist, the list is empty."""
        account = await self._account(fields["user_id"])
        if fields["id"] is None:
            jobs = await self._run(StudioStore.songs, account.user_id, fields["offset"], fields["limit"])
        else:
            one = await self._run(StudioStore.job, fields["id"])
            jobs = [one] if one is not None and one.user_id == account.user_id else []
        return JSONResponse([self._record(job, base) for job in jobs])

    def _record(self, job: StudioJob, base: str) -> dict[str, Any]:
        """Return a song's record, with `disk_full` (true) while it waits until the disk has space.

        While something is wrong with the data folder, `blocked` says what to do.
        """
        maker = self._context.maker
        record = song_record(job, base, self._context.signer, self._progress(job))
        if maker.lacks_space(job.id):
            record["disk_full"] = True
        elif maker.folder_fault and job.state in (State.QUEUED, State.MAKING):
            record["blocked"] = maker.folder_fault
        return record

    async def _account(self, user_id: str | None) -> StudioAccount:
        account = account_rules.select(await self._run(StudioStore.accounts), user_id, needed=True)
        if account is None:
            raise InvalidRequest("user_id is required when more than one account is configured")
        account_rules.check_session(account)
        return account

    async def _song(self, fields: dict[str, Any]) -> StudioJob:
        job = await self._run(StudioStore.job, fields["id"])
        user_id: str | None = fields["user_id"]
        if job is None or (user_id is not None and user_id != job.user_id):
            raise Missing(f"Song {fields['id']} not found")
        account_rules.check_session(await self._run(StudioStore.account, job.user_id))
        return job

    async def delete_music(self, fields: dict[str, Any], base: str) -> Response:
        """Delete a song; stop it first if it is being made."""
        job = await self._song(fields)
        await self._run(StudioStore.remove_job, job.id)
        if job.state is State.MAKING:
            await asyncio.to_thread(request_cancel, self._context.folders, job.id)
        await asyncio.to_thread(self._context.folders.remove_song, job.id)
        return Response(status_code=204)

    async def download(self, fields: dict[str, Any], base: str) -> Response:
        """Send a song in a format. A format that isn't stored is converted first, which takes seconds."""
        job = await self._song(fields)
        format: str = fields["download_format"]
        file = await self._context.formats.file(job, format)
        return _file(job, str(file), extension(format))

    async def file(self, song: str, name: str, base: str) -> Response:
        """Send a file at a signed URL: the song, its cover, its page."""
        from riffusion_tui.studio.http.song_page import PAGE_HEADERS, page, waveform_cover

        job = await self._run(StudioStore.job, song)
        if job is None or job.state is not State.COMPLETED:
            raise Missing("This song no longer exists")
        if name == "page":
            record = self._record(job, "")
            html = page(job, record["download_url"], record["image_url"])
            return Response(html, media_type="text/html", headers=PAGE_HEADERS)
        if name == WAVEFORM_COVER and not job.made.get("cover"):
            return Response(waveform_cover(job), media_type="image/svg+xml", headers=PAGE_HEADERS)
        path = self._context.folders.song(job.id) / name
        if name not in (job.made["file"], job.made.get("cover")) or not path.is_file():
            raise Missing("This file no longer exists")
        return _file(job, str(path), path.suffix[1:])

    # Scheduler

    async def scheduler(self, fields: dict[str, Any], base: str) -> Response:
        """List the running jobs."""
        return JSONResponse(await self._executing())

    async def _executing(self) -> list[dict[str, Any]]:
        now = self._context.clock.now()
        return [scheduled(job, now) for job in await self._run(StudioStore.tracked)]

    async def available(self, fields: dict[str, Any], base: str) -> Response:
        """List the running jobs and each account's free slots, including accounts with an expired session.

        Two keys are the studio's own: `renderers`, how many songs are made at once, whatever the slots; and `studio`,
        what it adds to the documented API, by which clients recognize it.
        """
        executing = await self._executing()
        slots = []
        for account in await self._run(StudioStore.accounts):
            running = sum(job["user_id"] == account.user_id for job in executing)
            free = max(0, account.max_jobs - running)
            slots.append(
                {"user_id": account.user_id, "maxJobs": account.max_jobs, "executing": running, "available": free}
            )
        renderers = await self._context.maker.concurrency()
        return JSONResponse({"executing": executing, "available": slots, "renderers": renderers, "studio": EXTENSIONS})

    async def forget_job(self, fields: dict[str, Any], base: str) -> Response:
        """Stop tracking a job: a waiting one is dropped, a running one stops soon if possible."""
        id = fields["job_id"]
        if await self._run(cancel, self._context.folders, id, self._context.clock.now()) is None:
            raise Missing(f"Job {id} is not running")
        return Response(status_code=204)

    # Accounts

    async def list_accounts(self, fields: dict[str, Any], base: str) -> Response:
        """Show all accounts."""
        there, now = await self._run(StudioStore.accounts), self._context.clock.now()
        if not there:
            raise Missing("No account is configured; add one with POST accounts")
        return JSONResponse({account.user_id: account_rules.show(account, now) for account in there})

    async def get_account(self, fields: dict[str, Any], base: str) -> Response:
        """Show one account."""
        account = await self._run(StudioStore.account, fields["user_id"])
        if account is None:
            raise Missing(f"Account {fields['user_id']} is not configured")
        return JSONResponse(account_rules.show(account, self._context.clock.now()))

    async def post_account(self, fields: dict[str, Any], base: str) -> Response:
        """Add or repair an account."""
        context, now = self._context, self._context.clock.now()
        account = await self._run(
            account_rules.post,
            fields,
            now=now,
            make_id=lambda: account_rules.new_id(context.rng),
            key=context.key,
            default=context.settings.default_max_jobs,
        )
        return JSONResponse(account_rules.show(account, now), status_code=201)

    async def delete_account(self, fields: dict[str, Any], base: str) -> Response:
        """Remove an account and stop its jobs; its songs stay on disk."""
        context = self._context
        for id in await self._run(account_rules.remove, fields["user_id"]):
            await self._run(cancel, context.folders, id, context.clock.now())
        return Response(status_code=204)

    async def openapi(self, fields: dict[str, Any], base: str) -> Response:
        """Return the OpenAPI document."""
        return JSONResponse(document(base))


_MEDIA = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "mid": "audio/midi",
    "lrc": "text/plain; charset=utf-8",
    "cho": "text/plain; charset=utf-8",
    "zip": "application/zip",
    "png": "image/png",
    "svg": "image/svg+xml",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


def _file(job: StudioJob, path: str, ending: str) -> Response:
    """Send a file; range requests get 206, so that an interrupted download can resume."""
    name = f"{job.made.get('title') or job.id}.{ending}".replace("/", "-")
    media = _MEDIA.get(ending, "application/octet-stream")
    return FileResponse(path, media_type=media, filename=name, content_disposition_type="inline")
