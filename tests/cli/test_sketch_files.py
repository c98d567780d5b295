"""Where `sketch` puts a song, and what the file is called."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.kit import Call, Calling, Program

PROMPT = "d minor waltz, no drums [live]"


@pytest.fixture
def call(calling: Calling, tmp_path: Path) -> Call:
    return calling(Program.at(tmp_path / "home"))


def test_a_song_is_named_after_its_title_and_overwrites_nothing(call: Call, tmp_path: Path) -> None:
    """As a song of the queue is."""
    shown = [
        call("sketch", PROMPT, "--format", "midi", "--length", "5", "--title", "../A/B, c & 'd'", cwd=tmp_path).out
        for _ in range(2)
    ]
    assert {path.name for path in tmp_path.glob("*.mid")} == {"A B, c & 'd'.mid", "A B, c & 'd' 2.mid"}
    assert "understood   d minor = key D, d minor = mode minor, waltz = genre waltz" in shown[0]
    assert "LUFS" not in shown[0]
    assert shown[1].endswith("A B, c & 'd' 2.mid\n")


def test_a_full_disk_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "prompts.txt").write_text("techno\n\nhouse\n")
    program = Program.at(tmp_path / "home")
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
    command = [
        program.command()[0],
        "-c",
        f"{limited} from riffusion_tui.cli import main; sys.exit(main(sys.argv[1:]))",
    ]
    options = [
        "sketch",
        str(tmp_path / "prompts.txt"),
        "--length",
        "5",
        "--format",
        "wav",
        "--out",
        str(tmp_path / "out"),
    ]
    ran = subprocess.run([*command, *options], env=program.environ, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert f"The songs can't be written to {tmp_path / 'out'}: No space left on device. Finished songs" in ran.stderr


def test_a_song_is_put_into_a_folder_that_exists(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "all.flac"
    folder.mkdir()
    for _ in range(2):
        ran = call("sketch", PROMPT, "--format", "midi", "--length", "5", "--title", "A", "--out", str(folder))
        assert ran.code == 0, ran.err
    assert {path.name for path in folder.iterdir()} == {"A.mid", "A 2.mid"}
    assert ran.out.endswith(f"{folder / 'A 2.mid'}\n")
    ran = call("sketch", PROMPT, "--out", "")
    assert (ran.code, "Argument --out: the path is empty." in ran.err) == (2, True)
    ran = call("sketch", PROMPT, "--format", "midi", "--length", "5", "--out", "x" * 5000)
    assert (ran.code, "File name too long" in ran.err) == (2, True)


def test_names_of_letters_of_four_bytes_fit_the_file_system(call: Call, tmp_path: Path) -> None:
    letters = "\N{MATHEMATICAL BOLD CAPITAL A}" * 90
    ran = call("sketch", PROMPT, "--format", "midi", "--length", "5", "--title", letters, cwd=tmp_path)
    assert ran.code == 0, ran.err
    (file,) = tmp_path.glob("*.mid")
    assert file.name == f"{letters[:25]}.mid"
    (tmp_path / "prompts.txt").write_text(f"{letters}\n", "utf-8")
    ran = call("sketch", "prompts.txt", "--kind", "lines", "--format", "midi", "--length", "5", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert len(list(tmp_path.glob("*.mid"))) == 2


@pytest.mark.parametrize("given", ["new/", "new/more/", "new/."])
def test_a_slash_at_the_end_of_out_makes_a_folder(call: Call, tmp_path: Path, given: str) -> None:
    ran = call("sketch", PROMPT, "--format", "midi", "--length", "5", "--title", "A", "--out", given, cwd=tmp_path)
    assert (tmp_path / given / "A.mid").is_file(), ran.err
    assert ran.out.endswith(f"{(tmp_path / given / 'A.mid')}\n")


def test_a_folder_that_cannot_be_made_is_an_error(call: Call, tmp_path: Path) -> None:
    (tmp_path / "A.mid").touch()
    ran = call("sketch", PROMPT, "--out", "A.mid/", cwd=tmp_path)
    assert (ran.code, ran.err) == (2, "The song can't be written to A.mid: it is a file, not a folder.\n")
    ran = call("sketch", PROMPT, "--out", "/proc/new/")
    assert (ran.code, ran.err) == (2, "The song can't be written to /proc/new: No such file or directory.\n")
    (tmp_path / "prompts.txt").write_text("techno\n\nhouse\n")
    taken = tmp_path / "A.mid"
    ran = call("sketch", str(tmp_path / "prompts.txt"), "--out", str(taken))
    assert (ran.code, ran.err) == (2, f"The songs can't be written to {taken}: it is a file, not a folder.\n")


def test_a_file_of_prompts_is_not_planned_as_a_prompt(call: Call, tmp_path: Path) -> None:
    (tmp_path / "prompts.txt").write_text("techno\n\nhouse\n")
    ran = call("sketch", "prompts.txt", "--plan", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "riffusion-tui sketch - --plan < prompts.txt" in ran.err


@pytest.mark.parametrize("empty", ["", "\n \n"])
def test_an_empty_input_has_no_plan(call: Call, empty: str) -> None:
    ran = call("sketch", "--plan", "-", stdin=empty)
    assert (ran.code, ran.out, ran.err) == (2, "", "Standard input is empty; describe the song.\n")


@pytest.mark.parametrize("prompts", [("",), (" ",), ("rain", "")])
def test_an_empty_prompt_has_no_plan(call: Call, prompts: tuple[str, ...]) -> None:
    ran = call("sketch", *prompts, "--plan")
    assert (ran.code, ran.out, ran.err) == (2, "", "The prompt is empty; describe the song.\n")


def test_an_unwritable_path_is_reported(call: Call) -> None:
    ran = call("sketch", PROMPT, "--out", "/proc/nowhere/x.mp3")
    assert ran.code == 2
    assert "can't be written to /proc/nowhere: " in ran.err
    assert "Traceback" not in ran.err


def test_every_prompt_of_a_file_that_sketch_cannot_make_is_reported(call: Call, tmp_path: Path) -> None:
    lines = ['{"prompt": "a", "service": "acestep"}', '{"prompt": "b"}', '{"prompt": "c", "length": 9999}']
    file = tmp_path / "songs.jsonl"
    file.write_text("\n".join(lines))
    ran = call("sketch", str(file), "--out", str(tmp_path / "songs"))
    words = [line.removeprefix(f"{file}: ")[:22] for line in ran.err.splitlines()]
    assert (ran.code, words) == (2, ["line 1: This prompt is", "line 3: A song's lengt"])


def test_songs_of_a_file_are_named_by_number_and_title_or_prompt(call: Call, tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.csv"
    prompts.write_text("prompt,title\nlofi piano,Slow: Rain\njazz trio,\n", encoding="utf-8")
    ran = call("sketch", str(prompts), "--out", str(tmp_path), "--format", "midi", "--length", "5")
    assert ran.code == 0, ran.err
    names = sorted(path.name for path in tmp_path.glob("*.mid"))
    assert [name[:-13] for name in names] == ["001 Slow Rain", "002 jazz trio"]
