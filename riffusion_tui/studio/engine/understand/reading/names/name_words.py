"""Lists of `names.toml`: names, and words around them."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.tokens import phrase


@cache
def name_words(name: str) -> frozenset[str]:
    """Return the single words of a list."""
    return frozenset(parts[0] for parts in name_phrases(name) if len(parts) == 1)


@cache
def name_phrases(name: str) -> frozenset[tuple[str, ...]]:
    """Return a list as phrases."""
    return frozenset(phrase(typed) for typed in tables.word_lists("names")[name])
