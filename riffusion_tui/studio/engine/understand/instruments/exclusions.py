"""Reads what a prompt excludes or wants softer, as keys and families of `instruments.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.instrument_groups import GROUP, MACHINES
from riffusion_tui.studio.engine.structure_hints import ALL_BUT, KIT, LEVEL, PLACED, UNSUNG_KINDS
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import folded, is_a_solo
from riffusion_tui.studio.engine.understand.instruments.only_these import unaccompanied
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.reading.negations.softer import LOUDER, SOFTER
from riffusion_tui.studio.engine.understand.reading.places.placed_mentions import BAND
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.neighbors import follows
from riffusion_tui.studio.engine.understand.words.places import ALONE, ONLY, THROUGH, UNTIL
from riffusion_tui.studio.engine.understand.words.spelling import correct

_SUNG = ("vocal", "gender")
_MADE_BY_MACHINES = ("vocoder", "vocal chops", "electronic noises")
_KIT = frozenset({"kick", "snare", "hi-hats"})
"""Parts of a drum kit: without all of these, there are no drums."""


def excluded(reading: Reading, requested: tuple[str, ...], players: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the excluded names and families: `no guitar` means all guitars, `no drums` all percussion.

    A family with a named member stays: `no drums, just a shaker` excludes drums but not percussion. An exact cast,
    `players`, has no drums but its own.
    """
    names: dict[str, None] = {}
    table = tables.instruments()
    if players and not any(n in table and table[n].family in ("drums", "percussion") for n in players):
        names.update(dict.fromkeys(("drums", "percussion")))
    for mention in exclusions(reading):
        names.update(dict.fromkeys(excluded_by(reading, mention)))
    if any(one.meaning == "electronic" for one in reading.negative("production", "genre", "flavour")):
        names.update(dict.fromkeys((*_kinds()["electronics"], *sorted(MACHINES), *_MADE_BY_MACHINES)))
    if unaccompanied(reading):
        names.update(dict.fromkeys(("drums", "percussion", "bass")))
    if names.keys() >= _KIT:
        names.update(dict.fromkeys(("drums", "percussion")))
    return tuple(dict.fromkeys(one for name in names for one in _without(name, requested)))


def kit_hint(reading: Reading) -> Iterator[str]:
    """Yield the hint about the parts that a drum kit has in an exact cast: `only a kick and hats`.

    There is none if the prompt names the drums, or says nothing like `only`: `jazz trio, swinging ride`.
    """
    only = any(one.meaning == "only these" for one in reading.positive("structure"))
    if not only and not any(token.norm in context_words("nobody but") for token in reading.tokens):
        return
    pieces = read_data("cast.toml")["pieces"]
    basses = {one.at for one in reading.positive("instrument") if one.meaning == "bass"}  # `organ bass drums`
    played = [one for one in reading.positive("instrument") if one.at not in basses]
    drums = [one for one in played if one.meaning in ("drums", "drum machine")]
    named = dict.fromkeys(name for one in drums for name in _parts_of(reading, one))
    if named and named.keys() <= pieces.keys():
        yield f"{KIT}{', '.join(named)}"


def _parts_of(reading: Reading, mention: Mention) -> tuple[str, ...]:
    """Return the parts of the kit that a mention names: `kick and snare`."""
    covered = excluded_by(reading, mention)
    words = [token.norm for token in reading.tokens[mention.at : mention.last + 1] if token.norm != "and"]
    each = [_kinds().get(word, (mention.meaning,)) for word in words]
    return covered if covered != (mention.meaning,) else tuple(name for names in each for name in names)


def names_at_level(reading: Reading, level: str) -> tuple[str, ...]:
    """Return the names and families that are to be softer or louder, `vocals` among them.

    `less guitar` means all guitars.
    """
    return tuple(dict.fromkeys(name for mention in reading.positive(level) for name in excluded_by(reading, mention)))


def placed_hints(reading: Reading, *, given: bool = False) -> Iterator[str]:
    """Yield the hints about who rests in some sections of the song; `given` lyrics decide themselves where to sing."""
    for mention in reading.placed:
        place = mention.place
        if place is None or not place.sections or not is_of_players(reading, mention) or sings_in_none(mention):
            continue
        if enters_too_late(mention):
            continue
        group = mention.meaning == GROUP and not mention.negated
        names = _kinds()["choir"] if group else excluded_by(reading, mention)
        names = (_all_but_who_begins(reading, mention),) if mention.kind == BAND else names
        for name in ("vocals",) if mention.kind in _SUNG else names:
            if not (given and name == "vocals" and place.how != ALONE):
                yield f"{PLACED}{place}: {name}"


def level_hints(reading: Reading) -> Iterator[str]:
    """Yield the hints about who is softer or louder in some sections of the song."""
    for mention in reading.placed:
        if mention.kind in (SOFTER, LOUDER):
            for name in excluded_by(reading, mention):
                yield f"{LEVEL}{mention.kind} {mention.place}: {name}"


def _all_but_who_begins(reading: Reading, band: Mention) -> str:
    """Return who joins: all but the instruments that the prompt names before the band, else but the chords."""
    placed = {one.at for one in reading.placed}
    first = [one for one in reading.positive("instrument") if one.at < band.at and one.at not in placed]
    names = dict.fromkeys(name for one in first for name in excluded_by(reading, one))
    sung = [one.word.lower() for one in reading.positive("vocal") if one.at < band.at]
    if any("cappella" in word for word in sung):
        names = {"vocals": None}
    return f"{ALL_BUT}{', '.join(names) or 'chords'}"


def sings_in_none(mention: Mention) -> bool:
    """Whether it wants somebody to sing only where nobody does: `vocals only in the intro`."""
    place = mention.place
    if place is None or not place.sections or place.how not in (ONLY, ALONE) or mention.kind not in _SUNG:
        return False
    return all(section.split()[0] in UNSUNG_KINDS for section in place.sections)


def enters_too_late(mention: Mention) -> bool:
    """Whether it wants somebody to sing from the ending on, in which nobody does: `the choir joins at the end`."""
    place = mention.place
    late = place is not None and place.how in (UNTIL, THROUGH) and not {*place.sections} - {"ending"}
    return late and not mention.negated and mention.kind in _SUNG and bool(place and place.sections)


def is_of_players(reading: Reading, mention: Mention) -> bool:
    """Whether a mention with a place is about players: not `no guitar solo in the bridge`, `no growls in verses`."""
    if mention.kind not in _SUNG:
        return mention.kind in ("instrument", "avoid", BAND) and not is_a_solo(mention)
    words = {token.norm for token in reading.tokens[max(0, mention.at - 1) : mention.last + 1]}
    return not mention.negated or words.isdisjoint(context_words("ways of singing"))


def without_less(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return what must not play in a part of the song, in which `less drums` means none."""
    there = {mention.at for mention in reading.positive("instrument", "vocal")}
    less = [mention for mention in reading.positive(SOFTER) if mention.at not in there]
    names = (*excluded(reading, requested), *(name for mention in less for name in excluded_by(reading, mention)))
    return tuple(dict.fromkeys(names))


def exclusions(reading: Reading) -> list[Mention]:
    """Return the mentions of what must not play; `no guitar solos` excludes no guitars."""
    mentions = [*reading.negative("instrument"), *reading.positive("avoid")]
    return [one for one in mentions if not is_a_solo(one) and not _before_solo(reading, one)]


def _before_solo(reading: Reading, mention: Mention) -> bool:
    return follows(reading.tokens, mention.last + 1, ("solo", "solos"))


def excluded_by(reading: Reading, mention: Mention) -> tuple[str, ...]:
    """Return the names and families that an exclusion covers: `no kick` only that of the kit."""
    whole = mention.kind == "avoid" or mention.meaning == "percussion"
    typed = " ".join(token.norm for token in reading.tokens[mention.at : mention.last + 1])
    word = ("drums" if mention.meaning == "percussion" else mention.meaning) if whole else typed
    spelled = " ".join(correct(part) or part for part in word.split())
    return _kinds()[word] if word in _kinds() else _kinds().get(spelled, (mention.meaning,))


def _without(name: str, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return an excluded name without the named instruments: a family with named members becomes its other members."""
    if name in requested:
        return ()
    table = tables.instruments()
    if name == "drums" or all(table[one].family != name for one in requested):
        return (name,)
    others = (one for one, row in table.items() if row.family == name and one not in requested)
    return () if name == "percussion" else tuple(one for one in others if tables.is_meant(one, name))


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    """Return the families or names that a word for a kind of instruments covers."""
    rows = read_data("lexicon/avoided.toml").items()
    return {
        folded(word): split_words(row["takes"]) for name, row in rows for word in (name, *split_words(row["typed"]))
    }
