"""The prompt's keys in the other panes of the main screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from riffusion_tui.clean import MAX_TEXT
from riffusion_tui.tui.widgets import plain_text_area
from riffusion_tui.tui.widgets.editor import PromptEditor
from riffusion_tui.tui.widgets.line_field import LineField
from riffusion_tui.tui.widgets.plain_text_area import MAX_LINE
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


@pytest.mark.parametrize("way", [("escape",), ("ctrl+t",), ("escape", "enter")])
async def test_keys_of_the_prompt_work_in_every_pane(show: ShowScreen, stage: Stage, way: tuple[str, ...]) -> None:
    stage.done("rain", "Distant", 60, 100, "C", "pop")
    stage.store.remember_prompt("slow rain")
    async with show() as shown:
        await shown.press(*way, "f7")
        assert shown.status().startswith("The library is empty")
        await shown.press("ctrl+r")
        assert "Earlier prompts" in shown.text()
        await shown.press("enter")
        assert shown.app.main.text == "slow rain"
        assert shown.app.main.prompt.editor.has_focus
        await shown.press(*way, "ctrl+t")
        assert shown.app.main.prompt.options.has_focus


async def test_too_long_a_paste_is_refused_and_changes_nothing(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.type("snow")
        shown.app.post_message(events.Paste("rain\n" * (MAX_TEXT // 5) + "the rest"))
        await shown.settle()
        assert shown.app.main.text == "snow"
        assert shown.status() == "Not pasted: over 1,000,000 characters. For more: riffusion-tui batch FILE"


async def test_a_paste_must_fit_into_the_text_beside_it(show: ShowScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_text_area, "MAX_TEXT", 10)
    async with show() as shown:
        editor = shown.app.main.prompt.editor
        for before, pasted, after in (("snow", "rain, ", "snowrain, "), ("hail", "rain, x", "hail")):
            editor.put(before)
            shown.app.post_message(events.Paste(pasted))
            await shown.settle()
            assert editor.text == after


async def test_too_long_a_line_is_not_pasted(show: ShowScreen) -> None:
    async with show() as shown:
        editor = shown.app.main.prompt.editor
        editor.put("a\n" + "b" * 100 + "\nc")
        editor.move_cursor((1, 100))
        shown.app.post_message(events.Paste("rain " * (MAX_LINE // 5)))
        await shown.settle()
        assert editor.text == "a\n" + "b" * 100 + "\nc"
        assert shown.status() == "Not pasted: a line would have over 20,000 characters. Break it up first."
        editor.select_line(1)
        shown.app.post_message(events.Paste("rain " * (MAX_LINE // 5)))
        await shown.settle()
        assert editor.text == "a\n" + "rain " * (MAX_LINE // 5) + "\nc", "it takes the place of the selected line"


async def test_the_rest_of_a_paste_in_pieces_is_refused_without_a_gap(
    show: ShowScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(plain_text_area, "monotonic", lambda: now)
    pieces = ["rain " * 2000, "snow " * 2001, "hail"]
    async with show() as shown:
        for piece in pieces:  # as it comes without bracketed paste
            shown.app.post_message(events.Paste(piece))
            await shown.settle()
        assert shown.app.main.text == pieces[0]
        assert shown.status() == "Pasted in part: a line would have over 20,000 characters. Break it up first."
        now += 5
        shown.app.post_message(events.Paste(pieces[1]))
        await shown.settle()
        assert shown.status() == "Not pasted: a line would have over 20,000 characters. Break it up first."
        now += 5
        shown.app.post_message(events.Paste("hail"))
        await shown.settle()
        assert shown.app.main.text == pieces[0] + "hail"


async def test_the_example_prompt_can_be_saved_and_opened_in_an_external_editor(
    show: ShowScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def edited(app: object, text: str, suffix: str) -> str:
        return f"{text}, slow"

    monkeypatch.setattr("riffusion_tui.tui.external_editor.edited", edited)
    async with show() as shown:
        example = shown.app.main.prompt.editor.effective_text
        assert example
        await shown.app.run_action("screen.keep_prompt")
        await shown.settle()
        assert shown.app.screen.query_one(LineField).value == example
        await shown.press("escape", "ctrl+o")
        assert shown.app.main.prompt.editor.text == f"{example}, slow"


@pytest.mark.parametrize(("name", "leaves"), [("vi", "esc, then :wq and enter, keeps it"), ("nano", "^X leaves")])
async def test_without_an_editor_set_the_one_that_opens_is_explained_once(
    show: ShowScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, leaves: str
) -> None:
    program = tmp_path / "bin" / name
    program.parent.mkdir()
    program.touch(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    async with show() as shown:
        await shown.press("ctrl+o")
        assert f"$EDITOR isn't set, so this opens {name}." in shown.words()
        assert leaves in shown.words()
        await shown.press("n")
        assert shown.status() == ""
        await shown.press("ctrl+o", "y")
        assert "can't run an editor" in shown.status(), "it was started, which a test's terminal can't do"
        await shown.press("ctrl+o")
        assert "isn't set" not in shown.words()


async def test_if_no_editor_is_installed_the_screen_says_so(
    show: ShowScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with show() as shown:
        await shown.press("ctrl+o")
        assert shown.status() == "No editor found (vi, nano). Install one, or set $EDITOR and restart."


def cursor_row(editor: PromptEditor) -> int:
    """Return the row of the window that the cursor is in."""
    return editor.wrapped_document.location_to_offset(editor.cursor_location).y - round(editor.scroll_y)


async def test_the_cursor_stays_in_view_when_a_line_wraps(show: ShowScreen) -> None:
    async with show() as shown:
        editor = shown.app.main.prompt.editor
        editor.put("rain\n" * 4 + "w" * 72)
        await shown.settle()
        for count in range(5):
            await shown.press("w")
            assert 0 <= cursor_row(editor) < editor.content_size.height, f"key {count}"


async def test_undo_may_remove_the_cursors_line(show: ShowScreen) -> None:
    async with show() as shown:
        editor = shown.app.main.prompt.editor
        editor.put("rain")
        editor.put("rain\nsnow\nhail")
        await shown.press("ctrl+z")
        assert shown.app.is_running
        assert (editor.text, cursor_row(editor)) == ("rain", 0)


async def test_a_paste_that_is_too_long_for_a_line_is_refused_whole(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "l")
        field = shown.app.screen.query_one(LineField)
        for pasted, value in (("rain " * 180_000, ""), ("snow " * 1_999 + "end", "snow " * 1_999 + "end")):
            shown.app.post_message(events.Paste(pasted))
            await shown.settle()
            assert field.value == value
        assert shown.status() == "Not pasted: over 10,000 characters."
        shown.app.post_message(events.Paste("a third"))
        await shown.settle()
        assert field.value == value, "with it, the line would be too long"
        field.select_all()
        shown.app.post_message(events.Paste("a third"))
        await shown.settle()
        assert field.value == "a third"


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
@pytest.mark.parametrize("end", ["", " of rain" * 40])
async def test_any_change_may_remove_the_scrollbar(show: ShowScreen, size: tuple[int, int], end: str) -> None:
    lines = "\n".join(f"line {number}" for number in range(40)) + end
    async with show(*size) as shown:
        editor = shown.app.main.prompt.editor

        async def pressed(*keys: str) -> str:
            await shown.press(*keys)
            assert shown.app.is_running
            return editor.text

        shown.app.post_message(events.Paste(lines))
        await shown.settle()
        assert await pressed("ctrl+z") == ""
        assert await pressed("ctrl+y") == lines
        editor.select_all()
        assert await pressed("ctrl+x") == ""
        assert await pressed("ctrl+z") == lines
        editor.move_cursor(editor.document.end)
        assert await pressed("ctrl+y") == "", "cut again"
        assert await pressed("ctrl+z") == lines
        editor.select_all()
        assert await pressed("a") == "a"
        assert await pressed("ctrl+z") == lines
        editor.put("soul")
        await shown.settle()
        assert (editor.text, cursor_row(editor)) == ("soul", 0)
        assert await pressed("ctrl+z") == lines
        assert 0 <= cursor_row(editor) < editor.content_size.height


async def test_the_cursor_stays_in_view_when_the_window_changes(show: ShowScreen) -> None:
    async with show() as shown:
        editor = shown.app.main.prompt.editor
        editor.put("word " * 15 + "\n" + "word " * 45)
        await shown.settle()
        for width in (62, 40, 81):
            await shown.resize(width, 24)
            assert 0 <= cursor_row(editor) < editor.content_size.height, f"{width} columns"
        await shown.resize(80, 24)
        editor.put("rain\n" * 6 + "word " * 20)
        for location in ((0, 0), (6, 68)):  # in the last visible row, whose last word will move to the next one
            editor.move_cursor(location)
            await shown.settle()
        rows = editor.wrapped_document.height
        await shown.resize(73, 24)
        assert editor.wrapped_document.height == rows
        assert 0 <= cursor_row(editor) < editor.content_size.height
