"""Lyrics as people type them: in one line of a prompt, and with lines such as `Repeat Chorus`, as lines to sing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.lyric_sheets.directions import is_direction
from riffusion_tui.lyric_sheets.section_headings import HEADING, SECTION, TIMES_AFTER, section_kind
from riffusion_tui.lyric_sheets.section_names import PERSONS, SOUND, WORD, describes_sound

_TAG = re.compile(
    rf"\[\s*{SECTION}\s*\d*\s*(?:[x×]\s?\d+)?\s*(?P<more>:[^\[\]\n]{{0,40}})?\]{TIMES_AFTER}", re.IGNORECASE
)
_NAMED = re.compile(rf"(?:^|(?<=[.;,!?/])\s*)(?P<name>{SECTION}\s*\d*)\s*:\s*", re.IGNORECASE)
"""A section's name and a colon within a line: `pop. Verse: I walk alone.`"""
_PARENTHESIZED = re.compile(rf"\s*\(\s*(?P<name>{SECTION}\s*\d*)\s*\)\s*(?P<words>\w.*)", re.IGNORECASE)
"""A line that begins with a section's name in parentheses: `(Verse 1) I walk alone`."""
_BELOW_NAME = re.compile(r"[\s*_]*(?P<name>[^\s:：\[\]()*_{][^:：\[\]()*_{]{0,40})[:：][*_]*\s+[*_]*(?P<words>\S.*)")
"""A line of lyrics that begins with a section's name and a colon."""
_LYRICS = re.compile(
    r"(?:^|[,;.:]|\bwith(?: the)?\b)\s*(?:lyrics|letra|paroles|testo|songtext)\s*"
    r"(?::\s*(?P<bare>[^\"“«\s].*)|:?\s*[\"“«](?P<quoted>[^\"“”«»]+)[\"”»](?P<after>.*))$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<!\s)\s+[/|]\s+|(?<=[.!?;])\s+")
"""Where a line of lyrics ends within a line that is typed."""
_VERBS = frozenset(("is", "are", "am", "was", "were"))
_INSTRUCTIONS = frozenset((
    "about", "in", "by", "with", "without", "on", "of", "no", "none", "sung", "for", "like", "should", "must", "write",
    "theme", "language",
))  # fmt: skip


def on_lines(prompt: str) -> str:
    """Return a prompt with the lyrics that are in one of its lines on lines of their own, below headings.

    Typed in one line are `pop [Verse] I walk alone [Chorus] we sing`, `pop, lyrics: love is all` and, if they can't be
    a description, `pop. Verse: I walk alone. Chorus: we sing`.
    """
    lines = prompt.split("\n")
    words = [found["words"] for found in map(_PARENTHESIZED.fullmatch, lines) if found]
    sung = any(_reads_as_words(each, PERSONS) for each in words) and not any(map(describes_sound, words))
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


def _tagged(line: str) -> list[str]:
    """Return the parts of a line with a section's name in brackets and words after it; none if it has no such."""
    tags = list(_TAG.finditer(line))
    if not tags or tags[0]["more"] or not WORD.search(_TAG.sub("", line[tags[0].end() :])):
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


def _lines(words: str) -> Iterator[str]:
    return (part.strip() for part in _ENDS.split(words.strip()) if part.strip())


def _reads_as_words(text: str, signs: frozenset[str]) -> bool:
    """Whether a text is to be sung: it has one of the `signs`, and neither describes a sound nor instructs."""
    words = [word.replace("’", "'") for word in WORD.findall(text.lower())]
    found = frozenset(words)
    return (
        len(words) > 1
        and bool(found & signs)
        and not found & SOUND
        and words[0] not in _INSTRUCTIONS
        and not (found & {"about", "should", "must"})
    )
