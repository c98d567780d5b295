"""The rows of `jobs` in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob, Store
from tests.cli.kit import Call, Calling, Program

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


@pytest.mark.parametrize(
    ("service", "status", "cause", "row"),
    [
        ("studio", Status.MAKING, None, "1  stopped         –  rain (no process makes it)"),
        ("studio", Status.MAYBE_SENT, None, "1  maybe sent      –  rain"),
        ("flowmusic", Status.MAKING, None, "1  making          –  @flowmusic rain (no process follows it)"),
        ("nosuch", Status.FETCHING, None, "1  fetching        –  @nosuch rain (no process follows it)"),
        ("studio", Status.HELD, None, "1  held            –  rain (held by you)"),
        ("studio", Status.QUEUED, WaitCause.PAUSED, "1  queued          –  rain (paused)"),
        ("studio", Status.QUEUED, WaitCause.DISK, "1  held            –  rain (songs can't be written)"),
        ("studio", Status.QUEUED, WaitCause.SLOTS, "1  queued          –  rain"),
        ("studio", Status.FAILED, WaitCause.PAUSED, "1  failed          –  rain"),
    ],
)
def test_a_row_says_why_a_job_waits(
    call: Call, tmp_path: Path, service: str, status: Status, cause: WaitCause | None, row: str
) -> None:
    with Store.open(tmp_path / "data" / "jobs.sqlite3", SystemClock()) as store:
        store.add([NewJob("rain", Options(), service, "r", "b")])
        store._run("UPDATE jobs SET status = ?", status)
        if cause is not None:
            store.put_gate(Gate(service, None, cause, 1.0))
    assert call("jobs").out == f"{row}\n"
    if status is Status.HELD:
        assert "It waits: held by you." in call("--plain", stdin=":show 1\n").out
        assert "0 making, 0 fetching" in call("work", "--status").out
    if status is Status.MAKING and service == "studio":
        assert "No process is sending jobs to studio: 1 stopped, 0 fetching" in call("work", "--status").out


def test_why_a_job_waits_is_not_cut_for_a_long_prompt(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = calling(Program.at(tmp_path, COLUMNS="60"))
    call("submit", "a long ballad about a lighthouse keeper who hears the sea")
    call("hold", "1")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert call("jobs").out == "1  held            –  a long ballad about a l… (held by you)\n"


def test_a_prompt_that_is_alone_is_cut_at_its_end(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = calling(Program.at(tmp_path, COLUMNS="40"))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert call("jobs").err == "No jobs.\n"
    call("submit", "a long ballad about a lighthouse keeper")
    assert call("jobs").out == "1  queued          –  a long ballad abo…\n"
