"""A table of prompts: explicit values are always right, the rest for at least 95 %."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.words import tables

_PROMPTS = Path(__file__).parent / "prompts"


@cache
def _cases() -> list[dict[str, Any]]:
    return [case for file in sorted(_PROMPTS.iterdir()) for case in tomllib.loads(file.read_text("utf-8"))["case"]]


def _wants_drums(made: Plan) -> bool:
    return any(tables.instruments()[name].family in ("drums", "percussion") for name in made.instruments)


def _drums(made: Plan, wanted: object) -> bool:
    return _wants_drums(made) if wanted else "drums" in made.avoided and not _wants_drums(made)


def _within(field: str) -> Callable[[Plan, Any], bool]:
    return lambda made, wanted: set(wanted) <= set(getattr(made, field))


def _one_of(made: tuple[str | None, ...], wanted: str | list[str]) -> bool:
    return bool(set(made) & set([wanted] if isinstance(wanted, str) else wanted))


_EXPLICIT: dict[str, Callable[[Plan, Any], bool]] = {
    "bpm": lambda made, wanted: bool(made.pulse == wanted),
    "tempo": lambda made, wanted: _one_of((made.tempo,), wanted),
    "key": lambda made, wanted: bool(made.key == wanted),
    "mode": lambda made, wanted: bool(made.mode == wanted),
    "meter": lambda made, wanted: f"{made.meter[0]}/{made.meter[1]}" == wanted,
    "length": lambda made, wanted: bool(made.length_s == wanted),
    "no_length": lambda made, wanted: "length_s" in dict(made.chosen),
    "vocals": lambda made, wanted: _one_of((made.vocals,), wanted),
    "has": lambda made, wanted: all(set(one.split("|")) & set(made.instruments) for one in wanted),
    "hasnt": lambda made, wanted: not set(wanted) & set(made.instruments),
    "lacks": _within("avoided"),
    "drums": _drums,
    "language": lambda made, wanted: bool(made.language == wanted),
    "subject": lambda made, wanted: bool(made.subject == wanted),
}
_SYNONYMS: dict[str, Callable[[Plan, Any], bool]] = {
    "genre": lambda made, wanted: _one_of((made.genre, made.blend), wanted),
    "blend": lambda made, wanted: wanted in (made.genre, made.blend),
    "not_genre": lambda made, wanted: "genre" in dict(made.chosen) or not _one_of((made.genre, made.blend), wanted),
    "moods": _within("moods"),
    "scenes": _within("scenes"),
    "production": _within("production"),
    "structure": _within("structure"),
    "era": lambda made, wanted: bool(made.era == wanted),
}


def test_the_table_is_large_and_has_only_checked_fields() -> None:
    cases = _cases()
    assert len({case["p"] for case in cases}) == len(cases) >= 200
    assert {field for case in cases for field in case} - {"p"} <= set(_EXPLICIT) | set(_SYNONYMS)


def test_stated_values_are_in_the_plan_for_any_seed() -> None:
    assert _missed(_EXPLICIT, 0, 7)[0] == []


def test_at_least_95_percent_of_synonyms_are_understood() -> None:
    missed, checked = _missed(_SYNONYMS, 0)
    assert len(missed) <= 0.05 * checked, missed


@cache
def _plan(prompt: str, seed: int) -> Plan:
    return plan(Request(prompt, seed))


def _missed(
    fields: dict[str, Callable[[Plan, Any], bool]], *seeds: int
) -> tuple[list[tuple[str, int, str, object]], int]:
    """Return (prompt, seed, field, expected value) of each mismatch, and the number of checks."""
    missed = []
    checked = 0
    for case, seed in product(_cases(), seeds):
        made = _plan(case["p"], seed)
        for field in fields.keys() & case.keys():
            checked += 1
            if not fields[field](made, case[field]):
                missed.append((case["p"], seed, field, case[field]))
    return missed, checked
