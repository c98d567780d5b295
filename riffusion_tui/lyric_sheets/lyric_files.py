"""The lyrics in a prompt; the words of lyrics that are an LRC or ChordPro file or Markdown, or have chords.

Chords are above the words or between them.

The formats: https://en.wikipedia.org/wiki/LRC_(file_format), https://www.chordpro.org/chordpro/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from riffusion_tui.lyric_sheets.section_headings import (
    HEADING,
    NUMBERED,
    plain_headings,
    section_kind,
    without_markdown,
)
from riffusion_tui.lyric_sheets.section_names import SOUND
from riffusion_tui.lyric_sheets.typed_lyrics import (
    AGAIN,
    LONGEST_MARK,
    are_stanzas,
    below_tags,
    header_of,
    is_direction,
    is_stanza_below,
    on_lines,
    repeated,
    unnumbered,
    without_fades,
)

_TIME = r"(\d{1,9}):(\d\d(?:[.:]\d+)?)"
_STAMP = re.compile(rf"\s*\[{_TIME}\]\s*")
"""The time of a line, in LRC. A repeated line has several."""
_WORD_STAMP = re.compile(rf"<{_TIME}>")
_DIRECTIVE = re.compile(r"\{\s*([a-z_]+)(.*)\}", re.IGNORECASE)
"""A line of ChordPro: its name, and perhaps a colon and a value."""
_DIRECTIVES = frozenset(
    ("title", "t", "subtitle", "artist", "key", "tempo", "comment", "c", "chorus", "soc", "sov", "sob", "sot", "sog")
)
_SECTIONS = {"soc": "chorus", "sov": "verse", "sob": "bridge", "sot": "tab", "sog": "grid"}
_UNSUNG = ("tab", "grid", "abc", "ly", "svg", "textblock")
"""Sections of ChordPro without words."""
_LRC_TITLE = re.compile(r"\[ti:(.*)\]", re.IGNORECASE)
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_ROOT = r"[A-G][#b♯♭]?"
_CHORD = re.compile(rf"{_ROOT}(?:maj|min|dim|aug|sus|add|[mMΔø°+#b\d(),-])*(?:/{_ROOT})?|N\.?C\.?")
_BARS = frozenset(("|", "||", "|:", ":|", "/", "%", "-"))
"""Signs between the chords of a line."""
_WIDE = re.compile(r"\S\s{2}")
_SHEET_HEADING = re.compile(r"^\s*\d+:\d\d\s{2,}(?P<name>\S+(?: \S+)*)(?P<chords>(?:\s{2,}\S+)*)\s*$")
"""A section of the lead sheet that the screen copies: its time, name, and the chords before the first line."""
COMMENT = re.compile(r"\{comment: (.*)\}")
"""A comment of ChordPro, as `sung_text` returns it; it isn't sung."""
EMOTICON = r"<3+(?!\d)"
"""A heart, whose digit isn't sung."""
_PLAYED = (None, "solo", "breakdown", "drop")
"""Kinds of sections that descriptions name too."""
_PLAIN = re.compile(NUMBERED, re.IGNORECASE)
"""What is in parentheses in such a line."""
_ANNOUNCED = re.compile(r"[\[(]?(?:lyrics|letra|paroles|testo|songtext)[\])]?\s*(?P<colon>:?)\s*", re.IGNORECASE)
"""A line of a prompt that announces lyrics."""
_ENDS_WITH_LYRICS = re.compile(
    r"(?:[,;.]|\bwith(?: the| these)?\s)\s*(?:lyrics|letra|paroles|testo|songtext)\s*:\s*$", re.IGNORECASE
)
"""The end of such a line: `pop ballad, lyrics:`."""
_WRITE = ("write ", "compose ", "please write ", "please compose ")
"""How a prompt begins that only tells what to write about."""
_FEWEST = 2
"""Lines of each section, on average, if their headings have no brackets: a description has one."""
_ADDRESS = re.compile(
    r"\(?(?:(?:\bhttps?://|\bwww\.|(?<![\w@.-])(?:[\w-]{1,63}\.){1,5}[a-z]{2,6}/(?=\w))[^\s<>()]{1,2000}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})\)?",
    re.IGNORECASE,
)
"""A web or mail address, which nobody sings."""
_BLANK = re.compile(r"\n[ \t\r]*\n")
_TIME_OF_A_FILE = re.compile(r"\s*(?:\[\d{1,3}:\d\d[.:]\d{1,3}\]|(?:\d{1,2}:)?\d\d:\d\d[.,]\d{3}\s+-->\s)")
"""The time of a line of LRC or of subtitles."""
_START_OF_A_FILE = re.compile(
    r"\s*(?:\{\s*(?:start_of_\w+|so[cvb])\s*[:}]|\d{1,4} Contributors?(?=[A-Z]|\s*$))", re.IGNORECASE
)
"""A line that only ChordPro has, at the start of a section, or a page of lyrics, at its top."""
_ABOVE_SUCH = re.compile(r"\s*(?:\d{1,5}|WEBVTT\b.*|\[[a-z]{2,6}:[^\]]*\]|\{[^{}|]*\})?\s*", re.IGNORECASE)
"""A line that may precede it: the number of a subtitle, a title."""
_FEWEST_TIMES = 2
"""Lines with a time, at least."""


def divided(prompt: str) -> tuple[str, str]:
    """Return what a prompt says about the song, and the lyrics in it; empty if it has none.

    They begin with a heading such as `[Verse]`, as a file of lyrics does, or after a line that ends with `Lyrics:`,
    and go on to the end. A heading without brackets, such as `Verse 1`, counts if the lines below are clearly no
    description, and stanzas below the first paragraph need none then. If nothing precedes the lyrics, a last paragraph
    of one line describes the song.
    """
    lines = on_lines(prompt).splitlines(keepends=True)
    for at, line in enumerate(lines):
        begun = _announced_at(line, lines[at + 1 :])
        if begun is not None:
            return "".join((*lines[:at], line[:begun])), "".join(lines[at + 1 :]).strip()
    file_at = _file_at(lines)
    if file_at is not None:
        return "".join(lines[:file_at]), "".join(lines[file_at:]).strip()
    kinds = _kinds_of_headings(lines)
    first = next((at for at, kind in enumerate(kinds) if kind), None)
    if first is not None and not _are_lyrics(lines[first:], kinds[first:]):
        first = next((at for at, kind in enumerate(kinds) if kind == "tag"), None)
    if first is None:
        return _with_stanzas(prompt)
    if not any(line.strip() and not kind for line, kind in list(zip(lines, kinds, strict=True))[first:]):
        return prompt, ""
    about, words = "".join(lines[:first]), "".join(lines[first:]).strip()
    if not about.strip():
        above, blank, last = words.rpartition("\n\n")
        ends_with_heading = next(kind for line, kind in zip(lines[::-1], kinds[::-1], strict=True) if line.strip())
        if blank and "\n" not in last and not ends_with_heading:
            about, words = last, above.strip()
    return about, words


def _file_at(lines: Sequence[str]) -> int | None:
    """Return where a file or a page of lyrics begins in the lines of a prompt; None without one."""
    times = [at for at, line in enumerate(lines) if _TIME_OF_A_FILE.match(line)]
    first = next((at for at, line in enumerate(lines) if _START_OF_A_FILE.match(line)), None)
    first = times[0] if first is None and len(times) >= _FEWEST_TIMES else first
    if first is None:
        return None
    while first and len(lines[first - 1]) <= LONGEST_MARK and _ABOVE_SUCH.fullmatch(lines[first - 1]):
        first -= 1
    return first


def _with_stanzas(prompt: str) -> tuple[str, str]:
    """Return what precedes or follows stanzas without headings in a prompt, at most a paragraph, and these.

    A single stanza has to follow a line. The prompt and none if it has no such.
    """
    blocks = _paragraphs(prompt)
    for first, last in ((0, len(blocks)), (1, len(blocks)), (0, len(blocks) - 1)):
        words = "\n\n".join(blocks[first:last])
        about = "".join((*blocks[:first], *blocks[last:]))
        stanzas = map(_without_headings, _paragraphs("\n".join(unnumbered(words.split("\n")))))
        if not about.lower().startswith(_WRITE) and are_stanzas(list(filter(None, stanzas))):
            return about, words
    return _with_one_stanza(prompt, len(blocks))


def _with_one_stanza(prompt: str, paragraphs: int) -> tuple[str, str]:
    """Return the first line of a prompt and the stanza below it; the prompt and none if that is none to sing."""
    line, _, below = prompt.strip().partition("\n")
    apart = not below.split("\n", maxsplit=1)[0].strip()
    words = below.strip()
    if paragraphs == 1 + apart and is_stanza_below(line, words.split("\n"), apart=apart):
        return line, words
    return prompt, ""


def _paragraphs(text: str) -> list[str]:
    return [block.strip("\r\n") for block in _BLANK.split(text) if block.strip()]


def _without_headings(text: str) -> list[str]:
    """Return the lines of a prompt that aren't headings; `Guitar solo` may be of a description."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = ((line, HEADING.fullmatch(plain)) for line, plain in zip(lines, plain_headings(lines), strict=True))
    return [line for line, heading in found if heading is None or heading["other"]]


def headed_lines(text: str) -> list[str]:
    """Return the lines, without blank ones, below the first heading of a section in a prompt, with or without brackets.

    Headings are not among them.
    """
    lines = text.splitlines()
    kinds = _kinds_of_headings(lines)
    first = next((at for at, kind in enumerate(kinds) if kind), len(lines))
    return [line for line, kind in list(zip(lines, kinds, strict=True))[first:] if line.strip() and not kind]


def _announced_at(line: str, below: Sequence[str]) -> int | None:
    """Return where a line of a prompt announces the lyrics below it: at its start, or its end; None if it doesn't.

    These must be two lines or more, unless the line is `Lyrics:`.
    """
    found = _ANNOUNCED.fullmatch(without_markdown(line.strip()))
    ends = None if found else _ENDS_WITH_LYRICS.search(line)
    if not found and not ends:
        return None
    words = [each.strip(" \t\r\n-*•") for each in below if each.strip()]
    if found and found["colon"]:
        return 0 if words else None
    if len(words) < _FEWEST or words[0].lower().startswith(("about ", "by ", "in ", "with ")):
        return None
    return ends.start() if ends else 0


def _kinds_of_headings(lines: Sequence[str]) -> list[str]:
    """Return the kind of each line, as `_kind_of_heading` does; headings in an unusual style are `plain`."""
    found = list(zip(lines, plain_headings([line.rstrip("\r\n") for line in lines]), strict=True))
    return [_kind_of_heading(line) or ("plain" * bool(_kind_of_heading(plain))) for line, plain in found]


def _kind_of_heading(line: str) -> str:
    """Return `tag` for a section's name in brackets, `plain` for one without them, else an empty string.

    `Guitar solo` and `Breakdown:` without brackets are none: descriptions have such lines.
    """
    found = HEADING.fullmatch(without_markdown(line.strip()))
    if found is None or found["sound"] or found["other"]:
        return ""
    if found["bracketed"] is not None:
        return "" if section_kind(found["bracketed"], words=False) in _PLAYED else "tag"
    return "plain" if found["bare"] or _PLAIN.fullmatch(found["parenthesized"].strip()) else ""


def _are_lyrics(lines: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether what begins with a heading is lyrics: of two lines a section, and few about the sound, or in brackets."""
    if kinds[0] == "tag":
        return True
    words = [line for line, kind in zip(lines, kinds, strict=True) if line.strip() and not kind]
    followed = zip(lines[1:], kinds[1:], kinds, strict=False)
    headed = len([line for line, kind, above in followed if above and not kind and line.strip()])
    sound = [line for line in words if not SOUND.isdisjoint(re.findall(r"\w+", line.lower()))]
    return len(words) >= _FEWEST * max(1, headed) and 2 * len(sound) <= len(words)


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
    """Return what the lines above lyrics say of them, by label: `Title: Home`, `Key: G`."""
    return header_of(_typed(text))[0]


def _typed(text: str) -> list[str]:
    """Return the lines of lyrics as somebody would type them who only has the words."""
    from riffusion_tui.lyric_sheets.pasted_lyrics import without_surroundings  # its patterns take 4 ms of the start

    return plain_headings(without_surroundings(text.split("\n")))


def has_address(text: str) -> bool:
    """Return whether lyrics have a web or mail address, which isn't sung."""
    return _ADDRESS.search(text) is not None


def without_addresses(text: str) -> str:
    """Return lyrics without addresses; a line that is nothing else is left out."""
    if not has_address(text):
        return text
    lines = ((line, _ADDRESS.sub("", line)) for line in text.split("\n"))
    return "\n".join(left for line, left in lines if left == line or left.strip())


def _directs(above: str, line: str) -> bool:
    """Whether a line in parentheses below a heading says how the section sounds."""
    heading = HEADING.fullmatch(above)
    found = HEADING.fullmatch(line)
    if not heading or heading["parenthesized"] or not found:
        return False
    return is_direction(line) and not _kind_of_heading(line)


def _without_marks(typed: Sequence[str]) -> list[str]:
    lines = _by_time(typed)
    names = {name for name, _ in filter(None, map(_directive, lines))}
    if names & _DIRECTIVES or any(name.startswith("start_of_") for name in names):
        return list(_of_chordpro(lines))
    if _has_chords_between(lines):
        return [_without_chords(line) for line in lines]
    return [without_markdown(line) for line in _without_chord_lines(lines)]


def has_words(line: str) -> bool:
    """Return whether a line has anything to sing: not of `🎶`, `---` or `<3`."""
    return re.search(r"[^\W_]", re.sub(EMOTICON, "", line)) is not None


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
