"""Named prompts and presets in TOML."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from riffusion_tui.config.errors import MAX_PROBLEMS, FolderError, SettingsError
from riffusion_tui.config.library import Library, load_library, save_library

PLAIN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))
TEXTS = st.text(PLAIN, min_size=1).filter(lambda text: text.strip() != "")
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20)


@given(
    prompts=st.dictionaries(NAMES, TEXTS, max_size=5),
    presets=st.dictionaries(NAMES, st.just({"takes": 2, "length_s": 3.5}), max_size=2),
)
@effort(max_examples=40, deadline=None)
def test_the_library_round_trips(
    prompts: dict[str, str], presets: dict[str, dict[str, float]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    library = Library()
    for name, text in prompts.items():
        library = library.with_prompt(name, text)
    for name, options in presets.items():
        library = library.with_preset(name, options)
    file = tmp_path_factory.mktemp("library") / "library.toml"
    save_library(file, library)
    assert load_library(file) == library


def test_the_first_preset_is_saved(tmp_path: Path) -> None:
    save_library(tmp_path / "library.toml", Library().with_preset("long", {"length_s": 240.5, "takes": 2}))
    assert load_library(tmp_path / "library.toml").presets == {"long": {"length_s": 240.5, "takes": 2}}


def test_multiline_prompts_round_trip(tmp_path: Path) -> None:
    library = Library().with_prompt("rain", "lofi\n[Verse] \"quoted\" 'and' \\ \n\nrain")
    save_library(tmp_path / "library.toml", library)
    assert load_library(tmp_path / "library.toml").prompts["rain"] == library.prompts["rain"]


def test_prompts_and_presets_can_be_removed() -> None:
    library = Library().with_prompt("a", "x").with_prompt("b", "y").with_preset("p", {"takes": 2})
    assert library.without_prompt("a").prompts == {"b": "y"}
    assert library.without_preset("p").presets == {}
    assert library.without_prompt("none") == library


def test_a_missing_file_is_empty_and_an_unreadable_one_is_reported(tmp_path: Path) -> None:
    assert load_library(tmp_path / "none.toml") == Library()
    with pytest.raises(FolderError, match="can't be read"):
        load_library(tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[promts]\na = 'x'\n", "Unknown table 'promts'. Did you mean 'prompts'?"),
        ("\nprompts = 3\n", ":2: prompts must be a table, which begins with the line [prompts]."),
        ("[prompts]\na = 3\n", ":2: The prompt 'a' must be text."),
        ("[prompts]\na = ' '\n", "The prompt 'a' must be text."),
        ("[presets]\na = 3\n", ":2: The preset 'a' must be a table"),
        ("[presets.a]\nx = 1\ntake = 2\n", ":3: A preset has no option 'take'. Did you mean 'takes'?"),
        ("[presets.a]\ntakes = 'x'\n", ":2: takes must be a whole number."),
        ("[presets.a]\ninstrumental = 1\n", ":2: instrumental must be true or false."),
    ],
)
def test_errors_name_the_line(text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "library.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_library(tmp_path / "library.toml")
    assert expected in str(caught.value)


def test_only_the_first_of_many_mistakes_are_reported(tmp_path: Path) -> None:
    for table in ("prompts", "presets", "presets.a"):
        (tmp_path / "library.toml").write_text(f"[{table}]\n" + "".join(f"k{number} = 3\n" for number in range(2000)))
        with pytest.raises(SettingsError, match="There may be more; correct these first") as caught:
            load_library(tmp_path / "library.toml")
        assert len(caught.value.problems) == MAX_PROBLEMS


def test_a_preset_accepts_an_integer_length_and_its_text_is_cleaned(tmp_path: Path) -> None:
    (tmp_path / "library.toml").write_text("[presets.a]\nlength_s = 90\nlyrics = '\\u001b[mx'\n".replace("'", '"'))
    assert load_library(tmp_path / "library.toml").presets["a"] == {"length_s": 90.0, "lyrics": "x"}
