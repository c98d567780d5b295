"""Commands on accounts and the token."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.dispatch import NotPossible
from riffusion_tui.dispatch.commands.account_commands import AccountCommands, SavedToken
from riffusion_tui.jobs.model import Account, Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.secret import Secret
from riffusion_tui.services import base
from riffusion_tui.services.base import WrittenLyrics
from tests.dispatch.bench import Bench, on_a_bench
from tests.dispatch.world import Slot, World


def test_refreshing_updates_accounts_and_their_gates(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        b.store.put_accounts("world", [Account("world", "gone", 1)])
        b.store.put_gate(Gate("world", "gone", WaitCause.BROKEN, 1.0))
        for account in ("a", "b"):  # how many a has is known, b's not
            b.store.put_gate(Gate("world", account, WaitCause.CREDITS, 1.0))
        accounts = await b.account_commands.refresh()
        assert [(one.user_id, one.max_jobs, one.others, one.error, one.credits) for one in accounts] == [
            ("a", 2, 1, "", 5.0),
            ("b", 3, 0, "pending error", None),
        ]
        assert [(gate.account, gate.cause) for gate in b.store.gates("world")] == [("b", WaitCause.BROKEN)]
        b.world.online = False
        with pytest.raises(base.NotSent):
            await b.account_commands.refresh()

    on_a_bench(tmp_path, act, World({"a": Slot(2, others=1, credits=5.0), "b": Slot(3, broken=True)}))


def test_a_response_that_is_not_the_apis_is_not_taken_for_no_accounts(tmp_path: Path) -> None:
    page = base.Unreadable("It is a web page.")

    async def act(b: Bench) -> None:
        for _ in range(2):
            with pytest.raises(base.Unreadable, match=r"It is a web page\."):
                await b.account_commands.refresh()
        assert await b.account_commands.refresh() == ()

    on_a_bench(tmp_path, act, World({}, faults={"accounts": [page, page, ""], "workload": [page, page, ""]}))


def test_repairing_an_account_lets_its_jobs_continue(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        b.job_commands.submit(["one"], Options(account="a"))
        async with b.dispatching():
            await b.until(lambda: bool(b.store.gates("world")))
            await asyncio.sleep(100)
            assert b.world.per_prompt() == {}
            account = await b.account_commands.repair(Secret("cookie"), 2, "a")
            assert (account.user_id, account.max_jobs, account.error) == ("a", 2, "")
            await b.until(lambda: b.all(Status.DONE), 60)
        assert b.world.calls["repair_account"] == 1

    on_a_bench(tmp_path, act, World({"a": Slot(1, broken=True), "b": Slot(1)}, lambda: 5.0))


def test_accounts_can_be_added_and_removed(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        added = await b.account_commands.repair(Secret("cookie"), 3)
        assert added in b.store.accounts("world")
        await b.account_commands.remove(added.user_id)
        assert b.store.accounts("world") == ()

    on_a_bench(tmp_path, act)


def test_the_only_account_of_a_local_service_stays(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        b.world.capabilities = b.world.capabilities._replace(local=True)
        first, second = [await b.account_commands.repair(Secret("cookie"), 3, name) for name in ("a", "b")]
        await b.account_commands.remove(first.user_id)
        with pytest.raises(NotPossible, match="no other"):
            await b.account_commands.remove(second.user_id)
        assert b.store.accounts("world") == (second,)
        assert b.world.calls["remove_account"] == 1

    on_a_bench(tmp_path, act, World({"a": Slot(1), "b": Slot(1)}, lambda: 5.0))


def test_an_account_that_is_still_broken_keeps_its_gate(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        async def still(*_: Any, **__: Any) -> base.AccountInfo:
            return base.AccountInfo("a", 1, "still broken")

        b.world.repair_account = still
        b.store.put_gate(Gate("world", "a", WaitCause.BROKEN, 1.0))
        assert (await b.account_commands.repair(Secret("cookie"), 1, "a")).error == "still broken"
        assert len(b.store.gates("world")) == 1

    on_a_bench(tmp_path, act)


def test_setting_a_token_in_use_opens_the_token_gate(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        kept: list[Secret] = []
        saved = [SavedToken("https://example.org", "RIFFUSION_TUI_TOKEN"), SavedToken("https://example.org")]

        async def keep(token: Secret) -> SavedToken:
            kept.append(token)
            return saved[len(kept) - 1]

        with pytest.raises(NotPossible, match="use a token"):
            await b.account_commands.set_token(Secret("new"))
        account_commands = AccountCommands(b.store, b.world, clock=b.clock, rng=random.Random(1), token_setter=keep)
        b.store.put_gate(Gate("world", None, WaitCause.TOKEN, 1.0))
        assert await account_commands.set_token(Secret("unused")) == saved[0]
        assert len(b.store.gates("world")) == 1, "the rejected token is still in use"
        assert await account_commands.set_token(Secret("new")) == saved[1]
        assert [token.reveal() for token in kept] == ["unused", "new"]
        assert b.store.gates("world") == ()

    on_a_bench(tmp_path, act)


def test_lyrics_are_written_by_the_service(tmp_path: Path) -> None:
    async def act(b: Bench) -> None:
        assert await b.job_commands.write_lyrics("rain", "oh ") == WrittenLyrics("oh la la rain")

    on_a_bench(tmp_path, act)
