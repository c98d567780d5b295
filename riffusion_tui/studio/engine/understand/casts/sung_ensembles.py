"""Ensembles of singers, and who accompanies them: `barbershop quartet`, `male quartet with piano`."""

from __future__ import annotations

from dataclasses import dataclass

from riffusion_tui.studio.engine.instrument_groups import GROUP, UNPITCHED
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import ensemble_words, joined, leader_of, played_in
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.reading.about import subject_places
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.gender import persons
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.neighbors import before_all

_TWO = 2


@dataclass(frozen=True, slots=True)
class Ensemble:
    """An ensemble of the prompt, and the tokens `first` to `last` (inclusive) that name it."""

    players: tuple[str, ...]
    first: int
    last: int
    sung: bool = False
    """Whether it consists of singers, whom its players accompany."""


def has_both(reading: Reading) -> bool:
    """Whether a man and a woman are to sing."""
    return {"male", "female"} <= {one.meaning for one in (*persons(reading), *reading.positive("vocal"))}


def is_beside_a_singer(reading: Reading, at: int) -> bool:
    """Whether a singer is the other one of a duo: `female and piano duet`."""
    joined_to = at > 1 and reading.tokens[at - 1].norm in ("and", "with")
    return joined_to and any(one.last == at - 2 for one in reading.positive("vocal", "gender"))


def accompanying_players(reading: Reading, group: Ensemble) -> Ensemble:
    """Return what accompanies a duo that sings: the named instruments, or the first usual one."""
    named = {mention.meaning for mention in played_in(reading)}
    players = tuple(name for name in dict.fromkeys(group.players) if name in named) or group.players[:1]
    return Ensemble(players, group.first, group.last)


def sung_ensemble(reading: Reading, at: int, size: int) -> Ensemble | None:
    """Return an ensemble of voices, and what accompanies it: `barbershop quartet`, `male quartet with piano`."""
    kind = reading.tokens[at - 1].norm if at else ""
    played = played_in(reading)
    sung = kind in ensemble_words("sung") or kind in ensemble_words("of one gender")
    if not sung or (played and not _accompanied_by(reading, at, played)) or (size == _TWO and not played):
        return None
    first = before_all(reading.tokens, at, ensemble_words("singing"))
    singers = (GROUP,) if size > _TWO else ()
    plain = any(is_plain_guitar(one) for one in played) and not reading.positive("genre")
    players = dict.fromkeys("acoustic guitar" if plain and "guitar" in one.meaning else one.meaning for one in played)
    return Ensemble((*singers, *players), first, at, sung=True)


def _accompanied_by(reading: Reading, at: int, played: list[Mention]) -> bool:
    """Whether one or two instruments after `with` or `and` accompany singers: `male quartet with piano`."""
    following = [token.norm for token in reading.tokens[at + 1 : at + 2]]
    soft = all(tables.instruments()[one.meaning].family not in UNPITCHED for one in played)
    larger = any(token.norm in ensemble_words("larger") for token in reading.tokens)
    return following in (["with"], ["and"]) and len(played) <= _TWO and soft and not larger


def ensemble_sings(reading: Reading, at: int) -> bool:
    """Whether the ensemble sings: `a female vocal trio`, `a duet of male singers`; a plain `duet` does."""
    if at and not reading.tokens[at].gap:
        if leader_of(reading, at)[1:] != ("", ""):
            return False
        if reading.tokens[at - 1].norm in ensemble_words("sung"):
            return True
    around = (reading.tokens[place].norm for place in _around(reading, at))
    return not ensemble_words("singing").isdisjoint(around) or _is_a_sung_duet(reading, at)


def _around(reading: Reading, at: int) -> range:
    """Return the places of the words near token `at` in its phrase, without those of who accompanies the ensemble."""
    first, last = max(0, at - 2), min(at + 3, len(reading.tokens) - 1)
    gaps = [place for place in range(first + 1, last + 1) if reading.tokens[place].begins_phrase]
    apart = [place for place in range(at + 1, last + 1) if reading.tokens[place].norm in ensemble_words("beside")]
    first = max([first, *(place for place in gaps if place <= at)])
    return range(first, min([last + 1, *(place for place in (*gaps, *apart) if place > at)]))


def _is_a_sung_duet(reading: Reading, at: int) -> bool:
    """Whether the ensemble is a duet, and no instruments are its players: `a duet with piano`."""
    if not reading.tokens[at].norm.startswith("due"):
        return False
    played = {mention.meaning for mention in played_in(reading)}
    following = reading.tokens[at + 1 : at + 2]
    accompanied = len(played) == 1 and bool(following) and following[0].norm == "with"
    both = len({mention.meaning for mention in persons(reading)}) > 1
    about = bool(subject_places(reading.text, reading.tokens))  # `a duet about whiskey with fiddle and pedal steel`
    about = about and not any(joined(reading, at, one.at) for one in played_in(reading))
    return not played or accompanied or both or about
