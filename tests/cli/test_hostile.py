"""Under a hostile server, files, arguments and environment, no command prints terminal commands, and the token and the
cookie are only where the user put them.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.hostile import COOKIE, NASTY, TOKEN, Hostile
from tests.cli.kit import Calling, Program, Ran, in_process

FAULTS = ("401", "429", "500", "596", "cut", "html", "away")
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ARGUMENT = NASTY.replace("\x00", "")


def harmless(ran: Ran) -> Ran:
    """Check what a command printed."""
    assert OBEYED.findall(ran.out + ran.err) == []
    assert "Traceback" not in ran.err
    assert TOKEN not in ran.out + ran.err
    assert COOKIE not in ran.out + ran.err
    return ran


def secrets_in(folder: Path) -> list[Path]:
    """Return the files that hold the token or the cookie."""
    held = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [path for path, data in held.items() if TOKEN.encode() in data or COOKIE.encode() in data]


def command_lines() -> str:
    """Return every command line on this machine."""
    if not Path("/proc/self/cmdline").exists():
        return subprocess.run(["ps", "-axo", "args"], capture_output=True, text=True, check=True).stdout
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(file.read_text("utf-8", "replace"))
        except OSError:  # it has ended meanwhile
            continue
    return "\n".join(found)


def test_hostile_responses_are_printed_clean_and_leak_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Hostile() as hostile:
        program = Program.at(tmp_path, **hostile.environ)
        ran = harmless(program("submit", "song a", "fails a", "422 a", "400 a", f"song {ARGUMENT}", "--wait"))
        assert ran.code == 1
        assert "[bold]x[/][@click=app.exit]y[/]" in ran.out, "the text is shown without control characters"
        with in_process(program, monkeypatch, capsys) as call:
            assert harmless(call("accounts", "mend", "acc-a", stdin=COOKIE)).code == 1
            for words in (
                ["jobs"],
                ["jobs", "--json"],
                ["receipt"],
                ["accounts"],
                ["doctor", "--service"],
                ["lyrics", "a"],
            ):
                harmless(call(*words))
        talk = f"song b\n422 {NASTY}\n:jobs {NASTY}\n:{NASTY}\n:play 1\n:state\n".encode("utf-8", "surrogateescape")
        harmless(program("--plain", stdin=talk.decode("utf-8", "surrogateescape")))
        (name, *_) = [path.name for path in (tmp_path / "songs").iterdir()]
        assert "[" not in name
        assert secrets_in(tmp_path) == []


def test_failures_leak_no_token_to_disk_or_arguments(tmp_path: Path) -> None:
    with Hostile() as hostile, ExitStack() as running:
        started = {}
        url = hostile.environ["RIFFUSION_TUI_URL"]
        assert Program.at(tmp_path / FAULTS[0], RIFFUSION_TUI_URL=url)("token", "set", stdin=f"{TOKEN}\n").code == 0
        for fault in FAULTS:
            program = Program.at(tmp_path / fault, RIFFUSION_TUI_URL=url)
            if fault != FAULTS[0]:
                shutil.copytree(tmp_path / FAULTS[0] / "config", tmp_path / fault / "config")
            command = program.command("submit", f"{fault} a", "--wait", "--json")
            started[fault] = running.enter_context(
                subprocess.Popen(command, env=program.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            )
        while hostile.prompts < {f"{fault} a" for fault in FAULTS}:
            assert any(process.poll() is None for process in started.values()), hostile.prompts
            assert TOKEN not in command_lines()
            time.sleep(0.1)
        for process in started.values():
            process.terminate()  # it waits for a response in flight
        for fault, process in started.items():
            output = process.communicate()[0].decode()
            assert process.returncode in (1, 3, 128 + signal.SIGTERM, -signal.SIGTERM), (fault, output)
            harmless(Ran(process.returncode, output, ""))
        assert hostile.elsewhere == [], "no paid request follows a redirect"
    assert sorted(secrets_in(tmp_path)) == sorted(tmp_path / fault / "config" / "tokens.toml" for fault in FAULTS)


@pytest.mark.parametrize(
    "words",
    [
        [ARGUMENT],
        ["batch", f"/nowhere/{ARGUMENT}"],
        ["cat", "1", "--format", ARGUMENT],
        ["jobs", f"status:{ARGUMENT}"],
        ["settings", "set", ARGUMENT, "1"],
        ["settings", "set", "batch.takes", ARGUMENT],
        ["work", "--timeout", ARGUMENT],
    ],
)
def test_hostile_arguments_and_variables_are_printed_clean(words: list[str], tmp_path: Path, calling: Calling) -> None:
    program = Program.at(tmp_path, EDITOR=ARGUMENT, RIFFUSION_TUI_URL=f"http://{ARGUMENT}", LANG=ARGUMENT)
    assert harmless(calling(program)(*words)).code == 2
    if words == [ARGUMENT]:  # also as a process, which reads LANG when it starts
        assert harmless(program(*words)).code == 2


def test_hostile_files_are_printed_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program.at(tmp_path)
    (tmp_path / "config").mkdir()
    settings, library = tmp_path / "config" / "settings.toml", tmp_path / "config" / "library.toml"
    settings.write_text(f"[start]\nqueue = '\u202e\x90'\n'{NASTY[12:30]}' = 1\n# {NASTY}\n", "utf-8")
    library.write_text(f"{NASTY} = 1\n", "utf-8")
    with in_process(program, monkeypatch, capsys) as call:
        assert harmless(call("submit", "x")).code == 2
        assert harmless(call("settings", "check")).code == 2
        harmless(call("doctor"))
        settings.unlink()
        batch = tmp_path / f"prompts{ARGUMENT.replace('/', '')}.jsonl"
        batch.write_text('{"prompt": "a", "nope\\u001b\\u009b\\u202e": "b"}\n', "utf-8")
        assert harmless(call("batch", str(batch))).code == 2
        batch.write_text(f"prompt\n{NASTY}\n", "utf-8")
        harmless(call("batch", str(batch), "--dry-run"))
