"""Choose which job is sent next, and to which account."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.jobs.model import Account, Gate, Job, WaitCause


class JobChooser:
    """Knows slots, gates and pins; the queue's order comes from the store."""

    def __init__(self, context: DispatchContext) -> None:
        self._context = context

    def next(self, busy: Collection[str | None]) -> tuple[Job, str | None] | None:
        """Return the next job that an account can run now: first in the queue, on the least loaded account.

        Args:
            busy: accounts with a request under way, which get no other one.
        """
        gates = self._context.store.gates(self._context.service)
        if busy and self._trying_again(gates):
            return None
        best: tuple[tuple[float, int, float], Job, str | None] | None = None
        for account, used, total, pinned in self._slots():
            if account in busy or self._context.gates.barring(gates, account) is not None:
                continue
            job = self._context.store.next_for(self._context.service, account, used, total, pinned=pinned)
            if job is None:
                continue
            rank = (job.position, job.id, used / total if total else 0.0)
            if best is None or rank < best[0]:
                best = (rank, job, account)
        return best[1:] if best else None

    def _slots(self) -> list[tuple[str | None, int, int | None, bool]]:
        """Return (account, used slots, total slots, pinned jobs only) for each target."""
        store, service = self._context.store, self._context.service
        loads = self._context.loads()
        known: Sequence[Account] = store.accounts(service)
        slots: list[tuple[str | None, int, int | None, bool]] = [
            (one.user_id, loads.get(one.user_id, 0) + one.others, one.max_jobs, False) for one in known
        ]
        strangers = set(store.pins(service)) - {one.user_id for one in known}
        slots += [(pin, loads.get(pin, 0), None, True) for pin in sorted(strangers)]
        if not known:
            slots.append((None, 0, None, False))
        return slots

    def _trying_again(self, gates: Sequence[Gate]) -> bool:
        """Whether the service rate-limited us or failed last time: then send one probe, not one per account."""
        return any(gate.cause in (WaitCause.UPSTREAM, WaitCause.FAULT, WaitCause.UNREADABLE) for gate in gates)
