"""Lyrics as they are pasted: from subtitles, web pages and tablature, with the times, names and credits around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from riffusion_tui.lyric_sheets.chat_logs import without_messages
from riffusion_tui.lyric_sheets.lyric_header import LABELED
from riffusion_tui.lyric_sheets.section_headings import HEADING, section_kind
from riffusion_tui.lyric_sheets.section_names import ROLES

_LONGEST = 300
"""Characters of a line that may be one of these: long lines are searched in linear time."""
_ELEMENT = re.compile(
    r"</?(?:b|i|u|em|strong|br|p|div|span|font|small|center|sub|sup|li|ul|ol|a|c|v|h[1-6])(?:[\s/.][^<>]{0,200})?>|\{\\an\d\}"
    r"|\[/?(?:ch|tab)\]",
    re.IGNORECASE,
)
"""A tag of HTML, of subtitles or of a page with chords."""
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
_CLOCK = r"(?:(\d{1,2}):)?(\d{1,2}):(\d\d)[.,](\d{3})"
_CUE = re.compile(rf"\s*{_CLOCK}\s+-->\s+{_CLOCK}")
"""The line of a subtitle with its start and end."""
_PAUSE_S = 4.0
"""Seconds without words that separate stanzas of subtitles."""
_TIME = re.compile(r"\s*\(?(?:\d{1,2}:)?\d{1,2}:\d\d(?:[.,]\d{1,3})?\)?(?:\s?[-–—|]\s?|\s)(?=[^\s\d])")
"""The time of a line, before its words: `0:15 Carry me home`."""
_TAB = re.compile(r"\s*(?:[A-Ga-g][#b]?\s*)?[|:][-\dhpbrsxXtv/\\~^()|.*<>\s]*--[-\dhpbrsxXtv/\\~^()|.*<>\s]*")
"""A string of tablature: `e|--0--2--|`."""
_CONTRIBUTORS = re.compile(r"\d{1,4} Contributors?(?P<translated>Translations?.*?)?(?P<title>.*?)")
_PAGE_TITLE = re.compile(r"(?P<title>[\"“][^\"”]+[\"”] lyrics|.+ Lyrics)(?P<heading>\[[^\[\]]*\].*)?")
"""The first line of a page of lyrics: `Blue Door Lyrics`."""
_PAGE_TOP = re.compile(r"\d{1,4} Contributors?")
_LONGEST_TOP = 60
"""Lines of a page with the languages of its translations, down to the title."""
_ABOUT_THE_SONG = re.compile(r".*(?:…|\.\.\.)?\s?Read More")
"""The line below the title that begins an article."""
_MOST_TITLES = 3
"""Lines of a page above the lyrics, at most."""
_PREAMBLE = re.compile(
    r"(?:sure|certainly|of course|absolutely|okay|here)\b.*\b(?:lyrics|song|verses?|ballad|anthem)\b.*[:!.]",
    re.IGNORECASE,
)
"""How an assistant begins its answer."""
_ADVERTISEMENT = re.compile(r"You might also like|See .{1,60} Live|Get tickets as low as \$?\d+", re.IGNORECASE)
_EMBED = re.compile(r"\d{0,5}Embed$")
_CREDIT = re.compile(
    r"(?:.*\blyrics )?(?:©|\(c\)|℗|copyright\b).*|(?:song)?writers?(?:\(s\))?\s*:.*|source\s*:.*|#\w+(?:\s+#\w+)*"
    r"|(?:written|composed|produced|performed) by\b.*|lyrics? (?:from|by|provided|licensed|powered)\b.*"
    r"|submit corrections|thanks to\b.*\blyrics.*|.*all rights reserved.*|(?:capo|tuning|strumming)\s*:.*"
    r"|\*+ this lyrics is not for commercial use \*+|\(\d{6,}\)|[-–—~]\s*.{1,40}\b(?:19|20)\d\d"
    r"|(?:let me know (?:if|what)|feel free to|would you like me to)\b.*\b(?:lyrics|song|chang|adjust|edit|version).*",
    re.IGNORECASE,
)
"""A line below lyrics that is none of them."""
_SINGER = re.compile(r"\s*(?P<name>[^\W\d_][\w'’.&+, -]{0,24}?)\s?:(?:\s+(?P<words>\S.*))?")
"""Who sings a line, before its words: `Anna: I walk alone`."""
_FEWEST = 2
"""Lines with times or singers, at least."""
_MARK = re.compile(r"\s*([>*•–-])\s+(?=\S)|\s*(>)\s*$")
"""The sign of a quotation or a list before a line."""
_LINE_NUMBER = re.compile(r"\s*(?P<number>\d{1,3})(?:[.)]\s+|\t|\s{2,}|\s*$)(?P<words>.*)")
_FEWEST_NUMBERS = 3
"""Lines with numbers, at least: a stanza may count."""


def without_surroundings(lines: Sequence[str]) -> list[str]:
    """Return lyrics without what surrounds the words where they were copied.

    That is markup, tablature, times of lines, subtitles and messages, names of singers and senders, titles of pages and
    credits.
    """
    found = without_messages(_without_markup(lines))
    found = list(_of_subtitles(found)) if any(map(_CUE.match, found)) else found
    found = [line for line in found if not (len(line) <= _LONGEST and _TAB.fullmatch(line))]
    found = _without_credits(_without_title(_unmarked(_without_times(found))))
    return list(_without_singers(found, singers_in(found)))


def singers_in(lines: Sequence[str]) -> frozenset[str]:
    """Return the names before lines that say who sings these; none if they may be words that are sung."""
    names = Counter(found["name"] for line in lines if (found := _singer_of(line)))
    roles = frozenset(name for name in names if ROLES.issuperset(name.lower().split()))
    tells = roles or all(map(str.isupper, names)) or max(names.values()) > 1
    return frozenset(names) if names.total() >= _FEWEST and tells else roles


def _singer_of(line: str) -> re.Match[str] | None:
    found = _SINGER.fullmatch(line) if len(line) <= _LONGEST else None
    if found is None or not found["name"][0].isupper() or HEADING.fullmatch(line) or LABELED.fullmatch(line.strip()):
        return None
    return None if section_kind(found["name"]) else found


def _without_singers(lines: Sequence[str], names: frozenset[str]) -> Iterator[str]:
    for line in lines:
        found = _singer_of(line) if names else None
        if found is None or found["name"] not in names:
            yield line
        elif found["words"]:
            yield found["words"]


def _without_markup(lines: Sequence[str]) -> list[str]:
    if not any("<" in line or "&" in line or "{\\" in line or "[ch]" in line for line in lines):
        return list(lines)
    from html import unescape  # few lyrics are a web page

    plain = [_ELEMENT.sub("", line) for line in lines]
    return [unescape(line) if _ENTITY.search(line) else line for line in plain]


def _of_subtitles(lines: Sequence[str]) -> Iterator[str]:
    """Yield the words of SubRip or WebVTT, with an empty line where nobody sings for long."""
    waiting: list[str] = []
    end = 0.0
    for line in lines[lines[:1] == ["WEBVTT"] :]:
        found = _CUE.match(line)
        if found is None:
            waiting.append(line)
            continue
        while waiting and (not waiting[-1].strip() or waiting[-1].strip().isdecimal()):
            waiting.pop()
        yield from waiting
        start, waiting = _seconds(found.groups()[:4]), []
        if start - end > _PAUSE_S:
            yield ""
        end = _seconds(found.groups()[4:])
    yield from waiting


def _seconds(clock: Sequence[str | None]) -> float:
    hours, minutes, seconds, thousandths = (int(each or 0) for each in clock)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _without_times(lines: Sequence[str]) -> list[str]:
    """Return lines without the times before them, if half of the lines have one."""
    plain = [_TIME.sub("", line, count=1) if _TIME.match(line) else line for line in lines]
    timed = sum(line != typed for line, typed in zip(plain, lines, strict=True))
    words = sum(bool(line.strip()) for line in lines)
    return plain if timed >= _FEWEST and 2 * timed >= words else list(lines)


def _unmarked(lines: Sequence[str]) -> list[str]:
    """Return lines without the numbers or signs of a list or a quotation before them, if most have one."""
    words = [line for line in lines if line.strip()]
    numbered = [found for line in words if (found := _LINE_NUMBER.fullmatch(line))]
    counts = [found["number"] for found in numbered] == [str(number) for number in range(1, len(words) + 1)]
    if counts and len(words) >= _FEWEST_NUMBERS and 2 * sum(bool(found["words"]) for found in numbered) > len(words):
        return [found["words"] if (found := _LINE_NUMBER.fullmatch(line)) else line for line in lines]
    marks = Counter(found[1] or found[2] for line in words if (found := _MARK.match(line)))
    if not marks or marks.most_common(1)[0][1] < max(_FEWEST, len(words) / 2):
        return list(lines)
    return [_MARK.sub("", line, count=1) if _MARK.match(line) else line for line in lines]


def _without_title(lines: Sequence[str]) -> list[str]:
    """Return lines with the title of a page, and without what else is above the lyrics there."""
    lines = _below_translations(lines)
    title, above = "", 0
    for at, typed in enumerate(lines[: 2 * _MOST_TITLES]):
        line = typed.strip() if len(typed) <= _LONGEST else ""
        named, heading = _page_title(line)
        if line and not (named or (title and line.strip('"“”') == title) or (not above and _PREAMBLE.fullmatch(line))):
            break
        title = title or named
        above = at + 1 if line else above
        if heading:
            return [f"Title: {title}", heading, *lines[at + 1 :]]
    return [*([f"Title: {title}"] if title.strip() else []), *lines[above:]] if above else list(lines)


def _below_translations(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines of a page from its title on, without the languages above and the article below that."""
    if not _PAGE_TOP.fullmatch(next((line.strip() for line in lines if line.strip()), "")):
        return lines
    at = next((at for at, line in enumerate(lines[:_LONGEST_TOP]) if _PAGE_TITLE.fullmatch(line[:_LONGEST])), -1)
    below = lines[at + 1 :]
    about = next((place for place, line in enumerate(below[:2]) if _ABOUT_THE_SONG.fullmatch(line[:_LONGEST])), -1)
    return [*lines[max(at, 0) : at + 1], *below[about + 1 :]]


def _page_title(line: str) -> tuple[str, str]:
    """Return the title that the first line of a page has, or a space if it is unclear; and the heading after it."""
    found = _PAGE_TITLE.fullmatch(line)
    text = found["title"][: -len(" lyrics")] if found else line
    page = _CONTRIBUTORS.fullmatch(text)
    if page:
        text = page["title"].strip() if not page["translated"] else ""
    elif found is None or not all(word[0].isupper() for word in text.split() if word[0].isalpha() and len(word) > 3):
        return "", ""
    return text.strip('"“”') or " ", (found["heading"] or "") if found else ""


def _without_credits(lines: Sequence[str]) -> list[str]:
    """Return lines without those that a web page adds, and without the credits below the last stanza."""
    kept = [line for line in lines if len(line) > _LONGEST or not _ADVERTISEMENT.fullmatch(line.strip())]
    end = len(kept)
    while end and (not kept[end - 1].strip() or _is_credit(kept[end - 1])):
        end -= 1
    words = [*kept[: end - 1], _EMBED.sub("", kept[end - 1])] if end else kept
    below = kept[end:]
    return words if below and not below[0].strip() else words + below if end else kept


def _is_credit(line: str) -> bool:
    return len(line) <= _LONGEST and _CREDIT.fullmatch(line.strip()) is not None
