"""The cost of the first frame, counted in work instead of time: nothing twice, nothing invisible."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.state import view_model
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, busy_evening


def count_styled(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often a widget is styled, by its id or class."""
    styled: Counter[str] = Counter()
    apply = Stylesheet.apply

    def counted(self: Stylesheet, node: Any, **options: Any) -> None:
        styled[node.id or type(node).__name__] += 1
        apply(self, node, **options)

    monkeypatch.setattr(Stylesheet, "apply", counted)
    return styled


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_widgets_without_focus_are_styled_once(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    busy_evening(stage)
    styled = count_styled(monkeypatch)
    async with show(*size):
        assert {id: styled[id] for id in ("topline", "jobs", "jobs-view", "song", "status")} == dict.fromkeys(
            ("topline", "jobs", "jobs-view", "song", "status"), 1
        )


async def test_a_change_of_focus_styles_only_the_focus_and_the_frames(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_evening(stage)
    async with show(120, 36) as shown:
        main = shown.app.main
        assert (main.prompt.has_class("-active"), main.jobs.has_class("-active")) == (True, False)
        styled = count_styled(monkeypatch)
        await shown.press("escape")
        assert (main.prompt.has_class("-active"), main.jobs.has_class("-active")) == (False, True)
        assert {id: styled[id] for id in ("prompt", "editor", "jobs", "jobs-view")} == dict.fromkeys(
            ("prompt", "editor", "jobs", "jobs-view"), 1
        )
        assert not styled.keys() & {"options", "detected", "song", "topline", "status"}


@pytest.mark.usefixtures("every_frame")
@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_at_most_two_layouts_precede_the_first_frame(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    busy_evening(stage)
    done: list[str] = []

    def noted(name: str) -> Callable[..., Any]:
        plain = getattr(Compositor, name)

        def method(compositor: Compositor, *given: Any, **options: Any) -> Any:
            done.append(name)
            return plain(compositor, *given, **options)

        return method

    for name in ("reflow", "render_full_update", "render_partial_update"):
        monkeypatch.setattr(Compositor, name, noted(name))
    stage.deps.callbacks.painted = lambda: done.append("begun")
    async with show(*size):
        before = done[: done.index("begun")]
        assert before.count("reflow") <= 2, "when the screen opens, and once its widgets have their texts"
        assert before[before.index("render_full_update") :] == ["render_full_update"] * 2, (
            "the second has nothing to draw"
        )
        assert "render_partial_update" not in before


async def test_returning_to_the_main_screen_restyles_it(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        before = shown.app.main.status.plain.bgcolor
        await shown.press("f1")
        shown.app.apply_theme("textual-light")
        await shown.press("escape")
        assert shown.app.main.status.plain.bgcolor != before, "a theme changed meanwhile is applied"


async def test_the_filter_is_created_when_first_opened(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        assert not shown.app.screen.query("#filter")
        await shown.press("escape", "slash", "k", "e", "e")
        assert len(shown.app.screen.query("#filter")) == 1
        assert shown.app.main.jobs.filter.value == "kee", "no key is lost while it is created"
        await shown.press("escape", "slash")
        assert shown.app.focused is shown.app.main.jobs.filter
        assert shown.app.main.jobs.filter.value == ""
        assert len(shown.app.screen.query("#filter")) == 1


def test_the_core_is_notified_once_all_older_jobs_are_read(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_model, "FIRST_ROWS", 2)
    monkeypatch.setattr(view_model, "PAGE_ROWS", 3)
    for number in range(7):
        stage.add(f"prompt {number}", Status.CANCELLED)
    reported: list[int] = []
    here = view_model.ViewModel(stage.deps)
    monkeypatch.setattr(stage.deps.callbacks, "read", lambda: reported.append(len(here.list.jobs)))
    while here.read_older() is not None:
        assert not reported
    assert reported == [7]


def test_texts_load_without_the_zipfile_module() -> None:
    code = "import riffusion_tui.tui.messages as m, sys; m.message('pane.jobs'); print('zipfile' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "False"
