"""Which mentions of instruments say the same: `guitar` beside `electric guitar`, a class beside its member."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.mentions import Mention
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.tokens import normalize, tokenize

_STRUNG = ("7", "8", "seven", "eight")
"""Strings of a guitar of any kind: `7-string guitar`."""


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
