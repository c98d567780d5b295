"""What the service can't keep of a prompt is said wherever a finished song is: on the command line and in line mode."""

from __future__ import annotations

import subprocess

from riffusion_tui.cli.printing.job_details import details
from riffusion_tui.jobs.model import Song
from riffusion_tui.jobs.status import Status
from tests.cli.kit import Call, Program
from tests.tui.test_state import job

LIMIT = "There is no theremin."


def test_a_finished_song_says_what_the_service_could_not_keep(call_served: Call) -> None:
    ran = call_served("submit", "rain", "theremin", "--wait")
    assert ran.err.count(LIMIT) == 1
    assert f"2  {LIMIT}" in ran.err.splitlines()
    assert LIMIT not in ran.out, "standard output has one line for each song"
    ran = call_served("batch", "-", "--kind", "lines", "--wait", "--json", stdin="theremin\nrain\n")
    assert {row["prompt"]: row["limits"] for row in ran.rows} == {"theremin": [LIMIT], "rain": []}
    assert LIMIT not in ran.err


def test_lines_of_the_details_are_labeled_alike() -> None:
    plan = {"limits": [LIMIT], "understood": [["rain", "scene", "rain"], ["90 bpm", "tempo", "90"]], "engine": "sketch"}
    made = job(1, Status.DONE)._replace(title="Rain", duration_s=60.0, file="/rain.mp3", prompt="rain, 90 bpm")
    lines = list(details(made, Song(1, plan={**plan, "engine_version": 6, "stems": ["Bass", "Drums"]})))
    assert lines == [
        "Job 1  done  Rain  1:00  /rain.mp3",
        "Prompt: rain, 90 bpm",
        LIMIT,
        "Detected: rain, 90 bpm",
        "Band: Bass, Drums",
        "Engine: sketch, version 6",
        "No lyrics.",
    ]


def test_line_mode_says_what_the_service_could_not_keep(program: Program) -> None:
    with subprocess.Popen(
        program.command("--plain"), env=program.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("theremin\n")
        process.stdin.flush()
        received = ""
        while f"Job 1: {LIMIT}" not in received:  # else `communicate` loses what is read ahead
            received += process.stdout.readline()
        out, _ = process.communicate(":show 1\n:show 2\nshow 1\n:help prompts\n:help prompt\n:quit\n", timeout=30)
    assert "  done  " in received
    shown = out.partition("Prompt: theremin")[2]
    assert shown.startswith(f"\n{LIMIT}\n")
    assert "Lyrics:\n[Verse]\ntheremin\n" in shown
    assert "No job 2. :jobs lists them." in shown
    assert "Did you mean ':show 1'?" in shown
    assert "A prompt is plain text that describes the song" in shown
    assert "No help on 'prompt'. Did you mean 'prompts'?" in shown
