"""Whether a word only says that several play an instrument: `flute choir` has no singers."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.reading.senses.prompt_context import PromptContext
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.tables import instruments

_SECTIONS = ("strings", "brass")
"""Whole sections: `strings choir` lists two."""


def groups_an_instrument(context: PromptContext, match: Match) -> bool:
    """Whether the word follows an instrument of which several play: `trombone choir`, `mandolin orchestra`."""
    before = context.before(match)
    if match.first < match.last or before is None or context.tokens[match.first].gap:
        return False
    return is_a_group_of(context.tokens[match.first].norm, before.meaning("instrument") or "")


def is_a_group_of(word: str, instrument: str) -> bool:
    """Whether a word after an instrument means several of it; `word` is normalized."""
    if instrument in ("", *_SECTIONS) or word not in _families():
        return False
    return instruments()[instrument].family in _families()[word]


@cache
def _families() -> dict[str, frozenset[str]]:
    """Return the families of instruments that each word groups."""
    rows = read_data("lexicon/ensembles.toml")["several"]
    return {word: frozenset(split_words(families)) for word, families in rows.items()}
