r"""From the editor's text to prompts: parts, alternatives, takes. Pure.

- A line of three or more dashes parts prompts.
- `{lofi|house}` stands for each of its alternatives in turn; several multiply, and they nest: `{{a|b} x|c}`.
- `×3` or `x3` at the end of a prompt's last line asks for three takes of each.
- `\{`, `\|`, `\}`, `\\`, `\×` and `\---` are meant as they are. A brace without its mate, or without a `|`, is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import NamedTuple, TypeAlias

MAX_PROMPTS = 100_000
"""Prompts that one text may become."""
MAX_TAKES = 100
"""Takes that one text may ask for of each prompt."""

_DEEPEST = 50
"""Braces within braces; what is deeper is text."""
_DASHES = re.compile(r"\s*-{3,}\s*")
_TIMES = re.compile(r"(?:^|(?<=\s))[×x](\d{1,6})\s*\Z")
_ESCAPABLE = frozenset("{}|\\×-")


class MatrixError(ValueError):
    """The text asks for more than the limits allow; `str(error)` says how much, and the limit."""


class Prompt(NamedTuple):
    """One prompt of a text. `takes` is None where the text does not say."""

    text: str
    takes: int | None = None


class Count(NamedTuple):
    """How many prompts and songs a text would become, `takes` being what prompts get that don't say."""

    prompts: int
    songs: int


def expand(text: str) -> tuple[Prompt, ...]:
    """Return every prompt of `text`, in order; empty parts give none. Raises `MatrixError`."""
    counted = count(text)
    if counted.prompts > MAX_PROMPTS:
        raise MatrixError(f"That would make {counted.prompts} prompts; {MAX_PROMPTS} at once are allowed.")
    prompts = []
    for part in parts(text):
        body, takes = _takes(part)
        if takes is not None and not 1 <= takes <= MAX_TAKES:
            raise MatrixError(f"×{takes}: a prompt can have 1 to {MAX_TAKES} takes.")
        for choice in _texts(_pieces(body)):
            joined = choice.strip()
            if joined:
                prompts.append(Prompt(joined, takes))
    return tuple(prompts)


def count(text: str, takes: int = 1) -> Count:
    """Count without expanding, so that it can follow every key. Never raises: the editor shows what is too much."""
    prompts = songs = 0
    for part in parts(text):
        body, said = _takes(part)
        number = _count_part(body)
        prompts += number
        songs += number * (takes if said is None else said)
    return Count(prompts, songs)


def parts(text: str) -> list[str]:
    """Return what stands between the lines of dashes, the empty left out."""
    found: list[str] = []
    lines: list[str] = []
    for line in [*text.splitlines(), "---"]:
        if _DASHES.fullmatch(line):
            found.append("\n".join(lines).strip())
            lines = []
        else:
            lines.append(line)
    return [part for part in found if part]


def _takes(part: str) -> tuple[str, int | None]:
    """Return a part without its `×N`, and N."""
    match = _TIMES.search(part)
    return (part[: match.start()].rstrip(), int(match[1])) if match else (part, None)


class _Choice(NamedTuple):
    """What stands between braces: its alternatives."""

    alternatives: tuple[_Pieces, ...]


_Pieces: TypeAlias = "tuple[str | _Choice, ...]"
"""A stretch of text, cut at its braces."""


class _Marks(NamedTuple):
    """Where braces with alternatives open, are divided and close; all others are text."""

    opens: set[int]
    pipes: set[int]
    closes: set[int]


def _count_part(body: str) -> int:
    """Count the prompts of a part; choices that leave nothing but space make none."""
    pieces = _pieces(body)
    return _number(pieces) - _empties(pieces)


def _number(pieces: _Pieces) -> int:
    return prod(sum(map(_number, one.alternatives)) for one in pieces if isinstance(one, _Choice))


def _empties(pieces: _Pieces) -> int:
    return prod(sum(map(_empties, one.alternatives)) if isinstance(one, _Choice) else not one.strip() for one in pieces)


def _texts(pieces: _Pieces) -> Iterator[str]:
    choices = [
        [text for alternative in one.alternatives for text in _texts(alternative)]
        if isinstance(one, _Choice)
        else [one]
        for one in pieces
    ]
    return map("".join, product(*choices))


def _pieces(body: str) -> _Pieces:
    """Return a part, cut at the braces that have alternatives."""
    return _read(body, 0, _marks(body))[0]


def _read(body: str, at: int, marks: _Marks) -> tuple[_Pieces, int]:
    """Read up to the next mark that ends this alternative, or to the end; return where that is, too."""
    pieces: list[str | _Choice] = []
    plain: list[str] = []
    while at < len(body) and at not in marks.pipes and at not in marks.closes:
        if at not in marks.opens:
            character, at = _character(body, at)
            plain.append(character)
            continue
        alternatives = []
        while at not in marks.closes:
            one, at = _read(body, at + 1, marks)
            alternatives.append(one)
        pieces += ["".join(plain), _Choice(tuple(alternatives))]
        plain, at = [], at + 1
    return (*pieces, "".join(plain)), at


def _marks(body: str) -> _Marks:
    """Find the braces that belong together and have a `|` of their own."""
    marks = _Marks(set(), set(), set())
    open_: list[tuple[int, list[int]]] = []
    at = 0
    while at < len(body):
        sign = body[at]
        if sign == "{":
            open_.append((at, []))
        elif sign == "|" and open_:
            open_[-1][1].append(at)
        elif sign == "}" and open_:
            start, pipes = open_.pop()
            if pipes and len(open_) < _DEEPEST:
                marks.opens.add(start)
                marks.pipes.update(pipes)
                marks.closes.add(at)
        at = _character(body, at)[1]
    return marks


def _character(body: str, at: int) -> tuple[str, int]:
    """Return the character that is meant at `at`, and where the next begins."""
    if body[at] == "\\" and body[at + 1 : at + 2] in _ESCAPABLE:
        return body[at + 1], at + 2
    return body[at], at + 1
