"""Standard ensembles by a word and a size, `string quartet`; and the words and players that ensembles have."""

from __future__ import annotations

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.genre_files import overrides
from riffusion_tui.studio.engine.instrument_groups import UNPITCHED
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.instruments.named_instruments import plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context
from riffusion_tui.studio.engine.understand.words.tables import genre_families
from riffusion_tui.studio.engine.understand.words.tokens import phrase, stem

MACHINE_FAMILIES = frozenset({"synth", "fx"})
"""Families of instruments that form no ensemble: a synth-pop duo is not two synthesizers."""
_KINDS = frozenset({"strings", "pizzicato strings", "brass", "electric guitar"})
"""Names of sections, of a manner, and of a plain guitar, that players of their family stand for."""
_GUITARS = {"power": ("distorted guitar", "overdriven guitar"), "organ": ("jazz guitar",)}
"""Guitars that a genre plays instead of the standard ensemble's, by the word before its size."""


def joined(reading: Reading, at: int, to: int) -> bool:
    """Whether `of` or `for` joins two tokens: `quartet of saxophones`, `trio for three flutes`."""
    between = [token.norm for token in reading.tokens[at + 1 : to]]
    return (
        bool(between)
        and between[0] in ensemble_words("of")
        and ensemble_words("before players").issuperset(between[1:])
    )


def is_beside(reading: Reading, at: int) -> bool:
    """Whether the word at token `at` adds what follows to a band: `with`, `backed by`; not `jazz by`, `played by`."""
    word, before = reading.tokens[at].norm, reading.tokens[at - 1].norm if at else ""
    if word != "by":
        return word in ensemble_words("beside")
    named = any(one.last == at - 1 for one in reading.positive("genre"))
    return not named and before not in ensemble_words("performed")


def is_art_song(reading: Reading) -> bool:
    """Whether the prompt is about an art song, which a singer sings to a piano: `schubert lied`."""
    return any(phrase(one.word) in context("art songs") for one in reading.positive("genre"))


def is_played(reading: Reading, genre: Mention) -> bool:
    """Whether a genre is what an ensemble before it plays: `recorder consort playing pop`."""
    words = [token.norm for token in reading.tokens[max(0, genre.at - 3) : genre.at]]
    return not ensemble_words("performing").isdisjoint(words)


def played_in(reading: Reading) -> list[Mention]:
    """Return the mentioned instruments that are not machines."""
    mention = reading.positive("instrument")
    return [one for one in mention if tables.instruments()[one.meaning].family not in MACHINE_FAMILIES]


def ensemble_words(name: str) -> frozenset[str]:
    """Return a list of words of `ensembles.toml`."""
    return tables.word_set("ensembles", "words", name)


def usual_players(kind: str, genre: tables.Genre) -> tuple[str, ...]:
    """Return the players of a genre's or its family's `[ensemble]`."""
    found: tuple[str, ...] = ()
    for table in overrides("ensemble", genre.name):
        found = tuple(table.get(kind, found))
    return found


def remaining(usual: tuple[str, ...], named: tuple[str, ...]) -> list[str]:
    """Return the usual players whose places the named ones don't take: those of another, or of its family."""
    rest, table = list(usual), tables.instruments()
    for name in named:
        alike = [one for one in rest if one == name] + [one for one in rest if table[one].family == table[name].family]
        if alike:
            rest.remove(alike[0])
    return rest


def plays_in(name: str, players: tuple[str, ...]) -> bool:
    """Whether a named instrument is among the players: `strings` includes a violin, a bass is also a cello.

    So is a guitar in an organ trio, and a quartet that plays pizzicato has no other strings.
    """
    known = [tables.instruments()[player] for player in players]
    family = tables.instruments()[name].family
    kind = name in _KINDS and any(one.family == family for one in known)
    return name in players or kind


def leader_of(reading: Reading, at: int) -> tuple[int, str, str]:
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
    return (at - 1, "", typed) if standard_players(typed, 0) else (at, "", "")


def standard_players(typed: str, size: int) -> str:
    """Return the standard ensemble of a word and a size; with size 0, whether there is any."""
    table: dict[str, str] = read_data("lexicon/ensembles.toml")["standard"]
    word = {"saxophone": "sax", "strings": "string"}.get(typed, typed)
    if size == 0:
        return next((key for key in table if key.split()[0] == word), "")
    return table.get(f"{word} {size}", "")


def standard_for(reading: Reading, typed: str, leader: str, size: int, genre: tables.Genre) -> tuple[str, ...]:
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
        and tables.instruments()[leader].family not in UNPITCHED
    ):
        rest = [name for name in rhythm if name != leader]
        return (leader, *rest)[:size]
    drums = any(one.meaning == "drums" for one in reading.positive("instrument"))
    players = split_words((drums and standard_players(f"{typed} and drums", size)) or standard_players(typed, size))
    own = plain_guitar(genre)
    kept = own in _GUITARS.get(typed, ())
    return tuple(own if kept and name == "electric guitar" else name for name in players)


def small_group(leader: str, named: tuple[str, ...], size: int, genre: tables.Genre) -> tuple[str, ...]:
    """Return a small group: several of one instrument, or the named ones and the genre's first players."""
    if leader and len(named) <= 1:
        sizes = standard_players(leader, size) if leader == "sax" else ""
        return split_words(sizes) or (leader,) * size
    if not named and genre.family not in genre_families("for small groups"):
        return ()
    usual = usual_players("group", genre) or genre.instruments
    return (*named, *remaining(usual, named))[:size]
