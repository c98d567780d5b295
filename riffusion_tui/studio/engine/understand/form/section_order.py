"""Reads which sections a song has: their order, number and bars. `verse, chorus, bridge`, `ABABCB`, `8 bars each`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain
from math import ceil
from typing import NamedTuple

from riffusion_tui.studio.engine.datafiles import names_by_word, read_data, split_words
from riffusion_tui.studio.engine.structure_hints import RHYTHM_CHANGES, TWELVE_BARS
from riffusion_tui.studio.engine.understand.figures.stated import BARS, EACH, FORM, FORM_BARS, SECTION_BARS
from riffusion_tui.studio.engine.understand.reading.mentions import Reading, derived_once
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import after_all, follows, phrases_in
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.places import named_section
from riffusion_tui.studio.engine.understand.words.tables import genre_families
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase

_MOST = 8
_KINDS = ("verse", "chorus", "bridge")
_MIN_ORDER = 4
"""Sections that are an order, at least: `verse, chorus and bridge` only names three."""
_MAX_ORDER = 24
_TWO = 2
_FEWEST_BARS = 2
_TWELVE, _SONG_FORM = 12, 32
"""Bars of a chorus of soloists: in a blues, and else."""
_MAIN = ("verse", "chorus")
"""What has the bars that each section is to have, if the prompt doesn't list them."""


def counted_sections(reading: Reading) -> list[str]:
    """Return the kinds of sections of a song with as many verses, choruses and bridges as the prompt says; else none.

    Its choruses come as late as possible, and the last one at the end. Several bridges are each between two choruses.
    """
    counts = {kind: number for at in range(len(reading.tokens)) for kind, number in _count_at(reading, at)}
    families = {tables.genres()[one.meaning].family for one in reading.positive("genre")}
    bridges = counts.pop("bridge", 1)
    if not (counts or bridges > 1) or not families.isdisjoint(genre_families("with choruses of soloists")):
        return []
    without = {tables.sections().get(one.word.lower()) for one in reading.negative("structure")}
    between = bridges + 1 if bridges > 1 else 0
    choruses = 0 if "chorus" in without else counts.get("chorus", max(counts.get("verse", 0), between))
    verses = counts.get("verse", max(2, min(choruses, bridges) if between and "chorus" not in counts else choruses))
    if "verse" in without:
        return ["chorus"] * choruses
    found: list[str] = []
    for verse in range(1, verses + 1):
        found += ["verse", *("chorus" for at in range(1, choruses + 1) if ceil(at * verses / choruses) == verse)]
    return _with_bridges(found, bridges) if between else found


@derived_once
def choruses_of_soloists(reading: Reading) -> list[str]:
    """Return the times through the form of a blues or jazz tune with so many choruses: tune, solos, tune.

    A blues has its second verse before the solo.
    """
    families = {tables.genres()[one.meaning].family for one in reading.positive("genre")}
    places = (at for at in range(len(reading.tokens)) if not follows(reading.tokens, at + 1, ("of",)))  # `of solos`
    counts = {kind: number for at in places for kind, number in _count_at(reading, at)}
    number = 0 if reading.first(FORM_BARS) else counts.get("chorus", 0)
    if families.isdisjoint(genre_families("with choruses of soloists")) or set(counts) != {"chorus"} or number < _TWO:
        return []
    tunes = min(2 if "blues" in families else 1, number - 1)
    return ["verse"] * tunes + ["solo"] * (number - tunes - 1) + ["verse"]


def _bars_of_a_chorus(reading: Reading) -> int:
    """Return the bars of each time through the form."""
    blues = any(tables.genres()[one.meaning].family == "blues" for one in reading.positive("genre"))
    twelve = blues or TWELVE_BARS in reading.meanings("structure")
    return int(reading.first(EACH) or (_TWELVE if twelve else _SONG_FORM))


def _with_bridges(kinds: list[str], number: int) -> list[str]:
    """Return the sections with a bridge before each of so many last choruses but the first one."""
    found = list(kinds)
    places = [at for at, kind in enumerate(kinds) if kind == "chorus"][:-1]
    for at in reversed(places[-number:]):
        found.insert(at + 1, "bridge")
    return found


def number_at(reading: Reading, at: int) -> int:
    """Return how many sections of the kind that a token names follow each other in a list: 2 of `2 verses, chorus`."""
    return max((number for _, number in _count_at(reading, at)), default=1)


def is_counted(reading: Reading, at: int) -> bool:
    """Whether the token names a kind of section of which the prompt says how many there are."""
    return at < len(reading.tokens) and bool(_count_at(reading, at))


def _count_at(reading: Reading, at: int) -> list[tuple[str, int]]:
    """Return the kind of section that a token names and its number; nothing without a number."""
    tokens = reading.tokens
    kind = tables.sections().get(tokens[at].norm)
    if kind not in _KINDS:
        return []
    number = _counting_words().get(tokens[at - 1].norm, 0) if at and not tokens[at].gap else 0
    after_a_section = at > 1 and not tokens[at - 1].gap and tokens[at - 2].norm in tables.sections()
    inside = reading.stated_characters()
    if after_a_section or tokens[at - 1].start in inside:
        number = 0
    number = number or _times(reading, at + 1)
    return [(kind, number)] if 0 < number <= _MOST else []


def _times(reading: Reading, at: int) -> int:
    """Return how often a section comes by the words at a token: 2 for `twice`, 3 for `three times`; 0 without any."""
    at = after_all(reading.tokens, at, context_words("before times"))
    words = [token.norm for token in reading.tokens[at : at + 2]]
    if not words or reading.tokens[at].gap == "hard":
        return 0
    if words[1:] == ["times"]:
        return _counting_words().get(words[0], 0)
    return int(names_by_word("lexicon/places.toml", "repeats").get(words[0], 0))


@cache
def _counting_words() -> dict[str, int]:
    return {**numbers(), "single": 1}


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
        return choruses_of_soloists(reading) or counted_sections(reading), range(0)
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
        kind = None if at in lone else named_section(reading.tokens, at)
        if kind is not None:
            found.append(_Listed(kind, number_at(reading, at), at))
        elif is_counted(reading, at + 1):
            continue  # the `two` of `two choruses`
        elif token.norm not in between and at not in played | lone and not _is_inside(token, figures):
            if _is_order([one.kind for one in found]):
                break
            found = []
    return found


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


def section_bars(reading: Reading) -> dict[str, str]:
    """Return the bars that the prompt gives kinds of sections; of several numbers for a kind the first."""
    found: dict[str, str] = {}
    for stated in reading.stated:
        if stated.kind == SECTION_BARS:
            kind, bars = stated.value.split()
            found.setdefault(kind, bars)
    each = None if section_order(reading)[0] else reading.first(EACH)
    return found if each is None else dict.fromkeys(_MAIN, each) | found


def bars_each(reading: Reading) -> int:
    """Return the bars of each section of a form, as stated or its share of the form's; 0 if the prompt doesn't say."""
    if choruses_of_soloists(reading) == section_order(reading)[0] != []:
        return _bars_of_a_chorus(reading)
    sections = len(section_order(reading)[0])
    whole = int(reading.first(FORM_BARS) or reading.first(BARS) or 0)
    shares = whole // sections if sections and whole % sections == 0 else 0
    each = int(reading.first(EACH) or shares) if sections else 0
    return each if each >= _FEWEST_BARS else 0


def form_bars(reading: Reading) -> int:
    """Return the bars of a form, as stated or of all its sections; 0 if the prompt doesn't say."""
    return int(reading.first(FORM_BARS) or bars_each(reading) * len(section_order(reading)[0]))
