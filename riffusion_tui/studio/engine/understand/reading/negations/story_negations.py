"""Negations that exclude nobody: of a story, a comparison or a manner (`I never learned it`, `shouted, not sung`)."""

from __future__ import annotations

from itertools import pairwise

from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.matching import Match, within
from riffusion_tui.studio.engine.understand.words.neighbors import after_all
from riffusion_tui.studio.engine.understand.words.tokens import Token

_RELATIVE = frozenset({"who", "whom", "whose"})
_BEFORE_A_SOUND = frozenset({"the", "any", "all"})
_SOUNDS = frozenset({"instrument", "vocal", "genre", "absent avoid"})
_SUNG = frozenset({"sung", "singing"})


def story_negations(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> frozenset[int]:
    """Return the first positions of the negations among the matches that exclude nothing."""
    found = {one.first for one in matches if _is_another_manner(tokens, one)}
    cues = [one for one in matches if not one.has("shadow") and _negates(tokens, one)]
    for before, cue in zip([None, *cues], cues, strict=False):
        of_life = _is_of_life(tokens, matches, cue) or _follows_a_person_of_the_lyrics(tokens, cue)
        if of_life or _compares(tokens, cue) or _is_a_story(tokens, matches, cue):
            found.add(cue.first)
        elif before is not None and _cancels(tokens, matches, before, cue):
            found.update((before.first, cue.first))
    return frozenset(found)


def _is_another_manner(tokens: tuple[Token, ...], match: Match) -> bool:
    """Whether somebody does not sing, but says the words in another way: `shouted, not sung`."""
    if (
        match.first == 0
        or tokens[match.first].norm not in ("not", "rather", "never")
        or tokens[match.first].gap == "hard"
    ):
        return False
    manner = tokens[match.first - 1].norm
    phrase = [token.norm for token in tokens[match.first : match.last + 2]]
    lists = ("other than singing", "ways of singing", "spoken instead")
    return any(manner in context_words(name) for name in lists) and not _SUNG.isdisjoint(phrase)


def without_story_negations(
    tokens: tuple[Token, ...], matches: tuple[Match, ...]
) -> tuple[tuple[Match, ...], frozenset[int]]:
    """Return the matches without such negations, and the positions of these.

    Of a phrase that says more, such as `no one sings`, the rest stays.
    """
    firsts = story_negations(tokens, matches)
    kept: list[Match] = []
    for one in matches:
        if one.first not in firsts:
            kept.append(one)
        elif not one.has("negation"):
            kept.extend(other for other in within(tokens, one) if not other.has("negation"))
    spent = {at for one in matches if one.first in firsts for at in one.span}
    return tuple(kept), frozenset(spent)


def _negates(tokens: tuple[Token, ...], one: Match) -> bool:
    cue = one.has("negation") or tokens[one.last].norm in context_words("forbidding")
    return cue or (one.meaning("vocal") == "none" and _nobody(tokens, one) > 0)


def _is_of_life(tokens: tuple[Token, ...], matches: tuple[Match, ...], cue: Match) -> bool:
    """Whether it is about no sound: `hold the line`, `I hate mondays`, `a town where drums are forbidden`."""
    if tokens[cue.last].norm in context_words("forbidding"):
        clause = range(cue.first)
        first = next((at for at in reversed(clause) if tokens[at].begins_phrase), 0)
        return any(tokens[at].norm == "about" for at in range(first, cue.first))
    if not {tokens[cue.first].norm, tokens[cue.last].norm} & context_words("excluding a sound"):
        return False
    at = after_all(tokens, cue.last + 1, _BEFORE_A_SOUND)
    return not any(one.first == at and one.has(*_SOUNDS) for one in matches)


def _nobody(tokens: tuple[Token, ...], cue: Match) -> int:
    """Return how many words say `nobody` at the start of a match."""
    words = [token.norm for token in tokens[cue.first : cue.first + 2]]
    return 1 if words[0] in ("nobody", "noone") else 2 * (words == ["no", "one"])


def _clause(tokens: tuple[Token, ...], at: int) -> range:
    """Return the positions from `at` to the end of its clause."""
    end = at
    while end < len(tokens) and (end == at or not tokens[end].begins_phrase):
        end += 1
    return range(at, end)


def _compares(tokens: tuple[Token, ...], cue: Match) -> bool:
    """Whether somebody is unequalled: `nobody plays the drums like you`, `never sang as she did`."""
    if not _nobody(tokens, cue) and tokens[cue.first].norm != "never":
        return False
    words = [tokens[at].norm for at in _clause(tokens, cue.first)]
    pairs = pairwise(words)
    return any(first in ("like", "as", "than") and second in context_words("persons") for first, second in pairs)


def _is_a_story(tokens: tuple[Token, ...], matches: tuple[Match, ...], cue: Match) -> bool:
    """Whether the verb after it has to do with no music: `nobody knows the piano player`, `I never learned it`."""
    people = _nobody(tokens, cue)
    subject = tokens[cue.first - 1].norm if cue.first and not tokens[cue.first].gap else ""
    of_a_person = subject in context_words("people in a story")
    if not people and not (of_a_person and tokens[cue.first].norm in context_words("negated helpers")):
        return False
    at = after_all(tokens, cue.first + (people or 1), context_words("after nobody"))
    if at >= len(tokens) or tokens[at].begins_phrase:
        return False
    word = tokens[at].norm
    musical = word in context_words("stop") | context_words("playing") | context_words("verbs of wishes")
    return not musical and all(one.first != at for one in matches if not one.has("shadow"))


def _follows_a_person_of_the_lyrics(tokens: tuple[Token, ...], cue: Match) -> bool:
    """Whether it is about somebody the song is about: `a song about a girl who never sings`."""
    at = cue.first - 1
    if at < 0 or tokens[cue.first].gap or tokens[at].norm not in _RELATIVE:
        return False
    while at > 0 and not tokens[at].begins_phrase:
        at -= 1
        if tokens[at].norm == "about":
            return True
    return False


def _cancels(tokens: tuple[Token, ...], matches: tuple[Match, ...], before: Match, cue: Match) -> bool:
    """Whether `without` undoes another negation: `not a day goes by without a guitar`."""
    if tokens[cue.first].norm != "without" or cue.first not in _clause(tokens, before.first):
        return False
    between = [one for one in matches if before.last < one.first < cue.first]
    return not any(one.has("instrument", "vocal", "genre", "avoid") for one in between)
