"""Lines of two halves, a head that says something and a tail that rhymes, so that two songs rarely share a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import families
from riffusion_tui.studio.engine.lyrics.rhymes import rhyme_key
from riffusion_tui.studio.engine.lyrics.syllables import count

Couplet = tuple[str, str]
_JOINED = re.compile(r"(?:and|but|or|I|though) ")
"""A tail that a comma separates from its head."""
_HOOK = range(6, 12)
"""Syllables of a hook."""
_TRIES = 12
_SHORT = 3
"""Letters of words that a line may have twice."""


@dataclass(slots=True)
class Halves:
    """Joins halves for one song, none of them twice while others are left."""

    draw: Random
    theme: str
    family: str
    used: set[str] = field(default_factory=set)
    """The halves that the song has so far."""

    def verse(self, unlike: str = "") -> Couplet:
        """Return a couplet for a verse, which does not rhyme with the line `unlike`."""
        heads = self._heads("heads") if is_occasion(self.theme) else (*self._heads("heads"), *_family(self.family))
        return self._couplet(heads, heads, unlike)

    def chorus(self) -> Couplet:
        """Return the couplet that answers the hook."""
        rises = self._heads("rises")
        return self._couplet(rises, rises)

    def leading(self, name: str) -> Couplet:
        """Return a couplet for a pre-chorus (`leaning`) or a bridge (`looking_back`)."""
        heads = self._heads("heads")
        return self._couplet(heads if is_occasion(self.theme) else _listed(name, "heads"), heads)

    def about(self, rest: str) -> Couplet:
        """Return a couplet about the subject, named as `{np}` in its first line; the second begins with its `rest`."""
        if is_occasion(self.theme):
            own = "openings" in read_data("lyrics/halves.toml")[self.theme]
            openings = _listed(self.theme if own else "occasion", "openings")
            return self._couplet(openings, (rest,) if rest else self._heads("heads"), rhymes=_of_openings())
        asides = (rest,) if rest else _listed("subject", "asides")
        return self._couplet(_listed("subject", "openings"), asides, rhymes=_rhyming("subject"))

    def title(self) -> tuple[str, str] | None:
        """Return a title and its hook; None if none was found that is short enough."""
        names = read_data("lyrics/halves.toml")["titles"]
        nouns = self._heads("nouns")
        for _ in range(_TRIES):
            kind = self.draw.choice(("bare", "owned"))
            shape = self.draw.choice(_items(names[kind]))
            adjective, noun = self.draw.choice(_items(names["adjectives"])), self.draw.choice(nouns)
            found = shape.replace("{a}", adjective).replace("{n}", noun)
            hooks = [row.replace("{t}", found) for row in _rows(names[f"{kind}_hooks"])]
            short = [hook for hook in hooks if count(hook) in _HOOK]
            if short and adjective not in noun.split():
                return _titled(found), self.draw.choice(short)
        return None

    def _heads(self, name: str) -> tuple[str, ...]:
        return _listed(self.theme, name)

    def _couplet(
        self,
        firsts: Sequence[str],
        seconds: Sequence[str],
        unlike: str = "",
        rhymes: dict[str, tuple[str, ...]] | None = None,
    ) -> Couplet:
        avoided = rhyme_key(unlike)
        groups = [tails for key, tails in (rhymes or _rhyming(self.theme)).items() if key != avoided]
        rich = [tails for tails in groups if len({_last(tail) for tail in self._fresh(tails)}) > 1] or groups
        tails = self._fresh(self.draw.choices(rich, [len(group) for group in rich])[0])
        one = self.draw.choice(tails)
        two = self.draw.choice([tail for tail in tails if _last(tail) != _last(one)] or tails)
        first = self.draw.choice([head for head in self._fresh(firsts) if _fits(head, one)])
        others = [head for head in self._fresh(seconds) if head != first and _fits(head, two)]
        second = self.draw.choice(others or list(seconds))
        self.used |= {one, two, first, second}
        return _joined(first, one), _joined(second, two)

    def _fresh(self, halves: Iterable[str]) -> list[str]:
        """Return the halves that are not used yet; all of them if hardly any is left."""
        every = list(halves)
        left = [half for half in every if half not in self.used]
        return left if len({_last(half) for half in left}) > 1 else every


def is_occasion(theme: str) -> bool:
    """Whether a theme is an occasion, such as a birthday, to which the whole song keeps."""
    return bool(read_data("lyrics/halves.toml")[theme].get("occasion", False))


def _joined(head: str, tail: str) -> str:
    return f"{head}, {tail}" if _JOINED.match(tail) else f"{head} {tail}"


def _fits(head: str, tail: str) -> bool:
    """Whether a head and a tail have no word in common but small ones."""
    return (
        not any(len(word) > _SHORT for word in set(head.split()) & set(tail.split())) and _last(head) != tail.split()[0]
    )


def _last(half: str) -> str:
    return half.split()[-1]


def _titled(name: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in name.split())


def _rows(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@cache
def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for row in _rows(text) for item in row.split(",") if item.strip())


def _listed(table: str, name: str) -> tuple[str, ...]:
    return _items(read_data("lyrics/halves.toml")[table][name])


def _family(name: str) -> tuple[str, ...]:
    """Return the heads of a family of genres, if it has any."""
    return tuple(families()[name]["family"].get("heads", ()))


@cache
def _rhyming(theme: str) -> dict[str, tuple[str, ...]]:
    """Return the tails for a theme by their rhyme."""
    row = read_data("lyrics/halves.toml")[theme]
    shared = theme if "tails" in row else "occasion" if is_occasion(theme) else "any"
    return _by_rhyme((*_listed(shared, "tails"), *_items(row.get("places", ""))))


@cache
def _of_openings() -> dict[str, tuple[str, ...]]:
    """Return the tails for first lines about an occasion's subject by their rhyme."""
    return _by_rhyme(_listed("occasion", "opening_tails"))


def _by_rhyme(tails: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return tails by their rhyme; each rhyme has at least two last words."""
    groups: dict[str, list[str]] = {}
    for tail in tails:
        groups.setdefault(rhyme_key(tail), []).append(tail)
    return {key: tuple(tails) for key, tails in groups.items() if len({_last(tail) for tail in tails}) > 1}
