"""Receipts of finished jobs, and requesting the same song again."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options, Song
from riffusion_tui.store import NewJob, Store
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import ENGINE_VERSION
from tests.cli.kit import Call


def test_a_receipt_can_be_repeated(call_served: Call, tmp_path: Path) -> None:
    call_served("submit", "a {b}", "--wait", "--reply-ref", "mine", "--title", "T", "--instrumental")
    ran = call_served("receipt")
    (row,) = ran.rows
    assert (row["prompt"], row["instrumental"], row["replyRef"]) == ("a {b}", True, "mine")
    assert {"job_id", "sha256", "created", "ended", "file"} <= set(row["receipt"])
    (tmp_path / "receipt.jsonl").write_text(ran.out)
    ran = call_served("batch", str(tmp_path / "receipt.jsonl"), "--json")
    assert ran.code == 0, ran.err
    assert ran.rows[0]["prompt"] == "a {b}"
    again = call_served("receipt", "id:2").rows[0]
    assert {name: again[name] for name in again if name != "receipt"} == {
        name: row[name] for name in row if name != "receipt"
    }


def test_receipts_of_another_engine_or_pronunciation_are_reported(call: Call, tmp_path: Path) -> None:
    made = {"engine": "sketch", "engine_version": ENGINE_VERSION, "pronunciation": "English, dictionary"}
    german = {"pronunciation": "German, espeak-ng 1.51"}
    receipts = [made | other for other in ({"engine_version": 3}, {"engine_version": 3}, german, {"engine": "x"})]
    file = tmp_path / "receipts.jsonl"
    file.write_text("\n".join(json.dumps({"prompt": "a", "seed": 1, "receipt": receipt}) for receipt in receipts))
    expected = [
        f"2 songs made by engine version 3: version {ENGINE_VERSION} makes them again, and they will sound different.",
        "1 song pronounced by espeak-ng: set studio.pronunciation to 'espeak-ng' for the same words.",
    ]
    assert call("batch", str(file), "--dry-run").err.splitlines()[:2] == expected
    file.write_text(json.dumps({"prompt": "a", "seed": 1, "receipt": made}))
    assert call("batch", str(file), "--dry-run").err.startswith("1 prompt, ")


def test_a_receipt_with_a_drawn_seed_makes_the_same_song(
    call: Call, tmp_path: Path
) -> None:  # the studio, with its real engine
    first = call("submit", "lofi", "--length", "5", "--instrumental", "--wait", "--json").rows[0]
    (row,) = call("receipt").rows
    assert first["seed"] == row["seed"] == call("jobs", "--json").rows[0]["seed"] is not None
    made_by = (row["receipt"]["engine"], row["receipt"]["engine_version"])
    assert made_by == (SketchEngine.name, SketchEngine.version)
    (tmp_path / "receipt.jsonl").write_text(json.dumps(row))
    second = call("batch", str(tmp_path / "receipt.jsonl"), "--wait", "--json").rows[0]
    assert (second["seed"], second["sha256"]) == (first["seed"], first["sha256"])
    assert call("again", "2").err == ""
    with closing(sqlite3.connect(tmp_path / "data" / "jobs.sqlite3", isolation_level=None)) as database:
        database.execute("UPDATE songs SET body = json_set(body, '$.plan.engine_version', 2)")
    warning = f"1 song made by engine version 2: version {ENGINE_VERSION} makes them again"
    assert call("again", "2").err.startswith(warning)
    assert "engine version" not in call("again", "2", "--other-seed").err


def test_a_time_that_no_calendar_has_is_left_out(call: Call, tmp_path: Path) -> None:
    call("submit", "a")
    for value in ("1e18", "-1e300"):
        with closing(sqlite3.connect(tmp_path / "data" / "jobs.sqlite3")) as database:
            database.execute(f"UPDATE jobs SET created_at = {value}")
            database.commit()
        (row,) = call("receipt").rows
        assert not row["receipt"].get("created")


def test_a_receipt_lists_what_the_song_does_not_keep(call: Call, tmp_path: Path) -> None:
    muted = Options(operation="mute", extra=(("stem", "Drums"),))
    locked = Options(extra=(("key", "A minor"),))
    with Store.open(tmp_path / "data" / "jobs.sqlite3", SystemClock()) as store:
        store.add([NewJob("rain", muted, "studio", "r1", "b"), NewJob("snow", locked, "studio", "r2", "c", parent=1)])
        store._run("UPDATE jobs SET status = 'done'")
        store.put_song(Song(1))
        store.put_song(Song(2, plan={"limits": ["no accordion"]}))
    first, second = [row["receipt"]["limits"] for row in call("receipt").rows]
    assert (first, second) == ([], ["no accordion", "no lock keeps the edits of job 1: mute Drums"])
