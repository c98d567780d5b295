"""Reads tempos: `120 bpm`, `ninety bpm`, `quarter note = 90`, `techno 140`, `house 124 Am`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from riffusion_tui.studio.engine.datafiles import names_by_word, read_data, split_words
from riffusion_tui.studio.engine.understand.figures.decades import (
    ABOUT,
    LONE_FIGURE,
    OR_SO,
    begins_or_follows_a_color,
    follows_a_genre,
    is_a_year,
    precedes_a_description,
    precedes_a_genre,
)
from riffusion_tui.studio.engine.understand.figures.key_signature import read_keys
from riffusion_tui.studio.engine.understand.figures.stated import NOTE, Stated
from riffusion_tui.studio.engine.understand.words.numbers import cardinal_pattern, number_of

_NUMBER = r"(\d{2,5}(?:\.\d{1,3})?)"
_ANY_NUMBER = r"(\d{1,5}(?:\.\d{1,3})?)"
"""Before `bpm`: also one that is no tempo, which the limits say."""
_BPM = re.compile(
    rf"\b{_ANY_NUMBER}{OR_SO}\s*(?:(?:-|–|—|to|and)\s*{_NUMBER}\s*)?-?\s*"
    r"(?:bpms?\b|b\.p\.m\.?|beats?[ -](?:per|a|/)[ -]?minute\b|beats/min"
    r"|ударов в минуту|ударів на хвилину|уд\.?/мин|бпм|batt?idas por minuto|pulsaciones por minuto|schläge pro minute)"
    rf"|(?:♩|\b(?:bpm|tempo|b\.p\.m\.?))\s*(?:of|\"|:|=|-|–|is|starts|begins|starting|beginning|at|around|about|approximately|roughly|approx\.?|~|\s)*"
    rf"\s*{_NUMBER}"
    rf"(?:\s*(?:-|–|to)\s*{_NUMBER})?(?![\d/:]|\s*(?:s|sec|seconds|min|minutes)\b)",
    re.IGNORECASE,
)
_WORDS = read_data("lexicon/notes.toml")
_NOTES = {word: float(length) for word, length in names_by_word("lexicon/notes.toml", "lengths").items()}
_DOTTED, _POINTED = ("|".join(split_words(_WORDS["dotted"][place])) for place in ("before", "after"))
_NOTE = rf"(?P<note>{'|'.join(_NOTES)})(?:[ -]?notes?)?s?(?P<dot>\s?\.|\s(?:{_POINTED}))?"
_NOTES_PER_MINUTE = re.compile(
    rf"(?:(?P<dotted>\b(?:{_DOTTED}))[ -])?(?<![\w/-]){_NOTE}\s*(?:=|equals)\s*(?P<figure>{_NUMBER[1:-1]})"
    r"(?:\s*(?:bpm\b|b\.p\.m\.?))?",
    re.IGNORECASE,
)
_NOTES_AT = re.compile(
    rf"(?P<dotted>\b(?:{_DOTTED}))[ -]{_NOTE}\s*(?:at|is|:)?\s+(?P<figure>{_NUMBER[1:-1]})(?:\s*bpm\b)?", re.IGNORECASE
)
"""`dotted quarter 60`, `dotted quarter at 60`."""
_TO_THE_NOTE = re.compile(
    rf"\b(?P<figure>{_NUMBER[1:-1]})\s(?:à la|alla|to the|auf die)\s(?:(?P<dotted>{_DOTTED})[ -])?{_NOTE}(?!\w)",
    re.IGNORECASE,
)
"""`220 à la noire`."""
_AT_BPM = re.compile(r"(?:\bat|@)\s*(\d{2,3})\s*(?=$|[,.;!\n])", re.IGNORECASE)
_AT_AFTER_A_GENRE = re.compile(
    r"\s+(?:at|@)\s*([6-9]\d|1\d\d|2[0-4]\d)(?=\s+(?:with|and|for|in|featuring|plus|but|no)\b)", re.IGNORECASE
)
_AT_THE_END = re.compile(
    r"(?<!route)(?<!highway)(?<!area)(?<!studio)(?<!number)(?<!level)(?<!chapter)(?<!opus)(?<![,;|\d.:/#])"
    rf"\s(1[0-9]\d|2[0-4]\d){OR_SO}\s*$",
    re.IGNORECASE,
)
_AFTER_A_METER = re.compile(r"\d/(?:2|4|8|16) ([6-9]\d|1\d\d|2[0-4]\d)(?=\s*(?:$|[,;|\n]))")
_AT_THE_END_OF_A_PHRASE = re.compile(
    rf"(?<=\w) {ABOUT}(1[0-9]\d|2[0-4]\d){OR_SO}(?=\s*(?:[,;|\n]|(?:no|without|with)\b))", re.IGNORECASE
)
"""After a genre, a tempo: `dnb 174, dark`."""
_DRIVEN = re.compile(
    r"\b(?:relentless|driving|pounding|pumping|hammering|blistering|steady|(?:half|double)[ -]?time)\s"
    r"(1[0-9]\d|2[0-4]\d)(?=\s*(?:$|[,;|\n]))",
    re.IGNORECASE,
)
"""`techno, relentless 140`."""
_BEFORE_A_FEEL = re.compile(
    rf"(?<![\w.,:/#-]){ABOUT}([6-9]\d|1\d\d|2[0-4]\d){OR_SO}(?=,?\s+(?:half|double)[ -]?time\b)", re.IGNORECASE
)
"""`dubstep 140 halftime`."""
_BETWEEN_GENRES = re.compile(r"(?<=\w) (1[0-9]\d|2[0-4]\d)(?= \w)")
"""`psytrance 145 goa`, `psytrance 145 forest`."""
_BEFORE_A_GENRE = re.compile(rf"(?<![\w.,:/#-]){ABOUT}(1[0-9]\d|2[0-4]\d){OR_SO}(?=\s+[^\W\d])", re.IGNORECASE)
"""`120 house`, `very fast 180+ punk`."""
_THEN = re.compile(
    r",?\s*(?:then|->|→)\s*(?:to |at )?(\d{2,3})(?![\d:/]|\s*(?:bpm|bars?|s|sec\w*|min\w*)\b)", re.IGNORECASE
)
"""After a tempo, another one: `tempo 90, then 120`."""
_NEAR = 40
"""Characters before and after such a figure that are read."""
_HUNDRED, _TENS, _SLOWEST = 100, 10, 20
_FIGURE = re.compile(r"(?<![\w.,:/#-])([6-9]\d|1\d\d|2[0-4]\d)(?![\w.:/#%-])")
_INTO_A_KEY = re.compile(r",?\s+(?:in\s+)?(?:the\s+)?")
_BREAK = re.compile(r"\s*(?:$|[,;|\n])")
_BEGINS = re.compile(r"(?:^|[,;|\n])\s*$")


def read_tempos(text: str) -> Iterator[Stated]:
    """Yield the tempos that a text states."""
    yield from _notes_per_minute(text)
    for found in (*_BPM.finditer(text), *_AT_BPM.finditer(text)):
        values = [float(value) for value in found.groups() if value]
        bpm = sum(values) / len(values)
        if bpm > 0:
            yield Stated.at("tempo", f"{bpm:g}", found)
            if other := _THEN.match(text, found.end()):
                yield Stated.at("tempo", other[1], other, 1)
    for found in LONE_FIGURE.finditer(text):
        if 60 <= int(found[1]) <= 200 and not is_a_year(text, int(found[1])):
            yield Stated.at("tempo", found[1], found, 1)
    for pattern in (_AT_THE_END, _DRIVEN, _AFTER_A_METER, _BEFORE_A_FEEL):
        for found in pattern.finditer(text):
            yield Stated.at("tempo", found[1], found, 1)
    yield from _tempos_beside_genres(text)
    yield from _spelled_tempos(text)
    yield from _tempos_beside_keys(text)


def _tempos_beside_genres(text: str) -> Iterator[Stated]:
    for found in (*_AT_THE_END_OF_A_PHRASE.finditer(text), *_AT_AFTER_A_GENRE.finditer(text)):
        if follows_a_genre(text, found.start()):
            yield Stated.at("tempo", found[1], found, 1)
    for found in _BEFORE_A_GENRE.finditer(text):
        if begins_or_follows_a_color(text, found.start()) and precedes_a_genre(text, found.end()):
            yield Stated.at("tempo", found[1], found, 1)
    one = _BETWEEN_GENRES.search(text)
    if one is not None:
        before, after = text[max(0, one.start() - _NEAR) : one.start()], text[one.end() : one.end() + _NEAR]
        if follows_a_genre(before, len(before)) and precedes_a_description(after, 0):
            yield Stated.at("tempo", one[1], one, 1)


def _notes_per_minute(text: str) -> Iterator[Stated]:
    equal = _NOTES_PER_MINUTE.finditer(text) if "=" in text or "equals" in text else ()
    for found in (*equal, *_NOTES_AT.finditer(text), *_TO_THE_NOTE.finditer(text)):
        dotted, note, dot, figure = found["dotted"], found["note"].lower(), found["dot"], float(found["figure"])
        if 20 <= figure <= 600:
            length = _NOTES[note] * (1.5 if dotted or dot else 1.0)
            yield Stated.at("tempo", f"{figure:g}", found)
            yield Stated.at(NOTE, f"{length:g}", found)


def _spelled_tempos(text: str) -> Iterator[Stated]:
    """Yield each tempo in `text` that is spelled."""
    low = text.lower()
    for found in _spelled().finditer(text) if any(word in low for word in ("bpm", "minute", "tempo")) else ():
        many = (found["many"] or "").lower()
        rest = number_of(found["rest"]) if found["rest"] else 0
        bpm = (2 if many.startswith("two") else bool(many)) * _HUNDRED + rest
        named = found["before"] or found["after"]
        if named and bpm >= _SLOWEST and ("hundred" in many or rest >= _TENS):
            yield Stated.at("tempo", bpm, found)


@cache
def _spelled() -> re.Pattern[str]:
    return re.compile(
        r"(?P<before>\b(?:tempo|bpm)(?:\s*(?:of|is|at|around|about|:|=))*\s*)?"
        r"\b(?P<many>(?:(?:a |one |two )?hundred(?:[ -]and)?\b|one\b|two\b)[ -]?)?"
        rf"(?P<rest>{cardinal_pattern()}\b)?"
        r"(?P<after>[ -]?(?:bpm|beats?[ -](?:per|a)[ -]minute)\b)?",
        re.IGNORECASE,
    )


def _tempos_beside_keys(text: str) -> Iterator[Stated]:
    """Yield each tempo beside a key in `text`."""
    figures = list(_FIGURE.finditer(text))
    keys = {(one.start, one.end) for one in read_keys(text)} if figures else set()
    for found in figures:
        if any(_belongs(text, found, start, end) for start, end in keys):
            yield Stated.at("tempo", found[1], found)


def _belongs(text: str, found: re.Match[str], start: int, end: int) -> bool:
    """Whether a figure is the tempo beside the key from `start` to `end`; in `symphony 104`, it only counts."""
    if found.end() < start and _INTO_A_KEY.fullmatch(text, found.end(), start):
        return bool(_BEGINS.search(text, 0, found.start())) or follows_a_genre(text, found.start())
    if end < found.start() and not text[end : found.start()].strip():
        return bool(_BREAK.match(text, found.end())) or precedes_a_genre(text, found.end())
    return False
