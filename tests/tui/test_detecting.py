"""Words are detected in the prompt while it is being typed, in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from riffusion_tui.tui.dependencies import UnderstoodWord
from riffusion_tui.tui.screens import main
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, analyze


async def test_one_thread_at_a_time_detects_words(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "_DETECT_AFTER_S", 0.0)
    running, most, read = 0, 0, list[str]()
    let_go = threading.Event()

    def slow(prompt: str) -> Sequence[UnderstoodWord]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        read.append(prompt)
        let_go.wait(10)
        running -= 1
        return analyze(prompt)

    stage.deps.understand = slow
    async with show() as shown:
        for letter in "lofi":
            await shown.type(letter)
            await asyncio.sleep(0.02)
        let_go.set()
        for _ in range(200):
            if read and read[-1] == "lofi" and not running:
                break
            await asyncio.sleep(0.02)
        assert read[-1] == "lofi"
        assert most == 1
        assert len(read) <= 3, "what was typed over meanwhile is not read"
