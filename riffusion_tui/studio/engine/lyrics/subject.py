"""Turns a subject into words for a line: `a distant lover` is a person, `leaving home` a gerund, `the sea` a thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.lyrics.syllables import count
from riffusion_tui.studio.engine.understand.words.tables import word_lists
from riffusion_tui.studio.engine.understand.words.tokens import POSSESSIVE

_MAX_SYLLABLES, _MAX_WORDS = 8, 6
"""Size of a subject that fits into a line."""
_PRONOUNS = frozenset({"i", "we", "you", "he", "she", "they"})
"""What a clause is about: `the time I got lost`, `everything I said`."""
_MAX_SECOND = 3
"""Words of a noun after `and`."""
_MAX_REST = 10
"""Syllables of the rest of it, which has a line of its own."""
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
    """person, gerund, clause or thing."""
    phrase: str
    """With the article that a sentence needs: `the old lighthouse`, `summer rain`, `my mother`."""
    call: str
    """As a form of address and in the title: `distant lover`."""
    name: str = ""
    """How to address it: `Emma`, `Rex` for `my dog Rex`, `sister` for `my sister's wedding`; empty for a thing."""
    rest: str = ""
    """What follows in the prompt, for a line of its own: `knocking over a vase`, `who lost his crown`."""

    @property
    def title(self) -> str:
        """`Distant Lover`."""
        return titled(self.call)

    @property
    def known(self) -> str:
        """The phrase once the song has named it: `that closed bakery` for `a closed bakery`."""
        return re.sub(r"^an? ", "that ", self.phrase)

    @property
    def is_spouse(self) -> bool:
        """Whether one of a couple sings to the other: `my wife Maria`."""
        return not _list("spouses").isdisjoint(self.phrase.lower().split())


def titled(words: str) -> str:
    """Return words as a title: `King of Fools`."""
    return " ".join(
        word if place and word in _SMALL else word[:1].upper() + word[1:] for place, word in enumerate(words.split())
    )


def as_sung(subject: str, *, named: bool = False) -> Subject | None:
    """Return the prompt's subject in a form that fits a line; None if that is not possible.

    Args:
        subject: the prompt's words; names may follow a comma.
        named: whether they are somebody whom the song is for.
    """
    plain, _, names = subject.replace(",", " " if named else ",").partition(",")
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", plain.replace("&", " and "))
    kept = [_as_name(word) if named else word for word in words if not any(map(str.isdigit, word))]
    for size in _sizes(kept):
        found = _phrase(kept[:size], named=named)
        if found is not None:
            rest = _rest(kept[size:]) or (names.strip() if count(names) <= _MAX_REST else "")
            return Subject(*found, _name(kept[:size], found, named=named), rest)
    return None


def _sizes(words: list[str]) -> Iterator[int]:
    """Yield how many words may be sung in one line: those before a `who` or `with`, else before a preposition."""
    clause = _is_clause(words)
    ends = (place for place in range(1, len(words)) if not clause and _ends(words, place))
    first = next(ends, len(words))
    yield first
    if first > _MAX_WORDS or count(" ".join(words[:first])) > _MAX_SYLLABLES:
        last = 0 if _is_doing(words) else 1
        places = [place for place in range(first - 1, last, -1) if _may_end(words, place)]
        yield from (place for place in places if _is_doing([words[place]]))
        yield from places


def _ends(words: list[str], place: int) -> bool:
    """Whether a phrase ends before the word at `place`; not in `Ann and Marco`, `war and peace`, `leaving with Ann`."""
    before, word, after = words[place - 1], words[place].lower(), words[place + 1 :]
    if word == "with" and place == 1 and after:
        return not _is_doing(words)
    if word != "and" or not after:
        return word in _list("stops")
    pair = (before, after[0])
    names = all(one[:1].isupper() for one in pair) or all(one.lower() in _list("person") for one in pair)
    return not (names or _joins_nouns(words, after))


def _joins_nouns(words: list[str], after: list[str]) -> bool:
    """Whether an `and` joins two nouns that fit into one line: `a knight and a dragon`; not `Ann and her garden`."""
    short = len(after) <= _MAX_SECOND and count(" ".join(words)) <= _MAX_SYLLABLES
    others = _list("stops") | _list("prepositions") | _list("too_vague") | {"her", "his", "their"}
    return short and not (_is_doing(words) or _is_doing(after) or others & {word.lower() for word in after})


def _may_end(words: list[str], place: int) -> bool:
    """Whether a long phrase may be cut before the word at `place`: a preposition, or a gerund after a noun."""
    before, word = words[place - 1].lower(), words[place].lower()
    bare = before in _list("adjectives") and _PRONOUNS.isdisjoint(one.lower() for one in words[:place])
    loose = bare or before in (*_SMALL, *_ARTICLES, *_OWNED)
    return not loose and (word in _list("prepositions") or _is_doing([word]))


def _rest(words: list[str]) -> str:
    """Return what follows the subject, if it can be sung as a line of its own; a long one ends before a preposition."""
    if not words or not (words[0].lower() in _list("continues") or _is_doing(words)):
        return ""
    ends = (place for place in range(len(words), 1, -1) if place == len(words) or _may_end(words, place))
    parts = (" ".join(_lowered(word) for word in words[:place]) for place in ends)
    return next((part for part in parts if count(part) <= _MAX_REST and _is_latin(part)), "")


def _phrase(kept: list[str], *, named: bool) -> tuple[str, str, str] | None:
    """Return the kind, the phrase and the call of a subject of these words; None if it can't be sung."""
    if not kept or len(kept) > _MAX_WORDS:
        return None
    lead = kept[0].lower()
    clause = _is_clause(kept)
    if lead in _list("too_vague") and not (named or clause):
        return None
    core = kept[1:] if lead in _ARTICLES else kept
    plain = " ".join(_lowered(word) for word in core)
    if not plain.strip() or count(plain) > _MAX_SYLLABLES or not _is_latin(plain):
        return None
    if named and lead not in _OWNED:
        return "person", plain, plain
    if clause:
        return "clause", plain, plain
    if lead not in _ARTICLES and _is_doing(core):
        return "gerund", plain, plain
    return _noun_phrase(lead, core, plain)


def _noun_phrase(lead: str, core: list[str], plain: str) -> tuple[str, str, str] | None:
    """Return the same of a person or a thing; None if it is too vague."""
    has_pronoun = not _PRONOUNS.isdisjoint(one.lower() for one in core)
    bare = core[-1].lower() in _list("adjectives") and not has_pronoun
    if bare or (len(core) == 1 and core[0].lower() in _list("vague_alone")):
        return None
    if not _is_person(core):
        whole = lead == "the" and (len(core) == 1 or has_pronoun)
        return "thing", _with_article(lead, core, plain), f"the {plain}" if whole else plain
    if lead in ("a", "an"):
        return "person", f"my {plain}", plain
    return "person", f"{lead} {plain}" if lead in _ARTICLES else plain, plain


def _name(kept: list[str], found: tuple[str, str, str], *, named: bool) -> str:
    """Return how to address the subject, or whose occasion it is; empty if it is no person or animal."""
    kind, _, call = found
    if kept[0].lower() not in _OWNED:
        return call if kind == "person" else ""
    owner = next((place for place, word in enumerate(kept) if POSSESSIVE.search(word)), None)
    if owner is not None and kept[-1].lower() not in _list("occasions"):
        return ""
    who = [POSSESSIVE.sub("", word) for word in kept[: len(kept) if owner is None else owner + 1]]
    first = next((place for place, word in enumerate(who) if place and word[:1].isupper()), None)
    if first is not None and named:
        return " ".join(who[first:])
    if who[-1].lower() not in _list("person") | {*word_lists("names")["kin"]}:
        return " ".join(map(_lowered, who)) if named else ""
    return " ".join(map(_lowered, who[who[-1].lower() in _list("addressed") :]))


def _is_doing(core: list[str]) -> bool:
    """Whether it is a gerund: `leaving home`, `never giving up`; not `morning`."""
    verb = core[1] if core[0].lower() in ("never", "always", "not") and len(core) > 1 else core[0]
    alone = len(core) == 1 and verb.lower() == "being"
    return len(verb) > 4 and verb.lower().endswith("ing") and verb.lower() not in _list("no_gerund") and not alone


def _is_clause(words: list[str]) -> bool:
    """Whether it is a clause: `how we met`, `what happened`, `things I never said`; not `how`."""
    if len(words) < 2:
        return False
    lead, second = (word.lower() for word in words[:2])
    return lead in _list("clauses") or (lead in (*_list("too_vague"), "all") and second in _PRONOUNS)


def _is_person(core: list[str]) -> bool:
    places = (place for place, word in enumerate(core) if place and word.lower() in _JOINTS)
    head = core[next(places, len(core)) - 1]
    if any(POSSESSIVE.search(word) for word in core[:-1]):
        return False
    return head.lower() in _list("person") and core[0].lower() not in ("lost", "love", "young", "first", *_OWNED)


def _with_article(lead: str, core: list[str], plain: str) -> str:
    """Return it with its article: `a broken heart`, `the sea`, `summer rain`, `the lighthouse` for `lighthouse`."""
    if lead in _ARTICLES:
        return f"{lead} {plain}"
    head = core[-1].lower()
    plural = head.endswith("s") and not head.endswith("ss")
    bare = plural or len(core) > 1 or head in _list("no_article") or core[0][:1].isupper()
    return plain if bare else f"the {plain}"


def _is_latin(text: str) -> bool:
    """Whether all letters are Latin ones, with or without accents: `Zoë`."""
    return all(letter.isascii() or unicodedata.name(letter, "").startswith("LATIN") or letter == "’" for letter in text)


def _as_name(word: str) -> str:
    """Return a word of a name: with a capital if it is a name in any letters, `ANNA` or `anna`."""
    lower = word.lower()
    if lower in {*word_lists("names")["kin"], *word_lists("names")["owners"], "and"}:
        return lower
    known = lower in {*word_lists("names")["common"], *word_lists("names")["given"]}
    return word.capitalize() if known or (word.isupper() and len(word) > 1) else word


def _lowered(word: str) -> str:
    if word in ("My", "Our", "Your", "A", "An", "The", "His", "Her", "Their"):
        return word.lower()
    if re.match(r"i(?!\w)", word, re.IGNORECASE):
        return word.capitalize()
    return word if word[:1].isupper() and not word.isupper() else word.lower()


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(split_words(read_data("lyrics/choice.toml")["subject"][name]))
