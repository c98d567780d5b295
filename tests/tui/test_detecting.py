"""Words are detected in the prompt while it is being typed, in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from riffusion_tui.cli.wiring.screen_setup import understood
from riffusion_tui.jobs.model import Options
from riffusion_tui.tui.dependencies import UnderstoodWord
from riffusion_tui.tui.screens import main
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, analyze
from tests.tui.waiting import until

SWAHILI = "give Swahili lyrics to have them sung."


async def test_limits_take_the_options_into_account(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "_DETECT_AFTER_S", 0.0)
    monkeypatch.setattr(main, "_UNFINISHED_S", 0.0)
    stage.deps.callbacks.understand = understood
    async with show(200, 50) as shown:

        async def shows(limit: str, *, wanted: bool = True) -> None:
            await shown.settle()
            await until(shown, lambda: (limit in shown.words()) is wanted)

        await shown.type("pop in swahili")
        await shows(SWAHILI)
        await shown.press("ctrl+t", "y")
        await shown.type("Habari ya asubuhi")
        await shown.press("ctrl+j")
        await shows(SWAHILI, wanted=False)
        await shows("no spelling rules for Swahili")
        await shown.press("y", "ctrl+u", "ctrl+j")
        await shows(SWAHILI)
        await shows("no spelling rules for Swahili", wanted=False)
        await shown.press("v")
        await shows(SWAHILI, wanted=False)


async def test_one_thread_at_a_time_detects_words(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "_DETECT_AFTER_S", 0.0)
    running, most, read = 0, 0, list[str]()
    let_go = threading.Event()

    def slow(prompt: str, options: Options) -> Sequence[UnderstoodWord]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        read.append(prompt)
        let_go.wait(10)
        running -= 1
        return analyze(prompt, options)

    stage.deps.callbacks.understand = slow
    async with show() as shown:
        for letter in "lofi":
            await shown.type(letter)
            await asyncio.sleep(0.02)
        let_go.set()
        await until(shown, lambda: read[-1:] == ["lofi"] and not running)
        assert most == 1
        assert len(read) <= 3, "what was typed over meanwhile is not read"


async def test_the_genre_that_the_studio_chooses_is_shown(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "_DETECT_AFTER_S", 0.0)
    stage.deps.callbacks.understand = understood
    async with show(80, 24) as shown:
        await shown.type("violin over the sea at dusk")
        await until(shown, lambda: "Genre: " in shown.words())
        await shown.type(", techno")
        await until(shown, lambda: "techno" in shown.words().partition("Detected:")[2])
        assert "Genre: " not in shown.words()


@pytest.mark.parametrize(("seed", "count"), [(None, 2), (5, 1)])
def test_genres_are_suggested_only_if_the_prompt_names_none(seed: int | None, count: int) -> None:
    found = [word.meaning for word in understood("sunset", Options(seed=seed)) if word.kind == "suggested"]
    assert len(found) == len(set(found)) == count
    assert [word for word in understood("techno", Options(seed=seed)) if word.kind == "suggested"] == []
    assert [word for word in understood(" ", Options()) if word.kind == "suggested"] == []
