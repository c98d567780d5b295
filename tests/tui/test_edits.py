"""Edits of songs and lyrics by keys; forms are generated from the service's capabilities."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.model import Job
from riffusion_tui.services.base import Unanswered, WrittenLyrics
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.screens.edit import EditScreen
from riffusion_tui.tui.screens.lyrics import LyricsScreen
from riffusion_tui.tui.screens.main import MainScreen
from riffusion_tui.tui.screens.picker import Picker
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, Shown, Stage


@pytest.fixture
def song(stage: Stage) -> Job:
    """A finished song of a service that can do all of Flow Music's edits."""
    stage.service.capabilities = stage.service.capabilities._replace(edits=profile_of("flowmusic").capabilities.edits)
    stage.accounts()
    return stage.done("slow soul", "Harbour Lights", 182, 84, "F", "soul")


async def choose(shown: Shown, *words: str) -> None:
    """Open the edits of the selected song and choose by typing."""
    await shown.press("escape", "E")
    for word in words:
        assert isinstance(shown.app.screen, Picker)
        await shown.type(word)
        await shown.press("enter")


async def test_a_song_is_extended_by_keys(show: ShowScreen, stage: Stage, song: Job) -> None:
    async with show() as shown:
        await choose(shown, "extend")
        assert isinstance(shown.app.screen, EditScreen)
        assert "extend · song 1 · Harbour Lights" in shown.text()
        assert "seconds to add (1 to 300)" in shown.text()
        await shown.type(", a solo")
        await shown.press("tab", *"900")
        await shown.press("ctrl+j")
        assert "length must be a number (1 to 300), not '900'" in shown.text()
        await shown.press("backspace", "enter", *"12", "ctrl+j")
        assert shown.app.screens() == [shown.app.main]
        made = shown.jobs[-1]
        assert (made.parent, made.prompt) == (song.id, "slow soul, a solo")
        assert (made.options.operation, made.options.source) == ("extend", song.remote_id)
        assert made.options.account == FIRST
        assert made.options.extra == (("extend_s", "90"), ("extend_from_s", "12"))
        assert "extend of 1: slow soul, a solo" in shown.text()
        assert shown.app.model.list.current == made
        await shown.press("d")
        assert shown.app.screens()[-1].id == "detail"
        assert f"Job {made.id} is job 1, edited: extend" in shown.text()
        assert "length 90 s, from 12 s" in shown.words()


async def test_an_edit_is_sent_with_the_edited_lyrics(show: ShowScreen, stage: Stage, song: Job) -> None:
    async with show() as shown:
        await choose(shown, "remix")
        assert "Neon on the river" in shown.text()
        await shown.press("tab", "enter")
        await shown.type("new line")
        await shown.press("f5")
        made = shown.jobs[-1]
        assert made.options.lyrics is not None
        assert made.options.lyrics.endswith("light on for a star\nnew line")
        assert not made.options.instrumental


async def test_the_kind_of_an_edit_selects_its_fields(show: ShowScreen, stage: Stage, song: Job) -> None:
    async with show() as shown:
        await choose(shown, "effect", "trim")
        assert "effect Trim" in shown.text()
        assert "fade" not in shown.text().lower().partition("effect trim")[2]
        await shown.press(*"5", "down", *"3", "up", "ctrl+j")
        assert "end must be more than start." in shown.text()
        await shown.press("tab", "0", "ctrl+j")
        assert shown.jobs[-1].options.extra == (("effect", "Trim"), ("start_s", "5"), ("end_s", "30"))


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_enter_sends_an_edit_whose_fields_were_all_chosen(
    show: ShowScreen, stage: Stage, song: Job, size: tuple[int, int]
) -> None:
    stage.service.capabilities = stage.service.capabilities._replace(edits=profile_of("studio").capabilities.edits)
    kept = stage.store.song(song.id)
    assert kept is not None
    stage.store.put_song(kept._replace(plan={**kept.plan, "stems": ["Drums", "Bass"]}))
    async with show(*size) as shown:
        await choose(shown, "mute", "Drums")
        assert isinstance(shown.app.screen, EditScreen)
        assert "enter generate" in shown.words()
        await shown.press("enter")
        assert shown.jobs[-1].options.extra == (("stem", "Drums"),)


async def test_stems_need_only_a_confirmation(show: ShowScreen, stage: Stage, song: Job) -> None:
    async with show(40, 12) as shown:
        await choose(shown, "stems")
        assert "Split into stems" in shown.words()
        await shown.press("ctrl+j")
        assert shown.jobs[-1].options.operation == "stems"


async def test_closing_an_edit_form_queues_nothing(show: ShowScreen, stage: Stage, song: Job) -> None:
    async with show() as shown:
        await choose(shown, "cover")
        await shown.press("escape")
        await shown.press("E", "escape", "E")
        await shown.type("effect")
        await shown.press("enter", "escape")
        assert isinstance(shown.app.screen, MainScreen)
        assert len(shown.jobs) == 1


async def test_editing_an_edit_opens_its_form_again(show: ShowScreen, stage: Stage, song: Job) -> None:
    stage.deps.job_commands.edit(song.id, "cover", {"strength": "0.5"}, prompt="as a waltz")
    async with show() as shown:
        await shown.press("escape", "g", "e")
        assert isinstance(shown.app.screen, EditScreen)
        assert "as a waltz" in shown.text()
        await shown.press("tab", "end", "5", "ctrl+j")
        made = shown.jobs[-1]
        assert (made.parent, made.prompt, made.options.extra) == (song.id, "as a waltz", (("strength", "0.55"),))
        assert shown.app.draft.options.operation is None


async def test_an_edit_that_the_service_no_longer_supports_is_refused(
    show: ShowScreen, stage: Stage, song: Job
) -> None:
    stage.deps.job_commands.edit(song.id, "cover", {})
    stage.service.capabilities = stage.deps.capabilities._replace(edits=())
    async with show() as shown:
        await shown.press("escape", "g", "e")
        assert "doesn't support this edit" in shown.status()


async def test_a_service_that_only_makes_new_songs_reports_it(show: ShowScreen, stage: Stage) -> None:
    stage.done("slow soul", "Harbour Lights", 182, 84, "F", "soul")
    async with show() as shown:
        await shown.press("escape", "E")
        assert shown.status() == "studio can't edit songs."


async def test_an_edit_is_not_a_take_of_its_song(show: ShowScreen, stage: Stage, song: Job) -> None:
    async with show() as shown:
        made = stage.deps.job_commands.edit(song.id, "stems", {})
        options = made.options
        stage.store.delete([made.id])
        again = stage.done("slow soul", "Harbour Lights (stems)", 182, 84, "F", "soul", options=options)
        stage.store.update(again.id, file=song.file)
        shown.app.show_changes()
        assert [take.id for take in shown.app.model.takes_of(song)] == [song.id]


# -- lyrics


async def test_lyrics_can_be_generated_and_edited(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.type("a {sea|lake} song")
        await shown.press("ctrl+t", "w")
        assert isinstance(shown.app.screen, LyricsScreen)
        await shown.settle()
        assert "a sea song" in shown.app.screen.words.text
        await shown.press("ctrl+j")
        assert shown.app.draft.options.lyrics == "[Verse]\na sea song"
        assert "lyrics" in shown.text()
        await shown.press("y")
        assert "a sea song" in shown.text()
        await shown.press("x", "escape", "y")
        assert shown.app.draft.options.lyrics == "[Verse]\na sea song"
        await shown.press("y", "ctrl+u", "backspace", "ctrl+u", "ctrl+j")
        assert shown.app.draft.options.lyrics is None


async def test_a_prompt_with_lyrics_is_not_instrumental(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "v", "y")
        await shown.type("la la")
        await shown.press("f5")
        assert shown.app.draft.options.lyrics == "la la"
        assert not shown.app.draft.options.instrumental


async def test_lyrics_without_words_are_not_kept(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "y")
        await shown.type("[Verse]")
        await shown.press("f5")
        assert isinstance(shown.app.screen, LyricsScreen)
        assert "There are no words to sing in these lyrics." in shown.text()
        await shown.type(" la")
        await shown.press("f5")
        assert shown.app.draft.options.lyrics == "[Verse] la"


async def test_escape_confirms_before_discarding_lyrics(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "y", "escape")
        assert shown.app.main.is_current  # nothing was typed
        await shown.press("y")
        await shown.type("ten minutes of work")
        await shown.press("escape")
        assert "Discard what you typed?" in shown.text()
        await shown.press("enter")
        lyrics = shown.app.screen
        assert isinstance(lyrics, LyricsScreen)
        assert lyrics.words.text == "ten minutes of work"
        await shown.press("escape", "y")
        assert shown.app.main.is_current
        assert shown.app.draft.options.lyrics is None


async def test_escape_confirms_before_discarding_the_prompt_of_an_edit(
    show: ShowScreen, stage: Stage, song: Job
) -> None:
    async with show() as shown:
        await choose(shown, "extend")
        await shown.press("escape")
        assert shown.app.main.is_current
        await choose(shown, "extend")
        await shown.type(", a solo")
        await shown.press("escape", "n")
        assert isinstance(shown.app.screen, EditScreen)
        await shown.press("escape", "y")
        assert shown.app.main.is_current
        assert len(shown.jobs) == 1


async def test_lyrics_that_are_too_long_are_not_kept(show: ShowScreen, stage: Stage) -> None:
    """The dialog kept them, and only the key to generate refused them."""
    stage.service.capabilities = profile_of("studio").capabilities
    async with show() as shown:
        await shown.press("ctrl+t", "y")
        screen = shown.app.screen
        assert isinstance(screen, LyricsScreen)
        assert "characters" not in shown.words()
        screen.words.put("la la la\n" * 1000 + "l" * 500)
        await shown.settle()
        assert "9,500/10,000 characters" in shown.words()
        screen.words.put("la la la\n" * 2000)
        await shown.settle()
        assert "too long: 17,999/10,000 characters" in shown.words()
        await shown.press("ctrl+j")
        assert "The lyrics have 17,999 characters; the service's limit is 10,000." in shown.words()
        assert shown.app.draft.options.lyrics is None
        screen.words.put("la la la\n" * 3000)
        await shown.settle()
        assert "too long: 26,999/10,000 characters" in shown.words()
        assert "17,999" not in shown.words()
        await shown.press("ctrl+j")
        assert "The lyrics have 26,999 characters; the service's limit is 10,000." in shown.words()


async def test_the_length_of_lyrics_fits_a_narrow_window(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    async with show(40, 24) as shown:
        await shown.press("ctrl+t", "y")
        assert "Lyrics of this prompt" in shown.text()
        screen = shown.app.screen
        assert isinstance(screen, LyricsScreen)
        screen.words.put("l" * 12_345)
        await shown.settle()
        assert "too long: 12,345/10,000 char" in shown.text()


async def test_failed_lyrics_are_reported(show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "w")
        assert "Write a prompt first" in shown.status()
        await shown.press("y", "ctrl+g")
        assert "can't write lyrics" in shown.text()
        await shown.press("escape", "escape")
        await shown.type("sea")

        async def cut(prompt: str, lyrics: str | None = None) -> WrittenLyrics:
            raise Unanswered("No answer came.")

        monkeypatch.setattr(stage.deps.job_commands, "write_lyrics", cut)
        await shown.press("ctrl+t", "w")
        await shown.settle()
        assert "No answer came." in shown.text()
        await shown.press("escape")
        stage.service.capabilities = stage.deps.capabilities._replace(lyrics=False)
        await shown.press("w")
        assert shown.status() == "This service can't write lyrics."


async def test_lyrics_can_be_edited_in_an_external_editor(show: ShowScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    async def edited(app: RiffusionApp, text: str, suffix: str) -> str | None:
        return text + "\nfrom elsewhere"

    monkeypatch.setattr("riffusion_tui.tui.external_editor.edited", edited)
    async with show() as shown:
        await shown.press("ctrl+t", "y")
        await shown.type("la")
        await shown.press("ctrl+o")
        await shown.settle()
        await shown.press("ctrl+j")
        assert shown.app.draft.options.lyrics == "la\nfrom elsewhere"


async def test_the_help_of_a_field_is_readable_in_a_small_window(show: ShowScreen, stage: Stage, song: Job) -> None:
    async with show(40, 12) as shown:
        await choose(shown, "extend")
        await shown.press("tab")
        assert ("length" in shown.text(), "extend_s" in shown.text()) == (True, False)
        assert "seconds to add (1 to 300)" in shown.text(), "on one line, not a word a line"
