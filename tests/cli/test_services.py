"""Two services share one folder: each has its own process, and neither sends the other's jobs."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.wiring.background import Background
from riffusion_tui.cli.wiring.service_setup import is_set_up
from riffusion_tui.cli.wiring.session import lock_file, open_session, open_store
from riffusion_tui.file_lock import FileLock, holder
from riffusion_tui.jobs.model import Account
from riffusion_tui.registry import SERVICES
from tests.cli.kit import Call, Calling, Program, until
from tests.cli.server import serving
from tests.cli.test_flowmusic import flow as flow
from tests.cli.test_flowmusic import here as here
from tests.cli.test_flowmusic import url as url
from tests.flowmusic_server import TOKEN


@pytest.fixture
def program(tmp_path: Path, url: str) -> Program:
    return Program.at(tmp_path, RIFFUSION_TUI_URL=url, RIFFUSION_TUI_TOKEN=TOKEN)


@pytest.fixture
def screen(program: Program, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Line mode for another service at that service's address; it dispatches, and announces songs."""
    settings = f"[notify]\ncommand = 'tee -a {tmp_path / 'notices'}'\n"
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text(settings, "utf-8")
    command = program.command("--plain", "--service", "riffusion")
    lock = tmp_path / "data" / "dispatcher-riffusion.lock"
    pipe = subprocess.PIPE
    with (
        serving(tmp_path / "studio") as server,
        subprocess.Popen(
            command, env={**program.environ, **server.environ()}, stdin=pipe, stdout=pipe, stderr=pipe
        ) as process,
    ):
        try:
            until(lambda: holder(lock) == process.pid)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def test_a_command_for_one_service_does_not_wait_for_the_screen_of_another(
    program: Program, screen: subprocess.Popen[bytes], here: Call, tmp_path: Path
) -> None:
    ran = program("submit", "a road home", "--service", "flowmusic", "--wait", "--timeout", "60", "--json")
    assert ran.code == 0, ran.err
    assert [(row["status"], row["service"]) for row in ran.rows] == [("done", "flowmusic")] * 2
    assert all(Path(row["file"]).is_file() for row in ran.rows), "it waited for both songs of the pair"
    ran = here("work", "--status")
    assert ran.out.splitlines() == [
        f"Process {screen.pid} sends the jobs of riffusion: 0 making, 0 fetching, 0 waiting."
    ]
    ran = here("work", "--status", "--service", "flowmusic")
    assert ran.out.startswith("No process is sending jobs to flowmusic: 0 making")
    ran = here("submit", "later", "--service", "flowmusic")
    assert "run `riffusion-tui work --service flowmusic` or open the screen of flowmusic." in ran.err
    ran = here("doctor", "--rescue", "--service", "flowmusic")
    assert (ran.code, f"stop process {screen.pid} (for riffusion) first" in ran.err) == (2, True)
    screen.send_signal(signal.SIGTERM)
    screen.communicate(timeout=30)
    assert len((tmp_path / "notices").read_text("utf-8").splitlines()) == 2, "one process notifies of each song"


def test_queued_jobs_of_several_services_are_cancelled_at_once(here: Call) -> None:
    here("submit", "one", "--service", "flowmusic")
    here("submit", "two", "--service", "riffusion")
    ran = here("cancel", "1", "2", "9")
    assert sorted(line.split()[:2] for line in ran.out.splitlines()) == [["1", "cancelled"], ["2", "cancelled"]]
    assert (ran.code, "No job 9" in ran.err) == (1, True)
    ran = here("again", "1")
    assert ran.code == 0
    assert here("jobs", "--json").rows[0]["service"] == "flowmusic", "the same service repeats it"


def test_a_pause_applies_to_one_service(here: Call) -> None:
    here("submit", "one", "--service", "flowmusic")
    assert "queue of flowmusic is paused" in here("pause", "--service", "flowmusic").err
    assert "1 waiting, the queue is paused" in here("work", "--status", "--service", "flowmusic").out
    assert "paused" not in here("work", "--status", "--service", "riffusion").out
    here("resume", "--service", "flowmusic")
    assert "paused" not in here("work", "--status", "--service", "flowmusic").out


@pytest.mark.parametrize("words", [("remove", "nobody"), ("max-jobs", "nobody", "2"), ("rename", "nobody", "x")])
def test_an_unknown_account_is_named_with_those_that_there_are(call: Call, words: tuple[str, ...]) -> None:
    (row,) = call("accounts", "--json").rows
    ran = call("accounts", *words)
    assert (ran.code, ran.err) == (2, f"Unknown account 'nobody'; accounts: {row['name']}.\n")


def test_a_new_account_is_named_when_a_prompt_is_for_an_unknown_one(call: Call) -> None:
    ran = call("submit", "lofi", "--account", "nobody")
    (row,) = call("accounts", "--json").rows
    assert (ran.code, ran.err) == (2, f"Unknown account 'nobody'; accounts: {row['name']}.\n")


@pytest.mark.parametrize("what", ["add", "repair"])
def test_an_unknown_account_is_not_repaired(call: Call, what: str) -> None:
    (row,) = call("accounts", "--json").rows
    ran = call("accounts", what, "nobody", stdin="a cookie")
    advice = "`riffusion-tui accounts add` adds an account."
    assert (ran.code, ran.err) == (2, f"Unknown account 'nobody'; accounts: {row['name']}. {advice}\n")


def test_removing_an_account_says_so_and_leaves_the_studio_one(calling: Calling, tmp_path: Path) -> None:
    call = calling(Program.at(tmp_path, RIFFUSION_TUI_SERVICE="studio"))
    (row,) = call("accounts", "--json").rows
    ran = call("accounts", "remove", row["name"], "--yes")
    assert (ran.code, ran.err) == (2, "The studio needs this account; it has no other.\n")
    added = call("accounts", "add", stdin="a cookie").out.split()[0]
    ran = call("accounts", "remove", added)
    refusal = f"Removing account {added} needs confirmation: add --yes. Nothing was removed.\n"
    assert (ran.code, ran.err, len(call("accounts", "--json").rows)) == (2, refusal, 2)
    assert call("accounts", "remove", added, "--yes").err == f"Account {added} removed.\n"
    assert call("accounts", "--json").rows == [row]


@pytest.mark.parametrize("words", [("cat", "1", "--format", "midi"), ("edit", "1", "mute", "stem=Drums")])
def test_a_song_of_a_removed_studio_can_only_be_made_again(
    calling: Calling, tmp_path: Path, words: tuple[str, ...]
) -> None:
    call = calling(Program.at(tmp_path, RIFFUSION_TUI_SERVICE="studio"))
    assert call("submit", "lofi, 5 seconds", "--wait").code == 0
    shutil.rmtree(tmp_path / "data" / "studio")
    ran = call(*words)
    assert ran.code == 2
    assert ran.err.startswith("The studio no longer has the song of job 1, as its account, ")
    assert ran.err.endswith(" was removed. Make the song again (`again`).\n")
    assert [row["id"] for row in call("jobs", "--json").rows] == [1]


def test_removing_an_account_that_a_setting_brings_back_says_so(calling: Calling, tmp_path: Path) -> None:
    call = calling(Program.at(tmp_path, RIFFUSION_TUI_SERVICE="studio"))
    call("settings", "set", "studio.accounts", "2")
    first = call("accounts", "--json").rows[0]["name"]
    keep = "riffusion-tui settings set studio.accounts 1"
    assert call("accounts", "remove", first, "--yes").err == (
        f"Account {first} removed. studio.accounts is 2, so the studio adds a new one when it next starts. "
        f"To keep 1: `{keep}`\n"
    )
    assert len(call("accounts", "--json").rows) == 2
    call(*keep.split()[1:])
    second = call("accounts", "--json").rows[0]["name"]
    assert call("accounts", "remove", second, "--yes").err == f"Account {second} removed.\n"
    assert len(call("accounts", "--json").rows) == 1


@pytest.mark.parametrize(("service", "most"), [("studio", 10), ("riffusion", 10), ("flowmusic", 16)])
@pytest.mark.parametrize("words", [("max-jobs", "lemon"), ("repair", "--max-jobs")])
@pytest.mark.parametrize("number", ["", "0", "-1", "99", "six", "9" * 5000])
def test_the_slots_of_an_account_have_the_services_limit(
    here: Call, service: str, most: int, words: tuple[str, ...], number: str
) -> None:
    ran = here("accounts", *words, number, "--service", service)
    says = f"With {service}, N must be a whole number from 1 to {most}, not {number[:60]}"
    assert (ran.code, ran.err[: len(says)]) == (2, says)


@pytest.mark.parametrize(("answer", "left"), [("y", 1), ("n", 2)])
def test_removing_an_account_asks_at_a_terminal(calling: Calling, tmp_path: Path, answer: str, left: int) -> None:
    program = Program.at(tmp_path, RIFFUSION_TUI_SERVICE="studio")
    call = calling(program)
    added = call("accounts", "repair", stdin="a cookie").out.split()[0]
    ours, theirs = pty.openpty()
    command = program.command("accounts", "remove", added)
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=program.environ) as running:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        assert running.wait(60) == (0 if answer == "y" else 2)
    said = os.read(ours, 4096).decode()
    os.close(ours)
    assert f"Remove account {added} from studio? Its songs can no longer be edited or converted. [y/N]" in said
    assert len(call("accounts", "--json").rows) == left


def test_an_account_is_renamed_and_found_by_its_name(calling: Calling, tmp_path: Path) -> None:
    call = calling(Program.at(tmp_path, RIFFUSION_TUI_SERVICE="studio"))
    (line,) = call("accounts").out.splitlines()
    name, user_id, *rest = line.split()
    assert rest[1:4] == ["of", rest[2], "slots"]
    assert call("accounts", "rename", name, "work").out.startswith(f"work  {user_id}  ")
    assert call("accounts", "--json").rows[0]["name"] == "work"
    assert call("submit", "rain", "--account", "WORK").code == 0
    assert [row["user_id"] for row in call("receipt", "1").rows] == [user_id]
    ran = call("submit", "rain", "--account", "nobody")
    assert (ran.code, "accounts: work." in ran.err) == (2, True), ran.err
    assert call("accounts", "rename", user_id).out.startswith(f"{name}  ")
    assert call("accounts", "max-jobs", name, "20").code == 2


def test_a_service_is_set_up_once_its_requirements_are_met(calling: Calling, tmp_path: Path) -> None:
    program = Program.at(tmp_path)
    call = calling(program)
    context = CommandContext(program.environ)
    with open_store(context) as store:

        def ready() -> dict[str, bool]:
            return {name: is_set_up(CommandContext(program.environ).for_service(name), store) for name in SERVICES}

        assert ready() == {"studio": True, "riffusion": False, "flowmusic": False, "acestep": False}
        assert call("settings", "set", "acestep.url", "http://box:8001").code == 0
        assert call("token", "set", "--service", "flowmusic", stdin="user:1-abc").code == 0
        store.put_accounts("riffusion", [Account("riffusion", "a", 3)])
        assert all(ready().values())
        context.paths.token_file.chmod(0o644)
        assert ready()["flowmusic"], "a wrong token is reported when it is used"


def test_waiting_for_another_service_gives_its_reason_and_command(calling: Calling, tmp_path: Path) -> None:
    call = calling(Program.at(tmp_path))
    assert call("settings", "set", "acestep.url", "http://127.0.0.1:9").code == 0
    ran = call("submit", "--expand", "rain @acestep", "--wait", "--timeout", "3")
    assert ran.code == 4
    wait = r"0 of 1 ended; queue: 1 waiting; next at \d\d:\d\d:\d\d; No connection to 127.0.0.1:9: it can't be reached"
    assert re.search(wait, ran.err), ran.err
    assert "`riffusion-tui work --service acestep` continues." in ran.err


async def test_the_screen_knows_which_services_are_dispatched(tmp_path: Path) -> None:
    context = CommandContext(Program.at(tmp_path).environ)
    async with open_session(context) as session:
        background = Background(session)
        assert [name for name in SERVICES if background.dispatches(name)] == ["studio", "acestep"]
        background.dispatch_too("riffusion")
        lock = FileLock(lock_file(context.for_service("flowmusic")))
        assert lock.acquire(), "as another process does"
        assert all(map(background.dispatches, SERVICES))
        lock.release()
        assert not background.dispatches("flowmusic")


@pytest.mark.parametrize("address", ["http://[::1", "::", "https://host:99999"])
@pytest.mark.parametrize("service", ["riffusion", "flowmusic", "acestep"])
def test_an_invalid_address_is_a_usage_error(call: Call, address: str, service: str) -> None:
    for command in (("accounts",), ("token", "set")):
        ran = call(*command, "--service", service, "--url", address, stdin="user:1-token\n")
        assert (ran.code, "is not a valid address" in ran.err) == (2, True), (command, ran.err)
    assert "is not a valid address" in call("doctor", "--service", service, "--url", address).out
