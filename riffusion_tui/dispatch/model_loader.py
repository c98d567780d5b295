"""Load models of accounts that need it before making songs. Takes minutes and runs in the background."""

from __future__ import annotations

import asyncio

from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.services.base import Service, ServiceError


class ModelLoader:
    """Loads an account's models and then opens its gate."""

    def __init__(self, context: DispatchContext, service: Service) -> None:
        self._context = context
        self._gates = context.gates
        self._service = service
        self._wake_up = context.new_wake_up()
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
                        task.add_done_callback(lambda _: self._wake_up.wake())
                        self._running[account] = task
                await self._wake_up.wait()
        finally:
            tasks = list(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _load(self, account: str | None) -> None:
        try:
            await self._service.warm_up(account)
        except ServiceError as error:
            await self._context.write(self._failed, account, error)
        else:
            await self._context.write(self._gates.open, WaitCause.WARMING, account)
        self._context.wake_all()

    def _failed(self, account: str | None, error: ServiceError) -> None:
        """Close another gate instead; the next request shows whether the model is loaded."""
        with self._context.store.transaction():
            self._gates.open(WaitCause.WARMING, account)
            if not self._gates.close_for(error, account):
                self._gates.note_offline(error)
