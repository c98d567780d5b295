"""The lyrics in a prompt; the words of lyrics that are an LRC or ChordPro file or Markdown, or have chords.

Chords are above the words or between them.

The formats: https://en.wikipedia.org/wiki/LRC_(file_format), https://www.chordpro.org/chordpro/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from riffusion_tui.lyric_sheets.directions import is_direction, without_fades
from riffusion_tui.lyric_sheets.lyric_header import header_of
from riffusion_tui.lyric_sheets.repeats import AGAIN, LONGEST_MARK, repeated
from riffusion_tui.lyric_sheets.section_headings import HEADING, plain_headings, style_of_heading, without_markdown
from riffusion_tui.lyric_sheets.stanzas import unnumbered
from riffusion_tui.lyric_sheets.typed_lyrics import below_tags
from riffusion_tui.lyric_sheets.unsung_text import has_words, without_addresses

_TIME = r"(\d{1,9}):(\d\d(?:[.:]\d+)?)"
_STAMP = re.compile(rf"\s*\[{_TIME}\]\s*")
"""The time of a line, in LRC. A repeated line has several."""
_WORD_STAMP = re.compile(rf"<{_TIME}>")
_DIRECTIVE = re.compile(r"\{\s*([a-z_]+)(.*)\}", re.IGNORECASE)
"""A line of ChordPro: its name, and perhaps a colon and a value."""
_DIRECTIVES = frozenset((
    "title", "t", "subtitle", "artist", "key", "tempo", "time", "capo", "meta", "comment", "c", "chorus",
    "soc", "sov", "sob", "sot", "sog",
))  # fmt: skip
_STATED = frozenset(("key", "tempo", "time", "capo"))
"""Directives that say how a song is played."""
_SECTIONS = {"soc": "chorus", "sov": "verse", "sob": "bridge", "sot": "tab", "sog": "grid"}
_UNSUNG = ("tab", "grid", "abc", "ly", "svg", "textblock")
"""Sections of ChordPro without words."""
_LRC_TITLE = re.compile(r"\[ti:(.*)\]", re.IGNORECASE)
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_ROOT = r"[A-G][#b♯♭]?"
_CHORD = re.compile(rf"{_ROOT}(?:maj|min|dim|aug|sus|add|[mMΔø°+#b\d(),-])*(?:/{_ROOT})?|N\.?C\.?")
_NO_CHORD = "N"
_BARS = frozenset(("|", "||", "|:", ":|", "/", "%", "-"))
"""Signs between the chords of a line."""
_WIDE = re.compile(r"\S\s{2}")
_SHEET_HEADING = re.compile(r"^\s*\d+:\d\d\s{2,}(?P<name>\S+(?: \S+)*)(?P<chords>(?:\s{2,}\S+)*)\s*$")
"""A section of the lead sheet that the screen copies: its time, name, and the chords before the first line."""
COMMENT = re.compile(r"\{comment: (.*)\}")
"""A comment of ChordPro, as `sung_text` returns it; it isn't sung."""


def sung_text(text: str) -> list[str]:
    """Return the lines without timestamps, chords and Markdown, in the order of their times, with those that repeat.

    Sections of ChordPro have `[headings]`.

    Args:
        text: clean lyrics, of any kind. Lines that have no marks are returned as they are.
    """
    typed = unnumbered(header_of(_typed(without_addresses(text)))[1])
    lines = _without_marks([part for line in typed for part in below_tags(line)])
    sung = ((line, without_fades(line)) for above, line in pairwise(["", *lines]) if not _directs(above, line))
    return repeated([left for line, left in sung if left == line or left.strip()])


def header_in(text: str) -> dict[str, str]:
    """Return what the lines above lyrics, or directives of ChordPro, say of them, by label: `Key: G`, `{key: G}`."""
    directives = [found for line in text.split("\n") if (found := _directive(line))]
    metas = [(name, value) for kind, text in directives if kind == "meta" for name, _, value in [text.partition(" ")]]
    stated = {name: value for name, value in (*directives, *metas)[::-1] if name in _STATED and value}
    return stated | header_of(_typed(text))[0]


def _typed(text: str) -> list[str]:
    """Return the lines of lyrics as somebody would type them who only has the words."""
    from riffusion_tui.lyric_sheets.pasted_lyrics import without_surroundings  # its patterns take 4 ms of the start

    return plain_headings(without_surroundings(text.split("\n")))


def _directs(above: str, line: str) -> bool:
    """Whether a line in parentheses below a heading says how the section sounds."""
    heading = HEADING.fullmatch(above)
    found = HEADING.fullmatch(line)
    if not heading or heading["parenthesized"] or not found:
        return False
    return is_direction(line) and not style_of_heading(line)


def _without_marks(typed: Sequence[str]) -> list[str]:
    lines = _by_time(typed)
    if _is_chordpro(lines):
        return list(_of_chordpro(lines))
    if _has_chords_between(lines):
        return [_without_chords(line) for line in lines]
    return [without_markdown(line) for line in _without_chord_lines(lines)]


def _is_chordpro(lines: Sequence[str]) -> bool:
    names = {name for name, _ in filter(None, map(_directive, lines))}
    return bool(names & _DIRECTIVES) or any(name.startswith("start_of_") for name in names)


def chords_in(text: str) -> list[str]:
    """Return the chords above the words of lyrics or between them, in their order."""
    lines = _by_time(_typed(text))
    if _is_chordpro(lines) or _has_chords_between(lines):
        found = [symbol for line in lines for symbol in _BRACKETED.findall(line)]
    else:
        words = {*_without_chord_lines(lines)}
        found = [symbol.strip("()|") for line in lines if line not in words for symbol in line.split()]
    return [symbol for symbol in found if _CHORD.fullmatch(symbol) and symbol[0] != _NO_CHORD]


def title_in(text: str) -> str:
    """Return the title that an LRC or ChordPro file has, or that is above the lyrics, or an empty string."""
    for line in text.split("\n"):
        name, value = _directive(line) or ("", "")
        if value and name in ("title", "t"):
            return value
        found = _LRC_TITLE.fullmatch(line.strip())
        if found and found[1].strip():
            return found[1].strip()
    return header_in(text).get("title", "").strip('"“”')


def _directive(line: str) -> tuple[str, str] | None:
    """Return the name and value of a directive of ChordPro; None if the line isn't one."""
    found = _DIRECTIVE.fullmatch(line.strip())
    return (found[1].lower(), found[2].strip().removeprefix(":").strip()) if found else None


def _by_time(lines: Sequence[str]) -> list[str]:
    """Return the lines of LRC in the order in which they are sung; those without a time stay before the next one."""
    blocks: list[tuple[float, list[str]]] = []
    before: list[str] = []
    for line in lines:
        times: list[float] = []
        end = 0
        while found := _STAMP.match(line, end):
            times.append(60 * int(found[1]) + float(found[2].replace(":", ".")))
            end = found.end()
        before.append(_WORD_STAMP.sub("", line[end:]))
        blocks += [(at, before[-1:] if again else before) for again, at in enumerate(times)]
        before = [] if times else before
    return [line for _, block in sorted(blocks, key=lambda block: block[0]) for line in block] + before


def _of_chordpro(lines: Sequence[str]) -> Iterator[str]:
    unsung = False
    for line in lines:
        directive = _directive(line)
        if directive is None:
            if not unsung and not line.startswith("#"):
                yield _without_chords(line)
            continue
        name, value = directive
        kind = _SECTIONS.get(name) or name.removeprefix("start_of_")
        unsung = kind in _UNSUNG if kind != name else unsung and not name.startswith(("end_of_", "eo"))
        if kind != name:
            yield "" if unsung else f"[{kind}]"
        else:
            yield f"{{comment: {value}}}" if name in ("comment", "c") and value else ""


def _has_chords_between(lines: Sequence[str]) -> bool:
    """Whether words have chords in brackets between them, as in ChordPro, and nothing else in brackets."""
    rows = [_BRACKETED.findall(line) for line in lines]
    found = [
        each
        for line, row in zip(lines, rows, strict=True)
        if len(row) > 1 or _BRACKETED.sub("", line).strip()
        for each in row
    ]
    return len(found) > 1 and all(map(_CHORD.fullmatch, found))


def _without_chords(line: str) -> str:
    """Remove what is in brackets, unless it is a heading."""
    found = _BRACKETED.fullmatch(line.strip())
    return line if found and not _CHORD.fullmatch(found[1]) else _BRACKETED.sub("", line)


def _without_chord_lines(lines: Sequence[str]) -> Iterator[str]:
    """Leave out lines of chords above the words, if a chord is more than a letter or a line has several above words."""
    rows = [_is_chord_line(line) for line in lines]
    symbols = {symbol for line, row in zip(lines, rows, strict=True) if row for symbol in line.split()} - _BARS
    above = (line for line, below in pairwise(lines) if has_words(below) and not HEADING.fullmatch(below))
    named = any(len(symbol) > 1 for symbol in symbols) or any(map(_has_letters_of_chords, above))
    for line, row in zip(lines, rows, strict=True):
        heading = _SHEET_HEADING.match(line)
        if heading and _is_chord_line(heading["chords"], empty=True):
            yield f"[{heading['name']}]"
        elif not (row and named):
            yield line


def _has_letters_of_chords(line: str) -> bool:
    """Whether a line has several letters of chords: far apart, or not in the order of the alphabet."""
    letters = "".join(line.split())
    several = len(line.split()) > 1 and _is_chord_line(line)
    return several and (_WIDE.search(line.strip()) is not None or letters not in "ABCDEFG")


def _is_chord_line(line: str, *, empty: bool = False) -> bool:
    once = AGAIN.sub("", line[-LONGEST_MARK:])
    symbols = [symbol.strip("()|") for symbol in f"{line[:-LONGEST_MARK]}{once}".split() if symbol not in _BARS]
    return (bool(symbols) or empty) and all(map(_CHORD.fullmatch, symbols))
