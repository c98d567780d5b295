"""Sounds and people of a song's story: `about bells`, `my piano teacher`, `he drinks alone`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.neighbors import follows, start_of_clause
from riffusion_tui.studio.engine.understand.words.tokens import Token

_GENRES = frozenset({"genre", "flavour"})
_SOUNDS = _GENRES | {"instrument", "vocal"}


def without_subject_sounds(
    tokens: tuple[Token, ...], mentions: list[Mention], subject: frozenset[int]
) -> list[Mention]:
    """Return the mentions without such players and genres, which are neither wanted nor excluded."""
    story: set[int] = set()
    kept: list[Mention] = []
    for one in mentions:
        inside = one.at in subject and _is_of_the_story(tokens, one, min(subject))
        if inside or _is_joined(tokens, one, story):
            story.add(one.last)
        elif not _is_about_an_instrument(tokens, one, subject):
            kept.append(one)
    return kept


def _is_about_an_instrument(tokens: tuple[Token, ...], one: Mention, subject: frozenset[int]) -> bool:
    """Whether it is an instrument that is the subject itself, or names a person: `about bells`, `my piano teacher`."""
    if one.kind != "instrument" or one.negated:
        return False
    of_a_person = follows(tokens, one.last + 1, context_words("of an instrument"))
    return of_a_person or _is_the_subject(tokens, one, subject)


def _is_the_subject(tokens: tuple[Token, ...], one: Mention, subject: frozenset[int]) -> bool:
    """Whether only words such as `my old` are between `about` and the instrument; others may end the subject."""
    first = min(subject, default=0)
    if one.at not in subject or not first or tokens[first - 1].norm != "about":
        return False
    return {token.norm for token in tokens[first : one.at]} <= context_words("before a subject's noun")


def _is_joined(tokens: tuple[Token, ...], one: Mention, story: set[int]) -> bool:
    """Whether `and` joins a sound to one of the story, and nothing follows: `who hates the blues and bass`."""
    at = one.at - 1
    at -= tokens[at].norm == "the"
    joined = one.kind in _SOUNDS and tokens[at].norm in ("and", "or") and at - 1 in story
    return joined and all(token.begins_phrase for token in tokens[one.last + 1 : one.last + 2])


def _is_of_the_story(tokens: tuple[Token, ...], one: Mention, first: int) -> bool:
    """Whether a sound is what somebody in the subject, which begins at `first`, does, has or lacks."""
    if one.kind in _GENRES:
        return _is_in_a_relative_clause(tokens, one, first)
    if one.kind == "vocal":
        return one.negated and _is_in_a_relative_clause(tokens, one, first)
    return one.kind == "instrument" and (
        _is_in_a_relative_clause(tokens, one, first) or _is_a_thing_in_it(tokens, one, first)
    )


def _is_in_a_relative_clause(tokens: tuple[Token, ...], one: Mention, first: int) -> bool:
    """Whether at most a verb is between a pronoun such as `who` and the sound; after more, the subject may be over.

    So it is if a noun of music follows: `a girl who left rock song`.
    """
    pronouns = [at for at in range(first, one.at) if tokens[at].norm in context_words("relative pronouns")]
    of_music = [token.norm in context_words("music nouns") for token in tokens[one.at + 1 : one.last + 2]]
    if not pronouns or any(of_music):
        return False
    between = [token.norm for token in tokens[pronouns[-1] + 1 : one.at]]
    if between[-1:] == ["no"]:
        return not context_words("having").isdisjoint(between)
    beside = context_words("beside a story's verb") | context_words("playing")
    return sum(word not in beside for word in between) <= 1


def _is_a_thing_in_it(tokens: tuple[Token, ...], one: Mention, first: int) -> bool:
    """Whether it has an article and nobody plays on it: `the day the drums stopped`; not `love without the drums`."""
    at = one.at
    while at > first and tokens[at - 1].norm in context_words("before a subject's noun"):
        at -= 1
    if at in (one.at, first) or tokens[at - 1].norm == "on":
        return False
    lacked = tokens[first].norm in context_words("before a subject's noun") and tokens[at].norm != "the"
    return lacked if tokens[at - 1].norm == "without" else True


def without_lonely_people(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without `alone` where it is about a person who makes no music."""
    return [one for one in mentions if not (one.meaning == "only these" and _is_of_a_person(tokens, one))]


def _is_of_a_person(tokens: tuple[Token, ...], hint: Mention) -> bool:
    clause = {token.norm for token in tokens[start_of_clause(tokens, hint.at) : hint.at]}
    alone = tokens[hint.last].norm == "alone" and not clause & context_words("performing")
    return alone and bool(clause & context_words("lonely people"))
