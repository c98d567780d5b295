"""Harsh voices: how metal is growled and screamed. The pulses of the voice become irregular.

The false vocal folds swing along at about half the pitch: every second pulse is weaker, and no two are alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import genres
from riffusion_tui.studio.engine.singing.tract import RATE, STEP, Mouth
from riffusion_tui.studio.engine.types import Plan

_FALSE_FOLDS = 0.5
"""How fast the false folds swing, relative to the voice."""
_LOOSE = 0.35
"""How much their damping varies."""


@dataclass(frozen=True, slots=True)
class Harshness:
    """How a harsh voice differs from a clean one. `styles/delivery.toml` explains the fields."""

    name: str
    jitter: float
    flutter: float
    breath: float
    length: float = 1.0
    blur: float = 1.0
    pitch: float | None = None


def harshness_of(plan: Plan) -> Harshness | None:
    """Return how harshly a song is sung; None is a clean voice."""
    rows = read_data("delivery.toml")["harsh"]
    genre = genres().get(plan.genre)
    if plan.vocals == "choir" or genre is None or genre["genre"]["family"] not in rows["families"]:
        return None
    manners = {name: row for name, row in rows.items() if isinstance(row, dict)}
    wanted, unwanted = _words(plan, "vocal", "genre"), _words(plan, "avoid")
    for name, row in manners.items():
        if wanted & _listed(row["words"]):
            return _harshness(name, row)
    any_manner = frozenset[str]().union(*(_listed(row["words"]) for row in manners.values()))
    if wanted & _listed(rows["clean"]) or unwanted & any_manner:
        return None
    return next((_harshness(name, row) for name, row in manners.items() if plan.genre in row["genres"]), None)


def _harshness(name: str, row: dict[str, Any]) -> Harshness:
    return Harshness(name, **{key: value for key, value in row.items() if key not in ("words", "genres")})


def _words(plan: Plan, *kinds: str) -> set[str]:
    return {word for term in plan.understood if term.kind in kinds for word in term.word.lower().split()}


@cache
def _listed(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.split(","))


def roughened(mouth: Mouth, harshness: Harshness, seed: int) -> Mouth:
    """Return a clean voice's control tracks as those of a harsh one."""
    rng = np.random.default_rng(seed + 977)
    points = len(mouth.hertz)
    turns = np.cumsum(mouth.hertz * (_FALSE_FOLDS * STEP / RATE) * np.exp(0.25 * rng.standard_normal(points)))
    closed = harshness.flutter * (0.5 - 0.5 * np.cos(2 * np.pi * turns))
    loose = 1 + harshness.flutter * np.clip(_LOOSE * rng.standard_normal(points), -1, 1)
    voice = mouth.voice * (1 - closed) * loose
    return replace(
        mouth,
        hertz=mouth.hertz * 2 ** (harshness.jitter * rng.standard_normal(points) / 12),
        voice=voice,
        breath=np.maximum(mouth.breath, harshness.breath * voice),
        formants=mouth.formants / harshness.length,
        widths=mouth.widths * harshness.blur,
    )
