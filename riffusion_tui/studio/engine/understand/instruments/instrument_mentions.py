"""Which mentions of instruments say the same, and for which kind of guitar or bass the plain word stands."""

from __future__ import annotations

import re

from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.tokens import normalize, tokenize

_STRUNG = ("7", "8", "seven", "eight")
"""Strings of a guitar of any kind: `7-string guitar`."""
_ELECTRIC = re.compile(r"\belectric guitar\b")


def each_once(named: list[Mention]) -> list[Mention]:
    """Drop a plain `guitar` if a kind of guitar is named too, and a class of instruments if a member is."""
    kinds = [
        mention
        for mention in named
        if mention.meaning.endswith("guitar") and not (is_plain_guitar(mention) or is_fingered(mention))
    ]
    return [
        mention
        for mention in named
        if not (kinds and (is_plain_guitar(mention) or is_fingered(mention)))
        and not (_is_a_class(mention) and _is_specified(mention, named))
    ]


def is_fingered(mention: Mention) -> bool:
    """Whether it only says how a guitar is plucked: `fingerstyle`."""
    return folded(mention.word) in context_words("fingered")


def _is_a_class(mention: Mention) -> bool:
    return folded(mention.word).endswith(" instrument")


def _is_specified(mention: Mention, named: list[Mention]) -> bool:
    """Whether the sentence specifies the class: `a plucked string instrument, probably a koto`."""
    return any(one.sentence == mention.sentence and not _is_a_class(one) for one in named)


def is_plain_guitar(mention: Mention) -> bool:
    """Whether the prompt says just `guitar` or `guitars`, which are the kind that the genre plays."""
    words = folded(mention.word).split()
    strung = words[:1] and words[0] in _STRUNG and words[1:] in (["string", "guitar"], ["string", "guitars"])
    return bool(strung) or (words[-1:] in (["guitar"], ["guitars"]) and words[:-1] in ([], ["rhythm"]))


def names_a_plain_guitar(reading: Reading) -> bool:
    """Whether the prompt has such a guitar."""
    return any(is_plain_guitar(one) for one in reading.positive("instrument"))


def is_plain_organ(mention: Mention) -> bool:
    """Whether the prompt says just `organ`, which is a church's in classical music."""
    return folded(mention.word) in context_words("plain organs")


def is_a_solo(mention: Mention) -> bool:
    """Whether it is a solo, not the instrument itself: `guitar solos`."""
    return mention.word.lower().endswith(("solo", "solos"))


def folded(word: str) -> str:
    """Return a phrase with each of its words normalized: `Hi-Hats` is `hi hats`, `гитары` is `guitar`."""
    if not word.isascii():
        return " ".join(token.norm for token in tokenize(word))
    return " ".join(normalize(part) for part in word.replace("-", " ").split())


def with_own_bass(requested: tuple[str, ...], players: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a bass as the only kind of bass in an exact cast: `jazz trio, bass solo`."""
    basses = {name for name in set(players) - {LONE_SINGER} if tables.instruments()[name].family == "bass"}
    if len(basses) != 1:
        return requested
    return tuple(dict.fromkeys(min(basses) if name == "bass" else name for name in requested))


def with_plain_guitar(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a plain `guitar` as the acoustic one instead of the usual electric one."""
    plain = names_a_plain_guitar(reading)
    return tuple("acoustic guitar" if plain and name == "electric guitar" else name for name in requested)


def with_acoustic_guitar(requested: tuple[str, ...], players: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a guitar as the acoustic one of an exact cast without an electric one."""
    if "acoustic guitar" not in players or "electric guitar" in players:
        return requested
    return tuple(dict.fromkeys("acoustic guitar" if name == "electric guitar" else name for name in requested))


def with_own_guitar(hints: tuple[str, ...], requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the hints with the kind that a plain `guitar` or `bass` stands for: `distorted guitar solo`.

    Args:
        hints: those of `structure`.
        requested: the instruments that the prompt names, each as the genre's kind.
    """
    if "upright bass" in requested and "bass" not in requested:
        hints = tuple(f"upright {hint}" if hint == "bass solo" else hint for hint in hints)
    guitars = [name for name in requested if name.endswith("guitar")]
    if "electric guitar" in requested or len(guitars) != 1:
        return hints
    return tuple(_ELECTRIC.sub(guitars[0], hint) for hint in hints)
