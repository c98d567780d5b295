"""Banners have a text and a key for each cause, at every width."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.dispatch.polling.song_records import DISK_FULL
from riffusion_tui.jobs.model import Account, FailureKind, Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.errors import NotSent, Outdated, ServerFault, Unauthorized
from riffusion_tui.store import NewJob
from riffusion_tui.store.errors import DiskFull, MovedDatabase, ReadOnly, StoreError
from riffusion_tui.tui.app import RiffusionApp
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, SECOND, Stage, busy_evening


async def test_a_401_shows_a_banner_with_its_own_key(show: ShowScreen, stage: Stage) -> None:
    stage.deps.service = stage.service.name = "riffusion"
    stage.store.put_gate(Gate("riffusion", None, WaitCause.TOKEN, NOON))
    async with show() as shown:
        assert "Token rejected (401)" in shown.text()
        assert "F11" in shown.text()
        await shown.press("f11")
        await shown.type("canary-token")
        assert "canary-token" not in shown.text()
        await shown.press("enter")
        assert "canary-token" not in shown.text()


async def test_every_banner_fits_every_width(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    texts = set()
    async with show() as shown:
        for cause in (WaitCause.CREDITS, WaitCause.OFFLINE, WaitCause.FAULT, WaitCause.DISK, WaitCause.BROKEN):
            account = FIRST if cause is WaitCause.CREDITS else None
            stage.store.put_gate(Gate("studio", account, cause, NOON))
            shown.app.show_changes()
            for width in (40, 80, 200):
                await shown.resize(width, 24)
                assert shown.strips()
                strip = shown.app.main.banner._strip
                if shown.app.model.summary.banners:
                    assert strip is not None, (cause, width)
                    assert shown.app.main.banner.display, (cause, width)
                    assert strip.cell_length == width, cause
                    assert len(strip.text.strip()) > 10, (cause, width)
                    texts.add((width, strip.text))
            stage.store.drop_gate("studio", account, cause)
    assert len(texts) == 4 * 3, "each cause but a fault has its own banner"


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_a_full_disk_is_shown_on_the_row_and_in_a_banner(show: ShowScreen, stage: Stage, width: int) -> None:
    stage.accounts()
    stage.add("rain", Status.MAKING, age=9, trouble=FailureKind.DISK, error=DISK_FULL)
    stage.add("snow")
    stage.deps.dispatcher.progress = {1: 0.3}.get
    async with show(width, 24) as shown:
        assert shown.text().splitlines()[1].startswith(f" ▲ {DISK_FULL}")
        row = next(line for line in shown.text().splitlines() if "rain" in line and "0:" in line)
        assert "waits" in row
        assert "can't write" in row
        await shown.press("escape", "enter")
        assert shown.words().count(DISK_FULL) == 2, "once in the banner, once in the details"


async def test_the_banner_of_a_folder_that_cannot_be_written_is_not_cut(show: ShowScreen, stage: Stage) -> None:
    stage.add("rain", Status.FETCHING, age=9)
    folder = "/media/someone/a-large-disk/music/riffusion-tui"
    stage.store.put_gate(Gate("studio", None, WaitCause.DISK, NOON, detail=f"The disk is full: {folder}"))
    async with show(160, 24) as shown:
        assert f"1 waiting, none lost · The disk is full: {folder} " in shown.text().splitlines()[1]
        for width in (78, 80, 100):
            await shown.resize(width, 24)
            banner = shown.text().splitlines()[1]
            assert "Songs can't be written: The disk is full: …/riffusion-tui   " in banner, width
            assert banner.rstrip().endswith("try now")


@pytest.mark.parametrize(
    ("cause", "account", "word"),
    [
        (WaitCause.DISK, None, "disk"),
        (WaitCause.OFFLINE, None, "offline"),
        (WaitCause.BROKEN, FIRST, "by mango"),
        (WaitCause.BROKEN, SECOND, ""),
        (WaitCause.CREDITS, FIRST, ""),
    ],
)
async def test_a_song_that_cannot_be_downloaded_waits_and_says_why(
    show: ShowScreen, stage: Stage, cause: WaitCause, account: str | None, word: str
) -> None:
    stage.accounts()
    stage.add("rain", Status.FETCHING, age=9, account=FIRST)
    async with show() as shown:
        stage.store.put_gate(Gate("studio", account, cause, NOON, detail="Read-only file system: /s"))
        shown.app.show_changes()
        await shown.settle()
        row = next(line.split() for line in shown.text().splitlines() if "rain" in line)
        assert row[2:] == [*(["waits", "0:09", *word.split()] if word else ["fetching", "0:09"]), "rain", "│"]
        await shown.press("escape", "enter")
        assert ("Read-only file system: /s" in shown.text().split("Job 1")[-1]) is bool(word)


async def test_a_song_that_is_being_made_waits_for_its_account(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.add("rain", Status.MAKING, age=9, account=FIRST)
    stage.deps.dispatcher.progress = {1: 0.3}.get
    async with show() as shown:
        for account, words in ((SECOND, ["making", "0:09"]), (FIRST, ["waits", "0:09", "by", "mango"])):
            stage.store.put_gate(Gate("studio", account, WaitCause.BROKEN, NOON))
            shown.app.show_changes()
            await shown.settle()
            row = next(line.split() for line in shown.text().splitlines() if "rain" in line)
            assert row[2 : 2 + len(words)] == words
        assert "1 held" in shown.text().splitlines()[1]


async def test_an_offline_service_is_not_shown_as_starting_or_without_accounts(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused() -> tuple[Account, ...]:
        raise NotSent("No connection to the service.")

    monkeypatch.setattr(stage.deps.account_commands, "refresh", refused)
    stage.store.put_gate(Gate("studio", None, WaitCause.OFFLINE, NOON))
    async with show() as shown:
        top, banner = shown.text().splitlines()[:2]
        assert top.rstrip().endswith("studio   no connection")
        assert "No connection to studio since 13:00" in banner
        await shown.press("f4")
        assert "There is no connection to the service, so its accounts can't be shown." in shown.text()


async def test_a_banner_does_not_count_no_jobs(show: ShowScreen, stage: Stage) -> None:
    stage.store.put_gate(Gate("studio", None, WaitCause.OFFLINE, NOON, NOON + 60, 3))
    stage.add("rain", Status.MAKING)
    async with show(120, 36) as shown:
        assert "No connection to studio since 13:00 · nothing is lost" in shown.text().splitlines()[1]
        assert "no connection · try 3 in" in shown.status()
        stage.add("snow")
        shown.app.show_changes()
        await shown.settle()
        assert "since 13:00 · 1 waiting, none lost" in shown.text().splitlines()[1]
        assert "no connection · 1 job waiting · try 3 in" in shown.status()


async def test_a_service_without_a_valid_token_says_which_key_sets_it(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused() -> tuple[Account, ...]:
        raise Unauthorized("The token is missing.")

    monkeypatch.setattr(stage.deps.account_commands, "refresh", refused)
    stage.store.put_gate(Gate("studio", None, WaitCause.TOKEN, NOON))
    async with show(80, 24) as shown:
        assert shown.text().splitlines()[0].rstrip().endswith("studio   no valid token")
        assert shown.text().splitlines()[1].startswith(" ▲ Token rejected (401) at 13:00")
        await shown.press("f4")
        assert "The accounts can't be shown without a valid token. F11 sets it." in shown.text()
        assert shown.text().splitlines()[-1].startswith(" a add  n refresh  F11 token "), "no account to repair"
        await shown.press("f11")
        assert "needs no token" in shown.words()


async def test_a_missing_token_is_not_called_rejected(show: ShowScreen, stage: Stage) -> None:
    stage.deps.callbacks.is_set_up = lambda _: False
    stage.store.put_gate(Gate("studio", None, WaitCause.TOKEN, NOON, detail="The token is missing."))
    stage.add("rain")
    async with show(80, 24) as shown:
        assert shown.text().splitlines()[1].startswith(" ▲ studio needs a token · 1 held, none lost    F11  new token")


async def test_a_service_that_answers_with_an_error_is_not_shown_as_out_of_reach(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "The service answered with an error (500): out of paper"

    async def refused() -> tuple[Account, ...]:
        raise ServerFault(said)

    monkeypatch.setattr(stage.deps.account_commands, "refresh", refused)
    stage.store.put_gate(Gate("studio", None, WaitCause.UNAVAILABLE, NOON, NOON + 60, 2, said))
    stage.add("rain")
    async with show(160, 36) as shown:
        top, banner = shown.text().splitlines()[:2]
        assert "unavailable" in top
        assert f"studio has been unavailable since 13:00 · 1 waiting, none lost · {said}" in banner
        assert "try 2 in" in shown.text()
        assert "offline" not in shown.text()
        assert "o connection" not in shown.text()
        await shown.press("escape", "enter")
        assert "unavailable" in shown.words().split("Job 1")[-1]
        await shown.press("f4")
        assert "The service is unavailable, so its accounts can't be shown." in shown.text()
    async with show(80, 24) as shown:
        assert said in shown.text().splitlines()[1]


async def test_a_studio_here_that_cannot_start_says_why(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = stage.service.capabilities._replace(local=True)
    why = "studio can't be started: File exists: /data/studio."
    stage.store.put_gate(Gate("studio", None, WaitCause.OFFLINE, NOON, detail=why))
    stage.add("rain")
    async with show(120, 36) as shown:
        assert f"{why} 1 waiting, none lost" in shown.text()
    async with show(80, 24) as shown:
        assert why in shown.text()


async def test_a_recurring_banner_is_drawn_at_once(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RiffusionApp, "_tick", lambda self: None)  # otherwise it would draw it up to a second later
    stage.accounts()
    async with show() as shown:
        for _ in range(2):
            stage.store.put_gate(Gate("studio", None, WaitCause.DISK, NOON, detail="Read-only file system: /s"))
            shown.app.show_changes()
            await shown.settle()
            assert "Songs can't be written: Read-only file system: /s" in shown.text()
            stage.store.drop_gate("studio", None, WaitCause.DISK)
            shown.app.show_changes()
            await shown.settle()
            assert "Songs can't be written" not in shown.text()


async def test_slots_of_an_account_without_a_session_are_not_counted(show: ShowScreen, stage: Stage) -> None:
    stage.accounts(broken=FIRST)
    async with show() as shown:
        await shown.type("{rain|snow}")
        assert "2 songs · 3 at a time" in shown.words()


@pytest.mark.parametrize(
    ("fault", "shown_as"),
    [
        (StoreError("The disk is full."), "The queue stopped: The disk is full."),
        (DiskFull("/home/x/jobs.sqlite3: no space left"), "The queue's disk is full. Free some space to continue."),
        (ReadOnly(f"/{'home/' * 9}jobs.sqlite3 is read-only."), "The queue stopped: …/jobs.sqlite3 is read-only. Make"),
        (
            OSError(2, "No such file", "/moved/lock"),
            "The queue stopped; solve this and restart: No such file: /moved/lock",
        ),
        (
            MovedDatabase(Path("/home/data/jobs.sqlite3")),
            "The data folder was moved or deleted. Move it back, or restart: /home/data",
        ),
    ],
    ids=["with advice", "full", "long path", "without", "moved"],
)
async def test_a_stopped_dispatcher_is_the_first_banner(
    show: ShowScreen, stage: Stage, fault: Exception, shown_as: str
) -> None:
    busy_evening(stage)
    stage.deps.dispatcher.fault = lambda: fault
    stage.deps.dispatcher.leading = lambda: False
    async with show() as shown:
        assert shown_as in shown.text()
        assert "another process" not in shown.text().lower()


@pytest.mark.parametrize(
    ("why", "shown_as"),
    [
        (DiskFull("no space"), "Read-only: the queue's disk is full. Free some space, then restart."),
        (ReadOnly("read-only"), " writable, then restart."),
    ],
    ids=["full", "read-only"],
)
async def test_a_queue_that_can_only_be_read_is_shown_with_a_banner(
    show: ShowScreen, stage: Stage, why: StoreError, shown_as: str
) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    stage.store.unwritable = why
    stage.deps.dispatcher.fault = lambda: why
    async with show(100, 30) as shown:
        top, banner = shown.text().splitlines()[:2]
        assert top.split() == ["riffusion-tui", "studio", "read-only"]
        assert banner.startswith(" ▲ Read-only: ")
        assert shown_as in banner
        await shown.type("snow")
        await shown.press("f5")
        assert str(why) in shown.status()
        assert shown.app.main.text == "snow", "it can be sent after the restart"


async def test_the_key_in_a_banner_is_never_cut(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.store.put_gate(Gate("studio", FIRST, WaitCause.CREDITS, NOON))
    async with show() as shown:
        for width in range(70, 90):
            await shown.resize(width, 24)
            assert shown.text().splitlines()[1].rstrip().endswith("check again"), width


async def test_which_process_sends_the_jobs_fits_80_columns(show: ShowScreen, stage: Stage) -> None:
    stage.deps.dispatcher.leading = lambda: False
    async with show(80, 24) as shown:
        assert shown.status() == "Another process is sending the jobs. Here you can watch them and add more."
        stage.deps.dispatcher.displaced = lambda: True
        shown.app.main.status.show()
        assert shown.status() == "Another process sends the jobs now: it took over while this one was stopped."
        stage.deps.dispatcher.stopped_leader = lambda: 1_234_567
        shown.app.main.status.show()
        assert shown.status() == "Process 1234567 sends the jobs but is stopped; this one soon takes over."


@pytest.mark.parametrize(
    ("service", "status", "asked"),
    [
        (
            "studio",
            Status.QUEUED,
            (
                "1 song is unfinished. The studio is part of this program and stops with it; the song continues at the"
                " next start. Quit?"
            ),
        ),
        ("riffusion", Status.QUEUED, "1 song is waiting; it is sent at the next start. Quit?"),
        (
            "riffusion",
            Status.MAKING,
            "1 song is being made; the service finishes it, and it is downloaded at the next start. Quit?",
        ),
    ],
)
async def test_quitting_tells_what_happens_to_unfinished_songs(
    show: ShowScreen, stage: Stage, service: str, status: Status, asked: str
) -> None:
    stage.deps.service = stage.service.name = service
    stage.store.add([NewJob("rain", Options(), service, "r", "b", status=status)])
    async with show(80, 24) as shown:
        await shown.press("f10")
        assert asked in shown.words()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("cause", [WaitCause.DISK, WaitCause.OUTDATED, WaitCause.UNREADABLE])
async def test_a_banner_names_the_key_that_tries_again(
    show: ShowScreen, stage: Stage, cause: WaitCause, width: int
) -> None:
    until = NOON + 60 if cause is WaitCause.DISK else None
    stage.store.put_gate(Gate("studio", None, cause, NOON, until, detail="What is wrong, at length: /srv/music/songs"))
    async with show(width, 24) as shown:
        assert shown.text().splitlines()[1].rstrip().endswith(" F8  try now")
        await shown.press("f8")
        assert shown.status() == "Trying now."
        assert [gate.until for gate in stage.store.gates("studio")] == ([NOON] if cause is WaitCause.DISK else [])


async def test_asking_a_service_again_that_still_fails_says_why(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def outdated() -> tuple[Account, ...]:
        raise Outdated("studio can't be started: a newer version wrote studio.db.")

    monkeypatch.setattr(stage.deps.account_commands, "refresh", outdated)
    stage.store.put_gate(Gate("studio", None, WaitCause.OUTDATED, NOON))
    async with show() as shown:
        await shown.press("f8")
        assert shown.status() == "studio can't be started: a newer version wrote studio.db."
        assert stage.store.gates("studio")
