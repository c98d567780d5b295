"""The cast of a prompt that is quiet and names no genre, or says little besides instruments: `piano and violin`."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.understand import tables
from riffusion_tui.studio.engine.understand.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.mentions import Mention, Reading

MAX_INSTRUMENTS = 4
"""Instruments that such a prompt can name, at most."""
_UNPITCHED = frozenset({"drums", "percussion", "fx"})
_SAID_OF_PLAYERS = frozenset({"instrument", "mood", "tempo", "genre", "flavour"})
_SAID_OF_MUSIC = frozenset({"key", "mode", "tempo", "meter", "length"})
"""What can stand beside a list of players: `sad violin and piano, in B minor`."""


def quiet_cast(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a plain guitar as an acoustic one; empty if a genre decides.

    `two violins` are two players. A lone instrument of single lines gets strings for the chords.

    Args:
        reading: the prompt's.
        requested: the instruments that it names.
    """
    table = tables.instruments()
    pitched = [name for name in requested if table[name].family not in _UNPITCHED]
    if not pitched or len(requested) > MAX_INSTRUMENTS:
        return ()
    counts = _counts(reading)
    several = len(requested) > 1 or any(counts.values())
    if not is_quiet(reading) and not (several and len(pitched) == len(requested) and _names_only_players(reading)):
        return ()
    if any(name in _words("instruments") or _is_a_machine(name) for name in requested):
        return ()
    plain = any(is_plain_guitar(one) for one in reading.positive("instrument"))
    players = tuple(
        "acoustic guitar" if plain and name == "electric guitar" else name
        for name in requested
        for _ in range(counts.get(name, 1))
    )
    chordal = any({"chords", "pad", "arp"} & set(table[name].roles) for name in pitched)
    return players if chordal or len(players) > 1 else (*players, *_words("chords"))


def is_quiet(reading: Reading) -> bool:
    """Whether a prompt is quiet throughout, and names no genre but a lullaby."""
    mentions = reading.positive("energy", "mood", "genre")
    if not any(reading.tokens[at].norm in _words("words") for s in mentions for at in range(s.at, s.last + 1)):
        return False
    if any(token.norm in _words("larger") for token in reading.tokens):
        return False
    genres = reading.positive("genre", "flavour")
    sleepy = any(s.meaning == "lullaby" for s in genres)
    return all(s.meaning == "lullaby" or (sleepy and _is_of_an_instrument(reading, s)) for s in genres)


def _names_only_players(reading: Reading) -> bool:
    """Whether the prompt is players, joined by `and` or counted, and perhaps their mood, tempo and key.

    `clarinet, a cello and a sad violin, in B minor` is, also as a waltz; `piano, cello` may be keywords.
    """
    if any(mention.kind not in _SAID_OF_PLAYERS or mention.negated for mention in reading.mentions):
        return False
    genres = reading.positive("genre", "flavour")
    if not all(one.meaning in _words("genres") or _is_of_an_instrument(reading, one) for one in genres):
        return False
    covered = {at for mention in reading.mentions for at in range(mention.at, mention.last + 1)}
    music = {at for one in reading.stated if one.kind in _SAID_OF_MUSIC for at in range(one.start, one.end)}
    between = [
        token
        for at, token in enumerate(reading.tokens)
        if at not in covered and token.start not in music and token.norm not in _numbers()
    ]
    listed = any(token.norm in _words("joined") for token in between) or any(_counts(reading).values())
    return (
        listed
        and all(token.norm in _words("joined") | _words("articles") for token in between)
        and not any(token.gap == "hard" or token.norm in _words("larger") for token in reading.tokens[1:])
    )


def _counts(reading: Reading) -> dict[str, int]:
    """Return how many play an instrument, where a number stands before its plural: `two acoustic guitars`."""
    words = reading.tokens
    return {
        mention.meaning: _numbers()[words[mention.at - 1].norm]
        for mention in reading.positive("instrument")
        if mention.at > 0
        and words[mention.at].gap == ""
        and words[mention.at - 1].norm in _numbers()
        and tables.instruments()[mention.meaning].family != "voice"
    }


@cache
def _numbers() -> dict[str, int]:
    return {word: int(number) for word, number in read_data("lexicon/ensembles.toml")["numbers"].items()}


def _is_of_an_instrument(reading: Reading, mention: Mention) -> bool:
    """Whether a genre only says which instrument: `celtic harp`."""
    return any(one.at <= mention.at <= one.last for one in reading.positive("instrument"))


def _is_a_machine(name: str) -> bool:
    return tables.instruments()[name].family in _words("families") and name not in _words("allowed")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(tables.split_words(read_data("lexicon/ensembles.toml")["quiet"][name]))
