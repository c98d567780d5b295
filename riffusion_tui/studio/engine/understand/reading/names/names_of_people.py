"""Names of people and animals, which describe no music: `song for Viola and Marco`, `my dog Banjo`; and greetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from riffusion_tui.studio.engine.understand.words.lexicon import context_words, lexicon, name_phrases, name_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.neighbors import FAR, NEAR, follows
from riffusion_tui.studio.engine.understand.words.tokens import POSSESSIVE, Token, normalize, owns, singulars

_SHORT = 3
"""Letters of words that are small in any title."""
_PLAYERS = frozenset({"instrument", "vocal", "production"})
_SOUNDS = frozenset({"genre", "instrument", "flavour", "gender", "vocal", "production", "absent avoid"})
_SIGNATURE = 2
"""Names at the end of a message, at most."""


class _Class(Enum):
    """What a word may be, by itself."""

    NONE = auto()
    UNKNOWN = auto()
    """It has a capital or is a common name, and the lexicon does not have it."""
    GIVEN = auto()
    """A given name that also means something else."""
    KNOWN = auto()
    """A word of the lexicon with a capital."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A prompt's words, and what each may be."""

    tokens: tuple[Token, ...]
    classes: tuple[_Class, ...]
    kinds: tuple[frozenset[str], ...]
    """The kinds of senses that each has by itself."""
    varied: bool
    """Whether ordinary words have small letters, so that a capital means something."""


def names_in(
    tokens: tuple[Token, ...], matches: tuple[Match, ...], taken: frozenset[int] = frozenset()
) -> tuple[range, ...]:
    """Return the positions of names, in order; names joined by `and` are one range.

    A name has a capital, and a word before or after it that only a name has there. A word of music is one only if it is
    also a given name, or if its place leaves no doubt: `Mr. Rock`, `my dog Banjo`.

    Args:
        tokens: the prompt's.
        matches: the lexicon's phrases in it; the words of longer ones are no names.
        taken: positions that belong to something else, a title.
    """
    words = _words_of(tokens, matches, taken)
    found: list[range] = []
    for at in range(len(tokens)):
        if not found or at >= found[-1].stop:
            group = _named_at(words, at)
            if not group:
                continue
            whole = _with_names_before(words, group, found[-1].stop if found else 0)
            if found and whole.start == found[-1].stop + 1 and _joins(words, found[-1].stop):
                whole = range(found.pop().start, whole.stop)
            found.append(whole)
    return tuple(found)


def may_name(tokens: tuple[Token, ...]) -> bool:
    """Whether a prompt may have names: without capitals, common ones only, or if it says so (`named`)."""
    known = name_words("naming") | name_words("common")
    return any(token.typed[:1].isupper() or not known.isdisjoint((token.norm, _bare(token))) for token in tokens)


def _words_of(tokens: tuple[Token, ...], matches: tuple[Match, ...], taken: frozenset[int]) -> _Words:
    phrases = [one for one in matches if one.last > one.first and not one.has("shadow")]
    in_phrases = taken | {at for one in phrases for at in one.span}
    kinds = tuple(_kinds(token) for token in tokens)
    classes = [_Class.NONE if at in in_phrases else _class(token, kinds[at]) for at, token in enumerate(tokens)]
    for at, token in enumerate(tokens[:-1]):
        if token.typed.istitle() and token.norm in name_words("titles") and classes[at + 1] is not _Class.NONE:
            classes[at] = _Class.UNKNOWN  # the title is part of the name
    for one, joint, other in zip(range(len(tokens)), range(1, len(tokens)), range(2, len(tokens)), strict=False):
        pair = {classes[one], classes[other]} == {_Class.UNKNOWN, _Class.NONE} and tokens[joint].norm == "and"
        if pair and {_bare(tokens[one]), _bare(tokens[other])} & name_words("given"):
            classes[one], classes[other] = _Class.UNKNOWN, _Class.UNKNOWN  # `tom and lisa`
    plain = (token for token in tokens if len(token.typed) > _SHORT and token.norm not in name_words("small in titles"))
    return _Words(tokens, tuple(classes), kinds, any(token.typed.islower() for token in plain))


def _class(token: Token, kinds: frozenset[str]) -> _Class:
    bare = _bare(token)
    if bare in name_words("common") and bare not in name_words("given"):
        return _Class.UNKNOWN
    if not token.typed[:1].isupper() or not bare.isalpha() or len(bare) == 1:
        return _Class.NONE
    if bare in name_words("given"):
        return _Class.GIVEN
    stop = (
        context_words("stop") | name_words("joints") | name_words("kin") | name_words("titles") | name_words("no names")
    )
    if {token.norm, bare} & stop:
        return _Class.NONE
    return _Class.KNOWN if kinds else _Class.UNKNOWN


def _kinds(token: Token) -> frozenset[str]:
    rows = (lexicon().phrases.get(form, {}).get("", ()) for form in singulars(_bare(token)))
    return frozenset(kind for row in rows for _, senses in row for kind, _ in senses)


def _bare(token: Token) -> str:
    """Return a word, normalized, without its possessive ending."""
    return normalize(POSSESSIVE.sub("", token.typed)) if owns(token.typed) else token.norm


def _named_at(words: _Words, at: int) -> range:
    """Return the names that begin at `at`; an empty range if none does."""
    tokens = words.tokens
    if words.classes[at] is _Class.NONE or _is_of_music(words, at) or signs_a_message(tokens, at):
        return range(at, at + _is_a_pet_in_small_letters(words, at))
    if _is_announced(words, at):
        titled = tokens[at - 1].norm in name_words("titles")
        return range(at - titled, _run(words, at).stop)
    if _owns_an_occasion(words, at) or _does_what_people_do(words, at) or _is_a_player(words, at):
        return range(at, at + 1)
    if words.classes[at] is not _Class.KNOWN and (precedes_a_greeting(tokens, at) or ends_a_greeting(tokens, at)):
        return range(at, at + 1)
    if not at or tokens[at].gap not in ("", "soft"):
        return range(0)
    if greeted(tokens, at) and words.classes[at] is not _Class.KNOWN:
        return _listed(words, at)
    return _listed(words, at) if not tokens[at].gap and _is_for_people(words, at) else range(0)


def _is_of_music(words: _Words, at: int) -> bool:
    """Whether the next word shows that it is no name: `Dorian mode`."""
    return follows(words.tokens, at + 1, name_words("of music"))


def _is_announced(words: _Words, at: int) -> bool:
    """Whether a title, a relative, an animal or `named` precedes: `Mr. Rock`, `my dog Banjo`, `a cat called Jazz`."""
    tokens, known = words.tokens, words.classes[at] is _Class.KNOWN
    if not at or tokens[at].gap:
        return False
    before = tokens[at - 1]
    if before.norm in name_words("naming"):
        someone = any(token.norm in name_words("kin") for token in tokens[max(0, at - 5) : at - 1])
        return someone if known else someone or words.varied
    if before.norm in name_words("titles"):
        return True
    if before.norm not in name_words("kin"):
        return False
    owned = at > 1 and tokens[at - 2].norm in name_words("owners") and not before.gap
    return not known or (owned and words.varied)


def _is_a_pet_in_small_letters(words: _Words, at: int) -> bool:
    """Whether it is named although it has no capital: `a dog named banjo`."""
    before = [token.norm for token in words.tokens[max(0, at - 2) : at]]
    named = len(before) > 1 and before[0] in name_words("kin") and before[1] in name_words("naming")
    return named and not words.tokens[at].gap


def _run(words: _Words, at: int) -> range:
    """Return a name with those after it: `Rock Hudson`."""
    last = at
    while last + 1 < len(words.tokens) and not words.tokens[last + 1].gap and not owns(words.tokens[last].typed):
        kind = words.classes[last + 1]
        if kind is _Class.NONE or (kind is _Class.KNOWN and not words.varied):
            break
        last += 1
    return range(at, last + 1)


def _owns_an_occasion(words: _Words, at: int) -> bool:
    """Whether it is somebody's: `Viola's 30th birthday`."""
    if not owns(words.tokens[at].typed):
        return False
    for token in words.tokens[at + 1 : at + 1 + NEAR]:
        if token.gap or token.norm in name_words("of music"):
            return False
        if token.norm in name_words("occasions"):
            return True
    return False


def _does_what_people_do(words: _Words, at: int) -> bool:
    """Whether a person's deed follows: `Viola turns 30`, `Carol is turning 30`."""
    following = [token.norm for token in words.tokens[at + 1 : at + 3]]
    following = following[1:] if following[:1] in (["is"], ["just"]) else following
    return words.classes[at] is not _Class.KNOWN and following[:1] != [] and following[0] in name_words("deeds")


def _is_a_player(words: _Words, at: int) -> bool:
    """Whether a person's instrument follows what may be one, too: `Tom on sax`, `Viola plays drums`, `Tom (bass)`."""
    if words.classes[at] is not _Class.GIVEN or "instrument" not in words.kinds[at]:
        return False
    following = words.tokens[at + 1 : at + 4]
    if any(token.bracket or token.colon for token in following[:1]):
        return not _PLAYERS.isdisjoint(words.kinds[at + 1])
    articles = len(following) > 1 and following[1].norm in name_words("owners")
    played = following[1 + articles :][:1]
    if not played or any(token.gap for token in following[: 2 + articles]):
        return False
    return following[0].norm in name_words("playing") and not _PLAYERS.isdisjoint(words.kinds[at + 2 + articles])


def _is_for_people(words: _Words, at: int) -> bool:
    """Whether `for` or the like precedes, and what is for them is no piece for players."""
    tokens = words.tokens
    if tokens[at - 1].norm not in name_words("for"):
        return False
    before: list[str] = []
    for place in range(at - 2, max(-1, at - 2 - FAR), -1):
        before.append(tokens[place].norm)
        if tokens[place + 1].gap == "hard":
            return False
    people = not name_words("before people").isdisjoint(before)
    if tokens[at - 1].norm in name_words("for people") and not people:
        return False
    if tokens[at - 1].norm == "from" and words.classes[at] is not _Class.GIVEN:
        return False
    players = not name_words("before players").isdisjoint(before)
    return _are_people(words, at, doubtful=players and not people, lone=not (people or players))


def _are_people(words: _Words, at: int, *, doubtful: bool, lone: bool) -> bool:
    """Whether a list names people, not instruments.

    Args:
        words: the prompt's.
        at: where the list begins.
        doubtful: whether it may well name players.
        lone: whether nothing says what is for them.
    """
    places = _listed(words, at)
    classes = [words.classes[place] for place in places]
    kinds = [words.kinds[place] for place in places]
    if any(one is _Class.KNOWN and kind & _PLAYERS for one, kind in zip(classes, kinds, strict=True)):
        return False
    if _Class.UNKNOWN in classes:
        return True
    given = [kind for one, kind in zip(classes, kinds, strict=True) if one is _Class.GIVEN]
    sure = [kind for kind in given if not kind or kind & _SOUNDS]
    if lone and any("instrument" in kind for kind in sure):
        return words.varied
    return bool(sure or (given and words.varied)) and not doubtful


def _listed(words: _Words, at: int) -> range:
    """Return the names that `and` joins, from `at` on: `Sofia and Marco`, `Emma, Viola and Rex`."""
    group = _run(words, at)
    ahead = group.stop
    while ahead < len(words.tokens):
        joined = words.tokens[ahead].norm in name_words("joints")
        first = ahead + 1 if joined else ahead
        listed = joined or words.tokens[ahead].gap == "soft"
        if not listed or first >= len(words.tokens) or words.classes[first] is _Class.NONE:
            break
        if words.tokens[first].gap == "hard" or owns(words.tokens[group.stop - 1].typed):
            break
        run = _run(words, first)
        ahead = run.stop
        group = range(at, ahead) if joined else group
        if joined:
            break
    return group


def _joins(words: _Words, at: int) -> bool:
    """Whether the word at `at` is an `and` without commas around it."""
    return words.tokens[at].norm in name_words("joints") and not (words.tokens[at].gap or words.tokens[at + 1].gap)


def _with_names_before(words: _Words, group: range, after: int) -> range:
    """Return names with one that `and` joins before them: `Harper and Jack's wedding`."""
    joint = group.start - 1
    if joint <= after or not _joins(words, joint) or words.classes[joint - 1] in (_Class.NONE, _Class.KNOWN):
        return group
    first = joint - 1
    while first > after and not words.tokens[first].gap and words.classes[first - 1] in (_Class.UNKNOWN, _Class.GIVEN):
        first -= 1
    return range(first, group.stop)


def precedes_a_greeting(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a comma and a greeting follow: `Carol, happy birthday`."""
    after = tokens[at + 1 : at + 4]
    comma = bool(after) and after[0].gap == "soft" and (not at or tokens[at].begins_phrase)
    norms = tuple(token.norm for token in after)
    return comma and any(len(one) > 1 and norms[: len(one)] == one for one in name_phrases("greetings"))


def ends_a_greeting(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether it stands between a sentence that begins with a greeting, and its end: `good luck at school, Sarah!`."""
    if tokens[at].gap != "soft" or (at + 1 < len(tokens) and not tokens[at + 1].gap):
        return False
    first = next((place for place in range(at - 1, 0, -1) if tokens[place].gap == "hard"), 0)
    norms = tuple(token.norm for token in tokens[first:at])
    return any(norms[: len(one)] == one for one in name_phrases("greetings"))


def greeted(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a greeting precedes: `happy birthday`, `happy 50th birthday`."""
    if not at or tokens[at].gap not in ("", "soft"):
        return False
    before = [token for token in tokens[max(0, at - FAR) : at] if not token.typed[:1].isdigit()]
    return any(_ends_with(before, greeting) for greeting in name_phrases("greetings"))


def _ends_with(tokens: Sequence[Token], words: tuple[str, ...]) -> bool:
    return tuple(token.norm for token in tokens[-len(words) :]) == words


def signs_a_message(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether it ends a message: `We need a waltz. Thanks a lot, Jonas`; a song's words can be `Thank you, Jonas`."""
    first = next((place for place in range(at, 0, -1) if tokens[place].gap == "hard"), 0)
    return 0 < first < at and at >= len(tokens) - _SIGNATURE and tokens[first].norm in name_words("closings")
