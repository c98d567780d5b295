"""F1 explains the keys of a dialog, as it explains those of a pane; escape goes back to what was typed."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.model import Song
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.screens.ask import Reader
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("ctrl+t", "y"), ("^J", "Sing these lyrics", "^O", "$EDITOR", "esc")),
        (("ctrl+t", "s"), ("enter", "Accept the text", "esc")),
        (("ctrl+p",), ("up, down", "Choose the entry", "enter", "esc", "page up, page down")),
        (("ctrl+r",), ("enter", "Choose the entry", "Remove the entry", "esc")),
    ],
)
async def test_f1_explains_the_keys_of_a_dialog(
    keys: tuple[str, ...], words: tuple[str, ...], show: ShowScreen, stage: Stage
) -> None:
    stage.store.remember_prompt("slow dub")
    async with show() as shown:
        await shown.press(*keys)
        dialog = shown.app.screen
        before = shown.text()
        await shown.type("1")
        typed = shown.text()
        assert typed != before
        await shown.press("f1")
        assert isinstance(shown.app.screen, Reader)
        assert not [word for word in words if word not in shown.text()]
        await shown.press("escape")
        assert shown.app.screen is dialog
        assert shown.text() == typed, "what was typed is kept"


async def test_f1_explains_the_keys_of_an_edit_and_of_locks(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    job = stage.done("a song", "A", 60, 100, "C", "pop", seed=7)
    stage.store.put_song(Song(job.id, plan={"bpm": 84, "key": "F", "mode": "major", "stems": ["Drums"]}))
    async with show() as shown:
        await shown.press("escape", "E")
        await shown.type("resize")
        await shown.press("enter", "f1")
        assert "Make the edited song" in shown.text()
        assert "next field" in shown.text()
        await shown.press("escape", "escape", "L", "f1")
        assert "Lock or unlock that property." in shown.text()
