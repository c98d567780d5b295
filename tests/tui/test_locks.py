"""Locks by keys, and the studio's edits in the forms that all services share."""

from __future__ import annotations

from typing import Any

import pytest

from riffusion_tui.jobs.model import Job, Options, Song
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.screens.edit import EditScreen
from riffusion_tui.tui.screens.main import MainScreen
from riffusion_tui.tui.screens.picker import Picker
from riffusion_tui.tui.state.song.lineage import differences
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage

FORM = "4/4, intro 4, verse 8, chorus 8, ending 2"
BAND = "drums=drums, bass=bass, chords=piano, lead=flute!, vocal=female"
PLAN: dict[str, Any] = {
    "bpm": 84.0, "key": "F", "mode": "major", "form": FORM, "band": BAND,
    "sections": ["Intro", "Verse", "Chorus", "Ending"], "stems": ["Drums", "Bass", "Piano", "Flute"],
}  # fmt: skip


@pytest.fixture
def song(stage: Stage) -> Job:
    """A finished song of the studio."""
    stage.service.capabilities = profile_of("studio").capabilities
    stage.accounts()
    job = stage.done("slow soul", "Harbour Lights", 182, 84, "F", "soul", seed=7)
    stage.store.put_song(Song(job.id, lyrics="[Verse]\nla la\n", plan=PLAN))
    return job


async def test_what_to_do_next_fits_a_line_with_all_locks(show: ShowScreen, song: Job) -> None:
    async with show() as shown:
        await shown.press("escape", "L", "enter")
        assert "Edit the prompt, then ^J. Locked: " in shown.text()
        assert "lyrics" in shown.status()
        assert "…" not in shown.status()


async def test_an_edited_prompt_keeps_locked_properties(show: ShowScreen, stage: Stage, song: Job) -> None:
    async with show() as shown:
        await shown.press("escape", "L")
        for text in (
            "[x] t tempo   84",
            "[x] k key     F major",
            "[x] s seed    7",
            "[x] f form",
            "[x] l lyrics  1 line ",
        ):
            assert text in shown.text()
        await shown.press("f", "down", "down", "space", "enter")
        assert isinstance(shown.app.screen, MainScreen)
        assert shown.status() == "Edit the prompt, then ^J. Locked: tempo, key, seed, band."
        await shown.type(", + trumpet solo")
        for text in ("seed 7", "tempo 84", "key F major", "band: 4 players", "like “slow soul”"):
            assert text in shown.text(), text
        assert "form:" not in shown.text()
        await shown.press("ctrl+j")
        made = shown.jobs[-1]
        assert (made.prompt, made.parent, made.options.seed) == ("slow soul, + trumpet solo", song.id, 7)
        assert dict(made.options.extra) == {"tempo": "84", "key": "F major", "band": BAND, "like": "slow soul"}
        assert made.options.lyrics is None
        await shown.press("escape", "enter")
        assert "locked tempo 84, key F major, band: 4 players, like “slow soul”" in shown.words()
        await shown.press("d")
        assert shown.app.screens()[-1].id == "detail"
        assert "slow soul, +[+ trumpet solo]" in shown.words()
        assert "band: 4 players" in shown.words()


async def test_a_new_prompt_clears_the_locks(show: ShowScreen, song: Job) -> None:
    async with show() as shown:
        await shown.press("escape", "L", "enter")
        assert set(dict(shown.app.draft.options.extra)) == {"tempo", "key", "form", "band", "like", "lyrics_strength"}
        assert shown.app.draft.options.lyrics == "[Verse]\nla la"
        assert "lyrics: 1 line " in shown.text()
        assert "lyrics_strength" not in shown.text()
        await shown.press("ctrl+n")
        assert dict(shown.app.draft.options.extra) == {}
        assert shown.app.draft.options.seed is None


async def test_the_dialog_names_the_edits_that_no_lock_keeps(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    options = Options(operation="replace", source="r1", extra=(("section", "Verse 2"),))
    edited = stage.done("slow soul", "Harbour Lights", 182, 84, "F", "soul", seed=7, options=options)
    stage.store.put_song(Song(edited.id, plan=PLAN))
    async with show() as shown:
        await shown.press("escape", "L")
        assert "This song was edited; no lock keeps: replace Verse 2." in shown.words()
        await shown.press("enter", "ctrl+j")
        assert shown.jobs[-1].parent == edited.id
        await shown.press("escape", "d")
        assert f"no lock keeps the edits of job {edited.id}: replace Verse 2" in shown.words()


async def test_all_properties_can_be_unlocked_and_the_screen_left(show: ShowScreen, song: Job) -> None:
    async with show() as shown:
        await shown.press("escape", "L", "a")
        assert "[x]" not in shown.text()
        await shown.press("escape")
        assert not shown.app.draft.source
        await shown.press("L", "a", "enter")
        assert "Nothing is locked." in shown.text()
        assert shown.app.draft.options.extra == ()
        assert shown.app.draft.source == song.id
        await shown.press("escape", "L", "a", "a", "up")
        assert "> [x] l lyrics" in shown.text()
        await shown.press("x", "escape")


async def test_a_small_window_shows_every_property(show: ShowScreen, song: Job) -> None:
    async with show(40, 12) as shown:
        await shown.press("escape", "L")
        assert all(f"[x] {letter} " in shown.text() for letter in "tksfbl")


async def test_a_property_that_the_song_does_not_have_is_not_offered(show: ShowScreen, stage: Stage, song: Job) -> None:
    stage.store.put_song(Song(song.id, plan={"key": "F"}))
    async with show(40, 12) as shown:
        await shown.press("escape", "L")
        assert "[x] s seed    7" in shown.text()
        assert "tempo" not in shown.text().replace("whatever", "")
        await shown.press("t", "k", "enter")
        assert dict(shown.app.draft.options.extra) == {"like": "slow soul"}


@pytest.mark.parametrize("key", ["L", "E"])
async def test_capabilities_are_fetched_before_a_command_is_refused(
    show: ShowScreen, stage: Stage, song: Job, key: str
) -> None:
    stage.service.unknown = stage.service.capabilities
    stage.service.capabilities = profile_of("riffusion").capabilities._replace(given_lyrics=False)
    async with show() as shown:
        await shown.press("escape", key)
        assert ("t tempo   84" if key == "L" else "transpose") in shown.text()


async def test_a_song_without_locks_is_reported(show: ShowScreen, stage: Stage, song: Job) -> None:
    stage.service.capabilities = stage.service.capabilities._replace(seed=False, fields=(), given_lyrics=False)
    async with show() as shown:
        await shown.press("escape", "L")
        assert "This song has nothing that can be locked." in shown.text()


async def test_a_stem_is_chosen_from_the_songs_own(show: ShowScreen, song: Job) -> None:
    async with show() as shown:
        await shown.press("escape", "E")
        await shown.type("mute")
        await shown.press("enter")
        assert isinstance(shown.app.screen, Picker)
        assert all(stem in shown.text() for stem in PLAN["stems"])
        assert "╭─ mute stem ─" in shown.text()
        await shown.type("flu")
        await shown.press("enter")
        assert isinstance(shown.app.screen, EditScreen)
        assert "mute Flute · song 1 · Harbour Lights" in shown.text()
        await shown.press("ctrl+j")
        made = shown.jobs[-1]
        assert [one.name for one in differences(song._replace(options=Options(lyrics="la")), made)] == [
            "operation",
            "fields",
        ], "an edit keeps everything else"
        assert (made.parent, made.options.operation, made.options.extra) == (song.id, "mute", (("stem", "Flute"),))
        assert made.options.source == song.remote_id
        assert "mute Flute of 1: slow soul" in shown.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_narrow_row_truncates_the_edit_and_not_its_song(
    show: ShowScreen, stage: Stage, song: Job, size: tuple[int, int]
) -> None:
    made = stage.deps.job_commands.edit(song.id, "swap", {"stem": "Piano", "instrument": "electric piano"})
    long = {"stem": "The first of the two electric pianos of this song", "instrument": "trumpet"}
    stage.store.put_song(Song(song.id, plan=PLAN | {"stems": [long["stem"]]}))
    stage.deps.job_commands.edit(song.id, "swap", long)
    for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
        stage.store.update(made.id, status, title="Harbour Lights")
    async with show(*size) as shown:
        assert "swap Piano of 1" in shown.text()
        assert "… of 1" in shown.text()


async def test_an_edit_is_repeated_with_its_values(show: ShowScreen, stage: Stage, song: Job) -> None:
    stage.deps.job_commands.edit(song.id, "swap", {"stem": "Piano", "instrument": "organ"})
    async with show() as shown:
        await shown.press("escape", "home", "e")
        assert "swap stem" in shown.text()
        await shown.press("enter")
        assert "swap Piano · song 1" in shown.text()
        assert "organ" in shown.text()
        await shown.press("ctrl+j")
        assert [job.options.extra for job in shown.jobs[-2:]] == [(("stem", "Piano"), ("instrument", "organ"))] * 2


async def test_locking_a_song_of_another_service_uses_that_service(show: ShowScreen, stage: Stage, song: Job) -> None:
    stage.service.name = "acestep"
    stage.service.capabilities = profile_of("acestep").capabilities
    stage.deps.service = "acestep"
    async with show() as shown:
        await shown.press("escape", "L")
        assert "[x] f form" in shown.text()
        await shown.press("enter")
        assert shown.app.main.text == "slow soul @studio"


async def test_a_section_is_regenerated_with_its_own_prompt(show: ShowScreen, song: Job) -> None:
    async with show() as shown:
        await shown.press("escape", "E", *"replace", "enter", *"chorus", "enter")
        assert isinstance(shown.app.screen, EditScreen)
        await shown.type(", louder")
        await shown.press("ctrl+j")
        made = shown.jobs[-1]
        assert (made.prompt, made.options.extra) == ("slow soul, louder", (("section", "Chorus"),))


async def test_other_services_offer_no_locks_or_studio_edits(show: ShowScreen, stage: Stage, song: Job) -> None:
    stage.service.capabilities = profile_of("riffusion").capabilities
    async with show() as shown:
        await shown.press("escape", "E")
        assert "can't edit songs" in shown.text()
        await shown.press("L")
        assert "[x] l lyrics" in shown.text()
        assert "tempo" not in shown.text().split("lyrics  1 line ")[0].split("only what it says.")[-1]


async def test_a_click_locks_or_unlocks_a_property(show: ShowScreen, song: Job) -> None:
    async with show() as shown:
        await shown.press("escape", "L")
        rows = shown.text().split("\n")
        y, line = next((y, line) for y, line in enumerate(rows) if "s seed" in line)
        await shown.pilot.click(offset=(line.index("s seed") + 4, y))
        await shown.settle()
        assert "> [ ] s seed    7" in shown.text()
        await shown.pilot.click(offset=(line.index("s seed"), y))
        await shown.settle()
        assert "> [x] s seed    7" in shown.text()
        await shown.pilot.click(offset=(2, 0))
        await shown.settle()
        assert "> [x] s seed    7" in shown.text(), "a click outside the rows changes nothing"
