"""Progress is honest: jobs that wait at the service are shown as waiting, and batches are summarized."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.model import Account, FailureKind, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, Stage, Word

SIZES = [(80, 24), (120, 36), (200, 50)]


def crowd(stage: Stage, number: int, concurrency: int) -> list[int]:
    """Add many songs accepted by a studio that makes few at once."""
    stage.store.put_accounts("studio", [Account("studio", FIRST, 14, concurrency=concurrency)])
    stage.store.add_time("studio", 12.0, 150.0)
    return [stage.add(f"song {n}", Status.MAKING, age=number - n).id for n in range(number)]


@pytest.mark.parametrize("size", [*SIZES, (40, 12)])
@pytest.mark.parametrize("leads", [False, True])
async def test_a_song_that_waits_for_a_processor_is_shown_as_waiting(
    show: ShowScreen, stage: Stage, size: tuple[int, int], leads: bool
) -> None:
    ids = crowd(stage, 3, concurrency=2)
    if leads:
        stage.deps.dispatcher.progress = {ids[0]: 0.4, ids[1]: 0.2, ids[2]: 0.0}.get
    async with show(*size) as shown:
        model = shown.app.model
        states = [row for row in shown.text().splitlines() if "song " in row and "0:0" in row]
        if size[0] > 40:
            assert ["waits" in row and "processor" in row for row in states] == [False, False, True]
        if size[0] > 40:
            assert "2 making" in shown.text()
            assert "1 waiting" in shown.text()
        assert [model.share(stage.store.job(id)) is None for id in ids] == [False, False, True]
        await shown.press("escape", "G")
        if size[0] >= 100:
            assert "waits for a processor" in shown.words()


async def test_the_song_pane_shows_that_a_song_got_its_processor(show: ShowScreen, stage: Stage) -> None:
    (only,) = crowd(stage, 1, concurrency=1)
    progress = {only: 0.0}
    stage.deps.dispatcher.progress = progress.get
    async with show(120, 36) as shown:
        await shown.press("escape")
        assert "waits for a processor" in shown.words()
        progress[only] = 0.2
        shown.app.main.tick()
        await shown.settle()
        assert "waits for a processor" not in shown.words()
        assert "In progress since" in shown.words()


async def test_an_estimate_stays_below_90_percent_and_scales_with_length(show: ShowScreen, stage: Stage) -> None:
    crowd(stage, 1, concurrency=2)
    long = stage.add("long", Status.MAKING, age=12, options=Options(length_s=300.0))
    stage.store.add_time("studio", 12.0, 150.0)
    async with show() as shown:
        model = shown.app.model
        assert model.share(long) == pytest.approx(0.5), "twice as long as usual"
        stage.clock.at += 500
        assert model.share(long) == 0.9


async def test_an_estimate_in_the_past_is_not_shown(show: ShowScreen, stage: Stage) -> None:
    crowd(stage, 1, concurrency=2)
    async with show() as shown:
        assert "ready ≈" in shown.text()
        stage.clock.at += 500
        shown.app.main.topline.show()
        await shown.settle()
        assert "ready" not in shown.text()


async def test_the_estimate_includes_processors_and_length(show: ShowScreen, stage: Stage) -> None:
    stage.store.put_accounts(
        "studio", [Account("studio", FIRST, 7, concurrency=2), Account("studio", "b", 7, concurrency=2)]
    )
    stage.store.add_time("studio", 12.0, 150.0)
    async with show(80, 24) as shown:
        await shown.type("rain x18")
        subtitle = str(shown.app.main.prompt.border_subtitle)
        assert subtitle.startswith("18 songs · ~2 min · 2 at a time"), "9 rounds of 12 s, not 2"
        shown.app.main.prompt.detected.show_words([Word("10 minutes", "length", "600")])
        await shown.type(" ")
        assert "~7 min" in str(shown.app.main.prompt.border_subtitle), "a length in the prompt counts as well"
        shown.app.draft.change(length_s=15.0)
        shown.app.show_changes()
        await shown.type(" ")
        assert "~10 s" in str(shown.app.main.prompt.border_subtitle)


async def test_a_full_song_is_estimated_in_proportion_to_its_length(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    for _ in range(5):
        stage.store.add_time("studio", 2.0, 10.0)
    async with show(80, 24) as shown:
        await shown.type("rain")
        assert "~35 s" in str(shown.app.main.prompt.border_subtitle), "a song of 3 min, in proportion"
        shown.app.draft.change(length_s=10.0)
        shown.app.show_changes()
        await shown.type(" ")
        assert "~5 s" in str(shown.app.main.prompt.border_subtitle)


@pytest.mark.parametrize("size", SIZES)
async def test_the_end_of_a_batch_is_summarized(show: ShowScreen, stage: Stage, size: tuple[int, int]) -> None:
    stage.accounts()
    jobs = stage.store.add([NewJob(f"song {n}", Options(), "studio", f"r{n}", "b") for n in range(4)])
    async with show(*size) as shown:
        ends = (Status.DONE, Status.REFUSED, Status.FAILED, Status.DONE)
        for at, (job, end) in enumerate(zip(jobs, ends, strict=True)):
            stage.store.update(job.id, Status.SENDING, "", sent_at=NOON)
            if end is not Status.REFUSED:
                stage.store.update(job.id, Status.MAKING, "", accepted_at=NOON, account=FIRST)
            if end is Status.DONE:
                stage.store.update(job.id, Status.FETCHING, "")
            fields = {"file": "/songs/x.mp3", "title": "T"} if end is Status.DONE else {"trouble": FailureKind.SERVER}
            stage.store.update(job.id, end, "", ended_at=NOON + 30 * (at + 1), **fields)
            shown.app.show_changes()
            await shown.settle()
            if job is not jobs[-1]:
                assert "Batch done" not in shown.status()
        assert shown.status().startswith("Batch done: 2 made, 1 failed, 1 refused in 2:00. Songs: /songs")
        stage.clock.at += 60
        shown.app.main.status.show()
        assert "Batch done" in shown.status(), "it is still shown a minute later"
        await shown.press("escape")
        assert "Batch done" in shown.status(), "long enough to be read"
        stage.clock.at += 2
        shown.app.main.status.show()
        assert "Batch done" not in shown.status(), "who presses a key has seen it"


async def test_the_time_of_a_batch_that_was_sent_before_the_start_is_not_summed_up(
    show: ShowScreen, stage: Stage
) -> None:
    stage.accounts()
    jobs = stage.store.add([NewJob(f"song {n}", Options(), "studio", f"r{n}", "b") for n in range(2)])
    for job in jobs:
        stage.store.update(job.id, Status.SENDING, "", sent_at=NOON - 7200)
        stage.store.update(job.id, Status.MAKING, "", accepted_at=NOON - 7200, account=FIRST)
    async with show() as shown:
        for job in jobs:
            stage.store.update(job.id, Status.FETCHING, "")
            stage.store.update(job.id, Status.DONE, "", ended_at=NOON + 30, file="/songs/x.mp3", title="T")
        shown.app.show_changes()
        await shown.settle()
        assert shown.status().startswith("Batch done: 2 made. Songs: /songs"), "the program may not have run meanwhile"


async def test_a_batch_whose_jobs_were_cancelled_needs_no_summary(show: ShowScreen, stage: Stage) -> None:
    jobs = stage.store.add([NewJob(f"song {n}", Options(), "studio", f"r{n}", "b") for n in range(2)])
    async with show() as shown:
        for job in jobs:
            stage.store.update(job.id, Status.CANCELLED, "")
        shown.app.show_changes()
        await shown.settle()
        assert "Batch done" not in shown.status()


def test_the_concurrency_of_an_account_is_stored(stage: Stage) -> None:
    account = Account("studio", FIRST, 14, concurrency=2)
    stage.store.put_accounts("studio", [account])
    assert stage.store.accounts("studio") == (account,)


async def test_the_time_of_another_services_songs_is_not_guessed_from_this_one(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.store.add_time("studio", 120.0)
    async with show(100, 30) as shown:
        edge = shown.app.main.prompt
        await shown.type("slow rain, {80|95} bpm")
        assert str(edge.border_subtitle) == "2 songs · ~2 min · ^J generate"
        await shown.type(" @acestep")
        assert str(edge.border_subtitle) == "2 songs · ^J generate"
