"""Lines that name a song's section in any style and language: `--- Chorus ---`, `{Verse}`, `CHORUS!`, `2. Strophe:`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from riffusion_tui.lyric_sheets import section_names
from riffusion_tui.lyric_sheets.section_names import PERSONS, ROLES, SOUND

TIMES = (
    r"(?:(?<!\w)[x×х]\s?\d{1,3}\b|\b\d{1,3}\s?(?:[x×х](?!\w)|(?:times|mal|veces|vezes|fois|volte|keer|razy|раза?|рази)\b)"
    r"|\b(?:bis|twice)\b)"
)
"""A pattern for how many times something is sung: `x2`, `3×`, `2 mal`, `bis`. Cyrillic has an х of its own."""
TIMES_AFTER = rf"(?:\s*[(\[]?\s*{TIMES}\s*[)\]]?)?"
"""The same after a name in brackets: `[Chorus] (x2)`."""
SECTION = (
    r"(?:(?:final|last|repeat)\s+)?(?:verse|vers|verso|estrofa|strofa|strophe|couplet"
    r"|(?:(?:pr[eé]|post|vor)[ -]?)?(?:chorus|coro|refrain|refr[aã]o|estribillo|ritornello|kehrreim)"
    r"|hook|bridge|puente|ponte|pont|brücke|intro|outro)"
)
"""A pattern for the name of a section."""
_SOLOISTS = (
    r"(?:guitar|bass|piano|keyboard|synth|organ|sax(?:ophone)?|trumpet|trombone|clarinet|flute|harmonica|violin|fiddle"
    r"|cello|banjo|mandolin|accordion|drum)"
)
SOLO = (
    rf"(?:(?:\w+\s+)?{_SOLOISTS}\s+solo|solo\s+de\s+\w+|gitarrensolo|solo(?=\s*:)"
    r"|instrumental(?:\s+(?:break|solo|interlude|section))?)"
)
"""A pattern for the name of a section in which nobody sings. `Solo` alone may be a word that is sung."""
_OTHER_SECTION = (
    r"(?:interlude|breakdown|coda|(?:break|build|drop|ending|rap)(?=\s*:)"
    rf"|(?:first|second|third|fourth|1st|2nd|3rd|4th)\s+{SECTION})"
)
"""A pattern for more names, of which some may be words that are sung if no colon follows."""
_NUMBERED = rf"{SECTION}(?:\s*\d+|\s+(?:[ivx]{{1,4}}|one|two|three|four))?\s*(?:[x×]\s?\d+|\d+\s?[x×])?\s*:?"
_OTHER = rf"(?P<other>(?:{SOLO}|{_OTHER_SECTION})(?:\s*\d+)?\s*(?:[x×]\s?\d+|\d+\s?[x×])?\s*:?)"
_SOUND = rf"\s*[-–—]\s*(?:\w+\s+){{0,2}}(?:{'|'.join(sorted(SOUND))})(?:\s+\w+)?"
"""How a section sounds, after its name: `Outro – fade`."""
_ROLE = rf"\s*[-–—]?\s*(?:{'|'.join(sorted(ROLES))})(?:[\s,&+]+(?:{'|'.join(sorted(ROLES))}))*"
"""Who sings a section, or how, after its name and a colon or dash: `Verse 1: male`, `Bridge – whispered`."""
_SINGER = r"\s*[-–—]\s*\w[^:\n]{0,40}:"
"""The same, of anybody: `Verse 1 – Anna:`."""
_SHORT = r"(?:v\s?\d{1,2}|(?:v|ch?|pc|br?)\s?\d{0,2}\s?:)"
"""A section's name in one or two letters: `V1`, `C:`."""
HEADING = re.compile(
    rf"\s*(?:\[(?P<bracketed>[^\[\]]*)\]{TIMES_AFTER}"
    rf"|\((?P<parenthesized>[^()]*)\){TIMES_AFTER}"
    rf"|(?P<bare>(?:{_SHORT}|{_OTHER}|{_NUMBERED}(?:\s*\([^()]*\))?\s*:?"
    rf"(?:(?P<sound>{_SOUND})|{_SINGER}|(?<=[:–—-]){_ROLE}|\s+[-–—]{_ROLE})?)\s*[-–—]?))\s*",
    re.IGNORECASE,
)
"""A line that is a heading. In parentheses it is one only if it names a section: `(Chorus)`, not `(oh yeah)`."""
_TIMES = re.compile(TIMES, re.IGNORECASE)
_SAYS_TIMES = re.compile(rf"[\W_]*{TIMES}[\W_]*", re.IGNORECASE)
_MOST_TIMES = 8
_SOLO = re.compile(SOLO, re.IGNORECASE)
_MARKDOWN = re.compile(r"(?:#{1,6}\s+)?([*_]{0,3})(.*?)\1")
"""A heading of Markdown, or a line that is bold or italic."""
_BARS = re.compile(r"\b\d{1,3}\s?(?:bars?|takte?|compases|mesures)\b", re.IGNORECASE)
_LONGEST = 100
"""Characters of a line that may be such a heading."""
_LETTER = re.compile(r"[^\W_]")
_EDGES = re.compile(r"(?P<lead>[\W_]*)(?P<core>.*?)(?P<tail>[\W_]*)", re.DOTALL)
_AFTER_NAME = re.compile(r"[:：(,|]|\s[-–—]\s")
"""What separates a section's name from a remark."""
_MARKS = frozenset("-–—=*_~#|/+•·<>{}[]【】「」『』《》〈〉［］`♪♫")
"""Signs around a name that make it a heading, as other symbols do."""
_BRACKETS = frozenset("#=*<{[【「『《〈［")
"""Those that make headings of names that are words of songs, too."""
_INSIDE = re.compile(r"[*_`~]+")
_ENDS_INSIDE = re.compile(r"\s*[:：]?\s*[*_`~>\])}】」』]+\s*[:：]?\s*\w")
"""The end of the signs around a heading, with words after it: `**Verse:** I walk`."""
_ENDS = frozenset(".!?,;…。！？，；\"'“”„‘’«»")
"""Signs around a name that is sung within a stanza."""
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:[-–—'’][^\W\d_]+)*")
_BETWEEN_NAMES = re.compile(r"[/&+]")
_ABBREVIATED = re.compile(
    rf"\b(?:{'|'.join(section_names.ABBREVIATIONS.split(', '))})(?:\.|\s+[x×]\s?\d)", re.IGNORECASE
)
_SUFFIXES = frozenset("abcdef")
"""Letters after a name: `Verse A`, `Verse 1b`."""
_MOST_WORDS = 5
"""Words of a remark in parentheses."""


class _Parts(NamedTuple):
    """The parts of a line that may be a heading."""

    lead: str
    """The signs before the name."""
    name: str
    rest: str
    """What follows the name: a remark, with its separator."""
    tail: str
    """The signs at the end."""
    ends_inside: bool
    """Whether the signs around the name end before the line does."""


class _Name(NamedTuple):
    """What a text that names a section says."""

    kind: str
    is_word: bool
    """Whether the name is also a word of songs."""
    numbered: bool
    qualified: bool


_PLAYED = (None, "solo", "breakdown", "drop")
"""Kinds of sections that descriptions name too."""
_PLAIN = re.compile(_NUMBERED, re.IGNORECASE)
"""What is in parentheses in such a line."""


def plain_headings(lines: Sequence[str]) -> list[str]:
    """Return lines with each heading in an unusual style or language in brackets: `== Bridge ==` as `[Bridge]`.

    A name with nothing but a full stop, an exclamation mark or quotation marks is one above a stanza, or in capitals;
    within a stanza it is sung. `Solo` is one between stanzas.
    """
    found: list[str] = []
    for above, line, below in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        begins = not _LETTER.search(above) or (line.isupper() and not above.isupper())
        ends = not _LETTER.search(below) or HEADING.fullmatch(without_markdown(below)) is not None
        heading = _heading_in(line, begins=begins, alone=begins and ends)
        found.append(f"[{heading}]" if heading else line)
    return found


def section_kind(name: str, *, words: bool = True) -> str | None:
    """Return the kind of section that a name is of; None if of none.

    Args:
        name: it may have a number and a remark: `Verse 2 (soft)`.
        words: whether words of songs that are names too, `Final`, count without a number.
    """
    found = _named(_AFTER_NAME.split(name, maxsplit=1)[0]) if len(name) <= _LONGEST else None
    return found.kind if found and (words or found.numbered or not found.is_word) else None


def times_in(heading: str) -> int:
    """Return how many times a heading says that its section is sung: twice for `Chorus x2`."""
    found = _TIMES.search(heading)
    number = re.search(r"\d+", found[0]) if found else None
    return min(_MOST_TIMES, max(1, int(number[0]) if number else 2)) if found else 1


def without_markdown(line: str) -> str:
    """Remove the signs around a line: `## Chorus`, `**Verse 1:**`."""
    found = _MARKDOWN.fullmatch(line.strip()) if line.lstrip()[:1] in ("#", "*", "_") else None
    return found[2] if found else line


def _heading_in(line: str, *, begins: bool, alone: bool) -> str:
    """Return what a heading says, without the signs around it; empty if the line is none, or a usual one.

    Args:
        line: as it is typed.
        begins: whether no words are above it, at least none in capitals as well.
        alone: whether it is a stanza of its own.
    """
    text = unicodedata.normalize("NFC", line.strip())
    parts = _parts_of(text) if len(text) <= _LONGEST and not _is_usual(text) else None
    name = _named(parts.name) if parts is not None else None
    if parts is None or name is None:
        return ""
    said = _SAYS_TIMES.sub("", parts.rest)
    abbreviated = _ABBREVIATED.search(text) is not None
    labeled = name.numbered or not {":", "："}.isdisjoint(parts.rest + parts.tail) or abbreviated or not name.is_word
    if _is_marked(parts.lead + parts.tail):
        certain = labeled or begins or not _BRACKETS.isdisjoint(parts.lead)
        is_heading = certain and not parts.ends_inside
    elif "(" in parts.lead and ")" in parts.tail:
        played = name.kind in ("solo", "breakdown", "drop")
        is_heading = not name.qualified and _is_remark(said) and (labeled or begins or played)
    elif said and not (parts.rest.startswith("(") and parts.rest.endswith(")")):
        is_heading = False
    else:
        certain = begins or abbreviated or name.numbered
        in_stanza = not _ENDS.isdisjoint(parts.lead + parts.tail)
        is_heading = (labeled and (certain or not in_stanza)) or (alone and name.kind == "solo")
    return parts.name + parts.rest if is_heading else ""


def _parts_of(line: str) -> _Parts | None:
    """Split a line at the signs around it and behind its name; return None if a bracket is open or closed inside."""
    edges = _EDGES.fullmatch(line)
    if edges is None:
        return None
    core, tail = _INSIDE.sub("", edges["core"]), edges["tail"]
    if core.count("(") > core.count(")"):
        core, tail = f"{core})", tail.replace(")", "", 1)
    separator = _AFTER_NAME.search(core)
    name = core[: separator.start()] if separator else core
    ends_inside = _ENDS_INSIDE.match(edges["core"][len(name) :]) is not None
    return None if "]" in core else _Parts(edges["lead"], name, core[len(name) :], tail, ends_inside)


def _is_usual(text: str) -> bool:
    """Whether a line needs no change: it has a bracket, or is a common name without other signs."""
    found = HEADING.fullmatch(without_markdown(text))
    return (text[:1] == "[" and text[:2] != "[[" and "]" in text) or bool(found and found["bare"])


def _is_marked(signs: str) -> bool:
    """Whether signs around a name make it a heading."""
    return any(sign in _MARKS or unicodedata.category(sign) in ("So", "Sk") for sign in signs)


def _is_remark(text: str) -> bool:
    """Whether the words after a name in parentheses aren't sung."""
    words = _TOKEN.findall(text.casefold())
    return len(words) <= _MOST_WORDS and PERSONS.isdisjoint(words)


def _named(text: str) -> _Name | None:
    """Return what a text that is a section's name, with its number and place, says; None if it is something else."""
    plain = _BARS.sub(" ", _TIMES.sub(" ", text))
    tokens = _TOKEN.findall(unicodedata.normalize("NFC", plain).casefold())
    numbers = [token for token in tokens if token.isdigit() or token in _words("NUMBERS") | _words("ORDINALS")]
    returns = not _words("RETURNS").isdisjoint(tokens)
    beside = {*numbers, *_words("RETURNS"), *(_words("ARTICLES") if returns else ())}
    name = [token for token in tokens if token not in beside]
    if len(name) > 1 and name[-1] in _SUFFIXES:
        name = name[:-1]
    bare = [token for token in name if token not in _words("QUALIFIERS")] or name
    kind, is_word = _kinds().get(re.sub("[-–—]", "", "".join(bare)), ("", False))
    several = [_named(part) for part in _BETWEEN_NAMES.split(text)] if _BETWEEN_NAMES.search(text) else []
    if several and all(several):
        return several[0]
    if not kind and _SOLO.fullmatch(" ".join(name)):
        kind = "solo"
    return _Name(kind, is_word, bool(numbers), bare != name) if kind else None


@cache
def _kinds() -> dict[str, tuple[str, bool]]:
    """Return the kind of section by name, and whether the name is also a word."""
    tables = (section_names.WORDS, True), (section_names.NAMES, False)
    return {
        re.sub(r"[\W_]", "", name): (kind, is_word)
        for table, is_word in tables
        for kind, names in table.items()
        for name in names.split(",")
    }


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(word.strip() for word in getattr(section_names, table).split(","))


def style_of_heading(line: str) -> str:
    """Return `tag` for a section's name in brackets, `plain` for one without them, else an empty string.

    `Guitar solo` and `Breakdown:` without brackets are none: descriptions have such lines.
    """
    found = HEADING.fullmatch(without_markdown(line.strip()))
    if found is None or found["sound"] or found["other"]:
        return ""
    if found["bracketed"] is not None:
        return "" if section_kind(found["bracketed"], words=False) in _PLAYED else "tag"
    return "plain" if found["bare"] or _PLAIN.fullmatch(found["parenthesized"].strip()) else ""


def kind_of_heading(line: str) -> str | None:
    """Return the kind of section that a heading names, verse if none; None if the line is sung.

    Args:
        line: as `plain_headings` returns it.
    """
    found = HEADING.fullmatch(line)
    if found is None or found["parenthesized"] is not None:
        return None
    whole = found["bracketed"] or found["bare"] or ""
    words = re.findall(r"[^\W\d_]+", whole.partition(":")[0])
    kinds = [section_kind(whole), *(_letters().get(word.lower()) for word in words if found["bare"])]
    return next(filter(None, (*kinds, *map(section_kind, words))), "verse")


@cache
def _letters() -> dict[str, str]:
    return {name: kind for kind, names in section_names.LETTERS.items() for name in names.split(", ")}
