"""What line mode queues and changes, and what it asks before it does."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from riffusion_tui.cli.commands.change_jobs import numbers
from riffusion_tui.cli.confirmation import deleting, needs_yes
from riffusion_tui.cli.enqueue import waits
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.line_mode.change_printer import ChangePrinter
from riffusion_tui.cli.line_mode.line_undo import LineUndo
from riffusion_tui.cli.printing.output import counted, put, warn_of_open_brace
from riffusion_tui.cli.wiring.background import Background
from riffusion_tui.cli.wiring.session import Session
from riffusion_tui.jobs.matrix import Prompt, expand, unclosed
from riffusion_tui.jobs.model import Options


class _Question(NamedTuple):
    """What is done if the next line is yes."""

    act: Callable[[], Awaitable[int]]
    if_not: str
    """What is printed if it isn't."""


class LineQueue:
    """Queues songs and changes jobs."""

    def __init__(self, session: Session, behind: Background, changes: ChangePrinter, *, asks: bool) -> None:
        """Prepare a session.

        Args:
            session: the store and its commands.
            behind: sends the jobs.
            changes: prints what happens to them afterwards.
            asks: somebody can answer questions.
        """
        self._session = session
        self._behind = behind
        self._changes = changes
        self._asks = asks
        self._undo_steps = LineUndo(session)
        self._asked: _Question | None = None
        batch = session.context.settings.batch
        self._options = Options(
            instrumental=batch.instrumental, model=session.service.capabilities.supported_model(batch.model)
        )

    @property
    def asked(self) -> bool:
        """Whether something waits for a yes, which is the next line."""
        return self._asked is not None

    async def answer(self, line: str) -> None:
        """Do what waits if the line is yes."""
        asked, self._asked = self._asked, None
        if asked is not None and line.lower() in ("y", "yes"):
            await asked.act()
        elif asked is not None:
            put(asked.if_not)

    async def queue(self, texts: Sequence[str]) -> None:
        """Queue prompts as they are written in the editor."""
        takes = self._session.context.settings.batch.takes
        prompts = [prompt for text in texts for prompt in expand(text)]

        async def queue() -> int:
            self._queue_prompts(prompts, takes)
            for text in texts:
                warn_of_open_brace(unclosed(text))
            return DONE

        await self._confirmed(sum(prompt.takes or takes for prompt in prompts), queue)

    async def change(self, args: Namespace) -> int:
        """Run a command on jobs or the queue and return its exit code.

        At the keyboard, ask before deleting, or queueing many songs; a pipe needs `--yes` to delete.
        """
        there = len(self._session.store.jobs_by_id(numbers(args))) if args.command == "delete" else 0
        if there and not args.yes:
            jobs, them = counted(there, "job"), "it" if there == 1 else "them"
            if not self._asks:
                raise needs_yes(deleting(jobs), "Nothing was deleted.")
            self._asked = _Question(lambda: self._act(args), "Nothing was deleted.")
            put(f"Delete {jobs}? Type yes to delete {them}, anything else to keep {them}.")
            return DONE
        if args.command == "again" and (args.json or waits(args)):
            raise WrongUse("Line mode doesn't wait: it prints each song when it is finished.")
        return await self._confirmed(len(numbers(args)) if args.command == "again" else 0, lambda: self._act(args))

    async def undo(self) -> None:
        """Take back the last command."""
        async with self._changes.paused:
            self._changes.note(await self._undo_steps.undo())

    async def _confirmed(self, songs: int, queue: Callable[[], Awaitable[int]]) -> int:
        """Queue songs; more of them than `batch.confirm_above` need a yes, which a pipe can't give."""
        limit = self._session.context.settings.batch.confirm_above
        if songs <= limit:
            return await queue()
        if not self._asks:
            raise WrongUse(
                f"{songs:,} songs are more than batch.confirm_above ({limit:,}): nothing was queued. "
                f"`{self._session.context.command('settings')} set batch.confirm_above {songs}` allows them."
            )
        self._asked = _Question(queue, "Nothing was queued.")
        put(f"Queue {songs:,} songs? Type yes to queue them, anything else to queue none.")
        return DONE

    def _queue_prompts(self, prompts: Sequence[Prompt], takes: int) -> None:
        jobs = self._session.job_commands.submit(prompts, self._options, takes)
        self._undo_steps.note_queued(job.id for job in jobs)
        self._changes.note_jobs(jobs)
        for job in jobs:
            elsewhere = job.service != self._session.service.name
            if elsewhere:
                self._behind.dispatch_too(job.service)
            put(f"Job {job.id} is queued: {f'@{job.service} ' * elsewhere}{' '.join(job.prompt.split())}")

    async def _act(self, args: Namespace) -> int:
        async with self._changes.paused:
            code = await self._undo_steps.act(args)
            self._changes.note(numbers(args))
        return code
