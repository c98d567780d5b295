"""Line mode, for screen readers and for terminals that can't show the screen.

Each line is a prompt, or a command if it starts with `:`. Changes of jobs are printed as they happen, one line each;
printed lines never change.
"""

from __future__ import annotations

import asyncio
import inspect
import shlex
import sys
import threading
from collections.abc import Awaitable, Callable
from functools import partial

from riffusion_tui.clean import clean_text
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, SOME_FAILED, CommandError, WrongUse
from riffusion_tui.cli.exit_messages import code_of, words_of
from riffusion_tui.cli.job_options import check_decoded, is_decoded
from riffusion_tui.cli.line_mode.change_printer import ChangePrinter
from riffusion_tui.cli.line_mode.line_arguments import HELP, parsed
from riffusion_tui.cli.line_mode.line_player import LinePlayer
from riffusion_tui.cli.line_mode.line_queue import LineQueue
from riffusion_tui.cli.line_mode.line_views import put_help, put_job, put_jobs, put_state
from riffusion_tui.cli.line_mode.paste_question import PasteQuestion
from riffusion_tui.cli.line_mode.pasted_lines import typed_texts
from riffusion_tui.cli.line_mode.typed_line import TypedLine, read, suggestion
from riffusion_tui.cli.printing.output import put, put_message
from riffusion_tui.cli.wiring.background import Background
from riffusion_tui.cli.wiring.session import Session, open_session
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.queue_summary import summarize
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.filter import FilterError
from riffusion_tui.jobs.id_ranges import id_ranges
from riffusion_tui.jobs.matrix import MatrixError
from riffusion_tui.services.base import ServiceError
from riffusion_tui.store import NoSuchJob, StoreError

_JOB_COMMANDS = ("again", "retry", "cancel", "hold", "release", "delete", "pause", "resume")


async def run_line_mode(context: CommandContext) -> int:
    """Read lines and print changes until `:quit` or the end of input; return the exit code."""
    async with open_session(context, to_read=True) as session:
        behind = Background(session)
        behind.begin.set()
        running = asyncio.create_task(behind.run(), name="dispatcher")
        mode = _LineMode(session, behind)
        printing = asyncio.create_task(mode.changes.print_changes(), name="print changes")
        try:
            put(f"riffusion-tui, line mode; service: {session.service.name}.\n{HELP}")
            if session.store.unwritable is not None:
                put_message(f"Read-only: {words_of(session.store.unwritable)}")
            await mode.listen()
            mode.say_what_is_left()
            mode.say_what_was_refused()
        finally:
            mode.player.stop()
            printing.cancel()
            behind.close()
            await asyncio.gather(printing, running, return_exceptions=True)
    return SOME_FAILED if mode.refused else DONE


def at_keyboard() -> bool:
    """Whether somebody types the lines and can answer."""
    return sys.stdin.isatty()


class _LineMode:
    """One session of the line mode: what each line is, and who does it."""

    def __init__(self, session: Session, behind: Background) -> None:
        self._session = session
        self._behind = behind
        self._asks = at_keyboard()
        self.player = LinePlayer(session)
        self.changes = ChangePrinter(session, behind)
        self._queue = LineQueue(session, behind, self.changes, asks=self._asks)
        self._paste = PasteQuestion(self._queue.queue)
        self._number = 0
        """Lines that were read."""
        self.refused: list[int] = []
        """Numbers of the lines from a pipe that did not do, or not wholly, what they say."""
        self._doubted = ""
        """The line that wasn't taken for a prompt just now: if it is typed again, it is one."""

    async def listen(self) -> None:
        """Run each line until the end of input."""
        lines: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def read() -> None:
            for text in typed_texts(sys.stdin, from_keyboard=sys.stdin.isatty()):
                # In a pipe, lines may end as on other systems; nobody can be asked what they are together.
                whole = self._asks or not is_decoded(text)
                for part in [text] if whole else clean_text(text).removesuffix("\n").split("\n"):
                    loop.call_soon_threadsafe(lines.put_nowait, part)
            loop.call_soon_threadsafe(lines.put_nowait, ":quit")

        # A daemon thread: a read from the terminal can't be cancelled and must not prevent the program from exiting.
        threading.Thread(target=read, name="lines", daemon=True).start()
        goes_on = True
        while goes_on:
            text = await lines.get()
            self._number += 1
            try:
                check_decoded(text, "The line")
                goes_on = await self._run_text(clean_text(text).strip())
            except NoSuchJob as error:
                put(f"{error} :jobs lists them.")
                self._note_refused()
            except (CommandError, NotPossible, MatrixError, BatchError, FilterError, ServiceError, StoreError) as error:
                put(words_of(error) if code_of(error) is not None else str(error))
                self._note_refused()

    def _note_refused(self) -> None:
        if not self._asks:
            self.refused.append(self._number)

    async def _run_text(self, text: str) -> bool:
        """Run a line, or ask what pasted ones are; return False if it ends the session."""
        if ("\n" in text and not self._queue.asked) or (self._paste and text and not text.startswith(":")):
            self._paste.add(text)
        elif self._paste and not text:
            await self._paste.queue_as_one()
        else:
            return await self._run_line(text)
        return True

    async def _run_line(self, line: str) -> bool:
        """Run a line; return False if it ends the session."""
        doubted, self._doubted = self._doubted, ""
        if self._queue.asked:
            await self._queue.answer(line)
            return True
        if not line:
            return True
        typed = TypedLine(prompt=line) if line == doubted else read(line, self._known(), asks=self._asks)
        if typed.prompt:
            await self._queue.queue([typed.prompt])
            return True
        if not typed.command:
            raise self._doubt(line, typed)
        return await self._run_command(typed.command)

    def _doubt(self, line: str, typed: TypedLine) -> WrongUse:
        """Return why a line is not taken for a prompt; at the keyboard it can be typed again."""
        hardly = "That doesn't look like a prompt; :help lists the commands."
        meant = f"Did you mean {typed.suggested!r}?" if typed.suggested else hardly
        if not self._asks:
            return WrongUse(f"{meant} {line!r} is not accepted as a prompt.")
        self._doubted = line
        return WrongUse(f"{meant} Type it again to queue it anyway.")

    async def _run_command(self, command: str) -> bool:
        """Run a command; return False if it ends the session."""
        try:
            name, *words = shlex.split(command)
        except ValueError:
            raise WrongUse("Unmatched quotation mark.") from None
        if name in self._own():
            result = self._own()[name](words)
            if inspect.isawaitable(result):
                await result
        elif name in _JOB_COMMANDS:
            if await self._queue.change(parsed(name, words)) != DONE:
                self._note_refused()
        elif name != "quit":
            known = sorted(self._known())
            raise WrongUse(f"Unknown command ':{name}'.{suggestion(name, known)} :help lists commands.")
        return name != "quit"

    def _known(self) -> frozenset[str]:
        return frozenset({*self._own(), *_JOB_COMMANDS, "quit"})

    def _own(self) -> dict[str, Callable[[list[str]], Awaitable[None] | None]]:
        """Return the commands that the shell doesn't have, or has with another output."""
        session, paste = self._session, self._paste
        commands: dict[str, Callable[[list[str]], Awaitable[None] | None]] = {
            "help": put_help,
            "state": lambda _: put_state(session),
            "play": self.player.play,
            "stop": lambda _: self.player.stop(),
            "jobs": partial(put_jobs, session),
            "undo": lambda _: self._queue.undo(),
            "show": partial(put_job, session),
        }
        if paste:
            commands |= {"each": lambda _: paste.queue_each(), "none": lambda _: paste.drop()}
        return commands

    def say_what_was_refused(self) -> None:
        """Print which lines of a pipe were refused."""
        if self.refused:
            lines = "1 line was" if len(self.refused) == 1 else f"{len(self.refused)} lines were"
            put_message(f"{lines} refused: {id_ranges(self.refused)}.")

    def say_what_is_left(self) -> None:
        """Print how many songs aren't made yet, and what makes them, unless another process does or they are paused."""
        state = summarize(self._session.store, self._session.service.name, self._session.clock.now())
        unfinished = state.waiting + state.making + state.fetching
        if unfinished and not state.paused and self._behind.leading():
            left = "1 song isn't finished" if unfinished == 1 else f"{unfinished} songs aren't finished"
            put_message(f"{left}; `{self._session.context.command('work')}` continues.")
