"""How many play an instrument, if the prompt gives a number: `3 cellos`, `two sad violins`, `a pair of trumpets`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.instrument_groups import MAX_ALIKE
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import ensemble_words
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.instruments.named_instruments import named_in
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.tokens import stem

_HOW = frozenset({"mood", "energy", "production", "tempo", "flavour", "genre", "era"})
"""What can stand between the number and the instrument: `three sad cellos`."""


def counts(reading: Reading, genre: tables.Genre | None = None) -> dict[str, int]:
    """Return how many play each instrument of which the prompt gives a number."""
    found: dict[str, int] = {}
    words: dict[str, str] = {}
    for name, mention in named_in(reading, genre):
        number = _number_after(reading, mention) or _number_before(reading, mention)
        typed = stem(mention.word.lower())
        if name in found and typed != words[name] and number is None:
            number = 1  # `4 clarinets and a bass clarinet`
        if number is not None and tables.instruments()[name].family != "voice":
            found[name] = number + (found.get(name, 0) if typed != words.get(name, typed) else 0)
            words.setdefault(name, typed)
            if is_plain_guitar(mention):
                found.setdefault("acoustic guitar", number)
    return found


def counted_group(reading: Reading, genre: tables.Genre) -> tuple[str, ...]:
    """Return the players of a group whose players are counted, `orchestra of 12 flutes`; empty if there is none."""
    words = reading.norms
    groups = ensemble_words("groups")
    starts = [at for at in range(len(words) - 2) if words[at] in groups and words[at + 1] == "of"]
    number = counts(reading, genre)
    for at in starts:
        listed = dict.fromkeys(name for name, mention in named_in(reading, genre) if mention.at > at)
        if words[at + 2] in numbers() and listed and listed.keys() <= number.keys():
            return tuple(name for name in listed for _ in range(number[name]))
    return ()


def recounted(players: tuple[str, ...], numbers: dict[str, int], size: int) -> tuple[str, ...]:
    """Return an ensemble with as many of each as the prompt says; of the others fewer, so that it keeps its size.

    Args:
        players: the ensemble's.
        numbers: how many play each instrument of which the prompt gives a number.
        size: of the ensemble.
    """
    found: list[str] = []
    for name in dict.fromkeys(players):
        found += [name] * numbers.get(name, players.count(name))
    while len(found) > size and (others := [name for name in found if name not in numbers]):
        most = max(found.count(name) for name in others)
        found.remove(next(name for name in reversed(others) if found.count(name) == most))
    return tuple(found)


def counted(reading: Reading, players: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the players with as many of each as the prompt says; four saxophones are one of each size."""
    if len(players) > len(set(players)):
        return players
    number, sections = counts(reading, genre), dict(_sections(reading, genre))
    return tuple(one for name in players for one in sections.get(name) or _several(name, number.get(name, 1)))


def doubled(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the further players of the instruments of which the prompt wants several in a genre's band.

    Saxophones are of several sizes. Guitars, keyboards and machines play as many parts as the band needs anyway.
    """
    found: list[str] = []
    for name, number in counts(reading, genre).items():
        if name in requested and _is_a_player(name):
            alike = _kinds_of_sax() if name == "sax" else (name,) * MAX_ALIKE
            found += [one for one in alike[1 : min(number, MAX_ALIKE)] if one == name or one not in requested]
    return tuple(found)


def _is_a_player(name: str) -> bool:
    """Whether an instrument has one part in a band."""
    table = read_data("lexicon/ensembles.toml")["in bands"]
    known = tables.instruments()[name]
    one = known.family in split_words(table["families"]) or not tables.is_meant(name, known.family)
    return one and name not in split_words(table["sections"])


def _kinds_of_sax() -> tuple[str, ...]:
    return split_words(read_data("lexicon/ensembles.toml")["in bands"]["saxophones"])


def _sections(reading: Reading, genre: tables.Genre) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the sections that the prompt names, each as an instrument and its players: `woodwinds`."""
    for name, mention in named_in(reading, genre):
        for row in read_data("lexicon/ensembles.toml")["sections"]:
            if mention.word.lower() in split_words(row["words"]):
                yield name, split_words(row["players"])


def _several(name: str, number: int) -> tuple[str, ...]:
    sizes = split_words(read_data("lexicon/ensembles.toml")["standard"]["sax 4"])
    return sizes if name == "sax" and number == len(sizes) else (name,) * number


def number_of_players(reading: Reading) -> int | None:
    """Return how many play, as in `5 players`; None if the prompt doesn't say."""
    words = reading.norms
    players = context_words("words for players")
    return next((numbers()[one] for one, after in pairwise(words) if one in numbers() and after in players), None)


def _number_after(reading: Reading, mention: Mention) -> int | None:
    """Return the number in `marimba x2`, `guitar (x 2)`; None if none follows."""
    after = [token.norm for token in reading.tokens[mention.last + 1 : mention.last + 3]]
    typed = "".join(after) if after[:1] == ["x"] else "".join(after[:1])
    return numbers().get(typed.removeprefix("x")) if typed.startswith("x") else None


def _number_before(reading: Reading, mention: Mention) -> int | None:
    """Return the number before an instrument, or before what describes it."""
    words = reading.tokens
    how = positions(reading.positive(*_HOW))
    figures = reading.stated_characters()
    at = mention.at
    while at > 0 and not words[at].gap:
        at -= 1
        if words[at].start in figures:
            return None  # `6/8 guitar` is one
        if words[at].norm in numbers():
            return (
                None if at in how or words[at].norm.startswith("x") else numbers()[words[at].norm]
            )  # `2-step drums` are one kit
        if at not in how and words[at].norm != "of":
            return None
    return None
