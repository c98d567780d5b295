r"""From the editor's text to prompts: parts, alternatives, takes. Pure.

- A line of three or more dashes parts prompts.
- `{lofi|house}` stands for each of its alternatives in turn; several multiply. They don't nest.
- `×3` or `x3` at the end of a prompt's last line asks for three takes of each.
- `\{`, `\|`, `\}`, `\\`, `\×` and `\---` are meant as they are. A brace without its mate, or without a `|`, is text.
"""

from __future__ import annotations

import re
from itertools import product
from math import prod
from typing import NamedTuple

MAX_PROMPTS = 100_000
"""Prompts that one text may become."""
MAX_TAKES = 100
"""Takes that one text may ask for of each prompt."""

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
        for choice in product(*_pieces(body)):
            joined = "".join(choice).strip()
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


def _count_part(body: str) -> int:
    """Count the prompts of a part; choices that leave nothing but space make none."""
    pieces = _pieces(body)
    number = prod(len(choices) for choices in pieces)
    empty = prod(sum(not choice.strip() for choice in choices) for choices in pieces)
    return number - empty


def _pieces(body: str) -> list[tuple[str, ...]]:
    """Return the alternatives of each stretch of text; a stretch outside braces has one."""
    pieces: list[tuple[str, ...]] = []
    plain: list[str] = []
    at = 0
    while at < len(body):
        choice = _choice(body, at) if body[at] == "{" else None
        if choice:
            pieces += [("".join(plain),), choice[0]]
            plain, at = [], choice[1]
        else:
            character, at = _character(body, at)
            plain.append(character)
    return [*pieces, ("".join(plain),)]


def _choice(body: str, at: int) -> tuple[tuple[str, ...], int] | None:
    """Return the alternatives of the brace at `at` and where it ends; None if it is only text."""
    choices: list[list[str]] = [[]]
    at += 1
    while at < len(body) and body[at] != "{":
        if body[at] == "}":
            return (tuple(map("".join, choices)), at + 1) if len(choices) > 1 else None
        if body[at] == "|":
            choices.append([])
            at += 1
        else:
            character, at = _character(body, at)
            choices[-1].append(character)
    return None


def _character(body: str, at: int) -> tuple[str, int]:
    """Return the character that is meant at `at`, and where the next begins."""
    if body[at] == "\\" and body[at + 1 : at + 2] in _ESCAPABLE:
        return body[at + 1], at + 2
    return body[at], at + 1
