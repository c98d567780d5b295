"""Reads lengths in words of several languages, and those that no song has: `half an hour`, `zwei Stunden`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, takewhile

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.understand.words.numbers import cardinals
from riffusion_tui.studio.engine.understand.words.tables import genre_words, genres, word_set

_SHORTEST = 5.0
"""Seconds of the shortest length; others in English minutes and seconds are read elsewhere."""
_HOUR = 3600.0
_ENGLISH, _OTHERS = "english", "others"
_ENDS = re.compile(
    r"[\s-]long\b|[\s-](?:loop|version|mix|set|jingle|clip|sample|ident|sting)\b|\s*(?:$|[,.;)\n])|\s+and\s+\w+\s+min"
    r"|\s+of\s+(?!(?:silence|reverb|delay|echo|fade|attack|release|decay|feedback)\b)",
    re.IGNORECASE,
)
"""After a length that is too long or too short: not `a 3 second delay`."""
_CLOCK = re.compile(r"(?<![\d:/])(\d{1,2}):([0-5]\d):([0-5]\d)(?![\d:])")
_A_SUBJECT = re.compile(
    r"\b(?:songs?|ballads?|lyrics|tunes?|tracks?|sings?|raps?|story)\s+(?:is\s+)?about\s+$", re.IGNORECASE
)
_MINUTES = re.compile(r"\s*(?:and\s+)?(\d{1,3})\s*(?:min(?:utes?|s)?\b|m\b|(?![\w.]))", re.IGNORECASE)
"""After hours."""
_NEAR = 4
"""Words after hours among which a piece of music has that length."""
_CLAUSE_END = re.compile(r"[,.;:!?()\n]")


def read_spelled_lengths(text: str) -> Iterator[tuple[float, int, int]]:
    """Yield (seconds, start, end) of each in `text`."""
    for found in _CLOCK.finditer(text):
        yield _HOUR * int(found[1]) + 60 * int(found[2]) + int(found[3]), found.start(), found.end()
    low = text.casefold()
    for found in _pattern().finditer(text) if any(start in low for start in _starts()) else ():
        seconds = _seconds(found, text)
        more = _MINUTES.match(text, found.end()) if seconds and seconds >= _HOUR else None
        if seconds is not None:
            yield seconds + (60 * int(more[1]) if more else 0), found.start(), (more or found).end()


def _seconds(found: re.Match[str], text: str) -> float | None:
    """Return the seconds without further minutes; None if it is no length, or one that is read elsewhere."""
    before = text[max(0, found.start() - 30) : found.start()]
    typed = " ".join(found["amount"].casefold().replace("-", " ").split())
    figure = float(typed.replace(",", ".").replace("½", ".5")) if typed[0].isdecimal() else 0.0
    for language in (_ENGLISH, _OTHERS):
        amount, unit = figure or _amounts(language).get(typed), _units(language).get(found["unit"].casefold())
        if amount and unit and not _moment().search(before) and not _A_SUBJECT.search(before):
            seconds = unit * (amount + 0.5 * bool(found["half"] or found["before"]))
            worded = bool(found["before"]) or any(word in typed for word in ("quarter", "half", "½"))
            beyond = unit == _HOUR or seconds < _SHORTEST
            ends = bool(_ENDS.match(text, found.end()) or _MINUTES.match(text, found.end()))
            ends = ends or (unit == _HOUR and language == _ENGLISH and _is_of_a_piece(text, found))
            if language == _OTHERS and not (figure and found["unit"].casefold() in _units(_ENGLISH)):
                return None if seconds < _SHORTEST and not ends else seconds
            if language == _ENGLISH and ((beyond and ends) or worded):
                return seconds
    return None


def _is_of_a_piece(text: str, found: re.Match[str]) -> bool:
    """Whether hours are the length of music after them: `a 3-hour deep sleep playlist`, `two hour techno`."""
    before, clause = text[: found.start()].casefold().split()[-1:], _CLAUSE_END.split(text[found.end() :], 1)[0]
    if not word_set("lengths", "words", "owners").isdisjoint(before):
        return False
    others = word_set("lengths", "words", "no pieces")
    words = takewhile(lambda word: word not in others, clause.casefold().replace("-", "").split())
    return any(
        word in word_set("lengths", "words", "hour pieces") or word in _genres() for word in islice(words, _NEAR)
    )


@cache
def _genres() -> frozenset[str]:
    """Return the names of genres, without hyphens."""
    names = (*genres(), *(word for words in genre_words("names").values() for word in words))
    return frozenset(name.replace("-", "") for name in names)


@cache
def _amounts(language: str) -> dict[str, float]:
    rows = read_data("lexicon/lengths.toml")["amounts"][language].items()
    found = {word: float(amount) for amount, words in rows for word in split_words(words)}
    if language == _ENGLISH:
        found |= {word.replace("-", " "): float(number) for word, number in cardinals().items()}
    return found


@cache
def _units(language: str) -> dict[str, float]:
    """Return the seconds of each word for a unit."""
    rows = read_data("lexicon/lengths.toml")["units"][language].items()
    return {word: float(seconds) for seconds, words in rows for word in split_words(words)}


@cache
def _starts() -> frozenset[str]:
    """Return how the words for units begin: most prompts have none, so that the slower expression is not needed."""
    words = (*_units(_ENGLISH), *_units(_OTHERS))
    return frozenset(word[:4] for word in words if len(word) > 1) | {f"{figure}h" for figure in range(10)}


@cache
def _moment() -> re.Pattern[str]:
    """Return an expression for words before a moment of the song: `after an hour`, `nach einer Minute`."""
    words = split_words(read_data("lexicon/lengths.toml")["words"]["moments"])
    return re.compile(rf"(?<!\w)(?:{_any(words)})\s+$", re.IGNORECASE)


@cache
def _pattern() -> re.Pattern[str]:
    halves = _any(split_words(read_data("lexicon/lengths.toml")["words"]["and a half"]))
    amounts = _any((*_amounts(_ENGLISH), *_amounts(_OTHERS)))
    units = _any({*_units(_ENGLISH), *_units(_OTHERS)})
    return re.compile(
        rf"(?<![\w.:-])(?P<amount>\d{{1,2}}(?:[.,]\d|½)?|{amounts})"
        rf"(?P<before>[\s-]+and[\s-]+a[\s-]+half)?[\s-]*(?P<unit>{units})(?![^\W\d_])"
        rf"(?:\s+(?P<half>{halves})(?!\w))?",
        re.IGNORECASE,
    )


def _any(words: Iterable[str]) -> str:
    """Return an expression for one of some phrases, the longest first, with spaces or hyphens between their words."""
    phrases = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(one).replace(r"\ ", r"[\s-]+") for one in phrases)
