"""Lock and re-roll, and edits of songs, on the command line with the program's own studio."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.kit import Call, Calling, Program

PROMPT = "rain, a ballad with piano, 7 seconds"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A home with one finished song, job 1."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "config").mkdir()
    (folder / "config" / "settings.toml").write_text("[studio]\nrenderers = 1\n")  # each takes a second to start
    program = Program.at(folder, RIFFUSION_TUI_SERVICE_NAME="studio")
    ran = program("submit", PROMPT, "--seed", "7", "--wait")
    assert ran.code == 0, ran.err
    return program


@pytest.fixture
def here(calling: Calling, home: Program) -> Call:
    return calling(home)


def receipts(here: Call) -> dict[int, dict[str, Any]]:
    return {row["receipt"]["id"]: row for row in here("receipt").rows}


def newest(here: Call) -> tuple[int, dict[str, Any]]:
    id = max(rows := receipts(here))
    return id, rows[id]


def test_locks_are_kept_in_receipts_and_batches_of_receipts_and_an_edit_is_a_child_of_its_songs_job(
    here: Call, tmp_path: Path
) -> None:
    ran = here("again", "1", "--lock", "all", "--prompt", f"{PROMPT}, + trumpet solo")
    assert ran.code == 0, ran.err
    _, requested = newest(here)
    assert set(requested["extra"]) == {"tempo", "key", "form", "band", "like", "lyrics_strength"}
    assert (requested["extra"]["like"], requested["seed"]) == (PROMPT, 7)
    assert "piano" in requested["extra"]["band"]
    assert requested["lyrics"]
    file = tmp_path / "again.jsonl"
    file.write_text(json.dumps(requested))
    assert here("batch", str(file)).code == 0
    _, replayed = newest(here)
    assert {name: replayed[name] for name in requested if name != "receipt"} == {
        name: requested[name] for name in requested if name != "receipt"
    }
    assert "locks don't keep" not in ran.err
    ran = here("edit", "1", "mute", "stem=PIANO")
    assert (ran.code, "mute of 1" in ran.out) == (0, True), ran.err
    assert here("edit", "1", "transpose", "key=F# minor").code == 0
    lines = here("jobs").out.splitlines()
    assert any("mute piano of 1, " in line.lower() for line in lines), lines
    muted, moved = list(receipts(here).values())[-2:]
    assert muted["extra"] == {"stem": "Piano"}
    assert muted["source"] == moved["source"] == receipts(here)[1]["receipt"]["job_id"]
    assert here("work").code == 0  # once for all four, since it starts a studio
    rows = receipts(here)
    first, second, *edited = (rows[one["receipt"]["id"]]["receipt"] for one in (requested, replayed, muted, moved))
    assert first["status"] == second["status"] == "done"
    assert Path(first["file"]).read_bytes() == Path(second["file"]).read_bytes()
    assert {one["status"] for one in edited} == {"done"}
    assert [Path(one["file"]).stem.rpartition(" (")[2] for one in edited] == ["mute Piano)", "transpose F sharp minor)"]
    assert first["title"] == rows[1]["receipt"]["title"], "with its words, a song keeps its title"
    ran = here("again", str(muted["receipt"]["id"]), "--lock", "tempo")
    id = muted["receipt"]["id"]
    assert f"Job {id} is an edited song; its locks don't keep: mute Piano." in ran.err
    listed = here("jobs", "--json", f"id:{moved['receipt']['id']}").rows
    assert listed[0]["title"] == rows[1]["receipt"]["title"]


def test_only_a_lyrics_lock_keeps_the_title(here: Call) -> None:
    title = receipts(here)[1]["receipt"]["title"]
    for locks, expected in (("lyrics", title), ("all", title), ("tempo,seed", None)):
        assert here("again", "1", "--lock", locks).code == 0
        assert newest(here)[1].get("title") == expected
    assert here("cancel", "1-99").code == 1


def test_again_and_edit_wait_like_submit(here: Call, tmp_path: Path) -> None:
    ran = here("again", "1", "--wait", "--json", "--out", str(tmp_path / "out"))
    assert ran.code == 0, ran.err
    (row,) = ran.rows
    assert (row["status"], row["prompt"]) == ("done", PROMPT)
    assert Path(row["file"]).parent == tmp_path / "out"
    ran = here("edit", "1", "transpose", "key=C minor", "--timeout", "0.001")
    assert (ran.code, "Not finished in time: 1 of 1." in ran.err) == (4, True)
    assert here("cancel", str(newest(here)[0])).code == 0
    assert [one["status"] for one in here("again", "1", "--json").rows] == ["queued"]
    ran = here("--plain", stdin=":again 1 --wait\n")
    assert ran.out.splitlines()[-1] == "Line mode doesn't wait: it prints each song when it is finished."
    assert here("cancel", "2-99").code == 1


def test_single_properties_can_be_locked(here: Call) -> None:
    assert here("again", "1", "--lock", "tempo, key").code == 0
    _, requested = newest(here)
    assert set(requested["extra"]) == {"tempo", "key"}
    assert "seed" not in requested
    assert here("again", "1", "--lock", "tempo", "--other-seed").code == 0
    assert here("again", "1", "--lock", "tempo", "--lock", "key").code == 0
    assert set(newest(here)[1]["extra"]) == {"tempo", "key"}
    assert here("cancel", "1-9").code == 1


def test_a_lock_can_be_given_as_an_option_and_in_a_matrix(here: Call, tmp_path: Path) -> None:
    file = tmp_path / "matrix.txt"
    file.write_text("{folk|jazz} song\n")
    ran = here("batch", str(file), "--tempo", "90", "--form", "3/4, intro 2, verse 4, ending 2")
    assert ran.code == 0, ran.err
    rows = list(receipts(here).values())[-2:]
    assert [row["extra"]["form"] for row in rows] == ["3/4, intro 2, verse 4, ending 2"] * 2
    for command in (("submit", "folk"), ("batch", str(file)), ("batch", str(file), "--dry-run")):
        ran = here(*command, "--tempo", "900")
        assert (ran.code, ran.err) == (2, "--tempo must be a number (30 to 300), not '900'.\n")
    for name, text, why in (
        (
            "form",
            "verse",
            "form must look like 4/4, intro 4, verse 8, chorus 8, ending 2 (sections and their bars), not 'verse'.",
        ),
        ("form", "verse 8, " * 250 + "verse 8", "form has 2,257 characters; the limit is 2,000."),
        (
            "band",
            "piano",
            "band must look like drums=drums, bass=upright bass, lead=flute, vocal=female (players), not 'piano'.",
        ),
        ("like", "a" * 10_001, "like has 10,001 characters; the limit is 10,000."),
    ):
        ran = here("submit", "folk", f"--{name}", text)
        assert (ran.code, ran.err) == (2, f"--{why}\n")
    ran = here("submit", "folk", "--band", "drums=spoon")
    assert (ran.code, ran.err) == (2, "band: 'spoon' is unknown; did you mean bassoon?\n")
    ran = here("again", "1", "--lock", "tempi")
    assert (ran.code, "use tempo, key, seed, form, band, lyrics or all" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("1", "mute"), "stem is required"),
        (("1", "mute", "stem=Kazoo"), "stem must be one of "),
        (("1", "swap", "stem=Piano", "instrument=kazoo"), "instrument: 'kazoo' is unknown; did you mean koto?"),
        (("1", "swap", "stem=piano", "instrument=drums"), "drums can't play the notes of Piano; swap drums for"),
        (("1", "swap", "stem=Vocals", "instrument=flute"), "vocals can only be muted."),
        (("1", "replace", "section=Verse 99"), "section must be one of "),
        (("1", "transpose", "key=J moll"), "key must look like A minor, F#m or D dorian, not 'J moll'"),
        (("1", "mute", "drums"), "write it as FIELD=VALUE"),
        (("1", "mute", "stam=Piano"), "mute has no field 'stam'; its fields: stem."),
        (("1", "mute", "stem=Piano", "seed=3"), "mute has no field 'seed'; its fields: stem."),
        (("1", "mute", "stem=Piano", "--prompt", "quietly"), "mute takes no prompt."),
        (("1", "mute", "stem=Piano", "--lyrics", "-"), "mute takes no lyrics."),
        (("1", "sing"), "it has replace, resize, transpose, swap, mute"),
        (("1-2", "mute"), "give the number of one"),
        (("9999", "mute", "stem=Drums"), "9999"),
    ],
)
def test_an_impossible_edit_is_refused_before_it_is_queued(here: Call, words: tuple[str, ...], expected: str) -> None:
    before = len(receipts(here))
    ran = here("edit", *words)
    assert ran.code == 2
    assert expected in ran.err
    assert len(receipts(here)) == before


def test_the_help_of_a_field_names_every_service_that_has_it(here: Call) -> None:
    shown = " ".join(here("submit", "--help").out.split())
    assert "--key KEY C major, F# minor or Bb major (studio, acestep)" in shown


def test_the_help_of_work_lists_no_options_of_submit(here: Call) -> None:
    assert "--wait" not in here("work", "--help").out


def test_the_help_lists_edits_and_their_fields(here: Call) -> None:
    ran = here("edit", "--help")
    assert ran.code == 0
    text = ran.out
    assert "mute (studio)" in text
    assert "extend (flowmusic)" in text
    assert "stem=" in text


def test_songs_in_dotted_quarters_are_listed_with_their_tempo_and_keep_it_when_locked(
    calling: Calling, tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text("[studio]\nrenderers = 1\n")
    here = calling(Program.at(tmp_path, RIFFUSION_TUI_SERVICE_NAME="studio"))
    for meter, tempo in (("12/8", 80), ("6/8", 99)):
        assert here("submit", f"solo piano, slow blues in {meter}, {tempo} bpm, 8 seconds", "--seed", "7").code == 0
    assert here("work").code == 0
    for locks in ("tempo", "all"):
        assert here("again", "1-2", "--lock", locks).code == 0
    assert here("work").code == 0
    for tempo, of_these in ((80, (1, 3, 5)), (99, (2, 4, 6))):
        rows = {row["id"]: row for row in here("jobs", "--json", f"bpm:{tempo}").rows}
        assert sorted(rows) == list(of_these)
        assert rows[of_these[2]]["duration_s"] == rows[of_these[0]]["duration_s"]
        assert {receipts(here)[id]["extra"]["tempo"] for id in of_these[1:]} == {str(tempo)}


def test_an_edit_whose_song_is_gone_offers_no_retry(calling: Calling, home: Program, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    shutil.copytree(home.environ["RIFFUSION_TUI_HOME"], folder)
    there = calling(Program.at(folder, RIFFUSION_TUI_SERVICE_NAME="studio"))
    id = json.loads(there("edit", "1", "transpose", "key=F# minor", "--json").out)["id"]
    shutil.rmtree(folder / "data" / "studio")
    ran = there("work")
    says = "can't be retried, as the song that it edits is gone. Make that song again (`again`), then edit the new one."
    assert f"Job {id} {says}" in ran.err.splitlines()
    assert "riffusion-tui retry" not in ran.err
