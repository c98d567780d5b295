"""Years and decades: `1985`, `'92`, `años 80`; whether `30s` is a decade or a length, and `98` a year or a tempo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.figures.stated import Stated
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.matching import Match, match
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR
from riffusion_tui.studio.engine.understand.words.tables import genre_families
from riffusion_tui.studio.engine.understand.words.tokens import Token, tokenize

_EITHER = frozenset({"60", "90"})
"""Tens that are as often seconds as decades; `80s sample` is a decade."""
_JOINERS = frozenset({"and", "or", "to"})
_NO_SOUNDS = ("negation", "postfix", "shadow", "use")
_DESCRIBE = frozenset({"genre", "flavour", "mood", "energy", "scene", "place", "era"})

_READ = 80
"""Characters before and after a number that are read."""
_FIRST_YEAR, _CENTURY = 50, 100
_REACH_OF_DANCES, _REACH = 0.1, 0.2
"""How far a stated tempo can be outside that of the genre, as a share."""
ABOUT = r"(?:(?:around|about|say|maybe|roughly|approx(?:imately|\.)?|circa|ca\.|~)\s*)?"
OR_SO = r"(?:\+|[ -]?ish\b)?"
"""Before and after a tempo that is approximate: `around 120`, `180+`, `120ish`."""
LONE_FIGURE = re.compile(rf"(?:^|[,;|]\s*|\.\s+){ABOUT}(\d{{2,3}}){OR_SO}\s*(?=$|[,;|\n]|\.(?:\s|$))", re.IGNORECASE)
"""A figure that is all between commas, full stops or line ends: a tempo, or a year."""
_FOREIGN_DECADE = re.compile(
    r"\b(?:años|anos|los|années|annees|anni|jaren|lat|lata)\s+(?:19)?([1-9]0)\b|\b([1-9]0)ern?(?:[- ]jahren?)?\b"
    r"|\b([1-9]0)[- ]?(?:х|е|ые|ых|ті|тих)(?:\s+(?:год|рок)\w*)?(?!\w)",
    re.IGNORECASE,
)
"""A decade in other languages: `años 80`, `80er Jahre`, `80-х`."""
_SHORT_YEAR = re.compile(r"(?<![\w'’])['’](\d)\d\b(?!['’])")
"""A year such as '92; '92' is a quotation."""
_YEAR_FROM = re.compile(r"\b(?:from|circa|summer of|back in)\s+([4-9])\d\b(?=\s*(?:$|[,.;!)\n]))", re.IGNORECASE)
"""A year such as `new wave from 82`."""
_YEAR = re.compile(r"\b(19\d|20[0-2])\d\b(?!\s*bpm)", re.IGNORECASE)


def is_a_decade(text: str, start: int) -> bool:
    """Whether a number of tens with an `s` that begins at `start` is a decade, not a length in seconds."""
    tokens = tokenize(text)
    at = next(place for place, token in enumerate(tokens) if token.end > start)
    matches = match(tokens, frozenset())
    if any(one.first <= at <= one.last and one.first < one.last for one in matches):
        return True  # part of a name, such as `60s soul`
    before = tokens[at - 1].norm if at and not tokens[at].gap else ""
    after = tokens[at + 1].norm if at + 1 < len(tokens) and tokens[at + 1].gap in ("", "slash") else ""
    if _is_beside_a_decade(tokens, at) or before in _words("before"):
        return True
    last = _end_of_phrase(tokens, at)
    named = [one for one in matches if at < one.first <= last and one.senses[0][0] not in _NO_SOUNDS]
    sounds = bool(named) or after in context_words("music nouns")
    either = tokens[at].norm[:-1] in _words("usual") | _EITHER
    if (either and after in _words("seconds after")) or (before in _words("seconds before") and not sounds):
        return False
    if not _words("after").isdisjoint(token.norm for token in tokens[at + 1 : min(last, at + NEAR) + 1]):
        return True
    if after in context_words("music nouns") and tokens[at].norm[:-1] not in _words("usual"):
        return True
    return _usually(tokens[at].norm, matches, named, [one for one in matches if one.last == at - 1 and before])


def is_a_year(text: str, figure: int) -> bool:
    """Whether a figure alone between commas is a year, not a tempo.

    It is in the decade that the prompt names, `90s, 98`, or no tempo of its genres: `punk, 77`, `disco, 98`.
    """
    if not _FIRST_YEAR <= figure < _CENTURY:
        return False
    matches = match(tokenize(text), frozenset())
    if any(one.meaning("era") == f"19{figure // 10}0s" for one in matches):
        return True
    named = [tables.genres()[name] for one in matches if (name := one.meaning("genre"))]
    return bool(named) and not any(_may_be_its_tempo(genre, figure) for genre in named)


def _may_be_its_tempo(genre: tables.Genre, figure: int) -> bool:
    """Whether a genre can have a tempo; dances to machines keep theirs, and trap is also counted at half of it."""
    reach = _REACH_OF_DANCES if genre.family in genre_families("of a fixed tempo") else _REACH
    figures = (figure, 2 * figure) if genre.family in genre_families("counted by half") else (figure,)
    low, high = genre.bpm
    return any(low * (1 - reach) <= one <= high * (1 + reach) for one in figures)


def follows_a_genre(text: str, start: int) -> bool:
    """Whether a number that begins at `start` comes right after a genre: `techno 140`, `trance anthem 138`."""
    tokens = tokenize(_before(text, start))
    named = {one.last for one in match(tokens, frozenset()) if one.meaning("genre")}
    last = len(tokens) - 1
    song = bool(tokens) and tokens[last].norm in context_words("music") and not tokens[last].gap
    return last in named or (song and last - 1 in named)


def _before(text: str, start: int) -> str:
    """Return the whole words shortly before a number."""
    near = text[max(0, start - _READ) : start]
    return near if start <= _READ else near[near.find(" ") + 1 :]


def begins_or_follows_a_color(text: str, start: int) -> bool:
    """Whether a number that begins at `start` begins a phrase, or follows words such as `very fast`."""
    before = _before(text, start).rstrip()
    if not before or before[-1] in ",;|\n":
        return True
    tokens = tokenize(before)
    last = (one for one in match(tokens, frozenset()) if one.last == len(tokens) - 1)
    return any(one.has("tempo", "energy", "mood", "production") for one in last)


def precedes_a_genre(text: str, end: int) -> bool:
    """Whether a number that ends at `end` comes right before a genre: `128 techno`."""
    return any(one.first == 0 and one.meaning("genre") for one in match(tokenize(text[end : end + _READ]), frozenset()))


def precedes_a_description(text: str, end: int) -> bool:
    """Whether a number that ends at `end` comes right before a word for the music: `145 forest`; not `100 voices`."""
    found = (one for one in match(tokenize(text[end : end + _READ]), frozenset()) if one.first == 0)
    return any(one.has(*_DESCRIBE) for one in found)


def _usually(word: str, matches: tuple[Match, ...], named: list[Match], before: list[Match]) -> bool:
    """Whether it is a decade by the genres.

    Args:
        word: `30s`.
        matches: all that the prompt names.
        named: what it names after the word, in the same phrase.
        before: what it names right before the word.
    """
    number = word[:-1]
    after = [name for one in named if (name := one.meaning("genre") or one.meaning("flavour"))]
    families = {tables.genres()[name].family for one in matches if (name := one.meaning("genre"))}
    if number in _words("usual"):
        of_its_time = {name for name in _genres_of(word) if not tables.genres()[name].covers}
        early = bool(after) and tables.genres()[after[0]].family in _words("early")
        return early or any(one.meaning("genre") in of_its_time for one in before)
    if named:
        return number != "60" or not after or tables.genres()[after[0]].family not in _words("modern")
    return not (families <= _words(number) and (families or number == "60"))


def _genres_of(word: str) -> tuple[str, ...]:
    """Return the genres of a decade."""
    eras = [color for (kind, _), color in tables.colors().items() if kind == "era" and word in color.words]
    return eras[0].genres if eras else ()


def _end_of_phrase(tokens: tuple[Token, ...], at: int) -> int:
    """Return the last token before a comma or a full stop."""
    while at + 1 < len(tokens) and tokens[at + 1].gap in ("", "slash"):
        at += 1
    return at


def _is_beside_a_decade(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether another decade is joined to it: `80s and 90s`, `60s/70s`."""
    near = [place for step in (-2, -1, 1, 2) if 0 <= (place := at + step) < len(tokens)]
    other = [place for place in near if len(word := tokens[place].norm) == 3 and word[1:] == "0s" and word[0].isdigit()]
    return any(abs(place - at) == 1 or tokens[(place + at) // 2].norm in _JOINERS for place in other)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(split_words(read_data("lexicon/decades.toml").get(name, "")))


def read_years(text: str) -> Iterator[Stated]:
    """Yield the eras that a text states."""
    for found in _YEAR.finditer(text):
        yield Stated.at("era", f"{found[1]}0s", found)
    for found in _FOREIGN_DECADE.finditer(text) if "0" in text else ():
        tens = found[1] or found[2] or found[3]
        yield Stated.at("era", f"19{tens}s", found)
    for found in _SHORT_YEAR.finditer(text):
        century = "20" if found[1] < "3" else "19"
        yield Stated.at("era", f"{century}{found[1]}0s", found)
    for found in LONE_FIGURE.finditer(text):
        if is_a_year(text, int(found[1])):
            yield Stated.at("era", f"19{found[1][0]}0s", found, 1)
    for found in _YEAR_FROM.finditer(text):
        yield Stated("era", f"19{found[1]}0s", found.start(1), found.end())
