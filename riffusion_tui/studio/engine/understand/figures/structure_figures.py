"""Reads figures about the form: `32 bars`, `intro 4 bars`, `AABA`, how far a key goes `up`, and tunings (`drop D`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.structure_hints import ABOUT
from riffusion_tui.studio.engine.understand.figures.stated import (
    BARS,
    EACH,
    FORM,
    FORM_BARS,
    INTERVAL,
    SECTION_BARS,
    TUNING,
    Stated,
)
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.matching import meaning_of
from riffusion_tui.studio.engine.understand.words.numbers import cardinal_pattern, number_of, numbers
from riffusion_tui.studio.engine.understand.words.tables import sections
from riffusion_tui.studio.engine.understand.words.tokens import phrase, stem

LETTERS = re.compile("(?=A*B)[ABC]{3,12}|(?=A+B)[ABCD]{3,12}")
"""A form by its parts: `AABA`, `ABA form`."""
_FORM = re.compile(rf"(?<![\w'’])({LETTERS.pattern})(?![\w'’])(\s+(?:form|structure|song)\b)?")
_LETTERS_ALONE = 4
"""Parts of a form without the word, at least."""
_NOT_A_FORM = frozenset({"ABBA", "ABC"})
_MOST_BARS = 400
_COUNT = rf"\d{{1,3}}|{cardinal_pattern()}"
_NUMBER = rf"(?P<number>{_COUNT})"
_TWELVE = 12
BARS_STATED = re.compile(
    rf"(?<![\w/.-]){_NUMBER}[\s-]*"
    r"(?:bars?|measures?|compases|takten?|mesures|battute|compassos|тактов|такта|тактів|小节|小節|마디)(?![a-z])"
    r"(?!\s*-?\s*(?:blues|intro|verses?|chorus(?:es)?|bridge|solos?|breaks?|breakdown|drop|outro|ending|fills?|phrases?|sections?|"
    r"forms?|progressions?|turnaround|riffs?|lead|rest|each|per|patterns?|structure|build|interlude|head|vamp|melody|tag|"
    r"into|before|after|later|then|tall|chords?|"
    r"(?:of )?(?:a |the )?(?:drums?|silence|rest)\b(?!\s+(?:only|alone)\s*(?:$|[.!]))))",
    re.IGNORECASE,
)
_FORM_BARS = re.compile(
    rf"(?<![\w/.-]){_NUMBER}[\s-]*bars?[\s-]+"
    r"(?=(?:AABA[\s-]+|song[\s-]+)?(?:form|structure))",
    re.IGNORECASE,
)
_EACH = re.compile(
    rf"(?<![\w/.-]){_NUMBER}[\s-]*(?:bars?|measures?)\s+"
    r"(?:each|per (?:section|part|letter))\b"
    r"|\b(?:each|every|all) (?:sections?|parts?|letters?)(?: (?:is|are|has|have|of|with|lasts?))*[:\s]+"
    rf"(?P<after>{_COUNT})[\s-]*(?:bars?|measures?)\b",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"[ -]((?:(?!(?:in|of|with|about|for|and|at|that|which|over|to|on|or|from|by|like|feat|featuring)\b)"
    r"[a-z'’]+[ -]?)+)",
    re.IGNORECASE,
)
"""The words after `two-bar` up to the noun."""
_MUSICAL = ("genre", "instrument", "vocal", "structure", "flavour")
_BAR_WORDS = ("bar", "measure", "comp", "takt", "mesure", "battute", "такт", "小", "마디")
"""Most prompts have none of these, so that the slower expression is not needed."""
_NOT_ALL = re.compile(
    r"\b(?:after|first|last|every|each|next|until|till|from|final|then|another|plus|than|at|by|in|for the|all|the"
    r"|of)\s+"
    r"(?:about\s+|the\s+|first\s+|last\s+|next\s+|final\s+)*$",
    re.IGNORECASE,
)
"""Before bars of a part of the song: `after 16 bars`."""
_STEPS = {
    "half step": 1, "half tone": 1, "semitone": 1, "minor second": 1, "whole step": 2, "whole tone": 2, "step": 2,
    "tone": 2, "major second": 2, "minor third": 3, "major third": 4, "third": 4, "fourth": 5, "fifth": 7, "sixth": 9,
}  # fmt: skip
_STEP = "|".join(word.replace(" ", "[ -]") for word in sorted(_STEPS, key=len, reverse=True))
_INTERVAL = re.compile(
    rf"\b(?:(?P<way>up|down)(?:wards?)?\s+(?:by\s+)?(?P<count>a|an|one|two|three|1|2|3)?\s*(?P<step>{_STEP})s?\b"
    rf"|(?P<early>{_STEP})s?[ -](?P<late>up|down|higher|lower|key change|modulation)\b)",
    re.IGNORECASE,
)
_A_CHANGE = re.compile(
    r"\b(?:key change|change (?:of|in) key|changes? (?:the )?key|modulat\w+|transpos\w+)", re.IGNORECASE
)
_TUNING = re.compile(
    r"\b(?:drop(?:ped)?|open)[- ](?P<tonic>[A-Ga-g][#♯b♭]?)(?:[- ]tun(?:ing|ed))?(?![\w'’-]|\s+(?:bass|drum))"
)

_DADGAD = re.compile(r"\bDAD(?:GAD|F#AD)\b(?:[- ]tun(?:ing|ed))?")
_MOST_BARS_OF_A_SECTION = 128
_BODY = ("verse", "chorus", "solo")
"""What has the bars of a blues."""
_PRECHORUS = r"pre[- ]?chorus(?:es)?"
_SECTION = rf"(?:{_PRECHORUS}|{'|'.join(sorted(sections(), key=len, reverse=True))}|solos)\b"
_AMOUNT = rf"(?<![\w/.-])(?P<figure>{_NUMBER}[\s-]*(?:bars?|measures?))(?![a-z])"
_LEADING = re.compile(
    rf"(?<!\bafter )(?<!\bevery )(?<!\buntil )(?<!\bfirst )(?<!\blast ){_AMOUNT}[\s-]*"
    r"(?:(?:long|of(?: an?| the)?|per|(?:for|in) (?:the|each|every))\s+)?"
    r"(?:(?!(?:with|and|then|before|after|into|to|for|in|from|loops?|songs?|each|every)\b)[\w']+[\s-]+)??"
    rf"(?P<section>{_SECTION})",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    rf"\b(?P<section>{_SECTION})(?: sections?)?(?: \d\b)?[\s:=(-]*"
    r"(?:(?:is|are|lasts?|lasting|of|for|has|have|having|with|takes?|about|exactly|only|over|each|should|be|must)\s+)*"
    rf"{_AMOUNT}(?!\s*-?\s*{_SECTION}(?!\s*:?\s*\d))",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"\b(?P<section>{_SECTION})[ :=-]{{1,3}}(?P<figure>(?P<number>8|12|16|24|32))(?=\s*(?:[,;.)\n]|$))",
    re.IGNORECASE,
)
"""Beside sections with bars, also: `intro 4 bars, verse 16, hook 8`."""
_ENTRY = re.compile(
    rf"(?<![\w'’-])(?!{_SECTION})[\w'’-]+\s+"
    rf"(?:starts?|begins?|enters?|joins?|(?:comes?|kicks?|drops?|joins?) in)\s+after\s+{_AMOUNT}",
    re.IGNORECASE,
)
"""Who rests in an intro of so many bars: `drums start after 8 bars`."""
_LONGEST_INTRO = 32
_SIZES = read_data("lexicon/lengths.toml")["bars"]
_SIZED = re.compile(
    rf"\b(?P<size>{'|'.join(word for row in _SIZES.values() for word in split_words(row['words']))})\s+"
    rf"(?:(?!(?:with|and|then|but|of|for|in|songs?|tracks?|pieces?|an?|the)\b)[\w']+[\s-]+){{0,3}}?(?P<section>{_SECTION})",
    re.IGNORECASE,
)
_BARS_OF_A_BLUES = re.compile(rf"{_AMOUNT}[\s-]*blues\b", re.IGNORECASE)


def read_structure_figures(text: str) -> Iterator[Stated]:
    """Yield the bars, forms, intervals and tunings that a text states."""
    of_sections = list(section_bars(text))
    yield from of_sections
    own = {one.start for one in of_sections}
    yield from (one for one in _of_the_song(text) if one.start not in own)


def _of_the_song(text: str) -> Iterator[Stated]:
    low = text.lower()
    for kind, found in _bars_of_a_form(text) if any(word in low for word in _BAR_WORDS) else ():
        yield Stated.at(kind, _number(found), found)
    for found in BARS_STATED.finditer(text) if any(word in low for word in _BAR_WORDS) else ():
        number = _number(found)
        blues = number == _TWELVE and ("blues" in text.lower() or found[0].lower().endswith("bar"))
        part = _NOT_ALL.search(text[max(0, found.start() - 40) : found.start()])
        if 2 <= number <= _MOST_BARS and not blues and not part and not _is_of_something_else(found):
            yield Stated.at(BARS, number, found)
    if _A_CHANGE.search(text):
        for found in _INTERVAL.finditer(text):
            yield Stated(INTERVAL, f"{_semitones(found)}", found.start(), _end(found))
    for found in _FORM.finditer(text):
        if found[2] or (len(found[1]) >= _LETTERS_ALONE and found[1] not in _NOT_A_FORM):
            yield Stated.at(FORM, found[1], found)
    for found in _DADGAD.finditer(text):
        yield Stated.at(TUNING, "D", found)
    for found in _TUNING.finditer(text):
        letter, mark = found["tonic"][0].upper(), found["tonic"][1:].replace("♯", "#").replace("♭", "b")
        yield Stated.at(TUNING, letter + mark, found)


def _bars_of_a_form(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the bars of a form that has no twelve, as a blues has, and of each of its sections."""
    for found in _FORM_BARS.finditer(text):
        if 2 <= _number(found) != _TWELVE:
            yield FORM_BARS, found
    for found in _EACH.finditer(text):
        yield EACH, found


def _is_of_something_else(found: re.Match[str]) -> bool:
    """Whether a `two-bar` describes a noun that is no music: `two-bar mobile signal`; not `8 bar funk loop`."""
    described = _DESCRIBED.match(found.string, found.end()) if found[0].lower().endswith("bar") else None
    if described is None:
        return False
    noun = stem(phrase(described[1])[-1])
    music = context_words("music nouns") | set(split_words(read_data("lexicon/lengths.toml")["words"]["nouns"]))
    return not ({noun} & {stem(word) for word in music}) and not any(meaning_of((noun,), kind) for kind in _MUSICAL)


def _number(found: re.Match[str]) -> int:
    groups = found.groupdict()
    return number_of(groups["number"] or groups["after"])


def _semitones(found: re.Match[str]) -> int:
    step = (found["step"] or found["early"]).lower().replace("-", " ")
    by = _STEPS[step] * numbers().get((found["count"] or "").lower(), 1)
    return -by if (found["way"] or found["late"]).lower() in ("down", "lower") else by


def _end(found: re.Match[str]) -> int:
    """Return where the interval ends: before `key change`, which has a meaning of its own."""
    return found.end("early") if (found["late"] or "").lower() in ("key change", "modulation") else found.end()


def section_bars(text: str) -> Iterator[Stated]:
    """Yield the bars that a text gives kinds of sections, each with the place of its figure."""
    low = text.lower()
    if "bar" in low or "measure" in low:
        yield from _counted(text)
    yield from _sized(text)


def _counted(text: str) -> Iterator[Stated]:
    """Yield the same for each whose bars are counted, which go before what a long or short section has."""
    stated = [found for pattern in (_FOLLOWING, _LEADING) for found in pattern.finditer(text)]
    for found in (*stated, *(_BARE.finditer(text) if stated else ())):
        if 0 < _number(found) <= _MOST_BARS_OF_A_SECTION:
            yield Stated.at(SECTION_BARS, f"{kind_of_section(found['section'])} {_number(found)}", found, "figure")
    for found in _ENTRY.finditer(text):
        if 0 < _number(found) <= _LONGEST_INTRO:
            yield Stated.at(SECTION_BARS, f"intro {_number(found)}", found, "figure")
    for found in _BARS_OF_A_BLUES.finditer(text):
        if _TWELVE != _number(found) <= _MOST_BARS_OF_A_SECTION:
            for kind in _BODY:
                yield Stated.at(SECTION_BARS, f"{kind} {_number(found)}", found, "figure")


def _sized(text: str) -> Iterator[Stated]:
    """Yield the same for each section that is called long or short, by the usual bars of such a one."""
    for found in _SIZED.finditer(text):
        kind = kind_of_section(found["section"])
        row = next(row for row in _SIZES.values() if found["size"].lower() in split_words(row["words"]))
        if kind in row:
            yield Stated.at(SECTION_BARS, f"{kind} {ABOUT}{row[kind]}", found, "size")


def kind_of_section(word: str) -> str:
    """Return the kind of section that a name of one in a prompt stands for."""
    plain = " ".join(word.lower().replace("-", " ").split())
    return "solo" if plain == "solos" else sections().get(plain, "prechorus")
