"""The screen's dependencies. They outlive it; it neither opens nor closes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

from riffusion_tui.config.environment import Overrides
from riffusion_tui.config.paths import Paths
from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.store import Store

if TYPE_CHECKING:
    from riffusion_tui.dispatch.commands.account_commands import AccountCommands
    from riffusion_tui.dispatch.commands.job_commands import JobCommands

_NO_OVERRIDES = Overrides({})


class UnderstoodWord(Protocol):
    """A word that the engine understands in a prompt, with its kind and meaning."""

    @property
    def word(self) -> str:
        """As typed."""
        ...

    @property
    def kind(self) -> str:
        """genre, mood, tempo, key, instrument, …; `ignored` if the engine doesn't use it, `limit` if it can't do it."""
        ...

    @property
    def meaning(self) -> str:
        """The engine's name for it."""
        ...


Understand: TypeAlias = Callable[[str, Options], Sequence[UnderstoodWord]]
"""Returns the words understood in a prompt; its options decide what the engine can't do."""


class BackgroundDispatcher(Protocol):
    """The dispatcher, which runs behind the screen."""

    def fault(self) -> BaseException | None:
        """Return the error that stopped it."""
        ...

    def progress(self, job_id: int, /) -> float | None:
        """Return a job's progress, 0 to 1, if the service reports it."""
        ...

    def dispatch_too(self, service: str, /) -> None:
        """Dispatch another service's jobs from now on."""
        ...

    def dispatches(self, service: str, /) -> bool:
        """Whether this process dispatches a service's jobs, or another one does."""
        ...

    def leading(self) -> bool:
        """Whether this process sends the jobs."""
        ...

    def stopped_leader(self) -> int | None:
        """Return the id of the process that sends the jobs if it is stopped."""
        ...

    def displaced(self) -> bool:
        """Whether another process took over while this one was stopped."""
        ...


class NoDispatcher:
    """Used if no dispatcher runs: it reports no error and no progress."""

    def fault(self) -> BaseException | None:
        """Return None."""
        return None

    def progress(self, job_id: int, /) -> float | None:
        """Return None."""
        return None

    def dispatch_too(self, service: str, /) -> None:
        """Do nothing."""

    def dispatches(self, service: str, /) -> bool:
        """Return True."""
        return True

    def leading(self) -> bool:
        """Return True."""
        return True

    def stopped_leader(self) -> int | None:
        """Return None."""
        return None

    def displaced(self) -> bool:
        """Return False."""
        return False


class ScreenCallbacks:
    """What the screen calls in the rest of the program."""

    def __init__(
        self,
        *,
        understand: Understand | None = None,
        understand_elsewhere: Callable[[str], Understand | None] = lambda _: None,
        curl: Callable[[int], str] | None = None,
        differences: Callable[[Sequence[int]], Sequence[str]] = lambda _: (),
        switch: Callable[[str], None] = lambda _: None,
        is_set_up: Callable[[str], bool] = lambda _: True,
        wrong_value: Callable[[str, str], str] = lambda *_: "",
        painted: Callable[[], None] = lambda: None,
        read: Callable[[], None] = lambda: None,
    ) -> None:
        self.understand, self.understand_elsewhere = understand, understand_elsewhere
        """None if the service doesn't say what it understands, and the same for another service. Called in a thread."""
        self.curl = curl
        """Returns a job's request as a curl command, the token as a shell variable; None if there is no address."""
        self.differences = differences
        """Returns what will differ if jobs are generated again with their seeds, as messages."""
        self.switch, self.is_set_up = switch, is_set_up
        """Called with the service to open next; to ask whether one is set up."""
        self.wrong_value = wrong_value
        """Returns why a text can't be used for the setting with that key; empty if it can."""
        self.painted, self.read = painted, read
        """Called after the first frame, and again after all jobs are loaded."""


class Dependencies:
    """The dependencies, wired by the composition root.

    No dataclass: creating one takes milliseconds, before the first frame.
    """

    def __init__(
        self,
        *,
        open_job_commands: Callable[[], JobCommands],
        open_account_commands: Callable[[], AccountCommands],
        store: Store,
        service: str,
        capabilities: Callable[[], Capabilities],
        settings: Settings,
        paths: Paths,
        clock: Clock,
        environ: Mapping[str, str],
        callbacks: ScreenCallbacks | None = None,
        dispatcher: BackgroundDispatcher | None = None,
        overrides: Overrides = _NO_OVERRIDES,
        command: tuple[str, ...] = ("riffusion-tui",),
    ) -> None:
        self._open_job_commands, self._open_account_commands = open_job_commands, open_account_commands
        self.store = store
        self.service = service
        """Name of the service that new jobs go to."""
        self._capabilities = capabilities
        self.settings, self.paths, self.clock, self.environ = settings, paths, clock, environ
        self.callbacks = callbacks or ScreenCallbacks()
        self.dispatcher = dispatcher or NoDispatcher()
        self.overrides = overrides
        """What overrides the settings file; `settings` has the values in effect."""
        self.command = command
        """The command that runs this program over SSH, for copied command lines."""

    @property
    def capabilities(self) -> Capabilities:
        """The service's current capabilities."""
        return self._capabilities()

    def dispatch_jobs_too(self, jobs: Iterable[Job]) -> None:
        """Dispatch the jobs' services while the screen is open, even if they aren't the active one."""
        for service in {job.service for job in jobs} - {self.service}:
            self.dispatcher.dispatch_too(service)

    @cached_property
    def job_commands(self) -> JobCommands:
        """The commands on jobs, imported on first use."""
        return self._open_job_commands()

    @cached_property
    def account_commands(self) -> AccountCommands:
        """The commands on accounts, imported on first use."""
        return self._open_account_commands()
