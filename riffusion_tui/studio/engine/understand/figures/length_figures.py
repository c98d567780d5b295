"""Reads lengths: `2:30`, `90 seconds`, `half an hour`, `zwei Stunden`, and those of a song that is short or long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import islice, takewhile

from riffusion_tui.studio.engine.datafiles import names_by_word, read_data, split_words
from riffusion_tui.studio.engine.understand.figures.decades import is_a_decade
from riffusion_tui.studio.engine.understand.figures.moments import A_LENGTH_LEADS, is_a_moment, says_when, times_of_day
from riffusion_tui.studio.engine.understand.figures.stated import Stated
from riffusion_tui.studio.engine.understand.figures.structure_figures import BARS_STATED, section_bars
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR
from riffusion_tui.studio.engine.understand.words.numbers import cardinal_pattern, cardinals, number_of
from riffusion_tui.studio.engine.understand.words.tables import genre_words, genres, word_set
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase

_words = partial(word_set, "lengths", "words")
_MACHINES = ("303", "404", "606", "707", "808", "909")
"""Drum machines: `808s` is not a length."""
_AMOUNTS = {"half": 0.5, "a": 1.0, "an": 1.0}
_SPELLED_AMOUNT = rf"half(?:[ -]a)?(?=[ -]min(?:ute)?\b)|an?|{cardinal_pattern()}"
_AFTER_MINUTES = "(?(2)|(?(6)|(?!)))"
"""Matches only if minutes precede: in `15 seconds 50s`, a decade follows."""
_LENGTH_ENDS = r"\s*(?:$|[,.;)]|about\b|long\b|max\b)"
_LENGTH = re.compile(
    rf"(?:\b(?!\d+(?:(?-i:M)\d|m\d(?!\d)))(\d{{1,3}}(?:\.\d+)?)[\s-]*(?:(minutes?|mins?|m)|(seconds?|secs?|s))"
    rf"|\b({_SPELLED_AMOUNT})(\s+and a half)?[\s-]+(?:(minutes?|mins?)|(seconds?|secs?)))(?![a-z])"
    rf"(?:\s*(?:and\s+)?(?:{_AFTER_MINUTES}([0-5]?\d)(?:\s*(?:seconds?|secs?|s)\b|(?={_LENGTH_ENDS}))|(and a half)\b))?"
    r"(?:[\s-]+long\b)?",
    re.IGNORECASE,
)
"""`90 seconds`, `4m20`; not the number of a film cue, `4M2`."""
_FOREIGN_LENGTH = re.compile(
    r"(?<![\d.])(\d{1,3})\s*(?:(?:minutos?|minuten|minut[io]|минут[аыу]?|мин|хвилин[аиу]?|分|분)(?:\s*(\d{1,2})\s*(?:秒|초))?"
    r"|(segundos?|secondes?|sekunden?|second[io]|секунд[аыиу]?|сек|秒|초))(?![a-zа-яіїє])",
    re.IGNORECASE,
)
"""A length in other languages: `15 segundos`, `2分30秒`."""
_CLOCK = re.compile(r"(?<![\d:/])(?:(\d{1,2}):(?=[0-5]\d:))?(\d{1,2}):([0-5]\d)(?![\d:])")
_BRIEF = 10
"""Words of a prompt for a jingle, at most."""
_A_PAUSE_FOLLOWS = re.compile(r"[\s-]*(?:of\s+)?(?:pause|silence|fade|delay|gap|rest|reverb|echo|tail)", re.IGNORECASE)
_A_LENGTH_FOLLOWS = re.compile(
    r"\s*-?(?:long|clip|loop|version|intro|jingle|ad\b|spot|cue|snippet|cut|duration|edit)", re.IGNORECASE
)
_SHORTEST = 5.0
"""Seconds of the shortest length; others in English minutes and seconds are read elsewhere."""
_HOUR = 3600.0
_ENGLISH, _OTHERS = "english", "others"
_SPELLED_ENDS = re.compile(
    r"[\s-]long\b|[\s-](?:loop|version|mix|set|jingle|clip|sample|ident|sting)\b|\s*(?:$|[,.;)\n])|\s+and\s+\w+\s+min"
    r"|\s+of\s+(?!(?:silence|reverb|delay|echo|fade|attack|release|decay|feedback)\b)",
    re.IGNORECASE,
)
"""After a length that is too long or too short: not `a 3 second delay`."""
_A_SUBJECT = re.compile(
    r"\b(?:songs?|ballads?|lyrics|tunes?|tracks?|sings?|raps?|story)\s+(?:is\s+)?about\s+$", re.IGNORECASE
)
_MINUTES = re.compile(r"\s*(?:and\s+)?(\d{1,3})\s*(?:min(?:utes?|s)?\b|m\b|(?![\w.]))", re.IGNORECASE)
"""After hours."""
_CLAUSE_END = re.compile(r"[,.;:!?()\n]")
_MAX_BETWEEN = 2
"""Words between `short` and the noun, at most: `a short sad piano piece`."""
_JINGLE = "very short"


def read_lengths(text: str) -> Iterator[Stated]:
    """Yield the lengths that a text states."""
    for found in _CLOCK.finditer(text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        seconds += 3600 * hours + 60 * minutes
        if hours or (5 <= seconds <= 3600 and not is_a_moment(text, found.start(), found.end())):
            yield Stated.at("length", seconds, found)
    yield from _spelled_lengths(text)
    for found in _FOREIGN_LENGTH.finditer(text):
        seconds = int(found[1]) if found[3] else 60 * int(found[1]) + int(found[2] or 0)
        if 5 <= seconds <= 86_400:
            yield Stated.at("length", seconds, found)
    for found in _LENGTH.finditer(text):
        length_s, is_another = (
            _seconds(found),
            is_a_moment(text, found.start(), found.end()) or _is_a_decade(text, found),
        )
        if _is_long_enough(text, length_s, found.end()) and not is_another:
            yield Stated.at("length", f"{length_s:g}", found)


def _is_long_enough(text: str, length_s: float, end: int) -> bool:
    """Whether a figure can be the length of a song; of a few seconds, only of a jingle that little is said about."""
    brief = len(text.split()) <= _BRIEF and not _A_PAUSE_FOLLOWS.match(text, end)
    return (1 if brief else 5) <= length_s <= 86_400


def _seconds(found: re.Match[str]) -> float:
    figure, minutes, _, spelled, half, spelled_minutes, _, more, and_a_half = found.groups()
    amount = float(figure or _AMOUNTS.get(spelled[:4].lower(), 0) or number_of(spelled))
    if half or and_a_half:
        amount += 0.5
    return amount * 60 + float(more or 0) if minutes or spelled_minutes else amount


def states_a_moment(text: str) -> bool:
    """Whether the text says when something happens in the song: `the drop comes at 0:45`, `after 16 bars`."""
    found = [one for pattern in (_CLOCK, _LENGTH, BARS_STATED) for one in pattern.finditer(text)]
    found = [one for one in found if not (one.re is _LENGTH and _is_a_decade(text, one))]
    apart = {one.start for one in section_bars(text)}
    apart.update(at for span in times_of_day(text) for at in range(*span))
    found = [one for one in found if one.start() not in apart]
    moments = [one for one in found if is_a_moment(text, one.start(), one.end())]
    return any(says_when(text, one.start(), one.end()) for one in moments)


def _is_a_decade(text: str, found: re.Match[str]) -> bool:
    """Whether it is a decade or a drum machine: `80s`, `808s`; `45s`, `30s long` and `length: 30s` are lengths."""
    unit = (found[2] or found[3] or "").lower()
    if unit not in ("s", "m") or found[0].lower() != f"{found[1]}{unit}":
        return False
    if _A_LENGTH_FOLLOWS.match(text, found.end()) or A_LENGTH_LEADS.search(
        text[max(0, found.start() - 20) : found.start()]
    ):
        return False
    if unit != "s" or found[1] in _MACHINES:
        return unit == "s"
    return float(found[1]) % 10 == 0 and float(found[1]) < 100 and is_a_decade(text, found.start())


def _spelled_lengths(text: str) -> Iterator[Stated]:
    """Yield each length in `text`, in seconds."""
    low = text.casefold()
    for found in _spelled().finditer(text) if any(start in low for start in _starts()) else ():
        seconds = _spelled_seconds(found, text)
        more = _MINUTES.match(text, found.end()) if seconds and seconds >= _HOUR else None
        if seconds is not None:
            seconds += 60 * int(more[1]) if more else 0
            yield Stated("length", f"{seconds:g}", found.start(), (more or found).end())


def _spelled_seconds(found: re.Match[str], text: str) -> float | None:
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
            ends = bool(_SPELLED_ENDS.match(text, found.end()) or _MINUTES.match(text, found.end()))
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
    return any(word in word_set("lengths", "words", "hour pieces") or word in _genres() for word in islice(words, NEAR))


@cache
def _genres() -> frozenset[str]:
    """Return the names of genres, without hyphens."""
    names = (*genres(), *(word for words in genre_words("names").values() for word in words))
    return frozenset(name.replace("-", "") for name in names)


@cache
def _amounts(language: str) -> dict[str, float]:
    amounts = names_by_word("lexicon/lengths.toml", "amounts", language)
    found = {word: float(amount) for word, amount in amounts.items()}
    if language == _ENGLISH:
        found |= {word.replace("-", " "): float(number) for word, number in cardinals().items()}
    return found


@cache
def _units(language: str) -> dict[str, float]:
    """Return the seconds of each word for a unit."""
    units = names_by_word("lexicon/lengths.toml", "units", language)
    return {word: float(seconds) for word, seconds in units.items()}


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
def _spelled() -> re.Pattern[str]:
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
        for parts, name in _named_lengths().get(token.norm, ()):
            last = at + len(parts) - 1
            if tuple(token.norm for token in tokens[at : last + 1]) != parts or _is_denied(tokens, at):
                continue
            free = understood.isdisjoint(range(at, last + 1))
            if free and (_describes(tokens, last, genres, understood) or _stands_apart(tokens, at, last)):
                return _stated_length(tokens, at, last, name)
    for at, token in enumerate(tokens):
        if token.norm in _words("jingles") and _ends_a_phrase(
            tokens, at, also=frozenset({"for", "about", "with", "to", "of"})
        ):
            return _stated_length(tokens, at, at, _JINGLE)
    return None


def _stated_length(tokens: tuple[Token, ...], at: int, last: int, name: str) -> tuple[Stated, frozenset[int]]:
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
        if end is not None and (_ends_a_phrase(tokens, end) or end + 1 not in understood):
            return True
        if at not in understood:
            return False
    return False


def _stands_apart(tokens: tuple[Token, ...], at: int, last: int) -> bool:
    """Whether it stands between commas or ends a sentence about the song: `rock, short`, `keep it short`."""
    return (_begins(tokens, at) or _is_of_the_song(tokens, at)) and _ends_a_phrase(tokens, last)


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


def _ends_a_phrase(tokens: tuple[Token, ...], at: int, also: frozenset[str] = frozenset()) -> bool:
    """Whether a phrase ends at token `at`: there is a comma, the end, or a word of `also`."""
    return at + 1 == len(tokens) or tokens[at + 1].begins_phrase or tokens[at + 1].norm in also


@cache
def _named_lengths() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return (phrase, name of a length) by the first word, the longest phrases first."""
    rows = read_data("lexicon/lengths.toml")["lengths"].items()
    found = [(phrase(word), name) for name, row in rows for word in split_words(row["words"])]
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for parts, name in sorted(found, key=lambda one: -len(one[0])):
        index.setdefault(parts[0], []).append((parts, name))
    return index
