"""From a command to a song on disk, through a real server on a real port."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Gate, WaitCause
from riffusion_tui.store import Store
from tests.cli.kit import Call, Calling, Program
from tests.cli.server import TOKEN, Server, serving

FIELDS = ["id", "status", "prompt", "service", "user_id", "job_id", "title", "duration_s", "file"]
FIELDS += ["sha256", "error", "seed"]


def test_a_prompt_becomes_a_song(program: Program, call_served: Call, tmp_path: Path) -> None:
    ran = program("submit", "a [dark] beat", "--wait", "--json")
    assert ran.code == 0, ran.err
    (row,) = ran.rows
    assert list(row) == [*FIELDS, "limits"]
    assert (row["id"], row["status"], row["prompt"], row["error"]) == (1, "done", "a [dark] beat", None)
    song = Path(row["file"])
    assert song.parent == tmp_path / "songs"
    assert hashlib.sha256(song.read_bytes()).hexdigest() == row["sha256"]
    assert call_served("jobs", "--json").rows == [{name: row[name] for name in FIELDS}], "a list has no limits"
    assert "done" in call_served("jobs", "dark").out
    assert call_served("jobs", "--json", "--", "-dark").rows == []
    audio = subprocess.run(program.command("cat", "1"), env=program.environ, capture_output=True, check=True).stdout
    assert audio == song.read_bytes()
    assert call_served("cat", "2").code == 2
    song.unlink()
    os.mkfifo(song)
    assert "Not a regular file" in program("cat", "1").err
    song.unlink()
    ran = call_served("cat", "1")
    assert (ran.code, "`riffusion-tui cat 1 --format wav` downloads it again" in ran.err) == (1, True)
    command = program.command("cat", "1", "--format", "wav")
    assert subprocess.run(command, env=program.environ, capture_output=True, check=True).stdout == audio
    ran = call_served("cat", "1", "--format", "midii")
    assert (ran.code, "offers mp3, wav, flac, ogg, stems, midi, lrc, chordpro, not midii" in ran.err) == (2, True)


def test_a_batch_is_made_without_a_busy_response(call_served: Call, server: Server, tmp_path: Path) -> None:
    prompts = "\n\n".join(f"slow=0.2 song {number}" for number in range(20))
    (tmp_path / "prompts.txt").write_text(prompts)
    before = len(server.log.read_text())
    dry = call_served("batch", str(tmp_path / "prompts.txt"), "--dry-run")
    assert dry.code == 0
    assert "20 prompts, 20 songs on 6 slots of 2 accounts" in dry.err
    assert call_served("jobs", "--json").out == ""
    out = tmp_path / "out"
    ran = call_served("batch", str(tmp_path / "prompts.txt"), "--json", "--out", str(out), "--yes")
    assert ran.code == 0, ran.err
    assert {row["status"] for row in ran.rows} == {"done"}
    assert len({row["file"] for row in ran.rows}) == 20 == len(list(out.iterdir()))
    assert all(Path(row["file"]).parent == out for row in ran.rows)
    assert len({row["user_id"] for row in ran.rows}) == 2
    output = server.log.read_text()[before:]
    assert output.count("create-prompt 200") == 20
    assert " 429 " not in output


def test_a_dry_run_estimates_the_finish_time_including_waits(call_served: Call, tmp_path: Path) -> None:
    def output() -> str:
        ran = call_served("batch", "-", "--dry-run", stdin="one\n\ntwo")
        assert ran.code == 0
        return ran.err

    assert "on 6 slots of 2 accounts, 2 at a time; the finish time is known after the first song." in output()
    clock, name = SystemClock(), "riffusion"
    now = clock.now()
    with Store.open(tmp_path / "data" / "jobs.sqlite3", clock) as store:
        store.add_time(name, 600.0)
        store.put_gate(Gate(name, None, WaitCause.UPSTREAM, now, now + 7200))
        assert f"; done about {datetime.fromtimestamp(now + 7800):%H:%M}." in output()
        store.put_gate(Gate(name, None, WaitCause.PAUSED, now))
        assert "; finish time unknown: paused." in output()


def test_queued_jobs_wait_for_work(call_served: Call) -> None:
    ran = call_served("submit", "one", "two", "--takes", "2", "--json")
    assert ran.code == 0
    assert [row["status"] for row in ran.rows] == ["queued"] * 4
    assert "run `riffusion-tui work` or" in ran.err
    assert "No process is sending jobs to" in call_served("work", "--status").out
    ran = call_served("work", "--json")
    assert ran.code == 0, ran.err
    assert sorted(row["id"] for row in ran.rows) == [1, 2, 3, 4]
    assert "Nothing is queued for " in call_served("work").err


def test_refused_and_failed_prompts_are_reported_separately(call_served: Call, tmp_path: Path) -> None:
    ran = call_served("submit", "studio-test-flagged", "error here", "fine", "--wait", "--json")
    assert ran.code == 1
    ends = {row["prompt"]: row for row in ran.rows}
    assert ends["studio-test-flagged"]["status"] == "refused"
    assert ends["error here"]["status"] == "failed"
    assert ends["error here"]["error"]
    assert ends["fine"]["status"] == "done"
    songs = re.escape(str(tmp_path / "songs"))
    assert re.search(rf"^1 made, 1 failed, 1 refused in 0:\d\d\. Songs are in {songs}\.$", ran.err, re.MULTILINE)


def test_jobs_unfinished_at_the_timeout_stay_queued(call_served: Call, tmp_path: Path) -> None:
    may_end = tmp_path / "may-end"
    ran = call_served("submit", f"until={may_end} long", "--timeout", "1", "--json")
    assert (ran.code, ran.out) == (4, "")
    assert "Not finished in time" in ran.err
    assert call_served("work", "--timeout", "1").code == 4
    may_end.touch()
    ran = call_served("work", "--json")
    assert (ran.code, ran.rows[0]["status"]) == (0, "done")


def test_the_folder_of_a_batch_is_reported_and_work_copies_to_it(call_served: Call, tmp_path: Path) -> None:
    out = tmp_path / "my songs"
    may_end = tmp_path / "may-end"
    prompts = f"one\n\nuntil={may_end} two"
    ran = call_served("batch", "-", "--timeout", "3", "--out", str(out), "--json", stdin=prompts)
    assert ran.code == 4
    assert "Not finished in time: 1 of 2." in ran.err
    assert f"`riffusion-tui work --out '{out}'` continues." in ran.err
    assert f"the songs are saved only in {tmp_path / 'songs'}" in ran.err
    may_end.touch()
    ran = call_served("work", "--out", str(out), "--json")
    assert ran.code == 0, ran.err
    assert Path(ran.rows[0]["file"]).parent == out
    assert len(list(out.iterdir())) == len(list((tmp_path / "songs").glob("*.wav"))) == 2
    (tmp_path / "file").touch()
    assert call_served("work", "--out", str(tmp_path / "file")).code == 2


def test_a_wrong_or_missing_token_needs_attention_and_loses_no_job(
    server: Server, calling: Calling, tmp_path: Path
) -> None:
    for token in ("user:9-wrong-token-canary", ""):
        call = calling(Program.at(tmp_path, **server.environ() | {"RIFFUSION_TUI_TOKEN": token}))
        ran = call("submit", "x", "--wait", "--json")
        assert ran.code == 3
        assert "token" in ran.err.lower()
        assert "Traceback" not in ran.err
        assert not token or token not in ran.out + ran.err
    assert [row["status"] for row in call("jobs", "--json").rows] == ["queued", "queued"]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"wrong-token-canary" not in kept
    call = calling(Program.at(tmp_path, RIFFUSION_TUI_URL=server.url))
    assert call("token", "set", stdin=TOKEN).code == 0
    ran = call("work", "--json")
    assert (ran.code, [row["status"] for row in ran.rows]) == (0, ["done", "done"])


@pytest.mark.parametrize("url", ["ftp://x", "nonsense", "http://127.0.0.1:99999", "http://example.invalid"])
def test_an_unusable_address_is_a_usage_error_and_loses_no_job(url: str, calling: Calling, tmp_path: Path) -> None:
    call = calling(Program.at(tmp_path, RIFFUSION_TUI_URL=url, RIFFUSION_TUI_TOKEN=TOKEN))
    ran = call("submit", "x", "--wait")
    assert ran.code == 2, ran.err
    assert "Nothing is lost" in ran.err
    assert "Traceback" not in ran.err
    assert [row["status"] for row in call("jobs", "--json").rows] == ["queued"]


def test_an_unreachable_address_is_retried(calling: Calling, tmp_path: Path) -> None:
    call = calling(Program.at(tmp_path, RIFFUSION_TUI_URL="http://127.0.0.1:9", RIFFUSION_TUI_TOKEN=TOKEN))
    ran = call("submit", "x", "--wait", "--timeout", "3")
    assert ran.code == 4, ran.err
    assert "Waiting for the service" in ran.err
    assert "Traceback" not in ran.err
    assert [row["status"] for row in call("jobs", "--json").rows] == ["queued"]


def test_a_broken_account_holds_its_jobs_until_it_is_repaired(calling: Calling, tmp_path: Path) -> None:
    with serving(tmp_path / "studio", accounts=1, slots=2) as server:
        call = calling(Program.at(tmp_path / "home", **server.environ()))
        (account,) = call("accounts", "--json").rows
        ran = call("accounts", "repair", account["user_id"], stdin=f"studio-test:broken,user={account['user_id']}")
        assert ran.code == 0, ran.err
        assert call("accounts").code == 3
        ran = call("submit", "x", "y", "--wait", "--json")
        assert ran.code == 3, ran.err
        assert "account" in ran.err
        assert [row["status"] for row in call("jobs", "--json").rows] == ["held", "held"]
        ran = call("accounts", "repair", account["user_id"], stdin=f"studio-test:user={account['user_id']}")
        assert ran.code == 0, ran.err
        ran = call("work", "--json")
        assert (ran.code, [row["status"] for row in ran.rows]) == (0, ["done", "done"])
        assert call("accounts", "max-jobs", account["user_id"], "11").code == 2


def test_a_studio_that_cannot_start_loses_no_job(call: Call, tmp_path: Path) -> None:
    studio = tmp_path / "data" / "studio"
    studio.mkdir(parents=True)
    (studio / "token").write_text("others can read this")
    (studio / "token").chmod(0o644)
    ran = call("submit", "x", "--wait")
    assert ran.code == 2, ran.err
    assert "is readable by others" in ran.err
    assert "Nothing is lost" in ran.err
    (studio / "token").unlink()
    (studio / "studio.db").write_text("no database " * 1000)
    ran = call("submit", "y", "--wait", "--timeout", "5")
    assert ran.code == 4, ran.err
    assert "file is not a database" in ran.err
    assert [row["status"] for row in call("jobs", "--json").rows] == ["queued", "queued"]


def test_two_processes_make_each_prompt_once(program: Program, server: Server) -> None:
    before = server.log.read_text().count("create-prompt 200")
    batch = "\n\n".join(f"slow=0.1 shared {number}" for number in range(8))
    command = program.command("batch", "-", "--wait", "--json", "--yes")
    first, second = (
        subprocess.Popen(
            command,
            env=program.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    )
    for process in (first, second):
        out, err = process.communicate(batch, timeout=120)
        assert process.returncode == 0, err
        assert [json.loads(line)["status"] for line in out.splitlines()] == ["done"] * 8
    assert server.log.read_text().count("create-prompt 200") - before == 16


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_and_keeps_the_queue(
    number: signal.Signals, program: Program, call_served: Call, tmp_path: Path
) -> None:
    may_end = tmp_path / "may-end"
    process = subprocess.Popen(
        program.command("submit", f"until={may_end} one", "two", "--out", str(tmp_path / "out"), "--json"),
        env=program.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(number)
    try:
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()  # otherwise it holds the lock, and the next command waits
    assert process.returncode == 128 + number
    assert "Traceback" not in err
    assert f"work --out {tmp_path / 'out'}` continues" in err
    may_end.touch()
    ran = call_served("work", "--json")
    assert ran.code == 0, ran.err
    assert {row["status"] for row in call_served("jobs", "--json").rows} == {"done"}


def test_a_detached_process_can_be_stopped(program: Program, call_served: Call, tmp_path: Path) -> None:
    may_end = tmp_path / "may-end"
    call_served("submit", f"until={may_end} long")
    (tmp_path / "precious").write_text("text")
    (tmp_path / "data" / "work-riffusion.pid").symlink_to(tmp_path / "precious")
    ran = program("work", "--detach")
    assert ran.code == 0
    assert (tmp_path / "precious").read_text() == "text"
    pid = int(ran.err.split()[1])
    assert "without a terminal" in call_served("work", "--status").out, "it responds at once"
    assert f"Process {pid} sends the jobs of riffusion" in call_served("work", "--detach").err
    ran = call_served("work", "--stop")
    assert (ran.code, f"Stopping process {pid}." in ran.err) == (0, True)
    _until(lambda: "No process is sending jobs to" in call_served("work", "--status").out)
    assert call_served("work", "--stop").code == 1
    assert call_served("cancel", "1").code == 0
    may_end.touch()


def test_commands_without_a_colon_are_not_prompts_in_line_mode(call_served: Call) -> None:
    ran = call_served("--plain", stdin="play 1\nCancel 1 2\nCancel 1 2\nhelp\nexit\nrain\n")
    suggested = [line.partition("?")[0][14:-1] for line in ran.out.splitlines() if line.startswith("Did you mean")]
    assert suggested == [":play 1", ":cancel 1 2", ":cancel 1 2"]
    assert ran.out.count("  :quit\n") == 2, "the help is shown again"
    assert call_served("jobs", "--json").rows == []


def test_job_commands_change_jobs(call_served: Call) -> None:
    call_served("submit", "one", "two")
    assert "1  held  one" in call_served("hold", "1").out
    assert "1  queued  one" in call_served("release", "1").out
    assert "2  cancelled  two" in call_served("cancel", "2").out
    ran = call_served("hold", "2")
    assert (ran.code, "2  unchanged. It is cancelled" in ran.err) == (1, True)
    assert "2  queued  two" in call_served("retry", "2").out
    assert "3  queued  other" in call_served("again", "1", "--prompt", "other").out
    assert call_served("delete", "3", "2", "--yes").out == "3  deleted  other\n2  deleted  two\n"
    assert [row["id"] for row in call_served("jobs", "--json").rows] == [1]
    assert call_served("hold", "99").code != 0
    assert "is paused" in call_served("pause").err
    assert "paused" in call_served("work", "--status").out
    assert call_served("work").code == 3
    assert call_served("resume").code == 0
    assert call_served("work").code == 0


def test_a_song_in_the_out_folder_gets_a_free_name(call_served: Call, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (first,) = call_served("submit", "one", "--seed", "7", "--wait", "--json", "--out", str(out)).rows
    name = Path(first["file"]).name
    (tmp_path / "songs" / name).unlink()
    (second,) = call_served("submit", "one", "--seed", "7", "--wait", "--json", "--out", str(out)).rows
    assert Path(second["file"]) == out / f"{Path(name).stem} 2{Path(name).suffix}"


def test_prompts_and_commands_work_in_line_mode(program: Program) -> None:
    process = subprocess.Popen(
        program.command("--plain"), env=program.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write('slow=0.1 {one|two} [dark]\n:hodl 1\n:again x\n:play "\n:jobs\n')
    process.stdin.flush()
    received: list[str] = []
    while sum("  done  " in line for line in received) < 2:
        received.append(process.stdout.readline())
        assert received[-1], received
    out, _ = process.communicate(":state\n:play 99\n:cancel 1\n", timeout=30)
    shown = "".join(received) + out
    assert "Job 1 is queued: slow=0.1 one [dark]\nJob 2 is queued: slow=0.1 two [dark]\n" in shown
    assert "Job 1 is being made.\n" in shown
    assert "Unknown command ':hodl'. Did you mean ':hold'?" in shown
    assert "invalid job number 'x'" in shown
    assert "Unmatched quotation mark." in shown
    assert "0 making, 0 fetching, 0 waiting, 0 held." in out
    assert "99" in out
    assert process.returncode == 1


def test_doctor_calls_the_service_and_sends_no_prompt(call_served: Call, server: Server) -> None:
    before = server.log.read_text().count("create-prompt")
    ran = call_served("doctor", "--service")
    assert ran.code == 0, ran.out
    assert re.search(r"riffusion answers: \d running on 6 slots", ran.out)
    assert "clock       agrees with the service's" in ran.out
    assert server.log.read_text().count("create-prompt") == before


def _until(met: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_the_token_is_not_in_the_process_list(program: Program) -> None:
    process = subprocess.Popen(
        program.command("submit", "slow=1 x", "--wait"), env=program.environ, stderr=subprocess.DEVNULL
    )
    shown = ""
    while process.poll() is None:
        shown += subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        time.sleep(0.05)
    assert process.returncode == 0
    assert "submit slow=1 x --wait" in shown
    assert TOKEN not in shown
    assert os.environ.get("RIFFUSION_TUI_TOKEN") is None
