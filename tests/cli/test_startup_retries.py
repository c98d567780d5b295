"""`work`, `--wait` and `work --detach` retry at start as they do later."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from riffusion_tui.cli.errors import NEEDS_ATTENTION, NOT_IN_TIME
from riffusion_tui.file_lock import is_stopped
from tests.cli.kit import Call, Calling, Program, Ran
from tests.dispatch.fake_api import TOKEN, FakeApi, FakeApiServer


class Down(FakeApi):
    """Answers its first `bad` requests with `answer`."""

    bad = 2
    answer: tuple[int, Any] = (503, {"error": "Down for repairs"})

    def get(self, path: str, query: dict[str, list[str]], base: str) -> tuple[int, Any]:
        self.bad -= 1
        return self.answer if self.bad >= 0 else super().get(path, query, base)


def program_for(home: Path, url: str) -> Program:
    return Program.at(home, RIFFUSION_TUI_URL=url, RIFFUSION_TUI_TOKEN=TOKEN)


def test_a_service_that_is_down_at_the_start_is_retried(calling: Calling, tmp_path: Path) -> None:
    with FakeApiServer(Down(seconds=0.1)) as server:
        ran = calling(program_for(tmp_path, server.url))("submit", "one", "--wait", "--timeout", "60")
    assert ran.code == 0, ran.err
    assert "Down for repairs" in ran.err
    assert "Waiting for the service" in ran.err


def test_an_error_of_the_service_is_not_called_a_lost_connection(calling: Calling, tmp_path: Path) -> None:
    state = Down()
    state.bad, state.answer = 1000, (500, {"error": "out of paper"})
    with FakeApiServer(state) as server:
        ran = calling(program_for(tmp_path, server.url))("submit", "one", "--wait", "--timeout", "3")
    (line, *_) = [one for one in ran.err.splitlines() if "0 of 1 ended" in one and "out of paper" in one]
    assert "service is unavailable: The service answered with an error (500): out of paper" in line
    assert "next at" in line
    assert "no connection" not in ran.err.casefold()


@pytest.mark.parametrize("command", [("submit", "one", "--wait"), ("work",)])
def test_an_invalid_token_needs_attention_and_is_not_called_a_lost_connection(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    program = Program.at(tmp_path, RIFFUSION_TUI_URL="http://127.0.0.1:1", RIFFUSION_TUI_TOKEN="canary token")
    program("submit", "zero")
    ran = program(*command, timeout=30)
    assert ran.code == NEEDS_ATTENTION
    assert ran.err.startswith("The token in RIFFUSION_TUI_TOKEN contains a space")
    assert "Traceback" not in ran.err
    assert "connection" not in ran.err
    assert "canary" not in ran.err


class Broken(FakeApi):
    """Its songs are empty files."""

    def file(self, path: str) -> tuple[int, bytes, str]:
        return 200, b"", "audio/wav"


@pytest.mark.parametrize(("songs", "more"), [(1, False), (7, True)])
def test_a_deadline_says_why_the_songs_are_not_finished(
    calling: Calling, tmp_path: Path, songs: int, *, more: bool
) -> None:
    with FakeApiServer(Broken(slots={"acc-a": 9}, seconds=0.1)) as server:
        call = calling(program_for(tmp_path, server.url))
        ran = call("submit", *["one"] * songs, "--wait", "--timeout", "6")
        assert ran.code == NOT_IN_TIME
        assert "1  fetching  The service sent an empty file instead of the song.\n" in ran.err
        assert ("more; see `riffusion-tui jobs`." in ran.err) == more
        assert "1  fetching  The service sent an empty" in call("work", "--timeout", "1").err


class Silent(FakeApi):
    """Answers no question before the test ends."""

    def get(self, path: str, query: dict[str, list[str]], base: str) -> tuple[int, Any]:
        self.answering.wait(30)
        return super().get(path, query, base)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.answering = threading.Event()


def test_a_deadline_says_that_the_service_has_not_answered(calling: Calling, tmp_path: Path) -> None:
    api = Silent()
    with FakeApiServer(api) as server:
        ran = calling(program_for(tmp_path, server.url))("submit", "one", "--wait", "--timeout", "1")
        api.answering.set()
    assert ran.code == NOT_IN_TIME
    assert "Not finished in time: 1 of 1. The service hasn't answered. Nothing is lost" in ran.err


class Misplaced(FakeApi):
    """Lists accounts like a service, and answers each prompt with 405."""

    def create(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return 405, {"error": "Method Not Allowed"}


def test_the_reason_for_waiting_is_printed(calling: Calling, tmp_path: Path) -> None:
    with FakeApiServer(Misplaced(seconds=0.1)) as server:
        ran = calling(program_for(tmp_path, server.url))("submit", "one", "--wait", "--timeout", "4")
    (line,) = [one for one in ran.err.splitlines() if "0 of 1 ended; queue: " in one and "unusable response" in one]
    assert "next at" in line


def test_a_detached_process_outlives_a_service_that_is_down(calling: Calling, tmp_path: Path) -> None:
    program = program_for(tmp_path, "http://127.0.0.1:9")
    call = calling(program)
    call("submit", "one")
    ran = program("work", "--detach")
    assert ran.code == 0, ran.err
    pid = ran.err.split()[1]
    time.sleep(2.5)
    assert f"Process {pid} sends the jobs" in call("work", "--status").out
    assert call("work", "--stop").code == 0


def stop_between_writes(pid: int, call: Call) -> Ran:
    """Stop a process while it doesn't hold the store's lock; return the result of queueing a prompt then."""
    while True:
        os.kill(pid, signal.SIGSTOP)
        while not is_stopped(pid):  # the signal arrives a moment later
            time.sleep(0.001)
        ran = call("submit", "one more")
        if ran.code == 0:
            return ran
        assert "locked by another process" in ran.err
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.05)


def test_a_process_that_is_stopped_is_named_and_continues_without_sending_twice(
    calling: Calling, tmp_path: Path
) -> None:
    api = FakeApi(seconds=0.3, held_from=0)
    with FakeApiServer(api) as server:
        program = program_for(tmp_path, server.url)
        call = calling(program)
        call("submit", *(f"prompt {n}" for n in range(6)))
        pid = int(program("work", "--detach").err.split()[1])
        stopped = f"Process {pid} sends the jobs of riffusion, but it is stopped (^Z?). `kill -CONT {pid}` continues it"
        try:
            assert stopped in stop_between_writes(pid, call).err
            assert stopped in call("work", "--status").out
            assert stopped in call("doctor").out
            with subprocess.Popen(program.command("work"), env=program.environ) as other:
                time.sleep(1)
                os.kill(pid, signal.SIGCONT)
                api.let_go()
                assert other.wait(60) == 0
        finally:
            with contextlib.suppress(ProcessLookupError):  # it has already ended if the test passed
                os.kill(pid, signal.SIGCONT)
            call("work", "--stop")
        assert set(api.per_prompt().values()) == {1}


def test_the_outcome_of_a_detached_process_is_reported(calling: Calling, tmp_path: Path) -> None:
    state = Down()
    state.bad, state.answer = 1000, (401, {"error": "Unauthorized"})
    with FakeApiServer(state) as server:
        program = program_for(tmp_path, server.url)
        calling(program)("submit", "one")
        ran = program("work", "--detach")
    assert ran.code == NEEDS_ATTENTION
    assert "has ended (exit code 3)" in ran.err
    assert "Unauthorized" in ran.err
    assert "`riffusion-tui token set --service riffusion`" in ran.err


class Hanging(FakeApi):
    """Neither accepts nor refuses a prompt: it doesn't respond before the test ends."""

    def create(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.answering.wait(30)
        return super().create(body)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.answering = threading.Event()


@pytest.mark.parametrize("command", [["submit", "one", "--wait"], ["work"]], ids=["submit", "work"])
def test_a_deadline_holds_while_a_response_is_outstanding(tmp_path: Path, command: list[str]) -> None:
    api = Hanging()
    with FakeApiServer(api) as server:
        program = program_for(tmp_path, server.url)
        if command == ["work"]:
            program("submit", "one")
        began = time.monotonic()
        ran = program(*command, "--timeout", "2")
        took = time.monotonic() - began
        api.answering.set()
    assert ran.code == NOT_IN_TIME
    assert "1 may have been sent; `riffusion-tui work` asks the service before it sends it again." in ran.err
    assert program("jobs", "--json").rows[0]["status"] == "maybe_sent"
    assert took < 2 + 5, "a start takes up to 3 seconds on a busy machine"


class Refusing(FakeApi):
    """Answers each prompt with `answer`."""

    answer: tuple[int, dict[str, Any]] = (500, {})

    def create(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return self.answer


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ((401, {"error": "Unauthorized"}), 3, "token rejected: `riffusion-tui token set{named}` sets a new one"),
        ((402, {"error": "Too poor"}), 3, "then `riffusion-tui accounts{named}` refreshes it"),
        ((596, {"error": "pending"}), 3, "`riffusion-tui accounts repair acc-a{named}` sets a new one"),
        ((429, {"detail": "Too Many Requests"}), 4, "0 of 1 ended; queue: 1 waiting; next at"),
        ((418, {"x": 1}), 4, "0 of 1 ended; queue: 1 waiting; next at"),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else "",
)
def test_what_an_error_advises_is_for_the_service_of_the_command(
    calling: Calling, tmp_path: Path, answer: tuple[int, dict[str, Any]], code: int, words: str
) -> None:
    state = Refusing(slots={"acc-a": 1})
    state.answer = answer
    with FakeApiServer(state) as server:
        call = calling(Program.at(tmp_path, RIFFUSION_TUI_TOKEN=TOKEN))
        named = f" --service riffusion --url {server.url}"
        ran = call("submit", "one", "--timeout", "9", *named.split())
        assert ran.code == code, ran.err
        assert words.format(named=named) in ran.err
        environ = {"RIFFUSION_TUI_URL": server.url, "RIFFUSION_TUI_TOKEN": TOKEN}
        ran = calling(Program.at(tmp_path, **environ))("work", "--timeout", "9")
        assert ran.code == code, ran.err
        assert words.format(named="") in ran.err


def test_how_to_retry_failed_jobs_is_said_once(calling: Calling, tmp_path: Path) -> None:
    state = Refusing()
    state.answer = (400, {"error": "No"})
    with FakeApiServer(state) as server:
        call = calling(Program.at(tmp_path, RIFFUSION_TUI_URL=server.url, RIFFUSION_TUI_TOKEN=TOKEN))
        ran = call("submit", "one", "two", "--wait")
        assert (ran.code, sorted(ran.out.splitlines())) == (1, ["1  failed  No", "2  failed  No"])
        assert ran.err.endswith("\n`riffusion-tui retry 1 2` tries again.\n")
        assert call("retry", "1", "2").code == 0


def test_lyrics_that_a_server_cannot_write_are_not_called_deleted(calling: Calling, tmp_path: Path) -> None:
    state = Refusing()
    state.answer = (404, {"detail": "Not Found"})
    with FakeApiServer(state) as server:
        ran = calling(program_for(tmp_path, server.url))("lyrics", "a train")
    assert ran.code == 1
    assert ran.err.startswith("Not found at the service.\nThis server may not write lyrics;")
    assert "--service studio" in ran.err
