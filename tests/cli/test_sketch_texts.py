"""What `sketch` says: who plays, and what an option is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.kit import Call


def test_sketch_says_who_plays(call: Call, tmp_path: Path) -> None:
    out = ("--length", "0:05", "--out", str(tmp_path / "trio.mid"))
    ran = call("sketch", "jazz trio", *out)
    assert [line.split(maxsplit=1)[1] for line in ran.out.splitlines() if line.startswith("band ")] == [
        "Piano, Upright Bass, Drums"
    ]
    (row,) = call("sketch", "jazz trio", *out, "--json").rows
    assert row["band"] == ["Piano", "Upright Bass", "Drums"]


def test_sketch_says_how_the_words_are_pronounced(call: Call, tmp_path: Path) -> None:
    lyrics = tmp_path / "lyrics.txt"
    lyrics.write_text("Hello Привет\nMy friend", "utf-8")
    ran = call("sketch", "pop", "--lyrics", str(lyrics), "--out", str(tmp_path / "song.mid"))
    assert "pronounced   English, dictionary; open vowels for 1 word with unknown letters" in ran.out.splitlines()
    assert "pronounced" not in call("sketch", "lofi piano", "--out", str(tmp_path / "song.mid")).out


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("rock, no drums in the verses", "no drums or percussion in the verses"),
        ("pop, drums only in the chorus, louder guitar in the chorus",
         "drums and percussion only in the choruses, guitar louder in the choruses"),
        ("pop, no bass until verse 2", "no bass until verse 2"),
        ("rock, drums enter in the last chorus", "no drums or percussion until the last chorus"),
        ("funk, guitar drops out after the bridge", "no guitar after the bridge"),
        ("drums and bass only in the verses, full band in the chorus",
         "drums, percussion and bass alone in the verses"),
        ("jazz, only piano and bass", "only the named players"),
        ("pop, starts with the chorus", "chorus first"),
        ("starts a cappella, band kicks in on the second chorus, soul", "only vocals until chorus 2"),
    ],
)  # fmt: skip
def test_the_structure_is_printed_as_people_say_it(call: Call, prompt: str, shown: str) -> None:
    ran = call("sketch", prompt, "--length", "20", "--format", "chordpro", "--out", "-")
    (row,) = [line.removeprefix("structure") for line in ran.err.splitlines() if line.startswith("structure")]
    assert shown in row, row
    assert "where:" not in row
    assert "level:" not in row


def test_understood_words_have_no_signs_around_them(call: Call) -> None:
    ran = call("sketch", "jazz, minor", "--length", "20", "--format", "chordpro", "--out", "-")
    assert "understood   jazz = genre jazz, minor = mode minor\n" in ran.err
    assert "vocals       any singer\n" in ran.err


def test_given_lyrics_decide_the_language_and_the_length(call: Call, tmp_path: Path) -> None:
    lyrics = tmp_path / "lyrics.txt"
    lyrics.write_text("[Strophe]\nIch gehe allein durch die Nacht\nDu bist so weit weg von mir", "utf-8")
    given = ("--lyrics", str(lyrics))

    def planned(prompt: str, *more: str) -> tuple[object, ...]:
        (row,) = call("sketch", "--plan", prompt, *more).rows
        return row["language"], row["length_s"], "length_s" in row["chosen"]

    assert planned("pop", *given) == ("de", None, False)
    assert planned(f"pop\n\n{lyrics.read_text('utf-8')}") == ("de", None, False)
    assert planned("pop, 20 seconds", *given) == ("de", 20.0, False)
    assert planned("pop", *given, "--instrumental")[::2] == ("en", True)
    assert planned("pop")[::2] == ("en", True)
    out = ("--out", str(tmp_path / "song.lrc"))
    said = call("sketch", "pop", *given, *out).out.splitlines()
    assert "language     de" in said
    assert not [line for line in said if line.startswith("length") or ", length" in line]
    (row,) = call("sketch", "pop", *given, *out, "--json").rows
    assert (row["plan"]["language"], "length_s" in row["plan"]["chosen"]) == ("de", False)
    assert abs(row["plan"]["length_s"] - row["duration_s"]) < 1


@pytest.mark.parametrize(
    ("prompt", "options"),
    [
        ("d minor waltz", []),
        ("pop about rain", []),
        ("kyrie, gregorian chant", []),
        ("jazz, 20 s", []),
        ("jazz", ["--instrumental", "--lyrics", "words.txt"]),
    ],
)
def test_a_plan_has_the_length_and_tempo_of_the_song(
    call: Call, tmp_path: Path, prompt: str, options: list[str]
) -> None:
    (tmp_path / "words.txt").write_text("I walk alone\nThe moon is high", "utf-8")
    given = [str(tmp_path / one) if one == "words.txt" else one for one in options]
    (plan,) = call("sketch", "--plan", prompt, *given).rows
    out = ("--out", str(tmp_path / "song.mid"))
    (row,) = call("sketch", prompt, *given, *out, "--json").rows
    assert (row["plan"]["length_s"], row["plan"]["bpm"]) == (plan["length_s"], plan["bpm"])
    assert (row["plan"]["chosen"], round(plan["length_s"], 3)) == (plan["chosen"], row["duration_s"])
    said = call("sketch", prompt, *given, *out).out.splitlines()
    minutes, seconds = divmod(int(row["duration_s"]), 60)
    assert f"length       {minutes}:{seconds:02}" in said
    chosen = [f", length {minutes}:{seconds:02}"] * ("length_s" in plan["chosen"])
    assert [line[line.rindex(", length") :] for line in said if ", length" in line] == chosen


def test_an_instrumental_has_no_language(call: Call, tmp_path: Path) -> None:
    ran = call("sketch", "lofi piano", "--length", "0:05", "--out", str(tmp_path / "song.mid"))
    assert "language" not in ran.out


@pytest.mark.parametrize("option", [["--no-cover"], ["--jobs", "2"], ["--kind", "lines"]])
def test_an_option_for_a_file_of_prompts_says_so_beside_a_prompt(call: Call, option: list[str]) -> None:
    ran = call("sketch", "lofi piano", *option)
    assert ran.code == 2
    assert ran.err == f"{option[0]} is for a file of prompts, and there is no file lofi piano.\n"
    assert "is for a file of prompts" in call("sketch", "lofi " * 99, *option).err


@pytest.mark.parametrize("name", ["song.m4a", "song.AIFF", "song.opus", "song.xyz"])
def test_a_sound_file_of_another_format_is_refused_instead_of_becoming_an_mp3(
    call: Call, tmp_path: Path, name: str
) -> None:
    ran = call("sketch", "lofi piano", "--length", "0:05", "--out", str(tmp_path / name))
    assert ran.code == 2
    ending = Path(name).suffix.lower()
    assert ran.err.startswith(f"A song can't be written as {ending}; use .mp3, .wav, .flac, .ogg, ")
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("format", "name", "right", "by_name"),
    [
        ("stems", "a/st.wav", "a/st.zip", "wav"),
        ("midi", "st.MP3", "st.mid", "mp3"),
        ("mp3", "st.zip", "st.mp3", "stems"),
        ("flac", "st.midi", "st.flac", "midi"),
    ],
)
def test_a_format_and_the_extension_of_another_are_refused(
    call: Call, tmp_path: Path, format: str, name: str, right: str, by_name: str
) -> None:
    ran = call("sketch", "lofi piano", "--length", "5", "--format", format, "--out", name, cwd=tmp_path)
    ending = Path(name).suffix.lower()
    use = f"--format {format} doesn't make a {ending} file: use --out {right}, or --format {by_name}.\n"
    assert (ran.code, ran.err) == (2, use)
    assert not (tmp_path / name).exists()


def test_any_other_extension_is_kept_with_a_format(call: Call, tmp_path: Path) -> None:
    ran = call("sketch", "lofi piano", "--length", "5", "--format", "lrc", "--out", "words.txt", cwd=tmp_path)
    assert ((tmp_path / "words.txt").exists(), ran.code) == (True, 0)


def test_midi_is_written_under_both_of_its_extensions(call: Call, tmp_path: Path) -> None:
    for name in ("song.mid", "song.midi"):
        assert call("sketch", "lofi piano", "--length", "0:05", "--out", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_bytes()[:4] == b"MThd"


@pytest.mark.parametrize("given", [("lofi piano",), ("prompts.txt", "--kind", "lines")])
@pytest.mark.parametrize(("format", "has_sound"), [("midi", False), ("chordpro", False), ("mp3", True)])
def test_a_song_without_sound_has_no_loudness(
    call: Call, tmp_path: Path, given: tuple[str, ...], format: str, has_sound: bool
) -> None:
    """It was -70 LUFS."""
    (tmp_path / "prompts.txt").write_text("lofi piano", "utf-8")
    (row,) = call("sketch", *given, "--format", format, "--length", "5", "--json", cwd=tmp_path).rows
    assert (row["loudness_lufs"] is not None) == has_sound
