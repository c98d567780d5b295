"""Line mode: deleting asks first, `:undo` takes back commands, and messages name its own commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from riffusion_tui.cli.line_mode.line_arguments import HELP
from riffusion_tui.cli.printing.output import text_line
from riffusion_tui.cli.wiring.background import Background
from riffusion_tui.jobs.clock import SystemClock
from riffusion_tui.jobs.model import Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.store import NewJob, Store
from tests.cli.kit import Call
from tests.pty.terminal import PtyTerminal
from tests.tui.test_state import job

PAUSED = '[start]\nqueue = "paused"\n'


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The program's store, with a queued, a held and a cancelled job; the queue is paused."""
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "settings.toml").write_text(PAUSED)
    opened = Store.open(tmp_path / "data" / "jobs.sqlite3", SystemClock())
    for number, status in enumerate((Status.QUEUED, Status.HELD, Status.CANCELLED), 1):
        (job,) = opened.add([NewJob(f"song {number}", Options(), "studio", f"r{number}", "b")])
        if status is not Status.QUEUED:
            opened.update(job.id, status, "test")
    return opened


def statuses(store: Store) -> dict[int, str]:
    return {job.id: job.status.value for job in store.jobs()}


BEFORE = {1: "queued", 2: "held", 3: "cancelled"}


def test_undo_leaves_what_an_earlier_session_did(call: Call, store: Store) -> None:
    with store:
        call("--plain", stdin=":hold 1\n")
        ran = call("--plain", stdin=":undo\n")
        assert statuses(store) == BEFORE | {1: "held"}
    assert ran.out.splitlines()[-1] == "Nothing to undo."


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (":cancel 1-3", "2  held  song 2"),
        (":hold 1", "1  queued  song 1"),
        (":release 2", "2  held  song 2"),
        (":retry 3", "3  cancelled  song 3"),
        (":delete 1 2 --yes", "2  held  song 2"),
    ],
)
def test_undo_restores_what_was_before_the_last_command(call: Call, store: Store, command: str, shown: str) -> None:
    with store:
        ran = call("--plain", stdin=f"{command}\n:undo\n:undo\n")
        assert statuses(store) == BEFORE
    assert shown in ran.out.splitlines()
    assert ran.out.splitlines()[-1] == "Nothing to undo."


def test_undo_cancels_what_was_queued_and_goes_on_to_earlier_commands(call: Call, store: Store) -> None:
    with store:
        ran = call("--plain", stdin=":hold 1\n{lofi|house} rain\n:again 1\n:resume\n:pause\n" + ":undo\n" * 6)
        assert statuses(store) == BEFORE | {4: "cancelled", 5: "cancelled", 6: "cancelled"}
    assert ran.out.splitlines()[-1] == "Nothing to undo."
    assert "4  cancelled  lofi rain" in ran.out.splitlines()


def test_each_change_is_printed_once_and_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "riff" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(PAUSED)
    with (
        Store.open(tmp_path / "riff" / "data" / "jobs.sqlite3", SystemClock()) as store,
        PtyTerminal(tmp_path, 80, 40, arguments=("--plain",)) as terminal,
    ):
        terminal.until(":help :quit")
        (other,) = store.add([NewJob("snow", Options(), "studio", "r", "b")])
        terminal.send("rain ×3\n:hold 3\n:undo\n:undo\n")
        terminal.until("4 cancelled rain")
        store.update(other.id, Status.HELD, "test")
        terminal.until("Job 1 is held.")  # the changes before it have been printed, too
        terminal.send(":quit\n")
        assert terminal.wait() == 0
        said = [" ".join(line.split()) for line in terminal.text().split("\n")]
    changes = [line for line in said if "cancelled" in line or "held" in line or line.endswith("queued rain")]
    cancelled = [f"{id} cancelled rain" for id in (2, 3, 4)]
    assert changes == ["3 held rain", "3 queued rain", *cancelled, "Job 1 is held."]
    assert not [line for line in said if " of 3" in line], "printed lines never change"


def test_many_songs_need_a_yes_at_the_keyboard(tmp_path: Path) -> None:
    folder = tmp_path / "riff" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(PAUSED + "[batch]\nconfirm_above = 2\n")
    with Store.open(tmp_path / "riff" / "data" / "jobs.sqlite3", SystemClock()) as store:
        with PtyTerminal(tmp_path, 80, 24, arguments=("--plain",)) as terminal:
            terminal.until(":help :quit")
            terminal.send("{lofi|house} rain ×2\n")
            terminal.until("Queue 4 songs? Type yes to queue them, anything else to queue none.")
            terminal.send("snow\n")
            terminal.until("Nothing was queued.")
            assert store.jobs() == ()
            terminal.send("snow ×3\n")
            terminal.until("Queue 3 songs?")
            terminal.send("y\n")
            terminal.until("Job 3 is queued: snow")
            terminal.send("hail ×2\n")
            terminal.until("Job 5 is queued: hail")
            terminal.send(":again 1-3\n")
            terminal.send("no\n:state\n")
            terminal.until("5 waiting, 0 held")
            terminal.send("fog ×999\n")
            terminal.until("×999: a prompt can have 1 to 100 takes.")
            terminal.send(":quit\n")
            assert terminal.wait() == 0
        assert [job.prompt for job in reversed(store.jobs())] == ["snow"] * 3 + ["hail"] * 2


def test_a_pipe_queues_no_more_songs_than_it_would_be_asked_about(call: Call, store: Store) -> None:
    with store:
        ran = call("--plain", stdin="{lofi|house} rain ×7\nsnow ×12\n")
        assert "14 songs are more than batch.confirm_above (12): nothing was queued." in ran.out
        assert "settings set batch.confirm_above 14" in ran.out
        assert {"{lofi|house} rain", "lofi rain"}.isdisjoint(job.prompt for job in store.jobs())
        before = len(store.jobs())
        ran = call("--plain", stdin=":again 1-13\n:again 1-12\n")
        assert "13 songs are more than" in ran.out
        assert len(store.jobs()) == before + 12


@pytest.mark.parametrize("end", ["\r", "\x85", "\u2028", "\r\n"])
def test_lines_from_a_pipe_may_have_any_line_ends(call: Call, store: Store, end: str) -> None:
    with store:
        ran = call("--plain", stdin=f"rain{end}n{end}snow{end}")
        assert [job.prompt for job in store.jobs()][:2] == ["snow", "rain"]
    assert "were pasted" not in ran.out
    assert "'n' is not accepted as a prompt." in ran.out
    assert (ran.code, ran.err.splitlines()[-1]) == (1, "1 line was refused: 2.")


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        ("rain\n\n:hold 1\n", 0, ""),
        ("rain\n:bogus\n\nsnow\n", 1, "1 line was refused: 2."),
        (":bogus\n:hold 99\n\n[Verse]\nrain\n{a|\n:hold", 1, "4 lines were refused: 1, 2, 4, 7."),
        ("submit rain\n:quit\nsubmit rain\n", 1, "1 line was refused: 1."),
    ],
)
def test_lines_of_a_pipe_that_are_refused_are_counted(
    call: Call, store: Store, lines: str, code: int, said: str
) -> None:
    with store:
        ran = call("--plain", stdin=lines)
    assert (ran.code, said or "refused") == (code, ran.err.splitlines()[-1] if said else "refused")
    assert ("refused" in ran.err) == bool(said)


def test_prompts_for_another_service_are_sent_too(call: Call, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    services: list[str] = []
    monkeypatch.setattr(Background, "dispatch_too", lambda self, service: services.append(service))
    with store:
        ran = call("--plain", stdin="rain @riffusion\nsnow @studio\n")
    assert ran.out.splitlines()[-2:] == ["Job 4 is queued: @riffusion rain", "Job 5 is queued: snow"]
    assert services == ["riffusion"]


def test_leaving_says_that_songs_are_not_finished(call: Call, tmp_path: Path) -> None:
    ran = call("--plain", stdin="{lofi|house} rain, 5 minutes\n")
    assert ran.err.splitlines()[-1] == "2 songs aren't finished; `riffusion-tui work` continues."
    ran = call("--plain", stdin=":pause\n")
    assert "finished" not in ran.err


@pytest.mark.parametrize("jobs", ["1,2", "1-2", "#1 #2", "1, 2", "1,"])
def test_job_numbers_are_read_as_people_write_them(call: Call, store: Store, jobs: str) -> None:
    with store:
        call("--plain", stdin=f":cancel {jobs}\n")
        assert statuses(store)[1] == "cancelled"
        assert statuses(store)[2] == ("held" if jobs == "1," else "cancelled")


def test_an_unknown_command_says_which_there_are(call: Call, store: Store) -> None:
    with store:
        ran = call("--plain", stdin=":lyrics 1\n:Rm 1\n:holt 1\n:xyz\n:submit rain\n:Edit 1 mute\n")
    assert ran.out.splitlines()[-6:] == [
        "Unknown command ':lyrics'. Did you mean ':show'? :help lists commands.",
        "Unknown command ':Rm'. Did you mean ':delete'? :help lists commands.",
        "Unknown command ':holt'. Did you mean ':hold'? :help lists commands.",
        "Unknown command ':xyz'. :help lists commands.",
        "Unknown command ':submit'. Type the prompt alone to queue it. :help lists commands.",
        "Unknown command ':Edit'. In a shell, `riffusion-tui edit` does that. :help lists commands.",
    ]


def test_the_help_has_a_line_per_command_that_fits_60_columns() -> None:
    """A terminal breaks longer lines within words, and a screen reader reads two columns as one sentence."""
    lines = HELP.splitlines()
    assert max(map(len, lines)) <= 60
    described = [re.fullmatch(r":(\w+)(?: \[?[A-Z]+\]?)?  +\S.*", line) for line in lines[2:-1]]
    assert [found[1] for found in described if found] == (
        ["jobs", "show", "play", "again", "cancel", "hold", "delete", "undo", "pause", "state"]
    )


def test_a_job_of_several_lines_is_printed_in_one() -> None:
    assert text_line(job(7, Status.CANCELLED, prompt="pop\n\nI walk\nyou go")) == "7  cancelled  pop I walk you go"


def test_a_command_that_changed_nothing_is_not_undone(call: Call, store: Store) -> None:
    with store:
        call("--plain", stdin=":hold 1\n:hold 3\n:cancel 99\n:undo\n")
        assert statuses(store) == BEFORE


def test_playing_says_what_plays_and_a_missing_player_what_is_wrong(call: Call, store: Store) -> None:
    with store:
        for status in (Status.SENDING, Status.MAKING, Status.FETCHING, Status.DONE):
            store.update(1, status, "test", title="Puddle", duration_s=65.0, file="/dev/null")
    call("settings", "set", "player.command", "sh -c 'sleep 9'")
    assert call("--plain", stdin=":play 1\n:stop\n").out.splitlines()[-1] == "Playing Puddle, 1:05; :stop ends it."
    call("settings", "set", "player.command", "/nowhere/player")
    assert "Playing" not in call("--plain", stdin=":play 1\n").out


def test_a_missing_job_is_explained_with_line_modes_own_command(call: Call) -> None:
    ran = call("--plain", stdin=":play 999\n:again 999\n")
    assert ran.out.splitlines()[-2:] == ["No job 999. :jobs lists them."] * 2


def test_a_pipe_deletes_only_with_a_yes(call: Call, store: Store) -> None:
    with store:
        ran = call("--plain", stdin=":delete 1 2\n")
        assert statuses(store) == BEFORE
    refusal = "Deleting 2 jobs needs confirmation: add --yes. Nothing was deleted."
    assert (ran.code, refusal in ran.out + ran.err) == (1, True)


def test_a_missing_job_is_not_unchanged(call: Call) -> None:
    ran = call("--plain", stdin=":hold 99\n:delete 99\n")
    assert (ran.out + ran.err).splitlines()[-3:] == [*["No job 99."] * 2, "2 lines were refused: 1, 2."]
    assert "unchanged" not in ran.out + ran.err


def test_deleting_asks_at_the_keyboard_and_no_is_the_default(tmp_path: Path) -> None:
    folder = tmp_path / "riff" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(PAUSED)
    with Store.open(tmp_path / "riff" / "data" / "jobs.sqlite3", SystemClock()) as store:
        store.add([NewJob("snow", Options(), "studio", f"r{number}", "b") for number in range(2)])
        with PtyTerminal(tmp_path, 80, 24, arguments=("--plain",)) as terminal:
            terminal.until(":help :quit")
            terminal.send(":delete 1\n")
            terminal.until("Delete 1 job? Type yes to delete it, anything else to keep it.")
            terminal.send("rain\n")
            terminal.until("Nothing was deleted.")
            assert [job.prompt for job in store.jobs()] == ["snow", "snow"], "the answer is no prompt"
            terminal.send(":delete 99\n")
            terminal.until("No job 99.")
            terminal.send(":delete 1-2 98-99\n")
            terminal.until("Delete 2 jobs? Type yes to delete them, anything else to keep them.")
            terminal.send("yes\n")
            terminal.until("2 deleted snow")
            assert store.jobs() == ()
            terminal.send(":undo\n")
            terminal.until("2 queued snow")
            assert len(store.jobs()) == 2
            terminal.send(":delete 1 --yes\n")
            terminal.until("1 deleted snow")
            terminal.send(":quit\n")
            assert terminal.wait() == 0


def test_messages_name_commands_of_line_mode(call: Call, store: Store) -> None:
    with store:
        ran = call("--plain", stdin=":again\n:show x\n:hold 5-2\n:jobs --help\n:pause\nsnow @nope\n:again 1 --foo\n")
    said = (ran.out + ran.err).splitlines()
    assert "Which job? For job 1, type :again 1." in said
    assert "Argument JOB: invalid job number 'x'; see :jobs." in said
    assert "Argument JOB: '5-2' is not a range; write 2-5." in said
    assert said.count("Type a prompt and press enter to queue a song.") == 2
    assert "The queue of studio is paused until :resume; running jobs continue." in said
    services = "studio, riffusion, flowmusic, acestep"
    assert f"Unknown service @nope. Services: {services}. To keep it in the prompt, write \\@nope." in said
    assert "Unrecognized arguments: --foo." in said
    assert "riffusion-tui " not in "".join(said[1:])


def test_pasted_lines_are_one_prompt_unless_the_user_says_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "riff" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(PAUSED)
    with Store.open(tmp_path / "riff" / "data" / "jobs.sqlite3", SystemClock()) as store:

        def prompts() -> list[str]:
            return [job.prompt for job in reversed(store.jobs())]

        with PtyTerminal(tmp_path, 100, 40, arguments=("--plain",)) as terminal:
            terminal.until(":help :quit")
            terminal.send("slow folk song\n\n[Verse]\nI walk along\n")
            terminal.until("3 lines were pasted.")
            terminal.send("the river\n")  # the last line of a paste has no end until enter is pressed
            terminal.until("4 lines were pasted.")
            assert prompts() == []
            terminal.send("\n")
            terminal.until("Job 1 is queued: slow folk song [Verse] I walk along the river")
            assert prompts() == ["slow folk song\n\n[Verse]\nI walk along\nthe river"]
            store.update(1, Status.CANCELLED, "test")
            terminal.send(":undo\n")
            terminal.until("Job 1 has already ended; :delete 1 removes it.")
            terminal.send("rain\nsnow\n")
            terminal.until("2 lines were pasted.")
            terminal.send(":each\n")
            terminal.until("Job 3 is queued: snow")
            terminal.send(":undo\n")
            terminal.until("3 cancelled snow")
            assert [job.status for job in store.jobs()[:2]] == [Status.CANCELLED] * 2, "they are one command"
            terminal.send("hail\nfog\nwind\nsun\nmist\n")
            terminal.until("5 lines were pasted.")
            terminal.send(":none\n")
            terminal.until("Nothing was queued.")
            terminal.send(":jobs hail\n:pause\n")
            terminal.until("No jobs match.")
            terminal.until("is paused")
            terminal.send(":none\n")
            terminal.until("Unknown command ':none'.")
            terminal.send(":quit\n")
            assert terminal.wait() == 0
            assert prompts()[1:] == ["rain", "snow"]
