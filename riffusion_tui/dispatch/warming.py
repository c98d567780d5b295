"""Load models of accounts that need it before making songs. Takes minutes and runs in the background."""

from __future__ import annotations

import asyncio

from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.services.base import Service, ServiceError


class Warming:
    """Loads an account's models and then opens its gate."""

    def __init__(self, context: DispatchContext, service: Service) -> None:
        self._context = context
        self._service = service
        self._bell = context.bell()
        self._running: dict[str | None, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Load models for accounts with such a gate, forever."""
        context = self._context
        try:
            while True:
                for account in [account for account, task in self._running.items() if task.done()]:
                    self._running.pop(account).result()
                gates = context.store.gates(context.service)
                for account in {gate.account for gate in gates if gate.cause is WaitCause.WARMING}:
                    if account not in self._running:
                        task = asyncio.ensure_future(self._load(account))
                        task.add_done_callback(lambda _: self._bell.ring())
                        self._running[account] = task
                await self._bell.wait()
        finally:
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _load(self, account: str | None) -> None:
        try:
            await self._service.warm_up(account)
        except ServiceError as error:
            await self._context.keep(self._failed, account, error)
        else:
            await self._context.keep(self._context.open, WaitCause.WARMING, account)
        self._context.ring()

    def _failed(self, account: str | None, error: ServiceError) -> None:
        """Close another gate instead; the next request shows whether the model is loaded."""
        with self._context.store.transaction():
            self._context.open(WaitCause.WARMING, account)
            if not self._context.note_trouble(error, account):
                self._context.offline(error)
