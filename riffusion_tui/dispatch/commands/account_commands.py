"""Commands on a service's accounts and its token, for the screen and the command line."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from riffusion_tui.dispatch.accounts.account_names import account_id, known_account_id, rename_account
from riffusion_tui.dispatch.accounts.account_pool import AccountPool
from riffusion_tui.dispatch.context import DispatchContext
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.jobs.clock import Clock
from riffusion_tui.jobs.model import Account, WaitCause
from riffusion_tui.secret import Secret
from riffusion_tui.services.base import Service, Unreadable
from riffusion_tui.store import Store


class SavedToken(NamedTuple):
    """The address for which a token was saved, and the environment variable that overrides it, if any."""

    address: str
    overridden_by: str = ""


class AccountCommands:
    """The commands. Those that call the service are coroutines and raise `ServiceError`; all raise `StoreError`."""

    def __init__(
        self,
        store: Store,
        service: Service,
        *,
        clock: Clock,
        rng: random.Random,
        token_setter: Callable[[Secret], Awaitable[SavedToken]] | None = None,
    ) -> None:
        """Create the commands.

        Args:
            store: the accounts.
            service: whose accounts.
            clock: the time.
            rng: spreads retries.
            token_setter: saves a new token and passes it to the service; None if the service has no token.
        """
        self._store = store
        self._service = service
        self._clock = clock
        self._rng = rng
        self._token_setter = token_setter

    async def refresh(self) -> tuple[Account, ...]:
        """Fetch, store and return the accounts and their running jobs.

        Raises:
            Unreadable: what answers isn't the API, so that it has no accounts says nothing.
        """
        context = DispatchContext(self._store, self._service.name, self._clock, self._rng, Path())
        await AccountPool(context, self._service).refresh()
        accounts = self._store.accounts(self._service.name)
        for gate in self._store.gates(self._service.name):
            if gate.cause == WaitCause.CREDITS:  # probably topped up; if not, one request shows it
                self._store.drop_gate(gate.service, gate.account, gate.cause)
            if gate.cause == WaitCause.UNREADABLE and not accounts:
                raise Unreadable(gate.detail)
        return accounts

    async def repair(self, credential: Secret | None, max_jobs: int, user_id: str | None = None) -> Account:
        """Add or repair an account; the credential is sent once. Its jobs continue automatically."""
        info = await self._service.repair_account(credential, max_jobs, user_id)
        name = self._service.name
        with self._store.transaction():
            others = [one for one in self._store.accounts(name) if one.user_id != info.user_id]
            old = next((one for one in self._store.accounts(name) if one.user_id == info.user_id), None)
            blank = old or Account(name, info.user_id, info.max_jobs)
            left = blank.credits if info.credits is None else info.credits
            account = blank._replace(max_jobs=info.max_jobs, error=info.error, credits=left, seen_at=self._clock.now())
            self._store.put_accounts(name, [*others, account])
            if not info.error:
                for whose in (info.user_id, None):
                    self._store.drop_gate(name, whose, WaitCause.BROKEN)
                    self._store.drop_gate(name, whose, WaitCause.CREDITS)
        return account

    async def remove(self, user_id: str) -> None:
        """Remove an account from the service's configuration.

        Raises:
            NotPossible: it is the only one of the studio on this machine, which could make no song without it.
        """
        self.check_removal(user_id)
        name = self._service.name
        await self._service.remove_account(user_id)
        self._store.put_accounts(name, [one for one in self._store.accounts(name) if one.user_id != user_id])

    def check_removal(self, user_id: str) -> None:
        """Raise `NotPossible` if it is the only account of the studio on this machine."""
        accounts = [one.user_id for one in self._store.accounts(self._service.name)]
        if self._service.capabilities.local and accounts == [user_id]:
            raise NotPossible("The studio needs this account; it has no other.")

    def id_of(self, name: str) -> str:
        """Return the id of the account with this nickname or id; an unknown name is returned unchanged."""
        return account_id(self._store, self._service.name, name)

    def known_id_of(self, name: str) -> str:
        """Return the id of the account with this nickname or id. Raises `NotPossible` if there is none."""
        return known_account_id(self._store, self._service.name, name)

    def rename(self, account: str, name: str) -> str:
        """Change an account's nickname and return it; empty: its automatic name. Raises `NotPossible`."""
        return rename_account(self._store, self._service.name, account, name.strip())

    async def set_token(self, token: Secret) -> SavedToken:
        """Save a new token; jobs waiting for it continue. Raises `NotPossible` if the service has no token."""
        if self._token_setter is None:
            raise NotPossible("This service doesn't use a token.")
        saved = await self._token_setter(token)
        if not saved.overridden_by:
            self._store.drop_gate(self._service.name, None, WaitCause.TOKEN)
        return saved
