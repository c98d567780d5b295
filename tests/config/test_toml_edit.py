"""Comments and formatting of users' files survive every write."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from riffusion_tui.config.library import load_library, save_library
from riffusion_tui.config.settings_file import load, save, save_keys
from riffusion_tui.config.toml_edit import edited

KEPT = "# mine, from the first day\n"


@pytest.mark.parametrize(
    "text",
    [
        KEPT + "batch.takes = 2 # two\nbatch.instrumental = true\n",
        KEPT + "batch = { takes = 2, instrumental = true } # inline\n",
        KEPT + '[batch]\ntakes = 2 # two\ninstrumental = true\n\n[files]\nfolder = """\n~/songs"""\n',
    ],
    ids=["dotted", "inline", "long string"],
)
def test_setting_a_value_leaves_the_rest_of_the_file_unchanged(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    for key, value in (("batch.takes", 3), ("studio.accounts", 2), ("batch.takes", 4)):
        save(file, key, value)
    output = file.read_text()
    assert load(file).batch.takes == 4
    assert load(file).batch.instrumental is True
    assert load(file).studio.accounts == 2
    assert output.startswith(KEPT)
    for comment in ("# two", "# inline", '"""\n~/songs"""'):
        assert (comment in output) == (comment in text)


def test_keys_are_set_in_an_inline_table(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(KEPT + 'keys = { job.again = "f5", "quit" = "f10" } # inline\n')
    save_keys(file, {"job.again": "f6"})
    assert dict(load(file).keys) == {"job.again": "f6"}
    assert file.read_text().startswith(KEPT)
    assert "# inline" in file.read_text()


def test_saving_the_library_keeps_comments_and_formatting(tmp_path: Path) -> None:
    file = tmp_path / "library.toml"
    file.write_text(
        KEPT + '[prompts]\n"rain" = "lofi" # soft\nold = "x"\n\n[presets]\ndemo = { takes = 2, seed = 1 } # two\n'
    )
    library = load_library(file).with_prompt("long", "two\nlines").without_prompt("old")
    save_library(file, library.with_preset("demo", {"takes": 3}))
    output = file.read_text()
    assert output.startswith(KEPT)
    assert '"rain" = "lofi" # soft' in output
    assert "# two" in output
    again = load_library(file)
    assert dict(again.prompts) == {"rain": "lofi", "long": "two\nlines"}
    assert dict(again.presets["demo"]) == {"takes": 3}


def test_dotted_names_and_unchanged_values_keep_their_form() -> None:
    assert edited('[t]\na.b = 1 # c\n"x." = 2\n', {"t": {"a.b": 1, "x.": 3, "n.m": 4, "q.r": True}}).startswith(
        "[t]\na.b = 1 # c\n"
    )
    assert tomllib.loads(edited("", {"t": {"a": {"b": 1}, "gone": None}})) == {"t": {"a": {"b": 1}}}
    assert tomllib.loads(edited("[t]\na = 1\n", {"t": {"a.b": 2}})) == {"t": {"a": 1, "a.b": 2}}
    assert tomllib.loads(edited("[t]\na.c = 1\n", {"t": {"a.b": 2}}))["t"]["a.b"] == 2
