"""Line mode: which lines are prompts, which are commands, and which are asked about."""

from __future__ import annotations

import pytest

from riffusion_tui.cli.line_mode.typed_line import TypedLine, read
from tests.cli.kit import Call

KNOWN = frozenset(
    {"help", "state", "play", "show", "stop", "jobs", "cancel", "retry", "delete", "hold", "pause", "resume", "quit"}
)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("help", "help"),
        ("Help!", "help"),
        ("?", "help"),
        ("--help", "help"),
        ("/help", "help"),
        ("h", "help"),
        ("quit.", "quit"),
        ("exit()", "quit"),
        ("Bye", "quit"),
        (":q", "quit"),
        (":exit", "quit"),
        (":QUIT now", "quit now"),
        (": jobs status:done", "jobs status:done"),
        (":?", "help"),
        (":Frobnicate 1", "Frobnicate 1"),
    ],
)
def test_some_lines_are_commands(line: str, command: str) -> None:
    assert read(line, KNOWN, asks=True) == read(line, KNOWN, asks=False) == TypedLine(command=command)


@pytest.mark.parametrize(
    ("line", "suggested", "always"),
    [
        ("stop", ":stop", True),
        ("Cancel 1 2", ":cancel 1 2", True),
        ("retry 1-3", ":retry 1-3", True),
        ("play 1,2", ":play 1,2", True),
        ("jobs status:done", ":jobs status:done", True),
        ("help me", ":help", False),
        ("stop playing", ":stop", False),
        ("pause the queue", ":pause", False),
        ("hold me tonight", ":hold", False),
        ("show me love", ":show", False),
        ("ls", ":jobs", True),
        ("rm 3", ":delete 3", True),
        ("status?", ":state", True),
        ("show", ":show", True),
        ("lyrics", ":show", True),
        ("Plan 3", ":show 3", True),
        ("detail 17", ":show 17", True),
        ("help prompts", ":help prompts", True),
    ],
)
def test_lines_that_are_probably_commands_are_asked_about(line: str, suggested: str, always: bool) -> None:
    assert read(line, KNOWN, asks=True) == TypedLine(suggested=suggested)
    assert read(line, KNOWN, asks=False) == (TypedLine(suggested=suggested) if always else TypedLine(prompt=line))


@pytest.mark.parametrize(
    ("line", "always"),
    [
        ("y", True),
        ("n", True),
        ("Yes", True),
        ("no.", True),
        ("!", True),
        (".", True),
        ("riffusion-tui jobs", True),
        ("batch songs.txt --takes 2", True),
        ("cat '3'", True),
        ("submit", True),
        ('submit "rain" --takes 2', True),
        ("--version", False),
        ("clear", False),
    ],
)
def test_lines_that_are_hardly_prompts_are_asked_about(line: str, always: bool) -> None:
    assert read(line, KNOWN, asks=True) == TypedLine(doubtful=True)
    assert read(line, KNOWN, asks=False) == (TypedLine(doubtful=True) if always else TypedLine(prompt=line))


@pytest.mark.parametrize("line", ["submit slow rain", 'submit "slow rain"', "Submit 'slow rain'", 'sketch "slow rain"'])
def test_a_prompt_after_a_command_of_the_shell_is_suggested(line: str) -> None:
    assert read(line, KNOWN, asks=True) == read(line, KNOWN, asks=False) == TypedLine(suggested="slow rain")


@pytest.mark.parametrize("line", ["edit", "edit 3", "Undo", "work", "submit 3", "/house", "/undo"])
def test_a_commands_word_alone_or_with_a_number_is_no_prompt(line: str) -> None:
    assert read(line, KNOWN, asks=True) == read(line, KNOWN, asks=False) == TypedLine(doubtful=True)


@pytest.mark.parametrize("line", ["[Verse 1]", "Chorus:", "== Bridge ==", "(Припев)", "[Chorus: Anna]"])
def test_the_name_of_a_section_is_no_prompt(line: str) -> None:
    assert read(line, KNOWN, asks=True) == read(line, KNOWN, asks=False) == TypedLine(doubtful=True)


@pytest.mark.parametrize(
    "line",
    [
        "[dark] pop",
        "intro music",
        "pop",
        "夜",
        "hold on to the night, slow soul",
        "start slow, then faster",
        "man alone",
        "lofi: rain",
        "303",
        "lyrics about rain",
        "plan for rain",
        "sketch of a rainy day",
        'cat "Luna" on the roof, jazz',
        "work song",
    ],
)
def test_prompts_are_not_asked_about(line: str) -> None:
    assert read(line, KNOWN, asks=True) == TypedLine(prompt=line)


def test_a_line_that_is_asked_about_is_queued_if_it_is_typed_again(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riffusion_tui.cli.line_mode.line_session.at_keyboard", lambda: True)
    ran = call("--plain", stdin="hold me tonight\nyes\nhold me tonight\nhold me tonight\n:\nquit\nrain\n")
    assert ran.out.count("Did you mean ':hold'? Type it again to queue it anyway.") == 2
    assert ran.out.count("That doesn't look like a prompt; :help lists the commands. Type it again") == 2
    assert [row["prompt"] for row in call("jobs", "--json").rows] == ["hold me tonight"]
