"""Fixtures: stages and shown screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from riffusion_tui.tui.app import RiffusionApp
from tests.tui.stage import Shown, Stage, set_stage


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with all colours, whatever the one is that the tests run in."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """An empty stage."""
    made = set_stage(tmp_path)
    yield made
    made.store.close()


ShowScreen = Callable[..., AbstractAsyncContextManager[Shown]]


@pytest.fixture
def show(stage: Stage) -> ShowScreen:
    """Show the stage on a screen of a size; what goes to the terminal itself is in `sent`."""

    @asynccontextmanager
    async def shown(width: int = 80, height: int = 24) -> AsyncIterator[Shown]:
        app = RiffusionApp(stage.deps)
        sent: list[str] = []
        app.terminal._write = sent.append
        async with app.run_test(size=(width, height)) as pilot:
            await pilot.pause()
            yield Shown(app, pilot, sent, stage)

    return shown
