"""The language of the lyrics: stated (`in French`, `German lyrics`), or implied by a nationality (`Italian pop`)."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.understand.words.lexicon import context_words, lone_names
from riffusion_tui.studio.engine.understand.words.neighbors import precedes, stands_alone
from riffusion_tui.studio.engine.understand.words.tables import word_lists
from riffusion_tui.studio.engine.understand.words.tokens import Token

WRITTEN = "en"
"""The language of the lyrics that the engine writes."""
LATIN = "la"
_SONGS = frozenset({"song", "songs"})
_ANGLOPHONE = frozenset({"en", "ga", "cy"})
"""Languages of countries whose songs are usually in English: `Irish punk`."""


@cache
def codes() -> dict[str, str]:
    """Return the ISO 639-1 code of each language's name."""
    return {word: code for code, words in word_lists("languages").items() for word in words}


def name_of(code: str) -> str:
    """Return a language's English name."""
    return word_lists("languages")[code][0].title()


def implied_language(
    tokens: tuple[Token, ...],
    genres: frozenset[int],
    voices: frozenset[int],
    choirs: frozenset[int],
    understood: frozenset[int],
) -> int | None:
    """Return the position of a nationality that is also the language of the lyrics, or None.

    Args:
        tokens: the prompt's.
        genres: positions of the words that begin a genre's name.
        voices: positions of the words for voices.
        choirs: positions of the words for choirs.
        understood: positions of all words with a meaning.
    """
    for at, token in enumerate(tokens):
        code = codes().get(token.norm)
        if code is None or code in _ANGLOPHONE or (code == LATIN and not choirs):
            continue
        if stands_alone(tokens, at) and (genres - {at} or voices):
            return at
        if precedes(tokens, at, context_words("sung words")):
            return at  # `female singer japanese`
        following = [one.norm for one in tokens[at + 1 : at + 3]]
        following = following[following[:1] in (["male"], ["female"]) :]
        joined = at + 1 < len(tokens) and not tokens[at + 1].gap
        sung = not context_words("sung words").isdisjoint(following[:1]) or not _SONGS.isdisjoint(following)
        if joined and (at + 1 in genres or sung):
            return at
        styled = not context_words("not sung").isdisjoint(following[:1])
        if (token.norm,) in lone_names() and genres and at not in understood and not styled:
            return at
    return None


def is_sung_latin(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether `latin` beside a choir means the language, not the music: `boys' choir, Latin`, `a Latin hymn`."""
    if tokens[at].norm != "latin":
        return False
    following = {token.norm for token in tokens[at + 1 : at + 2]}
    before = tokens[at - 1].norm if at and not tokens[at].gap else ""
    if before in context_words("ways to sing words"):
        return True  # `a choir screaming latin`
    return stands_alone(tokens, at) or not context_words("sung in latin").isdisjoint(following)
