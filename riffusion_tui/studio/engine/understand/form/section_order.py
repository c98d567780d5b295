"""Reads in which order sections come: `verse, chorus, verse, chorus`, `ABABCB`, `rondo`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.structure_hints import RHYTHM_CHANGES
from riffusion_tui.studio.engine.understand.figures.stated import FORM, SECTION_BARS
from riffusion_tui.studio.engine.understand.form.section_counts import counted_sections, is_counted, number_at
from riffusion_tui.studio.engine.understand.reading.mentions import Reading, derived_once
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import phrases_in
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase

_MIN_ORDER = 4
"""Sections that are an order, at least: `verse, chorus and bridge` only names three."""
_MAX_ORDER = 24


@derived_once
def section_order(reading: Reading) -> tuple[list[str], range]:
    """Return the kinds of sections that the prompt lists in order, and the positions of their words.

    They are empty if it lists fewer than four of at least two kinds.
    """
    form = next(chain(_lettered(reading), _named(reading), _of_changes(reading)), None)
    if form is not None:
        return _by_letter(form[0]), form[1]
    listed = _listed(reading)
    kinds = [one.kind for one in listed]
    only_sizes = bool(_figures(reading)) and len(set(kinds)) == len(kinds)  # `intro 4 bars, verse 8, chorus 8 bars`
    if only_sizes or not _is_order(kinds):
        return counted_sections(reading), range(0)
    repeated = [one.kind for one in listed for _ in range(one.number)]
    return repeated[:_MAX_ORDER], range(listed[0].at, listed[-1].at + 1)


class _Listed(NamedTuple):
    """A section of a list: its kind, how many there are, and the position of its name."""

    kind: str
    number: int
    at: int


def _listed(reading: Reading) -> list[_Listed]:
    """Return the sections of the first list that is an order, or what follows the last list that is none."""
    between = context_words("between sections")
    played = positions(reading.positive("instrument"))
    lone = {mention.at - 1 for mention in reading.positive("instrument") if not reading.tokens[mention.at].gap}
    figures = _figures(reading)
    found: list[_Listed] = []
    for at, token in enumerate(reading.tokens):
        kind = None if at in lone else _kind(reading.tokens, at)
        if kind is not None:
            found.append(_Listed(kind, number_at(reading, at), at))
        elif is_counted(reading, at + 1):
            continue  # the `two` of `two choruses`
        elif token.norm not in between and at not in played | lone and not _is_inside(token, figures):
            if _is_order([one.kind for one in found]):
                break
            found = []
    return found


def _kind(tokens: tuple[Token, ...], at: int) -> str | None:
    """Return the kind of section that a token names; None if it names none."""
    kind, before = tables.sections().get(tokens[at].norm), tokens[at - 1].norm if at else ""
    return "prechorus" if tokens[at].norm == "prechorus" or (kind == "chorus" and before == "pre") else kind


def _figures(reading: Reading) -> list[tuple[int, int]]:
    """Return where the prompt gives bars to sections."""
    return [(one.start, one.end) for one in reading.stated if one.kind == SECTION_BARS]


def _is_inside(token: Token, spans: list[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in spans)


def _lettered(reading: Reading) -> Iterator[tuple[str, range]]:
    """Yield each form by letters, and the positions of its words."""
    for one in reading.stated:
        if one.kind == FORM:
            inside = [at for at, token in enumerate(reading.tokens) if one.start <= token.start < one.end]
            yield one.value, range(inside[0], inside[-1] + 1)


def _named(reading: Reading) -> Iterator[tuple[str, range]]:
    """Yield each form that the prompt names, by letters, and the positions of its words."""
    words = reading.norms
    for at, name in phrases_in(words, _forms()):
        yield _forms()[name], range(at, at + len(name))


def _of_changes(reading: Reading) -> Iterator[tuple[str, range]]:
    """Yield the form of tunes on rhythm changes."""
    if RHYTHM_CHANGES in reading.meanings("structure"):
        yield "AABA", range(0)


@cache
def _forms() -> dict[tuple[str, ...], str]:
    rows = read_data("lexicon/named_forms.toml").items()
    return {phrase(name): letters for letters, names in rows for name in split_words(names)}


def ordered_places(reading: Reading) -> range:
    """Return the positions of the words that list sections in order, or name a form."""
    return section_order(reading)[1]


def _by_letter(letters: str) -> list[str]:
    """Return the kinds of sections of `ABABCB`, one per letter; the only other part of `AABA` is a bridge."""
    middle = letters.count("B") == 1 and "C" not in letters
    kinds = {"A": "verse", "B": "bridge" if middle else "chorus", "C": "bridge", "D": "solo"}
    return [kinds[letter] for letter in letters]


def _is_order(kinds: list[str]) -> bool:
    return len(kinds) >= _MIN_ORDER and len(set(kinds)) > 1
