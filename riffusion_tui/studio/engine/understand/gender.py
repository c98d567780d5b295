"""The singer's gender: taken from the noun, not from the possessive before it: `his daughter sings` is female."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.lexicon import context_words
from riffusion_tui.studio.engine.understand.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.tokens import singulars
from riffusion_tui.studio.engine.understand.topic import subject

_PRONOUNS = frozenset({"he", "she", "his", "her", "him", "hers", "hes", "shes", "himself", "herself"})
_OWNERS = frozenset({"his", "her", "my", "your", "our", "their", "whose"})
_BEFORE = _OWNERS | {"the", "a", "an", "and", "or", "by", "of"}
_DUOS = frozenset({"duo", "duos"})
_COUPLES = ("husband and wife", "brother and sister", "father and daughter", "mother and son")
_MAX_DISTANCE = 4
"""Words between `her son` and `sings`, at most."""


def persons(reading: Reading) -> list[Mention]:
    """Return mentions of men and women, without possessors: `her` in `her son`, `a man whose wife`."""
    nouns = {mention.at for mention in reading.positive("gender") if mention.word.lower() not in _PRONOUNS}
    nouns |= {mention.at for mention in _named(reading)}
    return [one for one in reading.positive("gender") if not (_owns(reading, one, nouns) or _is_for(reading, one))]


def _is_for(reading: Reading, mention: Mention) -> bool:
    """Whether the song is for this one: `für meine Frau`, `para mi abuela`."""
    before = reading.tokens[max(0, mention.at - 2) : mention.at]
    return any(token.norm in context_words("dedicated") for token in before)


def is_duo_of_both(reading: Reading) -> bool:
    """Whether a duo is a man and a woman, who sing: `acoustic duo, male and female`, `a husband and wife duo`."""
    if not any(token.norm in _DUOS for token in reading.tokens):
        return False
    about = subject(reading)
    named = {one.meaning for one in (*persons(reading), *reading.positive("vocal")) if one.word not in about}
    married = any(pair in " ".join(token.norm for token in reading.tokens) for pair in _COUPLES)
    return married or {"male", "female"} <= named


def relatives(reading: Reading, voices: list[Mention]) -> set[str]:
    """Return the genders of relatives that one of `voices` belongs to: `sung by her son`."""
    named = _named(reading)
    nouns = {mention.at for mention in [*named, *reading.positive("gender")]}
    singers = [mention for mention in named if not _owns(reading, mention, nouns)]
    return {mention.meaning for mention in singers if any(_sings(reading, mention, voice) for voice in voices)}


def _named(reading: Reading) -> list[Mention]:
    """Return the relatives (`daughter`) that are not voices in the lexicon."""
    taken = {
        at
        for mention in reading.mentions
        if mention.kind in ("gender", "genre")
        for at in range(mention.at, mention.last + 1)
    }
    about, found, sentence = subject(reading), [], 0
    for at, token in enumerate(reading.tokens):
        sentence += token.gap == "hard"
        for meaning in ("male", "female"):
            known = not context_words(f"{meaning} relatives").isdisjoint(singulars(token.norm))
            if known and at not in taken and token.typed not in about and _is_somebodys(reading, at):
                found.append(Mention("gender", meaning, token.typed, at, at, sentence))
    return found


def _is_somebodys(reading: Reading, at: int) -> bool:
    """Whether it is a relative (`his daughter`, `the king's youngest daughter`), not the genre son."""
    return any(token.norm in _BEFORE or _is_owner(token.typed) for token in reading.tokens[max(0, at - 2) : at])


def _is_owner(typed: str) -> bool:
    return typed.lower().endswith(("'s", "\N{RIGHT SINGLE QUOTATION MARK}s"))


def _owns(reading: Reading, mention: Mention, nouns: set[int]) -> bool:
    """Whether this one's relative follows: directly, or after one word (`her youngest son`)."""
    tokens, first = reading.tokens, mention.last + 1
    if tokens[first : first + 1] and tokens[first].norm == "whose":
        first += 1
    elif tokens[mention.last].norm not in _OWNERS and not _is_owner(tokens[mention.last].typed):
        return False
    between = _BEFORE | context_words("place prepositions")
    for at in range(first, min(first + 2, len(tokens))):
        if tokens[at].gap or tokens[at].norm in between:
            return False
        if at in nouns:
            return True
    return False


def _sings(reading: Reading, mention: Mention, voice: Mention) -> bool:
    """Whether a voice is this relative's: `her son raps`, `voice of her son`. A voice with its own gender is not."""
    tokens = reading.tokens
    if voice.at > mention.last:
        between = tokens[mention.last + 1 : voice.at + 1]
        return (
            voice.meaning not in ("male", "female")
            and len(between) <= _MAX_DISTANCE
            and not any(one.gap for one in between)
        )
    between = tokens[voice.last + 1 : mention.at + 1]
    by = {one.norm for one in between[:2]} & {"by", "of"}
    return bool(by) and len(between) <= _MAX_DISTANCE + 3 and not any(one.gap for one in between)
