"""Commands on jobs and the queue, for the screen and the command line.

They work alongside a dispatcher in the same process or another: changes go through the store, and only commands that
need the service call it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from riffusion_tui.dispatch.accounts.account_names import account_id, check_account
from riffusion_tui.dispatch.commands.store_commands import AT_SERVICE, BulkResult, StoreCommands
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.fetching import export
from riffusion_tui.dispatch.requests import job_builder, prompt_fields, song_edits
from riffusion_tui.dispatch.requests.prompt_fields import OptionsCheck, PromptReader
from riffusion_tui.dispatch.requests.targets import Targets
from riffusion_tui.dispatch.sending.queue_order import QueuePlace, positions
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.errors import listed
from riffusion_tui.jobs.matrix import MAX_SONGS, Prompt
from riffusion_tui.jobs.model import Gate, Job, Options, Song, WaitCause
from riffusion_tui.jobs.status import UNSENT, Status, predicate
from riffusion_tui.services.base import BadRequest, NotFound, Service, ServiceError, WrittenLyrics
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.store import NewJob, NoSuchJob, StatusConflict, Store
from riffusion_tui.store.job_table import Progress, quiet


class JobCommands(StoreCommands):
    """The commands. Those that call the service are coroutines and raise `ServiceError`; all raise `StoreError`."""

    def __init__(
        self,
        store: Store,
        service: Service,
        *,
        clock: Clock,
        rng: random.Random,
        stated: PromptReader = lambda service, prompt: {},
        others: Callable[[str], Service | None] = lambda name: None,
        options_check: OptionsCheck = lambda service, options, song: "",
    ) -> None:
        """Create the commands.

        Args:
            store: the jobs.
            service: the service for new jobs.
            clock: the time.
            rng: makes references and seeds.
            stated: extracts a service's fields from a prompt.
            others: returns another service by name if this process dispatches its jobs too.
            options_check: returns why a service would refuse options.
        """
        super().__init__(store, clock, rng)
        self._service = service
        self._stated = stated
        self._options_check = options_check
        self._targets = Targets(service, others)

    # -- making

    def submit(self, prompts: Sequence[Prompt | str], options: Options, takes: int = 1) -> tuple[Job, ...]:
        """Queue prompts as one batch; they are on disk when this returns.

        Args:
            prompts: at least one, none empty; a `Prompt` with its own takes keeps them.
            options: for all of them.
            takes: takes of prompts without their own.

        Raises:
            NotPossible: a prompt is empty or too long, or an option is out of range; nothing is queued.
        """
        items = [prompt if isinstance(prompt, Prompt) else Prompt(prompt) for prompt in prompts]
        return self.submit_all(self._targets.items(items, options, takes))

    def submit_all(self, items: Sequence[BatchItem], progress: Progress = quiet) -> tuple[Job, ...]:
        """Queue prompts with individual options (a batch file) as one batch. Raises `NotPossible`."""
        return self._store.add(self.check_all(items), progress)

    @staticmethod
    def check_songs(songs: int) -> None:
        """Raise `NotPossible` if a batch would have too many songs."""
        if songs > MAX_SONGS:
            raise NotPossible(f"That makes {songs:,} songs; the limit is {MAX_SONGS:,} at once.")

    def check_all(self, items: Sequence[BatchItem]) -> list[NewJob]:
        """Return the jobs that `submit_all` would queue. Raises `NotPossible`, with the errors of all lines."""
        self.check_songs(sum(one.takes for one in items))
        batch = job_builder.new_batch(self._rng)
        new: list[NewJob] = []
        problems: list[str] = []
        find = cache(self._targets.find)
        for one in items:
            try:
                name, can = find(one.service)
                options = prompt_fields.with_stated(self._stated(name, one.prompt), can, one.options)
                if options.account is not None:
                    options = options._replace(account=account_id(self._store, name, options.account))
                new += job_builder.new_jobs([replace(one, options=options)], name, can, self._rng, batch=batch)
                self._check(name, options)
            except NotPossible as error:
                if not one.where:
                    raise
                problems.append(f"{one.where}: {error}")
        if problems:
            raise NotPossible(listed(problems))
        if not new:
            raise NotPossible("No prompt given; describe the song.")
        return new

    def _check(self, service: str, options: Options, song: Song | None = None) -> None:
        """Raise `NotPossible` for options that the service would refuse."""
        if problem := self._options_check(service, options, song):
            raise NotPossible(problem)

    async def fetch_capabilities(self, service: str = "") -> Capabilities:
        """Return a service's features, fetching them if unknown; empty: the active service."""
        return await self._targets.fetch_capabilities(service)

    def again(
        self,
        ids: Sequence[int],
        *,
        prompt: str | None = None,
        options: Options | None = None,
        other_seed: bool = False,
        service: str = "",
    ) -> tuple[Job, ...]:
        """Queue a child job for each of `ids`: a repeat, or with another prompt, options, seed or service.

        Another service gets the song's plan, lyrics and seed, as far as it supports them.
        """
        new, batch = [], job_builder.new_batch(self._rng)
        name, can = self._targets.find(service)
        for old in [self._store.job(id) for id in ids]:
            chosen = self._options_for(old, name, can, options)
            if other_seed:
                chosen = chosen._replace(seed=self._rng.getrandbits(31) if can.seed else None)
            text = old.prompt if prompt is None else prompt
            before = self._stated(name, old.prompt) if text != old.prompt else None
            chosen = prompt_fields.with_stated(self._stated(name, text), can, chosen, before)
            items = BatchItem(text, chosen)
            parent = old.parent if chosen.operation else old.id  # a repeated edit stays a child of its song
            new += job_builder.new_jobs([items], name, can, self._rng, parent, batch)
            self._check(name, chosen)
        return self._store.add(new)

    def _options_for(self, old: Job, service: str, can: Capabilities, options: Options | None) -> Options:
        """Return the options for making `old` again with `service`; `options` are those that replace its own."""
        if old.service == service:
            return options or (old.options if old.options.operation else prompt_fields.allowed(old.options, can))
        if options is not None:
            return prompt_fields.carried(options, can)
        return prompt_fields.options_for(old, self._store.song(old.id), can)

    def edit(
        self, id: int, operation: str, fields: Mapping[str, str], *, prompt: str = "", lyrics: str | None = None
    ) -> Job:
        """Queue an edit of a finished song (extend, cover, …) as a child job on the song's account.

        Args:
            id: the song's job.
            operation: one of `capabilities.operations`.
            fields: the edit's fields, as listed in `capabilities.edits`; empty ones are ignored.
            prompt: if the edit takes one; default: the song's own.
            lyrics: if the edit needs them.

        Raises:
            NotPossible: the edit isn't supported for this song, or a field is out of range; nothing is queued.
        """
        parent, can, name = self._kept(id), self._service.capabilities, self._service.name
        edit, song = job_builder.edit_of(operation, can), self._store.song(id)
        options = song_edits.edit_options(parent, name, edit, fields, lyrics, uploads=can.uploads, song=song)
        if options.account:
            check_account(self._store, parent, local=can.local)
        self._check(name, options, song)
        text = prompt if edit.prompt and prompt.strip() else parent.prompt
        jobs = job_builder.new_jobs([BatchItem(text, options)], name, can, self._rng, parent.id)
        return self._store.add(jobs)[0]

    # -- the queue

    async def cancel(self, ids: Sequence[int], progress: Progress = quiet) -> BulkResult:
        """Cancel jobs; those that haven't been sent, in one transaction.

        A running job frees its slot, but the service may still finish the song.
        """
        return await self.cancel_running(self.cancel_unsent(ids, progress))

    async def cancel_running(self, unsent: BulkResult) -> BulkResult:
        """Cancel the jobs that `cancel_unsent` left because they run at the service."""
        done: list[int] = []
        left: list[tuple[int, str]] = []
        for id, why in unsent.left:
            if why != AT_SERVICE:
                left.append((id, why))
                continue
            try:
                await self._cancel(self._store.job(id))
                done.append(id)
            except (NotPossible, StatusConflict, NoSuchJob, ServiceError) as error:
                left.append((id, str(error)))
        return BulkResult((*unsent.ids, *done), tuple(left))

    async def _cancel(self, job: Job) -> None:
        words = "the song may still be made at the service"
        if not self._targets.of_job(job)[1].cancels:
            words = "the service can't cancel: it finishes the song, which is not downloaded"
        else:
            service = self._targets.running(job)
            try:
                await service.cancel(job.remote_id or "")
            except NotFound:
                words = "the service no longer ran it"
        self._store.update(job.id, Status.CANCELLED, "cancelled", words, job.status)

    def move(self, ids: Sequence[int], where: QueuePlace) -> BulkResult:
        """Move queued or held jobs in the queue, keeping their relative order."""
        wanted = set(ids)
        with self._store.transaction():
            order = list(self._store.with_status(self._service.name, *UNSENT))
            known = {job.id for job in order}
            left = tuple((id, "It is not in the queue.") for id in ids if id not in known)
            self._store.place(positions(order, wanted, where))
            moved = tuple(job.id for job in order if job.id in wanted)
        return BulkResult(moved, left)

    def edit_queued(self, id: int, prompt: str | None = None, options: Options | None = None) -> Job:
        """Change a job that is queued or held. Raises `NotPossible` otherwise, and if it is deleted."""
        job = self._in_queue(id)
        name, can = self._targets.of_job(job)
        text = job.prompt if prompt is None else job_builder.checked_prompt(prompt, can)
        before = self._stated(name, job.prompt) if text != job.prompt else None
        chosen = prompt_fields.with_stated(self._stated(name, text), can, options or job.options, before)
        job_builder.check_options(chosen, can)
        self._check(name, chosen)
        ref = chosen.reply_ref or (job_builder.new_ref(self._rng) if job.options.reply_ref else job.ref)
        with self._store.transaction():
            self._in_queue(id)  # again: another process may have deleted it meanwhile
            return self._store.update(id, None, "changed", text, job.status, prompt=text, options=chosen, ref=ref)

    def _in_queue(self, id: int) -> Job:
        """Return a job that is queued or held and not deleted. Raises `NotPossible` otherwise."""
        job, deleted = self._store.job(id), self._store.is_deleted(id)
        if deleted or job.status not in UNSENT:
            state = "is deleted" if deleted else predicate(job.status)
            raise NotPossible(f"Job {id} {state}; only queued and held jobs can be changed.")
        return job

    def pause(self) -> None:
        """Stop sending until `resume`; jobs under way continue."""
        self._store.put_gate(Gate(self._service.name, None, WaitCause.PAUSED, self._clock.now()))

    def resume(self) -> None:
        """Resume sending."""
        self._store.drop_gate(self._service.name, None, WaitCause.PAUSED)

    def next_now(self) -> bool:
        """End every timed wait (cool-down, backoff) of all services now; return False if there was none."""
        now = self._clock.now()
        timed = [gate for gate in self._store.gates() if gate.until is not None and gate.until > now]
        with self._store.transaction():
            for gate in timed:
                self._store.put_gate(gate._replace(until=now))
        return bool(timed)

    # -- the song

    async def save_as(self, id: int, to: Path, format: str | None = None) -> Path:
        """Save a finished song as `to`, copied or downloaded in another format; never overwrites a file."""
        job = self._kept(id)
        try:
            return await export.save_as(self._service, job, to, format)
        except (BadRequest, NotFound):
            check_account(self._store, job, local=self._service.capabilities.local)
            raise

    def _kept(self, id: int) -> Job:
        """Return a job. Raises `NotPossible` if it is deleted."""
        if self._store.is_deleted(id):
            raise NotPossible(f"Job {id} is deleted.")
        return self._store.job(id)

    async def write_lyrics(self, prompt: str, lyrics: str | None = None) -> WrittenLyrics:
        """Let the service write lyrics."""
        return await self._service.write_lyrics(prompt, lyrics)
