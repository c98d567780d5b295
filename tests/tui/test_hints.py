"""Hints: a key shown on the screen works from the pane that has the focus."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.model import FailureKind, Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.bindings.command import CommandScope
from riffusion_tui.tui.bindings.commands import COMMANDS
from riffusion_tui.tui.bindings.keys import Keys, is_direct, scopes_of_pane
from tests.tui.conftest import ShowScreen
from tests.tui.stage import NOON, Shown, Stage
from tests.tui.test_playback import FOREVER, player, take
from tests.tui.test_sheet_lines import long_song

PANES = (CommandScope.PROMPT, CommandScope.OPTIONS, CommandScope.FILTER, CommandScope.JOBS, CommandScope.SONG)
_PRESSED = {"esc": "escape", "space": "space", "enter": "enter"}


async def follow(shown: Shown, hint: str) -> None:
    """Press the keys of a hint."""
    for key in hint.split():
        await shown.press(_PRESSED.get(key, key.lower() if key[:1] == "F" and key[1:].isdigit() else key))


@pytest.mark.parametrize("pane", PANES)
async def test_the_banner_of_a_paused_queue_shows_working_keys(
    show: ShowScreen, stage: Stage, pane: CommandScope
) -> None:
    stage.add("rain")
    stage.done("rain", "Rain", 60, 120, "Am", "pop")
    stage.store.put_gate(Gate("studio", None, WaitCause.PAUSED, NOON))
    keys = {
        CommandScope.PROMPT: (),
        CommandScope.OPTIONS: ("ctrl+t",),
        CommandScope.FILTER: ("escape", "/"),
        CommandScope.JOBS: ("escape",),
        CommandScope.SONG: ("escape", "enter"),
    }[pane]
    async with show(110, 24) as shown:
        await shown.press(*keys)
        assert shown.app.main.scopes()[0] is pane
        hint = shown.text().splitlines()[1].split("none lost")[1].replace("resume", "").strip()
        await follow(shown, hint)
        assert not shown.app.model.summary.paused, hint
        assert shown.app.main.text == ""


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.HELD])
async def test_the_advice_for_a_job_works_from_the_editor(show: ShowScreen, stage: Stage, status: Status) -> None:
    stage.add("rain", status)
    async with show(120, 30) as shown:
        hint = shown.words().split(" retries it." if status is Status.CANCELLED else " releases it.")[0][-5:]
        await follow(shown, hint)
        assert [job.status for job in shown.jobs] == [Status.QUEUED]
        assert shown.app.main.text == ""


async def test_the_advice_in_a_jobs_detail_works_there(show: ShowScreen, stage: Stage) -> None:
    stage.add("rain", Status.CANCELLED)
    async with show() as shown:
        await shown.press("escape", "d")
        await follow(shown, shown.words().split(" retries it.")[0][-5:])
        assert [job.status for job in shown.jobs] == [Status.QUEUED]


async def test_the_footer_of_a_jobs_detail_offers_what_it_has(show: ShowScreen, stage: Stage) -> None:
    keys = ("p play", "< previous take", "> next take", "w save as")
    stage.add("rain", Status.FAILED)
    for number in (1, 2, 3):
        stage.done("snow", f"Snow {number}", 60, 100, "C", "pop", batch="b")
    async with show(150, 30) as shown:

        def offered() -> list[bool]:
            return [key in shown.text().splitlines()[-1] for key in keys]

        await shown.press("escape", "G", "d")
        assert offered() == [False] * 4
        await shown.press("escape", "g", "d")
        assert offered() == [True, True, False, True]
        await shown.press("left")
        assert offered() == [True] * 4
        await shown.press("left")
        assert offered() == [True, False, True, True]


async def test_an_edit_whose_song_is_gone_offers_no_retry(show: ShowScreen, stage: Stage) -> None:
    edit = Options(operation="mute", source="gone")
    stage.add("rain", Status.FAILED, options=edit, trouble=FailureKind.NOT_FOUND, remote_id=None)
    stage.add("snow", Status.FAILED, options=edit, trouble=FailureKind.SERVER, remote_id=None)
    async with show(120, 30) as shown:
        for job, can in (("G", False), ("g", True)):
            await shown.press("escape", job)
            assert [text in shown.words() for text in ("t retry", "t retries it")] == [can, can]
            assert ("The service no longer has the song" in shown.words()) is not can
        await shown.press("g", "space", "G", "space")
        assert "t retry" in shown.words()


async def test_a_pane_shows_its_keys_only_while_focused(show: ShowScreen, stage: Stage) -> None:
    stage.add("wind")
    stage.done("rain", "Rain", 60, 120, "Am", "pop")
    async with show(120, 30) as shown:
        await shown.press("escape", "G", "i")
        assert "p play" not in shown.words()
        assert "/ filter" not in shown.words()
        await shown.press("escape")
        assert "p play" in shown.words()
        assert "/ filter" in shown.words()


async def test_an_empty_list_shows_how_to_clear_the_filter_from_every_pane(show: ShowScreen, stage: Stage) -> None:
    stage.add("rain")
    stage.add("wind")
    async with show() as shown:
        await shown.press("escape", "/")
        await shown.type("nothing")
        assert "esc clears the filter." in shown.words()
        await shown.press("enter", "i")
        assert "esc esc clears the filter." in shown.words()
        await shown.press("escape")
        assert " esc esc clears" not in shown.words()


async def test_comparing_from_the_editor_shows_how_to_mark_from_there(show: ShowScreen, stage: Stage) -> None:
    stage.done("rain", "Rain", 60, 120, "Am", "pop")
    async with show() as shown:
        await shown.press("f3")
        assert "with esc space to compare them" in shown.status()


@pytest.mark.parametrize("pane", PANES)
def test_every_command_with_a_key_is_reachable_from_every_pane(pane: CommandScope) -> None:
    keys = Keys({})
    scopes = {scope for one in PANES for scope in scopes_of_pane(one)} - {CommandScope.SONG}
    for command in COMMANDS:
        if command.scope in scopes and command.keys:
            assert keys.hint(command.id, scopes_of_pane(pane)), command.id


def test_a_command_without_a_key_has_no_hint() -> None:
    assert Keys({}).hint("theme", scopes_of_pane(CommandScope.PROMPT)) == ""
    assert not is_direct("")


def test_hints_use_keys_from_the_settings() -> None:
    assert Keys({"pause": "f11", "token": "f24"}).hint("pause.key", scopes_of_pane(CommandScope.PROMPT)) == "F11"
    assert (
        Keys({"prompt.leave": "f11", "token": "f24"}).hint("pause.key", scopes_of_pane(CommandScope.PROMPT)) == "F11 P"
    )


async def test_the_filter_field_shows_the_keys_that_leave_it(show: ShowScreen, stage: Stage) -> None:
    stage.add("rain")
    stage.add("snow")
    async with show(80, 24) as shown:
        await shown.press("escape", "/")
        assert "enter keep" in shown.text().splitlines()[-1]
        assert "esc clear" in shown.text().splitlines()[-1]
        await shown.type("rain")
        await shown.press("enter")
        assert (shown.app.main.scopes()[0], shown.app.model.list.filter) == (CommandScope.JOBS, "rain")
        await shown.press("/", "escape")
        assert (shown.app.main.scopes()[0], shown.app.model.list.filter) == (CommandScope.JOBS, "")
        await shown.press("/")
        await shown.type("genre:")
        assert "rain" in shown.text()


@pytest.mark.parametrize(("opening", "screen"), [("d", "detail"), ("M", "grid"), ("v", "compare")])
async def test_a_song_is_stopped_and_made_louder_where_it_can_be_played(
    show: ShowScreen, stage: Stage, opening: str, screen: str
) -> None:
    snow = stage.done("snow", "Snow", 60, 100, "C", "pop")
    stage.store._run("UPDATE jobs SET batch = 'b' WHERE id = ?", snow.id)
    for title in ("First", "Last"):
        take(stage, title, batch="b")
    player(stage, FOREVER)
    async with show(120, 36) as shown:
        await shown.press("escape", opening, "p", "9")
        assert shown.app.screen.id == screen
        assert shown.app.playback.volume == 95
        await shown.press("full_stop")
        assert shown.app.playback.job is None


@pytest.mark.parametrize(("opening", "screen"), [("d", "detail"), ("M", "grid")])
async def test_a_song_is_rated_and_saved_where_it_is_shown(
    show: ShowScreen, stage: Stage, opening: str, screen: str
) -> None:
    snow = stage.done("snow", "Snow", 60, 100, "C", "pop")
    stage.store._run("UPDATE jobs SET batch = 'b' WHERE id = ?", snow.id)
    job = take(stage, "Last", batch="b")
    async with show(120, 36) as shown:
        await shown.press("escape", opening)
        verdicts = []
        for key in ("plus", "minus", "minus", "z"):
            await shown.press(key)
            verdicts.append(stage.store.job(job.id).verdict)
        assert verdicts == ["keep", "reject", "", "reject"]
        assert shown.app.screen.id == screen
        await shown.press("w", "enter")
        assert "existing files are never overwritten" in shown.words()


async def test_a_first_start_says_how_to_get_a_job(show: ShowScreen) -> None:
    async with show() as shown:
        for key in ("e", "p", "x"):
            await shown.press("escape", key)
            assert shown.status() == "No jobs yet: ^J generates the songs of the prompt."


@pytest.mark.parametrize(
    ("opening", "screen"), [("", "main"), ("d", "detail"), ("l", "sheet"), ("M", "grid"), ("v", "compare")]
)
async def test_the_key_to_play_is_named_after_what_it_does_now(
    show: ShowScreen, stage: Stage, opening: str, screen: str
) -> None:
    snow = stage.done("snow", "Snow", 60, 100, "C", "pop")
    stage.store._run("UPDATE jobs SET batch = 'b' WHERE id = ?", snow.id)
    stage.store.put_song(long_song(take(stage, "First", batch="b").id))
    stage.store.put_song(long_song(take(stage, "Last", batch="b").id))
    player(stage, FOREVER)
    async with show(120, 36) as shown:
        await shown.press("escape", *opening)
        assert shown.app.screen.id == screen
        named = []
        for keys in ((), ("p",), ("p",), ("p",)):
            await shown.press(*keys)
            named.append("p pause" if "p pause " in shown.text().splitlines()[-1] else "p play")
        assert named == ["p play", "p pause", "p play", "p pause"]
