"""`sketch` refuses paths as prompts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.kit import Call


@pytest.mark.parametrize(
    "name",
    ["prompst.txt", "prompts.md", "songs/prompts.csv", "songs/rain.dat", "./rain", "~/rain", "/rain", "C:\\rain"],
)
@pytest.mark.parametrize("option", [(), ("--plan",)])
def test_a_missing_file_is_not_taken_for_a_prompt(
    call: Call, tmp_path: Path, name: str, option: tuple[str, ...]
) -> None:
    ran = call("sketch", name, *option, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert f"There is no file {name}." in ran.err
    assert f'riffusion-tui sketch "a song about {name}"' in ran.err


def test_a_file_of_another_type_is_not_taken_for_a_prompt(call: Call, tmp_path: Path) -> None:
    (tmp_path / "my notes.dat").write_text("lofi\n")
    (tmp_path / "rain").mkdir()
    ran = call("sketch", "my notes.dat", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "my notes.dat isn't called like a file of prompts (.txt, " in ran.err
    assert "--kind" in ran.err
    ran = call("sketch", "./rain", cwd=tmp_path)
    assert (ran.code, "./rain is a folder." in ran.err) == (2, True)


@pytest.mark.parametrize(
    "prompt", ["rain", "rock/pop", "r&b/soul, 5 seconds", "jazz.", "a song about prompts.txt", "x" * 5000]
)
def test_words_with_slashes_and_dots_are_prompts(call: Call, tmp_path: Path, prompt: str) -> None:
    (tmp_path / "rain").mkdir()
    assert call("sketch", prompt, "--plan", cwd=tmp_path).code == 0
