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
