"""Tokens to matches: the longest phrase of the lexicon at each place; number and typing errors are forgiven."""

from __future__ import annotations

from dataclasses import dataclass

from riffusion_tui.studio.engine.understand.lexicon import Lexicon, Sense, lexicon
from riffusion_tui.studio.engine.understand.spelling import mend
from riffusion_tui.studio.engine.understand.words import Token


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens `first` to `last` (inclusive) are a phrase of the lexicon with these senses."""

    first: int
    last: int
    senses: tuple[Sense, ...]

    def meaning(self, kind: str) -> str | None:
        """What it means as a `kind`, if it is one."""
        return next((meaning for kind_there, meaning in self.senses if kind_there == kind), None)


def match(tokens: tuple[Token, ...], taken: frozenset[int]) -> tuple[Match, ...]:
    """Find the phrases of the lexicon in `tokens`, left to right, the longest at each place.

    Args:
        tokens: the prompt's.
        taken: positions of tokens that already mean something (figures, keys); no phrase covers them.
    """
    index = lexicon()
    found: list[Match] = []
    at = 0
    while at < len(tokens):
        one = None if at in taken else _longest(index, tokens, at, taken)
        if one is None:
            at += 1
        else:
            found.append(one)
            at = one.last + 1
    return tuple(found)


def meaning_of(words: tuple[str, ...], kind: str) -> str | None:
    """What a phrase by itself means as a `kind`: `electronic`, `drums` as an instrument is a drum machine."""
    tokens = tuple(Token(word, word, 0, 0, "") for word in words)
    one = _longest(lexicon(), tokens, 0, frozenset())
    return one.meaning(kind) if one is not None and one.last == len(words) - 1 else None


def within(tokens: tuple[Token, ...], whole: Match) -> tuple[Match, ...]:
    """Shorter phrases inside a match: `hard hitting drums` holds `drums`."""
    index = lexicon()
    found: list[Match] = []
    at = whole.first
    while at <= whole.last:
        one = _longest(index, tokens[: whole.last + 1], at, frozenset(), shorter_than=whole.last - whole.first + 1)
        if one is not None:
            found.append(one)
        at = one.last + 1 if one is not None else at + 1
    return tuple(found)


def _longest(
    index: Lexicon, tokens: tuple[Token, ...], at: int, taken: frozenset[int], shorter_than: int = 99
) -> Match | None:
    for form in _forms(tokens[at].norm):
        for parts, senses in index.phrases.get(form, ()):
            if len(parts) < shorter_than and _fits(parts, tokens, at, taken):
                return Match(at, at + len(parts) - 1, tuple(senses))
    word = tokens[at].norm
    if word not in index.known:
        mended = mend(word)
        for parts, senses in index.phrases.get(mended, ()) if mended else ():
            if _fits(parts, tokens, at, taken):
                return Match(at, at + len(parts) - 1, tuple(senses))
    return None


def _fits(parts: tuple[str, ...], tokens: tuple[Token, ...], at: int, taken: frozenset[int]) -> bool:
    if at + len(parts) > len(tokens):
        return False
    for offset in range(1, len(parts)):
        token = tokens[at + offset]
        if token.gap in ("hard", "soft") or at + offset in taken:
            return False
        if (
            token.norm != parts[offset]
            and parts[offset] not in _forms(token.norm)[1:]
            and token.norm not in _forms(parts[offset])[1:]
            and not _is_meant(token, parts[offset])
        ):
            return False
    return True


def _is_meant(token: Token, word: str) -> bool:
    """Whether `token` is `word` with a typing error: `acoustic gitar`."""
    return token.norm not in lexicon().known and mend(token.norm) == word


def _forms(word: str) -> tuple[str, ...]:
    """The word, and its singular if it looks like a plural."""
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return (word,)
    if word.endswith("ies"):
        return (word, word[:-3] + "y")
    if word.endswith(("shes", "ches", "xes", "sses")):
        return (word, word[:-2])
    return (word, word[:-1])
