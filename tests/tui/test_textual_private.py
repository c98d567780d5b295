"""Every private name of Textual that is used works as expected; a new version may change it."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar

import pytest
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.keys import Keys
from textual.screen import Screen
from textual.widgets import Input, Static

from riffusion_tui.tui.textual_private import (
    ANSI_SEQUENCES_KEYS,
    FUNCTIONAL_KEYS,
    LeanCompositor,
    QuietApp,
    XTermParser,
    draw_lean,
    run_binding,
    with_own_components,
)


class Counting(QuietApp[None]):
    """One key counts, and another raises an error."""

    BINDINGS: ClassVar = [("f5", "count", ""), ("f6", "fail", "")]

    def __init__(self) -> None:
        super().__init__()
        self.counted = 0
        self.noted: list[str] = []

    def compose(self) -> ComposeResult:
        yield Input()

    def get_default_screen(self) -> Screen[None]:
        screen: Screen[None] = Screen()
        draw_lean(screen)
        return screen

    def action_count(self) -> None:
        self.counted += 1

    def action_fail(self) -> None:
        raise LookupError("a secret")

    def note_error(self) -> None:
        self.noted.append("once")


def test_the_tables_have_the_keys_that_terminals_send() -> None:
    assert ANSI_SEQUENCES_KEYS["\x1b[A"] == (Keys.Up,)
    assert FUNCTIONAL_KEYS["27u"] == "escape"


@pytest.mark.parametrize(
    ("sent", "message", "key"),
    [
        ("\x1b[A", events.Key, "up"),
        ("\x1b[97;5u", events.Key, "ctrl+a"),
        ("\x1b[12;40R", events.CursorPosition, None),
        ("\x1b[<0;3;4M", events.MouseDown, None),
        ("\x1b[I", events.AppFocus, None),
    ],
)
def test_the_parser_reads_terminal_sequences(sent: str, message: type[Any], key: str | None) -> None:
    (found,) = XTermParser().feed(sent)
    assert isinstance(found, message)
    assert getattr(found, "key", None) == key


async def test_only_keys_with_a_binding_run_an_action() -> None:
    app = Counting()
    async with app.run_test():
        assert await run_binding(app, "f5")
        assert not await run_binding(app, "f9")
        assert app.counted == 1


async def test_an_uncaught_error_ends_the_app_and_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    app = Counting()
    with pytest.raises(LookupError):
        async with app.run_test() as pilot:
            await pilot.press("f6")
    assert (app.noted, app.return_code) == (["once"], 1)
    written = capsys.readouterr()
    assert "secret" not in written.out + written.err


async def test_a_screen_draws_with_its_given_compositor() -> None:
    app = Counting()
    async with app.run_test() as pilot:
        await pilot.pause()
        compositor = app.screen._compositor
        assert isinstance(compositor, LeanCompositor)
        assert compositor.size == app.size
        field = app.query_one(Input).refresh()
        compositor.update_widgets({field})
        assert compositor._dirty_regions == {field.region}


async def test_a_held_compositor_draws_nothing_and_loses_no_change() -> None:
    app = Counting()
    async with app.run_test() as pilot:
        await pilot.pause()
        compositor = app.screen._compositor
        assert isinstance(compositor, LeanCompositor)
        compositor.held = True
        field = app.query_one(Input).refresh()
        compositor.update_widgets({field})
        assert compositor.render_update() is None
        assert compositor.render_update(full=True) is None
        compositor.held = False
        assert isinstance(compositor.render_update(), ChopsUpdate)
        assert isinstance(compositor.render_update(full=True), LayoutUpdate)


def test_replaced_methods_have_the_original_parameters() -> None:
    (base,) = LeanCompositor.__bases__
    replaced = (
        *((base, one) for one in ("_get_renders", "render_update", "render_partial_update")),
        (App, "_fatal_error"),
    )
    for held, name in replaced:
        mine = LeanCompositor if held is base else QuietApp
        assert list(inspect.signature(getattr(mine, name)).parameters) == list(
            inspect.signature(getattr(held, name)).parameters
        )


class Base(Static):
    COMPONENT_CLASSES: ClassVar = {"base--part"}


class Heir(Base):
    COMPONENT_CLASSES: ClassVar = {"heir--part"}


@with_own_components
class Apart(Base):
    COMPONENT_CLASSES: ClassVar = {"apart--part"}


async def test_a_class_has_only_its_own_component_classes() -> None:
    app: App[None] = App()
    async with app.run_test():
        heir, apart = Heir(), Apart()
        await app.mount(heir, apart)
        assert heir.get_component_styles("base--part", "heir--part")
        assert apart.get_component_styles("apart--part")
        with pytest.raises(KeyError):
            apart.get_component_styles("base--part")
