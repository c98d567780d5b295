"""The lyrics in a prompt: where they begin, and what the rest says about the song."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from riffusion_tui.lyric_sheets.repeats import LONGEST_MARK
from riffusion_tui.lyric_sheets.section_headings import HEADING, plain_headings, style_of_heading, without_markdown
from riffusion_tui.lyric_sheets.section_names import PERSONS, SOUND, STYLES, WORD
from riffusion_tui.lyric_sheets.stanzas import are_stanzas, is_stanza_below, unnumbered
from riffusion_tui.lyric_sheets.typed_lyrics import on_lines

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
_BLANK = re.compile(r"\n[ \t\r]*\n")
_TIME_OF_A_FILE = re.compile(r"\s*(?:\[\d{1,3}:\d\d[.:]\d{1,3}\]|(?:\d{1,2}:)?\d\d:\d\d[.,]\d{3}\s+-->\s)")
"""The time of a line of LRC or of subtitles."""
_START_OF_A_FILE = re.compile(
    r"\s*(?:\{\s*(?:start_of_\w+|so[cvb])\s*[:}]|\d{1,4} Contributors?(?=[A-Z]|\s*$))", re.IGNORECASE
)
"""A line that only ChordPro has, at the start of a section, or a page of lyrics, at its top."""
_ABOVE_SUCH = re.compile(r"\s*(?:\d{1,5}|WEBVTT\b.*|\[[a-z]{2,6}:[^\]]*\]|\{[^{}|]*\})?\s*", re.IGNORECASE)
"""A line that may precede it: the number of a subtitle, a title."""
_BEHIND = re.compile(r"[ \t][-–—][ \t]((?:(?![ \t][-–—][ \t]).)+)$")
_LONGEST_STYLE = 80
"""Characters of a style behind lyrics, at most."""
_FEWEST_TIMES = 2
"""Lines with a time, at least."""


def divided(prompt: str) -> tuple[str, str]:
    """Return what a prompt says about the song, and the lyrics in it; empty if it has none.

    They begin with a heading such as `[Verse]`, as a file of lyrics does, or after a line that ends with `Lyrics:`,
    and go on to the end. A heading without brackets, such as `Verse 1`, counts if the lines below are clearly no
    description, and stanzas below the first paragraph need none then. If nothing precedes the lyrics, a last paragraph
    of one line describes the song, or a style after a dash.
    """
    lines = on_lines(prompt).splitlines(keepends=True)
    for at, line in enumerate(lines):
        begun = _announced_at(lines, at)
        if begun is not None:
            return "".join((*lines[:at], line[:begun])), "".join(lines[at + 1 :]).strip()
    file_at = _file_at(lines)
    if file_at is not None:
        return "".join(lines[:file_at]), "".join(lines[file_at:]).strip()
    kinds = _kinds_of_headings(lines)
    headings = [at for at, kind in enumerate(kinds) if kind]
    tags = [at for at in headings if kinds[at] == "tag"]
    first = next((at for at in (*headings[:1], *tags[:1]) if _are_lyrics(lines[at:], kinds[at:])), None)
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
        else:
            about, words = _style_behind(words)
    return about, words


def _style_behind(words: str) -> tuple[str, str]:
    """Return the style that follows the last line of lyrics after a dash, and these: `I walk alone - slow country`."""
    found = _BEHIND.search(words, max(0, len(words) - _LONGEST_STYLE))
    said = frozenset(WORD.findall(found[1].lower())) if found else frozenset()
    if found is None or not PERSONS.isdisjoint(said) or (STYLES | SOUND).isdisjoint(said):
        return "", words
    return found[1], words[: found.start()]


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


def _announced_at(lines: Sequence[str], at: int) -> int | None:
    """Return where line `at` of a prompt announces the lyrics below: at its start, or its end; None if it doesn't.

    These must be two lines or more, unless the line is `Lyrics:`.
    """
    line = lines[at]
    found = _ANNOUNCED.fullmatch(without_markdown(line.strip()))
    ends = None if found else _ENDS_WITH_LYRICS.search(line)
    if not found and not ends:
        return None
    below = (lines[place].strip() for place in range(at + 1, len(lines)))
    words = [each.strip(" -*•") for each in islice(filter(None, below), _FEWEST)]
    if found and found["colon"]:
        return 0 if words else None
    if len(words) < _FEWEST or words[0].lower().startswith(("about ", "by ", "in ", "with ")):
        return None
    return ends.start() if ends else 0


def _kinds_of_headings(lines: Sequence[str]) -> list[str]:
    """Return the kind of each line, as `style_of_heading` does; headings in an unusual style are `plain`."""
    found = list(zip(lines, plain_headings([line.rstrip("\r\n") for line in lines]), strict=True))
    return [style_of_heading(line) or ("plain" * bool(style_of_heading(plain))) for line, plain in found]


def _are_lyrics(lines: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether what begins with a heading is lyrics: of two lines a section, and few about the sound, or in brackets.

    Below headings in brackets, a line a section that says who plays is none: `[Verse] soft piano [Chorus] full band`.
    """
    words = [line for line, kind in zip(lines, kinds, strict=True) if line.strip() and not kind]
    followed = zip(lines[1:], kinds[1:], kinds, strict=False)
    headed = len([line for line, kind, above in followed if above and not kind and line.strip()])
    spoken = [re.findall(r"\w+", line.lower()) for line in words]
    sound = [each for each in spoken if not SOUND.isdisjoint(each)]
    if kinds[0] == "tag":
        plain = all(PERSONS.isdisjoint(each) for each in spoken)
        return not (plain and words and len(words) <= headed and _FEWEST * len(sound) >= len(words))
    return len(words) >= _FEWEST * max(1, headed) and 2 * len(sound) <= len(words)
