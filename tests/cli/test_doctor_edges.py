"""`doctor` with another user's folders, an empty or truncated database, and escapes in names."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import threading
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from riffusion_tui.cli import main
from riffusion_tui.cli.wiring.studio_copy import copy_of_studio
from riffusion_tui.store import connection
from riffusion_tui.store.errors import ReadOnly
from tests.cli.kit import Call, Calling, Program
from tests.espeak_stand_in import STAND_IN, install
from tests.pty.terminal import PtyTerminal


def test_an_empty_database_file_is_reported(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "data" / "jobs.sqlite3"
    for command, code in (("jobs", 0), ("doctor", 0)):
        file.parent.mkdir(exist_ok=True, mode=0o700)
        file.write_bytes(b"")
        ran = call(command)
        assert ran.code == code
        assert "0 bytes" in ran.err + ran.out
    assert "0 bytes" not in call("jobs").err


def test_a_file_in_the_place_of_the_songs_folder_is_reported(call: Call, tmp_path: Path) -> None:
    (tmp_path / "songs").touch()
    assert f"BAD   songs       {tmp_path / 'songs'} is not a folder; move it away\n" in call("doctor").out


def test_little_space_is_shown_in_megabytes(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(Path.cwd())
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=7 * 2**20))
    assert "songs, 7 MB free: free some disk space" in call("doctor").out


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="elsewhere the encoding of the locale C is UTF-8")
def test_a_locale_without_utf_8_is_reported_as_the_screen_takes_it(tmp_path: Path) -> None:
    ran = Program.at(tmp_path, LC_ALL="C")("doctor")
    assert "symbols are drawn in ASCII; set LANG to a locale ending in .UTF-8" in ran.out


def no_room() -> None:
    """Keep the process from writing to any file, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def test_a_first_start_on_a_full_disk_blames_the_disk_and_not_the_port(tmp_path: Path) -> None:
    program = Program.at(tmp_path)
    ran = subprocess.run(
        program.command("studio"), env=program.environ, preexec_fn=no_room, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert f"can't use its folder {tmp_path / 'data' / 'studio'}: File too large" in ran.stderr
    assert "listen" not in ran.stderr


def test_a_first_start_on_a_full_disk_does_not_mention_lost_jobs(tmp_path: Path) -> None:
    program = Program.at(tmp_path)
    for _ in range(2):
        ran = subprocess.run(
            program.command("submit", "lofi"),
            env=program.environ,
            preexec_fn=no_room,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 1
        assert "Free some disk space, or raise the limit for the size of files (`ulimit -f`)" in ran.stderr
        assert "`riffusion-tui cat JOB` still work." in ran.stderr
        assert "0 bytes" not in ran.stderr


def test_the_queue_is_shown_on_a_full_disk(call: Call, tmp_path: Path) -> None:
    assert call("submit", "lofi").code == 0
    program = Program.at(tmp_path)
    for command in ("jobs", "receipt", "work --status", "cat 1"):
        ran = subprocess.run(
            program.command(*command.split()),
            env=program.environ,
            preexec_fn=no_room,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "disk" not in ran.stderr, command
        assert "lofi" in ran.stdout or "1 waiting" in ran.stdout or "Job 1 is queued" in ran.stderr, command


def test_the_screen_opens_on_a_full_disk_to_read(call: Call, tmp_path: Path) -> None:
    assert call("submit", "lofi").code == 0
    program, full = Program.at(tmp_path), ("sh", "-c", 'ulimit -f 0; exec "$@"', "sh")
    ran = subprocess.run(
        [*full, *program.command("--plain")],
        env=program.environ,
        input=":jobs\nsnow\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr.startswith("Read-only: ")
    assert "1  queued" in ran.stdout
    assert "Free some disk space" in ran.stdout, "the new prompt isn't queued"
    with PtyTerminal(tmp_path, environ=program.environ, program=(*full, *program.command())) as terminal:
        terminal.until("Read-only: the queue's disk is full.")
        terminal.until("lofi")
        terminal.send("\x11")
        assert terminal.wait() == 0


def test_other_formats_are_offered_with_a_read_only_folder(call_served: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call_served("submit", "lofi", "--wait").code == 0

    def fail(path: Path, *_: object) -> None:
        raise ReadOnly(f"{path}: Read-only file system.")

    monkeypatch.setattr(connection, "create_file", fail)
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    ran = call_served("cat", "1", "--format", "midii")
    assert "offers" in ran.err, ran.err
    assert "`riffusion-tui cat JOB` still work." in call_served("hold", "1").err


def test_the_studio_converts_songs_on_a_read_only_disk(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("submit", "lofi, 5 seconds", "--wait").code == 0
    studio = tmp_path / "data" / "studio"
    with closing(sqlite3.connect(studio / "studio.db")) as database, database:
        columns = "user_id, state, request, base, created_at, reply_url"
        values = "user_id, 'queued', request, base, created_at, 'http://127.0.0.1/'"
        database.execute(f"INSERT INTO job (id, {columns}) SELECT 'unfinished', {values} FROM job")
    with copy_of_studio(studio) as copy, closing(sqlite3.connect(copy / "studio.db")) as database:
        assert database.execute("SELECT state, told FROM job").fetchall() == [("completed", 1)], "it makes no song"
        assert [len(list(song.iterdir())) for song in (copy / "songs").iterdir()] == [2]
    assert not copy.exists()
    before = sorted(studio.rglob("*"))

    def fail(path: Path, *_: object) -> None:
        raise ReadOnly(f"{path}: Read-only file system.")

    monkeypatch.setattr(connection, "create_file", fail)
    ran = call("cat", "1", "--format", "chordpro")
    assert ran.out.startswith("{title: "), ran.err
    assert sorted(studio.rglob("*")) == before


def test_a_studio_that_never_ran_has_no_songs_to_copy(tmp_path: Path) -> None:
    with copy_of_studio(tmp_path / "studio") as copy:
        assert not list((copy / "songs").iterdir())


@pytest.mark.parametrize("url", ["ftp://x", "https://xn--/", "http://[::1"])
def test_an_unusable_address_needs_no_token(calling: Calling, tmp_path: Path, url: str) -> None:
    ran = calling(Program.at(tmp_path))("doctor", "--url", url)
    assert (ran.code, "token set" in ran.out) == (2, False), ran.out
    assert "token       not checked, since the address can't be used" in ran.out
    ran = calling(Program.at(tmp_path))("doctor", "--service", "acestep", "--url", url)
    assert "is not a valid address" in ran.out
    assert "Internal error" not in ran.err


@pytest.mark.parametrize(
    "response", [b"302 X\r\nLocation: http://a b/", b"302 X\r\nLocation: http://xn--/", b"rubbish"]
)
def test_an_invalid_response_to_the_check_of_the_clock_is_no_internal_error(
    calling: Calling, tmp_path: Path, response: bytes
) -> None:
    def serve(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                with closing(server.accept()[0]) as connection:
                    request = connection.recv(65536)
                    body = b'{"executing": [], "available": []}' if b"/available" in request else b"{}"
                    head = response if request.startswith(b"HEAD") else b"200 X\r\nContent-Length: %d" % len(body)
                    protocol = b"" if head == b"rubbish" else b"HTTP/1.1 "
                    connection.sendall(protocol + head + b"\r\nConnection: close\r\n\r\n" + body)

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        threading.Thread(target=serve, args=[server], daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        program = calling(Program.at(tmp_path, RIFFUSION_TUI_TOKEN="user:1-a-token"))
        ran = program("doctor", "--service", "riffusion", "--url", url)
        server.shutdown(socket.SHUT_RDWR)
    assert "Internal error" not in ran.err
    assert "riffusion answers" in ran.out
    assert " clock " not in ran.out


def test_rescue_names_jobs_that_it_repairs_or_loses(call: Call, tmp_path: Path) -> None:
    assert call("submit", "one", "two", "three").code == 0
    with closing(sqlite3.connect(tmp_path / "data" / "jobs.sqlite3")) as database, database:
        database.execute("UPDATE jobs SET options = '{{{' WHERE id = 1")
        database.execute("UPDATE jobs SET prompt = x'ff' WHERE id = 3")
    ran = call("doctor", "--rescue")
    assert "Recovered 2 jobs." in ran.out
    assert "Not recovered, since they can't be read: jobs 3." in ran.out
    assert "are the defaults now: 1.\n" in ran.out
    assert "one" in call("jobs").out


def test_pages_of_zeros_are_reported_as_damage_and_can_be_rescued(call: Call, tmp_path: Path) -> None:
    assert call("batch", "--kind", "lines", "-", stdin="\n".join(f"song {n} {'x' * 80}" for n in range(200))).code == 0
    file = tmp_path / "data" / "jobs.sqlite3"
    whole = file.read_bytes()
    page = whole.index(b"song 100 ") // 4096 * 4096
    damaged = {"in the middle": whole[:page] + bytes(4096) + whole[page + 4096 :], "at the end": whole[:-4096]}
    overflow = {
        f"{place:.0%}": whole[: int(len(whole) * place)].ljust(len(whole), b"\0") for place in (0.93, 0.95, 0.97)
    }
    for where, content in {**damaged, **overflow}.items():
        file.write_bytes(content)
        ran = call("doctor")
        assert (ran.code, "the database is damaged" in ran.out) == (1, True), where
        ran = call("doctor", "--rescue")
        assert ran.code == 0, where
        assert "Recovered" in ran.out, where
        assert call("jobs").code == 0
        for beside in file.parent.glob("jobs.sqlite3*"):
            beside.unlink()


def test_a_data_folder_without_locks_is_reported_before_the_first_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setenv("RIFFUSION_TUI_HOME", str(tmp_path))
    monkeypatch.setattr("fcntl.lockf", no_locks)
    assert main(["doctor"]) == 1
    output = capsys.readouterr().out
    assert "BAD   data" in output
    assert "doesn't support locks" in output
    assert "local disk" in output


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change a folder's owner")
def test_a_data_folder_owned_by_root_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RIFFUSION_TUI_HOME", str(tmp_path / "first"))
    assert main(["doctor"]) == 0  # load modules that the other user can't read here
    import_module("pretty_midi")  # if it is known, its soundfont is looked for in a folder of root
    with TemporaryDirectory() as name:  # other users can't enter pytest's folder
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "data" / "songs").mkdir(parents=True, mode=0o700)
        (folder / "data").chmod(0o700)
        monkeypatch.setenv("RIFFUSION_TUI_HOME", name)
        monkeypatch.setenv("HOME", name)
        os.setresuid(65_534, 65_534, 0)
        try:
            code = main(["doctor"])
        finally:
            os.setresuid(0, 0, 0)
    output = capsys.readouterr()
    assert code == 1
    assert "Internal error" not in output.err
    assert "can't write to" in output.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("doctor",),
        ("submit", "drums only, 5 seconds", "--wait", "--out", "so\x1b[31mngs"),
        ("sketch", "drums only, 5 seconds", "--out", "so\x1b[31mng.mp3"),
    ],
)
def test_escapes_in_paths_never_reach_the_terminal(
    calling: Calling, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    home = tmp_path / "ho\x1b[31mme"
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("RIFFUSION_", "XDG_"))}
    ran = calling(Program({**environ, "HOME": str(home)}))(*arguments, cwd=tmp_path)
    assert ran.code == 0
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize("variable", ["HOME", "RIFFUSION_TUI_HOME"])
def test_songs_are_made_in_a_home_that_is_not_utf_8(calling: Calling, tmp_path: Path, variable: str) -> None:
    home = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("RIFFUSION_", "XDG_"))}
    program = Program({**environ, variable: home})
    ran = program("submit", "drums only, 5 seconds", "--wait")
    assert ran.code == 0, ran.err
    (job,) = calling(program)("jobs", "--json").rows
    assert Path(job["file"]).is_relative_to(home)
    assert Path(job["file"]).stat().st_size > 1000


@pytest.mark.parametrize(
    "wrong",
    [
        {"RIFFUSION_TUI_URL": "http://127.0.0.1:99999"},
        {"RIFFUSION_TUI_URL": "https://music.example", "SSL_CERT_FILE": "/nowhere"},
        {"RIFFUSION_TUI_URL": "https://music.example", "HTTPS_PROXY": " http://127.0.0.1:9"},
    ],
)
def test_accounts_reports_connection_problems(calling: Calling, tmp_path: Path, wrong: dict[str, str]) -> None:
    ran = calling(Program.at(tmp_path, RIFFUSION_TUI_TOKEN="user:1-a-token", **wrong))("accounts")
    assert ran.code == 2, ran.err
    assert "has no account" not in ran.err


@pytest.mark.parametrize(
    ("command", "state", "shows"), [("sh -c true", "ok ", "sh"), ("/nowhere/x 1", "BAD", "not found")]
)
def test_doctor_checks_the_notify_command_if_it_is_set(call: Call, command: str, state: str, shows: str) -> None:
    assert " notify " not in call("doctor").out
    call("settings", "set", "notify.command", command)
    (line,) = (line for line in call("doctor").out.splitlines() if " notify " in line)
    assert line.startswith(state)
    assert shows in line


def test_doctor_checks_the_pronunciation_program_if_it_is_set(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, STAND_IN, monkeypatch)
    call = calling(Program.at(tmp_path))
    assert "pronunciation" not in call("doctor").out
    assert call("settings", "set", "studio.pronunciation", "espeak-ng").code == 0
    assert "espeak-ng 1.51-stand-in" in call("doctor").out
    install(tmp_path, "#!/bin/sh\nexit 1", monkeypatch)
    expected = "espeak-ng (studio.pronunciation) failed with exit code 1; using the built-in pronunciation"
    assert expected in call("doctor").out


def test_a_service_that_breaks_the_connection_is_reported_with_advice_for_a_check(
    calling: Calling, tmp_path: Path
) -> None:
    def close_each() -> None:
        with suppress(OSError):
            while True:
                server.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        closing = threading.Thread(target=close_each)
        closing.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        ran = calling(Program.at(tmp_path, RIFFUSION_TUI_TOKEN="user:1-x"))(
            "doctor", "--service", "riffusion", "--url", url
        )
        server.shutdown(socket.SHUT_RDWR)
        closing.join()
    assert ran.code == 1
    assert "the connection broke. Check that the service runs, and its address" in ran.out
    assert "Nothing to do" not in ran.out
