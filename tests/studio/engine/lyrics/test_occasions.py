"""A song for an occasion has its words, and those of no other."""

from __future__ import annotations

import re

import pytest

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics import write
from riffusion_tui.studio.engine.lyrics.halves import is_occasion
from riffusion_tui.studio.engine.lyrics.syllables import count
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request

_FORM = ("verse", "prechorus", "chorus", "verse", "bridge", "chorus", "ending")
_OCCASIONS = [name for name in read_data("lyrics/halves.toml") if is_occasion(name)]


def _text(prompt: str, seed: int) -> str:
    return write(plan(Request(prompt, seed=seed)), _FORM).text.lower()


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("my sister's 40th birthday song, funk", "birthday"),
        ("happy birthday Annelise, pop song", "birthday"),
        ("birthday song", "birthday"),
        ("song for my wife's 40th birthday", "birthday"),
        ("wedding song for Sofia and Marco", "wedding|vows?|ring|aisle|bells|i do"),
        ("happy anniversary mom and dad", "anniversary|years?"),
        ("Mother's Day song for my mom", "mother's day|mother|mom"),
        ("Father's Day song for my dad", "father's day|father|dad"),
        ("get well soon, Bob", "get well|well"),
        ("retirement song for our boss Linda", "farewell|goodbye|thank you|good luck|wherever"),
        ("baby shower song for Priya", "welcome|little|sleep|hello|baby"),
        ("graduation song", "graduation|class|caps?|gate|tassel"),
        ("office christmas party song", "christmas|tree|carol|bells|star|holly|mistletoe"),
        ("happy new year, pop", "new year|year|midnight|january"),
        ("halloween song for kids", "halloween|pumpkin|monsters?|bats?|treat|skeleton"),
        ("in memory of my dog Rex", "remember|memory|light|with us|rest"),
    ],
)
def test_its_words_are_sung(prompt: str, words: str) -> None:
    for seed in range(8):
        text = _text(prompt, seed)
        assert re.search(rf"\b(?:{words})\b", text), text


@pytest.mark.parametrize(
    ("prompt", "age"),
    [
        ("birthday song for Anna who turns 30", "30"),
        ("song for Anna, who is turning 40, pop", "40"),
        ("a song for my dad who turns 60", "60"),
        ("happy 50th birthday Dave!", "50"),
        ("my sister's 40th birthday song, funk", "40"),
        ("birthday song for Tom, he is 7", "7"),
        ("21st birthday song", "21"),
        ("birthday song for my 5 year old daughter", "5"),
    ],
)
def test_somebodys_age_is_sung(prompt: str, age: str) -> None:
    made = plan(Request(prompt, 1))
    assert not {age, f"{age}th", "turns"} & {*made.ignored}
    for seed in range(6):
        text = _text(prompt, seed)
        assert re.search(rf"\b{age} (?:today|now)\b", text), text
        assert "who turns" not in text


@pytest.mark.parametrize(
    "prompt", ["song about a 17 year old girl", "birthday song for Anna", "pop, 90 bpm, about turns"]
)
def test_other_figures_are_no_ages(prompt: str) -> None:
    for seed in range(6):
        assert not re.search(r"\d", _text(prompt, seed))


@pytest.mark.parametrize(
    ("prompt", "scene"),
    [
        ("a goodbye song for a colleague", "farewell"),
        ("song for our teacher who is leaving", "farewell"),
        ("a goodbye song for my ex", "heartbreak"),
        ("goodbye, a folk song", "heartbreak"),
    ],
)
def test_a_colleague_is_bidden_farewell(prompt: str, scene: str) -> None:
    made = plan(Request(prompt, 1))
    assert scene in made.scenes
    assert len({"farewell", "heartbreak"} & {*made.scenes}) == 1


def test_an_occasion_keeps_to_its_theme() -> None:
    """No barn, and nobody kisses in queues."""
    for prompt in ("my sister's 40th birthday song, country", "get well soon, Bob, dance-pop", "wedding song, metal"):
        for seed in range(8):
            assert not re.search(r"barn|queue|neon|strobe|as i was told|cheap old kicks|grave", _text(prompt, seed))


def test_a_lost_pet_is_not_danced_for() -> None:
    for seed in range(8):
        assert not re.search(r"danc|party|confetti", _text("in memory of my dog Rex, country", seed))


@pytest.mark.parametrize("theme", _OCCASIONS)
def test_every_hook_of_an_occasion_scans(theme: str) -> None:
    row = read_data("lyrics/themes.toml")[theme]
    hooks = [*row["named"].strip().splitlines(), *row["about"].strip().splitlines()]
    assert len(row["named"].strip().splitlines()) >= 4
    for hook in hooks:
        assert "{call}" in hook.lower() or "{np}" in hook
        assert 5 <= count(re.sub(r"\{\w+\}", "Anna", hook)) <= 12, hook


def test_the_subject_is_introduced_in_plain_words() -> None:
    """`You were talking of my distant lover inside of me` made no sense."""

    def tails(table: str) -> set[str]:
        rows = read_data("lyrics/halves.toml")[table]["tails"].splitlines()
        return {tail.strip() for row in rows for tail in row.split(",") if tail.strip()}

    assert all(count(tail) == 4 for tail in tails("subject") | tails("occasion"))
    for seed in range(20):
        verse = write(plan(Request("k-pop song about a distant lover", seed)), ("verse",)).sections[0].lines
        for line in verse[:2]:
            assert not any(line.text.endswith(tail) for tail in tails("any") - tails("subject")), line.text
