"""Phrases in the words of a prompt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def phrases_in(words: Sequence[str], phrases: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield where some words have which of the phrases, in the order of these."""
    for phrase in phrases:
        for at in range(len(words) - len(phrase) + 1):
            if words[at] == phrase[0] and tuple(words[at : at + len(phrase)]) == phrase:
                yield at, phrase
