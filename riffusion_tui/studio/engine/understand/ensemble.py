"""The exact cast, if the prompt gives one: `string quartet`, `flute solo`, `just a piano`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import overrides
from riffusion_tui.studio.engine.types import KEYLESS
from riffusion_tui.studio.engine.understand import tables
from riffusion_tui.studio.engine.understand.accompanied_choir import choir_cast
from riffusion_tui.studio.engine.understand.accompanied_singer import accompanying_cast
from riffusion_tui.studio.engine.understand.band import excluded_by, exclusions, only_these, unaccompanied
from riffusion_tui.studio.engine.understand.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.quiet_cast import quiet_cast
from riffusion_tui.studio.engine.understand.tokens import stem

MAX_PLAYERS = 14
"""Players of an exact cast, at most."""
MAX_IN_A_WORK = 4
"""Instruments that a prompt can name for a work of chamber music, at most."""
_CHOIRS = frozenset({"choir", "male choir", "vocal choir"})
_ACOUSTIC = frozenset({"classical", "jazz", "blues", "rock", "metal", "folk", "country", "latin"})
"""Families in which `a trio` is three players; a synth-pop duo has machines as well."""
_SUNG_FAMILIES = frozenset({"classical", "folk"})
"""Families in which a choir may sing unaccompanied."""
_SOLO = ("solo", "solos")
_UNPITCHED = frozenset({"drums", "percussion", "fx"})
_MACHINES = frozenset({"synth", "fx"})
"""Families of instruments that form no ensemble: a synth-pop duo is not two synthesizers."""
_ARTICLES = frozenset({"a", "an", "the", "small", "little", "one", "two", "three", "four", "five"})


@dataclass(frozen=True, slots=True)
class Ensemble:
    """An ensemble of the prompt, and the tokens `first` to `last` (inclusive) that name it."""

    players: tuple[str, ...]
    first: int
    last: int


def cast_of(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return exactly who plays, one entry per player; empty if the genre fills the band.

    Args:
        reading: the prompt's.
        requested: the instruments that it names.
        genre: the plan's.
    """
    if unaccompanied(reading):
        return requested
    group = ensemble(reading, genre)
    if group is not None:
        excluded = {name for mention in exclusions(reading) for name in excluded_by(mention)}
        guitars = [name for name in requested if name.endswith("guitar")]
        players = (guitars[0] if len(guitars) == 1 and name.endswith("guitar") else name for name in group.players)
        return tuple(name for name in players if not _is_excluded(name, excluded))[:MAX_PLAYERS]
    if only_these(reading, requested):
        return accompanying_cast(reading, requested) or requested
    if _is_a_solo(reading, requested) or _is_a_choir(reading, requested, genre):
        return requested
    return (
        _of_a_work(reading, requested, genre)
        or quiet_cast(reading, requested)
        or choir_cast(reading, requested)
        or accompanying_cast(reading, requested)
    )


def _of_a_work(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> tuple[str, ...]:
    """Return the players of a classical work: `harpsichord suite`, `sonata for cello and piano`, `a nocturne`."""
    named = [tables.genres()[s.meaning] for s in reading.positive("genre")]
    sung = any(s.meaning != "none" for s in reading.positive("vocal"))
    larger = any(token.norm in _words("larger") for token in reading.tokens)
    if sung or larger or any(one.family != "classical" and set(one.modes) != {KEYLESS} for one in named):
        return ()
    alone = _usual("alone", genre)
    if alone and genre in named and set(requested) <= set(alone):
        return alone
    works = [at for at, token in enumerate(reading.tokens) if token.norm in _words("works")]
    if len(requested) <= MAX_IN_A_WORK and any(_is_written_for(reading, at) for at in works):
        return requested
    return ()


def _is_written_for(reading: Reading, at: int) -> bool:
    """Whether the work at token `at` is for an instrument: `piano sonata`, `suite for harp`."""
    return any(s.at <= at <= s.last + 1 or _joined(reading, at, s.at) for s in _instruments(reading))


def without_the_ensemble(reading: Reading, genre: tables.Genre) -> Reading:
    """Return the reading without vocals in the ensemble's own words: `a duet for cellos` is not sung."""
    group = ensemble(reading, genre)
    if group is None or set(group.players) <= _CHOIRS:
        return reading
    kept = [s for s in reading.mentions if s.kind != "vocal" or s.negated or not group.first <= s.at <= group.last]
    return Reading(reading.text, reading.tokens, reading.stated, kept, reading.ignored)


def ensemble(reading: Reading, genre: tables.Genre) -> Ensemble | None:
    """Return the ensemble that is the whole band; None if there is none, or if it is part of a larger band."""
    sizes = read_data("lexicon/ensembles.toml")["sizes"]
    for at, token in enumerate(reading.tokens):
        if token.norm not in sizes:
            continue
        found: Ensemble | None
        found = _sung_by(reading, at) if _sings(reading, at) else _named_by(reading, at, int(sizes[token.norm]), genre)
        if found is not None and not _is_inside(reading, found):
            return found
    return None


def _named_by(reading: Reading, at: int, size: int, genre: tables.Genre) -> Ensemble | None:
    """Return the ensemble around the word for its size at token `at`."""
    first, leader, typed = _leader(reading, at)
    last = at
    if not typed:
        inside = [s for s in _instruments(reading) if at < s.at <= at + 4 and _joined(reading, at, s.at)]
        if len(inside) == 1:
            leader, last = inside[0].meaning, inside[0].last
            typed = stem(reading.tokens[last].norm)
    others = [s.meaning for s in _instruments(reading) if not first <= s.at <= last and s.meaning != leader]
    named = tuple(dict.fromkeys((leader, *others) if leader and leader != "strings" else others))
    if len(named) >= size and (typed in _words("manner") or not _standard(typed, size)):
        before = [s.at for s in _instruments(reading) if s.at < at and s.sentence == _instruments(reading)[0].sentence]
        return Ensemble(named, min([first, *before]), max(last, at))
    if size == 2 and named and not leader:
        return Ensemble(named, at, at)
    players = _standard_for(reading, typed, leader, size, genre) or _group(leader, named, size, genre)
    if not players or len([name for name in others if name not in players]) > 1:
        return None
    more = tuple(name for name in dict.fromkeys(others) if not _plays_in(name, players))
    return Ensemble((*players, *more), first, last)


def _sung_by(reading: Reading, at: int) -> Ensemble | None:
    """Return an ensemble of voices, if no instrument is named: `barbershop quartet`, `a vocal trio`."""
    kind = reading.tokens[at - 1].norm if at else ""
    if kind not in ("barbershop", "vocal", "wop", "cappella", "acappella", "singing") or _instruments(reading):
        return None
    first = at
    while first > 0 and reading.tokens[first].gap == "" and reading.tokens[first - 1].norm in _words("singing"):
        first -= 1
    return Ensemble(("vocal choir",), first, at)


def _plays_in(name: str, players: tuple[str, ...]) -> bool:
    """Whether a named instrument is among the players: `strings` includes a violin, a bass is also a cello."""
    known = [tables.instruments()[player] for player in players]
    low = name == "bass" and any("bass" in player.roles for player in known)
    return name in players or low or (name in ("strings", "brass") and any(name == one.family for one in known))


def _leader(reading: Reading, at: int) -> tuple[int, str, str]:
    """Return the word before the size: (its first token, the instrument it names or "", the word as typed)."""
    if at == 0 or reading.tokens[at].gap not in ("", "slash"):
        return at, "", ""
    mention = next((s for s in _instruments(reading) if s.at <= at - 1 <= s.last), None)
    typed = stem(reading.tokens[at - 1].norm)
    if mention is not None:
        return mention.at, mention.meaning, typed
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
    rhythm = _usual("rhythm", genre)
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
    players = tables.split_words(_standard(typed, size))
    if typed == "power" and genre.family == "metal":
        return ("distorted guitar", *players[1:])
    return players


def _group(leader: str, named: tuple[str, ...], size: int, genre: tables.Genre) -> tuple[str, ...]:
    """Return a small group: several of one instrument, or the named ones and the genre's first players."""
    if leader and len(named) <= 1:
        return (leader,) * size
    if not named and genre.family not in _ACOUSTIC:
        return ()
    usual = _usual("group", genre) or genre.instruments
    rest = list(usual)
    for name in named:
        if name in rest:
            rest.remove(name)
    return (*named, *rest)[:size]


def _sings(reading: Reading, at: int) -> bool:
    """Whether the ensemble sings: `a female vocal trio`, `a duet of male singers`; a plain `duet` does."""
    first, last = max(0, at - 2), min(at + 3, len(reading.tokens) - 1)
    gaps = [place for place in range(first + 1, last + 1) if reading.tokens[place].gap in ("hard", "soft")]
    first = max([first, *(place for place in gaps if place <= at)])
    last = min([last, *(place - 1 for place in gaps if place > at)])
    if any(token.norm in _words("singing") for token in reading.tokens[first : last + 1]):
        return True
    alone = reading.tokens[at].norm.startswith("due")
    return alone and len({mention.meaning for mention in _instruments(reading)}) == 0


def _is_inside(reading: Reading, group: Ensemble) -> bool:
    """Whether the ensemble is part of a larger band: `a rock song with a string quartet`."""
    at = group.first - 1
    while at >= 0 and reading.tokens[at + 1].gap == "" and reading.tokens[at].norm in _ARTICLES:
        at -= 1
    words = range(max(0, at - 2), at + 1)
    beside = any(reading.tokens[i].norm in _words("beside") for i in words if reading.tokens[i + 1].gap == "")
    own = range(group.first, group.last + 1)
    before = [
        s
        for s in reading.positive("genre", "instrument")
        if s.at < group.first and s.at not in own and s.last not in own
    ]
    larger = any(token.norm in _words("larger") for token in reading.tokens[: group.first])
    return beside and bool(larger or before)


def _is_a_solo(reading: Reading, requested: tuple[str, ...]) -> bool:
    """Whether one instrument plays alone: `flute solo`, `a lone trumpet`; in `metal, guitar solo` it is a section."""
    if len(requested) != 1 or any(s.meaning != "none" for s in reading.positive("vocal")):
        return False
    words = reading.tokens
    larger = {at for at, token in enumerate(words) if token.norm in _words("larger")}
    # A piano ballad is a kind of piano music, not a band.
    larger -= {at for mention in _instruments(reading) for at in range(mention.at, mention.last + 1)}
    if larger or any(s.meaning == "solo intro" for s in reading.positive("structure")):
        return False
    if _is_set_apart(reading):
        return True
    for mention in _instruments(reading):
        after = words[mention.last + 1] if mention.last + 1 < len(words) else None
        inside = mention.last > mention.at and {words[mention.at].norm, words[mention.last].norm} & set(_SOLO)
        solo = bool(inside) or (after is not None and after.gap == "" and after.norm in _SOLO)
        lone = mention.at > 0 and words[mention.at - 1].norm in _words("lone") and words[mention.at].gap == ""
        if (solo or lone) and not _follows_something(reading, mention):
            return True
    return False


def _is_set_apart(reading: Reading) -> bool:
    """Whether `solo` stands between commas, and a genre names only the instrument: `flamenco guitar, solo`."""
    words = reading.tokens
    ends = [one.gap != "" for one in words[1:]] + [True]
    apart = any(one.norm == "solo" and one.gap and end for one, end in zip(words, ends, strict=True))
    kinds = [(one.at, one.last) for one in _instruments(reading)]
    return apart and all(any(at <= one.at <= last for at, last in kinds) for one in reading.positive("genre"))


def _follows_something(reading: Reading, mention: Mention) -> bool:
    """Whether the soloist is part of something: after `with`, or in a list with a genre."""
    words = reading.tokens
    first = mention.at
    while first > 0 and words[first].gap == "":
        first -= 1
        if words[first].norm in _words("beside"):
            return True
    last = mention.last
    while last + 1 < len(words) and words[last + 1].gap == "":
        last += 1
        if words[last].norm in ("over", "with", "and", "then", "into"):
            return True
    return any(not first <= genre.at <= last for genre in reading.positive("genre"))


def _is_a_choir(reading: Reading, requested: tuple[str, ...], genre: tables.Genre) -> bool:
    """Whether only a choir sings: `music for choir`, `a choir sings a hymn`."""
    if not requested or not set(requested) <= _CHOIRS or any(s.meaning == "lead" for s in reading.positive("vocal")):
        return False
    if "vocal choir" in requested or any(s.meaning in ("male", "female") for s in reading.positive("vocal")):
        return False
    named = [s for s in reading.positive("genre") if not _is_sung_unaccompanied(reading, s)]
    if genre.family not in _SUNG_FAMILIES and named:
        return all(_is_beside_a_choir(reading, s) for s in named) and len(reading.tokens) <= 4
    return "orchestra" not in {token.norm for token in reading.tokens}


def _is_sung_unaccompanied(reading: Reading, mention: Mention) -> bool:
    """Whether a choir sings such music by itself: a hymn, a folk song, a carol."""
    norms = [token.norm for token in reading.tokens[mention.last : mention.last + 2]]
    return tables.genres()[mention.meaning].family in _SUNG_FAMILIES or "carol" in norms or "carols" in norms


def _is_beside_a_choir(reading: Reading, mention: Mention) -> bool:
    """Whether the genre only specifies the choir: `gospel choir`."""
    return any(one.at == mention.last + 1 for one in _instruments(reading) if one.meaning in _CHOIRS) or any(
        one.at <= mention.at <= one.last for one in _instruments(reading) if one.meaning in _CHOIRS
    )


def _joined(reading: Reading, at: int, to: int) -> bool:
    """Whether `of` or `for` joins two tokens: `quartet of saxophones`, `trio for three flutes`."""
    between = [token.norm for token in reading.tokens[at + 1 : to]]
    return between[:1] in (["of"], ["for"]) and set(between[1:]) <= _ARTICLES


def _is_excluded(name: str, excluded: Iterable[str]) -> bool:
    known = tables.instruments()[name]
    return bool({name, known.family} & set(excluded)) or (
        known.family in ("drums", "percussion") and "drums" in excluded
    )


def _instruments(reading: Reading) -> list[Mention]:
    """Return the mentioned instruments that are not machines."""
    mention = reading.positive("instrument")
    return [one for one in mention if tables.instruments()[one.meaning].family not in _MACHINES]


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(tables.split_words(read_data("lexicon/ensembles.toml")["words"][name]))


def _usual(kind: str, genre: tables.Genre) -> tuple[str, ...]:
    """Return the players of a genre's or its family's `[ensemble]`."""
    found: tuple[str, ...] = ()
    for table in overrides("ensemble", genre.name):
        found = tuple(table.get(kind, found))
    return found
