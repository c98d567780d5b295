"""Titles and names around `by`, whose words describe no music: `Bohemian Rhapsody by Queen` is no polka."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.words.languages import codes
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention, positions
from riffusion_tui.studio.engine.understand.words.neighbors import after_all
from riffusion_tui.studio.engine.understand.words.tokens import Token

_DESCRIBES = frozenset(
    {"genre", "flavour", "instrument", "era", "mood", "production", "vocal", "gender", "energy", "tempo"}
)
"""What says how a song sounds; other words before `by` are of a title."""


def names_after_by(tokens: tuple[Token, ...], mentions: list[Mention]) -> Iterator[tuple[int, int]]:
    """Yield (token of `by`, last token of the name) of each name with a capital that follows `by`."""
    described = positions(one for one in mentions if one.kind in _DESCRIBES)
    for at, token in enumerate(tokens):
        if token.typed != "by" or not at:
            continue
        first = after_all(tokens, at + 1, context_words("before a name"))
        last = first
        while last < len(tokens) and not tokens[last].gap and tokens[last].typed[0].isupper():
            last += 1
        place = context_words("after by") | codes().keys()
        if last > first and first not in described and tokens[first].norm not in place:
            yield at, last - 1


def title_words(tokens: tuple[Token, ...], mentions: list[Mention]) -> frozenset[int]:
    """Return the positions of names after `by`, and of titles before it; `Piano Sonata by Beethoven` has none."""
    found: set[int] = set()
    for at, last in names_after_by(tokens, mentions):
        found.update(range(at + 1, last + 1))
        title = _before(tokens, at)
        if _is_a_title(tokens, mentions, title):
            found.update(title)
    return frozenset(found)


def _before(tokens: tuple[Token, ...], by: int) -> range:
    """Return the words with capitals right before `by`, and small ones between them."""
    first = at = by
    small = context_words("small words of titles")
    while at and not tokens[at].gap and (tokens[at - 1].typed[0].isupper() or tokens[at - 1].norm in small):
        at -= 1
        first = at if tokens[at].typed[0].isupper() else first
    return range(first, by)


def _is_a_title(tokens: tuple[Token, ...], mentions: list[Mention], words: range) -> bool:
    """Whether words are more than a description of music: some mean something else, or they name several genres."""
    inside = [one for one in mentions if one.at in words]
    described = positions(one for one in inside if one.kind in _DESCRIBES)
    plain = context_words("small words of titles") | context_words("music nouns")
    other = any(at not in described and tokens[at].norm not in plain for at in words)
    return len(words) > 1 and (other or len({one.meaning for one in inside if one.kind == "genre"}) > 1)
