"""Long prompts, such as a pasted log, are counted after a pause and only once."""

from __future__ import annotations

import pytest
from textual import events

from riffusion_tui.jobs.matrix import Count, count
from riffusion_tui.tui.screens import main
from riffusion_tui.tui.state.prompt import preview
from riffusion_tui.tui.state.prompt.draft import Draft
from riffusion_tui.tui.state.prompt.preview import Preview, preview_of
from riffusion_tui.tui.state.view_model import ViewModel
from tests.tui.conftest import ShowScreen
from tests.tui.waiting import until_shown


async def test_a_long_text_that_is_pasted_in_pieces_is_counted_once(
    show: ShowScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    previewed: list[int] = []

    def previewed_as(model: ViewModel, draft: Draft, text: str, length_s: float | None) -> Preview:
        previewed.append(len(text))
        return preview_of(model, draft, text, length_s)

    async with show() as shown:
        monkeypatch.setattr(main, "preview_of", previewed_as)
        for _ in range(30):  # as they come without bracketed paste
            shown.app.post_message(events.Paste("rain {a|b} on a window\n---\n" * 100))
        await until_shown(shown, "6,000 songs")
        assert len(previewed) < 15
        shown.app.main.prompt.editor.put("rain")
        await shown.settle()
        assert 4 in previewed, "a short text is counted at once"


async def test_a_text_is_counted_again_only_if_it_changes(show: ShowScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    def counting(text: str, takes: int) -> Count:
        counted.append(text)
        return count(text, takes)

    monkeypatch.setattr(preview, "count", counting)
    async with show() as shown:
        shown.app.main.prompt.editor.put("{snow|hail} on a roof")
        await shown.settle()
        for number in range(5):
            shown.stage.add(f"rain {number}")
            shown.app.show_changes()
            await shown.settle()
        assert counted.count("{snow|hail} on a roof") == 1


async def test_an_edge_says_that_a_long_text_is_being_counted(
    show: ShowScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said that there is no prompt, or how many songs the one before makes, for up to four seconds."""
    async with show() as shown:
        monkeypatch.setattr(main.MainScreen, "_detect", lambda *given, **more: None)
        shown.app.main.prompt.editor.put("rain on a window " * 2000)
        await shown.settle()
        assert str(shown.app.main.prompt.border_subtitle) == "counting songs…"


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
async def test_the_edge_shows_a_length_that_is_near_or_over_the_limit(show: ShowScreen, size: tuple[int, int]) -> None:
    """Only the key to generate said so, in the end."""
    async with show(*size) as shown:
        editor = shown.app.main.prompt.editor
        for text, edge in (
            ("a" * 8_999, ""),
            ("a" * 9_000, "9,000/10,000 characters"),
            ("a" * 10_001, "too long: 10,001/10,000 characters"),
            ("{" + "a" * 9_001 + "|b}", "9,001/10,000 characters"),
            ("b {" + "a" * 4_100 + "|c} @acestep", "too long: 4,102/4,096 characters"),
            ("a" * 4_100 + "@nobody rain", ""),
        ):
            editor.put(text)
            await shown.settle()
            subtitle = str(shown.app.main.prompt.border_subtitle)
            assert edge in subtitle
            assert ("characters" in subtitle) == bool(edge)
            assert edge in shown.text(), "it fits"


async def test_the_edge_shows_a_changed_jobs_length(show: ShowScreen) -> None:
    async with show() as shown:
        shown.stage.add("a" * 9_500)
        shown.app.show_changes()
        await shown.press("escape", "e")
        assert "9,500/10,000 characters · edits job 1" in shown.words()
