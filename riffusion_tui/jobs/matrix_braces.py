"""The braces of a prompt matrix: nested alternatives, counted, measured and combined. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from typing import NamedTuple, TypeAlias

_MAX_DEPTH = 50
"""Nesting limit of braces; deeper ones are literal."""
_SIGN = re.compile(r"\\(?:[{}|\\×@-]|x(?=\d))|[{|}]")
"""An escape, or a sign that may have a meaning; all between is plain text, however long."""
LITERAL_AT = "\ufdd0"
"""Stands for an escaped `@` until the services are read; text never contains it, as it is no character."""


class _Choice(NamedTuple):
    """A pair of braces: its alternatives, and whether one of them can be more than blank."""

    alternatives: tuple[_Pieces, ...]
    has_words: bool


_Pieces: TypeAlias = "tuple[str | _Choice, ...]"
"""A section, split at its braces."""


class _Marks(NamedTuple):
    """Positions of the braces and bars that form alternatives; all others are literal."""

    opens: set[int]
    pipes: set[int]
    closes: set[int]


def count_of(body: str) -> int:
    """Count the prompts of a section; combinations that are blank don't count."""
    pieces = _pieces(body)
    return _number(pieces) - _empties(pieces)


def _number(pieces: _Pieces) -> int:
    return prod(sum(map(_number, one.alternatives)) for one in pieces if isinstance(one, _Choice))


def _empties(pieces: _Pieces) -> int:
    return prod(sum(map(_empties, one.alternatives)) if isinstance(one, _Choice) else not one.strip() for one in pieces)


def chars_of(body: str) -> int:
    """Return the number of characters of all combinations of a section."""
    return _size(_pieces(body))[1]


def _size(pieces: _Pieces) -> tuple[int, int]:
    """Return the number of combinations, and of their characters."""
    number, chars = 1, 0
    for one in pieces:
        sizes = list(map(_size, one.alternatives)) if isinstance(one, _Choice) else [(1, len(one))]
        own = sum(size[0] for size in sizes)
        number, chars = number * own, chars * own + number * sum(size[1] for size in sizes)
    return number, chars


def _has_words(pieces: _Pieces) -> bool:
    return any(map(_can_be_words, pieces))


def _can_be_words(piece: str | _Choice) -> bool:
    return piece.has_words if isinstance(piece, _Choice) else bool(piece.strip())


def combinations(body: str) -> Iterator[str]:
    """Yield the prompts of a section, in order; blank ones are skipped."""
    return _texts(_pieces(body))


def _texts(pieces: _Pieces, *, words: bool = True) -> Iterator[str]:
    """Yield the combinations, each made when it is needed, as there may be 2 ** 3,000. With `words`, skip blank ones.

    They are never tried: whatever has been chosen so far, a combination can be completed.
    """
    later = [False]
    for one in reversed(pieces):
        later.append(later[-1] or _can_be_words(one))
    later.reverse()
    if words and not later[0]:
        return
    chosen: list[str] = []
    opened = [(_piece_texts(pieces[0], words=words and not later[1]), words)]
    while opened:
        texts, lacks_words = opened[-1]
        text = next(texts, None)
        at = len(opened)
        if text is None:
            opened.pop()
            del chosen[at - 2 :]
        elif at == len(pieces):
            yield "".join((*chosen, text))
        else:
            chosen.append(text)
            lacks_words = lacks_words and not text.strip()
            opened.append((_piece_texts(pieces[at], words=lacks_words and not later[at + 1]), lacks_words))


def _piece_texts(piece: str | _Choice, *, words: bool) -> Iterator[str]:
    if isinstance(piece, str):
        return iter((piece,))
    return (text for alternative in piece.alternatives for text in _texts(alternative, words=words))


def _pieces(body: str) -> _Pieces:
    """Split a section at the braces that have alternatives."""
    return _read(body, 0, _marks(body))[0]


def _read(body: str, at: int, marks: _Marks) -> tuple[_Pieces, int]:
    """Parse up to the mark that ends this alternative, or to the end; also return that position."""
    pieces: list[str | _Choice] = []
    plain: list[str] = []
    while sign := _SIGN.search(body, at):
        plain.append(body[at : sign.start()])
        at = sign.start()
        if at in marks.pipes or at in marks.closes:
            return (*pieces, "".join(plain)), at
        if at not in marks.opens:
            plain.append(_literal(sign[0]))
            at = sign.end()
            continue
        alternatives = []
        while at not in marks.closes:
            one, at = _read(body, at + 1, marks)
            alternatives.append(one)
        pieces += ["".join(plain), _Choice(tuple(alternatives), any(map(_has_words, alternatives)))]
        plain, at = [], at + 1
    return (*pieces, "".join([*plain, body[at:]])), len(body)


def _marks(body: str) -> _Marks:
    """Find the matching braces that contain a `|` of their own."""
    return scan(body)[0]


def scan(body: str) -> tuple[_Marks, list[tuple[int, list[int]]]]:
    """Return the marks, and the braces that are never closed, each with the bars in it."""
    marks = _Marks(set(), set(), set())
    open_: list[tuple[int, list[int]]] = []
    for found in _SIGN.finditer(body):
        at, sign = found.start(), found[0]
        if sign == "{":
            open_.append((at, []))
        elif sign == "|" and open_:
            open_[-1][1].append(at)
        elif sign == "}" and open_:
            start, pipes = open_.pop()
            if pipes and len(open_) < _MAX_DEPTH:
                marks.opens.add(start)
                marks.pipes.update(pipes)
                marks.closes.add(at)
    return marks, open_


def _literal(sign: str) -> str:
    """Return the character that an escape, or a sign without meaning, stands for."""
    return LITERAL_AT if sign == "\\@" else sign[-1]
