"""The origin of a take and its differences from others, in the details and between two takes."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.state.song import lineage
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage
from tests.tui.test_other_screens import two_takes
from tests.tui.test_pieces import plain
from tests.tui.test_state import job


def test_changes_between_takes_and_ancestors_are_found() -> None:
    first = job(1, Status.DONE, bpm=90.0, key="Am")
    second = job(2, Status.DONE, parent=1, prompt="prompt 2 longer", key="C")
    shown = plain(lineage.describe_changes(first, second))
    assert "−[1] +[2 longer]" in shown
    assert "A minor → C major" in shown
    assert lineage.ancestors(second, {1: first, 2: second}.get) == [first]
    assert lineage.ancestors(second, {2: second}.get) == []
    same = job(3, prompt="x")
    assert plain(lineage.describe_changes(same, same)) == "same request"
    endless = job(4, parent=4)
    assert len(lineage.ancestors(endless, {4: endless}.get)) == 50


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("jazz, pop", "jazz, pop, slow", "jazz, pop, +[slow]"),
        ("jazz, pop, slow", "jazz, pop", "jazz, pop −[slow]"),
        ("warm pop; 90 bpm.", "warm pop, 90 bpm", "warm pop, 90 bpm"),
        ("... rain", ", rain", "−[...] +[,] rain"),
    ],
)
def test_a_mark_after_a_word_is_no_change_of_the_word(before: str, after: str, change: str) -> None:
    assert "".join(text for text, _ in lineage.prompt_change(before, after)).strip() == change


def test_an_unfinished_song_differs_only_in_its_request() -> None:
    made = job(1, Status.DONE, prompt="rain", title="Puddle", bpm=90.0, key="Am", seed=7, duration_s=100.0)
    making = job(2, Status.MAKING, prompt="rain")
    assert plain(lineage.describe_changes(made, making)) == "same request"
    requested = making._replace(options=Options(seed=9))
    assert plain(lineage.describe_changes(made, requested)).split() == ["seed", "7", "→", "9"]


async def test_compared_takes_leave_room_for_their_seeds(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    for title, seed in (("First", 2139111685), ("Second", 1977126844)):
        stage.done("rain", title, 60, 100, "C", "pop", options=Options(seed=seed))
    async with show(80, 24) as shown:
        await shown.press("escape", "v")
        assert "seed   2139111685 → 1977126844" in shown.text()


async def test_lineage_lists_changes(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    job = stage.done("lofi house, 90 bpm", "One", 60, 90, "C", "house")
    stage.deps.job_commands.again([job.id], prompt="lofi house, 120 bpm, rain")
    async with show(100, 60) as shown:
        await shown.press("escape", "d")
        assert "Job 2 is based on job 1:" in shown.text()
        assert "−[90] +[120] bpm, +[rain]" in shown.text()


async def test_values_in_the_detail_are_aligned_across_its_sections(show: ShowScreen, stage: Stage) -> None:
    two_takes(stage)
    async with show(100, 80) as shown:
        await shown.press("escape", "d")
        lines = shown.text().split("\n")
    labels = ("file", "service", "detected", "chosen", "sounds", "target length", "seed", "replyRef", "sha256")
    rows = {
        label: line.removeprefix(f"│ {label} ") for label in labels for line in lines if line.startswith(f"│ {label} ")
    }
    assert len(rows) >= 8, rows
    assert len({len(label) + len(rest) - len(rest.lstrip()) for label, rest in rows.items()}) == 1, rows
