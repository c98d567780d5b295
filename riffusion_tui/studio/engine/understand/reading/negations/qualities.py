"""Adjectives between a negation and a sound: `no sad piano` excludes sadness, `no acoustic piano` that instrument."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words.lexicon import SOUNDING, context_words
from riffusion_tui.studio.engine.understand.words.matching import Match, meaning_of, within
from riffusion_tui.studio.engine.understand.words.neighbors import before_all
from riffusion_tui.studio.engine.understand.words.tokens import Token

_QUALITIES = frozenset({"mood", "energy", "tempo", "soft tempo"})


def has_a_quality(tokens: tuple[Token, ...], matches: tuple[Match, ...], position: int, cue: int) -> bool:
    """Whether a match is a sound that stays, since an adjective of quality stands between it and the negation.

    Args:
        tokens: the prompt's.
        matches: its phrases.
        position: the match's.
        cue: the negation's last token.
    """
    sound = matches[position]
    before = sound.first - 1
    if before <= cue or tokens[sound.first].gap or not any(kind in SOUNDING for kind, _ in sound.senses):
        return False
    last = next((one for one in matches if one.last == before), None)
    if last is None:
        return tokens[before].norm in context_words("qualities")
    return all(kind in _QUALITIES for kind, _ in last.senses)


def negated_qualities_apart(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Return the matches, with `loud drums` after a negation as two: its first word is negated, the sound is not."""
    found: list[Match] = []
    for one in matches:
        apart = _is_negated(tokens, found, one.first) and _is_a_quality_of_a_sound(tokens, one)
        found.extend(within(tokens, one) if apart else (one,))
    return tuple(found)


def _is_negated(tokens: tuple[Token, ...], before: list[Match], at: int) -> bool:
    """Whether a negation precedes token `at`, with no more than articles between them."""
    at = before_all(tokens, at, context_words("before a quality"))
    return (
        bool(before) and not tokens[at].gap and before[-1].last == at - 1 and before[-1].meaning("negation") is not None
    )


def _is_a_quality_of_a_sound(tokens: tuple[Token, ...], one: Match) -> bool:
    """Whether it means no more than its words after the first; `heavy guitars` are a kind of their own."""
    words = tuple(token.norm for token in tokens[one.first : one.last + 1])
    if len(words) == 1 or not _is_a_quality(words[0]):
        return False
    sound = meaning_of(words[1:], "instrument")
    return sound is not None and (one.meaning("instrument") == sound or one.meaning("production") is not None)


def _is_a_quality(word: str) -> bool:
    return word in context_words("qualities") or any(meaning_of((word,), kind) for kind in _QUALITIES)


def negated_qualities(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> frozenset[int]:
    """Return the positions of words of quality right after a negation, `cheesy` in `no cheesy 80s synths`."""
    ends = {one.last for one in matches if one.meaning("negation") is not None}
    found: set[int] = set()
    for at, token in enumerate(tokens):
        if not token.gap and at - 1 in ends | found and token.norm in context_words("qualities"):
            found.add(at)
    return frozenset(found)
