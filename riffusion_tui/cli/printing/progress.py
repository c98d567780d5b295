"""Progress on standard error: an updated line on a terminal, otherwise a new line when a count or a cause changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.printing.output import LiveLine, put_message
from riffusion_tui.cli.wiring.session import Session
from riffusion_tui.dispatch.queue_summary import QueueSummary, summarize
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.services.profiles import profile_of

_MAX_BANNER = 300


class Progress:
    """Shows the progress of jobs.

    Args:
        session: the session.
        services: the services of the jobs.
        pending: ids of jobs that haven't ended; read again on each update.
        known: ids of all jobs; read again on each update.
    """

    def __init__(
        self, session: Session, services: Sequence[str], pending: Collection[int], known: Collection[int]
    ) -> None:
        self._session = session
        self._services = services
        self._pending = pending
        self._known = known
        self._live = LiveLine()
        self._shown = ""
        self._printed = ("", "", "")
        self._cause = ""
        """Why jobs waited last; kept between waits, so that each rate limit isn't a line of its own."""

    def __enter__(self) -> Self:
        self.show()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def show(self) -> None:
        """Show the current state if it has changed."""
        store, now = self._session.store, self._session.clock.now()
        states = [summarize(store, service, now) for service in self._services]
        troubled = next((state for state in states if state.banners), None)
        hosts = troubled is not None and profile_of(self._services[states.index(troubled)]).hosts
        counts = self._counts(states)
        trouble = _trouble(troubled, store.nicknames(), hosts=hosts) if troubled else ""
        wait = _wait(troubled) if troubled else next(filter(None, map(_wait, states)), "")
        line = "; ".join(filter(None, (counts, wait, trouble)))  # the time first: a terminal cuts the rest
        self._cause = next((state.countdown.cause.words for state in states if state.countdown), self._cause)
        if line == self._shown:
            return
        self._live.show(line)
        printed = (counts, trouble, self._cause)
        if not self._live.live and self._printed != printed:
            put_message(line)
        self._shown, self._printed = line, printed

    def clear(self) -> None:
        """Remove the updated line, before other output."""
        self._live.clear()
        if self._live.live:
            self._shown = ""

    def _counts(self, states: Sequence[QueueSummary]) -> str:
        known = len(self._known)
        numbers = {
            "making": sum(state.making for state in states),
            "fetching": sum(state.fetching for state in states),
            "waiting": sum(state.waiting for state in states),
        }
        queue = ", ".join(f"{number:,} {what}" for what, number in numbers.items() if number)
        return f"{known - len(self._pending):,} of {known:,} ended{f'; queue: {queue}' if queue else ''}"


def _trouble(state: QueueSummary, names: Mapping[str, str], *, hosts: bool = False) -> str:
    """Return the most urgent problem, with its account and in the service's own words, if it has any."""
    banner = state.banners[0]
    account, cause = names.get(banner.account or "", banner.account or ""), banner.cause.words
    if not account and banner.detail.casefold().startswith(cause):
        cause = ""  # "no connection: No connection to …"
    if banner.detail and banner.cause is WaitCause.BROKEN and hosts:
        return clean_line(banner.detail, _MAX_BANNER)  # names the server, whose model may not load
    return clean_line(": ".join(filter(None, (account, cause, banner.detail))), _MAX_BANNER)


def _wait(state: QueueSummary) -> str:
    if state.countdown is not None:
        at = f"next at {datetime.fromtimestamp(state.countdown.until):%H:%M:%S}"
        return at if state.banners else f"{at}; {state.countdown.cause.words}"
    if state.finish_at is not None:
        return f"done about {datetime.fromtimestamp(state.finish_at):%H:%M}"
    return ""
