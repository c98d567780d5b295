"""Accounts are named, found by name or id, and renamed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from riffusion_tui.dispatch.accounts.account_names import account_id, rename_account
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.wait import blocked
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Account, Gate, Options, WaitCause
from riffusion_tui.jobs.nicknames import automatic_nickname
from riffusion_tui.store import NewJob, Store
from tests.dispatch.bench import Bench, bench
from tests.dispatch.virtual import run

FIRST, SECOND = "5f72c91e-2b3d-42a4-9fb1-0b8c2e293b2c", "9ab0d1aa-77c1-4f0e-8c55-6a3a2f6f1c10"
MAIL = "me@example.org"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with three accounts."""
    with Store.open(tmp_path / "jobs.sqlite3", SystemClock()) as made:
        made.put_accounts("s", [Account("s", one, 2) for one in (FIRST, SECOND, MAIL)])
        yield made


def test_a_new_account_gets_a_name_and_keeps_it(store: Store) -> None:
    names = store.nicknames()
    assert set(names) == {FIRST, SECOND}, "an email address needs no nickname"
    assert names[FIRST] == automatic_nickname(FIRST, ())
    store.put_accounts("s", [])
    store.put_accounts("s", [Account("s", SECOND, 2), Account("s", FIRST, 2)])
    assert store.nicknames() == names, "older songs keep their account's name"


def test_an_account_is_found_by_name_or_id(store: Store) -> None:
    name = store.nicknames()[FIRST]
    assert [account_id(store, "s", text) for text in (FIRST, name, name.upper())] == [FIRST] * 3
    assert account_id(store, "s", MAIL) == MAIL
    assert account_id(store, "s", "unknown") == "unknown"


def test_accounts_are_renamed_and_reset(store: Store) -> None:
    automatic = store.nicknames()[FIRST]
    rev = store.rev
    assert rename_account(store, "s", automatic, "work") == "work"
    assert store.changed_since(rev).accounts is not None, "screens are notified"
    assert account_id(store, "s", "Work") == FIRST
    assert rename_account(store, "s", MAIL, "home") == "home"
    assert rename_account(store, "s", "home", "") == MAIL
    assert rename_account(store, "s", FIRST, "") == automatic
    for account, name, output in (
        (FIRST, "two words", "up to 24 letters"),
        (FIRST, store.nicknames()[SECOND], "is taken by another account"),
        ("nobody", "x", "Unknown account 'nobody'; accounts: [a-z]+, [a-z]+, me@example.org."),
    ):
        with pytest.raises(NotPossible, match=output):
            rename_account(store, "s", account, name)
    with pytest.raises(NotPossible, match="accounts: none"):
        rename_account(store, "other", "x", "y")


def test_the_advice_names_the_account_by_nickname(store: Store) -> None:
    (job,) = store.add([NewJob("rain", Options(account=FIRST), "s", "r", "b")])
    store.put_gate(Gate("s", FIRST, WaitCause.BROKEN, 1.0))
    assert blocked(store, job) == (
        f"account {(name := store.nicknames()[FIRST])}: session expired or key rejected:"
        f" `riffusion-tui accounts repair {name}` sets a new one"
    )


def test_a_prompt_for_a_named_account_goes_to_its_id(tmp_path: Path) -> None:
    async def main(b: Bench) -> None:
        b.store.put_accounts("world", [Account("world", FIRST, 2)])
        name = b.account_commands.rename(FIRST, "work")
        assert b.account_commands.id_of(name) == b.account_commands.known_id_of(name) == FIRST
        with pytest.raises(NotPossible, match="Unknown account 'play'; accounts: work"):
            b.account_commands.known_id_of("play")
        (job,) = b.job_commands.submit_all([BatchItem("rain", Options(account="work"))])
        assert job.options.account == FIRST

    async def act() -> None:
        async with bench(tmp_path) as b:
            await main(b)

    run(act())
