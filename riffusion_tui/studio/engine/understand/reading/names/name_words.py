"""Lists of `names.toml`: names, and words around them."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words.lexicon import listed_phrases, listed_words


def name_words(name: str) -> frozenset[str]:
    """Return the single words of a list."""
    return listed_words("names", name)


def name_phrases(name: str) -> frozenset[tuple[str, ...]]:
    """Return a list as phrases."""
    return listed_phrases("names", name)
