"""The grid: dimensions derived from prompts, and commands on its cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riffusion_tui.jobs.matrix import expand
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob
from riffusion_tui.tui.messages import message
from riffusion_tui.tui.screens.compare import CompareScreen
from riffusion_tui.tui.screens.detail import DetailScreen
from riffusion_tui.tui.screens.grid import GridScreen
from riffusion_tui.tui.state.grid import dimensions, grid_of, shown_take
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage

PLAIN = ("soft", "for", "rain,", "and")


def of(text: str) -> tuple[tuple[str, ...], ...]:
    return dimensions([prompt.text for prompt in expand(text)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{lofi|house}, {90|120} bpm", (("lofi", "house"), ("90", "120"))),
        ("{lofi|house} {90|95|120|125}", (("lofi", "house"), ("90", "95", "120", "125"))),
        ("{slow|} {lofi|deep house} at {night|noon}", (("slow", ""), ("lofi", "deep house"), ("night", "noon"))),
        ("calm {lofi|house|jazz} song", (("lofi", "house", "jazz"),)),
        ("{deep house|acid house}, {90|120} bpm", (("deep", "acid"), ("90", "120"))),
        ("{{a|b} x|c} {1|2}", (("a x", "b x", "c"), ("1", "2"))),
        ("{A minor|C# minor} song {d dorian|e dorian}", (("A minor", "C# minor"), ("d dorian", "e dorian"))),
        ("{a|b} {a|b}", (("a", "b"), ("a", "b"))),
        ("{a|b}{c|d}", (("ac", "ad", "bc", "bd"),)),
        ("one\n---\ntwo {a|b}", (("one", "two a", "two b"),)),
        ("just one", (("just one",),)),
        ("", ((),)),
    ],
)
def test_dimensions_are_found_in_the_prompts(text: str, found: tuple[tuple[str, ...], ...]) -> None:
    assert of(text) == found


@given(st.lists(st.integers(2, 5), min_size=1, max_size=4), st.data())
def test_the_dimensions_of_any_matrix_are_recovered(sizes: list[int], data: st.DataObject) -> None:
    choices = [tuple(f"w{number}{letter}" for letter in "abcde"[:size]) for number, size in enumerate(sizes)]
    words = st.lists(st.sampled_from(PLAIN), max_size=2)
    parts = [word for choice in choices for word in (*data.draw(words), "{" + "|".join(choice) + "}")]
    assert of(" ".join([*parts, *data.draw(words)])) == tuple(choices)


def test_a_cell_shows_the_kept_take_or_a_finished_one(stage: Stage) -> None:
    first, second, third = (stage.done("rain", f"Rain {n}", 60, 100, "C", "pop") for n in range(3))
    waiting = stage.add("rain")
    assert shown_take([waiting, first, second]) == first
    assert shown_take([first._replace(verdict="reject"), second]) == second
    assert shown_take([first, second, third._replace(verdict="keep")]).id == third.id
    assert grid_of([waiting, first]).cells == (((first.id, waiting.id),),)


def a_matrix(stage: Stage, text: str) -> None:
    stage.store.add(
        [NewJob(prompt.text, Options(), "studio", f"m{n}", "matrix") for n, prompt in enumerate(expand(text))]
    )
    for job in stage.store.batch("matrix")[:-1]:
        for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
            stage.store.update(job.id, status, duration_s=60.0 + job.id, file=str(stage.songs / "none.mp3"))


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 50)])
async def test_arrows_move_and_keys_act_on_the_cell(show: ShowScreen, stage: Stage, size: tuple[int, int]) -> None:
    a_matrix(stage, "{lofi|house} 10 seconds, {80|120} bpm")
    async with show(*size) as shown:
        shown.app.model.list.select(1)
        await shown.press("escape", "M")
        assert isinstance(shown.app.screen, GridScreen)
        assert "lofi √ done 1:01" in shown.words().replace("▌ ", "")
        await shown.press("plus", "right", "minus")
        assert [job.verdict for job in shown.jobs] == ["keep", "reject", "", ""]
        await shown.press("minus", "left", "space", "down", "space")
        assert [job.verdict for job in shown.jobs] == ["keep", "", "", ""]
        await shown.press("v")
        comparison = shown.app.screen_stack[-1]
        assert isinstance(comparison, CompareScreen)
        assert comparison.pair == [1, 3]
        await shown.press("escape", "right", "plus")
        assert shown.jobs[3].verdict == "", "an unfinished song can't be kept"
        await shown.press("enter")
        detail = shown.app.screen_stack[-1]
        assert isinstance(detail, DetailScreen)
        assert detail.job_id == 4
        await shown.press("escape", "escape")
        assert shown.app.model.list.selected == 4


async def test_one_dimension_is_a_list_and_three_share_rows(show: ShowScreen, stage: Stage) -> None:
    a_matrix(stage, "{slow|fast} {lofi|house} in {c|d|e}")
    stage.add("alone")
    async with show() as shown:
        shown.app.model.list.select(1)
        await shown.press("escape", "M")
        assert "Grid 4 × 3" in shown.text()
        assert "slow / house" in shown.text()
        await shown.press("space", "v")
        assert isinstance(shown.app.screen, GridScreen), "one song can't be compared"
        await shown.press("escape")
        shown.app.model.list.select(13)
        await shown.press("M")
        assert shown.app.screens() == [shown.app.main]
        assert shown.status() == "The grid shows alternatives such as {lofi|house}; this song has none."


async def test_takes_of_one_prompt_are_no_grid(show: ShowScreen, stage: Stage) -> None:
    jobs = [stage.add("rain", batch="takes") for _ in range(3)]
    async with show(120, 30) as shown:
        await shown.press("escape", "M")
        assert "this song has none" in shown.status()
        stage.store.update(jobs[0].id, prompt="snow")
        shown.app.show_changes()
        await shown.press("M")
        assert "Grid 2 × 1" in shown.text()


async def test_the_table_follows_the_cursor_and_a_changed_prompt(show: ShowScreen, stage: Stage) -> None:
    a_matrix(stage, "{" + "|".join(f"r{n}" for n in range(20)) + "} in {" + "|".join(f"c{n}" for n in range(9)) + "}")
    async with show(60, 14) as shown:
        shown.app.model.list.select(1)
        await shown.press("escape", "M")
        assert "r0 " in shown.text()
        assert "c8" not in shown.text()
        await shown.press("pagedown", "pagedown", *["right"] * 12)
        assert "r19 in c8" in shown.text()
        assert "r0 " not in shown.text()
        stage.store.update(180, prompt="r19 in blue")
        shown.app.show_changes()
        await shown.settle()
        assert "Grid 180 × 1" in shown.text(), "jobs that no longer form a matrix are a list"


async def test_jobs_in_every_state_have_a_cell(show: ShowScreen, stage: Stage) -> None:
    jobs = [stage.add("rain", status, batch=status) for status in Status]
    for status in Status:
        stage.add("snow", Status.HELD, batch=status)
    async with show() as shown:
        await shown.press("escape")
        for job in jobs:
            shown.app.model.list.select(job.id)
            await shown.press("M")
            assert isinstance(shown.app.screen, GridScreen)
            assert "Grid 2 × 1" in shown.text(), job.status
            word = "waits" if job.status is Status.QUEUED else job.status
            assert message(f"status.{word}") in shown.text(), job.status
            await shown.press("escape")


async def test_takes_of_a_cell_can_be_compared_without_marks(show: ShowScreen, stage: Stage) -> None:
    a_matrix(stage, "{lofi|house} {80|120}")
    stage.store.add([NewJob("lofi 80", Options(), "studio", "again", "matrix", take=2, takes=2)])
    for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
        stage.store.update(5, status, duration_s=65.0, file=str(stage.songs / "none.mp3"))
    async with show() as shown:
        shown.app.model.list.select(1)
        await shown.press("escape", "M", "v")
        comparison = shown.app.screen_stack[-1]
        assert isinstance(comparison, CompareScreen)
        assert comparison.pair == [1, 5]


async def test_the_grid_is_not_blank_until_it_is_laid_out(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_matrix(stage, "{lofi|house} song")
    async with show() as shown:
        shown.app.model.list.select(1)
        with monkeypatch.context() as patched:
            patched.setattr(GridScreen, "show", lambda screen: None)  # as when the machine is too busy
            await shown.press("escape", "M")
            assert "Loading" in shown.text()
        screen = shown.app.screen
        assert isinstance(screen, GridScreen)
        screen.show()
        await shown.settle()
        assert "Loading" not in shown.text()
        assert "lofi" in shown.text()


async def test_names_of_columns_and_rows_use_the_room_there_is(show: ShowScreen, stage: Stage) -> None:
    a_matrix(stage, "{a slow song of the lighthouse|fast} {with a long piano intro|no piano at all}")
    async with show(120, 24) as shown:
        await shown.press("escape", "M")
        head, first = shown.text().splitlines()[1:3]
        assert "with a long piano intro" in head
        assert "no piano at all" in head
        assert "a slow song of the lighthouse " in first
        await shown.resize(60, 24)
        head, first = shown.text().splitlines()[1:3]
        assert "with a long piano intro" in head
        assert "a slow song of t…" in first


async def test_a_cell_says_how_many_of_its_takes_are_done(show: ShowScreen, stage: Stage) -> None:
    a_matrix(stage, "{lofi|house} {80|120}")
    again = [
        NewJob(prompt, Options(), "studio", prompt, "matrix", take=2, takes=2) for prompt in ("lofi 80", "house 80")
    ]
    stage.store.add(again)
    for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
        stage.store.update(5, status, duration_s=65.0, file=str(stage.songs / "none.mp3"))
    async with show(120, 30) as shown:
        await shown.press("escape", "M")
        assert "1/2" in shown.text()
        assert "×2" in shown.text(), "no take of the other one is done"
