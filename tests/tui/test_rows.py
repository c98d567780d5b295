"""Rows: stable columns, differences within a batch, a batch's songs next to running ones, a stable view."""

from __future__ import annotations

import re

import pytest

from riffusion_tui.jobs.model import Gate, Job, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob
from riffusion_tui.tui.appearance.row_words import shortened
from riffusion_tui.tui.appearance.text_cells import width
from riffusion_tui.tui.state.job_list.batch_words import BatchWords, PromptPart
from riffusion_tui.tui.state.job_list.job_selection import JobList
from riffusion_tui.tui.state.job_list.live_order import MAX_NEAR
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, Shown, Stage

GENRES = ("lofi", "house", "jazz")
SIZES = [(40, 12), (80, 24), (120, 36), (200, 50)]


def matrix(stage: Stage, done: int, making: int) -> list[int]:
    """Queue a matrix as one batch; its first jobs are done, the next are being made."""
    prompts = [f"{genre} about a rainy night, {bpm} bpm, slow" for genre in GENRES for bpm in range(90, 130, 10)]
    jobs = stage.store.add([NewJob(one, Options(), "studio", f"m{n}", "matrix") for n, one in enumerate(prompts)])
    for number, job in enumerate(jobs[: done + making]):
        stage.store.update(job.id, Status.SENDING, "", sent_at=NOON)
        stage.store.update(job.id, Status.MAKING, "", accepted_at=NOON - 9, account=FIRST)
        if number < done:
            stage.store.update(job.id, Status.FETCHING, "")
            stage.store.update(job.id, Status.DONE, "", ended_at=NOON + number, title="Rainy Night", duration_s=150.0)
    return [job.id for job in jobs]


def rows(shown: Shown, word: str) -> list[str]:
    """Return the lines of the list that have a word."""
    lines = shown.text().splitlines()
    first = next(at for at, line in enumerate(lines) if "Jobs  " in line)
    left = lines[first].index("Jobs")
    return [line[left:] for line in lines[first + 1 :] if word in line[left:]]


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_rows_of_a_matrix_show_their_differences(show: ShowScreen, stage: Stage, width: int, height: int) -> None:
    matrix(stage, done=6, making=2)
    async with show(width, height) as shown:
        seen = [*rows(shown, "bpm"), *rows(shown, "…")] if width == 40 else rows(shown, "bpm")
        assert seen
        for row in seen:
            assert re.search(r"(lofi|house|jazz) (about .*|… )\d+ bpm", row), f"{row}: in the prompt's order"
        if height > 30:
            assert len(set(seen)) == 12, "no two rows are the same"
            assert all("Rainy Night" in row for row in rows(shown, "√"))


@pytest.mark.parametrize("size", SIZES[1:])
@pytest.mark.parametrize("more", [0, 60])
async def test_columns_are_the_same_in_every_row_and_with_a_scrollbar(
    show: ShowScreen, stage: Stage, size: tuple[int, int], more: int
) -> None:
    for number in range(more):
        stage.add(f"old {number}", Status.CANCELLED, age=900)
    for number, verdict in enumerate(("", "keep", "reject")):
        stage.done(f"prompt {number}", f"Title {number}", 60, 100, "C", "pop", age=number, verdict=verdict)
    stage.add("prompt 7", Status.MAKING, age=5)
    stage.add("prompt 8")
    async with show(*size) as shown:
        found = rows(shown, "prompt ")
        assert len(found) == 5
        assert len({row.index("prompt ") for row in found}) == 1
        assert len({row.index("Title ") for row in found if "Title" in row}) == 1
        columns = {80: (35, 63), 120: (35, 57), 200: (48, 99)}[size[0]]
        assert abs(found[0].index("prompt ") - columns[0]) <= 3, "the same column with and without a scrollbar"


async def test_songs_of_a_running_batch_are_below_its_running_jobs(show: ShowScreen, stage: Stage) -> None:
    stage.done("another evening", "Old", 60, 100, "C", "pop", age=1)
    ids = matrix(stage, done=10, making=1)
    async with show() as shown:
        order = shown.app.model.list.order
        assert order[0] == ids[10]
        assert order[1 : 1 + MAX_NEAR] == [ids[number] for number in range(9, 9 - MAX_NEAR, -1)]
        assert order[1 + MAX_NEAR] == ids[11], "then waiting jobs"
        assert order[2 + MAX_NEAR :] == [ids[1], ids[0], 1]
        stage.store.update(ids[11], Status.CANCELLED, "", ended_at=NOON - 1)
        stage.store.update(ids[10], Status.FAILED, "", ended_at=NOON + 99)
        shown.app.show_changes()
        await shown.settle()
        assert order == [ids[10], *reversed(ids[:10]), ids[11], 1], "no batch is active any more"


async def test_a_rail_joins_neighbors_of_a_batch(show: ShowScreen, stage: Stage) -> None:
    stage.add("alone")
    matrix(stage, done=0, making=0)
    async with show(120, 36) as shown:
        found = rows(shown, "waits")
        at = found[0].index("alone") - 3
        assert "".join(row[at] for row in found) == " ╷││││││││││╵"
        assert "take" not in shown.text()


async def test_the_next_job_keeps_the_view_still(show: ShowScreen, stage: Stage) -> None:
    for number in range(60):
        stage.add(f"prompt {number}")
    async with show() as shown:
        view, jobs = shown.app.main.jobs.view, shown.app.model.list
        await shown.press("escape", "pagedown", "pagedown")
        before, row, id = view.scroll_offset.y, jobs.row_of(jobs.selected), jobs.selected
        assert before > 5
        await shown.press("T")
        assert jobs.order[0] == id
        assert (view.scroll_offset.y, jobs.row_of(jobs.selected)) == (before, row)
        for key in ("K", "J", "K"):
            await shown.press(key)
            assert view.scroll_offset.y == before
        await shown.press("g", "j", "T")
        assert (view.scroll_offset.y, jobs.row_of(jobs.selected)) == (0, 0), "in sight, the job is followed"


# -- words


def words(*prompts: str, takes: int = 1, cells: int = 99) -> list[str]:
    """Return the texts of a batch's rows; what differs in them is in `*`."""
    listed = JobList()
    made = [
        (number, prompt, take) for number, prompt in enumerate(prompts) for take in range(1, takes + 1)
    ]  # one job for each
    listed.update(
        Job(at, f"r{at}", prompt, Options(), "studio", Status.QUEUED, "b", take=take, takes=takes)
        for at, (_, prompt, take) in enumerate(made, 1)
    )
    shown = [shortened(listed.words.of(job), cells, "…") for job in listed.jobs.values()]
    assert all(width("".join(piece.text for piece in row)) <= cells for row in shown)
    return [re.sub(r"\*( *)([^*]+?)( *)\*", r"\1*\2*\3", "".join(map(_marked, row))) for row in shown]


def _marked(piece: PromptPart) -> str:
    return f"*{piece.text}*" if piece.differs and piece.text else piece.text


def test_a_single_prompt_is_shown_completely() -> None:
    assert words("slow  rain,\nat dusk") == ["slow rain, at dusk"]


def test_numbers_keep_units_keys_keep_modes_and_takes_are_numbered() -> None:
    assert words("lofi, 90 bpm rain", "lofi, 120 bpm rain") == ["lofi, *90 bpm* rain", "lofi, *120 bpm* rain"]
    assert words("lofi in A minor, slow", "lofi in C# minor, slow") == [
        "lofi in *A minor,* slow",
        "lofi in *C# minor,* slow",
    ]
    assert words("rain", takes=2) == ["rain  *take 1*", "rain  *take 2*"]
    assert words("soft rain", "loud rain", takes=2)[1] == "*soft* rain  *take 2*"
    assert words("dark rain", "rain")[1] == "rain", "no difference, so the prompt is shown"
    assert words("one two", "three four") == ["one two", "three four"]


@pytest.mark.parametrize(
    ("cells", "row"),
    [
        (99, "a *rock* song about the *rain,* slow"),
        (29, "a *rock* song about the *rain,* …"),
        (26, "a *rock* song about the *rain*"),
        (25, "a *rock* song about … *rain*"),
        (20, "a *rock* song … *rain*"),
        (17, "a *rock* … *rain,* s…"),
        (13, "a *rock* … *rain*"),
        (12, "*rock, rain*"),
        (8, "*ro…, ra…*"),
    ],
)
def test_a_prompt_keeps_its_order_and_what_differs_where_room_is_short(cells: int, row: str) -> None:
    songs = [f"a {genre} song about the {sky}, slow" for genre in ("rock", "jazz") for sky in ("rain", "sun")]
    assert words(*songs, cells=cells)[0] == row


@pytest.mark.parametrize(
    ("cells", "row"),
    [(25, "rain on the *roof*  *take 1*"), (23, "rain on the *roof*  *#1*"), (13, "… *roof*  *#1*"), (9, "*roof, #1*")],
)
def test_a_take_is_never_truncated(cells: int, row: str) -> None:
    assert words("rain on the roof", "rain on the sea", takes=2, cells=cells)[0] == row


@pytest.mark.parametrize(
    ("size", "first"),
    [
        ((80, 24), "folk, C major, slow  #1"),
        ((120, 36), "folk, C …, sl…, #1"),
        ((200, 50), "folk, C major, slow, 10 s  take 1"),
    ],
)
async def test_each_finished_take_of_a_matrix_shows_all_its_differences(
    show: ShowScreen, stage: Stage, size: tuple[int, int], first: str
) -> None:
    moods = [(key, pace) for key in ("C major", "A minor") for pace in ("slow", "fast")]
    prompts = [f"{style}, {key}, {pace}, 10 s" for style in ("folk", "rainy night ballad") for key, pace in moods]
    jobs = stage.store.add(
        [
            NewJob(prompt, Options(), "studio", f"m{at}{take}", "matrix", take=take, takes=2)
            for at, prompt in enumerate(prompts)
            for take in (1, 2)
        ]
    )
    for number, job in enumerate(jobs):
        for status in (Status.SENDING, Status.MAKING, Status.FETCHING):
            stage.store.update(job.id, status, "")
        stage.store.update(job.id, Status.DONE, "", ended_at=NOON - number, title="Rainy Night", duration_s=150.0)
    async with show(*size) as shown:
        seen = rows(shown, "Rainy Night")
        assert first in seen[0]
        texts = [re.split("[╷│╵]  ", row)[1].partition("Rainy Night")[0] for row in seen]
        assert len(set(texts)) == len(seen) > 8, texts


async def test_a_narrow_row_has_room_for_differences_take_and_title(show: ShowScreen, stage: Stage) -> None:
    jobs = stage.store.add(
        [
            NewJob(f"{genre} about dogs", Options(), "studio", f"{genre}{take}", "matrix", take=take, takes=2)
            for genre in ("rock", "jazz")
            for take in (1, 2)
        ]
    )
    for job in jobs:
        for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
            stage.store.update(job.id, status, "", title="Good Dog", duration_s=10.0)
    async with show(40, 16) as shown:
        assert "rock  #2  Good Dog" in shown.text()


def test_deleting_a_job_updates_differences_and_long_prompts_are_truncated() -> None:
    listed = JobList()
    first = Job(1, "r1", "soft rain", Options(), "studio", Status.QUEUED, "b")
    listed.update([first, first._replace(id=2, prompt="loud rain")])
    assert listed.words.of(first).differing == ("soft",)
    listed.update([], [2])
    assert listed.words.of(first).differing == ()
    (piece,) = listed.words.of(first._replace(prompt="la " * 5000)).pieces
    assert len(piece.text.split()) == 300


def test_the_cache_of_batches_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riffusion_tui.tui.state.job_list.batch_words._MAX_CACHED", 2)
    jobs = {id: Job(id, f"r{id}", "rain", Options(), "studio", Status.QUEUED, f"b{id}") for id in range(1, 6)}
    made = BatchWords(jobs)
    assert [made.of(job).pieces for job in jobs.values()] == [(PromptPart("rain", differs=False),)] * 5
    assert len(made._common) == 1


@pytest.mark.parametrize("letters", range(12, 20))
async def test_only_words_are_truncated(show: ShowScreen, stage: Stage, letters: int) -> None:
    for number, letter in enumerate("xy"):
        song = f"{letter * letters} with rain"
        stage.store.add([NewJob(song, Options(), "studio", letter, "matrix", take=2, takes=2)])
        for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
            stage.store.update(number + 1, status, title="Rainy Night")
    async with show(80, 24) as shown:
        seen = rows(shown, "2")
        assert len(seen) == 2
        assert not [row for row in seen if re.search(r"2\s*…", row)]


async def test_genres_are_aligned_for_any_key(show: ShowScreen, stage: Stage) -> None:
    for key in ("F", "Cm", "C#m", "C# dorian"):
        stage.done(f"song in {key}", "Harbour Lights", 182, 118, key, "soul")
    async with show(200, 50) as shown:
        columns = {row.index("soul") for row in rows(shown, "118")}
        assert len(columns) == 1


@pytest.mark.parametrize(
    ("size", "row"), [((80, 24), "replace Verse 1 of 1  "), ((200, 50), "replace Verse 1 of 1: a night")]
)
async def test_an_edits_row_ends_in_its_prompt_or_has_no_colon(
    show: ShowScreen, stage: Stage, size: tuple[int, int], row: str
) -> None:
    stage.done("a night train", "Night Train", 60, 113, "B", "pop")
    options = Options(operation="replace", source="s", extra=(("section", "Verse 1"),))
    stage.store.add([NewJob("a night train", options, "studio", "r2", "b2", parent=1)])
    for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
        stage.store.update(2, status, title="Night Train", bpm=113.0, key="B")
    async with show(*size) as shown:
        assert row in shown.text()


async def test_a_line_break_in_an_edits_prompt_leaves_the_title_in_its_column(show: ShowScreen, stage: Stage) -> None:
    stage.done("a night train", "Night Train", 60, 113, "B", "pop")
    options = Options(operation="replace", source="s", extra=(("section", "Ending"),))
    for size in range(8, 24):
        prompt = "b" * size + "\nand a longer line after the break"
        (job,) = stage.store.add([NewJob(prompt, options, "studio", f"r{size}", f"b{size}", parent=1)])
        for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
            stage.store.update(job.id, status, title="Night Train", bpm=113.0, key="B")
    async with show(200, 50) as shown:
        found = rows(shown, "Night Train")
        assert len(found) > 16
        assert len({row.index("Night Train") for row in found}) == 1


@pytest.mark.parametrize("width", [100, 104])
async def test_a_narrow_list_beside_the_prompt_shows_why_a_job_waits(
    show: ShowScreen, stage: Stage, width: int
) -> None:
    stage.add("slow rain on a tin roof, a long night and a longer morning")
    stage.add("snow", Status.MAYBE_SENT)
    stage.deps.dispatcher.progress = {3: 0.0}.get
    stage.add("fog in the harbor", Status.MAKING, age=5)
    stage.store.put_gate(Gate("studio", None, WaitCause.OFFLINE, NOON, NOON + 60, 2))
    async with show(width, 24) as shown:
        (waiting,) = rows(shown, "slow rain")
        assert "offline" in waiting
        (sent,) = rows(shown, "snow")
        assert "maybe sent" in sent
        assert "checking" in sent
        if width == 100:
            assert rows(shown, "fog in the harbor"), "that it waits for a processor is not worth a part of the prompt"
