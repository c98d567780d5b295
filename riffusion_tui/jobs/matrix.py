r"""Expand the editor's text into prompts: separators, alternatives, takes. Pure.

- A line of three or more dashes separates prompts.
- `{lofi|house}` expands to one prompt per alternative; several multiply, and they nest: `{{a|b} x|c}`.
- `×3` or `x3` at the end of a prompt's last line requests three takes of each; after lyrics, only on a line of its own.
  A space before it isn't needed after a brace, nor before `×` after a word: `{lofi|house}x3`, `lofi×3`.
- `@acestep` at the end, or at the start, sends it to that service; it may be an alternative: `{@studio|@acestep}`.
- `\{`, `\|`, `\}`, `\\`, `\×3`, `\x3`, `\@` and `\---` are literal. An unmatched brace, or a pair without `|`, is
  literal too. `escaped` is the inverse of `expand`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from riffusion_tui.jobs.matrix_braces import LITERAL_AT, chars_of, combinations, count_of, scan
from riffusion_tui.registry import SERVICES

MAX_PROMPTS = 100_000
"""Limit of prompts per text."""
MAX_SONGS = 100_000
"""Limit of songs per batch, all takes included; each is a row in memory and on disk."""
MAX_TAKES = 100
"""Limit of takes per prompt."""
MAX_CHARS = 100_000_000
"""Limit of characters of all prompts of a text, which are in memory at once."""

MAX_COUNT = 10**9
"""Largest count of prompts or songs; a pasted log may have 2 ** 3,000 combinations."""
_DASHES = re.compile(r"\s*-{3,}\s*")
_TIMES = re.compile(r"(?:^|(?<=[\s}])|(?<=[^\d\\])(?=×))[×x](\d{1,6})((?:\s+(?:@[^\s×}]+|\{@[^{}\n]*\}))?)\s*\Z")
"""Takes at the end. Without a space before them, `x` needs a brace and `×` no digit: `4×4`, `box3` are words."""
_SERVICE = re.compile(r"(?<=\S)\s+@([A-Za-z][\w-]*)\Z")
_SERVICE_ALONE = re.compile(rf"\A@({'|'.join(SERVICES)})\Z")
_SERVICE_FIRST = re.compile(rf"\A@({'|'.join(SERVICES)})\s+(?=\S)")
"""Only known services: other prompts may start with a name."""
_TAIL_CHARS = 500
"""Characters at the end of a text in which its takes and its service are looked for."""
_MAX_SEARCHED = 1000
"""Prompts that are searched for services, and measured, while a text is being written."""
_MAX_SEARCHED_CHARS = 2_000_000
"""Characters of these prompts, at most: a pasted file may be a prompt of 200,000 in a thousand combinations."""


class MatrixError(ValueError):
    """The text exceeds a limit; `str(error)` gives the number and the limit."""


class Prompt(NamedTuple):
    """One prompt of a text. `takes` is None, and `service` empty, if the text doesn't specify it."""

    text: str
    takes: int | None = None
    service: str = ""


class Count(NamedTuple):
    """Number of prompts and songs that a text expands to."""

    prompts: int
    songs: int


class Span(NamedTuple):
    """A piece of a line with special meaning: `alternatives`, `rule`, `takes` or `service`."""

    start: int
    end: int
    kind: str

    def shifted(self, cells: int) -> Span:
        """Return it moved to the right."""
        return Span(self.start + cells, self.end + cells, self.kind)


def expand(text: str) -> tuple[Prompt, ...]:
    """Return every prompt of `text`, in order; empty sections are skipped. Raises `MatrixError`."""
    _check(text)
    prompts = tuple(one for part in parts(text) for one in _prompts(part))
    if alone := next((one.service for one in prompts if not one.text), ""):
        raise MatrixError(f"The prompt is empty; describe the song beside @{alone}.")
    return prompts


def _check(text: str) -> None:
    check_size(text)
    if problem := takes_problem(text):
        raise MatrixError(problem)


def check_size(text: str) -> None:
    """Raise `MatrixError` if `text` has too many prompts, or they have too many characters."""
    counted = count(text)
    if counted.prompts > MAX_PROMPTS:
        more = "at least " if counted.prompts == MAX_COUNT else ""
        raise MatrixError(f"That expands to {more}{counted.prompts:,} prompts; the limit is {MAX_PROMPTS:,}.")
    if (chars := sum(chars_of(_takes(part)[0]) for part in parts(text))) > MAX_CHARS:
        raise MatrixError(f"That expands to {chars:,} characters; the limit is {MAX_CHARS:,}.")


def escaped(prompt: str) -> str:
    """Write a prompt so that `expand` returns just this prompt; white space around it is lost."""
    safe = "".join(f"\\{sign}" if sign in "\\{|}" else sign for sign in prompt.strip())
    for pattern in (_TIMES, _SERVICE, _SERVICE_FIRST, _SERVICE_ALONE):
        if found := pattern.search(safe):
            at = found.start() + len(found[0]) - len(found[0].lstrip())
            safe = f"{safe[:at]}\\{safe[at:]}"
    return "\n".join(line.replace("-", "\\-", 1) if separates(line) else line for line in safe.split("\n"))


def services(text: str) -> tuple[str, ...]:
    """Return the services that the text's prompts name, empty for one that names none. Never raises."""
    return tuple(dict.fromkeys(one.service for one in _searched(text))) if "@" in text else ()


def longest(text: str) -> dict[str, int]:
    """Return the characters of each service's longest prompt; an empty name: of those that name none. Never raises."""
    found: dict[str, int] = {}
    for one in _searched(text):
        found[one.service] = max(found.get(one.service, 0), len(one.text))
    return found


def first_prompts(text: str, number: int) -> tuple[Prompt, ...]:
    """Return the first prompts of `text`, at most `number`. Raises `MatrixError` if it exceeds a limit."""
    _check(text)
    return tuple(islice(_searched(text), number))


def _searched(text: str) -> Iterator[Prompt]:
    """Return as many of the first prompts as can be read at each key press."""
    chars = number = 0
    for part in parts(text):
        for one in _prompts(part):
            yield one
            number += 1
            chars += len(part)
            if number >= _MAX_SEARCHED or chars >= _MAX_SEARCHED_CHARS:
                return


def _prompts(part: str) -> Iterator[Prompt]:
    body, takes = _takes(part)
    for choice in combinations(body):
        joined = choice.strip()
        if alone := _SERVICE_ALONE.fullmatch(joined):
            yield Prompt("", takes, alone[1])
            continue
        named = _search_end(_SERVICE, joined) or _SERVICE_FIRST.match(joined)
        words = joined[: named.start()].rstrip() or joined[named.end() :] if named else joined
        yield Prompt(words.replace(LITERAL_AT, "@"), takes, named[1] if named else "")


def count(text: str, takes: int = 1) -> Count:
    """Count without expanding, cheap enough for every key press. Never raises: the editor shows a count over the limit.

    Counts are at most `MAX_COUNT`.

    `takes` is the number for prompts that don't specify their own.
    """
    prompts = songs = 0
    for part in parts(text):
        body, own_takes = _takes(part)
        number = count_of(body)
        prompts += number
        songs += number * (takes if own_takes is None else own_takes)
    return Count(min(prompts, MAX_COUNT), min(songs, MAX_COUNT))


def takes_problem(text: str) -> str:
    """Return what is wrong with the first number of takes that is out of range; empty if none is."""
    for body, takes in map(_takes, parts(text)):
        if takes is not None and not 1 <= takes <= MAX_TAKES and count_of(body):
            return f"×{takes}: a prompt can have 1 to {MAX_TAKES} takes."
    return ""


def takes_range(text: str, takes: int) -> tuple[int, int]:
    """Return the fewest and the most takes of the text's prompts; `takes` is for those that don't specify their own."""
    made = [takes if own is None else own for body, own in map(_takes, parts(text)) if count_of(body)]
    possible = [number for number in made if 1 <= number <= MAX_TAKES] or [takes]
    return min(possible), max(possible)


def unclosed(text: str) -> str:
    """Return the first brace with alternatives that is never closed, up to the end of its line, or an empty string.

    Such a brace is literal: `{lofi|house` is one prompt, which is rarely meant.
    """
    for part in parts(text):
        for start, pipes in scan(_takes(part)[0])[1]:
            if pipes:
                return part[start:].partition("\n")[0]
    return ""


def spans(line: str, *, first: bool = True, last: bool = True, above: str = "") -> tuple[Span, ...]:
    """Return the pieces of a line that `expand` doesn't take literally.

    Args:
        line: the line.
        first: whether its prompt starts with it.
        last: whether its prompt ends with it.
        above: the prompt's text above the line; only needed for the last one.
    """
    if separates(line):
        return (Span(0, len(line), "rule"),)
    found = _alternatives(line)
    before = "" if first else ".\n"
    text = before + line.rstrip() + ("" if last else "\n.")
    takes = _search_end(_TIMES, text)
    if takes and not _is_in_lyrics(f"{above}{line.rstrip()}", len(above) - len(before) + takes.start()):
        found.append(Span(takes.start(), takes.end(1), "takes"))
    service = _search_end(_SERVICE, text) or _search_end(_SERVICE, _takes(text)[0]) or _SERVICE_FIRST.match(text)
    if service:
        found.append(Span(service.start(1) - 1, service.end(1), "service"))
    return tuple(one if one.kind == "alternatives" else one.shifted(-len(before)) for one in found)


def _alternatives(line: str) -> list[Span]:
    """Return the outermost braces with alternatives."""
    marks = scan(line)[0]
    found: list[Span] = []
    opened: list[int] = []
    for at in sorted(marks.opens | marks.closes):
        if at in marks.opens:
            opened.append(at)
        elif len(opened) == 1:
            found.append(Span(opened.pop(), at + 1, "alternatives"))
        else:
            opened.pop()
    return found


def separates(line: str) -> bool:
    """Whether a line separates prompts."""
    return "---" in line and _DASHES.fullmatch(line) is not None


def parts(text: str) -> list[str]:
    """Split the text at its separator lines; empty sections are dropped."""
    found: list[str] = []
    lines: list[str] = []
    for line in [*text.splitlines(), "---"]:
        if separates(line):
            found.append("\n".join(lines).strip())
            lines = []
        else:
            lines.append(line)
    return [part for part in found if part]


def _search_end(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return pattern.search(text, max(0, len(text) - _TAIL_CHARS))


def _takes(part: str) -> tuple[str, int | None]:
    """Return a section without its `×N`, and N."""
    match = _search_end(_TIMES, part)
    if match and _is_in_lyrics(part, match.start()):
        return part, None
    return (part[: match.start()].rstrip() + match[2], int(match[1])) if match else (part, None)


def _is_in_lyrics(part: str, at: int) -> bool:
    """Whether a `×N` that ends a section is in a line of lyrics, after other words: `Chorus x2`."""
    start = part.rfind("\n", 0, at) + 1
    if not part[start:at].strip():
        return False
    from riffusion_tui.lyric_sheets.lyrics_in_prompt import divided  # not needed for the first frame

    words = divided(part)[1]
    return bool(words) and words.endswith(part[start:].strip())
