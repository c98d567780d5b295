"""Orchestras and quartets without one of their sections: `orchestral piece without strings`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.mention import Mention

_ORCHESTRAL = "symphonic"
"""The genre that `orchestra` means if its strings are excluded and the prompt names no other genre."""


def without_excluded_sections(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions, without instruments that a name of an ensemble or genre implies and the prompt excludes."""
    return list(_kept(mentions))


def _kept(mentions: list[Mention]) -> Iterator[Mention]:
    excluded = {one.meaning for one in mentions if one.kind == "instrument" and one.negated}
    genres = {one.at for one in mentions if one.kind == "genre" and not one.negated}
    for one in mentions:
        if one.kind != "instrument" or one.negated or one.meaning not in excluded:
            yield one
        elif not genres and _is_an_orchestra(one):
            yield replace(one, kind="genre", meaning=_ORCHESTRAL)
        elif one.at not in genres and not _is_an_orchestra(one):
            yield one


def _is_an_orchestra(mention: Mention) -> bool:
    return not tables.word_set("ensembles", "concert", "orchestra").isdisjoint(mention.word.lower().split())
