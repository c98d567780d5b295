"""The length of a song that the prompt calls short or long, without a figure: `a short song`, `jazz, long`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.figures.stated import Stated
from riffusion_tui.studio.engine.understand.words.tables import word_set
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase

_MAX_BETWEEN = 2
"""Words between `short` and the noun, at most: `a short sad piano piece`."""
_JINGLE = "very short"


def implied_length(
    tokens: tuple[Token, ...], genres: Mapping[int, int], understood: frozenset[int]
) -> tuple[Stated, frozenset[int]] | None:
    """Return the length that a word such as `short` gives the song, and the positions of its tokens; None without one.

    Args:
        tokens: the prompt's.
        genres: the last position of each genre's name, by its first.
        understood: positions of all words with a meaning.
    """
    for at, token in enumerate(tokens):
        for parts, name in _lengths().get(token.norm, ()):
            last = at + len(parts) - 1
            if tuple(token.norm for token in tokens[at : last + 1]) != parts or _is_denied(tokens, at):
                continue
            free = understood.isdisjoint(range(at, last + 1))
            if free and (_describes(tokens, last, genres, understood) or _stands_apart(tokens, at, last)):
                return _stated(tokens, at, last, name)
    for at, token in enumerate(tokens):
        if token.norm in _words("jingles") and _ends(tokens, at, also=frozenset({"for", "about", "with", "to", "of"})):
            return _stated(tokens, at, at, _JINGLE)
    return None


def _stated(tokens: tuple[Token, ...], at: int, last: int, name: str) -> tuple[Stated, frozenset[int]]:
    seconds = read_data("lexicon/lengths.toml")["lengths"][name]["seconds"]
    return Stated("length", f"{seconds}", tokens[at].start, tokens[last].end), frozenset(range(at, last + 1))


def _is_denied(tokens: tuple[Token, ...], at: int) -> bool:
    return at > 0 and tokens[at].gap == "" and tokens[at - 1].norm in _words("denied")


def _describes(tokens: tuple[Token, ...], last: int, genres: Mapping[int, int], understood: frozenset[int]) -> bool:
    """Whether a word for a song or a genre follows: `short sad piece`; `long guitar solo` and `long notes` are none."""
    for at in range(last + 1, min(last + 2 + _MAX_BETWEEN, len(tokens))):
        if tokens[at].begins_phrase:
            return False
        if tokens[at].norm in _words("nouns"):
            return True
        end = genres.get(at)
        if end is not None and (_ends(tokens, end) or end + 1 not in understood):
            return True
        if at not in understood:
            return False
    return False


def _stands_apart(tokens: tuple[Token, ...], at: int, last: int) -> bool:
    """Whether it stands between commas or ends a sentence about the song: `rock, short`, `keep it short`."""
    return (_begins(tokens, at) or _is_of_the_song(tokens, at)) and _ends(tokens, last)


def _begins(tokens: tuple[Token, ...], at: int) -> bool:
    return at == 0 or tokens[at].begins_phrase


def _is_of_the_song(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether the words before say so of the song: `it is short`, `the song should be long`; not `life is short`."""
    first = at
    while not _begins(tokens, first) and tokens[first - 1].norm in _words("copulas"):
        first -= 1
    if _begins(tokens, first):
        return True
    before = tokens[first - 1].norm
    return before in _words("pronouns") or (first < at and before in _words("nouns"))


def _ends(tokens: tuple[Token, ...], at: int, also: frozenset[str] = frozenset()) -> bool:
    """Whether a phrase ends at token `at`: there is a comma, the end, or a word of `also`."""
    return at + 1 == len(tokens) or tokens[at + 1].begins_phrase or tokens[at + 1].norm in also


@cache
def _lengths() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return (phrase, name of a length) by the first word, the longest phrases first."""
    rows = read_data("lexicon/lengths.toml")["lengths"].items()
    found = [(phrase(word), name) for name, row in rows for word in split_words(row["words"])]
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for parts, name in sorted(found, key=lambda one: -len(one[0])):
        index.setdefault(parts[0], []).append((parts, name))
    return index


def _words(name: str) -> frozenset[str]:
    return word_set("lengths", "words", name)
