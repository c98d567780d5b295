"""The gates of a service, which stop jobs from being sent: closed by errors, opened by probes, deadlines or the user.

They are in the store, so every process on the data folder shows the same.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable

from riffusion_tui.dispatch.accounts import backoff
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import Gate, WaitCause
from riffusion_tui.services.base import (
    AccountBroken,
    CheckFailed,
    NoCredits,
    NotSent,
    Outdated,
    RateLimited,
    ServerFault,
    ServiceError,
    TimedOut,
    Unauthorized,
    WarmingUp,
)
from riffusion_tui.store import Store

LIST, ACCOUNTS, CREATE = "list", "accounts", "create"
"""Kinds of calls whose responses are tracked separately: one may be unreadable while the others work."""
PROBED = frozenset({WaitCause.OFFLINE, WaitCause.UNAVAILABLE, WaitCause.DISK})
"""Gates that only a successful probe opens; a passed deadline isn't enough."""
JUMP_S = 2.0
"""Difference between the wall clock and the monotonic one, since the last check, that counts as a jump."""
_OUT_OF_REACH = (WaitCause.OFFLINE, WaitCause.UNAVAILABLE)
_UNREACHABLE = (WaitCause.TOKEN, *_OUT_OF_REACH, WaitCause.OUTDATED)
_log = logging.getLogger(__name__)


class Gates:
    """Closes and opens the gates of one service and its accounts."""

    def __init__(self, store: Store, service: str, clock: Clock, rng: random.Random) -> None:
        """Create them.

        Args:
            store: holds the closed gates.
            service: the service's name.
            clock: the time.
            rng: jitter.
        """
        self._store = store
        self._service = service
        self._clock = clock
        self._rng = rng
        self._unreadable_calls: set[str] = set()
        """Kinds of calls whose latest response was unreadable."""
        self._offset: float | None = None
        """How far the wall clock was ahead of the monotonic one at the last check."""

    @property
    def service_unreachable(self) -> bool:
        """Whether no call can succeed now: the service isn't reached, fails or is outdated, or rejected the token."""
        return any(gate.account is None and gate.cause in _UNREACHABLE for gate in self._store.gates(self._service))

    def broken_accounts(self) -> set[str | None]:
        """Return the accounts whose session expired; None: all."""
        return {gate.account for gate in self._store.gates(self._service) if gate.cause == WaitCause.BROKEN}

    def closed(self, cause: WaitCause, account: str | None = None) -> Gate | None:
        """Return a gate if it is closed; its deadline may have passed."""
        found = (gate for gate in self._store.gates(self._service) if (gate.cause, gate.account) == (cause, account))
        return next(found, None)

    def close(
        self,
        cause: WaitCause,
        account: str | None = None,
        *,
        seconds: float | None = None,
        tries: int = 1,
        detail: str = "",
    ) -> None:
        """Close a gate for `seconds`, or until the user or a probe opens it; a closed gate keeps its `since`."""
        self._move_with_clock()
        now = self._clock.now()
        old = self.closed(cause, account)
        since = min(old.since, now) if old else now
        until = None if seconds is None else now + seconds
        self._store.put_gate(Gate(self._service, account, cause, since, until, tries, detail))

    def open(self, cause: WaitCause, account: str | None = None) -> bool:
        """Open a gate."""
        return self._store.drop_gate(self._service, account, cause)

    def open_after(self, cause: WaitCause, sent_at: float) -> bool:
        """Open the service's gate after an accepted request, if that was sent after the gate closed.

        A request already under way when the gate closed proves nothing. Return whether the gate is open now.
        """
        gate = self.closed(cause)
        if gate is not None and gate.until is not None and gate.until > sent_at:
            return False
        self.open(cause)
        return True

    def next_try(self, cause: WaitCause, account: str | None = None) -> int:
        """Return the number of consecutive failures, including the present one."""
        old = self.closed(cause, account)
        return old.tries + 1 if old else 1

    def barring(self, gates: Iterable[Gate], account: str | None) -> Gate | None:
        """Return the gate that prevents sending to `account` now."""
        now = self._clock.now()
        for gate in gates:
            if gate.cause == WaitCause.SLOTS:
                continue  # only a deadline for the next check: slots are counted when a job is chosen
            if gate.account in (None, account) and (gate.cause in PROBED or gate.until is None or gate.until > now):
                return gate
        return None

    def follow_clock(self) -> None:
        """Move gates with a clock that was set; those closed in the future before this start move to the present."""
        self._move_with_clock()
        now = self._clock.now()
        for gate in self._store.gates(self._service):
            if gate.since > now + 1.0:
                until = None if gate.until is None else now + max(0.0, gate.until - gate.since)
                self._store.put_gate(gate._replace(since=now, until=until))

    def _move_with_clock(self) -> None:
        """Keep what is left of each wait if the wall clock was set forward or back since the last call."""
        offset = self._clock.now() - self._clock.steady()
        before, self._offset = self._offset, offset
        jump = 0.0 if before is None else offset - before
        if abs(jump) < JUMP_S:
            return
        for gate in self._store.gates(self._service):
            until = None if gate.until is None else gate.until + jump
            self._store.put_gate(gate._replace(since=gate.since + jump, until=until))

    def close_for(self, error: ServiceError, account: str | None) -> bool:
        """Close the gate for an error of any call; return False if the error needs none."""
        match error:
            case AccountBroken():
                for whose in self._blamed(error.account, account):
                    self.close(WaitCause.BROKEN, whose, detail=str(error))
            case Unauthorized():
                self.close(WaitCause.TOKEN, tries=self.next_try(WaitCause.TOKEN), detail=str(error))
            case NoCredits():
                self.close(WaitCause.CREDITS, account, detail=str(error))
            case NotSent():
                self.note_unreachable(error)
            case WarmingUp():
                self.close(WaitCause.WARMING, error.account or account, detail=str(error))
            case RateLimited():
                tries = self.next_try(WaitCause.UPSTREAM)
                wait = backoff.rate_limited(tries, error.retry_after_s, self._rng)
                self.close(WaitCause.UPSTREAM, seconds=wait, tries=tries, detail=str(error))
            case _:
                return False
        return True

    def _blamed(self, named: str | None, asked: str | None) -> set[str | None]:
        """Return the accounts that an error is about: the one that was asked, and the one it names, if that exists."""
        known = {one.user_id for one in self._store.accounts(self._service)}
        return {named} if asked is None else {asked, *({named} & known)}

    def note_unreadable(self, call: str, error: ServiceError) -> None:
        """Stop sending while responses to `call` are unreadable; if only creating fails, try one request at a time."""
        old = self.closed(WaitCause.UNREADABLE)
        if old is None or old.detail != str(error):
            _log.warning("%s: unreadable response: %s", self._service, error)
        self._unreadable_calls.add(call)
        tries = self.next_try(WaitCause.UNREADABLE)
        wait = backoff.faulty(tries, self._rng) if self._unreadable_calls == {CREATE} else None
        self.close(WaitCause.UNREADABLE, seconds=wait, tries=tries, detail=str(error))

    def note_readable(self, call: str) -> None:
        """Note that a response to `call` was readable."""
        self._unreadable_calls.discard(call)
        if not self._unreadable_calls:
            self.open(WaitCause.UNREADABLE)

    def awaiting_probe(self) -> Gate | None:
        """Return the gate of a service that a probe opens once the service works again."""
        return self.closed(WaitCause.OFFLINE) or self.closed(WaitCause.UNAVAILABLE)

    def note_reached(self) -> None:
        """Note that the service responded, if only with an error that has its own gate."""
        for cause in _OUT_OF_REACH:
            self.open(cause)

    def note_unreachable(self, error: ServiceError) -> None:
        """Close the service until a probe reaches it again; if it needs an update, until there is one."""
        before = self.awaiting_probe()
        if isinstance(error, Outdated):
            self.note_reached()
            self.close(WaitCause.OUTDATED, detail=str(error))
            return
        cause = WaitCause.UNAVAILABLE if isinstance(error, CheckFailed | ServerFault | TimedOut) else WaitCause.OFFLINE
        if before is not None and before.cause is not cause:
            self.open(before.cause)
        self.open(WaitCause.OUTDATED)
        tries = before.tries + 1 if before else 1
        wait = backoff.as_asked(backoff.unreachable(tries, self._rng), error.retry_after_s)
        self.close(cause, seconds=wait, tries=tries, detail=str(error))
