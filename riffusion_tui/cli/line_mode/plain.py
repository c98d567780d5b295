"""Line mode, for screen readers and for terminals that can't show the screen.

Each line is a prompt, or a command if it starts with `:`. Changes of jobs are printed as they happen, one line each;
printed lines never change.
"""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
import threading
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from riffusion_tui.clean import clean_text
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.command_table import COMMANDS
from riffusion_tui.cli.commands.change_jobs import numbers
from riffusion_tui.cli.commands.jobs import show
from riffusion_tui.cli.enqueue import waits
from riffusion_tui.cli.errors import DONE, CommandError, WrongUse
from riffusion_tui.cli.exit_messages import code_of, words_of
from riffusion_tui.cli.help import TOPICS, shown_page
from riffusion_tui.cli.line_mode.line_undo import LineUndo
from riffusion_tui.cli.line_mode.pasted_lines import typed_texts
from riffusion_tui.cli.line_mode.typed_line import TypedLine, read, suggestion
from riffusion_tui.cli.printing.job_details import details, limits_of
from riffusion_tui.cli.printing.output import counted, length, put, put_message, text_line, warn_of_open_brace
from riffusion_tui.cli.wiring.background import Background
from riffusion_tui.cli.wiring.session import Session, open_session
from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.queue_summary import summarize
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.filter import FilterError
from riffusion_tui.jobs.matrix import MatrixError, Prompt, expand, unclosed
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.jobs.status import ENDED, Status, in_sentence
from riffusion_tui.services.base import ServiceError
from riffusion_tui.store import NoSuchJob, StoreError
from riffusion_tui.tui.playing.audio_player import AudioPlayer
from riffusion_tui.tui.playing.players import find_player

_POLL_S = 0.3
_JOB_COMMANDS = ("again", "retry", "cancel", "hold", "release", "delete", "pause", "resume")
_OTHER_COMMAND = re.compile(r"`riffusion-tui ([^`]+)`")
_HELP = """\
Type a prompt and press enter to queue a song.
{lofi|house} queues one per alternative, ×3 at the end three takes.
:jobs [FILTER]   list jobs               :play JOB  play a song; :stop ends it
:again JOB       queue a copy            :show JOB  its details and lyrics
:state           show the queue's state
:pause  :resume  pause or resume the queue
:cancel JOB  :retry JOB  :hold JOB  :release JOB  :delete JOB
:undo            take back the last command, again the one before
:help  :quit"""


async def run_plain(context: CommandContext) -> int:
    """Read lines and print changes until `:quit` or the end of input; return the exit code."""
    async with open_session(context) as session:
        behind = Background(session)
        behind.begin.set()
        running = asyncio.create_task(behind.run(), name="dispatcher")
        mode = _LineMode(session, behind)
        printing = asyncio.create_task(mode.print_changes(), name="print changes")
        try:
            put(f"riffusion-tui, line mode; service: {session.service.name}.\n{_HELP}")
            await mode.listen()
            mode.say_what_is_left()
        finally:
            mode.player.close()
            printing.cancel()
            behind.close()
            await asyncio.gather(printing, running, return_exceptions=True)
    return DONE


def at_keyboard() -> bool:
    """Return whether somebody types the lines and can answer."""
    return sys.stdin.isatty()


class _LineMode:
    """One session of the line mode."""

    def __init__(self, session: Session, behind: Background) -> None:
        self._session = session
        self._behind = behind
        self._seen: dict[int, Status] = {job.id: job.status for job in session.store.jobs()}
        self._rev = session.store.rev
        self.player = AudioPlayer(lambda: None, lambda failure: put(f"{failure.program} can't play it: {failure.why}."))
        batch = session.context.settings.batch
        self._doubted = ""
        """The line that wasn't taken for a prompt just now: if it is typed again, it is one."""
        self._asked: _Question | None = None
        """What waits for a yes, which is the next line."""
        self._running = asyncio.Lock()
        """Held while a command changes jobs: it prints what it does to them by itself."""
        self._asks = at_keyboard()
        self._pasted: list[str] = []
        """Lines of a paste that are neither queued nor dropped yet."""
        self._undo_steps = LineUndo(session)
        self._options = Options(
            instrumental=batch.instrumental, model=session.service.capabilities.supported_model(batch.model)
        )

    async def listen(self) -> None:
        """Run each line until the end of input."""
        lines: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def read() -> None:
            for text in typed_texts(sys.stdin, from_keyboard=sys.stdin.isatty()):
                # In a pipe, lines may end as on other systems; nobody can be asked what they are together.
                for part in [text] if self._asks else clean_text(text).split("\n"):
                    loop.call_soon_threadsafe(lines.put_nowait, part)
            loop.call_soon_threadsafe(lines.put_nowait, ":quit")

        # A daemon thread: a read from the terminal can't be cancelled and must not prevent the program from exiting.
        threading.Thread(target=read, name="lines", daemon=True).start()
        goes_on = True
        while goes_on:
            try:
                goes_on = await self._run_text(clean_text(await lines.get()).strip())
            except NoSuchJob as error:
                put(f"{error} :jobs lists them.")
            except (CommandError, NotPossible, MatrixError, BatchError, FilterError, ServiceError, StoreError) as error:
                put(words_of(error) if code_of(error) is not None else str(error))

    async def _run_text(self, text: str) -> bool:
        """Run a line, or ask what pasted ones are; return False if it ends the session."""
        if "\n" in text and not self._asked:
            self._ask_about_paste([*self._pasted, *text.split("\n")])
        elif self._pasted and not text.startswith(":"):
            if text:
                self._ask_about_paste([*self._pasted, text])
            else:
                await self._queue_paste(["\n".join(self._pasted)])
        else:
            return await self._run_line(text)
        return True

    def _ask_about_paste(self, lines: list[str]) -> None:
        """Keep pasted lines until it is known what they are: the last one may still be typed."""
        self._pasted = lines
        put(
            f"{len(list(filter(None, lines)))} lines were pasted. Press enter to queue them as one prompt; "
            ":each queues a song per line, :none nothing."
        )

    async def _queue_paste(self, prompts: list[str]) -> None:
        self._pasted = []
        await self._queue(prompts)

    async def _run_line(self, line: str) -> bool:
        """Run a line; return False if it ends the session."""
        known = frozenset({*self._own(), *_JOB_COMMANDS, "quit"})
        doubted, self._doubted = self._doubted, ""
        asked, self._asked = self._asked, None
        if asked is not None:
            await self._answer(asked, line)
            return True
        if not line:
            return True
        typed = TypedLine(prompt=line) if line == doubted else read(line, known, asks=self._asks)
        if typed.prompt:
            await self._queue([typed.prompt])
            return True
        if not typed.command:
            meant = (
                f'Did you mean "{typed.suggested}"?'
                if typed.suggested
                else "That is hardly a prompt; :help lists commands."
            )
            if not self._asks:
                raise WrongUse(f'{meant} "{line}" is not accepted as a prompt.')
            self._doubted = line
            raise WrongUse(f"{meant} Type it again to queue it anyway.")
        try:
            name, *words = shlex.split(typed.command)
        except ValueError:
            raise WrongUse("Unmatched quotation mark.") from None
        if name in self._own():
            await self._own()[name](words)
        elif name in _JOB_COMMANDS:
            await self._change(_parsed(name, words))
        elif name != "quit":
            raise WrongUse(f'Unknown command ":{name}".{suggestion(name, sorted(known))} :help lists commands.')
        return name != "quit"

    def _own(self) -> dict[str, Callable[[list[str]], Awaitable[None]]]:
        return {
            "help": self._help, "state": self._state, "play": self._play, "stop": self._stop, "jobs": self._jobs,
            "undo": self._undo, "show": self._show,
            **({"each": self._each, "none": self._none} if self._pasted else {}),
        }  # fmt: skip

    async def _each(self, words: list[str]) -> None:
        await self._queue_paste([line for line in self._pasted if line.strip()])

    async def _none(self, words: list[str]) -> None:
        self._pasted = []
        put("Nothing was queued.")

    async def _queue(self, texts: Sequence[str]) -> None:
        takes = self._session.context.settings.batch.takes
        prompts = [prompt for text in texts for prompt in expand(text)]

        async def queue() -> None:
            self._queue_prompts(prompts, takes)
            for text in texts:
                warn_of_open_brace(unclosed(text))

        await self._confirmed(sum(prompt.takes or takes for prompt in prompts), queue)

    async def _confirmed(self, songs: int, queue: Callable[[], Awaitable[None]]) -> None:
        """Queue songs; more of them than `batch.confirm_above` need a yes, which a pipe can't give."""
        limit = self._session.context.settings.batch.confirm_above
        if songs <= limit:
            await queue()
        elif self._asks:
            self._asked = _Question(queue, "Nothing was queued.")
            put(f"Queue {songs} songs? Type yes to queue them, anything else to queue none.")
        else:
            raise WrongUse(
                f"{songs} songs are more than batch.confirm_above ({limit}): nothing was queued. "
                f"`{self._session.context.command('settings')} set batch.confirm_above {songs}` allows them."
            )

    def _queue_prompts(self, prompts: Sequence[Prompt], takes: int) -> None:
        jobs = self._session.job_commands.submit(prompts, self._options, takes)
        self._undo_steps.note_queued(job.id for job in jobs)
        for job in jobs:
            self._seen[job.id] = job.status
            elsewhere = job.service != self._session.service.name
            if elsewhere:
                self._behind.dispatch_too(job.service)
            put(f"Job {job.id} is queued: {f'@{job.service} ' * elsewhere}{' '.join(job.prompt.split())}")

    async def _change(self, args: Namespace) -> None:
        """Run a command on jobs or the queue; at the keyboard, ask before deleting, or queueing many songs."""
        there = len(self._session.store.jobs_by_id(numbers(args))) if args.command == "delete" else 0
        if there and self._asks and not args.yes:
            self._asked = _Question(lambda: self._act(args), "Nothing was deleted.")
            jobs, them = counted(there, "job"), "it" if there == 1 else "them"
            put(f"Delete {jobs}? Type yes to delete {them}, anything else to keep {them}.")
            return
        if args.command == "again" and (args.json or waits(args)):
            raise WrongUse("Line mode doesn't wait: it prints each song when it is finished.")
        await self._confirmed(len(numbers(args)) if args.command == "again" else 0, lambda: self._act(args))

    async def _act(self, args: Namespace) -> None:
        async with self._running:
            await self._undo_steps.act(args)
            self._note_seen(numbers(args))

    async def _answer(self, asked: _Question, line: str) -> None:
        if line.lower() in ("y", "yes"):
            await asked.act()
        else:
            put(asked.if_not)

    async def _undo(self, words: list[str]) -> None:
        async with self._running:
            self._note_seen(await self._undo_steps.undo())

    def _note_seen(self, ids: Iterable[int]) -> None:
        """Note the state of jobs that a command has just printed."""
        self._seen.update((id, job.status) for id, job in self._session.store.jobs_by_id(ids).items())

    def say_what_is_left(self) -> None:
        """Print how many songs aren't made yet, and what makes them, unless another process does or they are paused."""
        state = summarize(self._session.store, self._session.service.name, self._session.clock.now())
        unfinished = state.waiting + state.making + state.fetching
        if unfinished and not state.paused and self._behind.leading():
            left = "1 song isn't finished" if unfinished == 1 else f"{unfinished} songs aren't finished"
            put_message(f"{left}; `{self._session.context.command('work')}` continues.")

    async def _help(self, words: list[str]) -> None:
        if words and words[0] not in TOPICS:
            raise WrongUse(f'No help on "{words[0]}".{did_you_mean(words[0], TOPICS)} Topics: {", ".join(TOPICS)}.')
        put(shown_page(words[0]) if words else _HELP)

    async def _show(self, words: list[str]) -> None:
        job = self._session.store.job(_parsed("cat", words, "show").job)
        for line in details(job, self._session.store.song(job.id)):
            put(line)

    async def _jobs(self, words: list[str]) -> None:
        show(_parsed("jobs", words), self._session.store, self._session.service.name)

    async def _stop(self, words: list[str]) -> None:
        self.player.close()

    async def _play(self, words: list[str]) -> None:
        id = _parsed("cat", words, "play").job
        job = self._session.store.job(id)
        if job.status is not Status.DONE:
            raise WrongUse(f"Job {id} is {in_sentence(job.status)}: no song to play yet.")
        context = self._session.context
        player = find_player(context.settings.player.command, context.environ)
        if not player:
            raise WrongUse(f"No audio player found. From another machine: ssh HOST riffusion-tui cat {id} | mpv -")
        await self.player.play(id, job.file, player, length_s=job.duration_s or 0.0)
        if self.player.job_id == id:
            put(f"Playing {job.title or f'job {id}'}, {length(job.duration_s)}; :stop ends it.")

    async def _state(self, words: list[str]) -> None:
        now = self._session.clock.now()
        state = summarize(self._session.store, self._session.service.name, now)
        paused = " The queue is paused; :resume continues it." if state.paused else ""
        put(f"{state.making} making, {state.fetching} fetching, {state.waiting} waiting, {state.held} held.{paused}")
        if state.countdown is not None:
            put(f"{state.countdown.cause}: next at {datetime.fromtimestamp(state.countdown.until):%H:%M:%S}.")
        elif state.finish_at is not None:
            put(f"All done about {datetime.fromtimestamp(state.finish_at):%H:%M}.")
        for banner in state.banners:
            name = self._session.store.nicknames().get(banner.account or "", banner.account or "the service")
            put(f"Needs attention: {banner.cause}, {name}; {counted(banner.jobs, 'job')} held.")

    async def print_changes(self) -> None:
        """Print each change of a job, and each problem that needs attention, once."""
        reported: set[object] = set()
        while True:
            await asyncio.sleep(_POLL_S)
            fault = self._behind.fault()
            if fault is not None and str(fault) not in reported:
                put(f"The queue stopped: {words_of(fault) if isinstance(fault, Exception) else fault}")
            reported = {one for one in reported if not isinstance(one, str)} | ({str(fault)} if fault else set())
            async with self._running:
                if not self._announce_changes():
                    continue
            state = summarize(self._session.store, self._session.service.name, self._session.clock.now())
            banners = {(banner.cause, banner.account, banner.since) for banner in state.banners}
            if banners - reported:
                await self._state([])
            reported |= banners

    def _announce_changes(self) -> bool:
        """Print what changed in the store; return whether anything did."""
        changes = self._session.store.changed_since(self._rev)
        has_changed = changes.rev != self._rev
        self._rev = changes.rev
        for job in changes.jobs:
            self._announce(job)
        return has_changed

    def _announce(self, job: Job) -> None:
        if self._seen.get(job.id) is job.status:
            return
        self._seen[job.id] = job.status
        if job.status in ENDED:
            put(f"Job {text_line(job)}")
            for limit in limits_of(job, self._session.store):
                put(f"Job {job.id}: {limit}")
        elif job.status in (Status.MAKING, Status.HELD, Status.MAYBE_SENT):
            put(f"Job {job.id} is {in_sentence(job.status)}.")


class _Question(NamedTuple):
    """What is done if the next line is yes."""

    act: Callable[[], Awaitable[None]]
    if_not: str
    """What is printed if it isn't."""


def _parsed(name: str, words: list[str], typed: str = "") -> Namespace:
    """Parse arguments of a command, `typed` by another name. Raises `WrongUse`, with line mode's commands and help."""
    if not {"-h", "--help"}.isdisjoint(words):
        raise WrongUse(_HELP)
    try:
        return COMMANDS[name].parser().parse_args(words)
    except WrongUse as error:  # `:play` is no command that has a help page
        message = str(error).partition("\nSee ")[0]
        if message.endswith("required: JOB."):
            message = f"Which job? For job 1, type :{typed or name} 1."
        raise WrongUse(_OTHER_COMMAND.sub(r":\1", message)) from None
