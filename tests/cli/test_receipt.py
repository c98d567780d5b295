"""Receipts: what is printed about a finished job, and requesting the same song again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from tests.cli.kit import Program
from tests.cli.server import Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("studio"), accounts=2, slots=3) as one:
        yield one


@pytest.fixture
def program(server: Server, tmp_path: Path) -> Program:
    return Program.at(tmp_path, **server.environ())


def test_a_receipt_can_be_repeated(program: Program, tmp_path: Path) -> None:
    program("submit", "a {b}", "--wait", "--reply-ref", "mine", "--title", "T", "--instrumental")
    ran = program("receipt")
    (row,) = ran.rows
    assert (row["prompt"], row["instrumental"], row["replyRef"]) == ("a {b}", True, "mine")
    assert {"job_id", "sha256", "created", "ended", "file"} <= set(row["receipt"])
    (tmp_path / "receipt.jsonl").write_text(ran.out)
    ran = program("batch", str(tmp_path / "receipt.jsonl"), "--json")
    assert ran.code == 0, ran.err
    assert ran.rows[0]["prompt"] == "a {b}"
    again = program("receipt", "id:2").rows[0]
    assert {name: again[name] for name in again if name != "receipt"} == {
        name: row[name] for name in row if name != "receipt"
    }


def test_a_receipt_makes_the_same_song_again_where_the_seed_was_drawn(tmp_path: Path) -> None:
    program = Program.at(tmp_path)  # the studio, with its real engine
    first = program("submit", "lofi", "--length", "5", "--instrumental", "--wait", "--json").rows[0]
    (row,) = program("receipt").rows
    assert first["seed"] == row["seed"] == program("jobs", "--json").rows[0]["seed"] is not None
    made_by = (row["receipt"]["engine"], row["receipt"]["engine_version"])
    assert made_by == (SketchEngine.name, SketchEngine.version)
    (tmp_path / "receipt.jsonl").write_text(json.dumps(row))
    second = program("batch", str(tmp_path / "receipt.jsonl"), "--wait", "--json").rows[0]
    assert (second["seed"], second["sha256"]) == (first["seed"], first["sha256"])
