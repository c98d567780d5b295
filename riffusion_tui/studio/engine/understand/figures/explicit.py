"""Reads figures and notation: tempo in bpm, key and mode, meter, length; and languages.

Each reader returns `Stated` values with the characters they cover, so that no other reader interprets these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from riffusion_tui.studio.engine.understand.figures.decades import (
    follows_a_genre,
    is_a_decade,
    is_a_year,
    precedes_a_description,
)
from riffusion_tui.studio.engine.understand.figures.key_signature import read_keys
from riffusion_tui.studio.engine.understand.figures.moments import A_LENGTH_LEADS, is_a_moment, says_when
from riffusion_tui.studio.engine.understand.figures.section_bars import SECTION_BARS, read_section_bars
from riffusion_tui.studio.engine.understand.figures.spelt_length import read_spelt_lengths
from riffusion_tui.studio.engine.understand.figures.stated_chords import key_of, mode_of, read_chords
from riffusion_tui.studio.engine.understand.figures.stated_title import read_titles
from riffusion_tui.studio.engine.understand.figures.structure_figures import (
    BARS,
    BARS_STATED,
    EACH,
    FORM_BARS,
    INTERVAL,
    read_structure_figures,
)
from riffusion_tui.studio.engine.understand.figures.swing_figures import SWING, read_swings
from riffusion_tui.studio.engine.understand.figures.tempo_beside_a_key import read_tempos_beside_keys
from riffusion_tui.studio.engine.understand.figures.time_of_day import times_of_day
from riffusion_tui.studio.engine.understand.words.languages import name_of, read_languages


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated value, as in the plan.

    `kind` is title, chords, tempo, counted note, key, mode, new key and new mode (which the song changes to), meter,
    length, swing, bars, bars of the form, bars of each section, section bars, interval, tuning, era or language.
    """

    kind: str
    value: str
    start: int
    end: int

    @property
    def meaning(self) -> str:
        """The value as people write it: the name of a language, `32 bars`, `up 2 semitones`."""
        if self.kind in (BARS, FORM_BARS, SECTION_BARS, EACH):
            return f"{self.value.split()[-1]} bars{' each' * (self.kind == EACH)}"
        if self.kind == INTERVAL:
            by = int(self.value)
            return f"{'down' if by < 0 else 'up'} {abs(by)} semitone{'s' * (abs(by) > 1)}"
        if self.kind == SWING:
            return f"{self.value} % swing"
        return name_of(self.value) if self.kind == "language" else self.value


TITLE = "title"
"""The kind of the song's title."""
_NUMBER = r"(\d{2,3}(?:\.\d{1,3})?)"
_BPM = re.compile(
    rf"\b{_NUMBER}\s*(?:(?:-|–|—|to|and)\s*{_NUMBER}\s*)?-?\s*"
    r"(?:bpms?\b|b\.p\.m\.?|beats?[ -](?:per|a|/)[ -]?minute\b|beats/min"
    r"|ударов в минуту|ударів на хвилину|уд\.?/мин|бпм|batt?idas por minuto|pulsaciones por minuto|schläge pro minute)"
    rf"|(?:♩|\b(?:bpm|tempo|b\.p\.m\.?))\s*(?:of|\"|:|=|-|–|is|starts|begins|starting|beginning|at|around|about|approximately|roughly|approx\.?|~|\s)*"
    rf"\s*{_NUMBER}"
    rf"(?:\s*(?:-|–|to)\s*{_NUMBER})?(?![\d/:]|\s*(?:s|sec|seconds|min|minutes)\b)",
    re.IGNORECASE,
)
NOTE = "counted note"
"""The kind of the note that a stated tempo counts, in quarter notes; none if the prompt does not say."""
_NOTES = {
    "half": 2.0, "minim": 2.0, "quarter": 1.0, "crotchet": 1.0, "eighth": 0.5, "quaver": 0.5, "♩": 1.0, "♪": 0.5,
    "1/2": 2.0, "1/4": 1.0, "1/8": 0.5,
}  # fmt: skip
_NOTES_PER_MINUTE = re.compile(
    r"(?:(?P<dotted>\bdotted)[ -])?(?<![\w/-])(?P<note>half|minim|quarter|crotchet|eighth|quaver|♩|♪|1/[248])"
    rf"(?:[ -]?notes?)?s?(?P<dot>\s?\.)?\s*(?:=|equals)\s*(?P<figure>{_NUMBER[1:-1]})(?:\s*(?:bpm\b|b\.p\.m\.?))?",
    re.IGNORECASE,
)
_AT_BPM = re.compile(r"(?:\bat|@)\s*(\d{2,3})\s*(?=$|[,.;!\n])", re.IGNORECASE)
_AT_AFTER_A_GENRE = re.compile(
    r"\s+(?:at|@)\s*([6-9]\d|1\d\d|2[0-4]\d)(?=\s+(?:with|and|for|in|featuring|plus|but|no)\b)", re.IGNORECASE
)
_ALONE = re.compile(r"(?:^|[,;|]\s*)(\d{2,3})\s*(?=$|[,;|\n])")
_AT_THE_END = re.compile(
    r"(?<!route)(?<!highway)(?<!area)(?<!studio)(?<!number)(?<!level)(?<!chapter)(?<!opus)(?<![,;|\d.:/#])"
    r"\s(1[0-9]\d|2[0-4]\d)\s*$",
    re.IGNORECASE,
)
_AFTER_A_METER = re.compile(r"\d/(?:2|4|8|16) ([6-9]\d|1\d\d|2[0-4]\d)(?=\s*(?:$|[,;|\n]))")
_AT_THE_END_OF_A_PHRASE = re.compile(
    r"(?<=\w) (1[0-9]\d|2[0-4]\d)(?=\s*(?:[,;|\n]|(?:no|without|with)\b))", re.IGNORECASE
)
"""After a genre, a tempo: `dnb 174, dark`."""
_DRIVEN = re.compile(
    r"\b(?:relentless|driving|pounding|pumping|hammering|blistering|steady)\s(1[0-9]\d|2[0-4]\d)(?=\s*(?:$|[,;|\n]))",
    re.IGNORECASE,
)
"""`techno, relentless 140`."""
_BETWEEN_GENRES = re.compile(r"(?<=\w) (1[0-9]\d|2[0-4]\d)(?= \w)")
"""`psytrance 145 goa`, `psytrance 145 forest`."""
_NEAR = 40
"""Characters before and after such a figure that are read."""
_METER = re.compile(r"(?<![\d/.])(\d{1,2})\s?/\s?(2|4|8|16)(?![\d/])(?!\s+of\b)")
_BEATS = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "nine": 9, "eleven": 11, "twelve": 12, "two": 2}
_UNITS = {"four": 4, "eight": 8, "quarter": 4, "eighth": 8, "quarters": 4, "eighths": 8}
_SPELT_METER = re.compile(
    rf"\b({'|'.join(_BEATS)})[ -]({'|'.join(_UNITS)})"
    r"(?=\s*(?:time|meter|metre|$|[,.;]|feel|rhythm|beat|groove|signature))",
    re.IGNORECASE,
)
_NAMED_METERS = (
    (
        ("waltz", "triple", "3"),
        re.compile(r"\b(?:waltz|triple|3[ -]beat)[ -](?:time|meter|metre|rhythm|feel)\b", re.IGNORECASE),
        "3/4",
    ),
    (("3", "three"), re.compile(r"\b(?:in|count(?:ed)? in)\s+(?:3|three)\b(?=\s*(?:$|[,.;]))", re.IGNORECASE), "3/4"),
    (("common", "four"), re.compile(r"\b(?:common time|in\s+four\b(?=\s*(?:$|[,.;])))", re.IGNORECASE), "4/4"),
    (
        ("cut", "alla", "two"),
        re.compile(r"\b(?:cut time|alla breve|in\s+two\b(?=\s*(?:$|[,.;])))", re.IGNORECASE),
        "2/2",
    ),
    (("5", "five"), re.compile(r"\bin\s+(?:5|five)\b(?=\s*(?:$|[,.;]))", re.IGNORECASE), "5/4"),
    (("7", "seven"), re.compile(r"\bin\s+(?:7|seven)\b(?=\s*(?:$|[,.;]))", re.IGNORECASE), "7/8"),
    (("odd",), re.compile(r"\bodd[ -](?:time(?: signature)?|met(?:er|re)s?)\b", re.IGNORECASE), "7/8"),
    (("compound",), re.compile(r"\bcompound[ -](?:time|meter|metre)\b", re.IGNORECASE), "6/8"),
)
_MACHINES = ("303", "404", "606", "707", "808", "909")
"""Drum machines: `808s` is not a length."""
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
_AMOUNTS = {
    "half a": 0.5, "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
    "seven": 7.0, "eight": 8.0, "ten": 10.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0,
    "forty-five": 45.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0,
}  # fmt: skip
_SPELT_AMOUNT = "|".join(sorted(_AMOUNTS, key=len, reverse=True))
_AFTER_MINUTES = "(?(2)|(?(6)|(?!)))"
"""Matches only if minutes precede: in `15 seconds 50s`, a decade follows."""
_LENGTH_ENDS = r"\s*(?:$|[,.;)]|about\b|long\b|max\b)"
_LENGTH = re.compile(
    rf"(?:\b(\d{{1,3}}(?:\.\d+)?)[\s-]*(?:(minutes?|mins?|m)|(seconds?|secs?|s))"
    rf"|\b({_SPELT_AMOUNT})(\s+and a half)?[\s-]+(?:(minutes?|mins?)|(seconds?|secs?)))(?![a-z])"
    rf"(?:\s*(?:and\s+)?(?:{_AFTER_MINUTES}([0-5]?\d)(?:\s*(?:seconds?|secs?|s)\b|(?={_LENGTH_ENDS}))|(and a half)\b))?"
    r"(?:[\s-]+long\b)?",
    re.IGNORECASE,
)
_FOREIGN_LENGTH = re.compile(
    r"(?<![\d.])(\d{1,3})\s*(?:(?:minutos?|minuten|minut[io]|минут[аыу]?|мин|хвилин[аиу]?|分|분)(?:\s*(\d{1,2})\s*(?:秒|초))?"
    r"|(segundos?|secondes?|sekunden?|second[io]|секунд[аыиу]?|сек|秒|초))(?![a-zа-яіїє])",
    re.IGNORECASE,
)
"""A length in other languages: `15 segundos`, `2分30秒`."""
_CLOCK = re.compile(r"(?<![\d:/])(\d{1,2}):([0-5]\d)(?![\d:])")
_HALF_MINUTE = re.compile(r"\bhalf[ -]a?[ -]?minute\b", re.IGNORECASE)
_A_LENGTH_FOLLOWS = re.compile(
    r"\s*-?(?:long|clip|loop|version|intro|jingle|ad\b|spot|cue|snippet|cut|duration|edit)", re.IGNORECASE
)


def read_stated(text: str) -> tuple[Stated, ...]:
    """Return everything that `text` states in figures or notation, in order and without overlaps."""
    covered = bytearray(len(text))
    for start, end in times_of_day(text):
        covered[start:end] = b"\1" * (end - start)
    found: dict[Stated, None] = {}
    spans: set[tuple[int, int]] = set()
    readers = (_titles, _swings, _chords, _tempos, _meters, _structure, _lengths, _keys, _years, _languages)
    for stated in (stated for reader in readers for stated in reader(text)):
        span = stated.start, stated.end
        if span in spans or not any(covered[stated.start : stated.end]):
            found[stated] = None
            spans.add(span)
            covered[stated.start : stated.end] = b"\1" * (stated.end - stated.start)
    return (*found, *_implied(list(found)))


def _titles(text: str) -> Iterator[Stated]:
    for title, start, end in read_titles(text):
        yield Stated(TITLE, title, start, end)


def _chords(text: str) -> Iterator[Stated]:
    for chords, start, end in read_chords(text):
        yield Stated("chords", chords, start, end)


def _swings(text: str) -> Iterator[Stated]:
    for percent, start, end in read_swings(text):
        yield Stated(SWING, percent, start, end)


def _implied(found: list[Stated]) -> Iterator[Stated]:
    """Yield the key and the mode that chords imply, if the prompt doesn't state them."""
    chords = next((one for one in found if one.kind == "chords"), None)
    if chords is None:
        return
    stated = {one.kind: one.value for one in found}
    key, mode = key_of(chords.value) or (stated.get("key", ""), mode_of(chords.value))
    if key and "key" not in stated:
        yield Stated("key", key, chords.start, chords.end)
    if mode and "mode" not in stated and stated.get("key", key) == key:
        yield Stated("mode", mode, chords.start, chords.end)


def _tempos(text: str) -> Iterator[Stated]:
    yield from _notes_per_minute(text)
    for found in (*_BPM.finditer(text), *_AT_BPM.finditer(text)):
        values = [float(value) for value in found.groups() if value]
        bpm = sum(values) / len(values)
        if 20 <= bpm <= 600:
            yield Stated("tempo", f"{bpm:g}", found.start(), found.end())
    for found in _ALONE.finditer(text):
        if 60 <= int(found[1]) <= 200 and not is_a_year(text, int(found[1])):
            yield Stated("tempo", found[1], found.start(1), found.end(1))
    for found in (*_AT_THE_END.finditer(text), *_DRIVEN.finditer(text), *_AFTER_A_METER.finditer(text)):
        yield Stated("tempo", found[1], found.start(1), found.end(1))
    yield from _tempos_beside_genres(text)
    for figure, start, end in read_tempos_beside_keys(text):
        yield Stated("tempo", figure, start, end)


def _tempos_beside_genres(text: str) -> Iterator[Stated]:
    for found in (*_AT_THE_END_OF_A_PHRASE.finditer(text), *_AT_AFTER_A_GENRE.finditer(text)):
        if follows_a_genre(text, found.start()):
            yield Stated("tempo", found[1], found.start(1), found.end(1))
    one = _BETWEEN_GENRES.search(text)
    if one is not None:
        before, after = text[max(0, one.start() - _NEAR) : one.start()], text[one.end() : one.end() + _NEAR]
        if follows_a_genre(before, len(before)) and precedes_a_description(after, 0):
            yield Stated("tempo", one[1], one.start(1), one.end(1))


def _notes_per_minute(text: str) -> Iterator[Stated]:
    for found in _NOTES_PER_MINUTE.finditer(text) if "=" in text or "equals" in text else ():
        dotted, note, dot, figure = found["dotted"], found["note"].lower(), found["dot"], float(found["figure"])
        if 20 <= figure <= 600:
            length = _NOTES[note] * (1.5 if dotted or dot else 1.0)
            yield Stated("tempo", f"{figure:g}", found.start(), found.end())
            yield Stated(NOTE, f"{length:g}", found.start(), found.end())


def _meters(text: str) -> Iterator[Stated]:
    low = text.lower()
    for found in _METER.finditer(text) if "/" in text else ():
        if 2 <= int(found[1]) <= 17:
            yield Stated("meter", f"{int(found[1])}/{found[2]}", found.start(), found.end())
    for found in _SPELT_METER.finditer(text) if "eight" in low or "four" in low or "quarter" in low else ():
        yield Stated("meter", f"{_BEATS[found[1].lower()]}/{_UNITS[found[2].lower()]}", found.start(), found.end())
    for gate, pattern, meter in _NAMED_METERS:
        for found in pattern.finditer(text) if any(word in low for word in gate) else ():
            yield Stated("meter", meter, found.start(), found.end())


def _structure(text: str) -> Iterator[Stated]:
    of_sections = [Stated(SECTION_BARS, *one) for one in read_section_bars(text)]
    yield from of_sections
    own = {stated.start for stated in of_sections}
    for kind, value, start, end in read_structure_figures(text):
        if start not in own:
            yield Stated(kind, value, start, end)


def _lengths(text: str) -> Iterator[Stated]:
    for found in _CLOCK.finditer(text):
        seconds = int(found[1]) * 60 + int(found[2])
        if 5 <= seconds <= 3600 and not is_a_moment(text, found.start(), found.end()):
            yield Stated("length", f"{seconds}", found.start(), found.end())
    for length_s, start, end in read_spelt_lengths(text):
        yield Stated("length", f"{length_s:g}", start, end)
    for found in _HALF_MINUTE.finditer(text):
        yield Stated("length", "30", found.start(), found.end())
    for found in _FOREIGN_LENGTH.finditer(text):
        seconds = int(found[1]) if found[3] else 60 * int(found[1]) + int(found[2] or 0)
        if 5 <= seconds <= 86_400:
            yield Stated("length", f"{seconds}", found.start(), found.end())
    for found in _LENGTH.finditer(text):
        length_s, is_another = (
            _seconds(found),
            is_a_moment(text, found.start(), found.end()) or _is_a_decade(text, found),
        )
        if 5 <= length_s <= 86_400 and not is_another:
            yield Stated("length", f"{length_s:g}", found.start(), found.end())


def _seconds(found: re.Match[str]) -> float:
    figure, minutes, _, spelt, half, spelt_minutes, _, more, and_a_half = found.groups()
    amount = float(figure) if figure else _AMOUNTS[spelt.lower()]
    if half or and_a_half:
        amount += 0.5
    return amount * 60 + float(more or 0) if minutes or spelt_minutes else amount


def states_a_moment(text: str) -> bool:
    """Whether the text says when something happens in the song: `the drop comes at 0:45`, `after 16 bars`."""
    found = [one for pattern in (_CLOCK, _LENGTH, BARS_STATED) for one in pattern.finditer(text)]
    found = [one for one in found if not (one.re is _LENGTH and _is_a_decade(text, one))]
    apart = {start for _, start, _ in read_section_bars(text)}
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


def _years(text: str) -> Iterator[Stated]:
    for found in _YEAR.finditer(text):
        yield Stated("era", f"{found[1]}0s", found.start(), found.end())
    for found in _FOREIGN_DECADE.finditer(text) if "0" in text else ():
        tens = found[1] or found[2] or found[3]
        yield Stated("era", f"19{tens}s", found.start(), found.end())
    for found in _SHORT_YEAR.finditer(text):
        century = "20" if found[1] < "3" else "19"
        yield Stated("era", f"{century}{found[1]}0s", found.start(), found.end())
    for found in _ALONE.finditer(text):
        if is_a_year(text, int(found[1])):
            yield Stated("era", f"19{found[1][0]}0s", found.start(1), found.end(1))
    for found in _YEAR_FROM.finditer(text):
        yield Stated("era", f"19{found[1]}0s", found.start(1), found.end())


def _keys(text: str) -> Iterator[Stated]:
    for kind, value, start, end in read_keys(text):
        yield Stated(kind, value, start, end)


def _languages(text: str) -> Iterator[Stated]:
    for code, start, end in read_languages(text):
        yield Stated("language", code, start, end)
