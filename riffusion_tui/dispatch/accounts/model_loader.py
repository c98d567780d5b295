"""Load models of accounts that need it before making songs. Takes minutes and runs in the background."""

from __future__ import annotations

from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.dispatch.keyed_tasks import KeyedTasks
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.services.base import Service, ServiceError


class ModelLoader:
    """Loads an account's models and then opens its gate."""

    def __init__(self, context: DispatchContext, service: Service) -> None:
        self._context = context
        self._gates = context.gates
        self._service = service
        self._wake_up = context.new_wake_up()
        self._loading = KeyedTasks[str | None](self._wake_up.wake)

    async def run(self) -> None:
        """Load models for accounts with such a gate, forever."""
        context = self._context
        try:
            while True:
                self._loading.raise_errors()
                gates = context.store.gates(context.service)
                for account in {gate.account for gate in gates if gate.cause is WaitCause.WARMING}:
                    if account not in self._loading:
                        self._loading.start(account, self._load(account))
                await self._wake_up.wait()
        finally:
            await self._loading.cancel()

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
                self._gates.note_unreachable(error)
