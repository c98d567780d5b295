"""Accounts, detail, compare, quitting, crashes, themes."""

from __future__ import annotations

import asyncio
import contextvars
import random
from pathlib import Path

import pytest

from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.model import Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.secret import Secret
from riffusion_tui.services.base import AccountInfo, Unanswered
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.screens.accounts import AccountsScreen
from riffusion_tui.tui.screens.ask import Confirm, Reader
from riffusion_tui.tui.screens.compare import CompareScreen
from riffusion_tui.tui.screens.detail import DetailScreen
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, SECOND, Stage, StageService, busy_evening, set_stage
from tests.waiting import until


def two_takes(stage: Stage) -> None:
    stage.accounts()
    stage.done("rain", "First Rain", 60, 100, "C", "pop")
    stage.done("rain", "Second Rain", 70, 120, "Am", "pop", options=Options(seed=7, length_s=70.0))


# -- accounts


async def test_f4_opens_the_broken_accounts_cookie_field_and_repairing_clears_the_banner(
    show: ShowScreen, stage: Stage
) -> None:
    busy_evening(stage)
    async with show() as shown:
        assert f"Account {stage.store.nicknames()[FIRST]}: session expired" in shown.text()
        assert "none lost" in shown.text()
        await shown.press("f4")
        screen = shown.app.screen
        assert isinstance(screen, AccountsScreen)
        assert shown.app.focused is screen.form.cookie
        await shown.type("fresh-cookie")
        assert "fresh-cookie" not in shown.text()
        await shown.press("enter")
        assert stage.service.posted == [(Secret("fresh-cookie"), 3, FIRST)]
        assert screen.form.cookie.value == ""
        assert not screen.form.display
        await shown.press("escape")
        assert "session expired" not in shown.text()
        assert "works: 3 slots" in shown.status()


async def test_a_refused_cookie_is_reported_and_the_form_stays_open(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press("f4")
        await shown.type("refused")
        await shown.press("enter")
        assert "not accepted" in shown.text()
        assert "refused" not in shown.text().replace("not accepted", "")
        assert stage.store.gates("studio")[0].cause.words == "session expired"


async def test_slots_are_changed_and_accounts_added_and_removed(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    async with show() as shown:
        await shown.press("f4", "right")
        assert (None, 4, FIRST) in stage.service.posted
        await shown.press("a", "enter")
        assert "needs a cookie" in shown.text()
        await shown.type("new")
        await shown.press("tab", "backspace", "9", "9", "enter")
        assert "1 to 10" in shown.text()
        await shown.press("backspace", "backspace", "2", "enter")
        assert (Secret("new"), 2, None) in stage.service.posted
        await shown.press("j", "x", "enter")
        assert SECOND in stage.service.known, "enter declines"
        await shown.press("x", "y")
        assert SECOND not in stage.service.known
        await shown.press("question_mark")
        assert isinstance(shown.app.screen, Reader)
        await shown.press("escape", "escape")
        assert len(shown.app.screen_stack) == 1


async def test_the_studios_last_account_stays_and_a_setting_brings_others_back(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = stage.service.capabilities._replace(local=True)
    stage.deps.settings = Settings(studio=Settings().studio._replace(accounts=2))
    stage.accounts()
    async with show() as shown:
        await shown.press("f4", "j", "x")
        assert "can no longer be edited or converted" in shown.words()
        await shown.press("y")
        assert "The studio adds an account at its next start: studio.accounts is 2." in shown.words()
        await shown.press("n")
        assert "The accounts are up to date." in shown.words()
        await shown.press("x")
        assert "The studio needs this account" in shown.words(), "it isn't asked about first"
        assert list(stage.service.known) == [FIRST]


async def test_a_second_cookie_repairs_a_broken_new_account(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(
        self: StageService, credential: Secret | None, max_jobs: int, user_id: str | None = None
    ) -> AccountInfo:
        self.posted.append((credential, max_jobs, user_id))
        self.known["new-account"] = AccountInfo("new-account", max_jobs, "Session expired.")
        return self.known["new-account"]

    stage.accounts()
    async with show() as shown:
        with monkeypatch.context() as patched:
            patched.setattr(StageService, "repair_account", broken)
            await shown.press("f4", "a")
            await shown.type("old")
            await shown.press("enter")
        assert "Account added, but it does not work yet: Session expired." in shown.words()
        assert "New cookie for new-account" in shown.text()
        await shown.type("fresh")
        await shown.press("enter")
        assert stage.service.posted == [(Secret("old"), 6, None), (Secret("fresh"), 6, "new-account")]
        assert "new-account works" in shown.status()


async def test_ctrl_c_shows_how_to_quit_or_copies_the_selection(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+c")
        assert "F10 quits" in shown.status()
        await shown.type("rain")
        await shown.press("shift+home", "ctrl+c")
        assert shown.sent[-1].startswith("\x1b]52;c;")


# -- detail and compare


async def test_detail_shows_all_properties(show: ShowScreen, stage: Stage) -> None:
    two_takes(stage)
    async with show(100, 80) as shown:
        await shown.press("escape", "d")
        assert isinstance(shown.app.screen, DetailScreen)
        text = shown.text()
        for wanted in ("Second Rain", "seed", "fetching", "[Chorus]", '"status": "completed"', "First Rain"):
            assert wanted in text
        await shown.press("left")
        assert "Job 1 in detail" in shown.text()
        assert f"replyRef {stage.store.job(1).ref}" in shown.words(), "the list's row doesn't show it"
        await shown.press("y")
        assert any(text.startswith("\x1b]52;c;") for text in shown.sent)
        await shown.press("escape")


async def test_a_finished_song_is_announced_on_any_screen_for_a_few_seconds(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riffusion_tui.tui.widgets.footer._MESSAGE_S", 0.05)
    job = stage.add("slow rain", Status.FETCHING)
    async with show() as shown:
        await shown.press("escape", "d")
        # The dispatcher writes it, in a task independent of the screen.
        contextvars.Context().run(stage.store.update, job.id, Status.DONE, "done", title="Slow Rain")
        await until(lambda: "Done: Slow Rain" in shown.text())
        await until(lambda: "Done: Slow Rain" not in shown.text())
        await shown.press("escape")
        assert shown.app.screen is shown.app.main
    assert not shown.app.crash.happened


async def test_takes_are_named_by_their_letters(show: ShowScreen, stage: Stage) -> None:
    """In a narrow window, take A is not the left one but the upper one."""
    for number in range(2):
        stage.done("rain", f"Rain {number}", 60, 100, "C", "pop", options=Options(seed=number))
    async with show(60, 30) as shown:
        await shown.press("escape", "v")
        assert "compared with take A" in shown.words()
        await shown.press("question_mark")
        assert "Choose take A, on the left or above." in shown.words()


async def test_two_takes_are_compared_blind_and_rated(show: ShowScreen, stage: Stage) -> None:
    two_takes(stage)
    async with show(100, 30) as shown:
        await shown.press("escape", "v")
        screen = shown.app.screen
        assert isinstance(screen, CompareScreen)
        assert screen.pair == [1, 2]
        assert "seed" in shown.text()
        screen._rng = random.Random(1)
        await shown.press("b")
        assert "First Rain" not in shown.text()
        assert "Second Rain" not in shown.text()
        await shown.press("tab", "O")
        kept = screen.chosen
        assert stage.store.job(kept).verdict == "keep"
        assert stage.store.job(3 - kept).verdict == "reject"
        assert shown.app.model.list.selected == kept
        assert "First Rain" in shown.text()
        await shown.press("left", "minus")
        assert stage.store.job(3 - kept).verdict == "", "as in the list, the same key undoes a verdict"
        await shown.press("right", "plus", "plus")
        assert stage.store.job(kept).verdict == "keep"
        await shown.press("left", "minus", "greater_than_sign")
        assert "No more takes" in shown.status()
        await shown.press("escape")
        assert "+ First Rain" in shown.text() or "+ Second Rain" in shown.text() or "−" in shown.text()


async def test_keys_of_the_comparison_work_while_lyrics_scroll(show: ShowScreen, stage: Stage) -> None:
    two_takes(stage)
    async with show(80, 12) as shown:
        await shown.press("escape", "v")
        screen = shown.app.screen
        assert isinstance(screen, CompareScreen)
        assert screen.takes[0].max_scroll_y > 0, "there is something to scroll"
        await shown.press("down", "down", "k", "plus")
        assert stage.store.job(1).verdict == "keep"
        assert screen.takes[0].scroll_offset.y == 1
        assert "Kept job 1." in shown.text().splitlines()[-1], "it is visible on this screen"
        assert stage.store.job(2).verdict == "", "as in the list, it keeps this one only"


async def test_a_replacement_shows_the_refused_prompt(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.add("a famous song", Status.REFUSED, age=5)
    async with show(80, 40) as shown:
        await shown.press("escape", "e", "end")
        await shown.type(", but mine")
        await shown.press("ctrl+j")
        assert "instead of job 1" in shown.status()
        await shown.press("escape", "d")
        assert "Job 2 is based on job 1:" in shown.text()
        assert "song, +[but mine]" in shown.text()


async def test_comparing_needs_two_songs(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "f3")
        assert "Mark two finished takes" in shown.status()


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (AccountInfo(FIRST, 3), "works: 3 slots."),
        (AccountInfo(FIRST, 3, "Session expired."), "Session expired."),
        (Unanswered("The connection broke."), "The connection broke."),
    ],
)
async def test_a_response_after_the_accounts_were_closed_is_reported(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch, outcome: AccountInfo | Unanswered, expected: str
) -> None:
    stage.accounts(broken=FIRST)
    answered = asyncio.Event()

    async def repair(credential: Secret | None, max_jobs: int, user_id: str | None = None) -> AccountInfo:
        await answered.wait()
        if isinstance(outcome, Unanswered):
            raise outcome
        stage.service.known[FIRST] = outcome
        return outcome

    monkeypatch.setattr(stage.service, "repair_account", repair)
    async with show() as shown:
        await shown.press("f4")
        await shown.type("cookie")
        await shown.press("enter", "escape", "escape")
        assert shown.app.screen_stack == [shown.app.main]
        answered.set()
        await shown.app.workers.wait_for_complete()
        await shown.settle()
        assert expected in shown.status()


async def test_verdicts_are_reported_and_can_be_undone(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "plus")
        assert stage.store.job(1).verdict == "keep"
        await shown.press("plus")
        assert stage.store.job(1).verdict == ""
        await shown.press("minus")
        assert stage.store.job(1).verdict == "reject"


# -- leaving


async def test_quitting_is_confirmed_only_while_songs_are_running(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.press("f10")
        assert not shown.app._running or shown.app._exit
    stage.accounts()
    stage.add("rain")
    for cause in (WaitCause.PAUSED, WaitCause.TOKEN):
        stage.store.put_gate(Gate("studio", None, cause, NOON))
        async with show() as shown:
            await shown.press("f10")
            assert shown.app.return_value == 0, cause
        stage.store.drop_gate("studio", None, cause)
    busy_evening(stage)
    async with show() as shown:
        await shown.press("f10")
        assert isinstance(shown.app.screen, Confirm)
        assert "The studio is part of this" in shown.words()
        await shown.press("n")
        assert len(shown.app.screen_stack) == 1
        await shown.press("f10", "y")
        assert shown.app.return_value == 0


async def test_a_bug_ends_the_program_with_a_message_without_values(
    show: ShowScreen, stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    app = RiffusionApp(stage.deps)

    def broken() -> None:
        secret = "canary-in-a-local"  # noqa: F841 (it must not come out)
        raise ZeroDivisionError("canary-in-a-message")

    async def run() -> None:
        async with app.run_test() as pilot:
            app.call_later(broken)
            await pilot.pause()
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await run()
    assert app.crash.happened
    assert app.return_code == 1
    app.crash.show()
    output = capsys.readouterr().err
    log = stage.deps.paths.log_file.read_text("utf-8")
    assert "queue is safe" in output
    assert str(stage.deps.paths.log_file) in output
    assert "ZeroDivisionError" in log
    assert "broken" in log
    assert "canary" not in output + log


# -- themes


@pytest.mark.parametrize("theme", ["night", "day", "contrast", "sixteen", "mono", "dracula"])
async def test_every_theme_shows_every_screen(show: ShowScreen, stage: Stage, theme: str) -> None:
    settings = Settings()._replace(screen=Settings().screen._replace(theme=theme))
    stage.deps.settings = settings
    busy_evening(stage)
    async with show(40, 12) as shown:
        assert shown.app.theme == theme
        await shown.press("f2", "escape", "f4", "escape", "escape", "ctrl+p", "escape", "f12", "d", "escape")


async def test_ascii_glyphs_show_only_ascii(tmp_path: Path) -> None:
    settings = Settings()._replace(screen=Settings().screen._replace(glyphs="ascii"))
    stage = set_stage(tmp_path, settings)
    busy_evening(stage)
    app = RiffusionApp(stage.deps)
    async with app.run_test(size=(110, 30)) as pilot:
        for keys in ((), ("escape", *"jjjjjjj"), ("f1",), ("escape", "f4"), ("escape", "escape", "ctrl+p")):
            await pilot.press(*keys)
            await pilot.pause()
            text = "".join(strip.text for strip in app.screen._compositor.render_strips())
            assert {letter for letter in text if not letter.isascii()} == set()
    stage.store.close()
    from riffusion_tui.tui import messages

    messages.use("en")


async def test_a_job_is_no_longer_held_once_its_account_is_repaired(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        held = [job for job in shown.app.model.list.jobs.values() if job.options.account == FIRST]
        assert [job.status for job in held] == [Status.QUEUED]
        assert "║ held" in shown.text()
        stage.store.drop_gate("studio", FIRST, WaitCause.BROKEN)
        for _ in range(30):
            await shown.settle()
            if "║ held" not in shown.text():
                break
        assert "║ held" not in shown.text()


@pytest.mark.parametrize("has", [True, False])
async def test_copying_the_request_is_offered_only_if_there_is_one(show: ShowScreen, stage: Stage, has: bool) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    stage.deps.callbacks.curl = (lambda job: f"curl {job}") if has else None
    async with show() as shown:
        await shown.press("escape", "d")
        assert ("Y curl" in shown.text().splitlines()[-1]) is has
        await shown.press("Y")
        assert ("to the terminal's clipboard" in shown.text().splitlines()[-1]) is has
