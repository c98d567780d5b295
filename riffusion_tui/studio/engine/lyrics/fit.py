"""Which lines fit a song: none about dancing in a slow sad one, none that ends happily in a dark one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_lines, split_words
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.understand.words.tables import genres

_BY_TWO = re.compile(r"\b(?:I|me|my|mine|our)\b")
"""Words of one of a couple."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Fit:
    """What a song's lines may say."""

    barred: frozenset[str] = frozenset()
    """Names of the rules of `fit.toml` that bar lines."""
    guests: bool = False
    """Whether the guests of a couple sing."""

    def allows(self, line: str) -> bool:
        """Whether a half of a line, a line or a couplet fits."""
        words, halves = _barred_by(self.barred)
        return (
            line not in halves
            and words.isdisjoint(_WORD.findall(line.lower()))
            and not (self.guests and _BY_TWO.search(line))
        )


def fit_of(plan: Plan, theme: str) -> Fit:
    """Return what fits a song of a theme."""
    rules = read_data("lyrics/fit.toml")["rules"].items()
    tones = _tones(plan, theme)
    return Fit(frozenset(name for name, rule in rules if _bars(name, rule, tones)))


def _tones(plan: Plan, theme: str) -> frozenset[str]:
    """Return the tones of a song."""
    genre = genres()[plan.genre]
    own = {
        "moods": {*plan.moods}, "themes": {theme}, "families": {genre.family}, "genres": {plan.genre},
        "traits": {*genre.traits},
    }  # fmt: skip
    return frozenset(
        name
        for name, row in read_data("lyrics/fit.toml")["tones"].items()
        if plan.energy >= row.get("energy", 2.0)
        or any(not own[kind].isdisjoint(split_words(row.get(kind, ""))) for kind in own)
    )


def _bars(name: str, rule: Mapping[str, str], tones: frozenset[str]) -> bool:
    """Whether a rule bars its lines from a song with some tones."""
    only, never = split_words(rule.get("only", "")), split_words(rule.get("never", ""))
    return bool(only and tones.isdisjoint(only)) or (not tones.isdisjoint(never) and name not in tones)


@cache
def _barred_by(rules: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words and the halves that some rules bar."""
    rows = [read_data("lyrics/fit.toml")["rules"][name] for name in rules]
    halves = (half for row in rows for line in split_lines(row.get("halves", "")) for half in split_words(line))
    return frozenset(word for row in rows for word in split_words(row.get("words", ""))), frozenset(halves)
