"""The words right before and after a place in a prompt, without a comma or the like between; and its phrases."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from riffusion_tui.studio.engine.understand.words.tokens import MAX_CHARACTERS, Token

NEAR, FAR = 4, 7
"""Words between two that belong together, at most: in a phrase, and in a clause."""


def follows(tokens: tuple[Token, ...], at: int, words: Container[str]) -> bool:
    """Whether token `at` is one of some words, and belongs to the one before it."""
    return at < len(tokens) and not tokens[at].gap and tokens[at].norm in words


def precedes(tokens: tuple[Token, ...], at: int, words: Container[str]) -> bool:
    """Whether one of some words is before token `at`, which belongs to it."""
    return 0 < at < len(tokens) and not tokens[at].gap and tokens[at - 1].norm in words


def after_all(tokens: tuple[Token, ...], at: int, words: Container[str]) -> int:
    """Return the position after all such words from token `at` on."""
    while follows(tokens, at, words):
        at += 1
    return at


def before_all(tokens: tuple[Token, ...], at: int, words: Container[str]) -> int:
    """Return the position of the first of such words right before token `at`; `at` if there are none."""
    while precedes(tokens, at, words):
        at -= 1
    return at


def begins_with(tokens: tuple[Token, ...], at: int, words: tuple[str, ...]) -> bool:
    """Whether a phrase begins at a token."""
    if at >= len(tokens) or tokens[at].norm != words[0]:
        return False
    return tuple(token.norm for token in tokens[at : at + len(words)]) == words


def start_of_clause(tokens: tuple[Token, ...], at: int, most: int = MAX_CHARACTERS) -> int:
    """Return the first token of the clause in which a token is, at most so many before it."""
    first = at
    while first and not tokens[first].gap and at - first < most:
        first -= 1
    return first


def stands_alone(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a word stands alone between commas."""
    return (at == 0 or tokens[at].gap != "") and (at + 1 == len(tokens) or tokens[at + 1].gap != "")


def phrases_in(words: Sequence[str], phrases: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield where some words have which of the phrases, in the order of these."""
    for phrase in phrases:
        for at in range(len(words) - len(phrase) + 1) if phrase[0] in words else ():
            if words[at] == phrase[0] and tuple(words[at : at + len(phrase)]) == phrase:
                yield at, phrase
