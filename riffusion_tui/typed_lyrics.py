"""Lyrics as people type them: in one line of a prompt, and with lines such as `Repeat Chorus`, as lines to sing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

SECTION = (
    r"(?:(?:final|last|repeat)\s+)?(?:verse|vers|verso|estrofa|strofa|strophe|couplet"
    r"|(?:(?:pr[eé]|post|vor)[ -]?)?(?:chorus|coro|refrain|refr[aã]o|estribillo|ritornello|kehrreim)"
    r"|hook|bridge|puente|ponte|pont|brücke|intro|outro)"
)
"""A pattern for the name of a section."""
SOUND = frozenset((
    "acoustic", "bass", "beat", "bpm", "choir", "drop", "drum", "drums", "enters", "fade", "fades", "guitar",
    "guitars", "horns", "instrumental", "key", "minor", "organ", "pad", "pads", "percussion", "piano", "riff", "sax",
    "solo", "strings", "synth", "synths", "tempo", "trumpet", "violin", "vocal", "vocals",
))  # fmt: skip
"""Words in a description of a section, below its name."""
_TAG = re.compile(
    rf"\[\s*{SECTION}\s*\d*\s*(?:[x×]\s?\d+)?\s*(?P<more>:[^\[\]\n]{{0,40}})?\](?:\s*[x×]\s?\d+\b)?", re.IGNORECASE
)
_NAMED = re.compile(rf"(?:^|(?<=[.;,!?/])\s*)(?P<name>{SECTION}\s*\d*)\s*:\s*", re.IGNORECASE)
"""A section's name and a colon within a line: `pop. Verse: I walk alone.`"""
_LYRICS = re.compile(
    r"(?:^|[,;.:]|\bwith(?: the)?\b)\s*(?:lyrics|letra|paroles|testo|songtext)\s*"
    r"(?::\s*(?P<bare>[^\"“«\s].*)|:?\s*[\"“«](?P<quoted>[^\"“”«»]+)[\"”»](?P<after>.*))$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<!\s)\s+[/|]\s+|(?<=[.!?;])\s+")
"""Where a line of lyrics ends within a line that is typed."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PERSONS = frozenset((
    "i", "i'm", "i'll", "i've", "i'd", "me", "my", "mine", "you", "you're", "you'll", "your", "we", "we're", "we'll",
    "us", "our", "let's", "oh", "la", "na", "yeah", "je", "moi", "tu", "toi", "nous", "ich", "mich", "du", "dich",
    "wir", "yo", "te", "mi", "mí", "io", "noi", "eu", "você",
))  # fmt: skip
"""Words of those who sing, rarely of those who describe a song."""
_VERBS = frozenset(("is", "are", "am", "was", "were"))
_INSTRUCTIONS = frozenset((
    "about", "in", "by", "with", "without", "on", "of", "no", "none", "sung", "for", "like", "should", "must", "write",
    "theme", "language",
))  # fmt: skip
_REPEAT = re.compile(
    rf"\s*[\[(]?\s*(?:repeat|back to)\s+(?:the\s+)?(?P<name>{SECTION}\s*\d*)\s*(?:[x×]\s?(?P<times>\d))?"
    r"\s*[\])]?[.:]?\s*",
    re.IGNORECASE,
)
_TIMES = re.compile(r"[\[(] ?(?:[x×] ?(?P<times>[2-9])|(?P<fold>[2-9]) ?[x×]|repeat) ?[\])]$", re.IGNORECASE)
"""The end of a line that is sung several times: `We will rock you (x2)`; alone, it repeats the section so far."""
_DIRECTING = frozenset(("no", "without", "only", "just", "key"))
"""First words of a text that says how a section sounds."""
_LONGEST_DIRECTION = 4
"""Words of such a text, at most."""
_FADE = ["fade", "out"]
_BESIDE = frozenset(("pre", "pré", "post", "vor"))
"""In the name of a section before or after a chorus."""
_LONGEST_MARK = 60
"""Characters of a line or its end that say to repeat something, at most: long lines are searched in linear time."""


def on_lines(prompt: str) -> str:
    """Return a prompt with the lyrics that are in one of its lines on lines of their own, below headings.

    Typed in one line are `pop [Verse] I walk alone [Chorus] we sing`, `pop, lyrics: love is all` and, if they can't be
    a description, `pop. Verse: I walk alone. Chorus: we sing`.
    """
    return "\n".join(
        part for line in prompt.split("\n") for part in (_tagged(line) or _announced(line) or _named(line))
    )


def below_tags(line: str) -> list[str]:
    """Return a line of lyrics, or its words below the section's name in brackets that it begins with."""
    return _tagged(line) if line.lstrip().startswith("[") and _tagged(line) else [line]


def repeated(lines: Sequence[str], headings: re.Pattern[str]) -> list[str]:
    """Return lyrics with the lines that `Repeat Chorus` and `(x2)` stand for.

    Args:
        lines: as they are typed.
        headings: matches a line that begins a section.
    """
    found: list[str] = []
    begun = 0
    for typed in lines:
        line = typed.strip()
        again = _REPEAT.fullmatch(line) if len(line) <= _LONGEST_MARK else None
        times = _TIMES.search(line[-_LONGEST_MARK:])
        once = line[: -len(times[0])].rstrip() if times else ""
        number = int(times["times"] or times["fold"] or 2) if times else 1
        if again:
            found += ["", *_section(found, again["name"], headings) * int(again["times"] or 1)]
            begun = len(found)
        elif times and not once:
            found += _words(found[begun:], headings) * (number - 1)
        elif times and not headings.fullmatch(typed):
            found += [once] * number
        else:
            found.append(typed)
            if not line or headings.fullmatch(typed):
                begun = len(found)
    return found


def _section(lines: Sequence[str], name: str, headings: re.Pattern[str]) -> list[str]:
    """Return the heading and lines of the last section of a name, up to the next heading; none if there is none."""
    wanted = re.findall(r"\w+", name.lower())
    starts = [at for at, line in enumerate(lines) if headings.fullmatch(line)]
    for start, end in reversed([*pairwise([*starts, len(lines)])]):
        heading = re.findall(r"\w+", lines[start].lower())
        if all(word in heading for word in wanted) and _BESIDE.intersection(heading) <= set(wanted):
            words = _words(lines[start:end], headings)
            if words:
                return [lines[start], *words]
    return []


def _words(lines: Sequence[str], headings: re.Pattern[str]) -> list[str]:
    return [line for line in lines if line.strip() and not headings.fullmatch(line)]


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
    if found is None or not (found["quoted"] or _reads_as_words(found["bare"], _PERSONS | _VERBS)):
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
    if not all(_reads_as_words(each, _PERSONS) for each in words):
        return [line]
    parts = [part for name, each in zip(names, words, strict=True) for part in (f"[{name['name']}]", *_lines(each))]
    return [line[: names[0].start()].strip(), *parts]


def is_direction(text: str) -> bool:
    """Return whether a text beside a heading says how the section sounds: `no drums`, `(key of G)`, `fade out`."""
    words = _WORD.findall(text.lower())
    directs = words[:1] and words[0] in _DIRECTING and not SOUND.isdisjoint(words)
    return bool(directs and len(words) <= _LONGEST_DIRECTION and _PERSONS.isdisjoint(words)) or words == _FADE


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
