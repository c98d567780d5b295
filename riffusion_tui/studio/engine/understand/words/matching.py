"""Tokens → matches: the longest phrase of the lexicon at each place, tolerating plurals and typing errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from riffusion_tui.studio.engine.understand.words.lexicon import (
    Lexicon,
    Phrase,
    Sense,
    context,
    context_words,
    lexicon,
    lone_names,
)
from riffusion_tui.studio.engine.understand.words.spelling import correct
from riffusion_tui.studio.engine.understand.words.tables import sections
from riffusion_tui.studio.engine.understand.words.tokens import Token, owns, singulars, stem

_LIKE = ("noun", "like")
"""What an adjective such as `piano-like` consists of."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase of the lexicon: tokens `first` to `last` (inclusive) and its senses."""

    first: int
    last: int
    senses: tuple[Sense, ...]

    @property
    def span(self) -> range:
        """The positions of its tokens."""
        return range(self.first, self.last + 1)

    def has(self, *kinds: str) -> bool:
        """Whether one of its senses is of one of these kinds."""
        return any(kind in kinds for kind, _ in self.senses)

    def meaning(self, kind: str) -> str | None:
        """Return its meaning as a `kind`, or None."""
        return next((meaning for kind_there, meaning in self.senses if kind_there == kind), None)


def match(tokens: tuple[Token, ...], taken: frozenset[int]) -> tuple[Match, ...]:
    """Find the phrases of the lexicon in `tokens`, left to right, the longest at each place.

    Args:
        tokens: the prompt's.
        taken: positions of tokens that are already interpreted (figures, keys); no phrase covers them.
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
    """Return a phrase's meaning as a `kind`: (`electronic`, `drums`) as an instrument is a drum machine."""
    tokens = tuple(Token(word, word, 0, 0, "") for word in words)
    one = _longest(lexicon(), tokens, 0, frozenset())
    return one.meaning(kind) if one is not None and one.last == len(words) - 1 else None


def within(tokens: tuple[Token, ...], whole: Match) -> tuple[Match, ...]:
    """Return shorter phrases inside a match: `drums` in `hard hitting drums`."""
    index = lexicon()
    inside = tokens[whole.first : whole.last + 1]
    found: list[Match] = []
    at = 0
    while at < len(inside):
        one = _longest(index, inside, at, frozenset(), shorter_than=len(inside))
        if one is not None:
            found.append(Match(one.first + whole.first, one.last + whole.first, one.senses))
        at = one.last + 1 if one is not None else at + 1
    return tuple(found)


def _longest(
    index: Lexicon, tokens: tuple[Token, ...], at: int, taken: frozenset[int], shorter_than: int = 99
) -> Match | None:
    word = tokens[at].norm
    for form in singulars(word):
        for parts, senses in _candidates(index, form, tokens, at):
            fits = len(parts) < shorter_than and _fits(parts, tokens, at, taken)
            last = at + len(parts) - 1
            if fits and not (
                _leads_to_a_figure(parts, senses, at, taken)
                or _leads_to_a_section(parts, senses, tokens, last)
                or _hides_a_genre(index, senses, tokens, last)
                or _splits_a_genre(index, parts, senses, tokens, last)
                or _is_a_comparison(parts, tokens, last)
                or (any(token.colon for token in tokens[at + 1 : last + 1]) and not _has_a_kind(senses, tokens, last))
                or (len(parts) > 1 and _splits_a_player(tokens, last))
            ):
                return Match(at, last, senses)
    corrected = _corrected(index, tokens, at)
    for parts, senses in _candidates(index, corrected, tokens, at) if corrected else ():
        if _fits(parts, tokens, at, taken):
            return Match(at, at + len(parts) - 1, senses)
    return None


def _corrected(index: Lexicon, tokens: tuple[Token, ...], at: int) -> str:
    """Return the known word that is meant by a misspelled one; empty for a known word or a name."""
    word, typed = tokens[at].norm, tokens[at].typed
    if word in index.known or (typed[:1].isupper() and owns(typed)):  # `Marco's`
        return ""
    corrected = correct(word)
    kept = corrected.startswith(word) or word.startswith(corrected)
    return corrected if kept or not _is_a_name(tokens, at) else ""  # names only gain or lose an ending: `Gitarren`


def _is_a_name(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a capital marks a name, as of `my cat Murka`; not at a sentence's start, nor in `Dark Techo Beat`."""
    typed = tokens[at].typed
    if not at or tokens[at].gap or not typed[:1].isupper() or typed.isupper():
        return False
    return not tokens[at - 1].typed[:1].isupper()


def _candidates(index: Lexicon, first: str, tokens: tuple[Token, ...], at: int) -> Iterator[Phrase]:
    """Yield phrases that begin with `first` and the next word, singular or plural, then those of one word."""
    rows = index.phrases.get(first)
    if rows is None:
        return
    if at + 1 < len(tokens) and len(rows) > ("" in rows):
        following = tokens[at + 1].norm
        yield from rows.get(stem(following), ())
        corrected = correct(following) if following not in index.known else ""
        if corrected:
            yield from rows.get(stem(corrected), ())
    yield from rows.get("", ())


def _leads_to_a_figure(parts: tuple[str, ...], senses: tuple[Sense, ...], at: int, taken: frozenset[int]) -> bool:
    """Whether a shadow phrase ends before a figure: in `house in A minor`, no place follows `house in`."""
    return senses[0][0] == "shadow" and parts[-1] in ("in", "at") and at + len(parts) in taken


def _leads_to_a_section(
    parts: tuple[str, ...], senses: tuple[Sense, ...], tokens: tuple[Token, ...], last: int
) -> bool:
    """Whether a shadow phrase ends before a section of the song: in `no kick in the breakdown`, nothing kicks in."""
    if senses[0][0] != "shadow" or parts[-1] not in ("in", "at"):
        return False
    following = [token.norm for token in tokens[last + 1 : last + 3] if token.norm not in ("a", "an", "the")]
    return bool(following) and following[0] in sections()


def _hides_a_genre(index: Lexicon, senses: tuple[Sense, ...], tokens: tuple[Token, ...], last: int) -> bool:
    """Whether the last word of a shadow phrase is a genre after all: in `an old folk song`, it is no `old folk`."""
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    shadow = any(kind == "shadow" for kind, _ in senses)
    if not shadow or after is None or after.gap or after.norm not in context_words("music"):
        return False
    rows = index.phrases.get(tokens[last].norm, {})
    return any(kind == "genre" for row in rows.values() for _, meanings in row for kind, _ in meanings)


def _splits_a_genre(
    index: Lexicon, parts: tuple[str, ...], senses: tuple[Sense, ...], tokens: tuple[Token, ...], last: int
) -> bool:
    """Whether a phrase takes a genre's first word: a nationality's, `polish folk` in `polish folk metal`.

    An instrument's phrase takes that of a longer name: `orchestral drum` in `orchestral drum and bass`.
    """
    plays = senses[0][0] in ("instrument", "production")  # `half-time drum and bass`
    takes = (len(parts) > 1 and plays) or (len(parts) == 2 and parts[:1] in lone_names())
    if not takes or last + 1 >= len(tokens) or tokens[last + 1].gap:
        return False
    following = tokens[last + 1].norm
    if following in context_words("music"):
        return False  # `polish folk song`
    rows = index.phrases.get(tokens[last].norm, {})
    # `pop hit` means no more than `pop`: it doesn't split `dance pop hit`.
    alone = {meaning for parts, senses in rows.get("", ()) for kind, meaning in senses if kind == "genre"}
    return any(
        len(other) > (2 if plays else 1)
        and _fits(other, tokens, last, frozenset())
        and any(kind == "genre" and meaning not in alone for kind, meaning in senses)
        for other, senses in rows.get(stem(following), ())
    )


def _has_a_kind(senses: tuple[Sense, ...], tokens: tuple[Token, ...], last: int) -> bool:
    """Whether a heading may be part of a phrase: `outro: fade`, or a player before the kind, `bass: upright`."""
    ends = all(token.begins_phrase for token in tokens[last + 1 : last + 2])
    return senses[0][0] == "structure" or (senses[0][0] == "instrument" and ends)


def _splits_a_player(tokens: tuple[Token, ...], last: int) -> bool:
    """Whether a phrase takes the first word of a player: `for kids` in `for kids choir`, `fat bass` guitar."""
    words = tuple(stem(token.norm) for token in tokens[last : last + 2])
    return words in context("inseparable") and not tokens[last + 1].gap


def _is_a_comparison(parts: tuple[str, ...], tokens: tuple[Token, ...], last: int) -> bool:
    """Whether `like` compares a noun instead of making it an adjective: `piano like Jerry`, not `piano-like tones`."""
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if len(parts) != len(_LIKE) or parts[1] != "like" or after is None or after.gap:
        return False
    return after.typed[:1].isupper() or after.norm in context_words("compared")


def _fits(parts: tuple[str, ...], tokens: tuple[Token, ...], at: int, taken: frozenset[int]) -> bool:
    if at + len(parts) > len(tokens):
        return False
    for offset in range(1, len(parts)):
        token = tokens[at + offset]
        heads = token.colon and (tokens[at].norm in sections() or tokens[at].norm in context_words("headed players"))
        if (token.begins_phrase and not heads) or at + offset in taken:
            return False
        part = parts[offset]
        if token.norm != part and stem(token.norm) != stem(part) and not _is_misspelled(token, part):
            return False
    return True


def _is_misspelled(token: Token, word: str) -> bool:
    """Whether `token` is `word` with a typing error: `acoustic gitar`, for example."""
    return token.norm not in lexicon().known and correct(token.norm) == word
