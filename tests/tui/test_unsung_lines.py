"""Given lyrics that a song leaves out are shown with the song."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from riffusion_tui.jobs.model import Options, Song
from riffusion_tui.jobs.own_lyrics import sung_lines
from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.state.prompt.lock_texts import value_text
from riffusion_tui.tui.state.song import song_lines
from riffusion_tui.tui.state.song.song_facts import Facts
from tests.tui.stage import NOON
from tests.tui.test_pieces import KEYS
from tests.tui.test_state import job

FIRST, SECOND = "the rain comes down", "and every street is light"
STUDIO = {"engine": "sketch", "lyrics_length_s": 40.0}


def shown_with(sung: tuple[str, ...], plan: Mapping[str, object], length_s: float | None) -> str:
    done = job(1, Status.DONE)._replace(options=Options(lyrics=f"[Verse]\n{FIRST}\n{SECOND}", length_s=length_s))
    song = Song(1, timed_lyrics=tuple((1.0, line) for line in sung), plan=plan)
    facts = Facts(done._replace(duration_s=None), song, None, None, 0, NOON)
    return "\n".join("".join(part for part, _ in line) for line in song_lines.body(facts, KEYS.__getitem__, 80))


@pytest.mark.parametrize(
    ("sung", "plan", "length_s", "shown"),
    [
        ((FIRST,), STUDIO, 20.0, True),
        ((FIRST, SECOND), STUDIO, 20.0, False),
        ((FIRST,), {}, 20.0, False),
        ((), STUDIO, 20.0, False),
        ((FIRST,), STUDIO, None, False),
    ],
    ids=["one of two", "both", "another service", "no timestamps", "unknown length"],
)
def test_the_details_show_unsung_lines(
    sung: tuple[str, ...], plan: Mapping[str, object], length_s: float | None, shown: bool
) -> None:
    text = shown_with(sung, plan, length_s)
    expected = "1 of 2 lines sung: 0:20 is too short. Generate it again with a length of 0:40."
    assert (f"{expected}\n  {SECOND}\n" in text) == shown
    assert shown or "lines sung" not in text


def test_a_song_too_short_for_any_line_is_no_instrumental() -> None:
    assert "0 of 2 lines sung: 0:05 is too short." in shown_with((), {**STUDIO, "vocals": "any"}, 5.0)
    assert "lines sung" not in shown_with((), {**STUDIO, "vocals": "none"}, 5.0)


def test_lyrics_longer_than_any_song_are_to_be_split() -> None:
    done = job(1, Status.DONE)._replace(options=Options(lyrics="\n".join(map(str, range(99)))), duration_s=20.0)
    facts = Facts(done, Song(1, timed_lyrics=((1.0, "0"),), plan={**STUDIO, "lyrics_length_s": 0}), None, None, 0, NOON)
    text = "\n".join("".join(part for part, _ in line) for line in song_lines.body(facts, KEYS.__getitem__, 80))
    assert "1 of 99 lines sung: even the longest song, 10:00, is too short for all. Split the lyrics.\n" in text


def test_one_line_is_counted_as_one() -> None:
    done = job(1, Status.DONE)._replace(options=Options(lyrics=FIRST, length_s=5.0))
    facts = Facts(done, Song(1, plan={**STUDIO, "vocals": "any"}), None, None, 0, NOON)
    text = "\n".join("".join(part for part, _ in line) for line in song_lines.body(facts, KEYS.__getitem__, 80))
    assert "0 of 1 line sung: 0:05 is too short." in text


def test_a_song_of_an_earlier_version_gives_no_advice() -> None:
    assert "1 of 2 lines sung.\n" in shown_with((FIRST,), {"engine": "sketch"}, 20.0)


def test_the_details_say_what_the_engine_cannot_do() -> None:
    limit = "The studio writes lyrics in English only; give French lyrics to have them sung."
    song = Song(1, plan={**STUDIO, "limits": [limit]})
    facts = Facts(job(1, Status.DONE), song, None, None, 0, NOON)
    assert [(limit, "attention")] in song_lines.body(facts, KEYS.__getitem__, 80)


def test_lines_are_counted_as_those_that_are_sung() -> None:
    lyrics = f"[Verse]\n{FIRST}\n\n(instrumental)\n[Am]\n[Chorus]\n{SECOND}\n---\n"
    assert value_text("lyrics", lyrics) == "2 lines"
    assert sung_lines(lyrics, ()).given == 2


def test_a_locked_form_is_listed_with_whole_bars() -> None:
    form = "4/4, intro=Opening 2, verse=Theme A 8:0.36 up 2, chorus 8, ending 3.9375"
    assert value_text("form", form) == "4/4, opening 2, theme a 8, chorus 8, ending 4"
