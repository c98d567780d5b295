"""Words and instruments by which ensembles are recognized, from `ensembles.toml` and the genres' files."""

from __future__ import annotations

from riffusion_tui.studio.engine.genre_files import overrides
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context
from riffusion_tui.studio.engine.understand.words.tokens import phrase

MACHINE_FAMILIES = frozenset({"synth", "fx"})
"""Families of instruments that form no ensemble: a synth-pop duo is not two synthesizers."""


def joined(reading: Reading, at: int, to: int) -> bool:
    """Whether `of` or `for` joins two tokens: `quartet of saxophones`, `trio for three flutes`."""
    between = [token.norm for token in reading.tokens[at + 1 : to]]
    return (
        bool(between)
        and between[0] in ensemble_words("of")
        and ensemble_words("before players").issuperset(between[1:])
    )


def is_beside(reading: Reading, at: int) -> bool:
    """Whether the word at token `at` adds what follows to a band: `with`, `backed by`; not `jazz by`, `played by`."""
    word, before = reading.tokens[at].norm, reading.tokens[at - 1].norm if at else ""
    if word != "by":
        return word in ensemble_words("beside")
    named = any(one.last == at - 1 for one in reading.positive("genre"))
    return not named and before not in ensemble_words("performed")


def is_art_song(reading: Reading) -> bool:
    """Whether the prompt is about an art song, which a singer sings to a piano: `schubert lied`."""
    return any(phrase(one.word) in context("art songs") for one in reading.positive("genre"))


def is_played(reading: Reading, genre: Mention) -> bool:
    """Whether a genre is what an ensemble before it plays: `recorder consort playing pop`."""
    words = [token.norm for token in reading.tokens[max(0, genre.at - 3) : genre.at]]
    return not ensemble_words("performing").isdisjoint(words)


def played_in(reading: Reading) -> list[Mention]:
    """Return the mentioned instruments that are not machines."""
    mention = reading.positive("instrument")
    return [one for one in mention if tables.instruments()[one.meaning].family not in MACHINE_FAMILIES]


def ensemble_words(name: str) -> frozenset[str]:
    """Return a list of words of `ensembles.toml`."""
    return tables.word_set("ensembles", "words", name)


def usual_players(kind: str, genre: tables.Genre) -> tuple[str, ...]:
    """Return the players of a genre's or its family's `[ensemble]`."""
    found: tuple[str, ...] = ()
    for table in overrides("ensemble", genre.name):
        found = tuple(table.get(kind, found))
    return found


def remaining(usual: tuple[str, ...], named: tuple[str, ...]) -> list[str]:
    """Return the usual players whose places the named ones don't take: those of another, or of its family."""
    rest, table = list(usual), tables.instruments()
    for name in named:
        alike = [one for one in rest if one == name] + [one for one in rest if table[one].family == table[name].family]
        if alike:
            rest.remove(alike[0])
    return rest
