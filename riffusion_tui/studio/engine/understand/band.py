"""Instruments asked for and instruments refused, in the table's names."""

from __future__ import annotations

from functools import cache
from typing import Any

from riffusion_tui.studio.engine.understand import tables
from riffusion_tui.studio.engine.understand.reading import Reading
from riffusion_tui.studio.engine.understand.words import normalize


def asked_for(reading: Reading) -> tuple[str, ...]:
    """Instruments that the prompt names, each once, in its order."""
    return tuple(dict.fromkeys(said.meaning for said in reading.positive("instrument")))


def refused(reading: Reading, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Instruments that must not sound: what is negated, and for `no drums` or `no guitar` all of their kind but those asked for."""
    names: dict[str, None] = {}
    for said in reading.negative("instrument"):
        names[said.meaning] = None
        names.update(dict.fromkeys(_all_of_the_kind(_fold(said.word))))
    for said in reading.positive("avoid"):
        names[said.meaning] = None
        names.update(dict.fromkeys(_all_of_the_kind(said.meaning)))
    for said in reading.positive("vocal"):
        if said.meaning == "a cappella":
            names.update(dict.fromkeys(("drums", "percussion", "bass")))
    return tuple(name for name in names if name not in asked or _is_refused_by_name(reading, name))


def only_these(reading: Reading, asked: tuple[str, ...]) -> bool:
    """Whether the song is for one instrument alone: `solo piano`; but `piano solo` and `starts with solo piano` are parts."""
    alone = {said.last for said in reading.positive("structure") if said.meaning == "solo"}
    opening = {said.sentence for said in reading.positive("structure") if said.meaning == "solo intro"}
    firsts = [said for said in reading.positive("instrument") if said.at - 1 in alone and said.sentence not in opening]
    return bool(firsts) and len(asked) <= 2


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    """Words for a kind of instruments to the instruments of that kind."""
    kinds: dict[str, tuple[str, ...]] = {}
    for name, row in avoided_table().items():
        taken = set(tables.split_words(row["takes"]))
        members = tuple(one.name for one in tables.instruments().values() if one.family in taken or one.name in taken)
        for word in (name, *tables.split_words(row["typed"])):
            kinds[_fold(word)] = members
    return kinds


@cache
def avoided_table() -> dict[str, Any]:
    """The table of words that say by themselves what must not sound."""
    return tables.read_table("lexicon/avoided.toml")


def _all_of_the_kind(word: str) -> tuple[str, ...]:
    return _kinds().get(word, ())


def _fold(word: str) -> str:
    return " ".join(normalize(part) for part in word.replace("-", " ").split())


def _is_refused_by_name(reading: Reading, name: str) -> bool:
    return any(said.meaning == name for said in reading.negative("instrument"))
