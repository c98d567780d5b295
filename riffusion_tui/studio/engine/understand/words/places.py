"""Which sections of the song a phrase such as `in the verses`, `until the drop` or `except in the chorus` means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

from riffusion_tui.studio.engine.datafiles import names_by_word
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.neighbors import after_all, before_all, begins_with
from riffusion_tui.studio.engine.understand.words.tokens import Token

_words = partial(tables.word_set, "places", "words")
IN, ONLY, ALONE, UNTIL, THROUGH, AFTER = "in", "only in", "alone in", "until", "through", "after"
_LEADING = {IN: IN, UNTIL: UNTIL, AFTER: AFTER, "except": ONLY}
JOINERS = frozenset({"and", "or", "nor"})
"""Words between the members of a list."""
_ENDS = {"1": "intro", "last": "ending"}
"""Where so many bars or seconds are: the first ones, and the last ones."""
_MAX_WORDS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Sections of the song: `how` is one of the constants above."""

    how: str
    sections: tuple[str, ...]
    """Kinds of sections, of which a number or `last` selects one: `verse`, `verse 2`; none if it isn't whole ones."""
    last: int
    """Position of the last token."""

    def __str__(self) -> str:
        """Return it as shown: `only in chorus`, `in verse 2, bridge`."""
        return f"{self.how} {', '.join(self.sections) or 'a part'}"


def place_at(tokens: tuple[Token, ...], at: int) -> Place | None:
    """Return the place that the words from token `at` on name; None if they name none."""
    how, first = _how(tokens, at)
    if not how:
        return None
    if end := _end_at(tokens, how, first):
        return end
    sections: list[str] = []
    last, number, moment = first, "", False
    for place in range(first, min(len(tokens), first + _MAX_WORDS)):
        word, gap = tokens[place].norm, tokens[place].gap
        if place <= last and sections:
            continue  # the number of a section
        if gap == "hard" or (gap == "soft" and not (sections and _list_goes_on(tokens, place))):
            break
        kind = _section(tokens, place)
        if kind is not None:
            after = tokens[place + 1].norm if place + 1 < len(tokens) and not tokens[place + 1].gap else ""
            counted = (after in _numbers("numbers") or (after.isdecimal() and len(after) == 1)) and not number
            sections.append(f"{kind} {_numbers('numbers').get(after, after) if counted else number}".strip())
            last, number = place + counted, ""
        elif word in _numbers("ordinals"):
            number = _numbers("ordinals")[word]
        elif word in _words("moments") or (number and word in _words("portions")):
            moment, last = True, place
        elif word not in _words("between") and not (sections and word in JOINERS):
            break
    return Place(how, tuple(sections), last) if sections or moment else None


def _end_at(tokens: tuple[Token, ...], how: str, at: int) -> Place | None:
    """Return the intro for `at first`, and it or the ending for so many bars or seconds: `in the first 8 bars`."""
    if how == IN and tokens[at : at + 1] and tokens[at].norm == "first" and all(t.gap for t in tokens[at + 1 : at + 2]):
        return Place(IN, ("intro",), at)  # `no drums at first`
    at = after_all(tokens, at, _words("between"))
    words = tokens[at : at + 3]
    if how != IN or len(words) < 3 or any(token.gap for token in words[1:]):
        return None
    ordinal, number, unit = (token.norm for token in words)
    section = _ENDS.get(_numbers("ordinals").get(ordinal, ""))
    counted = number.isdecimal() and unit in _words("moments")
    return Place(IN, (section,), at + 2) if section and counted else None


def in_sections(tokens: tuple[Token, ...], at: int) -> Place | None:
    """Return the place that the words from token `at` on name, if it is in whole sections: `in the verses`."""
    place = place_at(tokens, at)
    return place if place is not None and place.how == IN and place.sections else None


def section_at(tokens: tuple[Token, ...], at: int) -> str | None:
    """Return the kind of section that token `at` names, right after a player: `choir intro`; no list of them."""
    kinds = (tables.sections().get(token.norm) for token in tokens[at : at + 1] if not token.gap)
    joined = any(token.norm in JOINERS for token in tokens[at + 1 : at + 2])
    return next((kind for kind in kinds if kind in _words("described") and not joined), None)


def section_before(tokens: tuple[Token, ...], at: int) -> str | None:
    """Return the kind of section that precedes token `at`: `verses without drums`, `an intro with no drums`."""
    at = _before_a_moment(tokens, before_all(tokens, at, _words("has")))
    if not at or (tokens[at].gap and not tokens[at].colon):
        return None
    kind = tables.sections().get(tokens[at - 1].norm)
    number = _numbers("ordinals").get(tokens[at - 2].norm, "") if at > 1 and not tokens[at - 1].gap else ""
    return f"{kind} {number}".strip() if kind in _words("described") else None


def _before_a_moment(tokens: tuple[Token, ...], at: int) -> int:
    """Return the position before words for a moment, if they end there: `breakdown in the middle`."""
    first = at - 1
    if not at or tokens[at].gap or tokens[first].norm not in _words("moments") | _words("endings"):
        return at
    first = before_all(tokens, first, _words("in") | {"the"})
    return first if first < at - 1 else at


def _how(tokens: tuple[Token, ...], at: int) -> tuple[str, int]:
    """Return what the words at a token say about a place, and the position of its name; an empty text if nothing."""
    for how in ("except", UNTIL, AFTER, IN):
        for phrase in _phrases(how).get(tokens[at].norm, ()) if at < len(tokens) else ():
            following = at + len(phrase)
            if begins_with(tokens, at, phrase) and not any(token.gap == "hard" for token in tokens[at:following]):
                if phrase[-1] == "no" and not _is_portuguese(tokens, following):
                    continue
                inner = how == "except" and following < len(tokens) and tokens[following].norm in _words(IN)
                return _LEADING[how], following + inner
    return "", at


@cache
def _phrases(how: str) -> dict[str, list[tuple[str, ...]]]:
    """Return the words for a relation to a place by the first, the longest first."""
    words = _words(how) | (_words("in portuguese") if how == IN else frozenset())
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted((tuple(word.split()) for word in words), key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return found


def _is_portuguese(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether the name of a section at a token is Portuguese, so that `no` before it means `in the`."""
    return any(token.norm in _words("portuguese") for token in tokens[at : at + 2])


def _section(tokens: tuple[Token, ...], at: int) -> str | None:
    word = tokens[at].norm
    if word in _words("endings"):
        return "ending"
    if word in _words("beginnings"):
        return "intro"
    return named_section(tokens, at)


def named_section(tokens: tuple[Token, ...], at: int) -> str | None:
    """Return the kind of section that a token names; None if it names none."""
    word, before = tokens[at].norm, tokens[at - 1].norm if at else ""
    kind = tables.sections().get(word)
    return "prechorus" if word.startswith("prechorus") or (kind == "chorus" and before == "pre") else kind


def _list_goes_on(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a list of sections continues after a comma: `in the intro, verses and bridge`."""
    following = [token.norm for token in tokens[at : at + 6]]
    return any(word in JOINERS for word in following) and _section(tokens, at) is not None


def _numbers(name: str) -> dict[str, str]:
    return names_by_word("lexicon/places.toml", name)
