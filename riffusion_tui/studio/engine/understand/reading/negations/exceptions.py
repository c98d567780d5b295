"""What stays although the rest is excluded: `no guitar except acoustic`, `no instruments except a piano`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.matching import Match, meaning_of
from riffusion_tui.studio.engine.understand.words.mention import Mention, in_order
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR, after_all, begins_with
from riffusion_tui.studio.engine.understand.words.tokens import Token, stem

_ARTICLES = frozenset({"a", "an", "the", "for"})
_ONES = frozenset({"one", "ones"})


def with_the_rest_excluded(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Return the matches, with `no instruments except` before an instrument as one that means `nothing but`."""
    found: list[Match] = []
    for one in matches:
        if found and one.last <= found[-1].last:
            continue  # the `except` of the phrase
        if _is_of_another_kind(tokens, matches, one):
            continue
        after = _after_exception(tokens, one.last + 1) if _excludes_all(tokens, one) else one.last + 1
        near = (other for other in matches if after <= other.first <= after + NEAR)
        if after > one.last + 1 and any(other.has("instrument") for other in near):
            one = Match(one.first, after - 1, (("structure", "only these"),))
        found.append(one)
    return tuple(found)


def _is_of_another_kind(tokens: tuple[Token, ...], matches: tuple[Match, ...], one: Match) -> bool:
    """Whether `except` excludes nothing, only says who is of another kind: `all electronic except the violin`.

    Or who goes on: `everything stops except the flute`.
    """
    if not one.has("negation") or _after_exception(tokens, one.first) <= one.last:
        return False
    at = one.first - 1
    while at > 0 and not tokens[at].gap and tokens[at].norm not in context_words("everything"):
        at -= 1
    kinds = [other for other in matches if at <= other.first < one.first]
    said = any(other.meaning(kind) is not None for other in kinds for kind in ("genre", "flavour", "production"))
    said |= any(token.norm in context_words("falling silent") for token in tokens[max(0, at) : one.first])
    return said and at >= 0 and tokens[at].norm in context_words("everything")


def _excludes_all(tokens: tuple[Token, ...], one: Match) -> bool:
    """Whether it excludes all instruments or all others: `without any instruments`, `no other instruments`."""
    words = {token.norm for token in tokens[one.first : one.last + 1]}
    everything = one.meaning("vocal") == "a cappella" or one.meaning("structure") == "only these"
    return everything and not words.isdisjoint(context_words("excluding everything"))


def is_an_exception(words: tuple[str, ...]) -> bool:
    """Whether a phrase ends with `except` or the like."""
    return any(words[-len(ending) :] == ending for ending in context("exceptions"))


def with_exceptions(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with an instrument for an adjective that names the kind of the excluded one that plays."""
    for one in [one for one in mentions if one.kind == "instrument" and one.negated]:
        kept = _kept_kind(tokens, one)
        if kept is not None:
            others = (other for other in mentions if not kept.at <= other.at <= kept.last)
            mentions = in_order((*others, kept))
    return mentions


def _kept_kind(tokens: tuple[Token, ...], excluded: Mention) -> Mention | None:
    at = _after_exception(tokens, excluded.last + 1)
    at = after_all(tokens, at, _ARTICLES)
    if not excluded.last + 1 < at < len(tokens):
        return None
    last = at + any(token.norm in _ONES for token in tokens[at + 1 : at + 2])
    if any(not token.gap for token in tokens[last + 1 : last + 2]):
        return None  # `no guitar but electronic drums`
    name = meaning_of((tokens[at].norm, stem(tokens[excluded.last].norm)), "instrument")
    return Mention("instrument", name, tokens[at].typed, at, last, excluded.sentence) if name else None


def _after_exception(tokens: tuple[Token, ...], at: int) -> int:
    """Return the position after `except`, `other than` and the like at token `at`; `at` if there is none."""
    for words in context("exceptions"):
        if begins_with(tokens, at, words) and tokens[at].gap != "hard":
            return at + len(words)
    return at
