"""Parses the user's lyrics; their lines are kept as they are."""

from __future__ import annotations

import re
from functools import cache

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics.sections import Lyrics, LyricSection, SungLine
from riffusion_tui.studio.engine.lyrics.syllables import sing
from riffusion_tui.studio.engine.understand.tables import split_words

_HEADING = re.compile(
    r"^\s*(?:\[(?P<bracketed>[^\[\]]*)\]"
    r"|\((?P<parenthesized>[^()]*)\)"
    r"|(?P<bare>(?:verse|chorus|bridge|intro|outro|hook|pre-?chorus|refrain)\s*\d*\s*:?))\s*$",
    re.IGNORECASE,
)
"""A line of its own. In parentheses it is one only if it names a section: `(Chorus)`, not `(oh yeah)`."""

_STAMPS = re.compile(r"^\s*(?:\[\d+:\d\d(?:[.:]\d+)?\]\s*)+")
"""Timestamps of LRC."""
_DIRECTIVE = re.compile(r"^\s*\{\s*([a-z_]+)\s*(?::\s*(.*?)\s*)?\}\s*$", re.IGNORECASE | re.MULTILINE)
"""A line of ChordPro."""
_TITLE_TAG = re.compile(r"^\s*\[ti:\s*([^\[\]]*?)\s*\]\s*$", re.IGNORECASE | re.MULTILINE)
"""The title in LRC."""
_DIRECTIVES = frozenset(split_words("title, t, subtitle, artist, key, tempo, comment, c, soc, sov, sob"))
_SECTIONS = {"soc": "chorus", "sov": "verse", "sob": "bridge"}
_MAX_TITLE = 40
_MAX_STATED_TITLE = 200


def parse_given(text: str, title: str = "") -> Lyrics:
    """Parse lyrics: headings like `[Verse 2]`, `[Chorus: Anna]` or `Bridge`, an empty line between sections.

    Without headings, the blocks between empty lines are verses, and a repeated one is the chorus. Timestamps of LRC
    and chords and directives of ChordPro aren't sung.
    """
    sections: list[LyricSection] = []
    kind = ""
    lines: list[SungLine] = []
    for raw in [*_words_of(clean_text(text)), ""]:
        heading = _heading(raw)
        if heading is not None or not raw.strip():
            if lines:
                sections.append(LyricSection(kind or "verse", tuple(lines)))
                lines, kind = [], ("" if heading is None else kind)
            if heading is not None:
                kind = _kinds().get(heading, "verse")
                if kind == "solo":
                    sections.append(LyricSection(kind, ()))
        else:
            lines.append(sing(" ".join(raw.split())))
    return Lyrics(title, _with_chorus(tuple(sections)))


def has_headings(text: str) -> bool:
    """Return whether a line of the lyrics is a heading."""
    return any(_heading(line) is not None for line in _words_of(clean_text(text)))


def stated_title(text: str) -> str:
    """Return the title that a ChordPro or LRC file states: `{title: Home}`, `[ti:Home]`; empty if it states none."""
    cleaned = clean_text(text)
    titles = [found[2] for found in _DIRECTIVE.finditer(cleaned) if found[1].lower() in ("title", "t")]
    titles += [found[1] for found in _TITLE_TAG.finditer(cleaned)]
    return next((clean_line(title, _MAX_STATED_TITLE) for title in titles if title), "")


def title_of_given(text: str) -> str:
    """Return a title from the user's lyrics: the first line of the chorus, else of all; empty if there are no words."""
    sections = parse_given(text).sections
    chorus = [section for section in sections if section.kind == "chorus"]
    line = next((line.text for section in [*chorus, *sections] for line in section.lines), "")
    words = re.sub(r"[()\[\]{}<>\"“”„«»]", "", line).split()
    while len(words) > 1 and len(" ".join(words)) > _MAX_TITLE:
        words.pop()
    title = " ".join(words).strip(" .,;:–—-…")[:_MAX_TITLE]
    return title[:1].upper() + title[1:]


def _words_of(text: str) -> list[str]:
    """Return the lines without the marks of LRC and ChordPro; sections of ChordPro get headings."""
    lines = text.split("\n")
    names = {found[1].lower() for found in _DIRECTIVE.finditer(text)}
    if names & _DIRECTIVES or any(name.startswith("start_of_") for name in names):
        lines = [_without_chords(line) for line in lines if not line.startswith("#")]
    return [_STAMPS.sub("", line) for line in lines]


def _without_chords(line: str) -> str:
    found = _DIRECTIVE.match(line)
    if found is None:
        return re.sub(r"\[[^\[\]]*\]", "", line)
    name = found[1].lower()
    if name in ("comment", "c"):
        return f"({found[2] or ''})" if _heading(f"({found[2]})") else ""
    kind = _SECTIONS.get(name) or name.removeprefix("start_of_")
    return f"[{kind}]" if kind != name else ""


def _heading(line: str) -> str | None:
    """Return a heading's name, lower-case without spaces, numbers and singers; None if the line is sung."""
    found = _HEADING.match(line)
    if found is None:
        return None
    whole = found["bracketed"] or found["parenthesized"] or found["bare"] or ""
    name = re.sub(r"\bx?\d+x?\b|[\W\d_]", "", whole.partition(":")[0].casefold())
    return name if found["parenthesized"] is None or name in _kinds() else None


@cache
def _kinds() -> dict[str, str]:
    rows = read_data("lyrics/choice.toml")["headings"]
    return {name: kind for kind, names in rows.items() for name in split_words(names)}


def _with_chorus(sections: tuple[LyricSection, ...]) -> tuple[LyricSection, ...]:
    """Make the repeated block the chorus if there are no headings."""
    if any(section.kind != "verse" for section in sections):
        return sections
    texts = [tuple(line.text for line in section.lines) for section in sections]
    return tuple(
        LyricSection("chorus" if texts.count(words) > 1 else section.kind, section.lines)
        for section, words in zip(sections, texts, strict=True)
    )
