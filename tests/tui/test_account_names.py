"""The screen shows accounts by their nicknames."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.model import Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, SECOND, Stage

SIZES = [(40, 12), (80, 24), (120, 36), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
async def test_banners_rows_and_the_status_bar_use_nicknames(
    show: ShowScreen, stage: Stage, size: tuple[int, int]
) -> None:
    stage.accounts(broken=FIRST)
    stage.busy()
    stage.add("rain", options=Options(account=FIRST))
    name = stage.store.nicknames()[FIRST]
    async with show(*size) as shown:
        strip = shown.app.main.banner._strip
        assert strip is not None
        assert name in strip.text
        if size[0] > 40:
            assert f"by {name}" in shown.text()
            assert f"account {stage.store.nicknames()[SECOND]} full" in shown.status() or "429" in shown.status()
        assert FIRST[:4] not in shown.text()


async def test_a_full_account_is_shown_with_its_users_and_the_next_try(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    full = "another client uses 3 of 3 slots: 81c0"
    for one in (FIRST, SECOND):
        stage.store.put_gate(Gate("studio", one, WaitCause.BUSY, NOON - 5, NOON + 12, 2, full))
    known = [account._replace(others=3, executing=3) for account in stage.store.accounts("studio")]
    stage.store.put_accounts("studio", known)
    stage.add("rain")
    name = stage.store.nicknames()[FIRST]
    async with show(80, 24) as shown:
        assert f"account {name} full: another client uses it · try 2 in 0:12" in shown.status()
    async with show(120, 36) as shown:
        assert f"account {name} full: another client uses it · 1 job waiting · try 2 in 0:12" in shown.status()
        assert f"account {name}: {full}" in " ".join(shown.words().split())


async def test_slots_used_by_this_program_are_not_attributed_to_others(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    for number in range(6):
        stage.add(f"rain {number}", Status.MAKING, age=4, account=FIRST if number < 3 else SECOND)
    stage.add("snow")
    async with show(120, 36) as shown:
        await shown.press("escape", "G")
        assert "this program uses 6 of 6 slots" in " ".join(shown.words().split())


async def test_song_and_detail_show_the_nickname(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.add("rain", Status.MAKING, age=4)
    name = stage.store.nicknames()[FIRST]
    async with show(120, 36) as shown:
        assert f"account {name}" in shown.words()
        await shown.press("escape", "d")
        assert f"account {name}" in shown.words()
        assert f"user_id {FIRST}" in shown.words(), "the detail shows the id too"


async def test_the_account_option_and_the_filter_accept_nicknames(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    name = stage.store.nicknames()[FIRST]
    async with show() as shown:
        await shown.press("ctrl+t", "a")
        await shown.type(name)
        await shown.press("enter")
        assert shown.app.draft.options.account == FIRST
        assert f"account {name}" in shown.text()
        await shown.press("escape", "escape", "slash")
        stage.add("rain", Status.MAKING)
        shown.app.show_changes()
        await shown.type(f"account:{name}")
        assert len(shown.app.model.list) == 1


async def test_a_new_account_has_no_jobs_that_continue(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    async with show() as shown:
        await shown.press("f4", "enter")
        assert "its jobs continue" in shown.words()
        await shown.press("escape", "a")
        assert "New account" in shown.text()
        assert "its jobs continue" not in shown.words()
        await shown.press("escape")
        stage.service.capabilities = stage.service.capabilities._replace(local=True)
        await shown.press("a")
        assert "The studio needs no login: any text" in shown.words()


@pytest.mark.parametrize("size", SIZES)
async def test_an_account_is_renamed_on_its_screen(show: ShowScreen, stage: Stage, size: tuple[int, int]) -> None:
    stage.accounts()
    name = stage.store.nicknames()[FIRST]
    async with show(*size) as shown:
        await shown.press("f4")
        await shown.settle()
        row = next(line for line in shown.text().splitlines() if name in line)
        assert (FIRST in row) is (size[0] >= 80)
        await shown.press("R")
        await shown.press(*["backspace"] * len(name))
        await shown.type("work")
        await shown.press("enter")
        assert stage.store.nicknames()[FIRST] == "work"
        assert "work" in shown.text()
        await shown.press("R")
        await shown.type("two words")
        await shown.press("enter")
        assert stage.store.nicknames()[FIRST] == "work", "a nickname is one word"
        assert "A name has up to 24 letters, digits, dots, dashes or underscores" in shown.words()
        assert "two words" in shown.words(), "it is still there to be corrected"
        await shown.press("escape")
        assert "Rename the account" not in shown.words()


async def test_the_credits_banner_and_the_dashboard_use_the_nickname(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.store.put_gate(Gate("studio", SECOND, WaitCause.CREDITS, NOON))
    stage.done("rain", "Only", 60, 100, "C", "pop")
    names = stage.store.nicknames()
    async with show() as shown:
        assert f"Account {names[SECOND]}: no credits" in shown.text()
        await shown.app.run_action("screen.open_dashboard")
        for _ in range(40):
            await shown.settle()
            if names[FIRST] in shown.text():
                break
        assert names[FIRST] in shown.text()
