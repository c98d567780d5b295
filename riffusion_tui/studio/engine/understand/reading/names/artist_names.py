"""Names of artists and works as models, whose words describe no music: `in the style of Taylor Swift` is not fast."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.words.languages import codes
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.neighbors import before_all
from riffusion_tui.studio.engine.understand.words.tables import word_lists
from riffusion_tui.studio.engine.understand.words.tokens import INITIALS, Token

_LONGEST = 4
"""Words of a phrase that introduces a model, at most."""
_MOSTLY, _FEW = 0.5, 2
"""If more words than this share, and more than so many, begin with a capital, capitals do not mark names."""
_AFTER = (("style",), ("styled",), ("type", "beat"), ("type", "beats"))
_SOUNDS = ("genre", "instrument")


def artist_names(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> Iterator[range]:
    """Yield the positions of names of more than one word with capitals, of which one means nothing or has no place.

    They follow `in the style of` or `like`, precede `style` or `type beat`, begin with initials, or are a clause of
    their own that begins with a given name.
    """
    yield from _with_initials(tokens)
    known = {at: one for one in matches for at in one.span}
    for at in range(len(tokens)) if capitals_mark_names(tokens) else _only_name(tokens):
        run = _run(tokens, at)
        if (
            len(run) > 1
            and not INITIALS.fullmatch(tokens[at].typed)
            and (at == 0 or tokens[at].gap or not tokens[at - 1].typed[:1].isupper())
        ):
            introduced = _is_introduced(tokens, at) or _norms(tokens, run.stop, 2)[:1] in _AFTER
            introduced = introduced or _norms(tokens, run.stop, 2) in _AFTER
            lone = _is_a_clause(tokens, run) and tokens[at].norm in word_lists("names")["common"]
            if (introduced and _is_a_name(tokens, run, known)) or (lone and run.start not in known):
                yield run


def _with_initials(tokens: tuple[Token, ...]) -> Iterator[range]:
    """Yield the positions of names such as `B.B. King`."""
    for at, token in enumerate(tokens):
        following = [one for one in tokens[at + 1 : at + 2] if not one.gap]
        if INITIALS.fullmatch(token.typed) and any(one.typed.istitle() for one in following):
            yield range(at, at + 2)


def capitals_mark_names(tokens: tuple[Token, ...]) -> bool:
    """Whether most words have small letters, so that a capital means something."""
    capitals = sum(token.typed[0].isupper() for token in tokens)
    return capitals <= max(_FEW, _MOSTLY * len(tokens))


def _only_name(tokens: tuple[Token, ...]) -> Iterator[int]:
    """Yield where a name begins that alone has capitals, beside other words: `Nat King Cole style crooner`.

    Args:
        tokens: the prompt's, of which most have capitals.
    """
    capitals = [at for at, token in enumerate(tokens) if token.typed[0].isupper()]
    run = _run(tokens, capitals[0])
    if capitals[-1] in run and len(run) < len(tokens):
        yield capitals[0]


def without_models(matches: tuple[Match, ...], models: tuple[range, ...]) -> tuple[Match, ...]:
    """Return the phrases that aren't part of names: of `Daft Punk` the genre at the end, which may be meant."""
    return tuple(
        one for one in matches if not any(one.first in run for run in models) or _is_meant(one, matches, models)
    )


def _is_meant(one: Match, matches: tuple[Match, ...], models: tuple[range, ...]) -> bool:
    run = next(run for run in models if one.first in run)
    whole = {at for each in matches for at in range(each.first, each.last + 1)}.issuperset(run)
    return one.last == run.stop - 1 and not whole and any(one.meaning(kind) for kind in _SOUNDS)


def _run(tokens: tuple[Token, ...], first: int) -> range:
    """Return the words with capitals from `first` on, and small ones between them."""
    stop = at = first
    while at < len(tokens) and (at == first or not tokens[at].gap):
        if tokens[at].typed[0].isupper():
            stop = at + 1
        elif at == first or tokens[at].norm not in context_words("small words of names"):
            break
        at += 1
    return range(first, stop)


def _is_introduced(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether `in the style of`, `like` or the same precedes, and perhaps `the band`."""
    at = before_all(tokens, at, context_words("before a name"))
    if not at or tokens[at].gap:
        return False
    phrases = context("model") | context("likeness") | {("like",)}
    return any(_norms(tokens, at - size, size) in phrases for size in range(1, min(at, _LONGEST) + 1))


def _norms(tokens: tuple[Token, ...], at: int, count: int) -> tuple[str, ...]:
    found = tokens[at : at + count]
    return () if any(token.gap == "hard" for token in found[1:]) else tuple(token.norm for token in found)


def _is_a_clause(tokens: tuple[Token, ...], run: range) -> bool:
    after = tokens[run.stop : run.stop + 1]
    return (not run.start or bool(tokens[run.start].gap)) and (not after or bool(after[0].gap))


def _is_a_name(tokens: tuple[Token, ...], run: range, known: dict[int, Match]) -> bool:
    """Whether a word means nothing, or several genres are named: `Bohemian Rhapsody`; not `Deep House`."""
    plain = context_words("small words of names") | codes().keys() | context_words("stop")
    if any(at not in known and tokens[at].norm not in plain for at in run):
        return True
    genres = {known[at].meaning("genre") if at in known else None for at in run}
    return None not in genres and len(genres) > 1
