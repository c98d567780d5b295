"""Several services on the screen: another one chosen, a song made with another one, a service's own options."""

from __future__ import annotations

import pytest

from riffusion_tui.services.profiles import profile_of
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


@pytest.fixture
def ace(stage: Stage) -> Stage:
    stage.service.capabilities = profile_of("acestep").capabilities
    return stage


async def test_another_service_is_chosen_from_the_palette(show: ShowScreen, stage: Stage) -> None:
    wanted: list[str] = []
    stage.deps.switch = wanted.append
    async with show() as shown:
        shown.app.main.action_choose_service()
        await shown.settle()
        await shown.type("ace")
        await shown.press("enter")
        assert (wanted, shown.app.return_code) == (["acestep"], 0)


async def test_the_service_that_is_in_use_is_not_opened_again(show: ShowScreen, stage: Stage) -> None:
    wanted: list[str] = []
    stage.deps.switch = wanted.append
    async with show() as shown:
        shown.app.main.action_choose_service()
        await shown.settle()
        await shown.type("studio")
        await shown.press("enter")
        assert wanted == []
        assert shown.app.is_running


async def test_a_kept_sketch_is_made_with_another_service_by_one_key(show: ShowScreen, stage: Stage) -> None:
    done = stage.done("calm piano", "Harbour Lights", 182, 84, "F", "soul")
    async with show() as shown:
        await shown.press("escape", "W")
        await shown.settle()
        await shown.type("ace")
        await shown.press("enter")
        made = next(job for job in shown.jobs if job.id != done.id)
        assert (made.service, made.parent, made.prompt) == ("acestep", done.id, "calm piano")


async def test_the_services_own_options_are_set_by_keys(show: ShowScreen, ace: Stage) -> None:
    async with show(200, 50) as shown:
        await shown.type("calm piano")
        await shown.press("ctrl+t", "f")
        await shown.settle()
        await shown.type("tempo")
        await shown.press("enter")
        await shown.type("96")
        await shown.press("enter")
        assert "tempo 96" in shown.text()
        await shown.press("f")
        await shown.settle()
        await shown.type("meter")
        await shown.press("enter")
        await shown.type("3/4")
        await shown.press("enter")
        await shown.press("f")
        await shown.settle()
        await shown.type("tempo")
        await shown.press("enter")
        await shown.press("end", *["backspace"] * 2, "9", "enter")
        assert "tempo must be a number (30 to 300), not '9'" in shown.text()
        await shown.press("escape", "ctrl+j")
        (job,) = shown.jobs
        assert job.options.extra == (("tempo", "96"), ("meter", "3/4"))
