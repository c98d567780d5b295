"""Manners of singing that only some sections are to have: `whispered verses`, `screaming in the chorus`."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import SUNG_KINDS
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.places import IN, place_at
from riffusion_tui.studio.engine.understand.words.tokens import Token


def changes_manner(made: Plan, reading: Reading) -> bool:
    """Whether a kind of section is to be sung in a manner of its own: `whispered verses`, `screaming in the chorus`.

    A clean one is the usual, except in metal.
    """
    if _mixes_manners(reading):
        return True
    found = {kind: manner for kind, manner in _manners_of_sections(reading) if kind in SUNG_KINDS}
    if len(found) > 1:
        return len(set(found.values())) > 1
    usual = "" if tables.genres()[made.genre].family == "metal" else "clean"
    return any(manner != usual for manner in found.values())


def _mixes_manners(reading: Reading) -> bool:
    """Whether the vocals are both clean and not: `clean and harsh vocals`."""
    norms = reading.norms
    for at, word in enumerate(norms[:-3]):
        pair = {word, norms[at + 2]} if norms[at + 1] in ("and", "mixed") else set[str]()
        others = pair - {"clean"}
        sung = norms[at + 3 : at + 4] in (["vocals"], ["singing"], ["voices"])
        if "clean" in pair and sung and others <= context_words("ways of singing"):
            return True
    return False


def _manners_of_sections(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield kinds of sections, each with the manner of singing that the prompt wants in it."""
    manners = dict.fromkeys(context_words("clean in a section"), "clean")
    manners |= dict.fromkeys(context_words("rapped in a section"), "rapped")
    manners |= {word: word for word in context_words("other manners of a section")} | tables.manners()
    refused = positions(one for one in reading.placed if one.negated)
    for at, token in enumerate(reading.tokens):
        manner = manners.get(token.norm)
        if manner is not None and at not in refused:
            yield from ((kind, manner) for kind in _sections_at(reading.tokens, at))


def _sections_at(words: tuple[Token, ...], at: int) -> Iterator[str]:
    """Yield the kinds of sections that the manner at a token is for: `spoken verses`, `the chorus is rapped`."""
    sections = tables.sections()
    before, after = [one.norm for one in words[max(0, at - 2) : at]], words[at + 1 : at + 2]
    if before and not words[at].gap and before[-1] in sections and all(one.gap for one in after):
        yield sections[before[-1]]  # `verses spoken, chorus sung`
    elif not after:
        return
    elif not after[0].gap and after[0].norm in sections:
        yield sections[after[0].norm]
    elif before[1:] in (["is"], ["are"]) and not words[at].gap and before[0] in sections:
        yield sections[before[0]]
    else:
        sung = not after[0].gap and after[0].norm in context_words("singing nouns asked for")
        place = place_at(words, at + 1 + sung)
        if place is not None and place.how == IN:
            yield from (name.split()[0] for name in place.sections)
