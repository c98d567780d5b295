"""The job list by keys: commands, filter, order, one column, resizes, hostile text, copying."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest

from riffusion_tui.jobs.model import Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.screens.ask import Confirm
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, Stage, busy_evening

# -- the list


async def test_commands_apply_to_marked_jobs(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    for number in range(4):
        stage.add(f"prompt {number}")
    async with show() as shown:
        await shown.press("escape", "space", "space")
        assert "2 marked" in shown.text()
        await shown.press("h")
        assert [job.status for job in shown.jobs] == [Status.HELD, Status.HELD, Status.QUEUED, Status.QUEUED]
        await shown.press("u", "escape", "G", "T")
        assert shown.stage.store.queue("studio")[0].prompt == "prompt 3"
        await shown.press("j", "K")
        assert "2 marked" not in shown.text()


async def test_a_waiting_job_shows_full_slots_or_its_turn(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    made = [stage.add(f"made {number}", Status.MAKING, options=Options(account=FIRST)) for number in range(3)]
    stage.add("for anyone")
    stage.add("for the full one", options=Options(account=FIRST))
    async with show() as shown:
        rows = [" ".join(line.strip("│ ").split()) for line in shown.text().split("\n")]
        assert "○ waits its turn for anyone" in rows
        assert "○ waits slots full for the full one" in rows
        stage.store.update(made[0].id, Status.FAILED, "failed")
        shown.app.show_changes()
        await shown.settle()
        assert shown.text().count("its turn") == 2


async def test_deleting_is_confirmed_and_can_be_undone(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press("escape", "G", "x")
        assert isinstance(shown.app.screen, Confirm)
        await shown.press("enter")
        assert len(shown.stage.store.jobs()) == 11
        deleted = shown.app.model.list.selected
        await shown.press("x", "y")
        assert len(shown.stage.store.jobs()) == 10
        await shown.press("z")
        assert len(shown.stage.store.jobs()) == 11
        assert "Restored 1 job." in shown.status()
        assert shown.app.model.list.selected == deleted


async def test_cancelling_a_running_job_warns_that_the_song_may_still_be_made(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press("escape", "g", "c")
        assert isinstance(shown.app.screen, Confirm)
        assert "may still finish it" in shown.app.screen._text
        await shown.press("y")
        assert shown.stage.store.job(11).status is Status.CANCELLED


async def test_jobs_are_repeated_with_the_same_or_another_seed_or_edited(show: ShowScreen, stage: Stage) -> None:
    job = stage.done("@studio a {b} \\ |song", "Song", 60, 100, "C", "pop", options=Options(seed=3))
    async with show() as shown:
        await shown.press("escape", "r", "y")
        assert shown.jobs[-1].parent == job.id
        await shown.press("escape")
        shown.app.model.list.select(job.id)
        await shown.press("escape", "o", "y")
        assert shown.jobs[-1].options.seed not in (3, None)
        shown.app.model.list.select(job.id)
        await shown.press("e")
        assert shown.app.focused is shown.app.main.prompt.editor
        await shown.press("ctrl+j")
        assert shown.jobs[-1].prompt == "@studio a {b} \\ |song", "escapes added for the editor are removed again"
        assert shown.jobs[-1].options.seed == 3


async def test_repeating_a_job_behind_a_queue_shows_how_to_send_it_next(show: ShowScreen, stage: Stage) -> None:
    job = stage.done("a song", "Song", 60, 100, "C", "pop")
    stage.add("first")
    stage.add("second")
    async with show() as shown:
        shown.app.model.list.select(job.id)
        await shown.press("escape", "o", "y")
        assert shown.status() == "1 song queued behind 2. T sends it next, z cancels it."
        await shown.press("T")
        assert stage.store.queue(shown.app.deps.service)[0].prompt == "a song"


async def test_repeating_a_song_of_another_engine_version_warns(show: ShowScreen, stage: Stage) -> None:
    job = stage.done("a song", "Song", 60, 100, "C", "pop", options=Options(seed=3))
    requests: list[tuple[int, ...]] = []

    def differences(ids: Sequence[int]) -> tuple[str, ...]:
        requests.append(tuple(ids))
        return ("1 song made by engine version 1.",)

    stage.deps.callbacks.differences = differences
    async with show() as shown:
        await shown.press("escape", "r", "y")
        assert shown.status().startswith("1 song made by engine version 1. 1 song queued.")
        assert requests == [(job.id,)]
        shown.app.model.list.select(job.id)
        await shown.press("escape", "o", "y")
        assert shown.status().startswith("1 song queued behind 1.")
        assert len(requests) == 1, "another seed makes another song anyway"


async def test_a_filter_for_held_jobs_finds_those_of_a_broken_account_while_it_is(
    show: ShowScreen, stage: Stage
) -> None:
    stage.accounts(broken=FIRST)
    stage.add("for the broken one", options=Options(account=FIRST))
    stage.add("for anyone")
    stage.add("by hand", Status.HELD)
    async with show() as shown:
        await shown.press("escape", "slash")
        await shown.type("status:held")
        rows = [line for line in shown.text().split("\n") if "║" in line]
        assert len(rows) == 2
        assert "for anyone" not in shown.text()
        assert stage.store.drop_gate("studio", FIRST, WaitCause.BROKEN)
        shown.app.show_changes()
        await shown.settle()
        assert "for the broken one" not in shown.text()
        assert "by hand" in shown.text()
        stage.store.put_gate(Gate("studio", None, WaitCause.TOKEN, NOON))
        shown.app.show_changes()
        await shown.settle()
        assert "for anyone" in shown.text()
        await shown.press(*["backspace"] * 4)
        await shown.type("waits")
        assert "No jobs match." in shown.text()


async def test_a_filter_for_held_jobs_follows_a_deadline(show: ShowScreen, stage: Stage) -> None:
    stage.accounts(broken=FIRST)
    stage.add("for the broken one", options=Options(account=FIRST))
    stage.store.put_gate(Gate("studio", None, WaitCause.UPSTREAM, NOON, NOON + 20))
    async with show() as shown:
        await shown.press("escape", "slash")
        await shown.type("status:held")
        assert "for the broken one" not in shown.text()
        stage.clock.at += 21
        shown.app.main.tick()
        await shown.settle()
        assert "for the broken one" in shown.text()


async def test_the_filter_applies_while_typing_and_escape_clears_it(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press("escape", "slash")
        await shown.type("status:done")
        assert len(shown.app.model.list) == 3
        await shown.press("enter")
        assert shown.app.focused is shown.app.main.jobs.view
        assert "3/11" in shown.text()
        await shown.press("slash")
        await shown.type(" stauts:x")
        assert "Did you mean" in shown.text() or "stauts" in shown.text()
        foot = shown.text().splitlines()[-1]
        assert "help" in foot
        assert "options" not in foot, "this key applies only in the prompt"
        await shown.press("f1")
        assert "Help: Filter" in shown.text()
        assert "status: (also open" in shown.text()
        await shown.press("escape")
        await shown.press("escape")
        assert len(shown.app.model.list) == 11
        await shown.press("space", "slash")
        await shown.type("zzz")
        await shown.press("enter", "escape")
        assert (len(shown.app.model.list), len(shown.app.model.list.marks)) == (11, 1), "as the empty list says"


async def test_the_sort_order_is_chosen_from_a_list(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press("escape", "s")
        await shown.type("title")
        await shown.press("enter")
        assert "s title" in shown.text()


async def test_f12_selects_jobs_that_need_attention(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press("f12")
        current = shown.app.model.list.current
        assert current is not None
        assert current.status is Status.REFUSED
        assert shown.app.focused is shown.app.main.jobs.view


async def test_a_maybe_sent_job_is_settled_by_the_user(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    job = stage.add("rain", Status.MAYBE_SENT, age=60)
    async with show(110, 30) as shown:
        assert "The connection dropped" in shown.words()
        await shown.press("escape", "S", "down", "enter")
        assert shown.stage.store.job(job.id).status is Status.QUEUED


async def test_the_queue_can_be_paused_and_resumed(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    async with show() as shown:
        await shown.press("escape", "P")
        assert "PAUSED" in shown.text()
        await shown.press("P")
        assert "PAUSED" not in shown.text()


async def test_n_retries_at_once(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        assert "429" in shown.text()
        assert "try 2 in 0:17" in shown.text()
        await shown.press("escape", "n")
        assert "Trying now" in shown.status()
        assert "try 2 in" not in shown.text()
        stage.clock.at += 2.0
        shown.app.main.tick()
        assert "Trying now" not in shown.status(), "the status line is updated"
        await shown.press("n")
        assert "No retry is scheduled" in shown.status()


async def test_changes_in_the_store_are_shown(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    job = stage.add("rain")
    async with show() as shown:
        assert "○ waits" in shown.text() or "queued" in shown.text()
        stage.store.update(job.id, Status.SENDING, sent_at=stage.clock.at)
        stage.store.update(job.id, Status.MAKING, accepted_at=stage.clock.at, account=FIRST)
        for _ in range(30):
            await shown.settle()
            if "● making" in shown.text():
                break
        assert "● making" in shown.text()
        stage.clock.at += 65
        shown.app.main.tick()
        await shown.settle()
        assert "1:05" in shown.text()


# -- one column


async def test_the_song_opens_over_the_list_in_one_column(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.press("escape", *"jjjjjjj", "enter")
        assert "Vivid Daydream" in shown.text()
        assert "[Verse]" in shown.text()
        assert not shown.app.main.jobs.display or "Jobs" not in shown.text()
        await shown.press("escape")
        assert "Jobs" in shown.text()


async def test_any_size_is_handled(show: ShowScreen, stage: Stage) -> None:
    busy_evening(stage)
    async with show() as shown:
        await shown.type("{lofi|house}")
        for size in [(40, 12), (20, 5), (200, 50), (99, 24), (100, 24), (80, 17), (3, 2), (80, 24)]:
            await shown.resize(*size)
            await shown.press("escape", "j", "enter", "escape")
            await shown.resize(110, 30)
            assert "Jobs" in shown.text(), size
            assert "2 songs ·" in shown.text(), size
            await shown.press("tab")
            await shown.resize(80, 24)


# -- hostile text


async def test_brackets_and_markup_are_shown_literally(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.done("lofi [dark] beat [/b] [@click=app.quit]x[/]", "[Verse] $(rm) [red]", 60, 100, "C", "[bold]")
    async with show(160, 40) as shown:
        text = shown.text()
        assert "[Verse] $(rm) [red]" in text
        assert "[bold]" in text
        assert "[@click=app.quit]x[/]" in text
        await shown.press("escape", "f1", "escape", "ctrl+p", "escape", "f4", "escape", "d")
        assert "[@click=app.quit]x[/]" in shown.text()


async def test_cjk_and_emoji_keep_columns_aligned(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.done("夜のドライブ 🚗 シンセ " * 10, "夜のドライブ 🚗", 60, 100, "C", "city pop")
    stage.add("עצוב שיר 日本語 " * 30 + "\t tab")
    async with show(60, 24) as shown:
        from rich.cells import cell_len

        assert {cell_len(strip.text) for strip in shown.strips()} == {60}


# -- copying


async def test_text_is_copied_with_osc_52(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain; [dark]", "Song", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "y", "enter")
        copied = [text for text in shown.sent if text.startswith("\x1b]52;c;")]
        assert base64.b64decode(copied[-1][7:-1]).decode() == "rain; [dark]"
        assert "Copied prompt to the terminal's clipboard" in shown.status()
        await shown.press("y", "down", "enter")
        copied = [text for text in shown.sent if text.startswith("\x1b]52;c;")]
        assert base64.b64decode(copied[-1][7:-1]).decode().endswith(" riffusion-tui cat 1 | mpv -")


@pytest.mark.parametrize("near", [False, True])
async def test_only_public_links_are_offered(show: ShowScreen, stage: Stage, *, near: bool) -> None:
    stage.service.capabilities = stage.deps.capabilities._replace(local=near)
    stage.done("rain", "Song", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "y")
        assert ("https://example.org/song/1" in shown.text()) is not near


async def test_prompts_beside_titles_are_aligned(show: ShowScreen, stage: Stage) -> None:
    stage.done("first prompt", "Short", 60, 100, "C", "pop", age=3)
    stage.done("second prompt", "A Title That Is Longer Than Its Column", 60, 100, "C", "pop", age=2)
    stage.done("third prompt", "Judged", 60, 100, "C", "pop", age=1, verdict="keep")
    async with show() as shown:
        rows = {name: row for row in shown.text().splitlines() for name in ("first", "second", "third") if name in row}
        assert len({row.index(name) for name, row in rows.items()}) == 1
        assert "second prompt" in rows["second"]
        assert "A Title That…" in rows["second"]


async def test_cancelling_a_finished_job_reports_that_it_is_unchanged(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "c")
        assert shown.status() == "Job 1 is unchanged. It is done."


async def test_repeated_escapes_keep_the_focus_in_the_list(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Only", 60, 100, "C", "pop")
    async with show() as shown:
        await shown.press("escape", "space", "escape", "escape", "escape")
        assert shown.app.focused is shown.app.main.jobs.view
        assert shown.status() == "i goes to the prompt."
        await shown.press("plus")
        assert stage.store.job(1).verdict == "keep", "the letter is a command, not text"


async def test_following_says_whether_it_is_on(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("escape", "F")
        assert shown.status() == "Following is on: each finished song is selected."
        await shown.press("F")
        assert shown.status() == "Following is off."
