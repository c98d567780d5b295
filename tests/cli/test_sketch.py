"""`sketch` makes one song, or only its plan, without queue or server."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
import soundfile

from riffusion_tui.cli.sketch import sketch_file
from riffusion_tui.draft_folder import PREFIX, draft_folder
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from tests.cli.kit import Call, Calling, Program
from tests.espeak_stand_in import STAND_IN, install

PROMPT = "d minor waltz, no drums [live]"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program.at(tmp_path / "home")


@pytest.fixture
def call(calling: Calling, program: Program) -> Call:
    return calling(program)


def test_a_plan_is_printed_for_each_prompt_and_each_line(call: Call) -> None:
    ran = call("sketch", "--plan", PROMPT, "\x1b]52;c;x\x07 techno 130 bpm")
    assert ran.code == 0, ran.err
    waltz, techno = ran.rows
    assert (waltz["prompt"], waltz["key"], waltz["mode"], waltz["meter"]) == (PROMPT, "D", "minor", "3/4")
    assert "drums" in waltz["avoided"]
    assert (techno["genre"], techno["bpm"]) == ("techno", 130)
    assert "\x1b" not in ran.out
    ran = call("sketch", "--plan", "--seed", "7", stdin="a\n\n  b  \n")
    assert [(row["prompt"], row["seed"]) for row in ran.rows] == [("a", 7), ("b", 7)]


def test_a_song_is_made_at_the_given_path_and_reproducible(call: Call, tmp_path: Path) -> None:
    rows = []
    for name in ("one.flac", "deep/two.flac"):
        out = tmp_path / name
        ran = call("sketch", PROMPT, "--length", "0:05", "--seed", "3", "--out", str(out), "--json")
        assert ran.code == 0, ran.err
        (row,) = ran.rows
        assert row["file"] == str(out)
        assert row["plan"]["key"] == "D"
        assert soundfile.info(out).duration == pytest.approx(row["duration_s"], abs=0.01)
        assert [path for path in out.parent.iterdir() if path.name.startswith(".")] == []
        rows.append(hashlib.sha256(soundfile.read(out)[0].tobytes()).hexdigest())
    assert rows[0] == rows[1]


def test_sketch_writes_to_pipes_and_through_symlinks(call: Call, tmp_path: Path) -> None:
    pipe, link, linked = (tmp_path / name for name in ("pipe", "link.mid", "linked.mid"))
    os.mkfifo(pipe)
    link.symlink_to(linked.name)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        try:
            ran = call("sketch", PROMPT, "--length", "0:05", "--seed", "3", "--format", "midi", "--out", str(pipe))
            assert ran.code == 0, ran.err
            assert pipe.is_fifo()
            received = reader.communicate(timeout=10)[0]
        finally:
            reader.kill()
    assert call("sketch", PROMPT, "--length", "0:05", "--seed", "3", "--out", str(link)).code == 0
    assert link.is_symlink()
    assert received.startswith(b"MThd")
    assert received == linked.read_bytes()


def test_a_path_of_the_standard_output_is_the_standard_output(tmp_path: Path) -> None:
    program = Program.at(tmp_path)
    given = ("sketch", PROMPT, "--length", "0:05", "--seed", "3", "--format", "midi", "--out")
    expected = subprocess.run(program.command(*given, "-"), env=program.environ, capture_output=True, check=True)
    ran = subprocess.run(program.command(*given, "/dev/stdout"), env=program.environ, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, expected.stdout), ran.stderr
    assert expected.stdout.startswith(b"MThd")
    assert b"LUFS" not in ran.stdout


def test_sketch_reads_and_writes_the_standard_streams(call: Call, tmp_path: Path) -> None:
    given = ("--length", "0:05", "--seed", "3", "--format", "lrc")
    ran = call("sketch", "-", *given, "--out", "-", stdin="pop with vocals\n", cwd=tmp_path)
    assert (ran.code, ran.out[:4]) == (0, "[ti:")
    assert "pop with vocals" in ran.err
    as_json = call("sketch", "pop with vocals", *given, "--out", "-", "--json")
    assert as_json.out == ran.out
    assert json.loads(as_json.err)["file"] is None
    (row,) = call("sketch", "--plan", "-", stdin="120 bpm").rows
    assert row["bpm"] == 120
    assert list(tmp_path.glob("*.lrc")) == []
    (tmp_path / "prompts.txt").write_text("one\n\ntwo", encoding="utf-8")
    refused = call("sketch", "prompts.txt", "--out", "-", cwd=tmp_path)
    assert (refused.code, refused.err.strip()) == (2, "The songs of a file need a folder: --out FOLDER.")


def test_audio_is_not_written_to_a_terminal(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ran = call("sketch", PROMPT, "--out", "-")
    assert (ran.code, ran.out) == (2, "")
    assert "| mpv -" in ran.err


@pytest.mark.parametrize("out", ["song.mid", "-"])
def test_a_reader_of_the_plan_may_close_early(program: Program, tmp_path: Path, out: str) -> None:
    command = program.command("sketch", PROMPT, "--length", "0:05", "--format", "midi", "--out", out)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=program.environ, cwd=tmp_path
    ) as ran:
        assert ran.stdout is not None
        ran.stdout.close()
        assert ran.stderr is not None
        errors = ran.stderr.read().decode()
    assert ran.returncode == 141
    assert "Broken pipe" not in errors
    assert "Traceback" not in errors


def test_a_file_of_prompts_is_made_and_existing_songs_are_skipped(call: Call, tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("lofi piano\n\njazz trio ×2\n", encoding="utf-8")
    out = tmp_path / "out"
    arguments = ("sketch", str(prompts), "--out", str(out), "--length", "5", "--jobs", "2")
    ran = call(*arguments)
    assert ran.code == 0, ran.err
    songs = sorted(out.glob("*.mp3"))
    assert [song.name[:-13] for song in songs] == ["001 lofi piano", "002 jazz trio", "003 jazz trio"]
    assert {path.stem for path in out.glob("*.png")} == {song.stem for song in songs}
    assert "3 made, 0 already present, 0 failed" in ran.err
    assert oct(songs[0].stat().st_mode & 0o777) == oct(0o666 & ~umask())
    before = songs[0].stat().st_mtime_ns, hashlib.sha256(songs[2].read_bytes()).hexdigest()
    songs[2].unlink()
    ran = call(*arguments, "--json", "--no-cover")
    assert [(row["number"], row["status"]) for row in ran.rows] == [(1, "kept"), (2, "kept"), (3, "done")]
    assert ran.rows[2]["seed"] == 1
    assert (songs[0].stat().st_mtime_ns, hashlib.sha256(songs[2].read_bytes()).hexdigest()) == before
    assert [path for path in out.iterdir() if path.name.startswith(".")] == []


def test_a_terminated_run_leaves_complete_songs_and_can_continue(program: Program, tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("\n".join(f"techno number {n}" for n in range(4)), encoding="utf-8")
    command = program.command("sketch", str(prompts), "--kind", "lines", "--length", "6", "--no-cover", "--jobs", "1")
    with subprocess.Popen(command, env=program.environ, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert "001 techno number 0" in running.stdout.readline()
        running.terminate()
        assert running.wait(20) == 128 + signal.SIGTERM
    there = list(tmp_path.glob("*.mp3"))
    assert 1 <= len(there) < 4
    assert all(soundfile.info(song).duration > 5 for song in there)
    assert [path for path in tmp_path.iterdir() if path.name.startswith(PREFIX)] == []
    prompts.write_text("a first line\n" + prompts.read_text(encoding="utf-8"), encoding="utf-8")
    ran = program(*command[3:], "--format", "midi", "--json", cwd=tmp_path)
    assert [row["status"] for row in ran.rows] == ["done"] * 5
    ran = program(*command[3:], "--dry-run", cwd=tmp_path)
    assert ran.code == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_song_leaves_nothing(program: Program, tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "here"
    command = program.command("sketch", "metal choir", "--length", "180", "--out", str(folder / "song.flac"))
    with subprocess.Popen(command, env=program.environ, stdout=subprocess.DEVNULL) as running:
        while not list(folder.glob(f"{PREFIX}*")):
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(number)
        assert running.wait(20) == 128 + number
    assert list(folder.iterdir()) == []


def test_the_next_song_removes_what_a_killed_one_left(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    kept = folder / ".sketch-book" / "idea.txt", folder / f"{PREFIX}a file"
    kept[0].parent.mkdir(parents=True)
    for file in kept:
        file.touch()
    song = program.command("sketch", "metal choir", "--length", "180", "--out", str(folder / "song.flac"))
    with subprocess.Popen(song, env=program.environ, stdout=subprocess.DEVNULL) as killed:
        while not (drafts := list(folder.glob(f"{PREFIX}*/*"))):
            assert killed.poll() is None
            time.sleep(0.01)
        killed.kill()
    with draft_folder(folder) as running:
        assert not drafts[0].parent.exists()
        assert program("sketch", PROMPT, "--length", "5", "--out", str(folder / "song.mid")).code == 0
        assert running.exists()
    assert {path.name for path in folder.iterdir()} == {".sketch-book", kept[1].name, "song.mid"}
    assert kept[0].exists()


def test_an_interrupted_run_reports_finished_songs(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(main: Coroutine[Any, Any, int]) -> int:
        main.close()
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sketch_file, "run_async", interrupt)
    (tmp_path / "prompts.txt").write_text("one\n\ntwo\n")
    ran = call("sketch", "prompts.txt", "--jobs", "1")
    expected = "Interrupted. Finished songs are kept; run the same command again to continue."
    assert (ran.code, ran.err.strip()) == (130, expected)


def test_an_interrupted_song_is_not_written(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SketchEngine, "make", interrupt)
    ran = call("sketch", PROMPT, "--out", str(tmp_path / "out" / "song.mp3"))
    assert (ran.code, ran.err.strip()) == (130, "Interrupted. No song was written.")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"prompt": "a", "service": "flowmusic"}, "prompts.json: entry 1: This prompt is for flowmusic"),
        ({"prompt": "a", "operation": "extend", "source": "x"}, "prompts.json: entry 1: This prompt edits a song"),
        ({"prompt": "a", "guidance": "7"}, "prompts.json: entry 1: This prompt sets guidance"),
        ({"prompt": "a", "length": "9999"}, "prompts.json: entry 1: A song's length"),
    ],
)
def test_options_that_need_a_service_are_refused(
    call: Call, tmp_path: Path, entry: dict[str, str], reason: str
) -> None:
    (tmp_path / "prompts.json").write_text(json.dumps([entry]), encoding="utf-8")
    ran = call("sketch", "prompts.json", cwd=tmp_path)
    assert ran.code == 2
    assert reason in ran.err


def test_a_failing_song_does_not_stop_the_others(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riffusion_tui.cli.sketch.sketch_file._WITHOUT_COVER", "tests.studio.tone:ToneEngine")
    monkeypatch.chdir(tmp_path)
    Path("prompts.txt").write_text("one\n\ncrash\n\nfault\n\nerror\n\ntwo", encoding="utf-8")
    ran = call("sketch", "prompts.txt", "--no-cover", "--jobs", "2", "--json")
    again = call("sketch", "prompts.txt", "--no-cover", "--jobs", "2")
    assert ran.code == again.code == 1
    statuses = {row["prompt"]: row["status"] for row in ran.rows}
    assert statuses == {"one": "done", "crash": "failed", "fault": "failed", "error": "failed", "two": "done"}
    assert "2 failed: The engine crashed. Its prompt: crash" in ran.err
    assert "This prompt asks for an error." in ran.err
    assert "0 made, 2 already present, 3 failed" in again.err


@pytest.mark.parametrize("format", ["wav", "midi"])
def test_a_full_disk_is_reported_with_the_destination(program: Program, tmp_path: Path, format: str) -> None:
    song = program.command("sketch", PROMPT, "--length", "5", "--format", format, "--out", str(tmp_path / "a" / "s"))
    small = f"ulimit -f 0; exec {shlex.join(song)}"  # no file can grow
    ran = subprocess.run(["sh", "-c", small], env=program.environ, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (2, f"The song can't be written to {tmp_path / 'a'}: File too large.\n")
    assert list((tmp_path / "a").iterdir()) == []


def test_a_full_disk_ends_the_run_and_keeps_finished_songs(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riffusion_tui.cli.sketch.sketch_file._WITHOUT_COVER", "tests.studio.tone:ToneEngine")
    monkeypatch.chdir(tmp_path)
    Path("prompts.txt").write_text("one\n\nnospace\n\ntwo", encoding="utf-8")
    ran = call("sketch", "prompts.txt", "--no-cover", "--jobs", "1")
    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert "run the same command again to continue" in ran.err
    assert len(list(tmp_path.glob("001 one *.mp3"))) == 1


def umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def test_lyrics_can_be_pronounced_by_an_external_program(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, STAND_IN, monkeypatch)
    call = calling(Program.at(tmp_path))
    lyrics = tmp_path / "lyrics.txt"
    lyrics.write_text("[Chorus]\nQuiero vivir la noche contigo")
    words = ("pop", "--length", "6", "--lyrics", str(lyrics), "--json")
    file = tmp_path / "prompts.jsonl"
    file.write_text(json.dumps({"prompt": "pop", "length": 6, "lyrics": lyrics.read_text()}))
    assert call("settings", "set", "studio.pronunciation", "espeak-ng").code == 0
    (row,) = call("sketch", *words, "--out", str(tmp_path / "one.flac")).rows
    (many,) = call("sketch", str(file), "--out", str(tmp_path), "--no-cover", "--json").rows
    assert row["pronunciation"] == many["pronunciation"] == "Spanish, espeak-ng 1.51-stand-in"
    assert call("settings", "set", "studio.pronunciation", "built-in").code == 0
    (other,) = call("sketch", str(file), "--out", str(tmp_path), "--no-cover", "--json").rows
    assert (other["status"], other["pronunciation"]) == ("done", "Spanish, by its spelling")


def test_lyrics_that_do_not_fit_are_reported(call: Call, tmp_path: Path) -> None:
    lyrics = tmp_path / "lyrics.txt"
    lyrics.write_text("the rain comes down on me tonight\nand every street is made of light\n")

    def sketch(prompt: str, seconds: str) -> tuple[int, int, str]:
        ran = call(
            "sketch", prompt, "--lyrics", str(lyrics), "--length", seconds, "--out", str(tmp_path / "s.lrc"), "--json"
        )
        (row,) = ran.rows
        return row["lines_sung"], row["lines_given"], ran.err

    assert sketch("pop song", "5") == (1, 2, "1 of 2 lines sung: 0:05 is too short. Use --length 10.\n")
    assert sketch("pop song", "20") == (2, 2, "")
    assert sketch("folk rock", "5") == (0, 2, "0 of 2 lines sung: 0:05 is too short. Use --length 10.\n")
    *counts, message = sketch("pop song without vocals", "20")
    assert counts == [0, 2]
    assert message == "0 of 2 lines sung: the prompt asks for an instrumental.\n"
    ran = call("sketch", "pop", "--lyrics", str(lyrics), "--instrumental", "--out", str(tmp_path / "s.lrc"))
    assert ran.err == "0 of 2 lines sung: the song is instrumental. Leave out --instrumental.\n"

    file = tmp_path / "prompts.txt"
    file.write_text("pop song\n\npop song without vocals\n")
    given = ("--lyrics", str(lyrics), "--length", "5", "--out", str(tmp_path), "--jobs", "1", "--no-cover", "--json")
    ran = call("sketch", str(file), *given)
    sung = {row["number"]: (row["lines_sung"], row["lines_given"]) for row in ran.rows}
    assert sung == {1: (1, 2), 2: (0, 2)}
    assert "1: 1 of 2 lines sung: 0:05 is too short. Use --length 10.\n" in ran.err
    assert "2: 0 of 2 lines sung: the prompt asks for an instrumental.\n" in ran.err
    ran = call("sketch", str(file), *given, "--instrumental")
    assert "1: 0 of 2 lines sung: the song is instrumental. Leave out 'instrumental'.\n" in ran.err


def test_lines_without_words_are_not_reported(call: Call, tmp_path: Path) -> None:
    lyrics = tmp_path / "lyrics.txt"
    lyrics.write_text("[Verse]\nHello world\n🎶\n---\n...\n", "utf-8")
    ran = call("sketch", "pop", "--lyrics", str(lyrics), "--out", str(tmp_path / "s.lrc"), "--json")
    assert [(row["lines_sung"], row["lines_given"], ran.err) for row in ran.rows] == [(1, 1, "")]


def test_each_limit_has_a_row(call: Call, tmp_path: Path) -> None:
    ran = call("sketch", "German pop duet, man and woman", "--out", str(tmp_path / "s.lrc"))
    assert [line for line in ran.out.splitlines() if line.startswith("limits ")] == [
        "limits       The studio writes lyrics in English only; give German lyrics to have them sung.",
        "limits       The studio has one singer or a choir; it can't sing duets.",
    ]


def test_what_the_engine_cannot_do_is_reported(call: Call, tmp_path: Path) -> None:
    limit = "The studio writes lyrics in English only; give French lyrics to have them sung."
    one = ("sketch", "a pop song in french", "--length", "8", "--out", str(tmp_path / "s.lrc"))
    assert f"limits       {limit}\n" in call(*one).out
    (row,) = call(*one, "--json").rows
    assert row["plan"]["limits"] == [limit]

    file = tmp_path / "prompts.txt"
    file.write_text("a pop song in french\n\npop song\n")
    given = ("--length", "8", "--out", str(tmp_path), "--jobs", "1", "--no-cover", "--json")
    ran = call("sketch", str(file), *given)
    assert {row["number"]: row["limits"] for row in ran.rows} == {1: [limit], 2: []}
    assert f"1: {limit}\n" in ran.err


@pytest.mark.parametrize("seconds", ["3", "601", "10:01"])
def test_a_length_that_the_studio_does_not_make_is_refused(call: Call, tmp_path: Path, seconds: str) -> None:
    refusal = "A song's length must be 5 to 600 seconds.\n"
    for command in (("submit", "pop"), ("sketch", "pop"), ("sketch", "pop", "--plan")):
        ran = call(*command, "--length", seconds, cwd=tmp_path)
        assert (ran.code, ran.out, ran.err) == (2, "", refusal)
    file = tmp_path / "prompts.jsonl"
    file.write_text(json.dumps({"prompt": "pop", "length": 601}))
    assert call("sketch", str(file), "--out", str(tmp_path)).err.endswith(refusal)
