"""First contact: the overview, usage errors, settings, tokens. No songs are made."""

from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
from pathlib import Path

import pytest

from riffusion_tui import __version__
from riffusion_tui.cli import main
from riffusion_tui.cli.command_table import COMMANDS
from tests.cli.kit import Call, Calling, Program

CANARY = "user:1234-canary9f1c"


def test_version_and_overview_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"riffusion-tui {__version__}\n"
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "\n  help        Print a page of the reference, or a command's help\n" in shown
    for command in COMMANDS.values():
        assert command.name in shown
        assert command.summary in shown
    for code in (0, 1, 2, 3, 4, 130):
        assert f"\n  {code}  " in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert COMMANDS[name].summary in shown
    assert main(["help", name]) == 0
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize("name", COMMANDS)
def test_the_arguments_of_every_command_fit_80_columns(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    main([name, "--help"])
    usage, _, _ = capsys.readouterr().out.partition("\n\n")
    assert max(map(len, usage.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["sbmit"], "Unknown command 'sbmit'. Did you mean 'submit'?"),
        (["ls"], "Unknown command 'ls'. Did you mean 'jobs'?"),
        (["watch"], "Did you mean 'work'?"),
        (["help", "promts"], "No help on 'promts'. Did you mean 'prompts'? Topics: prompts, scripting,"),
        (["export", "13"], "Did you mean 'cat'?"),
        (["\x1b[31mred\x07"], "Unknown command 'red'."),
        ([], "Redirected: standard input, standard output, standard error (the screen is drawn on it)."),
        ([""], "Unknown command ''."),
        (["cat", "9" * 20], f"Argument JOB: invalid job number '{'9' * 20}'; see `riffusion-tui jobs`."),
        (["cat", "1-3"], "Argument JOB: '1-3' is 3 jobs; give the number of one."),
        (["edit", "1-3", "mute"], "Argument JOB: '1-3' is 3 jobs; give the number of one."),
        (["hold", f"1-{'9' * 20}"], f"invalid job number '1-{'9' * 20}'"),
        (["--nothing"], "Unrecognized arguments: --nothing"),
        (["submit"], "The following arguments are required: PROMPT"),
        (["lyrics"], "The following arguments are required: PROMPT."),
        (["edit"], "The following arguments are required: JOB, EDIT."),
        (["submit", ""], "The prompt is empty"),
        (["submit", " \n "], "The prompt is empty"),
        (["submit", "-"], "The prompt is empty"),
        (["submit", "--kay", "C"], "Unrecognized arguments: --kay. Did you mean '--key'?"),
        (["submit", "---"], "Unrecognized arguments: ---. Put -- before an argument that starts with a dash."),
        (["submit", "-drums"], "Unrecognized arguments: -drums. Put -- before"),
        (["submit", "--seed", "-5"], "--seed must be a whole number"),
        (["submit", "--expand", "--", "---"], "The prompt is empty"),
        (["submit", "--expand", "rain", "--", "---"], "The prompt is empty"),
        (["submit", "-", "--lyrics", "-"], "Only one argument can be -: standard input can be read once."),
        (["submit", "-", "-"], "Only one argument can be -"),
        (["sketch", "-", "--lyrics", "-"], "Only one argument can be -"),
        (["lyrics", "x", "--rewrite", ""], "Argument --rewrite: the path is empty."),
        (["lyrics", "-", "--rewrite", "-"], "Only one argument can be -"),
        (["lyrics", "song", "about", "rain"], 'Put the prompt in quotes: riffusion-tui lyrics "song about rain"'),
        (["submit", "x", "--max-jobs", "0"], "--max-jobs must be a whole number from 1 to 10, not 0"),
        (["submit", "x", "--max-jobs", "11"], "--max-jobs must be a whole number from 1 to 10, not 11"),
        (["submit", "x", "--max-jobs", "many"], "--max-jobs must be a whole number from 1 to 10, not many"),
        (["submit", "x", "--reply-ref", "r" * 1025], "too long: 1,025 characters, the limit is 1,024"),
        (["submit", "x", "--reply-url", "r" * 1025], "too long: 1,025 characters"),
        (["submit", "x", "--takes", "0"], "--takes must be a whole number from 1 to 100"),
        (["submit", "x", "--length", "-3"], "use seconds, or 2:30 for minutes and seconds"),
        (["submit", "x", "--length", "soon"], "invalid time 'soon'"),
        (["submit", "x", "--instrumental", "--vocals"], "not allowed with argument --instrumental"),
        (["submit", "x", "--lyrics", "/nowhere/lyrics"], "Can't read /nowhere/lyrics: No such file or directory."),
        (["submit", "x", "--lyrics", os.devnull], "/dev/null contains no lyrics."),
        (["sketch", "x", "--lyrics", os.devnull], "/dev/null contains no lyrics."),
        (["batch", "/nowhere/file"], "Can't read /nowhere/file: No such file or directory."),
        (["batch", "/"], "Can't read /: Is a directory."),
        (["batch", "-"], "No prompts found. `riffusion-tui batch --help` lists the formats."),
        (["submit", "x", "--out", "/etc/hosts"], "/etc/hosts is a file, not a folder; choose another one with"),
        (["submit", "x", "--service", "acestep", "--url", "ftp://a"], "Correct the address where it is set: --url, "),
        (["cat", "x"], "invalid job number 'x'"),
        (["settings", "show", "studio.acounts"], "Unknown setting 'studio.acounts'. Did you mean 'studio.accounts'?"),
        (["settings", "set", "studio.accounts", "300"], "must be a whole number from 1 to 64, not 300."),
        (["settings", "set", "screen.mouse", "perhaps"], "must be true or false, not 'perhaps'."),
        (
            ["settings", "set", "studio.soundfont", "/nowhere.sf2"],
            "studio.soundfont: there is no file /nowhere.sf2",
        ),
        (["settings", "set"], "Give a setting and its value"),
        (["settings", "set", "files.folder"], "Give a value: riffusion-tui settings set files.folder VALUE"),
        (["settings", "unset"], "Give a setting: riffusion-tui settings unset studio.accounts"),
        (["settings", "set", "keys.job.play"], "Give a value: riffusion-tui settings set keys.job.play VALUE"),
        (["completion"], "required: SHELL."),
        (["settings", "set", "screen.theme", "nigt"], "unknown theme 'nigt'. Did you mean 'night'?"),
        (
            ["settings", "set", "studio.cluster", "nonsense"],
            "studio.cluster: nonsense is not a cluster's address: write",
        ),
        (
            ["settings", "set", "studio.cluster", "tcp://10.0.0.1"],
            "studio.cluster: tcp://10.0.0.1 must begin with tls://",
        ),
        (["settings", "set", "service.url", "http://[::1"], "service.url: 'http://[::1' is not a valid address."),
        (["settings", "set", "acestep.url", "http://a:1, b"], "acestep.url: 'b' is not a valid address: it must start"),
        (["settings", "set", "files.folder", "~nobody9/x"], "files.folder: ~nobody9/x: no home folder is known"),
        (["token", "set", "--service", "riffusion"], "No input. Pipe the secret"),
        (["accounts", "max-jobs"], "USER_ID is missing"),
        (["accounts", "max-jobs", "a b"], "N is missing: `riffusion-tui accounts max-jobs 'a b' N`"),
        (["accounts", "remove"], "USER_ID is missing"),
        (["sketch"], "Give one prompt"),
        (["sketch", "a", "b"], 'Give one prompt, in quotes: riffusion-tui sketch "a b"'),
        (["sketch", "slow", "--seed", "7", "rain"], 'Give one prompt, in quotes: riffusion-tui sketch "slow rain"'),
        (["lyrics", "song", "--service", "studio", "about", "rain"], 'riffusion-tui lyrics "song about rain"'),
        (["lyrics", "song", "--", "about"], 'riffusion-tui lyrics "song about"'),
        (["cat", "1", "--", "2"], "Unrecognized arguments: 2."),
        (["cat", "1", "2"], "Unrecognized arguments: 2."),
        (["submit", "a", "--takes", "2", "b", "--lenght=9"], "arguments: --lenght=9. Did you mean '--length'?\nSee"),
        (["studio", "--port", "70000"], "--port must be a whole number from 0 to 65535, not 70000"),
        (["studio", "--max-jobs", "11"], "--max-jobs must be a whole number from 1 to 10, not 11"),
    ],
)
def test_a_usage_error_is_explained_and_exits_with_2(
    arguments: list[str], expected: str, call: Call, tmp_path: Path
) -> None:
    ran = call(*arguments)
    assert expected in ran.err
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err
    assert ran.out == ""
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", [("lyrics", "rain"), ("submit", "rain", "--wait"), ("accounts",)])
def test_advice_names_the_service_of_the_command(call: Call, command: tuple[str, ...]) -> None:
    """`token set` alone would set the token of the configured service."""
    ran = call(*command, "--service", "flowmusic")
    assert ran.code == 3
    assert "Set a valid token with F11 on the screen or `riffusion-tui token set --service flowmusic`; jobs" in ran.err


def test_a_file_with_invalid_text_is_reported_with_its_line(call: Call, tmp_path: Path) -> None:
    (tmp_path / "prompts.txt").write_bytes(b"good\n\nb\xe4d\n")
    ran = call("batch", str(tmp_path / "prompts.txt"))
    assert (ran.code, "is not UTF-8 text (line 3)." in ran.err) == (2, True)
    with (tmp_path / "huge.txt").open("wb") as huge:
        huge.truncate(65 * 2**20)
    ran = call("batch", str(tmp_path / "huge.txt"))
    assert (ran.code, "is larger than 64 MB." in ran.err) == (2, True)


def test_invalid_settings_stop_every_command_and_name_the_line(call: Call, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text("[studio]\nacounts = 3\n")
    for arguments in (["jobs"], ["submit", "x"], ["settings", "check"], ["work"], ["token"]):
        ran = call(*arguments)
        if arguments != ["jobs"]:
            assert "settings.toml:2: Unknown setting" in ran.err, arguments
            assert ran.code == 2
    ran = call("doctor")
    assert ran.code == 1
    assert "BAD   settings" in ran.out


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('# mine\n[keys]\n"job.lock" = "p"\n', [":3: keys.job.lock: 'p' is taken by job.play"]),
        ('[keys]\njob.lock = "strg+x"\n', [":2: keys.job.lock: 'strg+x' is not a valid key"]),
        ('[keys]\n\n"accounts.mend" = "strg+x"\n', [":3: keys.accounts.repair: 'strg+x' is not a valid key"]),
        (
            '[screen]\ntheme = "mauve"\n[keys]\nmake = "strg+x"\n',
            [":2: screen.theme: unknown theme", ":4: keys.make: 'strg+x' is not"],
        ),
        ('[keys]\n"make" = ""\n', [":2: keys.make: this command needs a key, as dialogs are confirmed with it too"]),
        ('[keys]\n"jobs.all" = " "\n"job.lock" = "a"\n', []),
    ],
)
def test_what_only_a_check_finds_is_reported_with_its_line(
    call: Call, tmp_path: Path, text: str, problems: list[str]
) -> None:
    file = tmp_path / "config" / "settings.toml"
    file.parent.mkdir()
    file.write_text(text)
    ran = call("settings", "check")
    lines = ran.err.splitlines()
    assert ran.code == (2 if problems else 0), ran.err
    assert [line[: len(str(file) + end)] for line, end in zip(lines, problems, strict=True)] == [
        f"{file}{end}" for end in problems
    ]
    assert all(f"{file}{end}" in call("doctor").out for end in problems)


def test_settings_are_shown_set_checked_and_explained(call: Call, tmp_path: Path) -> None:
    assert call("settings", "path").out == f"{tmp_path}/config/settings.toml\n"
    assert "does not exist" in call("settings", "check").out
    assert call("settings", "set", "studio.accounts", "3").code == 0
    assert call("settings", "show", "studio.accounts").out == "3\n"
    assert "keys.job.play = p\n" in call("settings", "show").out, "every command can be named in the settings"
    assert "is valid" in call("settings", "check").out
    assert "studio.accounts = 3\n" in call("settings").out
    assert "studio.accounts  Minimum number of accounts; the studio adds those" in call("settings", "explain").out
    assert call("settings", "explain", "screen.mouse").out.count("\n") == 1
    assert call("settings", "explain", "studio.accounts").out.endswith(" Default: 1. Now: 3.\n")
    assert call("settings", "unset", "studio.accounts").out == ""
    assert call("settings", "show", "studio.accounts").out == "1\n"
    assert "it has its default already" in call("settings", "unset", "studio.accounts").err
    assert call("settings", "template").out.startswith("# Settings of riffusion-tui")
    environed = Program.at(tmp_path, RIFFUSION_TUI_URL="http://127.0.0.1:9")
    assert environed("settings", "show", "service.name").out == "riffusion\n"
    assert "Text in quotes" not in call("settings", "explain").out, "only in the file"
    assert "Now: http://127.0.0.1:9, from RIFFUSION_TUI_URL.\n" in environed("settings", "explain", "service.url").out


def test_explained_settings_are_laid_out_in_a_terminal(
    calling: Calling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = calling(Program.at(tmp_path, COLUMNS="50", PAGER="cat"))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert call("settings", "explain", "keys.job.play").out == (
        "keys.job.play = p\n    Play, pause or resume the song. Default: p.\n"
    )
    lines = call("settings", "explain").out.splitlines()
    assert "batch.takes = 1" in lines
    assert all(len(line) <= 50 for line in lines)


@pytest.mark.parametrize("command", ["submit", "lyrics", "sketch"])
def test_a_prompt_from_standard_input_must_be_text(calling: Calling, tmp_path: Path, command: str) -> None:
    ran = calling(Program.at(tmp_path))(command, "-", stdin="F\udcfcr Elise")
    assert (ran.code, ran.err.strip()) == (2, "Standard input is not UTF-8 text (line 1). Save it as UTF-8.")


def test_a_token_is_read_from_standard_input_and_not_shown(calling: Calling, tmp_path: Path) -> None:
    call = calling(Program.at(tmp_path, RIFFUSION_TUI_URL="http://127.0.0.1:9"))
    ran = call("token")
    assert (ran.code, ran.out) == (3, "No token for http://127.0.0.1:9.\n")
    ran = call("token", "set", stdin=f"{CANARY}\n")
    assert (ran.code, CANARY in ran.out + ran.err) == (0, False)
    ran = call("token", "where")
    assert ran.code == 0
    assert ran.out == f"The token for http://127.0.0.1:9 comes from {tmp_path}/config/tokens.toml.\n"
    file = tmp_path / "config" / "tokens.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert CANARY in file.read_text()
    studio, before = calling(Program.at(tmp_path)), file.read_text()
    for what in ("where", "clear"):
        ran = studio("token", what)
        other = f"For another service: `riffusion-tui token {what} --service NAME`"
        assert (ran.code, ran.out) == (0, f"The studio needs no token. {other}\n")
    ran = studio("token", "set", stdin=f"{CANARY}\n")
    assert (ran.code, file.read_text()) == (2, before)
    assert ran.err.startswith("The studio needs no token. Nothing was saved. For another service: ")
    environed = calling(Program.at(tmp_path, RIFFUSION_TUI_URL="http://127.0.0.1:9", RIFFUSION_TUI_TOKEN=CANARY))
    assert "the environment (RIFFUSION_TUI_TOKEN)" in environed("token").out
    assert call("token", "clear").code == 0
    assert CANARY not in file.read_text()
    assert "No token for" in call("token", "clear").err


@pytest.mark.parametrize("wrong", ["in two", "tökén", "\x1b[31m", "x" * 5000])
def test_an_invalid_token_exits_with_3(wrong: str, call: Call, tmp_path: Path) -> None:
    ran = call("token", "set", "--service", "riffusion", stdin=wrong)
    assert ran.code == 3
    assert wrong not in ran.err
    assert not (tmp_path / "config").exists()


def test_completion_scripts_parse_and_name_every_command(call: Call) -> None:
    for shell in ("bash", "zsh", "fish"):
        made = call("completion", shell).out
        for name in COMMANDS:
            assert name in made
        assert "--reply-ref" in made or "reply-ref" in made
    page = call("completion", "man").out
    assert page.startswith(".TH RIFFUSION-TUI 1")
    assert all(f".SS {name}\n" in page for name in COMMANDS)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["submit", "--repl"], ["--reply-url", "--reply-ref"]),
        (["help", "ser"], ["services", "serving"]),
        (["cat", "1", "--format", "m"], ["mp3", "midi", "m4a"]),
        (["sketch", "--format", "ch"], ["chordpro"]),
        (["again", "1", "--lock", "t"], ["tempo"]),
        (["edit", "1", "tra"], ["transpose"]),
        (["edit", "1", "mute", "st"], ["stems", "stem=", "strength=", "start_s="]),
        (["edit", "1", "effect", "effect", "=", "Tr"], ["Trim"]),
        (["jobs", "status:f"], ["status:fetching", "status:failed"]),
        (["jobs", "status", ":", "do"], ["done"]),
        (["jobs", "verdict", ":"], ["keep", "reject"]),
        (["jobs", "verdict:k"], ["verdict:keep"]),
        (["jobs", "service:st"], ["service:studio"]),
        (["jobs", "--sort", "len"], ["length"]),
        (["settings", "set", "studio.acc"], ["studio.accounts"]),
        (["submit", "--lyrics", ""], []),
    ],
    ids=" ".join,
)
def test_completion_offers_known_values(call: Call, typed: list[str], offered: list[str]) -> None:
    script, words = call("completion", "bash").out, shlex.join(typed)
    asked = f'COMP_WORDS=(riffusion-tui {words}); COMP_CWORD={len(typed)}; _riffusion_tui; echo "${{COMPREPLY[@]}}"'
    ran = subprocess.run(["bash", "-c", f"{script}\n{asked}"], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == offered
    for shell in ("zsh", "fish"):
        made = call("completion", shell).out
        assert all(word.lstrip("-") in made for word in offered)


def test_a_closed_pipe_is_not_an_error(tmp_path: Path) -> None:
    program = Program.at(tmp_path)
    line = f"{' '.join(program.command('settings', 'template'))} | head -n 1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True, env=program.environ)
    assert ran.stderr == ""
    assert ran.stdout.splitlines()[-1] in ("0", "141")


def test_a_dumb_terminal_is_refused(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    program = Program.at(tmp_path, TERM="dumb")
    ran = subprocess.run(
        program.command(), stdin=theirs, stdout=theirs, stderr=theirs, env=program.environ, check=False
    )
    os.close(theirs)
    shown = os.read(ours, 4096)
    os.close(ours)
    assert ran.returncode == 2
    assert b"TERM=dumb" in shown
    assert b"\x1b" not in shown


def test_doctor_checks_everything_and_creates_no_data(tmp_path: Path) -> None:
    ran = Program.at(tmp_path)("doctor", "--json")
    assert ran.code == 0, ran.out
    checks = {row["check"]: row for row in map(json.loads, ran.out.splitlines())}
    assert {"version", "terminal", "locale", "settings", "songs", "queue", "address", "token", "sounds"} <= set(checks)
    assert not (tmp_path / "data").exists()
    ran = Program.at(tmp_path, RIFFUSION_TUI_URL="ftp://x")("doctor")
    assert ran.code == 2, "a token can't be set for a wrong address, which comes first"
    assert "BAD   address" in ran.out
    assert "warn  token       not checked" in ran.out


def test_doctor_shows_counts_with_units(call: Call, tmp_path: Path) -> None:
    assert call("submit", "rain").code == 0
    library = tmp_path / "config" / "library.toml"
    library.parent.mkdir(exist_ok=True)
    library.write_text('[prompts]\nrain = "lofi"\n')
    shown = call("doctor").out
    assert "1 prompt, 0 presets\n" in shown
    assert "1 job; no process sends jobs\n" in shown


def test_receipt_reports_that_no_job_matches(call: Call) -> None:
    ran = call("receipt", "id:99")
    assert (ran.code, ran.out, ran.err) == (0, "", "No jobs match.\n")


def test_a_damaged_database_is_reported_kept_and_rescued(call: Call, tmp_path: Path) -> None:
    assert call("submit", "one", "two").code == 0
    assert call("doctor", "--rescue").out == "The queue is not damaged.\n"
    file = tmp_path / "data" / "jobs.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(b"\0" * 100 + whole[100:])
    ran = call("jobs")
    assert ran.code == 1
    assert "doctor --rescue" in ran.err
    assert "BAD   queue" in call("doctor").out
    ran = call("doctor", "--rescue")
    assert ran.code == 0, ran.err
    assert "The damaged file is kept as" in ran.out
    assert call("jobs").code == 0
    (kept,) = (tmp_path / "data").glob("jobs.sqlite3.damaged-*")
    assert kept.read_bytes()[100:] == whole[100:]
