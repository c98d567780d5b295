"""What `--vocals` and `--lyrics` ask for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from tests.cli.kit import Call


def prompts(call: Call, *arguments: str, stdin: str = "") -> list[str]:
    ran = call(*arguments, "--json", stdin=stdin)
    assert ran.code == 0, ran.err
    return [row["prompt"] for row in ran.rows]


def test_vocals_asks_for_a_singer(call: Call) -> None:
    assert prompts(call, "submit", "techno.", "--vocals") == ["techno, with vocals"]
    assert plan(Request("techno")).vocals == "none"
    assert plan(Request("techno, with vocals")).vocals != "none"
    assert prompts(call, "submit", "techno") == ["techno"]
    assert prompts(call, "submit", "techno", "--instrumental") == ["techno"]


def test_vocals_applies_to_the_prompts_of_a_file_that_may_not_be_sung(call: Call) -> None:
    rows = [
        {"prompt": "techno"},
        {"prompt": "house", "instrumental": True},
        {"prompt": "ambient", "lyrics": "la la"},
        {"prompt": "pop\n[Verse]\nla la la"},
        {"prompt": "dub", "service": "flowmusic"},
    ]
    text = "\n".join(map(json.dumps, rows))
    found = prompts(call, "batch", "-", "--kind", "jsonl", "--vocals", "--yes", stdin=text)
    assert found == ["techno, with vocals", "house", "ambient", "pop\n[Verse]\nla la la", "dub"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "contains no lyrics."),
        (" \n\n", "contains no lyrics."),
        ("[Verse]\n\n[Chorus]\n", "contains no words to sing."),
        ("[Verse]\n🎶\n---\n", "contains no words to sing."),
    ],
)
@pytest.mark.parametrize("command", ["submit", "sketch"])
def test_lyrics_without_words_are_refused(call: Call, tmp_path: Path, command: str, text: str, message: str) -> None:
    file = tmp_path / "lyrics.txt"
    file.write_text(text, "utf-8")
    ran = call(command, "pop", "--lyrics", str(file))
    assert (ran.code, ran.err) == (2, f"{file} {message}\n")
    ran = call(command, "pop", "--lyrics", "-", stdin=text)
    assert (ran.code, ran.err) == (2, f"Standard input {message}\n")


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ("ein trauriges Lied über den Herbst", "German"),
        ("Techno über den Herbst", "German"),
        ("une chanson triste sur la pluie", "French"),
        ("a sad song about autumn", ""),
        ("plainchant", ""),
    ],
)
def test_lyrics_in_another_language_than_the_prompt_are_reported(call: Call, prompt: str, language: str) -> None:
    ran = call("lyrics", prompt)
    limit = f"The studio writes lyrics in English only; give {language} lyrics to have them sung.\n"
    assert (ran.code, ran.err) == (0, limit if language else "")
    assert ran.out.startswith("[")


UNSUNG = "The song is instrumental, so the lyrics aren't sung."


def _limits(call: Call, *arguments: str) -> list[str]:
    """Return the limits of a job that is queued, which are the same as lines and as JSON."""
    (row,) = call("submit", *arguments, "--json").rows
    lines = call("submit", *arguments).err.splitlines()
    assert [line.partition("  ")[2] for line in lines if "  " in line] == row["limits"]
    return [str(limit) for limit in row["limits"]]


def test_lyrics_that_will_not_be_sung_are_reported_at_once(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "lyrics.txt"
    file.write_text("I walk along the river\n", "utf-8")
    assert _limits(call, "pop", "--lyrics", str(file)) == []
    assert _limits(call, "techno", "--lyrics", str(file)) == []
    assert _limits(call, "Irish reel", "--lyrics", str(file)) == []
    assert _limits(call, "pop", "--instrumental", "--lyrics", str(file)) == [UNSUNG]
    assert _limits(call, "pop, no vocals", "--lyrics", str(file)) == [UNSUNG]
    both = "The prompt asks for vocals and for no vocals; the song is instrumental."
    assert _limits(call, "techno, no vocals", "--vocals") == [both]
    assert _limits(call, "techno, no vocals, female vocals") == [both]
    assert _limits(call, "no vocals, with rap") == [both]
    assert _limits(call, "instrumental hip hop with vocal samples") == []


def test_limits_are_reported_when_songs_are_queued(call: Call) -> None:
    limit = "A song lasts at most 10 minutes."
    assert _limits(call, "ambient, 20 minutes") == [limit]
    ran = call("submit", "ambient, 20 minutes", "rain", "--takes", "3")
    assert ran.err.endswith(f"\n3-5  {limit}\n")
    assert call("submit", "ambient, 20 minutes", "--service", "flowmusic").err.count("\n") == 1
    many = "".join(f"rain {at}, 20 minutes\n" for at in range(60))
    ran = call("batch", "-", "--kind", "lines", "--yes", stdin=many)
    assert ran.err.endswith(f"\n10-59  {limit}\n"), "only the first 50 are planned"


def test_limits_are_reported_when_songs_are_queued_again(call: Call) -> None:
    call("submit", "ambient")
    limit = "A song lasts at most 10 minutes."
    assert call("again", "1").err == ""
    assert call("again", "1", "--prompt", "ambient, 20 minutes").err == f"3  {limit}\n"
    (row,) = call("again", "1", "--prompt", "ambient, 20 minutes", "--json").rows
    assert row["limits"] == [limit]


def test_limits_that_depend_on_chance_are_not_foretold(call: Call) -> None:
    bars = [limit for seed in range(8) for limit in plan(Request("pop, 20 bars, 0:40", seed)).limits]
    assert bars
    assert not _limits(call, "pop, 20 bars, 0:40")
    assert _limits(call, "pop, 20 bars, 0:40", "--seed", "1") == list(plan(Request("pop, 20 bars, 0:40", 1)).limits)
