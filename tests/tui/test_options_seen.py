"""Options that aren't defaults are visible, and a prompt's own options are reset afterwards."""

from __future__ import annotations

import pytest

from riffusion_tui.jobs.model import Options
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.app import RiffusionApp
from riffusion_tui.tui.screens.ask import Confirm
from riffusion_tui.tui.widgets.line_field import LineField
from riffusion_tui.tui.widgets.lines_view import LinesView
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, busy_evening

OWN = Options(lyrics="[Verse]\n" + "a line\n" * 11, seed=1087421, title="Mine", length_s=90.0, instrumental=False)


async def test_every_option_other_than_the_default_is_visible(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        shown.app.draft.change(**{**OWN._asdict(), "takes": 3, "max_jobs": 4})
        shown.app.show_changes()
        for size in ((200, 50), (120, 36), (80, 24), (60, 20), (40, 12)):
            await shown.resize(*size)
            words = shown.words()
            for text in ("lyrics: 11 lines", "seed 1087421", "title Mine", "length 1:30", "3 takes each", "slots 4"):
                assert text in words, size


async def test_the_studio_shows_only_options_that_matter(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    async with show(120, 36) as shown:
        line = shown.app.main.prompt.options
        assert line.render_line(0).text.strip() == "vocals by genre · 1 take each"
        await shown.press("ctrl+t")
        assert "m model" not in shown.text().splitlines()[-1]
        shown.app.draft.change(account="1234")
        shown.app.show_changes()
        await shown.settle()
        assert "account 1234" in shown.words()


@pytest.mark.parametrize(
    ("typed", "keys", "shown_takes"),
    [
        ("rain x3", (), "3 takes each"),
        ("{rain|snow} x3", ("ctrl+t", "t", "2", "enter"), "3 takes each"),
        ("rain", ("ctrl+t", "t", "2", "enter"), "2 takes each"),
        ("rain x999", (), "1 take each"),
    ],
)
async def test_takes_in_the_prompt_are_shown_with_the_options(
    show: ShowScreen, typed: str, keys: tuple[str, ...], shown_takes: str
) -> None:
    async with show(200, 50) as shown:
        line = shown.app.main.prompt.options
        await shown.type(typed)
        await shown.press(*keys)
        assert shown_takes in line.render_line(0).text
        shown.app.main.prompt.editor.put("rain x4\n---\nsnow x2")
        await shown.settle()
        assert "2 to 4 takes each" in line.render_line(0).text


async def test_a_length_is_asked_within_the_services_range(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    async with show() as shown:
        await shown.press("ctrl+t", "g", "3", "enter")
        assert "from 5 to 600 seconds" in shown.words()
        await shown.press("3", "0", "enter")
        assert shown.app.draft.options.length_s == 30.0


@pytest.mark.parametrize(("typed", "length_s"), [("2:30", 150.0), ("0:45", 45.0), ("90", 90.0)])
async def test_a_length_can_be_minutes_and_seconds(typed: str, length_s: float, show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    async with show() as shown:
        await shown.press("ctrl+t", "g", *typed, "enter")
        assert shown.app.draft.options.length_s == length_s


@pytest.mark.parametrize("typed", ["1:-30", "1:75", "1:5"])
async def test_a_length_of_no_such_minutes_and_seconds_is_refused(typed: str, show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    async with show() as shown:
        await shown.press("ctrl+t", "g", *typed, "enter")
        assert "minutes and seconds such as 2:30" in shown.words()
        assert shown.app.draft.options.length_s is None


async def test_what_is_wrong_with_a_number_is_in_its_dialog_and_goes_with_it(show: ShowScreen, stage: Stage) -> None:
    async with show() as shown:
        await shown.press("ctrl+t", "s", *"12abc", "enter")
        assert "Enter a whole number" in shown.words()
        await shown.press("escape")
        assert "Enter a whole number" not in shown.words()


@pytest.mark.parametrize(
    ("keys", "wrong", "said", "right", "options"),
    [
        ("u", "no address", "replyUrl must be an http://", "https://a/b", Options(reply_url="https://a/b")),
        ("l", "a" * 201, "The title has 201 characters", "Blue", Options(title="Blue")),
        ("r", "a" * 1025, "replyRef has 1,025 characters", "", Options()),
    ],
)
async def test_a_wrong_text_is_asked_again(
    show: ShowScreen, stage: Stage, keys: str, wrong: str, said: str, right: str, options: Options
) -> None:
    """The dialog took it, and only the key to generate said what was wrong."""
    stage.service.capabilities = profile_of("studio").capabilities
    async with show(120, 36) as shown:
        await shown.press("ctrl+t", keys)
        shown.app.screen.query_one(LineField).value = wrong
        await shown.press("enter")
        assert said in shown.words()
        assert shown.app.draft.options == Options()
        shown.app.screen.query_one(LineField).value = right
        await shown.press("enter")
        assert shown.app.draft.options == options


async def test_a_wrong_field_is_asked_again(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    async with show(120, 36) as shown:
        await shown.press("ctrl+t", "f", "enter", *"900", "enter")
        assert "tempo must be a number (30 to 300), not '900'" in shown.words()
        shown.app.screen.query_one(LineField).value = "90"
        await shown.press("enter")
        assert shown.app.draft.options.extra == (("tempo", "90"),)


async def test_a_new_prompt_resets_the_options(show: ShowScreen, stage: Stage) -> None:
    job = stage.done("slow soul", "Harbour Lights", 182, 84, "F", "soul", options=OWN)
    async with show() as shown:
        await shown.press("escape", "e")
        assert shown.app.draft.options == OWN
        assert shown.app.main.text == job.prompt
        await shown.press("ctrl+n")
        assert shown.app.draft.changed_options() == frozenset()
        assert "default options" in shown.status()
        await shown.type("waltz")
        await shown.press("ctrl+j")
        assert shown.jobs[-1].options == Options()
        await shown.press("ctrl+t", "x")
        assert shown.app.draft.options.lyrics == OWN.lyrics, "x brings them back"


async def test_a_prompt_from_the_history_clears_lyrics_and_seed(show: ShowScreen, stage: Stage) -> None:
    stage.store.remember_prompt("older prompt")
    async with show() as shown:
        shown.app.draft.change(lyrics="mine", seed=7, max_jobs=2)
        await shown.press("up")
        assert shown.app.main.text == "older prompt"
        assert shown.app.draft.options == Options(max_jobs=2)


@pytest.mark.usefixtures("every_frame")
async def test_help_is_drawn_completely_at_once(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = LinesView._draw

    def noted(self: LinesView, parts: list[tuple[str, str]]) -> object:
        drawn.append("".join(text for text, _ in parts))
        return draw(self, parts)

    monkeypatch.setattr(LinesView, "_draw", noted)
    async with show() as shown:
        drawn.clear()
        await shown.press("f1")
        assert [text for text in drawn if len(text) == 1] == []
        assert any("What you hear" in text or "what you want to hear" in text for text in drawn)


async def test_repeating_is_confirmed_if_it_may_cost_and_can_be_undone_otherwise(
    show: ShowScreen, stage: Stage
) -> None:
    stage.done("slow soul", "Harbour Lights", 182, 84, "F", "soul")
    async with show() as shown:
        await shown.press("escape", "r")
        assert isinstance(shown.app.screen, Confirm)
        await shown.press("r", "enter")
        assert len(shown.jobs) == 1
        stage.service.capabilities = stage.service.capabilities._replace(local=True)
        await shown.press("G", "r", "r", "r")
        assert len(shown.jobs) == 4
        await shown.press("z")
        assert [str(job.status) for job in shown.jobs] == ["done", *["cancelled"] * 3]


async def test_ctrl_z_suspends_everywhere_and_undoes_in_a_text(
    show: ShowScreen, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspended: list[str] = []
    monkeypatch.setattr(RiffusionApp, "action_suspend_process", lambda app: suspended.append(type(app.screen).__name__))
    busy_evening(stage)
    async with show() as shown:
        await shown.type("a")
        await shown.press("ctrl+z")
        assert (shown.app.main.text, suspended) == ("", [])
        await shown.press("escape", "ctrl+z", "f1", "ctrl+z", "escape", "f2", "ctrl+z", "escape", "f4", "ctrl+z")
        assert suspended == ["MainScreen", "Reader", "SettingsScreen", "AccountsScreen"]


async def test_k_moves_and_does_not_rate_in_compare(show: ShowScreen, stage: Stage) -> None:
    for title in ("Far Off Signal", "Vivid Daydream"):
        stage.done("jazzy k-pop song", title, 154, 118, "Am", "k-pop")
    async with show(80, 24) as shown:
        await shown.press("escape", "v", "k", "x")
        assert [job.verdict for job in shown.jobs] == ["", ""]
        await shown.press("plus")
        assert sorted(job.verdict for job in shown.jobs) == ["", "keep"], "as in the list"
        await shown.press("O")
        assert sorted(job.verdict for job in shown.jobs) == ["keep", "reject"]


async def test_a_prompt_typed_into_the_list_does_not_repeat_the_one_in_the_editor(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.type("soul")
        await shown.press("ctrl+j", "escape", "ctrl+j")
        assert len(shown.jobs) == 1
        assert "This prompt is already queued; ^J in the editor queues it again." in shown.text()
        await shown.press("ctrl+j")
        assert len(shown.jobs) == 2
        await shown.press("escape", "ctrl+n")
        assert shown.app.main.text == ""
        await shown.type("rain")
        await shown.press("escape", "ctrl+j")
        assert [job.prompt for job in shown.jobs] == ["soul", "soul", "rain"]


async def test_the_vocals_option_shows_by_genre_only_if_unset(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    async with show() as shown:
        assert "vocals by genre" in shown.words()
        for change, words in (
            ({"lyrics": "la"}, "vocals · "),
            ({"lyrics": "", "instrumental": True}, "instrumental · "),
        ):
            shown.app.draft.change(**change)
            shown.app.show_changes()
            await shown.settle()
            assert words in shown.words()
            assert "by genre" not in shown.words()


async def test_generating_from_the_options_goes_back_to_the_prompt(show: ShowScreen) -> None:
    async with show() as shown:
        await shown.type("rain")
        await shown.press("ctrl+t", "t")
        await shown.type("2")
        await shown.press("enter", "ctrl+j")
        assert len(shown.jobs) == 2
        assert shown.app.main.prompt.editor.has_focus
        await shown.press("escape")
        assert shown.app.main.jobs.view.has_focus


async def test_the_seeds_range_is_that_of_the_service(show: ShowScreen, stage: Stage) -> None:
    stage.service.capabilities = profile_of("studio").capabilities
    async with show() as shown:
        await shown.press("ctrl+t", "s", *"2147483648", "enter")
        assert "Enter a whole number from 0 to 2147483647." in shown.words()
