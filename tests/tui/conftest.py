"""Fixtures: stages and shown screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.design import ColorSystem
from textual.screen import Screen

from riffusion_tui.tui.app import RiffusionApp
from tests.tui import frames
from tests.tui.skipped_time import skipped_time
from tests.tui.stage import Shown, Stage, set_stage


@pytest.fixture(autouse=True, scope="package")
def no_waits() -> Iterator[None]:
    """Wait for threads, programs and sockets, but skip timers."""
    with skipped_time():
        yield


@pytest.fixture(autouse=True, scope="package")
def frames_left(no_waits: None) -> Iterator[None]:
    """Let the apps of `show` leave frames unpainted."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Screen, "_compositor_refresh", frames.refresh)
        yield


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """Parse each style sheet and theme once for all apps: every test starts its own app with the same ones."""
    parsed: dict[Any, list[RuleSet]] = {}
    parse = Stylesheet._parse_rules
    hashable: WeakKeyDictionary[Stylesheet, tuple[dict[str, str], frozenset[Any]]] = WeakKeyDictionary()
    interned: dict[frozenset[Any], frozenset[Any]] = {}  # compared by identity, which is faster
    colors: dict[Any, dict[str, str]] = {}
    generate = ColorSystem.generate

    def cached(sheet: Stylesheet, *place: Any, **more: Any) -> list[RuleSet]:
        if sheet not in hashable or hashable[sheet][0] is not sheet._variables:
            variables = frozenset(sheet._variables.items())
            hashable[sheet] = sheet._variables, interned.setdefault(variables, variables)
        key = (hashable[sheet][1], place, frozenset(more.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, *place, **more)
        return parsed[key]

    def generated(system: ColorSystem) -> dict[str, str]:
        given = vars(system)
        key = frozenset({**given, "variables": frozenset(given["variables"].items())}.items())
        if key not in colors:
            colors[key] = generate(system)
        return dict(colors[key])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stylesheet, "_parse_rules", cached)
        patched.setattr(ColorSystem, "generate", generated)
        # Equal to Textual's, but in C: each node to be styled looks up each rule in a set.
        patched.setattr(RuleSet, "__hash__", object.__hash__)
        yield


@pytest.fixture(autouse=True)
def colors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Assume a terminal with all colors, regardless of the one that runs the tests."""
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
def every_frame(stage: Stage) -> None:
    """Paint every frame, for a test of painting."""
    stage.paints_every_frame = True


@pytest.fixture
def show(stage: Stage) -> ShowScreen:
    """Show the stage on a screen of a given size; output to the terminal itself is in `sent`."""

    @asynccontextmanager
    async def shown(width: int = 80, height: int = 24) -> AsyncIterator[Shown]:
        app = RiffusionApp(stage.deps)
        sent: list[str] = []
        app.terminal._write = sent.append
        if not stage.paints_every_frame:
            frames.leave_frames(app)
        async with app.run_test(size=(width, height)) as pilot:
            made = Shown(app, pilot, sent, stage)
            await pilot.pause()
            yield made
            if app.is_running:
                frames.paint_last(app)
                # Otherwise, the focus moves on, with new styles, as each focused widget closes.
                app.screen.set_reactive(Screen.focused, None)

    return shown
