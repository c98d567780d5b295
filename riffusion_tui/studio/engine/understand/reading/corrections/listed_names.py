"""Words that are instruments only in a list of players: `sax, vibes, bass and drums`; not `sax, chill vibes`."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.tables import instruments
from riffusion_tui.studio.engine.understand.words.tokens import Token

_LISTED = ("soft", "slash")
_SECTIONS = {"brass": ("brass", "wind"), "strings": ("strings",)}
"""Sections, and the families of their players."""
_BOTH = 2


def with_listed_names(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions with those instruments."""
    played = [one for one in mentions if one.kind == "instrument" and not one.negated]
    sentences = {one.at: one.sentence for one in played} | {one.last: one.sentence for one in played}
    found = [
        Mention("instrument", _names()[token.norm], token.typed, at, at, sentences[beside[0]])
        for at, token in enumerate(tokens)
        if token.norm in _names() and (beside := _players_beside(tokens, at, played))
    ]
    mentions = [one for one in mentions if not (one.meaning in _SECTIONS and _is_spelled_out(tokens, one, played))]
    return sorted([*mentions, *found], key=lambda one: one.at) if found else mentions


def _is_spelled_out(tokens: tuple[Token, ...], section: Mention, played: list[Mention]) -> bool:
    """Whether the players of a section follow: `horns (trumpet, tenor sax)`, `strings: two violins`."""
    after = tokens[section.last + 1 :][:1]
    listed = any(token.bracket or token.colon for token in after)
    first = section.last + 1
    first += listed and tokens[first].norm in numbers()
    starts = {one.at: instruments()[one.meaning].family for one in played}
    return listed and starts.get(first) in _SECTIONS[section.meaning]


def _players_beside(tokens: tuple[Token, ...], at: int, played: list[Mention]) -> list[int]:
    """Return the tokens of players on both sides, on one side of an `and`, or after the first word of a list."""
    before, after = {one.last for one in played}, {one.at for one in played}
    joined_before = at > 1 and tokens[at - 1].norm == "and" and not tokens[at].gap
    joined_after = at + 1 < len(tokens) and tokens[at + 1].norm == "and" and not tokens[at + 1].gap
    left = at - 1 - joined_before
    right = at + 1 + joined_after
    found = [left] if left in before and (joined_before or tokens[at].gap in _LISTED) else []
    if right in after and (joined_after or tokens[right].gap in _LISTED):
        found.append(right)
    is_first = right in found and (at == 0 or tokens[at].gap == "hard" or tokens[at].colon)
    joined = (joined_before and left in found) or (joined_after and right in found)
    return found if len(found) == _BOTH or joined or is_first else []


@cache
def _names() -> dict[str, str]:
    rows = read_data("lexicon/listed_names.toml")["names"].items()
    return {word: name for name, words in rows for word in split_words(words)}
