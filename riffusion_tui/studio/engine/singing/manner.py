"""Manners of singing: growled and screamed, with grit, whispered.

In a harsh voice the pulses become irregular: the false vocal folds swing along at about half the pitch, every second
pulse is weaker, and no two are alike. In a whisper, breath takes their place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.genre_files import genres
from riffusion_tui.studio.engine.instrument_groups import CHOIR_VOICES
from riffusion_tui.studio.engine.singing.mouth import RATE, STEP, Mouth
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.synth.tones import Floats

_FALSE_FOLDS = 0.5
"""How fast the false folds swing, relative to the voice."""
_LOOSE = 0.35
"""How much their damping varies."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a voice differs from a clean one. `styles/delivery.toml` explains the fields."""

    name: str
    jitter: float
    flutter: float
    breath: float
    length: float = 1.0
    blur: float = 1.0
    voiced: float = 1.0
    pitch: float | None = None
    vibrato: float = 0.0
    gathered: float = 0.0


def manner_of(plan: Plan) -> Manner | None:
    """Return the manner in which a song is sung; None is a clean voice."""
    rows = read_data("delivery.toml")["manner"]
    genre = genres().get(plan.genre)
    if plan.vocals in CHOIR_VOICES or genre is None:
        return None
    family = genre["genre"]["family"]
    manners = {name: row for name, row in rows.items() if isinstance(row, dict)}
    wanted, unwanted = _words(plan, "vocal", "genre"), _words(plan, "avoid")
    if family not in rows["harsh_families"]:
        return _outside_metal(manners, _words(plan, "vocal"), family) or _usual(manners, plan.genre, unwanted)
    for name, row in manners.items():
        if wanted.intersection(split_words(row["words"])):
            return _manner(name, row)
    return None if wanted.intersection(split_words(rows["clean"])) else _usual(manners, plan.genre, unwanted)


def _usual(manners: dict[str, dict[str, Any]], genre: str, unwanted: set[str]) -> Manner | None:
    """Return how a genre is usually sung, unless the prompt excludes any such manner."""
    any_manner = frozenset[str]().union(*(split_words(row["words"]) for row in manners.values() if row["genres"]))
    if unwanted & any_manner:
        return None
    return next((_manner(name, row) for name, row in manners.items() if genre in row["genres"]), None)


def _outside_metal(manners: dict[str, dict[str, Any]], wanted: set[str], family: str) -> Manner | None:
    """Return the manner that the prompt asks for; a growl or scream is only grit if voices keep their melody."""
    for name, row in manners.items():
        if wanted.intersection(split_words(row["elsewhere"])):
            fits = family in row.get("families", (family,))
            return _manner(name, row) if fits else _manner(row["softened"], manners[row["softened"]])
    return None


def _manner(name: str, row: dict[str, Any]) -> Manner:
    sound = ("jitter", "flutter", "breath", "length", "blur", "voiced", "pitch", "vibrato", "gathered")
    return Manner(name, **{key: row[key] for key in sound if key in row})


def _words(plan: Plan, *kinds: str) -> set[str]:
    return {word for term in plan.understood if term.kind in kinds for word in term.word.lower().split()}


def in_manner(mouth: Mouth, manner: Manner, seed: int) -> Mouth:
    """Return a clean voice's control tracks as those of a voice in some manner."""
    rng = np.random.default_rng(seed + 977)
    points = len(mouth.hertz)
    turns = np.cumsum(mouth.hertz * (_FALSE_FOLDS * STEP / RATE) * np.exp(0.25 * rng.standard_normal(points)))
    closed = manner.flutter * (0.5 - 0.5 * np.cos(2 * np.pi * turns))
    loose = 1 + manner.flutter * np.clip(_LOOSE * rng.standard_normal(points), -1, 1)
    voice = mouth.voice * (1 - closed) * loose
    return replace(
        mouth,
        hertz=mouth.hertz * 2 ** (manner.jitter * rng.standard_normal(points) / 12),
        voice=manner.voiced * voice,
        breath=np.maximum(mouth.breath, manner.breath * voice),
        formants=_gathered(mouth.formants / manner.length, manner.gathered),
        widths=mouth.widths * manner.blur,
    )


def _gathered(formants: Floats, share: float) -> Floats:
    """Return formants whose third and fourth are nearer to each other by this share: the singer's formant."""
    middle = formants[:, 2:].mean(axis=1, keepdims=True)
    return np.concatenate([formants[:, :2], formants[:, 2:] + share * (middle - formants[:, 2:])], axis=1)
