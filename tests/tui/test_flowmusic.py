"""A service with refresh tokens, credits and more slots: the screen follows its capabilities."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riffusion_tui.config.settings_file import load
from riffusion_tui.jobs.model import Account, Gate, WaitCause
from riffusion_tui.secret import Secret
from riffusion_tui.services.base import AccountInfo, NotSent
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.screens.accounts import AccountsScreen
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, SECOND, Stage


@pytest.fixture
def flow(stage: Stage) -> Stage:
    """The stage with a service that has Flow Music's capabilities."""
    stage.service.capabilities = profile_of("flowmusic").capabilities
    stage.service.known = {FIRST: AccountInfo(FIRST, 15, credits=120.0), SECOND: AccountInfo(SECOND, 3, credits=4.0)}
    stage.accounts()
    return stage


async def test_accounts_show_refresh_tokens_credits_and_up_to_16_slots(show: ShowScreen, flow: Stage) -> None:
    async with show() as shown:
        await shown.press("f4")
        await shown.settle()
        assert "120 credits" in shown.text()
        assert "cookie" not in shown.text()
        await shown.press("right")
        assert flow.service.posted == [(None, 16, FIRST)]
        await shown.press("right")
        assert "from 1 to 16" in shown.text()
        await shown.press("e")
        assert f"New refresh token for {flow.store.nicknames()[FIRST]}" in shown.text()
        await shown.type("fresh")
        await shown.press("tab", "end", "backspace", "backspace", "1", "7", "enter")
        assert "from 1 to 16" in shown.text()
        await shown.press("backspace", "2", "enter")
        assert flow.service.posted[-1] == (Secret("fresh"), 12, FIRST)


async def test_the_accounts_screen_shows_its_errors(
    show: ShowScreen, flow: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused() -> tuple[Account, ...]:
        raise NotSent("No connection to the service.")

    monkeypatch.setattr(flow.deps.account_commands, "refresh", refused)
    async with show() as shown:
        await shown.press("f4")
        await shown.settle()
        assert isinstance(shown.app.screen, AccountsScreen)
        assert "No connection to the service." in shown.text()


async def test_missing_credits_have_a_banner_whose_key_retries(show: ShowScreen, flow: Stage) -> None:
    flow.store.put_gate(Gate("studio", SECOND, WaitCause.CREDITS, NOON))
    async with show() as shown:
        assert f"Account {flow.store.nicknames()[SECOND]}: no credits" in shown.text()
        assert "F4  check again" in shown.text()
        await shown.press("f4")
        await shown.settle()
        assert "no credits" not in shown.text().replace("credits  ", "")
        await shown.press("escape")
        assert ": no credits" not in shown.text(), "the next request shows whether there are credits"


async def test_the_service_can_be_changed_in_the_settings(show: ShowScreen, stage: Stage) -> None:
    wanted: list[str] = []
    stage.deps.callbacks.switch = wanted.append
    async with show() as shown:
        await shown.press("f2", "home", "enter")
        await shown.type("flow")
        await shown.press("enter")
        assert load(stage.deps.paths.settings_file).service.name == "flowmusic"
        assert wanted == ["flowmusic"], "the screen reopens for it"
        assert shown.app.return_code == 0


async def test_slots_are_limited_to_the_riffusion_apis_maximum(show: ShowScreen, stage: Stage) -> None:
    stage.service.known = {FIRST: replace(stage.service.known[FIRST], max_jobs=10)}
    async with show() as shown:
        await shown.press("f4")
        await shown.settle()
        await shown.press("right")
        assert stage.service.posted == []
        assert "from 1 to 10" in shown.text()


async def test_the_screen_offers_the_services_features(show: ShowScreen, flow: Stage) -> None:
    flow.done("slow soul", "Harbour Lights", 182, 84, "F", "soul")
    async with show() as shown:
        assert "default model" in shown.text()
        assert "FUZZ" not in shown.text()
        await shown.press("ctrl+t", "m", "enter")
        assert "lyria-3-pro" in shown.text()
        await shown.press("escape", "escape", "enter")
        assert "E edit song" in shown.text()
        assert "midi" not in shown.text()


async def test_unsupported_options_are_not_offered(show: ShowScreen, flow: Stage) -> None:
    async with show() as shown:
        await shown.type("rain")
        assert "2 songs ·" in shown.words(), "a prompt gives two songs"
        await shown.press("ctrl+j")
        assert shown.status() == "2 songs queued."
        await shown.press("escape", "r", "y")
        assert shown.status() == "2 songs queued behind 1. z cancels them."
        await shown.press("i", "ctrl+t")
        foot = shown.text().splitlines()[-1]
        assert "y lyrics  w write lyrics" in foot
        assert "seed" not in foot, "unsupported options are not offered"
        await shown.press("s")
        assert f"{flow.service.name} offers no choice of seed." in shown.words()
        await shown.press("f1")
        assert "write lyrics" in shown.words()
        assert "to make the same song again" not in shown.words()
