"""Chooses the genre and the one blended into it: those that the prompt names, or those that its words suggest."""

from __future__ import annotations

from functools import cache
from random import Random

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.understand import tables
from riffusion_tui.studio.engine.understand.lexicon import context_words, weak_words
from riffusion_tui.studio.engine.understand.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.tokens import phrase

_QUIET = ("slow", "very slow", "calm", "calm energy", "sad", "melancholic")

_EVERYWHERE = ("drums", "percussion", "bass", "fx", "claps", "shaker", "tambourine")
"""Instruments that say little about the genre."""
_COLOUR = 2.8
"""Weight of an adjective such as `jazzy`; an instrument's is 1."""
_NOTHING_SAID = 0.04
"""Differences in energy below this are ignored."""


def named(reading: Reading) -> tuple[str | None, str | None]:
    """Return the genre that the prompt names and the one blended into it, or None."""
    weights = _weights(reading)
    stated = {said.meaning for said in reading.positive("genre")}
    for said in reading.negative("genre", "flavour"):
        if said.kind == "genre" or said.meaning not in stated:
            weights.pop(said.meaning, None)
    if not weights:
        return None, None
    ranked = sorted(weights, key=lambda name: -weights[name])
    best = ranked[0]
    narrower = [name for name in ranked[1:] if weights[name] > weights[best] - 0.4 and _within(name, best)]
    if narrower:
        best = narrower[0]
    elif "purpose" in tables.genres()[best].traits and len(ranked) > 1 and weights[ranked[1]] > 0.4:
        best = ranked[1]
    others = [name for name in ranked if name != best and not _within(best, name)]
    others.sort(key=lambda name: tables.genres()[name].family == tables.genres()[best].family)
    return best, others[0] if others else None


def is_only_coloured(reading: Reading) -> bool:
    """Whether the prompt has only adjectives of genres: `a jazzy piano`."""
    return not reading.positive("genre")


def pointed_to(reading: Reading, energy: float, draw: Random) -> str:
    """Return a genre for a prompt that names none: one that its words suggest, or a common one.

    Args:
        reading: the prompt's.
        energy: the prompt's, 0.5 if it does not say: a sad piano suggests a nocturne rather than a pop song.
        draw: the plan's randomness for this field.
    """
    refused = {said.meaning for said in reading.negative("genre", "flavour")}
    votes = _votes(reading)
    names = [name for name in votes if name not in refused] or _usual(reading, refused)
    weights = [(max(votes.get(name, 0.0), 0.1) * _fits(name, reading, energy)) ** 6 for name in names]
    return draw.choices(names, weights)[0]


def _votes(reading: Reading) -> dict[str, float]:
    votes = {said.meaning: _COLOUR * (0.6 if said.use else 1.0) for said in reading.positive("flavour")}
    hints = _hints()
    asked: set[str] = set()
    for said in reading.positive("instrument"):
        if said.meaning not in asked:
            asked.add(said.meaning)
            word = hints["words"].get(" ".join(phrase(said.word)))
            names = tables.split_words(word or hints["instruments"].get(said.meaning, ""))
            weight = 0.3 if said.meaning in _EVERYWHERE and not word else 1.6 if len(names) == 1 or word else 1.0
            _vote(votes, names, weight / (1 + 0.1 * said.sentence))
    for said in reading.positive("vocal"):
        _vote(votes, tables.split_words(hints["voices"].get(said.meaning, "")), 0.9)
    for word in _tongues(reading):
        _vote(votes, tables.split_words(hints["languages"][word]), 1.5)
    for said in reading.positive("scene", "place", "activity", "mood"):
        colour = tables.colours()[(said.kind, said.meaning)]
        _vote(votes, colour.genres, 0.8 if said.kind != "mood" else 1.2)
    for name in tuple(votes):
        votes[name] += 0.3 * len(asked & set(tables.genres()[name].instruments))
    return votes


def _tongues(reading: Reading) -> list[str]:
    """Return the languages of the lyrics: `in Swahili`, `Hindi lyrics`."""
    words = [token.norm for token in reading.tokens]
    return [
        word
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
        if word in _hints()["languages"] and (before == "in" or after in context_words("sung words"))
    ]


def _fits(name: str, reading: Reading, energy: float) -> float:
    """Return how well a genre's energy, tempo and vocals fit the prompt."""
    genre = tables.genres()[name]
    fit = 1.0 if abs(energy - 0.5) < _NOTHING_SAID else 1.0 - abs(genre.energy - energy)
    said = {one.meaning for one in reading.positive("tempo") if not one.use}
    ranges = [tables.paces()[word].range for word in said]
    sung = {one.meaning for one in reading.positive("vocal")} - {"none"}
    silent = any(one.meaning == "voice" for one in reading.negative("vocal"))
    silent = silent or any(one.meaning == "none" for one in reading.positive("vocal"))
    fit *= 0.7 if (sung and genre.vocals == "none") or (silent and not sung and genre.vocals != "none") else 1.0
    meets = any(low <= genre.bpm[1] and genre.bpm[0] <= high for low, high in ranges)
    return fit * (1.0 if meets or not ranges else 0.6)


def _weights(reading: Reading) -> dict[str, float]:
    weights: dict[str, float] = {}
    order = 0
    before: Mention | None = None
    for said in reading.positive("genre", "flavour"):
        weight = (1.0 if said.kind == "genre" else 0.45) * (0.3 if said.use else 1.0) - 0.03 * min(order, 8)
        weight -= 0.3 * _is_weak(reading, said)
        weight += 0.12 * (said.last > said.at and said.kind == "genre") + _beside(reading, said)
        if before is not None and before.last + 1 == said.at and reading.tokens[said.at].gap == "":
            weight += 0.15
        weights[said.meaning] = max(weights.get(said.meaning, 0.0), weight) + (0.2 if said.meaning in weights else 0.0)
        before, order = said, order + 1
    return weights


def _beside(reading: Reading, said: Mention) -> float:
    """Return a weight by the words beside it: `rock song` names a genre, `rock-tinged` is an adjective."""
    following = [token for token in reading.tokens[said.last + 1 : said.last + 3] if token.gap not in ("hard", "soft")]
    if following and following[0].norm in _related("colour"):
        return -0.5 if said.kind == "genre" else 0.0
    if following and following[0].norm in _related("head") and said.kind == "genre":
        return 0.2
    before = reading.tokens[said.at - 1].norm if said.at else ""
    if before in ("genre", "style") or (said.at > 1 and reading.tokens[said.at - 2].norm == "genre"):
        return 0.3
    return -0.1 if before in context_words("place prepositions") else 0.0


def _is_weak(reading: Reading, said: Mention) -> bool:
    """Whether it is an ordinary word before something else than a song: `acid synth bass` is not acid house."""
    if said.last > said.at or reading.tokens[said.at].norm not in weak_words():
        return False
    following = reading.tokens[said.last + 1 : said.last + 2]
    return bool(following) and following[0].gap == "" and following[0].norm not in _related("head")


def _within(narrow: str, broad: str) -> bool:
    return narrow != broad and tables.genres()[narrow].family in tables.genres()[broad].covers


def _vote(votes: dict[str, float], names: tuple[str, ...], weight: float) -> None:
    for place, name in enumerate(names):
        votes[name] = votes.get(name, 0.0) + weight / (1 + 0.25 * place)


def _usual(reading: Reading, refused: set[str]) -> list[str]:
    quiet = any(said.meaning in _QUIET for said in reading.positive("tempo", "mood", "energy"))
    sung = bool(reading.positive("vocal")) and not any(said.meaning == "none" for said in reading.positive("vocal"))
    names = tables.split_words(_hints()["else"]["quiet" if quiet else "sung" if sung else "any"])
    return [name for name in names if name not in refused] or ["pop"]


@cache
def _related(name: str) -> frozenset[str]:
    return frozenset(tables.word_lists("relations").get(name, ()))


@cache
def _hints() -> dict[str, dict[str, str]]:
    """Return the hints at several genres, of `hints.toml`, and at one, of that genre's file."""
    found = {kind: dict(rows) for kind, rows in read_data("lexicon/hints.toml").items()}
    for name, table in genre_files.genres().items():
        for kind, words in table.get("hints", {}).items():
            found[kind] |= dict.fromkeys(words, name)
    return found
