"""What the top line, the banners and the status bar say.

It is worked out of the store's rows, so that every process on the folder says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riffusion_tui.jobs.model import Account, Cause, Gate, Job
from riffusion_tui.store import Store, Tally, Usual


@dataclass(frozen=True, slots=True)
class Slots:
    """An account's slots: `used` of `total`, others' jobs among them; `gate` is what stands in its way."""

    account: str
    used: int
    total: int
    gate: Gate | None = None
    error: str = ""
    credits: float | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """Something that needs a person: which account (None: the whole service), since when, how many jobs it holds."""

    cause: Cause
    account: str | None
    since: float
    jobs: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Countdown:
    """The one line with a time in it: the wait that is over first. `jobs` wait for it; this is try `tries`."""

    cause: Cause
    account: str | None
    since: float
    until: float
    jobs: int
    tries: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A service's state in one value."""

    slots: tuple[Slots, ...]
    used: int
    total: int
    waiting: int
    held: int
    making: int
    """Sending and maybe sent among them: what fills a slot."""
    fetching: int
    needs_person: int
    banners: tuple[Banner, ...]
    """The most urgent first."""
    countdown: Countdown | None
    paused: bool
    finish_at: float | None
    """When the last song that can go on by itself is likely there; None where nobody knows, or nothing is to come."""
    usual_s: float | None
    """How long a song usually takes here; None before the first."""

    def share(self, job: Job, now: float) -> float | None:
        """Return how much of its usual time a making job has used, 0 to 1 and beyond; None where it is unknown."""
        raise NotImplementedError


def look(store: Store, service: str, now: float) -> Outlook:
    """Read the store and work it out. A few short queries: call it when something changed, not on every tick."""
    raise NotImplementedError


def work_out(
    tally: Tally,
    accounts: Sequence[Account],
    gates: Sequence[Gate],
    making: Sequence[Job],
    usual: Usual | None,
    now: float,
) -> Outlook:
    """Work it out of rows."""
    raise NotImplementedError


def estimate(queued: int, making: Sequence[Job], slots: int, usual: Usual | None, now: float) -> float | None:
    """Return when `queued` jobs and those being made are likely done on `slots` slots; None where nobody knows."""
    raise NotImplementedError
