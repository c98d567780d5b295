"""`sketch`: one song, or its plan alone, without queue or server."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import soundfile

from tests.cli.kit import Program

PROMPT = "d minor waltz, no drums [live]"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program.at(tmp_path / "home")


def test_a_plan_is_printed_for_each_prompt_and_each_line(program: Program) -> None:
    ran = program("sketch", "--plan", PROMPT, "\x1b]52;c;x\x07 techno 130 bpm")
    assert ran.code == 0, ran.err
    waltz, techno = ran.rows
    assert (waltz["prompt"], waltz["key"], waltz["mode"], waltz["meter"]) == (PROMPT, "D", "minor", "3/4")
    assert "drums" in waltz["avoided"]
    assert (techno["genre"], techno["bpm"]) == ("techno", 130)
    assert "\x1b" not in ran.out
    ran = program("sketch", "--plan", "--seed", "7", stdin="a\n\n  b  \n")
    assert [(row["prompt"], row["seed"]) for row in ran.rows] == [("a", 7), ("b", 7)]


def test_a_song_is_made_where_it_is_wanted_and_the_same_again(program: Program, tmp_path: Path) -> None:
    rows = []
    for name in ("one.flac", "deep/two.flac"):
        out = tmp_path / name
        ran = program("sketch", PROMPT, "--length", "0:05", "--seed", "3", "--out", str(out), "--json")
        assert ran.code == 0, ran.err
        (row,) = ran.rows
        assert row["file"] == str(out)
        assert row["plan"]["key"] == "D"
        assert soundfile.info(out).duration == pytest.approx(row["duration_s"], abs=0.01)
        assert [path for path in out.parent.iterdir() if path.name.startswith(".")] == []
        rows.append(hashlib.sha256(soundfile.read(out)[0].tobytes()).hexdigest())
    assert rows[0] == rows[1]


def test_without_a_name_the_title_names_it_and_no_file_is_overwritten(program: Program, tmp_path: Path) -> None:
    shown = [
        program("sketch", PROMPT, "--format", "midi", "--length", "5", "--title", "../A/B", cwd=tmp_path).out
        for _ in range(2)
    ]
    assert {path.name for path in tmp_path.glob("*.mid")} == {"A_B.mid", "A_B 2.mid"}
    assert "understood" in shown[0]
    assert shown[1].endswith("A_B 2.mid\n")


def test_a_place_that_cannot_be_written_is_told(program: Program) -> None:
    ran = program("sketch", PROMPT, "--out", "/proc/nowhere/x.mp3")
    assert ran.code == 2
    assert "can't be written to /proc/nowhere: " in ran.err
    assert "Traceback" not in ran.err
