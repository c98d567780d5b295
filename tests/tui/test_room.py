"""Use of space: detected words in a tall window, errors in a dialog of their size."""

from __future__ import annotations

import pytest

from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.screens.ask import Reader
from tests.tui.conftest import ShowScreen
from tests.tui.stage import Stage, Word
from tests.tui.waiting import until


@pytest.mark.parametrize(("size", "rows"), [((120, 36), 4), ((80, 24), 1)])
async def test_a_tall_window_shows_all_detected_words(
    show: ShowScreen, stage: Stage, size: tuple[int, int], rows: int
) -> None:
    words = [Word(f"word {n}", "mood", f"mood number {n}") for n in range(5)]
    words += [
        Word("C major", "key", "C"),
        Word("C major", "mode", "major"),
        Word("instrumental", "vocal", "none"),
        Word("zzz", "ignored", ""),
    ]
    stage.deps.callbacks.understand = lambda prompt, options: words if prompt == "all" else words[:1]
    async with show(*size) as shown:
        detected = shown.app.main.prompt.detected
        await shown.type("all")
        await until(shown, lambda: "mood number 0" in shown.text())
        await until(shown, lambda: detected.size.height == rows)
        assert ("mood number 4, C major," in shown.text()) == (rows == 4)
        assert "Ignored: zzz" in shown.text()
        await shown.type(" others")
        await until(shown, lambda: "mood number 1" not in shown.text())
        assert detected.size.height == 1


async def test_what_the_engine_cannot_do_is_shown_before_the_song_is_made(show: ShowScreen, stage: Stage) -> None:
    limit = "The studio has one singer or a choir; it can't sing duets."
    stage.deps.callbacks.understand = lambda prompt, options: [
        *(Word(f"word {n}", "mood", f"mood number {n}") for n in range(9)),
        *(Word(f"strange{n}", "ignored", "") for n in range(9)),
        Word(limit, "limit", limit),
    ]
    async with show(120, 36) as shown:
        await shown.type("all of it ")
        await until(shown, lambda: limit in shown.words())
        assert "mood number 0" in shown.text()
        assert "Ignored: strange0" in shown.text()
        await shown.resize(80, 24)
        assert limit in shown.text()
        assert "mood number 0" not in shown.text()


LIMITS = (
    "12 bars at 82 bpm last 0:37; a song of 0:15 has 5 bars.",
    "The studio writes lyrics in English only; give Swahili lyrics to have them sung.",
    "The studio has no kazoo; a harmonica takes its place.",
)


async def test_more_limits_than_fit_are_counted_and_can_be_read(show: ShowScreen, stage: Stage) -> None:
    stage.deps.callbacks.understand = lambda prompt, options: [
        Word("blues", "genre", "blues"),
        Word("comes", "ignored", ""),
        *(Word(limit, "limit", limit) for limit in LIMITS),
    ]
    async with show() as shown:
        await shown.type("all of it ")
        await until(shown, lambda: f"{LIMITS[0]}  2 more: ^T d" in shown.text())
        await shown.press("ctrl+t")
        assert f"{LIMITS[0]}  2 more: d" in shown.text()
        await shown.press("d")
        assert isinstance(shown.app.screen, Reader)
        for text in (*LIMITS, "Detected: blues", "Ignored: comes"):
            assert text in shown.words()
        await shown.press("escape", "escape")
        await shown.resize(120, 36)
        assert "has 5 bars.  2 more: ^T d" in shown.text()
        await shown.resize(200, 50)
        assert "give Swahili lyrics…  1 more: ^T d" in shown.text()


async def test_a_limit_that_is_cut_can_be_read(show: ShowScreen, stage: Stage) -> None:
    stage.deps.callbacks.understand = lambda prompt, options: [Word(LIMITS[1], "limit", LIMITS[1])]
    async with show() as shown:
        await shown.type("all of it ")
        await until(shown, lambda: "give Swahili lyri…  ^T d: show all" in shown.text())
        await shown.resize(120, 36)
        assert "show all" not in shown.text()
        assert LIMITS[1] in shown.words()


async def test_without_detected_words_there_is_nothing_to_read(show: ShowScreen, stage: Stage) -> None:
    stage.deps.callbacks.understand = None
    async with show() as shown:
        await shown.press("ctrl+t", "d")
        assert shown.status() == "No words are detected in the prompt."


async def test_ignored_words_are_shown_beside_many_detected_ones(show: ShowScreen, stage: Stage) -> None:
    stage.deps.callbacks.understand = lambda prompt, options: [
        *(Word(f"word {n}", "mood", f"mood number {n}") for n in range(9)),
        *(Word(f"strange{n}", "ignored", "") for n in range(9)),
    ]
    async with show() as shown:
        await shown.type("all of it ")
        line = "Detected: mood number 0, …  Ignored: strange0, strange1, strange2, strange3…"
        await until(shown, lambda: line in shown.text())


async def test_an_error_dialog_fits_its_text(show: ShowScreen) -> None:
    async with show() as shown:
        shown.app.show_error("The server at that address is not a studio. " * 5)
        await shown.settle()
        box = shown.app.screen.query_one(".box")
        assert isinstance(shown.app.screen, Reader)
        assert box.size.height == 4
        await shown.pilot.resize_terminal(40, 12)
        await shown.settle()
        assert box.size.height == 8
        await shown.press("escape", "f1")
        assert shown.app.screen.query_one(".box").outer_size.height == 10


async def test_the_one_account_of_a_local_service_is_not_mentioned(show: ShowScreen, stage: Stage) -> None:
    stage.accounts()
    async with show() as shown:
        assert "2 accounts" in shown.text().splitlines()[0]
    stage.service.capabilities = profile_of("studio").capabilities
    (first, *_) = stage.store.accounts("studio")
    stage.store.put_accounts("studio", (first,))
    async with show() as shown:
        top = shown.text().splitlines()[0]
        assert "account" not in top
        assert "slots" in top
