"""Lyrics as people type them: in one line of a prompt, and with lines such as `Repeat Chorus`, as lines to sing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from riffusion_tui.lyric_sheets.section_headings import (
    HEADING,
    SECTION,
    TIMES,
    TIMES_AFTER,
    section_kind,
    times_in,
    without_markdown,
)
from riffusion_tui.lyric_sheets.section_names import PERSONS, ROLES, SOUND

_TAG = re.compile(
    rf"\[\s*{SECTION}\s*\d*\s*(?:[x×]\s?\d+)?\s*(?P<more>:[^\[\]\n]{{0,40}})?\]{TIMES_AFTER}", re.IGNORECASE
)
_NAMED = re.compile(rf"(?:^|(?<=[.;,!?/])\s*)(?P<name>{SECTION}\s*\d*)\s*:\s*", re.IGNORECASE)
"""A section's name and a colon within a line: `pop. Verse: I walk alone.`"""
_PARENTHESIZED = re.compile(rf"\s*\(\s*(?P<name>{SECTION}\s*\d*)\s*\)\s*(?P<words>\w.*)", re.IGNORECASE)
"""A line that begins with a section's name in parentheses: `(Verse 1) I walk alone`."""
_BELOW_NAME = re.compile(r"[\s*_]*(?P<name>[^\s:：\[\]()*_{][^:：\[\]()*_{]{0,40})[:：][*_]*\s+[*_]*(?P<words>\S.*)")
"""A line of lyrics that begins with a section's name and a colon."""
_NUMBER = re.compile(
    r"\s*(?:\((?P<inner>\d{1,2})\)|(?P<outer>\d{1,2})(?P<dot>[.):]?)|(?P<roman>[IVX]{1,4})[.)])(?P<words>\s+\S.*)?\s*"
)
"""The number of a stanza, and perhaps its first words."""
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_LYRICS = re.compile(
    r"(?:^|[,;.:]|\bwith(?: the)?\b)\s*(?:lyrics|letra|paroles|testo|songtext)\s*"
    r"(?::\s*(?P<bare>[^\"“«\s].*)|:?\s*[\"“«](?P<quoted>[^\"“”«»]+)[\"”»](?P<after>.*))$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<!\s)\s+[/|]\s+|(?<=[.!?;])\s+")
"""Where a line of lyrics ends within a line that is typed."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_VERBS = frozenset(("is", "are", "am", "was", "were"))
_INSTRUCTIONS = frozenset((
    "about", "in", "by", "with", "without", "on", "of", "no", "none", "sung", "for", "like", "should", "must", "write",
    "theme", "language",
))  # fmt: skip
_TITLES = ("song", "song title", "título", "titulo", "titre", "titel", "titolo", "название", "曲名")
"""Labels of a title, other than `title`."""
LABELED = re.compile(
    r"[(\[]?\s*(?P<label>title|artist|band|album|key|tempo|bpm|time(?: signature)?|genre|style|mood|tuning|language"
    rf"|year|{'|'.join(_TITLES)}|lyrics|lyrics by|words by|music by|(?:written|composed|produced|performed) by"
    r"|author|writer|composer|producer|copyright|artista|artiste|interpret|autore?|auteur|compositor|text|música|musik"
    r"|letra de|исполнитель|автор|слова|музыка|作词|作詞|作曲|编曲|編曲|歌手|词|曲)\s*"
    r"(?:[:：=]|(?<=by)\s)\s*(?P<value>[^\n]*?)\s*[)\]]?"
    r"|(?P<capo>capo)\s*:?\s*\d{1,2}(?:st|nd|rd|th)?(?: fret)?",
    re.IGNORECASE,
)
"""A line above lyrics that says something about them: `Key: G`, `Written by Anna`."""
_BY = re.compile(r"(?:[-–—]\s*)?(?:by|\(?(?:feat|ft)\.?)\s+[A-Z][^\n]{0,60}")
"""The line below a title."""
_TITLE = re.compile(r"[\"“”‘’#*_\s]*(?P<title>[^\W\d_][^\n]{0,60}?)[\"“”‘’*_\s]*")
_LONG_WORD = 4
"""Letters of a word that has a capital in a title."""
_TITLE_WORDS = 8
_REPEAT = re.compile(
    rf"\s*[\[(]?\s*(?:repeat|back to)\s+(?:the\s+)?(?P<place>first|second|third|1st|2nd|3rd)?\s*"
    rf"(?P<name>{SECTION}\s*\d*)\s*(?P<times>{TIMES})?"
    r"(?:\s+(?:until|till|to|and)\s+(?:the\s+)?(?:end|fade(?:s|\s+out)?))?\s*[\])]?[.:]?\s*",
    re.IGNORECASE,
)
_PLACES = {"first": "1", "second": "2", "third": "3"}
AGAIN = re.compile(
    rf"(?:[\[(]\s?(?:(?:repeat\s+)?{TIMES}|repeat)\s?[\])]|(?:^|(?<=\s))(?:[x×*]\s?[2-9]|[2-9][x×])|^bis)\s*$",
    re.IGNORECASE,
)
"""The end of a line that is sung several times: `We will rock you (x2)`; alone, it repeats the section so far."""
_DIRECTING = frozenset(("no", "without", "only", "just", "key"))
"""First words of a text that says how a section sounds."""
_LONGEST_DIRECTION = 4
"""Words of such a text, at most."""
_DIRECTIONS = (["fade", "out"], ["fade", "in"], ["a", "cappella"], ["acapella"], ["key", "change"], ["half", "time"])
_FADES = re.compile(r"\s*\((?:(?:and )?fade[sd]?(?: (?:out|away|in))?|ad[ -]?libs?)\)\s*$", re.IGNORECASE)
"""The end of a line with what the sound does there."""
_BESIDE = frozenset(("pre", "pré", "post", "vor"))
"""In the name of a section before or after a chorus."""
_FEWEST_NUMBERS = 2
"""Stanzas with numbers, at least: one may be a line that counts."""
_FEWEST_STANZAS = 2
_FEWEST_LINES = 3
"""Lines of a stanza that is the only one, at least."""
_SUBJECT = frozenset(("about", "for", "to", "where", "who", "write", "song's", "theme", "story", "like"))
"""Words of a line that says what a song is about, or that it is to be written."""
_WISH = re.compile(
    r"\d|\b(?:called|named|I (?:want|need) (?:it|people|the|an?)|I(?:'d| would) like|make (?:it|them)|should|must)\b",
    re.IGNORECASE,
)
"""What a line says that asks for something, or states a fact."""
_STANZA_WORDS = (1, 14)
"""Words of a line of such stanzas."""
_ORDERS = frozenset(("write", "create", "use", "add", "theme", "language", "genre", "style", "mood", "tempo"))
"""First words of a line that instructs."""
_MUSIC = frozenset(("lyrics", "verse", "verses", "chorus", "choruses", "bpm", "genre", "vocals", "instrumental"))
"""Words that are in descriptions of songs, and not in songs."""
_LISTED = re.compile(r"\s*(?:[-*•–]\s|\d+[.)])|[^:]{1,200}:\s*$")
"""A line of a list, or one that ends with a colon."""
_LONGEST_NUMBERED = 300
"""Characters of a line that begins with a stanza's number, at most."""
LONGEST_MARK = 60
"""Characters of a line or its end that say to repeat something, at most: long lines are searched in linear time."""


def on_lines(prompt: str) -> str:
    """Return a prompt with the lyrics that are in one of its lines on lines of their own, below headings.

    Typed in one line are `pop [Verse] I walk alone [Chorus] we sing`, `pop, lyrics: love is all` and, if they can't be
    a description, `pop. Verse: I walk alone. Chorus: we sing`.
    """
    lines = prompt.split("\n")
    words = [found["words"] for found in map(_PARENTHESIZED.fullmatch, lines) if found]
    sung = any(_reads_as_words(each, PERSONS) for each in words) and not any(map(_sounds, words))
    return "\n".join(
        part
        for line in lines
        for part in ((sung and _parenthesized(line)) or _tagged(line) or _announced(line) or _named(line))
    )


def below_tags(line: str) -> list[str]:
    """Return a line of lyrics, or its words below the section's name that it begins with: `[Verse] I walk`."""
    tagged = _tagged(line) if line.lstrip().startswith("[") else []
    return _parenthesized(line) or tagged or _below_name(line) or [line]


def _below_name(line: str) -> list[str]:
    """Return a section's name before a colon, as a heading, and the words after it; none if the line has no such."""
    found = _BELOW_NAME.fullmatch(line)
    if found is None or HEADING.fullmatch(line) or section_kind(found["name"], words=False) is None:
        return []
    return [f"[{found['name'].strip()}]", found["words"]]


def _parenthesized(line: str) -> list[str]:
    """Return a section's name in parentheses, as a heading, and the words after it; none if the line has no such."""
    found = _PARENTHESIZED.fullmatch(line)
    if found is None:
        return []
    return [f"[{found['name'].strip()}]", *(words for words in (found["words"],) if not is_direction(words))]


def _sounds(text: str) -> bool:
    return not SOUND.isdisjoint(_WORD.findall(text.lower()))


def are_stanzas(blocks: Sequence[Sequence[str]]) -> bool:
    """Return whether blocks of lines are stanzas to sing: two or more, many of whose lines have words of singers.

    Few of them describe a sound or end as sentences do, and none lists or instructs anything.
    """
    lines = [line for block in blocks for line in block]
    whole = all(len(block) > 1 or block in blocks[:at] for at, block in enumerate(blocks))
    if len(blocks) < _FEWEST_STANZAS or not whole or not all(map(_could_be_sung, lines)):
        return False
    sentences = sum(line.rstrip().endswith(".") for line in lines)
    sounds, singers = sum(map(_sounds, lines)), sum(map(_is_of_a_person, lines))
    return 2 * sentences <= len(lines) and 4 * sounds <= len(lines) <= 3 * singers


def is_stanza_below(first: str, lines: Sequence[str], *, apart: bool) -> bool:
    """Return whether lines of a prompt are a stanza to sing, and the first line describes the song.

    If that says what the song is about, the others may tell more of it.

    Args:
        first: the prompt's first line.
        lines: those below it.
        apart: whether an empty line is between them; else more of them need words of singers.
    """
    about = frozenset(_WORD.findall(first.lower()))
    if len(lines) < _FEWEST_LINES or not about or about & (PERSONS | _SUBJECT) or not all(map(_could_be_sung, lines)):
        return False
    if any(map(_WISH.search, lines)):
        return False
    sentences = sum(line.rstrip().endswith(".") for line in lines)
    sounds, singers = sum(map(_sounds, lines)), sum(map(_is_of_a_person, lines))
    return not sounds and 2 * sentences <= len(lines) <= (3 if apart else 1.5) * singers


def _could_be_sung(line: str) -> bool:
    words = _WORD.findall(line.lower())
    return (
        _STANZA_WORDS[0] <= len(words) <= _STANZA_WORDS[1]
        and words[0] not in _ORDERS
        and _MUSIC.isdisjoint(words)
        and not _LISTED.match(line)
    )


def _is_of_a_person(line: str) -> bool:
    return not PERSONS.isdisjoint(word.replace("’", "'") for word in _WORD.findall(line.lower()))


def unnumbered(lines: Sequence[str]) -> list[str]:
    """Return lines with a heading for the number of a stanza, if those of several count from 1: `1.`, `2. I walk`."""
    found = {at: number for at, number in _numbers(lines) if number}
    if list(found.values()) != list(range(1, len(found) + 1)) or len(found) < _FEWEST_NUMBERS:
        return list(lines)
    parts = ([f"[Verse {found[at]}]", _after_number(line)] if at in found else [line] for at, line in enumerate(lines))
    return [part for each in parts for part in each if part or len(each) == 1]


def _numbers(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the place of each line that begins a stanza, and its number; 0 if it has none."""
    for at, (above, line) in enumerate(pairwise(["", *lines])):
        if line.strip() and not above.strip():
            number = _NUMBER.fullmatch(line[:_LONGEST_NUMBERED])
            yield at, _value(number) if number and (number["dot"] != "" or not number["words"]) else 0


def _value(number: re.Match[str]) -> int:
    """Return the value of a number, 0 of Roman numerals that are none."""
    roman = number["roman"]
    return _ROMAN.index(roman) + 1 if roman in _ROMAN else int(number["inner"] or number["outer"] or 0)


def _after_number(line: str) -> str:
    found = _NUMBER.match(line)
    return (found["words"] or "").strip() if found else line


def header_of(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return what the lines above lyrics say, by its label in small letters, and the lines below.

    A lone line with capitals above the first heading is the `title`.
    """
    found: dict[str, str] = {}
    first = 0
    for at, typed in enumerate(lines):
        line = without_markdown(typed.strip())
        labeled = LABELED.fullmatch(line) if len(line) <= _LONGEST_NUMBERED else None
        if labeled:
            found.setdefault((labeled["label"] or labeled["capo"]).lower(), labeled["value"] or "")
        elif line and not found and (title := _title_above(lines[at:])):
            found["title"] = title
        elif line and not (found and _BY.fullmatch(line)):
            break
        first = at + 1
    if not found or not any(line.strip() for line in lines[first:]):
        return {}, list(lines)
    found.setdefault("title", next((found[label] for label in _TITLES if label in found), ""))
    return found, list(lines[first:])


def _title_above(lines: Sequence[str]) -> str:
    """Return the title that a first line is; empty if it is sung or begins a section."""
    found = _TITLE.fullmatch(lines[0].strip()) if len(lines[0]) <= _LONGEST_NUMBERED else None
    below = without_markdown(next((line.strip() for line in lines[1:] if line.strip()), ""))
    if (
        found is None
        or HEADING.fullmatch(without_markdown(lines[0]))
        or (not HEADING.fullmatch(below) and not _BY.fullmatch(below))
    ):
        return ""
    words = found["title"].split()
    capitals = all(word[:1].isupper() or len(word) < _LONG_WORD for word in words) and words[0][:1].isupper()
    capitals = capitals and any(len(word) >= _LONG_WORD - 1 for word in words)
    marked = lines[0].strip()[0] in '"“#*_'
    ends = found["title"].endswith((",", ";"))
    return found["title"] if len(words) <= _TITLE_WORDS and (capitals or marked) and not ends else ""


def repeated(lines: Sequence[str]) -> list[str]:
    """Return lyrics with the lines that `Repeat Chorus` and `(x2)` stand for."""
    found: list[str] = []
    begun = 0
    for typed in lines:
        line = typed.strip()
        again = _REPEAT.fullmatch(line) if len(line) <= LONGEST_MARK else None
        times = AGAIN.search(line[-LONGEST_MARK:])
        once = line[: -len(times[0])].rstrip() if times else ""
        number = (times_in(times[0]) if re.search(r"\d", times[0]) else 2) if times else 1
        if again:
            place = (again["place"] or "").lower()
            name = f"{again['name']} {_PLACES.get(place, place[:1])}"
            found += ["", *_section(found, name) * times_in(again["times"] or "")]
            begun = len(found)
        elif times and not once:
            found += _words(found[begun:]) * (number - 1)
        elif times and not HEADING.fullmatch(typed):
            found += [once] * number
        else:
            found.append(typed)
            if not line or HEADING.fullmatch(typed):
                begun = len(found)
    return found


def _section(lines: Sequence[str], name: str) -> list[str]:
    """Return the heading and lines of the last section of a name, up to the next heading; none if there is none."""
    wanted = re.findall(r"\w+", name.lower())
    starts = [at for at, line in enumerate(lines) if HEADING.fullmatch(line)]
    sections = [*pairwise([*starts, len(lines)])][::-1]
    if "1" in wanted and not any("1" in lines[start] for start in starts):
        wanted.remove("1")  # the first one may have no number
        sections.reverse()
    for start, end in sections:
        heading = re.findall(r"\w+", lines[start].lower())
        if all(word in heading for word in wanted) and _BESIDE.intersection(heading) <= set(wanted):
            words = _words(lines[start:end])
            if words:
                return [lines[start], *words]
    return []


def _words(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip() and not HEADING.fullmatch(line)]


def _tagged(line: str) -> list[str]:
    """Return the parts of a line with a section's name in brackets and words after it; none if it has no such."""
    tags = list(_TAG.finditer(line))
    if not tags or tags[0]["more"] or not _WORD.search(_TAG.sub("", line[tags[0].end() :])):
        return []
    ends = [*(tag.start() for tag in tags[1:]), len(line)]
    parts = [
        part
        for tag, end in zip(tags, ends, strict=True)
        for part in (tag[0], *_lines(line[tag.end() : end]))
        if not is_direction(part)
    ]
    before = line[: tags[0].start()].strip()
    return [before, *parts] if before else parts


def _announced(line: str) -> list[str]:
    """Return the parts of a line that announces its lyrics; none if it only describes them, or has none."""
    found = _LYRICS.search(line)
    if found is None or not (found["quoted"] or _reads_as_words(found["bare"], PERSONS | _VERBS)):
        return []
    about = f"{line[: found.start()]}{found['after'] or ''}".strip(" ,;")
    return [about, "Lyrics:", *_lines(found["quoted"] or found["bare"])]


def _named(line: str) -> list[str]:
    """Return the parts of a line with sections that have words; the line if it has none, or describes them."""
    names = list(_NAMED.finditer(line))
    if not names:
        return [line]
    ends = [*(name.start() for name in names[1:]), len(line)]
    words = [line[name.end() : end].strip() for name, end in zip(names, ends, strict=True)]
    if not all(_reads_as_words(each, PERSONS) for each in words):
        return [line]
    parts = [part for name, each in zip(names, words, strict=True) for part in (f"[{name['name']}]", *_lines(each))]
    return [line[: names[0].start()].strip(), *parts]


def without_fades(line: str) -> str:
    """Return a line of lyrics without `(fade out)` at its end."""
    return f"{line[:-LONGEST_MARK]}{_FADES.sub('', line[-LONGEST_MARK:])}"


def is_direction(text: str) -> bool:
    """Return whether a text beside a heading says how the section sounds: `no drums`, `(key of G)`, `fade out`."""
    words = _WORD.findall(text.lower())
    directs = words[:1] and words[0] in _DIRECTING and not SOUND.isdisjoint(words)
    return (
        bool(directs and len(words) <= _LONGEST_DIRECTION and PERSONS.isdisjoint(words))
        or words in _DIRECTIONS
        or _tells_who(text, words)
    )


def _tells_who(text: str, words: Sequence[str]) -> bool:
    """Whether a text in parentheses only says who sings: `(male)`."""
    return text.lstrip().startswith("(") and bool(words) and ROLES.issuperset(words)


def _lines(words: str) -> Iterator[str]:
    return (part.strip() for part in _ENDS.split(words.strip()) if part.strip())


def _reads_as_words(text: str, signs: frozenset[str]) -> bool:
    """Whether a text is to be sung: it has one of the `signs`, and neither describes a sound nor instructs."""
    words = [word.replace("’", "'") for word in _WORD.findall(text.lower())]
    found = frozenset(words)
    return (
        len(words) > 1
        and bool(found & signs)
        and not found & SOUND
        and words[0] not in _INSTRUCTIONS
        and not (found & {"about", "should", "must"})
    )
