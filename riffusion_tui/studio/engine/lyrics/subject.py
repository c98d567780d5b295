"""A subject as it can be sung: `a distant lover` is called, `leaving home` is done, `the sea` is sung about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from riffusion_tui.studio.engine.lyrics.syllables import count
from riffusion_tui.studio.engine.understand.tables import read_table, split_words

_LONGEST = 8
"""Syllables of a subject that a line can hold."""
_ARTICLES = ("a", "an", "the", "some")
_OWNED = ("my", "your", "our", "his", "her", "their")
_SMALL = frozenset(
    ["a", "an", "the", "of", "to", "in", "on", "at", "and", "or", "but", "for", "from", "with", "by", "as"]
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a song is about, ready for a line."""

    kind: str
    """person, gerund or thing."""
    phrase: str
    """With the article it needs inside a sentence: `the old lighthouse`, `summer rain`, `my mother`."""
    call: str
    """As one calls it: `distant lover`."""

    @property
    def title(self) -> str:
        """`Distant Lover`."""
        words = self.call.split()
        return " ".join(
            word if place and word in _SMALL else word[:1].upper() + word[1:] for place, word in enumerate(words)
        )


def as_sung(subject: str) -> Subject | None:
    """Bring a subject of the prompt into a form that fits a line; None when it cannot be sung as it stands."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", subject)
    kept: list[str] = []
    for word in words:
        if word.lower() in _list("stops") and kept:
            break
        kept.append(word)
    if not kept or kept[0].lower() in _list("too_vague") or len(kept) > 6:
        return None
    lead = kept[0].lower()
    core = kept[1:] if lead in _ARTICLES else kept
    if (
        not core
        or core[-1].lower() in _list("adjectives")
        or count(" ".join(core)) > _LONGEST
        or not all(word.isascii() for word in core)
    ):
        return None
    plain = " ".join(_lowered(word) for word in core)
    if core[0].lower().endswith("ing") and len(core[0]) > 5 and lead not in _ARTICLES:
        return Subject("gerund", plain, plain)
    kind = _kind(core)
    return Subject(kind, _with_article(kind, lead, core, plain), plain)


def _kind(core: list[str]) -> str:
    head = next(
        (
            core[place - 1]
            for place, word in enumerate(core)
            if word.lower() in ("of", "in", "on", "at", "from") and place
        ),
        core[-1],
    )
    return (
        "person"
        if head.lower() in _list("person") and core[0].lower() not in ("lost", "love", "young", "first", *_OWNED)
        else "thing"
    )


def _with_article(kind: str, lead: str, core: list[str], plain: str) -> str:
    if lead in _ARTICLES:
        return f"my {plain}" if kind == "person" and lead != "the" else f"the {plain}"
    head = core[-1].lower()
    bare = (
        head in _list("no_article")
        or lead in _OWNED
        or (head.endswith("s") and not head.endswith("ss"))
        or core[0][:1].isupper()
    )
    return plain if bare or len(core) > 1 else f"the {plain}"


def _lowered(word: str) -> str:
    return word if word[:1].isupper() and not word.isupper() else word.lower()


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(split_words(read_table("lyrics/choice.toml")["subject"][name]))
