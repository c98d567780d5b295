"""Instruments that are no players, and players whose words alone mean something else.

Strings of a prepared piano and the bass that a tuba plays are none; `vibes` in a list, `acoustic and slide guitars` and
`only bells and wind` are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from riffusion_tui.studio.engine.datafiles import names_by_word, read_data, split_words
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words
from riffusion_tui.studio.engine.understand.words.matching import meaning_of
from riffusion_tui.studio.engine.understand.words.mention import Mention, in_order, positions, positive
from riffusion_tui.studio.engine.understand.words.neighbors import NEAR
from riffusion_tui.studio.engine.understand.words.numbers import ensemble_sizes, numbers
from riffusion_tui.studio.engine.understand.words.tables import instrument_families
from riffusion_tui.studio.engine.understand.words.tokens import Token, phrase, sentence_of, stem

_OTHERS = frozenset({"instrument", "genre", "flavour", "vocal"})
"""What the first word can be besides: `jazz and acoustic guitars` names a genre."""
_CLEAN = "clean"
"""A sound that the band's own guitars can have."""
_LISTED = ("soft", "slash")
_SECTIONS = {"brass": ("brass", "wind"), "strings": ("strings",)}
"""Sections, and the families of their players."""
_BOTH = 2
_NATURE = "nature sounds"


def without_parts(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without an instrument's drone strings, and those after it in which something is done."""
    strung = [
        one.at for one in mentions if one.kind == "instrument" and _family(one) in instrument_families("with strings")
    ]
    parts = {one.at for one in mentions if strung and strung[0] < one.at and _is_a_part(tokens, one)}
    if any(one.kind == "instrument" and phrase(one.meaning) in context("with drone strings") for one in mentions):
        parts |= {at for one in mentions for at in _drone_strings(tokens, one)}
    return [one for one in mentions if one.at not in parts]


def _drone_strings(tokens: tuple[Token, ...], mention: Mention) -> tuple[int, ...]:
    """Return where the strings and the word that says that they drone are, if the mention is such strings."""
    at = mention.at
    named = mention.kind == "instrument" and at == mention.last and at > 0 and not tokens[at].gap
    drones = named and tokens[at - 1].norm in context_words("of drone strings")
    return (at - 1, at) if drones and tokens[at].norm in ("string", "strings") else ()


def _family(mention: Mention) -> str:
    return tables.instruments()[mention.meaning].family


def _is_a_part(tokens: tuple[Token, ...], mention: Mention) -> bool:
    """Whether it is the word `strings` alone, after a preposition of place and an article."""
    before = [token.norm for token in tokens[max(0, mention.at - 2) : mention.at + 1]]
    if mention.kind != "instrument" or before[-1:] != ["strings"] or mention.last > mention.at or len(before) < 3:
        return False
    return before[1] in context_words("whose part") and before[0] in context_words("inside")


def without_played_parts(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without instruments whose names are another player's part."""
    players = positive(mentions, "instrument")
    parts = {one.at for one in players if any(_plays(tokens, other, one) for other in players)}
    return [one for one in mentions if one.kind != "instrument" or one.at not in parts]


def _plays(tokens: tuple[Token, ...], player: Mention, part: Mention) -> bool:
    """Whether `on`, or a verb, and at most an article stand between a player and a part that the player can have."""
    if not 0 < part.at - player.last - 1 <= NEAR:
        return False
    between = tokens[player.last + 1 : part.at]
    words = [token.norm for token in between if token.norm not in ("a", "an", "the")]
    joined = len(words) == 1 and (words[0] == "on" or words[0] in tables.word_set("ensembles", "listed", "verbs"))
    if not joined or any(token.gap for token in tokens[player.last + 1 : part.last + 1]):
        return False
    if tokens[part.last].norm in context_words("riffs"):
        return True
    return part.meaning == "bass" and "bass" in tables.instruments()[player.meaning].roles


def with_shared_nouns(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with an instrument for a word such as `acoustic` that shares the noun of the next one."""
    others = (one for one in mentions if one.kind in _OTHERS or one.meaning == _CLEAN)
    named = positions(others)
    shared = {one.at: one for one in _sharing(tokens, mentions) if one.at not in named}
    if not shared:
        return mentions
    kept = [one for one in mentions if one.at not in shared]
    return in_order((*kept, *shared.values()))


def _sharing(tokens: tuple[Token, ...], mentions: list[Mention]) -> Iterator[Mention]:
    """Yield an instrument for each word before `and` and an instrument in the plural with which it shares the noun."""
    for one in mentions:
        kind, noun = one.at - 2, tokens[one.last].norm
        if one.kind != "instrument" or one.last == one.at or kind < 0 or not noun.endswith("s"):
            continue
        joined = tokens[kind + 1].norm == "and" and not tokens[kind + 1].gap and not tokens[one.at].gap
        name = meaning_of((tokens[kind].norm, stem(noun)), "instrument")
        if joined and name is not None:
            yield replace(one, meaning=name, word=f"{tokens[kind].typed} {tokens[one.last].typed}", at=kind, last=kind)


def without_repeated_leaders(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without the plainer names."""
    played = positive(mentions, "instrument")
    leaders = [one for one in played if _leads_a_list(tokens, one)]
    repeated = {plain.at for leader in leaders for plain in _repeated(played, leader)}
    return [one for one in mentions if one.at not in repeated]


def _leads_a_list(tokens: tuple[Token, ...], one: Mention) -> bool:
    """Whether the size of an ensemble is right after it, and then its players, in brackets or after a colon."""
    after = tokens[one.last + 1 : one.last + 3]
    return len(after) > 1 and after[0].norm in ensemble_sizes() and (after[1].bracket or after[1].colon)


def _repeated(played: list[Mention], leader: Mention) -> list[Mention]:
    """Return the plainer name after a leader, if its own doesn't come again: `soprano sax duo (sax, soprano sax)`."""
    after = [one for one in played if one.at > leader.last]
    if any(one.meaning == leader.meaning for one in after):
        return []
    names = [(one, {one.meaning, one.word.lower()}) for one in after]
    return [one for one, known in names if any(leader.meaning.endswith(f" {name}") for name in known)][:1]


def with_listed_names(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions with those instruments."""
    played = positive(mentions, "instrument")
    sentences = {one.at: one.sentence for one in played} | {one.last: one.sentence for one in played}
    names = names_by_word("lexicon/listed_names.toml", "names")
    found = [
        Mention("instrument", names[token.norm], token.typed, at, at, sentences[beside[0]])
        for at, token in enumerate(tokens)
        if token.norm in names and (beside := _players_beside(tokens, at, played))
    ]
    mentions = [one for one in mentions if not (one.meaning in _SECTIONS and _is_spelled_out(tokens, one, played))]
    return in_order([*mentions, *found]) if found else mentions


def _is_spelled_out(tokens: tuple[Token, ...], section: Mention, played: list[Mention]) -> bool:
    """Whether the players of a section follow: `horns (trumpet, tenor sax)`, `strings: two violins`."""
    after = tokens[section.last + 1 :][:1]
    listed = any(token.bracket or token.colon for token in after)
    first = section.last + 1
    first += listed and tokens[first].norm in numbers()
    starts = {one.at: _family(one) for one in played}
    return listed and starts.get(first) in _SECTIONS[section.meaning]


def _players_beside(tokens: tuple[Token, ...], at: int, played: list[Mention]) -> list[int]:
    """Return the tokens of players on both sides, on one side of an `and`, or after the first word of a list."""
    before, after = {one.last for one in played}, {one.at for one in played}
    joined_before = at > 1 and tokens[at - 1].norm == "and" and not tokens[at].gap
    joined_after = at + 1 < len(tokens) and tokens[at + 1].norm == "and" and not tokens[at + 1].gap
    left = at - 1 - joined_before
    right = at + 1 + joined_after
    found = [left] if left in before and (joined_before or tokens[at].gap in _LISTED) else []
    if right in after and (joined_after or tokens[right].gap in _LISTED):
        found.append(right)
    is_first = right in found and (at == 0 or tokens[at].gap == "hard" or tokens[at].colon)
    joined = (joined_before and left in found) or (joined_after and right in found)
    return found if len(found) == _BOTH or joined or is_first else []


def with_nature_for_hours(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with nature sounds for a scene that a time is of, or that plays with others only."""
    found: list[Mention] = []
    played = positive(mentions, "instrument")
    only = {one.sentence for one in played if _plays_only(tokens, one)}
    for one in mentions:
        found.append(one)
        before = [token.norm for token in tokens[max(0, one.at - 2) : one.at]]
        timed = before[1:] == ["of"] and before[0] in context_words("times") and not tokens[one.at].gap
        listed = one.sentence in only and any(_are_listed(tokens, *in_order((one, other))) for other in played)
        if one.kind == "scene" and (timed or listed) and not one.negated and _sounds(one.word):
            found.append(replace(one, kind="instrument", meaning=_NATURE))
    return found


def _sounds(word: str) -> bool:
    """Whether a word names a sound of nature."""
    rows = read_data("nature.toml")["sounds"].values()
    return any(part in word.lower() for row in rows for part in split_words(row))


def _plays_only(tokens: tuple[Token, ...], player: Mention) -> bool:
    """Whether the sentence says `only` or the like."""
    return any(
        token.norm in context_words("only") and sentence_of(tokens, at) == player.sentence
        for at, token in enumerate(tokens)
    )


def _are_listed(tokens: tuple[Token, ...], first: Mention, second: Mention) -> bool:
    """Whether `and` or a comma joins two mentions: `bells and wind`."""
    if second.at == first.last + 1:
        return tokens[second.at].gap == "soft"
    return second.at == first.last + 2 and tokens[first.last + 1].norm in ("and", "plus")
