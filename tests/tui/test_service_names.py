"""Songs and servers of several services on one screen can be distinguished."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.matrix import Prompt
from riffusion_tui.jobs.model import Account, Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.state.grid import grid_of
from riffusion_tui.tui.state.song.lineage import differences
from tests.tui.conftest import ShowScreen
from tests.tui.stage import NOON, Shown, Stage

HOST = "127.0.0.1:8001"


@pytest.fixture
def ace(stage: Stage) -> Stage:
    stage.service.capabilities = profile_of("acestep").capabilities
    stage.service.name = stage.deps.service = "acestep"
    stage.store.put_accounts("acestep", [Account("acestep", HOST, 2, seen_at=NOON)])
    return stage


def rows(shown: Shown, word: str) -> list[str]:
    return [line for line in shown.text().splitlines() if word in line]


async def test_rows_and_grid_show_the_service_of_a_song(show: ShowScreen, stage: Stage) -> None:
    async with show(80, 24) as shown:
        await shown.type("slow rain, {80|95} bpm {@studio|@acestep}")
        await shown.press("ctrl+j", "escape")
        assert [("@acestep" in row) for row in rows(shown, "waits")] == [False, True] * 2
        assert "@studio" not in rows(shown, "waits")[0]
        await shown.press("home", "d")
        assert "service studio" in shown.words()
        await shown.press("escape", "end", "d")
        assert "service acestep" in shown.words()
        await shown.press("escape")
        grid = grid_of(shown.jobs)
        assert (grid.rows, grid.columns) == (("@studio", "@acestep"), ("80", "95"))
        assert all(len(cell) == 1 for row in grid.cells for cell in row)


@pytest.mark.parametrize("width", [80, 200])
async def test_a_server_without_its_key_is_not_reported_as_a_lost_session(
    show: ShowScreen, ace: Stage, width: int
) -> None:
    (job,) = ace.deps.job_commands.submit([Prompt("calm")], Options())
    why = f"{HOST} requires a key: Missing Authorization header"
    ace.store.put_gate(Gate("acestep", HOST, WaitCause.BROKEN, NOON, detail=why))
    async with show(width, 24) as shown:
        banner = shown.text().splitlines()[1]
        assert "session" not in banner
        assert f"{HOST} requires a key" in banner
        assert "repair" in banner
        row = next(line for line in rows(shown, "║ held") if "calm" in line)
        assert "127.0.0." in row
        assert "127. " not in row
        await shown.press("f4")
        await shown.settle()
        assert "saved in a file that only you can read" in shown.words()
        assert "never here" not in shown.words()
    assert job.service == "acestep"


async def test_a_loading_server_shows_how_long_it_has_loaded(show: ShowScreen, ace: Stage) -> None:
    ace.deps.job_commands.submit([Prompt("calm"), Prompt("loud")], Options())
    ace.store.put_gate(Gate("acestep", HOST, WaitCause.WARMING, ace.clock.at))
    async with show(80, 24) as shown:
        for seconds, time in ((0, "0:00"), (30, "0:30"), (95, "2:05")):
            ace.clock.at += seconds
            shown.app.main.jobs.view.tick()
            await shown.settle()
            assert all("waits" in row and time in row for row in rows(shown, "loading")), shown.text()
            assert len(rows(shown, "loading")) == 2
        await shown.press("escape", "d")
        assert "loading the model" in shown.words()
        await shown.press("escape")
        assert shown.app.is_running


async def test_a_task_in_the_servers_queue_is_shown_as_waiting(show: ShowScreen, ace: Stage) -> None:
    (job,) = ace.deps.job_commands.submit([Prompt("calm")], Options())
    for step in (Status.SENDING, Status.MAKING):
        ace.store.update(job.id, step, step.value, account=HOST, remote_id=f"x@{HOST}", accepted_at=NOON - 42)
    ace.deps.dispatcher.progress = {job.id: 0.0}.get
    async with show() as shown:
        (row,) = rows(shown, "0:42")
        assert "waits" in row
        assert "its turn" in row
        assert "core" not in row


def test_inherited_lyrics_are_not_a_difference(stage: Stage) -> None:
    sketch = stage.done("calm", "Harbor", 30, 84, "F", "soul")
    options = Options(lyrics="[Verse]\nla", length_s=30.0)
    made = sketch._replace(id=99, service="acestep", options=options, parent=sketch.id)
    reported = {one.name: (one.before, one.after) for one in differences(sketch, made)}
    assert "lyrics" not in reported
    assert reported["target length"] == ("–", "0:30")
    assert "lyrics" in {one.name for one in differences(sketch, made._replace(parent=None))}
