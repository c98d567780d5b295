"""Lines joined from halves scan and rhyme, and two songs rarely share one."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, pairwise

import pytest

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics import write
from riffusion_tui.studio.engine.lyrics.rhymes import rhyme_key
from riffusion_tui.studio.engine.lyrics.syllables import count
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request

_FORM = ("intro", "verse", "prechorus", "chorus", "verse", "prechorus", "chorus", "solo", "bridge", "chorus", "ending")
_THEMES = [name for name in read_data("lyrics/themes.toml") if name not in ("subject", "hooks")]


def _plan(prompt: str, seed: int = 0) -> Plan:
    return plan(Request(prompt, seed))


_HALVES = read_data("lyrics/halves.toml")
_SYLLABLES = {"heads": 4, "rises": 5, "places": 4, "tails": 4, "opening_tails": 4, "cries": 4, "reflections": 4}


def _halves(table: str, name: str) -> list[str]:
    return [
        half.strip() for row in _HALVES[table].get(name, "").splitlines() for half in row.split(",") if half.strip()
    ]


@pytest.mark.parametrize("table", [name for name in _HALVES if name not in ("subject", "titles")])
def test_every_half_scans(table: str) -> None:
    for name, syllables in _SYLLABLES.items():
        for half in _halves(table, name):
            assert count(half) == syllables, half


def test_every_head_of_a_family_scans() -> None:
    heads = [head for row in genre_files.families().values() for head in row["family"].get("heads", ())]
    assert len(heads) > 100
    assert [head for head in heads if count(head) != 4] == []


_PLAYED = re.compile(
    r"\b(trumpets?|pianos?|guitars?|sax|fiddles?|violins?|congas?|drums kick|drums draw|the drums are|drummer|kick drum"
    r"|bass|bassline|organ|synths?|tambourine|kazoo|horn cuts|brushes|speakers|marching band|my strings)\b"
)


@pytest.mark.parametrize("file", ["halves", "themes"])
def test_no_line_names_a_player_whom_the_band_may_lack(file: str) -> None:
    """In a bossa nova for flute and guitar, `the trumpets cry`."""
    assert _PLAYED.findall(str(read_data(f"lyrics/{file}.toml")).lower()) == []


def test_no_head_of_a_family_names_a_player_whom_the_band_may_lack() -> None:
    heads = [head for row in genre_files.families().values() for head in row["family"].get("heads", ())]
    assert [head for head in heads if _PLAYED.search(head)] == []


@pytest.mark.parametrize(
    "tail",
    [
        "right at my feet",
        "once and for all",
        "by some design",
        "right to the core",
        "and so do you",
        "at its own pace",
        "against my will",
    ],
)
def test_no_tail_needs_a_fitting_head(tail: str) -> None:
    """A mule's blues had `We share one hood right at my feet` and `I stand and steam once and for all`."""
    assert tail not in _halves("any", "tails") + _halves("subject", "tails")


@pytest.mark.parametrize("theme", _THEMES)
def test_every_theme_has_halves_and_its_tails_rhyme(theme: str) -> None:
    assert len(_halves(theme, "heads")) >= 20
    assert len(_halves(theme, "rises")) >= 12
    words: dict[str, set[str]] = {}
    for tail in _halves("any", "tails") + _halves(theme, "places"):
        words.setdefault(rhyme_key(tail), set()).add(tail.split()[-1])
    assert sum(len(ends) > 1 for ends in words.values()) >= 25


@pytest.mark.parametrize("prompt", ["wedding song for Sofia and Marco, pop", "birthday song for my sister Anna, pop"])
def test_a_line_for_somebody_says_how_or_when_one_sings(prompt: str) -> None:
    """A line was `This little song is for Sofia and Marco across your face`."""
    openings = [half.replace("{np}", "").strip() for half in _halves("occasion", "openings")]
    found = set[str]()
    for seed in range(20):
        song = write(_plan(prompt, seed), _FORM)
        lines = [line.text for section in song.sections if section.kind == "verse" for line in section.lines]
        found |= {line for line in lines if line.startswith(tuple(openings))}
    assert found
    assert all(line.endswith(tuple(_halves("occasion", "opening_tails"))) for line in found)


def test_songs_rarely_share_a_line() -> None:
    """Of 300 songs of all genres, 97 of 100 lines were in another song too, and one in nine pairs shared one."""
    prompts = [genre for genre in genre_files.genres() if genre != "plainchant"][:150]
    songs = [write(_plan(prompt, seed), _FORM) for prompt in prompts for seed in (1, 2)]
    lines = [{line.text for section in song.sections for line in section.lines} for song in songs]
    found = Counter(line for own in lines for line in own)
    repeated = sum(number for number in found.values() if number > 1)
    assert repeated <= 0.12 * sum(found.values())
    sharing = sum(bool(one & two) for one, two in combinations(lines, 2))
    assert sharing <= 0.008 * len(lines) * (len(lines) - 1) / 2
    titles = Counter(song.title for song in songs)
    assert sum(number for number in titles.values() if number > 1) <= 0.15 * len(songs)


def test_songs_of_one_prompt_rarely_share_a_line() -> None:
    for prompt in ("pop", "country song about my old truck", "metal", "rainy day ballad"):
        lines = [
            {s.text for x in write(_plan(prompt, seed), _FORM).sections for s in x.lines[1::2]} for seed in range(10)
        ]
        assert sum(bool(one & two) for one, two in combinations(lines, 2)) <= 12, prompt


def test_no_line_has_a_word_twice_where_its_halves_meet() -> None:
    for seed in range(40):
        for line in write(_plan("road song", seed), _FORM).text.splitlines():
            words = line.lower().replace(",", "").split()
            assert all(one != two or len(one) < 4 for one, two in pairwise(words)), line
