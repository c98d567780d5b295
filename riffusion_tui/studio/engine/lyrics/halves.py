"""Lines of two halves, a head that says something and a tail that rhymes, so that two songs rarely share a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random

from riffusion_tui.studio.engine.datafiles import read_data, split_lines, split_words
from riffusion_tui.studio.engine.genre_files import families
from riffusion_tui.studio.engine.lyrics.fit import Fit
from riffusion_tui.studio.engine.lyrics.rhymes import rhyme_key
from riffusion_tui.studio.engine.lyrics.subject import Subject, titled
from riffusion_tui.studio.engine.lyrics.syllables import count

Couplet = tuple[str, str]
_Rhymes = dict[str, tuple[str, ...]]
"""Tails by the sound that they end with."""
_CLAUSE = re.compile(r"(?:and|but|or|does|I|I'm|it's|no|there's|though|we|we're|you) ")
"""A tail that a comma separates from its head."""
_HOOK = range(8, 12)
"""Syllables of a hook."""
_TAIL, _LONG = 4, 12
"""Syllables of a tail, and of the longest line about the subject."""
_LINE = range(6, _LONG + 1)
"""Syllables of a line that names the subject and has no tail."""
_OPENINGS = {"gerund": "doing", "clause": "telling"}
"""Tables of first lines by kind of subject, if it isn't `openings`."""
_SHORT = 3
"""Letters of words that a line may have twice."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a kind of line is joined from."""

    heads: Sequence[str]
    tails: _Rhymes
    comma: bool = False
    """Whether all tails are clauses, which a comma separates from their heads."""

    def join(self, head: str, tail: str) -> str:
        return f"{head}, {tail}" if self.comma or _CLAUSE.match(tail) else f"{head} {tail}"


@dataclass(slots=True)
class Halves:
    """Joins halves for one song, none of them twice while others are left."""

    draw: Random
    theme: str
    family: str
    fit: Fit
    """What the lines may say."""
    used: set[str] = field(default_factory=set)
    """The halves that the song has so far."""

    def verse(self, unlike: str = "") -> Couplet:
        """Return a couplet for a verse, which does not rhyme with the line `unlike`."""
        kind = self._of_verse()
        return self._couplet(kind, kind, unlike)

    def chorus(self) -> Couplet:
        """Return the couplet that answers the hook."""
        shared = "occasion" if is_occasion(self.theme) else "any"
        kind = _Kind(self._heads("rises"), _rhyming(shared, "cries", self.fit), comma=True)
        return self._couplet(kind, kind)

    def leading(self, name: str) -> Couplet:
        """Return a couplet for a pre-chorus (`leaning`) or a bridge (`looking_back`)."""
        kind = _Kind(self._heads("heads"), _of_theme(self.theme, self.fit))
        if is_occasion(self.theme):
            return self._couplet(kind, kind)
        clauses = _rhyming("any", "cries", self.fit) if name == "leaning" else _rhyming(name, "reflections", self.fit)
        return self._couplet(_Kind(_fitting(name, "heads", self.fit), clauses, comma=True), kind)

    def about(self, subject: Subject, *, addressed: bool) -> tuple[str, ...]:
        """Return a verse whose first line names the subject; the second says more about it, if it rhymes with the last.

        Args:
            subject: what the song is about.
            addressed: whether the song is for somebody, who is the subject.
        """
        opened, rhymes = self._openings(subject, addressed=addressed)
        openings = [opening.replace("{np}", subject.phrase) for opening in opened]
        short = [opening for opening in openings if count(opening) <= _LONG - _TAIL]
        if short and not subject.rest:
            asides = self._heads("heads") if is_occasion(self.theme) or addressed else self._asides()
            couplet = self._couplet(_Kind(short, rhymes), _Kind(asides, rhymes))
            return (*couplet, *self.verse(couplet[0]))
        lines = [opening for opening in openings if count(opening) in _LINE] or [min(openings, key=count)]
        second = subject.rest or self.draw.choice(self._asides())
        return (self.draw.choice(lines), *self._answer(second, rhymes))

    def returning(self, subject: Subject) -> Couplet | None:
        """Return a couplet for a later verse, which names the subject again; None if that is too long for a line."""
        opened = _listed("subject", _OPENINGS.get(subject.kind, "returns"))
        room = _LONG - _TAIL - count(subject.known)
        short = [opening.replace("{np}", subject.known) for opening in opened if _size(opening) <= room]
        unused = [line for line in short if line not in self.used]
        kind = self._of_verse()
        return self._couplet(_Kind(unused or short, kind.tails), kind) if short else None

    def title(self) -> tuple[str, str]:
        """Return a title and its hook, of a good length if any is."""
        names = read_data("lyrics/halves.toml")["titles"]
        kind = self.draw.choice(split_words(names["kinds"]))
        found = self._line_as_title() if kind == "line" else self._named_thing(names, kind)
        rows = split_lines(names[f"{kind}_hooks"])
        hooks = [row.replace("{t}", found if row.index("{t}") else found[:1].upper() + found[1:]) for row in rows]
        return titled(found), self.draw.choice([hook for hook in hooks if count(hook) in _HOOK] or hooks)

    def _line_as_title(self) -> str:
        """Return the first half of a line of the song's theme or genre as its title; no other line has it."""
        found = self.draw.choice((*self._heads("rises"), *self._heads("heads"), *_family(self.family, self.fit)))
        self.used.add(found)
        return found

    def _named_thing(self, names: dict[str, str], kind: str) -> str:
        """Return a title of a noun of the theme: `bare`, which hooks give an article, or `owned`."""
        shape = self.draw.choice(_items(names[kind]))
        adjective = self.draw.choice(_fitting("titles", "adjectives", self.fit))
        noun, other = self.draw.sample(self._heads("nouns"), 2)
        plain = " " in noun or adjective == noun  # not `the final open door`
        found = shape.replace("{a} ", "" if plain else f"{adjective} ")
        return found.replace("{n}", noun).replace("{m}", other)

    def _heads(self, name: str) -> tuple[str, ...]:
        return _fitting(self.theme, name, self.fit)

    def _asides(self) -> tuple[str, ...]:
        return _fitting("subject", "asides", self.fit)

    def _of_verse(self) -> _Kind:
        heads = (
            self._heads("heads")
            if is_occasion(self.theme)
            else (*self._heads("heads"), *_family(self.family, self.fit))
        )
        return _Kind(heads, _of_theme(self.theme, self.fit))

    def _openings(self, subject: Subject, *, addressed: bool) -> tuple[tuple[str, ...], _Rhymes]:
        """Return first lines about a subject, and the tails of what is said about it."""
        if is_occasion(self.theme) or addressed:
            own = "openings" in read_data("lyrics/halves.toml")[self.theme]
            return _listed(self.theme if own else "occasion", "openings"), _rhyming("occasion", "opening_tails", Fit())
        return _listed("subject", _OPENINGS.get(subject.kind, "openings")), _rhyming("subject", "tails", self.fit)

    def _answer(self, second: str, rhymes: _Rhymes) -> tuple[str, ...]:
        """Return the other lines of a verse: the second rhymes with the fourth, or the last two rhyme if it is long."""
        if count(second) > _LONG - _TAIL:
            return (second, *self.verse())
        kind = self._of_verse()
        one, fourth = self._couplet(_Kind((second,), rhymes), kind)
        return one, self.verse(one)[0], fourth

    def _couplet(self, one: _Kind, two: _Kind, unlike: str = "") -> Couplet:
        avoided = rhyme_key(unlike)
        groups = [(tails, two.tails[key]) for key, tails in one.tails.items() if key in two.tails and key != avoided]
        rich = [group for group in groups if self._is_rich(group)]
        firsts, seconds = self.draw.choices(rich or groups, [len(group[0]) for group in rich or groups])[0]
        fit = [end for end in self._fresh(firsts) if any(_fits(start, end) for start in one.heads)]
        tail = self.draw.choice(fit or firsts)
        head = self.draw.choice([head for head in self._fresh(one.heads) if _fits(head, tail)] or list(one.heads))
        fresh = self._fresh(seconds)
        other = self.draw.choice([end for end in fresh if _last(end) != _last(tail)] or fresh)
        left = [start for start in self._fresh(two.heads) if start != head and _fits(start, other)]
        second = self.draw.choice(left or list(two.heads))
        self.used |= {tail, other, head, second}
        return one.join(head, tail), two.join(second, other)

    def _is_rich(self, group: tuple[Sequence[str], Sequence[str]]) -> bool:
        """Whether two last words of a rhyme are left, as there are in one that the song has not used."""
        if self.used.isdisjoint(group[0]):
            return True
        return len({_last(tail) for tails in group for tail in self._fresh(tails)}) > 1

    def _fresh(self, halves: Iterable[str]) -> list[str]:
        """Return the halves that are not used yet; all of them if hardly any is left."""
        every = list(halves)
        left = [half for half in every if half not in self.used]
        return left if len({_last(half) for half in left}) > 1 else every


def is_occasion(theme: str) -> bool:
    """Whether a theme is an occasion, such as a birthday, to which the whole song keeps."""
    return bool(read_data("lyrics/halves.toml")[theme].get("occasion", False))


def is_of_two(theme: str) -> bool:
    """Whether one of a couple sings in an occasion's songs, unless guests do."""
    return bool(read_data("lyrics/halves.toml")[theme].get("of_two", False))


def _fits(head: str, tail: str) -> bool:
    """Whether a head and a tail have no word in common but small ones."""
    return (
        not any(len(word) > _SHORT for word in set(head.split()) & set(tail.split())) and _last(head) != tail.split()[0]
    )


@cache
def _size(opening: str) -> int:
    """Return the syllables of a first line without its subject."""
    return count(opening.replace("{np}", ""))


def _last(half: str) -> str:
    return half[half.rfind(" ") + 1 :]  # without a list: all halves are looked at


@cache
def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for row in split_lines(text) for item in row.split(",") if item.strip())


def _listed(table: str, name: str) -> tuple[str, ...]:
    return _items(read_data("lyrics/halves.toml")[table][name])


@cache
def _fitting(table: str, name: str, fit: Fit) -> tuple[str, ...]:
    """Return the halves of a table that fit a song."""
    return tuple(filter(fit.allows, _listed(table, name)))


@cache
def _family(name: str, fit: Fit) -> tuple[str, ...]:
    """Return the heads of a family of genres that fit a song, if it has any."""
    return tuple(filter(fit.allows, families()[name]["family"].get("heads", ())))


@cache
def _of_theme(theme: str, fit: Fit) -> _Rhymes:
    """Return the tails for lines of a theme that fit a song, by their rhyme."""
    row = read_data("lyrics/halves.toml")[theme]
    shared = "occasion" if is_occasion(theme) else "any"
    return _by_rhyme(filter(fit.allows, (*_listed(shared, "tails"), *_items(row.get("places", "")))))


@cache
def _rhyming(table: str, name: str, fit: Fit) -> _Rhymes:
    """Return the tails of a table that fit a song, by their rhyme."""
    return _by_rhyme(_fitting(table, name, fit))


def _by_rhyme(tails: Iterable[str]) -> _Rhymes:
    """Return tails by their rhyme; each rhyme has at least two last words."""
    groups: dict[str, list[str]] = {}
    for tail in tails:
        groups.setdefault(rhyme_key(tail), []).append(tail)
    return {key: tuple(tails) for key, tails in groups.items() if len({_last(tail) for tail in tails}) > 1}
