"""Ensembles by their size: `string quartet`, `trio for three flutes`, `barbershop trio`, `male quartet with piano`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.datafiles import split_words
from riffusion_tui.studio.engine.instrument_groups import GROUP, UNPITCHED
from riffusion_tui.studio.engine.understand.casts.counted import counts, recounted
from riffusion_tui.studio.engine.understand.casts.player_list import names_only_players
from riffusion_tui.studio.engine.understand.casts.stand_ins import unknown_partner
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import (
    MACHINE_FAMILIES,
    ensemble_words,
    is_beside,
    joined,
    leader_of,
    played_in,
    plays_in,
    small_group,
    standard_for,
    standard_players,
    usual_players,
)
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.instruments.named_instruments import named_in
from riffusion_tui.studio.engine.understand.reading.about import subject_places
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.gender import is_duo_of_both, persons
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import before_all
from riffusion_tui.studio.engine.understand.words.numbers import ensemble_sizes
from riffusion_tui.studio.engine.understand.words.tokens import stem

_TWO = 2
_AND = frozenset({"and", "plus", "with", "a", "an"})


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


def without_the_ensemble(reading: Reading, genre: tables.Genre) -> Reading:
    """Return the reading without vocals in the ensemble's own words: `a duet for cellos` is not sung."""
    group = ensemble(reading, genre)
    if group is None or group.sung:
        return reading
    own = range(group.first - 1, group.last + 1)  # also `all female`
    kept = [s for s in reading.mentions if s.kind != "vocal" or s.negated or s.last not in own]
    return replace(reading, mentions=kept)


def ensemble(reading: Reading, genre: tables.Genre) -> Ensemble | None:
    """Return the ensemble that is the whole band; None if there is none, or if it is part of a larger band."""
    sizes = ensemble_sizes()
    partner = unknown_partner(reading, genre)
    if partner is not None:
        known = reading.positive("instrument")[0].meaning
        return Ensemble((known, partner[1]), partner[2].start, partner[2].stop - 1)
    for at, token in enumerate(reading.tokens):
        if token.norm not in sizes or _is_a_trio_sonata(reading, at):
            continue
        size = int(sizes[token.norm])
        found = _counted(reading, at, size, genre) or _listed(reading, at, size)
        if found is None:
            found = (
                sung_ensemble(reading, at, size) if ensemble_sings(reading, at) else _named_by(reading, at, size, genre)
            )
        if found is not None and not _is_inside(reading, found):
            return accompanying_players(reading, found) if is_duo_of_both(reading) else found
    return None


def _counted(reading: Reading, at: int, size: int, genre: tables.Genre) -> Ensemble | None:
    """Return an ensemble of instruments with their numbers: `quintet of 2 violins, 2 violas and a cello`.

    One that is a standard, such as a string quartet, has only its usual instruments.
    """
    first, _, typed = leader_of(reading, at)
    numbers = counts(reading, genre)
    listed = [one for one in played_in(reading) if not first <= one.at <= at]
    players = tuple(
        player
        for name, mention in _named_once(reading, genre, listed)
        for player in (_own_bass(mention, genre) if name == "bass" else name,) * numbers.get(name, 1)
    )
    usual = split_words(standard_players(typed, size))
    if max(numbers.values(), default=1) == 1 or len(players) != size or (usual and not set(players) <= set(usual)):
        return None
    return Ensemble(players, min(first, listed[0].at), max(at, listed[-1].last))


def _named_once(reading: Reading, genre: tables.Genre, listed: list[Mention]) -> list[tuple[str, Mention]]:
    """Return the instruments of some mentions, each once."""
    places = {one.at for one in listed}
    found: dict[str, Mention] = {}
    for name, mention in named_in(reading, genre):
        if mention.at in places:
            found.setdefault(name, mention)
    return list(found.items())


def _listed(reading: Reading, at: int, size: int) -> Ensemble | None:
    """Return an ensemble of as many instruments as its size, machines too: `theremin and oboe duet`."""
    named = [one for one in reading.positive("instrument") if tables.instruments()[one.meaning].family != "voice"]
    players = tuple(dict.fromkeys(one.meaning for one in named))
    if len(players) == 1 and tables.instruments()[players[0]].family in MACHINE_FAMILIES and not reading.tokens[at].gap:
        styles = positions(reading.positive("genre"))
        group = [one for one in named if one.last == at - 1 and one.last not in styles]  # no synth-pop duo
        return Ensemble(players * size, group[0].at, at) if group else None
    if size != len(players) or not MACHINE_FAMILIES & {tables.instruments()[name].family for name in players}:
        return None
    first, last = min(one.at for one in named), max(one.last for one in named)
    before, after = last + 1 == at and not reading.tokens[at].gap, joined(reading, at, first)
    after |= first == at + 1 and reading.tokens[first].colon
    described = positions(reading.mentions)
    between = {reading.tokens[place].norm for place in range(first, last + 1) if place not in described}
    return Ensemble(players, min(first, at), max(last, at)) if (before or after) and between <= _AND else None


def _is_a_trio_sonata(reading: Reading, at: int) -> bool:
    """Whether `trio` is a kind of work, with its usual players or counted ones: `trio sonata for two flutes`."""
    following = reading.tokens[at + 1 : at + 2]
    sonata = bool(following) and following[0].norm in ("sonata", "sonatas")
    return sonata and (not played_in(reading) or bool(counts(reading)))


@dataclass(frozen=True, slots=True)
class _NamedPlayers:
    """The players that the prompt names for an ensemble: in the words around its size, and elsewhere."""

    reading: Reading
    at: int
    """The word for its size."""
    size: int
    genre: tables.Genre
    leader: str
    """The instrument that is a part of its name; empty if none is."""
    typed: str
    """The word beside its size, as typed."""
    first: int
    last: int
    outside: tuple[Mention, ...]
    """Instruments that are not in its name."""

    def others(self) -> tuple[str, ...]:
        """Return the instruments that are not in its name, one for each mention."""
        return tuple(_own_bass(one, self.genre) for one in self.outside)

    def all(self) -> tuple[str, ...]:
        """Return all named instruments, each once; `strings` are a kind of ensemble, not a player."""
        leading = (self.leader,) if self.leader and self.leader != "strings" else ()
        return tuple(dict.fromkeys((*leading, *self.others())))


def _named_by(reading: Reading, at: int, size: int, genre: tables.Genre) -> Ensemble | None:
    """Return the ensemble around the word for its size at token `at`."""
    named = _named_around(reading, at, size, genre)
    if _is_a_duo_of_others(named):
        return None
    return _of_all_named(named) or _duo_with_a_singer(named) or _with_usual_players(named)


def _named_around(reading: Reading, at: int, size: int, genre: tables.Genre) -> _NamedPlayers:
    first, leader, typed = leader_of(reading, at)
    last = at
    if not typed:
        inside = [s for s in played_in(reading) if at < s.at <= at + 4 and joined(reading, at, s.at)]
        if len(inside) == 1:
            leader, last = inside[0].meaning, inside[0].last
            typed = stem(reading.tokens[last].norm)
    outside = tuple(s for s in played_in(reading) if not first <= s.at <= last and s.meaning != leader)
    return _NamedPlayers(reading, at, size, genre, leader, typed, first, last, outside)


def _is_a_duo_of_others(named: _NamedPlayers) -> bool:
    """Whether others sing or play it: `dhol, duet`, `pop, duet, male and female vocals, piano, strings`."""
    if named.size != _TWO or named.leader or not _is_apart(named.reading, named.at, named.outside):
        return False
    return len(named.all()) != _TWO or has_both(named.reading)


def _of_all_named(named: _NamedPlayers) -> Ensemble | None:
    """Return the ensemble if the prompt names all its players: `jazz trio: piano, bass, drums`."""
    standard = standard_players(named.typed, named.size) and named.typed not in ensemble_words("manner")
    if standard or len(named.all()) < named.size:
        return None
    played = played_in(named.reading)
    before = [s.at for s in played if s.at < named.at and s.sentence == played[0].sentence]
    return Ensemble(named.all(), min([named.first, *before]), max(named.last, named.at))


def _duo_with_a_singer(named: _NamedPlayers) -> Ensemble | None:
    """Return a duo of which one player is named; the other one sings."""
    sung = not named.leader or is_beside_a_singer(named.reading, named.first)
    return Ensemble(named.all(), named.at, named.at) if named.size == _TWO and named.all() and sung else None


def _with_usual_players(named: _NamedPlayers) -> Ensemble | None:
    """Return an ensemble of the usual players, with those who are named; None if these are a larger band's."""
    reading, size, genre = named.reading, named.size, named.genre
    numbers = counts(reading, genre)
    several = tuple(player for name in named.all() for player in (name,) * numbers.get(name, 1))
    usual = standard_for(reading, named.typed, named.leader, size, genre)
    players = usual or small_group(named.leader, several, size, genre)
    out = {one.meaning for one in reading.negative("instrument")} if numbers else set[str]()
    players = recounted(tuple(name for name in players if name not in out), numbers, size)
    if not players or len([name for name in named.others() if name not in players]) > 1:
        return None
    more = tuple(name for name in dict.fromkeys(named.others()) if not plays_in(name, players))
    return Ensemble((*players, *more), _start_of_list(reading, named.first, (*players, *more)), named.last)


def _is_apart(reading: Reading, at: int, players: Sequence[Mention]) -> bool:
    """Whether a comma is between the word for a duo and its players; beside a `duo`, these can follow."""
    before = reading.tokens[at].gap == "soft"
    sung = stem(reading.tokens[at].norm) == "duet"
    return before or (sung and not any(joined(reading, at, one.at) or one.at < at for one in players))


def _own_bass(mention: Mention, genre: tables.Genre) -> str:
    """Return an instrument, of a plain `bass` the kind that the genre's groups have: `jazz trio, bass solo`."""
    usual = usual_players("group", genre)
    if mention.word.lower() != "bass" or mention.meaning in usual:
        return mention.meaning
    return next((name for name in usual if tables.instruments()[name].family == "bass"), mention.meaning)


def _start_of_list(reading: Reading, first: int, players: tuple[str, ...]) -> int:
    """Return where the list of an ensemble's players begins: `sax and trumpet quintet`."""
    ends = {one.last: one.at for one in played_in(reading) if one.meaning in players}
    while first > 1 and reading.tokens[first - 1].norm in _AND and first - 2 in ends:
        first = ends[first - 2]
    return first


def _is_inside(reading: Reading, group: Ensemble) -> bool:
    """Whether it is part of a larger band: `a rock song with a string quartet`, `string quartet with a rock band`."""
    after = [token.norm for token in reading.tokens[group.last + 1 : group.last + 5]]
    if after and after[0] in ensemble_words("beside") and not ensemble_words("bands").isdisjoint(after):
        return True
    if not reading.positive("vocal") and names_only_players(reading):
        return False
    first = before_all(reading.tokens, group.first, ensemble_words("before players"))
    words = range(max(0, first - 3), first)
    couple = "and" if is_duo_of_both(reading) else ""  # `a husband and wife folk duo`
    adding = (i for i in words if reading.tokens[i + 1].gap == "" and reading.tokens[i].norm != couple)
    beside = any(is_beside(reading, i) for i in adding)
    own = range(group.first, group.last + 1)
    before = [
        s
        for s in reading.positive("genre", "instrument")
        if s.at < group.first and s.at not in own and s.last not in own and s.meaning not in group.players
    ]
    larger = any(token.norm in ensemble_words("larger") for token in reading.tokens[: group.first])
    return beside and bool(larger or before)
