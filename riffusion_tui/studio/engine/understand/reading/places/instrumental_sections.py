"""Sections in which nobody sings: `an instrumental bridge`, `the chorus is instrumental`; the others are sung."""

from __future__ import annotations

from riffusion_tui.studio.engine.structure_hints import SUNG_KINDS
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.places import IN, Place, section_before
from riffusion_tui.studio.engine.understand.words.tokens import Token, sentence_of

_NEGATIONS = frozenset({"no", "without", "not"})


def with_instrumental_sections(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, with no voice in such sections instead of in the whole song."""
    for at, token in enumerate(tokens):
        if token.norm != "instrumental" or (at and tokens[at - 1].norm in _NEGATIONS):
            continue
        place = _place(tokens, at)
        if place is not None:
            rests = Mention("vocal", "voice", token.typed, at, at, sentence_of(tokens, at), negated=True, place=place)
            mentions = [one for one in mentions if not (one.kind == "vocal" and one.at <= at <= one.last)]
            mentions.append(rests)
    return mentions


def _place(tokens: tuple[Token, ...], at: int) -> Place | None:
    """Return the section that is instrumental, if it would be sung."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and not after.gap and tables.sections().get(after.norm) in SUNG_KINDS:
        return Place(IN, (tables.sections()[after.norm],), at)
    before = section_before(tokens, at)
    return Place(IN, (before,), at) if before is not None and before.split()[0] in SUNG_KINDS else None
