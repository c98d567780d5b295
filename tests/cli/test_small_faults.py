"""Regressions of silent or misleading behavior."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from collections.abc import Collection
from pathlib import Path

import pytest
from rich.cells import cell_len

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.command_table import COMMANDS
from riffusion_tui.cli.commands.change_jobs import lock_names
from riffusion_tui.cli.doctor.doctor_service import _account
from riffusion_tui.cli.errors import DONE, SOME_FAILED, WRONG_USE
from riffusion_tui.cli.help import TOPICS, overview, page
from riffusion_tui.cli.line_mode.line_arguments import HELP
from riffusion_tui.cli.printing.page_layout import laid_out
from riffusion_tui.cli.printing.progress import Progress, _trouble
from riffusion_tui.cli.wiring.session import open_session
from riffusion_tui.dispatch.queue_summary import summarize_rows
from riffusion_tui.file_lock import FileLock
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Account, Gate, Options, WaitCause
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import AccountInfo
from riffusion_tui.store import NewJob, Store, Tally
from tests.cli.kit import Call, Calling, Program


def test_unexpanded_alternatives_are_reported(call: Call, tmp_path: Path) -> None:
    assert "'{a|b' has no closing brace; it is sent as written." in call("submit", "rain {a|b").err
    for prompt in ("{a|b}", "a\n---\nb", "a ×3", "a x3", "a @studio", "@studio a"):
        assert "is sent as written; --expand reads" in call("submit", prompt).err
    assert "as written" not in call("submit", "for @bob").err
    assert "as written" not in call("submit", "a smile :{").err
    file = tmp_path / "prompts.txt"
    file.write_text("one\n\n{lofi|house rain\n")
    assert "'{lofi|house rain' has no closing brace; it is sent as written." in call("batch", str(file)).err
    assert len(call("jobs", "--json").rows) == 11


def test_submit_expands_prompts_as_the_editor_does(call: Call) -> None:
    rows = call("submit", "--expand", "--json", "{soul|funk} ×2 @studio\n---\n@studio rain x3", r"pieces \x3").rows
    prompts = [row["prompt"] for row in rows]
    assert prompts == ["soul", "soul", "funk", "funk", "rain", "rain", "rain", "pieces x3"]
    assert call("submit", "--expand", "a ×101").code == 2
    assert call("submit", "--expand", "a @nobody").code == 2
    assert call("submit", "--expand", "---").code == 2


def test_what_sends_a_job_is_that_of_its_service(call: Call, tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "data" / "dispatcher-studio.lock")
    here, there = f"Process {os.getpid()} sends the jobs of studio.", "run `riffusion-tui work --service acestep` or"
    call("jobs")
    assert lock.acquire()
    assert call("submit", "a").err == f"Queued as job 1. {here}\n"
    other = call("submit", "--expand", "b @acestep").err
    assert other == f"Queued as job 2. To start it, {there} open the screen of acestep.\n"
    both = call("submit", "--expand", "c\n---\nd @acestep").err
    assert both == f"Queued as jobs 3, 4. {here} To start those of acestep, {there} open the screen of acestep.\n"
    lock.release()
    free = call("submit", "--expand", "e @acestep\n---\nf", "--service", "acestep").err
    assert free == f"Queued as jobs 5, 6. To start them, {there} open the screen of acestep.\n"


def test_receipt_takes_a_number_for_a_job(call: Call) -> None:
    for prompt in ("song of 2 rivers", "rain", "snow"):
        call("submit", prompt)
    assert [row["receipt"]["id"] for row in call("receipt", "2").rows] == [2]
    assert [row["receipt"]["id"] for row in call("receipt", "1-2", "3").rows] == [1, 2, 3]
    assert [row["receipt"]["id"] for row in call("receipt", "1-3", "rain").rows] == [2]
    assert [row["receipt"]["id"] for row in call("receipt", "rivers").rows] == [1]
    assert [row["id"] for row in call("jobs", "1", "3", "--json").rows] == [3, 1]
    assert [row["id"] for row in call("jobs", "1-2", "3", "--json").rows] == [3, 2, 1]
    assert [row["id"] for row in call("jobs", "1-3", "rain", "--json").rows] == [2]
    assert [row["id"] for row in call("jobs", "2", "--json").rows] == [2]
    assert [row["id"] for row in call("jobs", "1,3", "--json").rows] == [3, 1]
    assert [row["id"] for row in call("jobs", "2", "rivers", "--json").rows] == []
    assert [row["id"] for row in call("jobs", '"2 rivers"', "--json").rows] == [1]
    assert call("jobs", "nothing").err == "No jobs match.\n"
    assert call("jobs", "Done").err == "No jobs match. Jobs with this status: status:done.\n"
    assert call("delete", "1-3", "-y").code == 0
    assert call("jobs").err == "No jobs.\n"


def test_a_prompt_without_quotes_is_not_a_song_per_word(call: Call) -> None:
    unquoted = call("submit", "jazzy", "song", "about", "rain")
    assert (unquoted.code, call("jobs").out) == (2, "")
    assert 'Put the prompt in quotes: riffusion-tui submit "jazzy song about rain"' in unquoted.err
    assert call("submit", "house", "techno", "jazz with strings").code == 0
    plans = call("sketch", "jazzy", "song", "about", "rain", "--plan")
    assert (plans.code, plans.out) == (2, "")
    assert 'Put the prompt in quotes: riffusion-tui sketch "jazzy song about rain"' in plans.err
    assert len(call("sketch", "house", "techno", "jazz", "--plan").rows) == len(("house", "techno", "jazz"))


@pytest.mark.parametrize("arguments", [("sketch", "rain"), ("batch", "f.txt"), ("submit", "rain", "--out", "songs")])
def test_a_deleted_working_folder_is_reported(arguments: tuple[str, ...], call: Call, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    before = Path.cwd()
    try:
        os.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        ran = call(*arguments)
    finally:
        os.chdir(before)
    assert "The current folder has been deleted" in ran.err
    assert (ran.code, "Internal error" in ran.err) == (2, False)


def test_an_account_problem_names_the_account() -> None:
    tally = Tally({Status.QUEUED: 1}, {(Status.QUEUED, None): 1})
    accounts = [Account("studio", "5f7a", 1, 0)]
    gates = [Gate("studio", "5f7a", WaitCause.BROKEN, 1.0, detail="Sign in.")]
    state = summarize_rows(tally, accounts, gates, [], None, 2.0)
    assert _trouble(state, {}) == "5f7a: session expired: Sign in."
    assert _trouble(state, {}, hosts=True) == "Sign in."
    assert _trouble(state, {"5f7a": "cedar"}) == "cedar: session expired: Sign in."


def test_help_fits_80_columns() -> None:
    assert max(map(len, HELP.splitlines())) <= 79
    assert max(map(len, overview().splitlines())) <= 79


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("columns", [60, 80, 200])
def test_the_help_of_a_command_fits_the_terminal(name: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = COMMANDS[name].parser()
    monkeypatch.setenv("COLUMNS", str(columns))
    epilog, text = parser.epilog or "", parser.format_help()
    parser.epilog = None
    below = text.removeprefix(parser.format_help().rstrip())
    commands = re.compile(r" .*(riffusion-tui|curl|-d) ")
    assert re.findall(r"\w+", below) == re.findall(r"\w+", epilog)
    assert [line for line in below.splitlines() if len(line) > columns and not commands.match(line)] == []
    assert all(line in below.splitlines() for line in epilog.splitlines() if commands.match(line))


def test_rows_below_the_options_keep_their_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    shown = COMMANDS["accounts"].parser().format_help()
    assert (
        "repair [USER_ID]     set a new cookie, refresh token or\n"
        "                     key, read from standard input or a\n"
    ) in shown


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("columns", [200, 80, 60])
def test_a_help_page_fits_the_terminal(topic: str, columns: int) -> None:
    text = page(topic)
    shown = laid_out(text, columns)
    words = re.findall(r"\w+", shown)
    assert sorted(words) == sorted(re.findall(r"\w+", text))
    prose = re.sub(r"^ *```.*?^ *```$|^    .*$", "", shown, flags=re.MULTILINE | re.DOTALL)
    assert all(len(line) <= columns or len(line.split()) == 1 for line in prose.splitlines())


def test_a_help_page_has_columns_and_keeps_code() -> None:
    text = "One\n- two\n  three\n\n| a | |\n|---|---|\n| `x\\|y` | " + "long " * 9 + "|\n```\ncode  |\n```"
    columns = "a\n`x|y`  long long long long long long\n       long long long"
    assert laid_out(text, 40) == f"One\n- two three\n\n{columns}\n```\ncode  |\n```"


def test_a_help_page_is_markdown_unless_it_is_shown_in_a_terminal(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = calling(Program.at(tmp_path, COLUMNS="50", PAGER="cat"))
    assert call("help", "prompts").out == page("prompts")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert call("help", "prompts").out == laid_out(page("prompts"), 50)


@pytest.mark.parametrize("command", ["again", "retry", "cancel", "hold", "release", "delete"])
def test_a_range_from_high_to_low_is_refused(call: Call, command: str) -> None:
    call("submit", "rain", "--takes", "3")
    ran = call(command, "3-1")
    assert (ran.code, "'3-1' is not a range; write 1-3" in ran.err) == (2, True)
    assert len(call("jobs", "status:queued", "--json").rows) == 3


def test_a_filters_range_from_high_to_low_is_refused(call: Call) -> None:
    for words in (("jobs", "3-1"), ("receipt", "3-1"), ("jobs", "id:3-1")):
        ran = call(*words)
        assert (ran.code, "id: takes a number or a range such as 7-12, not '3-1'." in ran.err) == (2, True)


def test_work_names_the_services_whose_jobs_it_leaves(call: Call) -> None:
    call("submit", "rain", "--service", "acestep")
    call("submit", "rain", "--service", "riffusion", "--takes", "2")
    assert call("work").err == (
        "Nothing is queued for studio.\n"
        "2 jobs of riffusion are queued. To start them, run `riffusion-tui work --service riffusion` or open the"
        " screen of riffusion.\n"
        "1 job of acestep is queued. To start it, run `riffusion-tui work --service acestep` or open the"
        " screen of acestep.\n"
    )


def test_each_numeric_filter_shows_its_own_examples(call: Call) -> None:
    assert "bpm: takes 120, 90-120, >90 or <140, not 'fast'." in call("jobs", "bpm:fast").err
    assert "length: takes 180, 2:30, 2:00-3:00, >90 or <3:00, not '5m'." in call("jobs", "length:5m").err


@pytest.mark.parametrize("address", ["http://", "https://ann:canary@music.example", "music.example"])
def test_an_invalid_address_is_refused_before_anything_is_queued(call: Call, address: str) -> None:
    ran = call("submit", "rain", "--service", "riffusion", "--url", address)
    assert ran.code == WRONG_USE
    assert "address" in ran.err
    assert "canary" not in ran.err
    assert call("jobs").out == ""


def test_a_cookie_that_is_not_text_is_refused(call: Call) -> None:
    ran = call("accounts", "repair", stdin="\udc89canary")
    assert (ran.code, ran.err) == (WRONG_USE, "The input is not UTF-8 text. Check what was pasted or piped in.\n")


def test_retrying_a_job_that_may_have_been_sent_says_how_to_decide(call: Call, tmp_path: Path) -> None:
    call("submit", "rain")
    with Store.open(tmp_path / "data" / "jobs.sqlite3", SystemClock()) as store:
        store.update(1, Status.SENDING, "sending")
        store.update(1, Status.MAYBE_SENT, "maybe sent")
    ran = call("retry", "1")
    assert ran.code == SOME_FAILED
    assert "`riffusion-tui cancel 1` and then `riffusion-tui retry 1` send it again" in ran.err
    assert call("cancel", "1").code == DONE
    assert call("retry", "1").out == "1  queued  rain\n"


def test_a_field_of_an_edit_that_is_given_twice_is_refused(call: Call) -> None:
    assert call("edit", "1", "mute", "stem=Drums", "stem=Piano").err == "Field 'stem' is given twice.\n"


def test_all_locks_and_a_single_one_are_all_locks() -> None:
    assert lock_names("tempo, all") == ("all",)


def test_help_on_help_is_the_overview(call: Call) -> None:
    assert call("help", "--help").out == call("--help").out


def test_one_job_is_not_called_jobs(call: Call, tmp_path: Path) -> None:
    call("submit", "rain")
    with Store.open(tmp_path / "data" / "jobs.sqlite3", SystemClock()) as store:
        store.put_gate(Gate("studio", None, WaitCause.TOKEN, 1.0))
        assert call("work", "--status").out.splitlines()[1] == "token rejected: the service, 1 job."
        ran = call("--plain", stdin=":state\n")
        assert "Needs attention: token rejected, the service; 1 job held." in ran.out
    assert _account(AccountInfo("ann", 1), "ann", "", poor=False).message == "ann: 1 slot"


async def test_when_a_wait_ends_is_shown_in_80_columns_and_zeros_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def watched(ids: Collection[int], known: Collection[int]) -> Progress:
        progress = Progress(session, ["studio"], ids, known)
        monkeypatch.setattr(progress._live, "live", True)
        monkeypatch.setattr(progress._live, "show", shown.append)
        return progress

    async with open_session(CommandContext(Program.at(tmp_path).environ)) as session:
        session.store.add([NewJob("rain", Options(), "studio", f"r{n}", "b") for n in range(45)])
        ids = session.store.ids("studio", Status.QUEUED)
        session.store.put_gate(Gate("studio", None, WaitCause.UPSTREAM, 1.0, session.clock.now() + 60))
        watched(ids, range(50)).show()
        session.store.delete(ids)
        session.store.drop_gate("studio", None, WaitCause.UPSTREAM)
        watched((), ids).show()
    assert re.search(r"^5 of 50 ended; queue: 45 waiting; next at \d\d:\d\d:\d\d; service is rate", shown[0][:79])
    assert shown[1] == "45 of 45 ended"


def test_jobs_of_another_service_are_listed_with_its_name(call: Call) -> None:
    call("submit", "--expand", "rain\n---\nsnow @acestep")
    assert call("jobs").out == "2  queued          –  @acestep snow\n1  queued          –  rain\n"
    assert call("--plain", stdin=":jobs snow\n").out.splitlines()[-1] == "2  queued          –  @acestep snow"


def test_deleting_one_job_asks_about_one(program: Program, call: Call) -> None:
    call("submit", "rain")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        program.command("delete", "1"), stdin=theirs, stdout=theirs, stderr=theirs, env=program.environ
    ) as running:
        os.close(theirs)
        os.write(ours, b"n\n")
        assert running.wait(60) == 2
    assert b"Delete 1 job? [y/N]" in os.read(ours, 4096)
    os.close(ours)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--service", "studio", "jobs"), "Put the command first: riffusion-tui jobs --service studio."),
        (("--json", "jobs", "rain"), "Put the command first: riffusion-tui jobs --json rain."),
        (("--bogus",), "Unrecognized arguments: --bogus."),
        (("cluster",), "The following arguments are required: {certificates,scheduler}."),
        (("cluster", "foo"), "Invalid choice: 'foo' (choose from 'certificates'"),
        (("doctor", "--service", "foo"), "Argument --service: invalid choice: 'foo' (choose from 'studio', "),
        (("token", "foo"), "Invalid choice: 'foo' (choose from 'set', "),
        (("accounts", "foo"), "Invalid choice: 'foo' (choose from 'list', "),
        (("settings", "foo"), "Invalid choice: 'foo' (choose from 'path', "),
    ],
)
def test_a_wrong_argument_is_named_as_the_help_does(call: Call, words: tuple[str, ...], says: str) -> None:
    ran = call(*words)
    assert (ran.code, ran.err.startswith(says)) == (2, True), ran.err


def test_a_brace_without_an_end_is_reported_wherever_braces_are_expanded(call: Call) -> None:
    assert (
        "'{lofi|house rain' has no closing brace; it is sent as written."
        in call("submit", "--expand", "{lofi|house rain").err
    )
    ran = call("--plain", stdin="{lofi|house rain\n")
    assert "'{lofi|house rain' has no closing brace; it is sent as written." in ran.out + ran.err


def test_queueing_says_that_the_queue_is_paused(call: Call) -> None:
    call("pause")
    queued = call("submit", "rain").err
    assert queued.endswith("Queued as job 1. The queue of studio is paused until `riffusion-tui resume`.\n")
    ran = call("submit", "snow", "--wait")
    assert ran.code == 3
    assert "the queue is paused: `riffusion-tui resume` resumes it\n" in ran.err
    assert ran.err.endswith("lost: after `riffusion-tui resume`, `riffusion-tui work` continues with job 2.\n")
    call("resume")
    assert "paused" not in call("submit", "hail").err


def test_line_mode_shows_that_the_queue_is_paused(call: Call) -> None:
    call("submit", "rain")
    ran = call("--plain", stdin=":pause\n:state\n:resume\n:state\n")
    states = [line for line in ran.out.splitlines() if " making, " in line]
    assert states == [
        "0 making, 0 fetching, 1 waiting, 0 held. The queue is paused; :resume continues it.",
        "0 making, 0 fetching, 1 waiting, 0 held.",
    ]


def test_a_listed_job_takes_one_row_also_with_wide_characters(tmp_path: Path) -> None:
    program = Program.at(tmp_path, COLUMNS="40")
    program("submit", "日本語の長いバラード、夜の東京の雨についての歌", "lofi " * 20)
    ours, theirs = pty.openpty()
    with subprocess.Popen(program.command("jobs"), stdout=theirs, env=program.environ) as running:
        os.close(theirs)
        assert running.wait(60) == 0
    latin, wide = os.read(ours, 4096).decode().splitlines()
    os.close(ours)
    assert cell_len(latin) == 40
    assert cell_len(wide) in (39, 40), "a character of two columns may not fit into the last one"
    assert (latin[-1], wide[-1]) == ("…", "…")


def test_jobs_of_an_account_whose_session_expired_are_listed_as_held(call: Call, tmp_path: Path) -> None:
    call("submit", "rain")
    assert call("jobs", "status:held").err == "No jobs match.\n"
    with Store.open(tmp_path / "data" / "jobs.sqlite3", SystemClock()) as store:
        store.add([NewJob("sun", Options(account="a"), "studio", "r2", "b")])
        store.put_accounts("studio", [Account("studio", one, 3) for one in ("a", "b")])
        store.put_gate(Gate("studio", "a", WaitCause.BROKEN, 1.0))
    listed = call("jobs", "status:held")
    assert listed.out.split() == ["2", "held", "–", "sun", "(a:", "session", "expired)"]
    assert [row["status"] for row in call("jobs", "--json", "status:held").rows] == ["held"]
    assert [row["receipt"]["id"] for row in call("receipt", "status:held").rows] == [2]
    assert call("jobs", "status:waits").out.split() == ["1", "queued", "–", "rain"]


def test_line_mode_names_no_command_that_was_not_typed(call: Call) -> None:
    ran = call("--plain", stdin=":play 1-3\n:play\n:retry abc\n")
    assert ran.out.splitlines()[-3:] == [
        "Argument JOB: '1-3' is 3 jobs; give the number of one.",
        "Which job? For job 1, type :play 1.",
        "Argument JOB: invalid job number 'abc'; see :jobs.",
    ]
