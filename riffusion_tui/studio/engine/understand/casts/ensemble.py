"""Ensembles by their size: `string quartet`, `trio for three flutes`, `barbershop quartet`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.instrument_groups import GROUP, SINGERS
from riffusion_tui.studio.engine.understand.casts.counted import counts, recounted
from riffusion_tui.studio.engine.understand.casts.ensemble_words import (
    ARTICLES,
    ensemble_words,
    is_beside,
    joined,
    played_in,
    remaining,
    usual_players,
)
from riffusion_tui.studio.engine.understand.casts.player_list import names_only_players
from riffusion_tui.studio.engine.understand.casts.stand_ins import unknown_partner
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.instruments.named_instruments import named_in, plain_guitar
from riffusion_tui.studio.engine.understand.reading.about import subject_places
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.singers.gender import is_duo_of_both, persons
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.tokens import stem

_ACOUSTIC = frozenset({"classical", "jazz", "blues", "rock", "metal", "folk", "country", "latin"})
"""Families in which `a trio` is three players; a synth-pop duo has machines as well."""
_UNPITCHED = frozenset({"drums", "percussion", "fx"})
_MACHINES = frozenset({"synth", "fx"})
"""Families of instruments that are no ensemble by themselves."""
_TWO = 2
_AND = frozenset({"and", "plus", "with", "a", "an"})
_GUITARS = {"power": ("distorted guitar", "overdriven guitar"), "organ": ("jazz guitar",)}
"""Guitars that a genre plays instead of the standard ensemble's, by the word before its size."""


@dataclass(frozen=True, slots=True)
class Ensemble:
    """An ensemble of the prompt, and the tokens `first` to `last` (inclusive) that name it."""

    players: tuple[str, ...]
    first: int
    last: int
    sung: bool = False
    """Whether it consists of singers, whom its players accompany."""


def without_the_ensemble(reading: Reading, genre: tables.Genre) -> Reading:
    """Return the reading without vocals in the ensemble's own words: `a duet for cellos` is not sung."""
    group = ensemble(reading, genre)
    if group is None or group.sung or set(group.players) <= SINGERS:
        return reading
    own = range(group.first - 1, group.last + 1)  # also `all female`
    kept = [s for s in reading.mentions if s.kind != "vocal" or s.negated or s.last not in own]
    return replace(reading, mentions=kept)


def ensemble(reading: Reading, genre: tables.Genre) -> Ensemble | None:
    """Return the ensemble that is the whole band; None if there is none, or if it is part of a larger band."""
    sizes = read_data("lexicon/ensembles.toml")["sizes"]
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
            found = _sung_by(reading, at, size) if _sings(reading, at) else _named_by(reading, at, size, genre)
        if found is not None and not _is_inside(reading, found):
            return _accompanying(reading, found) if is_duo_of_both(reading) else found
    return None


def _counted(reading: Reading, at: int, size: int, genre: tables.Genre) -> Ensemble | None:
    """Return an ensemble of instruments with their numbers: `quintet of 2 violins, 2 violas and a cello`.

    One that is a standard, such as a string quartet, has only its usual instruments.
    """
    first, _, typed = _leader(reading, at)
    numbers = counts(reading, genre)
    listed = [one for one in played_in(reading) if not first <= one.at <= at]
    players = tuple(
        player
        for name, mention in _named_once(reading, genre, listed)
        for player in (_own_bass(mention, genre) if name == "bass" else name,) * numbers.get(name, 1)
    )
    usual = split_words(_standard(typed, size))
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
    if len(players) == 1 and tables.instruments()[players[0]].family in _MACHINES and not reading.tokens[at].gap:
        styles = {place for one in reading.positive("genre") for place in range(one.at, one.last + 1)}
        group = [one for one in named if one.last == at - 1 and one.last not in styles]  # no synth-pop duo
        return Ensemble(players * size, group[0].at, at) if group else None
    if size != len(players) or not _MACHINES & {tables.instruments()[name].family for name in players}:
        return None
    first, last = min(one.at for one in named), max(one.last for one in named)
    before, after = last + 1 == at and not reading.tokens[at].gap, joined(reading, at, first)
    after |= first == at + 1 and reading.tokens[first].colon
    described = {place for one in reading.mentions for place in range(one.at, one.last + 1)}
    between = {reading.tokens[place].norm for place in range(first, last + 1) if place not in described}
    return Ensemble(players, min(first, at), max(last, at)) if (before or after) and between <= _AND else None


def _is_a_trio_sonata(reading: Reading, at: int) -> bool:
    """Whether `trio` is a kind of work, with its usual players or counted ones: `trio sonata for two flutes`."""
    following = reading.tokens[at + 1 : at + 2]
    sonata = bool(following) and following[0].norm in ("sonata", "sonatas")
    return sonata and (not played_in(reading) or bool(counts(reading)))


def _named_by(reading: Reading, at: int, size: int, genre: tables.Genre) -> Ensemble | None:
    """Return the ensemble around the word for its size at token `at`."""
    first, leader, typed = _leader(reading, at)
    last = at
    if not typed:
        inside = [s for s in played_in(reading) if at < s.at <= at + 4 and joined(reading, at, s.at)]
        if len(inside) == 1:
            leader, last = inside[0].meaning, inside[0].last
            typed = stem(reading.tokens[last].norm)
    outside = [s for s in played_in(reading) if not first <= s.at <= last and s.meaning != leader]
    others = [_own_bass(s, genre) for s in outside]
    named = tuple(dict.fromkeys((leader, *others) if leader and leader != "strings" else others))
    if size == _TWO and not leader and _is_apart(reading, at, outside) and (len(named) != _TWO or _has_both(reading)):
        return None  # `dhol, duet`, `country duet, banjo` and `pop, duet, male and female vocals, piano, strings`
    if len(named) >= size and (typed in ensemble_words("manner") or not _standard(typed, size)):
        before = [s.at for s in played_in(reading) if s.at < at and s.sentence == played_in(reading)[0].sentence]
        return Ensemble(named, min([first, *before]), max(last, at))
    if size == _TWO and named and (not leader or _beside_a_singer(reading, first)):
        return Ensemble(named, at, at)
    numbers = counts(reading, genre)
    several = tuple(player for name in named for player in (name,) * numbers.get(name, 1))
    players = _standard_for(reading, typed, leader, size, genre) or _group(leader, several, size, genre)
    out = {one.meaning for one in reading.negative("instrument")} if numbers else set[str]()
    players = recounted(tuple(name for name in players if name not in out), numbers, size)
    if not players or len([name for name in others if name not in players]) > 1:
        return None
    more = tuple(name for name in dict.fromkeys(others) if not _plays_in(name, players))
    return Ensemble((*players, *more), _start_of_list(reading, first, (*players, *more)), last)


def _is_apart(reading: Reading, at: int, players: list[Mention]) -> bool:
    """Whether a comma is between the word for a duo and its players; beside a `duo`, these can follow."""
    before = reading.tokens[at].gap == "soft"
    sung = stem(reading.tokens[at].norm) == "duet"
    return before or (sung and not any(joined(reading, at, one.at) or one.at < at for one in players))


def _has_both(reading: Reading) -> bool:
    """Whether a man and a woman are to sing."""
    return {"male", "female"} <= {one.meaning for one in (*persons(reading), *reading.positive("vocal"))}


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


def _beside_a_singer(reading: Reading, at: int) -> bool:
    """Whether a singer is the other one of a duo: `female and piano duet`."""
    joined_to = at > 1 and reading.tokens[at - 1].norm in ("and", "with")
    return joined_to and any(one.last == at - 2 for one in reading.positive("vocal", "gender"))


def _accompanying(reading: Reading, group: Ensemble) -> Ensemble:
    """Return what accompanies a duo that sings: the named instruments, or the first usual one."""
    named = {mention.meaning for mention in played_in(reading)}
    players = tuple(name for name in dict.fromkeys(group.players) if name in named) or group.players[:1]
    return Ensemble(players, group.first, group.last)


def _sung_by(reading: Reading, at: int, size: int) -> Ensemble | None:
    """Return an ensemble of voices, and what accompanies it: `barbershop quartet`, `male quartet with piano`."""
    kind = reading.tokens[at - 1].norm if at else ""
    played = played_in(reading)
    sung = kind in ensemble_words("sung") or kind in ensemble_words("of one gender")
    if not sung or (played and not _accompanied_by(reading, at, played)) or (size == _TWO and not played):
        return None
    first = at
    while first > 0 and reading.tokens[first].gap == "" and reading.tokens[first - 1].norm in ensemble_words("singing"):
        first -= 1
    singers = (GROUP,) if size > _TWO else ()
    plain = any(is_plain_guitar(one) for one in played) and not reading.positive("genre")
    players = dict.fromkeys("acoustic guitar" if plain and "guitar" in one.meaning else one.meaning for one in played)
    return Ensemble((*singers, *players), first, at, sung=True)


def _accompanied_by(reading: Reading, at: int, played: list[Mention]) -> bool:
    """Whether one or two instruments after `with` or `and` accompany singers: `male quartet with piano`."""
    following = [token.norm for token in reading.tokens[at + 1 : at + 2]]
    soft = all(tables.instruments()[one.meaning].family not in _UNPITCHED for one in played)
    larger = any(token.norm in ensemble_words("larger") for token in reading.tokens)
    return following in (["with"], ["and"]) and len(played) <= _TWO and soft and not larger


def _plays_in(name: str, players: tuple[str, ...]) -> bool:
    """Whether a named instrument is among the players: `strings` includes a violin, a bass is also a cello."""
    known = [tables.instruments()[player] for player in players]
    low = name == "bass" and any("bass" in player.roles for player in known)
    return name in players or low or (name in ("strings", "brass") and any(name == one.family for one in known))


def _leader(reading: Reading, at: int) -> tuple[int, str, str]:
    """Return the word before the size: (its first token, the instrument it names or "", the word as typed)."""
    if at == 0 or reading.tokens[at].gap not in ("", "slash"):
        return at, "", ""
    mention = next((s for s in played_in(reading) if s.at <= at - 1 <= s.last), None)
    typed = stem(reading.tokens[at - 1].norm)
    if mention is not None:
        # Without a genre, a guitar duo is acoustic, as a guitar quartet is.
        acoustic = is_plain_guitar(mention) and not reading.positive("genre")
        other = mention.at < mention.last and typed == "horn" and mention.meaning != "french horn"  # a basset horn
        return mention.at, "acoustic guitar" if acoustic else mention.meaning, "" if other else typed
    return (at - 1, "", typed) if _standard(typed, 0) else (at, "", "")


def _standard(typed: str, size: int) -> str:
    """Return the standard ensemble of a word and a size; with size 0, whether there is any."""
    table: dict[str, str] = read_data("lexicon/ensembles.toml")["standard"]
    word = {"saxophone": "sax", "strings": "string"}.get(typed, typed)
    if size == 0:
        return next((key for key in table if key.split()[0] == word), "")
    return table.get(f"{word} {size}", "")


def _standard_for(reading: Reading, typed: str, leader: str, size: int, genre: tables.Genre) -> tuple[str, ...]:
    """Return a soloist with the rhythm section of a named genre, else the standard ensemble."""
    rhythm = usual_players("rhythm", genre)
    solo = bool(leader) and typed not in ("string", "brass", "wind", "woodwind", "organ")
    sax_choir = leader == "sax" and size == 4
    if (
        rhythm
        and (reading.positive("genre") or genre.name in leader.split())
        and solo
        and size > 2
        and not sax_choir
        and tables.instruments()[leader].family not in _UNPITCHED
    ):
        rest = [name for name in rhythm if name != leader]
        return (leader, *rest)[:size]
    players = split_words(_standard(typed, size))
    own = plain_guitar(genre)
    kept = own in _GUITARS.get(typed, ())
    return tuple(own if kept and name == "electric guitar" else name for name in players)


def _group(leader: str, named: tuple[str, ...], size: int, genre: tables.Genre) -> tuple[str, ...]:
    """Return a small group: several of one instrument, or the named ones and the genre's first players."""
    if leader and len(named) <= 1:
        return (leader,) * size
    if not named and genre.family not in _ACOUSTIC:
        return ()
    usual = usual_players("group", genre) or genre.instruments
    return (*named, *remaining(usual, named))[:size]


def _sings(reading: Reading, at: int) -> bool:
    """Whether the ensemble sings: `a female vocal trio`, `a duet of male singers`; a plain `duet` does."""
    if at and not reading.tokens[at].gap and _leader(reading, at)[1:] != ("", ""):
        return False
    if at and not reading.tokens[at].gap and reading.tokens[at - 1].norm in ensemble_words("sung"):
        return True
    first, last = max(0, at - 2), min(at + 3, len(reading.tokens) - 1)
    gaps = [place for place in range(first + 1, last + 1) if reading.tokens[place].gap in ("hard", "soft")]
    first = max([first, *(place for place in gaps if place <= at)])
    apart = [place for place in range(at + 1, last + 1) if reading.tokens[place].norm in ensemble_words("beside")]
    last = min([last, *(place - 1 for place in (*gaps, *apart) if place > at)])
    if any(token.norm in ensemble_words("singing") for token in reading.tokens[first : last + 1]):
        return True
    played = {mention.meaning for mention in played_in(reading)}
    following = reading.tokens[at + 1 : at + 2]
    accompanied = len(played) == 1 and bool(following) and following[0].norm == "with"
    both = len({mention.meaning for mention in persons(reading)}) > 1
    told = bool(subject_places(reading.text, reading.tokens))  # `a duet about whiskey with fiddle and pedal steel`
    told = told and not any(joined(reading, at, one.at) for one in played_in(reading))
    return reading.tokens[at].norm.startswith("due") and (not played or accompanied or both or told)


def _is_inside(reading: Reading, group: Ensemble) -> bool:
    """Whether it is part of a larger band: `a rock song with a string quartet`, `string quartet with a rock band`."""
    after = [token.norm for token in reading.tokens[group.last + 1 : group.last + 5]]
    if after and after[0] in ensemble_words("beside") and not ensemble_words("bands").isdisjoint(after):
        return True
    if not reading.positive("vocal") and names_only_players(reading):
        return False
    at = group.first - 1
    while at >= 0 and reading.tokens[at + 1].gap == "" and reading.tokens[at].norm in ARTICLES:
        at -= 1
    words = range(max(0, at - 2), at + 1)
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
