"""Turns a subject into words for a line: `a distant lover` is a person, `leaving home` a gerund, `the sea` a thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics.syllables import count
from riffusion_tui.studio.engine.understand.tables import split_words

_MAX_SYLLABLES = 8
"""Syllables of a subject that fit into a line."""
_ARTICLES = ("a", "an", "the", "some")
_OWNED = ("my", "your", "our", "his", "her", "their")
_JOINTS = ("of", "in", "on", "at", "from")
_SMALL = frozenset(
    ["a", "an", "the", "of", "to", "in", "on", "at", "and", "or", "but", "for", "from", "with", "by", "as"]
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a song is about, ready for a line."""

    kind: str
    """person, gerund or thing."""
    phrase: str
    """With the article that a sentence needs: `the old lighthouse`, `summer rain`, `my mother`."""
    call: str
    """As a form of address and in the title: `distant lover`."""

    @property
    def title(self) -> str:
        """`Distant Lover`."""
        words = self.call.split()
        return " ".join(
            word if place and word in _SMALL else word[:1].upper() + word[1:] for place, word in enumerate(words)
        )


def as_sung(subject: str) -> Subject | None:
    """Return the prompt's subject in a form that fits a line; None if that is not possible."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", subject)
    kept = _first_phrase([word for word in words if not any(map(str.isdigit, word))])
    if not kept or len(kept) > 6 or kept[0].lower() in _list("too_vague"):
        return None
    lead = kept[0].lower()
    core = kept[1:] if lead in _ARTICLES else kept
    plain = " ".join(_lowered(word) for word in core)
    if not plain.strip() or count(plain) > _MAX_SYLLABLES or not plain.isascii():
        return None
    if lead not in _ARTICLES and _is_doing(core):
        return Subject("gerund", plain, plain)
    if core[-1].lower() in _list("adjectives") or (len(core) == 1 and core[0].lower() in _list("vague_alone")):
        return None
    if _is_person(core):
        return Subject(
            "person", f"my {plain}" if lead in ("a", "an") else f"{lead} {plain}" if core != kept else plain, plain
        )
    return Subject(
        "thing", _with_article(lead, core, plain), f"the {plain}" if lead == "the" and len(core) == 1 else plain
    )


def _first_phrase(words: list[str]) -> list[str]:
    """Return the words before a `who`, `with` or `and`."""
    ends = (place for place, word in enumerate(words) if place and word.lower() in _list("stops"))
    return words[: next(ends, len(words))]


def _is_doing(core: list[str]) -> bool:
    """Whether it is a gerund: `leaving home`, `never giving up`; not `morning`."""
    verb = core[1] if core[0].lower() in ("never", "always", "not") and len(core) > 1 else core[0]
    alone = len(core) == 1 and verb.lower() == "being"
    return len(verb) > 4 and verb.lower().endswith("ing") and verb.lower() not in _list("no_gerund") and not alone


def _is_person(core: list[str]) -> bool:
    places = (place for place, word in enumerate(core) if place and word.lower() in _JOINTS)
    head = core[next(places, len(core)) - 1]
    return head.lower() in _list("person") and core[0].lower() not in ("lost", "love", "young", "first", *_OWNED)


def _with_article(lead: str, core: list[str], plain: str) -> str:
    """Return it with its article: `a broken heart`, `the sea`, `summer rain`, `the lighthouse` for `lighthouse`."""
    if lead in _ARTICLES:
        return f"{lead} {plain}"
    head = core[-1].lower()
    plural = head.endswith("s") and not head.endswith("ss")
    bare = plural or len(core) > 1 or head in _list("no_article") or core[0][:1].isupper()
    return plain if bare else f"the {plain}"


def _lowered(word: str) -> str:
    return word if word[:1].isupper() and not word.isupper() else word.lower()


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(split_words(read_data("lyrics/choice.toml")["subject"][name]))
