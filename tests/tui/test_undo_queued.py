"""Undo of songs that were just queued: it cancels what was announced."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.status import Status
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage


@pytest.mark.parametrize(
    ("keys", "waited_s", "said", "cancelled"),
    [
        (("r", "r"), 0.1, "2 songs queued behind 1. z cancels them.", 2),
        (("o", "o"), 0.1, "2 songs queued behind 1. z cancels them.", 2),
        (("o", "r"), 0.1, "1 song queued with the same seed: the same song. o makes another, z cancels it.", 1),
        (("r", "r"), 3.0, "1 song queued behind 2. T sends it next, z cancels it.", 1),
        (("r", "g", "r"), 0.1, "1 song queued behind 2. T sends it next, z cancels it.", 1),
    ],
)
async def test_undo_cancels_what_one_held_key_made_as_announced(
    show: ShowScreen, stage: Stage, keys: tuple[str, ...], waited_s: float, said: str, cancelled: int
) -> None:
    stage.service.capabilities = stage.service.capabilities._replace(local=True)
    stage.add("snow")
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "G", *keys[:-1])
        stage.clock.at += waited_s
        await shown.press(keys[-1])
        assert shown.status() == said
        await shown.press("z")
        assert [job.status for job in shown.jobs].count(Status.CANCELLED) == cancelled


async def test_a_held_key_announces_only_what_undo_can_still_cancel(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = stage.service.capabilities._replace(local=True)
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "r")
        stage.store.update(shown.jobs[-1].id, Status.FAILED, "failed")
        shown.app.show_changes()
        await shown.press("r")
        assert shown.status() == "1 song queued. z cancels it."


async def test_undo_of_songs_that_have_ended_leaves_earlier_commands_alone(show: ShowScreen, stage: Stage) -> None:
    stage.add("snow")
    async with show() as shown:
        await shown.press("escape", "h", "ctrl+n")
        await shown.type("rain")
        await shown.press("ctrl+j", "escape")
        stage.store.update(2, Status.FAILED, "failed")
        await shown.press("z")
        assert shown.status() == "The songs queued last have ended. z again undoes the command before."
        assert [job.status for job in shown.jobs] == [Status.HELD, Status.FAILED]
        await shown.press("z")
        assert [job.status for job in shown.jobs] == [Status.QUEUED, Status.FAILED]


async def test_undo_of_the_only_songs_says_that_they_have_ended(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.type("rain")
        await shown.press("ctrl+j", "escape")
        stage.store.update(1, Status.FAILED, "failed")
        await shown.press("z")
        assert shown.status() == "The songs queued last have ended. Nothing to undo."
        await shown.press("z")
        assert shown.status() == "Nothing to undo."
