"""`batch` with files in all supported forms, through the command line."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.kit import Call, Calling, Program

LINES = "".join(f"prompt number {n}, lofi\n" for n in range(1, 31))


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program.at(tmp_path / "home", HOME=str(tmp_path))


@pytest.fixture
def call(calling: Calling, program: Program) -> Call:
    """Call `program` in this process."""
    return calling(program)


def queued(call: Call) -> int:
    return len(call("jobs", "--json").rows)


def test_one_prompt_per_line_needs_an_option_without_a_terminal(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text(LINES)
    ran = call("batch", str(file))
    assert (ran.code, queued(call)) == (2, 0)
    assert "30 prompts, one per line" in ran.err
    assert "--kind lines" in ran.err
    assert call("batch", str(file), "--kind", "lines").code == 0
    assert queued(call) == 30


@pytest.mark.parametrize(
    ("given", "songs"),
    [(("rain", "--takes", "13"), 13), (("rain", "snow", "--takes", "7"), 14), (("--expand", "rain ×99"), 99)],
)
def test_submit_needs_a_yes_for_many_songs_without_a_terminal(call: Call, given: tuple[str, ...], songs: int) -> None:
    ran = call("submit", *given)
    assert (ran.code, queued(call)) == (2, 0)
    assert ran.err == f"{songs} songs are more than batch.confirm_above (12): add --yes. Nothing was queued.\n"
    assert call("submit", *["rain"] * 13).code == 0, "they are listed"
    assert call("submit", *given, "--yes").code == 0
    assert queued(call) == 13 + songs


def test_large_numbers_have_separators(call: Call) -> None:
    ran = call("submit", *["rain"] * 20, "--takes", "60")
    assert "1,200 songs are more than batch.confirm_above (12)" in ran.err
    ran = call("batch", "-", "--kind", "lines", "--dry-run", "--takes", "3", stdin="rain\n" * 1_000)
    assert "1,000 prompts, 3,000 songs on " in ran.err


def test_a_file_of_many_prompts_needs_no_yes_without_a_terminal(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("rain ×13\n")
    assert call("batch", str(file)).code == 0
    assert queued(call) == 13


@pytest.mark.parametrize(("answer", "jobs"), [("y", 2), ("n", 1)])
def test_one_prompt_per_line_is_confirmed_at_a_terminal(
    program: Program, call: Call, tmp_path: Path, answer: str, jobs: int
) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("lofi\nhouse\n")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        program.command("batch", str(file)), stdin=theirs, stdout=theirs, stderr=theirs, env=program.environ
    ) as running:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        assert running.wait(60) == 0
    assert b"2 prompts, one per line?" in os.read(ours, 4096)
    os.close(ours)
    assert queued(call) == jobs


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        ("prompt,takes\nlofi,2\nhouse,1\n", "2 prompts, in a table."),
        ("- lofi\n- house\n", "2 prompts, in a list."),
        ("- prompt: lofi\n- prompt: house\n", "2 prompts, in a list."),
    ],
)
def test_the_kind_of_standard_input_is_detected_and_reported(call: Call, stdin: str, says: str) -> None:
    ran = call("batch", "-", "--dry-run", stdin=stdin)
    assert ran.code == 0, ran.err
    assert says in ran.err
    assert ran.out.splitlines()[-1] == "house"


def test_utf_16_and_byte_order_marks_are_read_everywhere(call: Call, tmp_path: Path) -> None:
    prompts, settings = tmp_path / "utf16.txt", tmp_path / "home" / "config" / "settings.toml"
    prompts.write_bytes("lofi\n\nSchwarzwälder 夜".encode("utf-16"))
    settings.parent.mkdir(parents=True)
    settings.write_bytes("\ufeff[studio]\naccounts = 2\n".encode())
    assert "夜" in call("batch", str(prompts), "--dry-run").out
    assert call("settings", "check").code == 0
    settings.write_bytes("[studio]\naccounts = 3\n".encode("utf-16"))
    assert "accounts = 3" in call("settings", "show").out


@pytest.mark.parametrize(
    "entry",
    [
        {"prompt": "lofi", "model": "v9"},
        {"prompt": "lofi", "length": 100_000},
        {"prompt": "lofi", "seed": 2**70},
        {"prompt": "lofi", "seed": -1},
        {"prompt": "x" * 10_001},
        {"prompt": "lofi", "lyrics": "la " * 200_000},
        {"prompt": "lofi", "user_id": "nobody"},
    ],
    ids=["model", "length", "seed", "negative seed", "prompt", "lyrics", "account"],
)
def test_a_dry_run_refuses_the_same_as_a_real_run(call: Call, entry: dict[str, object]) -> None:
    file = json.dumps([entry])
    dry = call("batch", "-", "--kind", "json", "--dry-run", stdin=file)
    assert dry.code == 2, dry.err
    real = call("batch", "-", "--kind", "json", stdin=file)
    assert (real.code, queued(call)) == (2, 0), real.err
    assert dry.err == real.err


@pytest.mark.parametrize(
    ("kind", "text", "where"),
    [
        ("csv", "prompt,length\n\nlofi,60\nhouse,9999\n", "line 4: A song's length"),
        ("jsonl", '{"prompt": "lofi"}\n{"prompt": "a", "seed": -1}\n', "line 2: seed must"),
        ("json", '["lofi", {"prompt": "a", "model": "v9"}]', "entry 2: Unknown model"),
        ("txt", "lofi\n\n" + "x" * 10_001, "line 3: The prompt has"),
        ("txt", "lofi\n\nrain @nosuch", "line 3: Unknown service @nosuch"),
        ("csv", "prompt,user_id\nlofi,\nhouse,nobody\n", "line 3: Unknown account 'nobody'"),
        ("csv", "prompt,band\nlofi,bass=flute\nx,drums=spoon\n", "line 3: band: 'spoon' is unknown; did you mean "),
        ("csv", 'prompt,form\nx,"verse 1.5, ending 2"\n', "line 2: form: 'verse 1.5' must have whole bars"),
    ],
)
def test_a_refused_value_is_located_in_its_file(call: Call, tmp_path: Path, kind: str, text: str, where: str) -> None:
    assert call("batch", "-", "--kind", kind, stdin=text).err.strip().startswith(where)
    file = tmp_path / f"songs.{kind}"
    file.write_text(text)
    for more in ((), ("--dry-run",)):
        ran = call("batch", str(file), *more)
        assert (ran.code, ran.err.strip()[: len(f"{file}: {where}")]) == (2, f"{file}: {where}")


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("txt", "lofi ×101\n\nrain\n\nhouse ×0\n\n@studio\n",
         ["line 1: ×101:", "line 5: ×0:", "line 7: The prompt is"]),
        ("txt", "rain ×101\n", ["line 1: ×101:"]),
        ("txt", "rain @nosuch\n\nsnow\n\nlofi @none",
         ["line 1: Unknown service @nosuch", "line 5: Unknown service @none"]),
        ("jsonl", '{\n"a"\n{"prompt": "b", "x": 1, "takes": 0}\n[]\n',
         ["line 1: invalid JSON", "line 3: unknown field 'x'", "line 3: takes must be", "line 4: expected a prompt"]),
        ("jsonl", '{"prompt": "a", "seed": -1}\n"b"\n{"prompt": "c", "length": 9999}\n',
         ["line 1: seed must", "line 3: A song's length"]),
        ("jsonl", '{"prompt": 7, "operation": "mute"}\n', ["line 1: prompt must be", "line 1: an edit needs both"]),
        ("csv", "prompt,takes,seed\na,many,x\nb,1,2,3\n,5\n",
         ["line 2: takes must", "line 2: seed must", "line 3: more values", "line 4: the prompt is missing"]),
        ("csv", 'prompt,takes\na,many\n"b,2\n', ["line 2: takes must", "line 3: invalid CSV"]),
        ("csv", "prompt,tone,pace\na,b,c\n", ["line 1: unknown fields 'tone', 'pace'. Known fields: "]),
        ("csv", "prompt,user_id\na,x\nb,\nc,y\n", ["line 2: Unknown account 'x'", "line 4: Unknown account 'y'"]),
        ("jsonl", '{"prompt": "a", "seed": -1}\n' * 12,
         [*(f"line {n}: seed must" for n in range(1, 11)), "2 more errors."]),
        ("jsonl", "{\n" * 1_011, [*(f"line {n}: invalid" for n in range(1, 11)), "1,001 more errors."]),
    ],
)  # fmt: skip
def test_every_error_of_a_file_is_reported(call: Call, tmp_path: Path, kind: str, text: str, says: list[str]) -> None:
    file = tmp_path / f"songs.{kind}"
    file.write_text(text)
    ran = call("batch", str(file), "--kind", kind)
    lines = ran.err.splitlines()
    starts = [one if "more error" in one else f"{file}: {one}" for one in says]
    assert [line[: len(start)] for line, start in zip(lines, starts, strict=True)] == starts
    assert (ran.code, queued(call)) == (2, 0)
    assert [line.removeprefix(f"{file}: ") for line in lines] == call(
        "batch", "-", "--kind", kind, stdin=text
    ).err.splitlines()


def test_the_only_prompt_of_a_file_is_located_by_the_file(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "song.txt"
    file.write_text("rain @nosuch")
    assert call("batch", str(file)).err.startswith(f"{file}: Unknown service @nosuch")


def test_a_tilde_is_expanded_and_lyrics_are_read_from_standard_input(call: Call, tmp_path: Path) -> None:
    ran = call("submit", "lofi, 5 seconds", "--lyrics", "-", "--out", "~/songs", "--wait", stdin="la la la\n")
    assert ran.code == 0, ran.err
    assert list((tmp_path / "songs").iterdir())
    assert json.loads(call("receipt").out)["lyrics"].strip() == "la la la"


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("json", "{", "Invalid JSON: "),
        ("toml", "x", "Invalid TOML: "),
        ("jsonl", "\n{", "line 2: invalid JSON: "),
        ("csv", "seed\n1\n", "The first line must name the columns"),
    ],
)
def test_an_invalid_file_is_named(call: Call, tmp_path: Path, kind: str, text: str, says: str) -> None:
    file = tmp_path / "songs.txt"
    file.write_text(text)
    ran = call("batch", str(file), "--kind", kind)
    assert (ran.code, ran.err[: len(f"{file}: {says}")]) == (2, f"{file}: {says}")
    assert call("batch", "-", "--kind", kind, stdin=text).err.startswith(says)
