"""Lines fit a song's moods, energy and genre."""

from __future__ import annotations

import re

import pytest

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics import write
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_FORM = ("verse", "prechorus", "chorus", "verse", "prechorus", "chorus", "bridge", "verse", "chorus")
_FILES = ("halves", "themes")


def _texts(prompt: str) -> list[str]:
    return [write(plan(Request(prompt, seed)), _FORM).text.lower() for seed in range(12)]


@pytest.mark.parametrize(
    ("prompt", "unfit"),
    [
        ("slow sad bossa nova in D minor about a closed bakery, flute and guitar only", "dance|dancing|hips keep time"),
        ("slow sad bossa nova about a closed bakery", "we'll make it through|i feel fine|world is mine"),
        ("sad country song about a broken fence", "and i'm okay|we'll be just fine|that's just fine|i feel alive"),
        ("death metal about taxes", "i feel fine|tell me you care|life is sweet|kiss"),
        ("punk about parking tickets", "you are the one|we kiss|i bring you tea|you save the window seat"),
        ("punk in G", "you are the one|we kiss|i bring you tea|you save the window seat"),
        ("happy pop song about roller skates", "something has died|born just to die|it broke my heart|grave"),
        ("lullaby about a little bear", "wine|whiskey|gin|blood|coffin"),
        ("folk song about a mill", "burn it all down|none will survive|nothing but hate|confetti"),
        ("slow jazz ballad about rain", "dance|dancing|party|strobe"),
    ],
)  # fmt: skip
def test_no_line_contradicts_the_song(prompt: str, unfit: str) -> None:
    assert [found for text in _texts(prompt) for found in re.findall(rf"\b(?:{unfit})\b", text)] == []


@pytest.mark.parametrize(
    ("prompt", "fit"),
    [
        ("happy disco about the weekend", "danc(e|ing)|party|confetti|the beat|the heat"),
        ("love song", "you are the one|kiss|heart"),
        ("death metal", "burn it all down|cold to the core|blood|under black sky|nothing but hate|none will survive"),
        ("sad ballad about my old house", "i'm all alone|it all went wrong|no one's home|nobody's there"),
    ],
)  # fmt: skip
def test_some_lines_are_only_for_such_a_song(prompt: str, fit: str) -> None:
    assert any(re.search(fit, text) for text in _texts(prompt))


@pytest.mark.parametrize("rule", read_data("lyrics/fit.toml")["rules"])
def test_every_half_that_a_rule_bars_exists(rule: str) -> None:
    row = read_data("lyrics/fit.toml")["rules"][rule]
    every = {half.strip() for file in _FILES for half in re.split(r"[,\n]", _all(file))}
    every |= {half.strip() for half in _heads_of_families()}
    assert [half for half in re.split(r",\s*|\n", row.get("halves", "").strip()) if half and half not in every] == []


def _all(file: str) -> str:
    tables = read_data(f"lyrics/{file}.toml").values()
    return "\n".join(text for table in tables for text in table.values() if isinstance(text, str))


def _heads_of_families() -> list[str]:
    return [head for row in genre_files.families().values() for head in row["family"].get("heads", ())]
