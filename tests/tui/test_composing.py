"""The prompt pane by keys: first start, composing, options, history, library, generating."""

from __future__ import annotations

import pytest

from riffusion_tui.config.settings import Settings
from riffusion_tui.jobs.model import Gate, Options, WaitCause
from riffusion_tui.tui.screens.ask import Ask, Confirm
from riffusion_tui.tui.screens.picker import Picker
from riffusion_tui.tui.widgets import editor
from riffusion_tui.tui.widgets.line_field import LineField
from tests.tui.conftest import ShowScreen
from tests.tui.stage import FIRST, NOON, Stage
from tests.waiting import until

LOVER = "jazzy k-pop song about a distant lover"


# -- a first start


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (200, 50)])
async def test_the_first_start_shows_an_introduction_and_the_key_to_generate(
    show: ShowScreen, width: int, height: int
) -> None:
    async with show(width, height) as shown:
        text = shown.text()
        assert "on this machine" in shown.words()
        assert "^J generates it" in text
        assert "F1" in text
        assert shown.app.focused is shown.app.main.prompt.editor


async def test_the_first_start_shows_the_key_at_40_by_12(show: ShowScreen) -> None:
    async with show(40, 12) as shown:
        assert "^J" in shown.text()
        assert "^P palette" in shown.text()


# -- generating


async def test_the_estimate_includes_the_countdown(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.store.add_time("studio", 120.0)
    stage.store.put_gate(Gate("studio", None, WaitCause.UPSTREAM, NOON, NOON + 480))
    async with show(110, 30) as shown:
        await shown.type("rain")
        assert "1 song · ~10 min" in shown.text()
        stage.store.put_gate(Gate("studio", None, WaitCause.PAUSED, NOON))
        await shown.type("y")
        assert "1 song ·" in shown.text()
        assert " min" not in str(shown.app.main.prompt.border_subtitle)


async def test_sending_a_prompt_queues_a_job_and_keeps_the_text(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.type(LOVER)
        assert "1 song ·" in shown.text()
        await shown.press("ctrl+j")
        assert [job.prompt for job in shown.jobs] == [LOVER]
        assert shown.app.main.prompt.editor.text == LOVER
        assert shown.app.model.list.selected == shown.jobs[0].id
        assert shown.status() == "1 song queued."
        assert shown.stage.store.prompts() == (LOVER,)


async def test_a_matrix_is_counted_before_it_is_queued(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.store.add_time("studio", 120.0)
    async with show(110, 30) as shown:
        await shown.type("{lofi|garage} house, {90|120} bpm")
        assert "4 songs · ~2 min" in shown.text()
        await shown.press("f5")
        assert len(shown.jobs) == 4
        assert len({job.batch for job in shown.jobs}) == 1


async def test_the_example_prompt_can_be_sent_or_edited(show: ShowScreen) -> None:
    async with show() as shown:
        assert LOVER in shown.text()
        assert "1 song ·" in shown.text()
        await shown.press("ctrl+j")
        assert [job.prompt for job in shown.jobs] == [LOVER]
        assert shown.app.main.prompt.editor.text == LOVER
        await shown.press("ctrl+n")
        assert LOVER not in shown.app.main.prompt.editor.effective_text


async def test_typing_replaces_the_example_prompt(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.type("rain")
        assert "distant lover" not in shown.text()
        await shown.press("ctrl+j")
        assert [job.prompt for job in shown.jobs] == ["rain"]


async def test_an_empty_prompt_queues_nothing(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+n", "ctrl+j")
        assert shown.jobs == []
        assert "Write a prompt first" in shown.status()


async def test_a_large_batch_is_confirmed_once_and_no_is_the_default(show: ShowScreen) -> None:
    async with show() as shown:
        shown.app.main.prompt.editor.put("{a|b|c|d} {e|f|g|h}")
        await shown.press("ctrl+j")
        assert isinstance(shown.app.screen, Confirm)
        await shown.press("enter")
        assert shown.jobs == []
        await shown.press("ctrl+j")
        await shown.press("y")
        assert len(shown.jobs) == 16


async def test_too_many_songs_are_refused_and_nothing_is_queued(show: ShowScreen) -> None:
    async with show() as shown:
        shown.app.main.prompt.editor.put("{a|b|c|d|e|f|g|h|i|j}" * 6)
        await shown.settle()
        assert "over the limit of 100,000 songs" in shown.words()
        assert "1,000,000 songs" not in shown.words()
        await shown.press("ctrl+j")
        assert shown.jobs == []
        assert "10000" in shown.status().replace(",", "")
        shown.app.main.prompt.editor.put("{a|b|c|d|e|f|g|h|i|j}" * 4 + " x11")
        await shown.press("ctrl+j")
        assert not isinstance(shown.app.screen, Confirm)
        assert "That makes 110,000 songs; the limit is 100,000 at once." in shown.status()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rock x1000", "×1000: a prompt can have 1 to 100 takes"),
        ("rain ×3\n---\nrock ×101\n---\n{a|b} x999", "×101: a prompt can have 1 to 100 takes"),
        ("rock x0", "×0: a prompt can have 1 to 100 takes"),
        ("rock x100", "100 songs"),
    ],
)
async def test_a_number_of_takes_out_of_range_is_shown_at_once(show: ShowScreen, text: str, expected: str) -> None:
    async with show() as shown:
        shown.app.main.prompt.editor.put(text)
        await shown.settle()
        assert expected in shown.words()
        assert ("generate ─╯" in shown.text()) == ("songs" in expected)


async def test_options_set_by_letters_apply_to_the_next_prompt(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    async with show() as shown:
        await shown.type("rain")
        await shown.press("ctrl+t", "v", "t")
        assert isinstance(shown.app.screen, Ask)
        await shown.press("backspace", "3", "enter")
        await shown.press("a", "down", "enter")
        assert "instrumental" in shown.text()
        assert "3 takes each" in shown.text()
        assert f"account {stage.store.nicknames()[FIRST]}" in shown.text()
        await shown.press("ctrl+j")
        assert [job.take for job in shown.jobs] == [1, 2, 3]
        assert shown.jobs[0].options.instrumental
        assert shown.jobs[0].options.account == FIRST


async def test_a_number_out_of_range_is_refused_with_its_range(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "j", "1", "1", "enter")
        assert shown.app.draft.options.max_jobs is None
        assert "from 1 to 10" in shown.words()


async def test_history_is_recalled_by_arrows_and_from_a_list(show: ShowScreen, stage: Stage) -> None:
    stage.store.remember_prompt("older prompt")
    stage.store.remember_prompt("newer prompt")
    async with show() as shown:
        editor = shown.app.main.prompt.editor
        await shown.type("half")
        await shown.press("up")
        assert editor.text == "newer prompt"
        await shown.press("up")
        assert editor.text == "older prompt"
        await shown.press("down", "down")
        assert editor.text == "half"
        await shown.press("ctrl+r")
        assert isinstance(shown.app.screen, Picker)
        await shown.type("older")
        await shown.press("enter")
        assert editor.text == "older prompt"
        await shown.press("ctrl+z")
        assert editor.text == "half"


async def test_down_on_the_last_line_moves_to_the_jobs(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("down")
        assert shown.app.focused is shown.app.main.jobs.view


async def test_detected_words_are_shown_after_a_moment(show: ShowScreen) -> None:
    async with show(110, 30) as shown:
        await shown.type("lofi zzz house hou")
        for expected in ("Detected: lofi, house  Ignored: zzz  ", "Detected: lofi, house  Ignored: zzz, hou  "):
            for _ in range(100):
                await shown.settle()
                if expected in shown.text():
                    break
            assert expected in shown.text()


async def test_a_paste_is_cleaned(show: ShowScreen) -> None:
    from textual import events

    async with show() as shown:
        shown.app.post_message(events.Paste("lofi \x1b[31m [dark]\r\nbeat \u202e"))
        await shown.settle()
        assert shown.app.main.prompt.editor.text == "lofi  [dark]\nbeat "


async def test_prompts_and_presets_are_saved_in_the_library(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("f7")
        assert "empty" in shown.status()
        await shown.type("rain on the window")
        await shown.app.run_action("screen.keep_prompt")
        await shown.settle()
        await shown.press("enter")
        shown.app.draft.change(instrumental=True, takes=2, length_s=90.0, max_jobs=3)
        await shown.app.run_action("screen.keep_preset")
        await shown.settle()
        await shown.type("demo")
        await shown.press("enter")
        shown.app.draft.reset()
        await shown.press("ctrl+n")
        assert shown.app.main.prompt.editor.text == ""
        await shown.press("f7", "enter")
        assert shown.app.main.prompt.editor.text == "rain on the window"
        await shown.press("f7")
        await shown.type("demo")
        assert "preset: takes 2, instrumental, slots 3, target" in shown.words()
        await shown.press("enter")
        assert shown.app.draft.options.instrumental
        assert shown.app.draft.takes == 2
        assert "[presets.demo]" in shown.stage.deps.paths.library_file.read_text("utf-8")


async def test_removing_a_library_entry_needs_confirmation(show: ShowScreen) -> None:
    async with show() as shown:
        file = shown.stage.deps.paths.library_file
        for text in ("rain on the window", "wind in the wires"):
            await shown.press("ctrl+n")
            await shown.type(text)
            await shown.app.run_action("screen.keep_prompt")
            await shown.settle()
            await shown.press("enter")
        await shown.press("f7")
        await shown.type("wind")
        await shown.press("delete", "enter")
        assert "wind in the wires" in file.read_text("utf-8")
        await shown.press("f7")
        await shown.type("wind")
        await shown.press("delete", "y")
        assert "Removed from the library: wind in the wires" in shown.status()
        assert "wind in the wires" not in file.read_text("utf-8")
        assert "rain on the window" in file.read_text("utf-8")
        await shown.press("f9", "delete", "escape")
        assert not shown.app.main.prompt.editor.text.startswith("rain")


async def test_an_error_that_is_longer_than_its_line_is_shown_completely(show: ShowScreen, stage: Stage) -> None:
    async with show(40, 24) as shown:
        await shown.type("rain")
        shown.app.draft.change(reply_url="x" * 1100)
        await shown.press("ctrl+j")
        assert shown.jobs == []
        assert "Error" in shown.text()
        assert "1024" in shown.words().replace(",", "")
        await shown.press("escape")
        assert shown.app.main.prompt.editor.text == "rain"


async def test_the_cursor_stops_blinking_when_idle(show: ShowScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "BLINK_S", 0.3)
    async with show() as shown:
        field = shown.app.main.prompt.editor
        seen: list[bool] = []
        shown.app.watch(field, "cursor_blink", lambda blink: seen.append(blink), init=False)
        for key in ("a", "b"):
            await until(lambda: not field.cursor_blink)
            assert field._cursor_visible, "it stops in the visible state"
            seen.clear()
            await shown.press(key)
            assert seen[:1] == [True]


async def test_without_motion_the_cursor_never_blinks(show: ShowScreen, stage: Stage) -> None:
    stage.deps.settings = Settings(screen=Settings().screen._replace(motion=False))
    async with show() as shown:
        await shown.press("a", "escape", "i")
        assert not shown.app.main.prompt.editor.cursor_blink


# -- suggestions and emptied lines


async def test_an_emptied_seed_is_unset_and_0_is_a_seed(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "s", "0", "enter")
        assert shown.app.draft.options == Options(seed=0)
        await shown.press("s", "backspace", "enter")
        assert shown.app.draft.options == Options()
        assert "seed" not in shown.app.main.prompt.options.render_line(0).text


async def test_suggestions_vanish_when_text_is_typed(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "t", "3", "enter")
        assert shown.app.draft.takes == 3, "not 13"
        await shown.press("escape")
        await shown.type("a slow waltz for an empty ballroom with a piano")
        await shown.app.run_action("screen.keep_prompt")
        await shown.settle()
        assert shown.app.screen.query_one(LineField).value == "a slow waltz for an empty ballroom with", "no cut word"
        await shown.type("mine")
        await shown.press("enter")
        assert "Saved in the library: mine" in shown.status()


async def test_the_footer_shows_options_that_the_options_line_does_not(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.press("ctrl+t")
        foot = shown.text().splitlines()[-1]
        assert "y lyrics  s seed  g length  l title" in foot
        assert "v vocals" not in foot, "the options line shows it"


# -- while letters are text


async def test_the_status_bar_shows_a_key_that_works_in_the_focused_pane(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    stage.add("lofi")
    stage.busy()
    async with show(120, 30) as shown:
        assert "F8 try now" in shown.status(), "an n would be typed"
        await shown.press("escape")
        assert "n try now" in shown.status()
        await shown.press("slash")
        assert "F8 try now" in shown.status()


async def test_the_first_song_is_announced_with_the_play_key(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        stage.done(LOVER, "Distant", 60, 100, "C", "pop")
        shown.app.model.list.selected = 1
        shown.app.show_changes()
        await shown.settle()
        assert shown.status() == "Done: Distant. esc p plays it."
        await shown.press("escape")
        stage.done(LOVER, "Other", 60, 100, "C", "pop")
        shown.app.show_changes()
        await shown.settle()
        assert shown.status() == "Done: Other"


async def test_reset_lyrics_can_be_restored(show: ShowScreen) -> None:
    async with show() as shown:
        shown.app.draft.change(lyrics="[Verse]\nmine", takes=3)
        await shown.press("ctrl+t", "x")
        assert "x again restores them" in shown.status()
        assert shown.app.draft.changed_options() == frozenset()
        await shown.press("x")
        assert shown.app.draft.options.lyrics == "[Verse]\nmine"
        assert shown.app.draft.takes == 3


@pytest.mark.parametrize(("width", "height"), [(40, 12), (80, 24), (200, 50)])
async def test_an_unclosed_brace_is_reported_before_sending(show: ShowScreen, width: int, height: int) -> None:
    async with show(width, height) as shown:
        await shown.type("{lofi|house")
        assert "no closing brace" in shown.text()
        await shown.type("}")
        assert "no closing brace" not in shown.text()
