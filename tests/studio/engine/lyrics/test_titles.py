"""The studio's own titles are of many patterns and fit the song's mood."""

from __future__ import annotations

import re

import pytest

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics import title
from riffusion_tui.studio.engine.lyrics.syllables import count
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request


def _titles() -> list[str]:
    prompts = ["delta blues", "sad ballad", "happy pop", "punk", "death metal", "folk", "dark techno", "love song"]
    return [title(plan(Request(prompt, seed))) for prompt in prompts for seed in range(40)]


def test_few_titles_are_of_one_pattern() -> None:
    """Titles were Another Cigarette, Midnight Cigarette, One More Photograph, Your Last Photograph."""
    found = _titles()
    formula = re.compile(r"(another|one more|the last|your|my|the) (\w+ )?\w+", re.IGNORECASE)
    halves = read_data("lyrics/halves.toml")["titles"]["adjectives"].split()
    adjectives = {word.strip(",").capitalize() for word in halves}
    alike = [one for one in found if formula.fullmatch(one) or one.split()[0] in adjectives]
    assert len(alike) <= len(found) / 4
    themes = read_data("lyrics/themes.toml").values()
    whole = {row.split(" | ")[0].strip() for theme in themes for row in theme["titles"].strip().splitlines()}
    pairs = [one for one in found if one.split()[0] in adjectives and one not in whole]
    assert len(set(pairs)) == len(pairs)


@pytest.mark.parametrize(
    ("prompt", "unfit"),
    [("sad ballad", "golden|bright|lucky|party|dance"), ("happy pop", "hollow|wounded|broken|grave")],
)
def test_a_title_fits_the_mood(prompt: str, unfit: str) -> None:
    assert [one for seed in range(80) if re.search(unfit, (one := title(plan(Request(prompt, seed)))).lower())] == []


def test_a_line_as_a_hook_pauses_within_no_word_of_its_answers() -> None:
    """An answer that was sung to its hook's rhythm was recited with a pause within `away`."""
    hooks = read_data("lyrics/halves.toml")["titles"]["line_hooks"].strip().splitlines()
    assert {count(hook.replace("{t}", "")) for hook in hooks} <= {0, 4}
    assert all(hook.startswith("{t}, ") for hook in hooks)
