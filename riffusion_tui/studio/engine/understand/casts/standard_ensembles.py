"""Standard ensembles: the players of a word and a size: `string quartet`, `jazz trio`, `power trio`."""

from __future__ import annotations

from riffusion_tui.studio.engine.datafiles import read_data, split_words
from riffusion_tui.studio.engine.instrument_groups import UNPITCHED
from riffusion_tui.studio.engine.understand.casts.ensemble_words import played_in, remaining, usual_players
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.instruments.named_instruments import plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.tokens import stem

_ACOUSTIC = frozenset({"classical", "jazz", "blues", "rock", "metal", "folk", "country", "latin"})
"""Families in which `a trio` is three players; a synth-pop duo has machines as well."""
_KINDS = frozenset({"strings", "pizzicato strings", "brass", "electric guitar"})
"""Names of sections, of a manner, and of a plain guitar, that players of their family stand for."""
_GUITARS = {"power": ("distorted guitar", "overdriven guitar"), "organ": ("jazz guitar",)}
"""Guitars that a genre plays instead of the standard ensemble's, by the word before its size."""


def plays_in(name: str, players: tuple[str, ...]) -> bool:
    """Whether a named instrument is among the players: `strings` includes a violin, a bass is also a cello.

    So is a guitar in an organ trio, and a quartet that plays pizzicato has no other strings.
    """
    known = [tables.instruments()[player] for player in players]
    low = name == "bass" and any("bass" in player.roles for player in known)
    family = tables.instruments()[name].family
    kind = name in _KINDS and any(one.family == family for one in known)
    return name in players or low or kind


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
    if not named and genre.family not in _ACOUSTIC:
        return ()
    usual = usual_players("group", genre) or genre.instruments
    return (*named, *remaining(usual, named))[:size]
