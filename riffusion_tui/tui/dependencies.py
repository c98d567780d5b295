"""What the screen is given: the parts that live longer than it does. It opens and closes none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from riffusion_tui.config.environment import Overrides
from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.store import Store

if TYPE_CHECKING:
    from riffusion_tui.dispatch.job_commands import JobCommands

_NO_OVERRIDES = Overrides({})


class UnderstoodWord(Protocol):
    """A word that the engine understands in a prompt, what kind of word it is, and what it is taken for."""

    @property
    def word(self) -> str:
        """As typed."""
        ...

    @property
    def kind(self) -> str:
        """genre, mood, tempo, key, instrument, …; `ignored` where it says nothing to the engine."""
        ...

    @property
    def meaning(self) -> str:
        """As the engine says it."""
        ...


class Dependencies:
    """The parts, wired by the composition root. `switch` is told which service to open the screen for next."""

    command = ("riffusion-tui",)
    """How a person runs this program, for the lines that are copied."""

    def __init__(
        self,
        *,
        open_desk: Callable[[], JobCommands],
        store: Store,
        service: str,
        capabilities: Callable[[], Capabilities],
        settings: Settings,
        settings_file: Path,
        library_file: Path,
        remembered_file: Path,
        log_file: Path,
        clock: Clock,
        environ: Mapping[str, str],
        hear: Callable[[str], Sequence[UnderstoodWord]] | None = None,
        fault: Callable[[], BaseException | None] = lambda: None,
        leading: Callable[[], bool] = lambda: True,
        painted: Callable[[], None] = lambda: None,
        read: Callable[[], None] = lambda: None,
        progress: Callable[[int], float | None] = lambda _: None,
        curl: Callable[[int], str] | None = None,
        switch: Callable[[str], None] = lambda _: None,
        overrides: Overrides = _NO_OVERRIDES,
        dispatch_too: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.open_desk = open_desk
        self.store = store
        self.service = service
        """Name of the service that new jobs go to."""
        self._capabilities = capabilities
        self.settings = settings
        self.settings_file, self.library_file = settings_file, library_file
        self.remembered_file, self.log_file = remembered_file, log_file
        self.clock, self.environ = clock, environ
        self.hear = hear
        """What the studio understands of a prompt; None where the service does not say. Called in a thread."""
        self.fault = fault
        """The error that stopped the dispatcher, or None."""
        self.leading = leading
        """Whether this process sends the jobs; else another one on the same folder does."""
        self.painted, self.read = painted, read
        """Called once the first frame is out, and once all jobs are in memory, for good."""
        self.progress = progress
        """The share done of a job being made, 0 to 1, where the service says it; else its usual time has to do."""
        self.overrides = overrides
        """What goes before the settings file; `settings` are those in effect."""
        self.switch, self.dispatch_too = switch, dispatch_too
        """Called with the service to open the screen for next, and with another one that jobs were queued for."""
        self.curl = curl
        """A job's request as a curl command, the token as a shell variable; None where the service has no address."""

    @property
    def capabilities(self) -> Capabilities:
        """What the service can do, as it last said."""
        return self._capabilities()

    @cached_property
    def job_commands(self) -> JobCommands:
        """What can be done; it loads when something is done for the first time."""
        return self.open_desk()
