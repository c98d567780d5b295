"""A terminal without UTF-8 gets only ASCII, wherever a sign comes from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from riffusion_tui.jobs.model import Gate, Song, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui import messages
from tests.tui.conftest import ShowScreen
from tests.tui.stage import NOON, Stage
from tests.tui.test_song_chart import CHART

LONG = "The Extraordinarily Long Title \u2013 Of A Song \u201cAbout\u201d Everything That Has Ever Happened Anywhere"


@pytest.fixture
def ascii_stage(stage: Stage) -> Iterator[Stage]:
    settings = stage.deps.settings
    stage.deps.settings = settings._replace(screen=settings.screen._replace(glyphs="ascii"))
    yield stage
    messages.use("en")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36)])
@pytest.mark.parametrize(
    "keys", [(), ("M",), ("d",), ("v",), ("L",), ("E",), ("enter",), ("D",), ("f1",), ("f2",), ("f4",), ("ctrl+p",)]
)
async def test_every_screen_is_ascii(
    show: ShowScreen, ascii_stage: Stage, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    stage = ascii_stage
    stage.accounts()
    parent = stage.done("slow rain", LONG, 40, 113, "B", "pop", batch="b")
    stage.deps.job_commands.again([parent.id], prompt="slow rain and a much longer prompt about the night")
    for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
        stage.store.update(2, status, title=LONG)
    stage.store.put_song(Song(2, plan={"chart": CHART}))
    stage.store.put_gate(Gate("studio", None, WaitCause.OFFLINE, NOON, NOON + 60, 2))
    stage.add("snow")
    async with show(*size) as shown:
        await shown.press("escape", "G", "up", *keys)
        assert [line for line in shown.text().splitlines() if not line.isascii()] == []
