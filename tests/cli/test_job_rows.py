"""The rows of `jobs` in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.kit import Calling, Program

PROMPT = "a long ballad about a lighthouse keeper with {piano|violin} and {soft|loud} drums"


@pytest.mark.parametrize(
    ("columns", "first", "last"),
    [
        (200, "a long ballad about a lighthouse keeper with violin and loud drums", "with piano and soft drums"),
        (60, "a long ballad about … violin and loud", "a long ballad about a … piano and soft"),
        (40, "… violin and loud", "… piano and soft"),
        (33, "viol…, loud", "piano, soft"),
        (25, "a …", "a …"),
    ],
)
def test_rows_of_a_matrix_differ_at_every_width(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int, first: str, last: str
) -> None:
    """All rows were cut to the words that all prompts have."""
    call = calling(Program.at(tmp_path, COLUMNS=str(columns)))
    assert call("submit", "--expand", PROMPT).code == 0
    plain = call("jobs").out
    assert plain.count("lighthouse keeper with") == 4, "a pipe gets whole prompts"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    rows = call("jobs").out.splitlines()
    assert len(rows) == 4
    assert all(len(row) <= columns for row in rows)
    assert rows[0].endswith(first)
    assert rows[-1].endswith(last)
    assert len({row.partition("  ")[2] for row in rows}) == (4 if columns > 25 else 1)


def test_a_prompt_that_is_alone_is_cut_at_its_end(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = calling(Program.at(tmp_path, COLUMNS="40"))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert call("jobs").err == "No jobs.\n"
    call("submit", "a long ballad about a lighthouse keeper")
    assert call("jobs").out == "1  queued          –  a long ballad abo…\n"
