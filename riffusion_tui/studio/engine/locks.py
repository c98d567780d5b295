"""Reads and writes what a song can keep of another one: its key, form and band, as texts that people can edit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER, ROLES
from riffusion_tui.studio.engine.song_plan import FASTEST, SLOWEST, usual_tonic
from riffusion_tui.studio.engine.song_request import Locks
from riffusion_tui.studio.engine.structure_hints import SECTION_KINDS

LOCKED_ROLES = (*ROLES, "fx")
"""Roles of a locked player."""
VOICES = ("male", "female", "child", "choir", "children", "any")
_MAX_SECTIONS = 64
_MAX_BARS = 400
_MAX_LOCKED_PLAYERS = 24
MODES = (
    "major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian", "harmonic minor", "melodic minor",
    "phrygian dominant", "double harmonic", "hungarian minor", "whole tone", "blues", "pentatonic", "minor pentatonic",
    "hirajoshi", "in-sen", "pelog", "chromatic",
)  # fmt: skip
_SHORT = {"M": "major", "m": "minor", "min": "minor", "maj": "major", "moll": "minor", "dur": "major"}
_GERMAN_MODES = ("moll", "dur")
"""In which B is B flat."""
_KEY = re.compile(
    r"\s*([A-Ha-h])((?i:[ -]?(?:sharp|flat)|is|es|(?<=[ae])s)(?![A-Za-z])|[#b♯♭]?)[\s-]*(.*?)\s*\Z", re.DOTALL
)
_ACCIDENTALS = {"♯": "#", "sharp": "#", "is": "#", "♭": "b", "flat": "b", "es": "b", "s": "b"}
_METER = re.compile(r"(\d{1,2})/(1|2|4|8|16)\Z")
_SECTION = re.compile(
    r"([a-z]+)(?:=([^=:,]{1,40}?))? (\d{1,3}(?:\.\d{1,6})?)(?::(\d(?:\.\d{1,4})?))?(?: up (\d{1,2}))?"
    r"(?: in ([a-z -]{1,20}))?\Z"
)


@dataclass(frozen=True, slots=True)
class LockedSection:
    """A section of a locked form."""

    kind: str
    name: str
    """Displayed name without a number; empty: the usual one of its kind."""
    bars: float
    """Whole, except that the song's last bar may be longer or shorter."""
    energy: float | None = None
    """Usual energy, 0 to 1, if the form sets one."""
    lift: int = 0
    """Semitones above the song's key."""
    mode: str = ""
    """Its mode, if another than the song's."""


@dataclass(frozen=True, slots=True)
class LockedForm:
    """A locked form."""

    meter: tuple[int, int] | None
    sections: tuple[LockedSection, ...]


@dataclass(frozen=True, slots=True)
class LockedPlayer:
    """A player of a locked band."""

    role: str
    instrument: str
    requested: bool = False
    """Whether the prompt named it: it then plays more."""


@dataclass(frozen=True, slots=True)
class LockedBand:
    """A locked band."""

    players: tuple[LockedPlayer, ...] = ()
    cast: tuple[str, ...] = ()
    """Exactly these instruments, one entry per player; `players` is empty then."""
    guests: tuple[str, ...] = ()
    vocal: str = "none"
    """male, female, choir, any or none."""

    @property
    def instruments(self) -> frozenset[str]:
        """All instruments, guests included."""
        return frozenset((*self.cast, *self.guests, *(player.instrument for player in self.players)))


def check(locks: Locks) -> None:
    """Raise `EngineError` if a lock can't be read; the message names it."""
    if locks.tempo is not None and not SLOWEST <= locks.tempo <= FASTEST:
        raise EngineError(f"tempo must be a number from {SLOWEST:g} to {FASTEST:g}")
    if locks.key:
        parse_key(locks.key)
    if locks.form:
        parse_form(locks.form)
    if locks.band:
        parse_band(locks.band)


def parse_key(text: str, usual: str = "major") -> tuple[str, str]:
    """Return (tonic, mode) of `A minor`, `F#m` or `Bb`, or of a German key: `fis-Moll`, `H dur`, `B dur`.

    The tonic has its usual name: C minor for B# minor.

    Args:
        text: the key.
        usual: the mode of a tonic alone.

    Raises:
        EngineError: the key can't be read.
    """
    wrong = f"key must look like A minor, F#m or D dorian, not {text[:40]!r}"
    found = _KEY.match(text)
    if not found:
        raise EngineError(wrong)
    word = found[3] if found[3] == "M" else found[3].lower()
    german_b = found[1] in "bB" and word in _GERMAN_MODES
    accidental = found[2].strip(" -").lower() or ("b" if german_b else "")
    tonic = found[1].upper().replace("H", "B") + _ACCIDENTALS.get(accidental, accidental)
    mode = _SHORT.get(word, word) if word else usual
    if mode not in MODES:
        # `minor` and `do` begin with no tonic, although with its letter
        near = get_close_matches(word, (*MODES, *_SHORT), 1) if found.start(3) > found.end(2) else []
        raise EngineError(wrong + suggestion([f"{tonic} {_SHORT.get(name, name)}" for name in near]))
    return usual_tonic(tonic, mode), mode


def parse_form(text: str) -> LockedForm:
    """Read `4/4, intro 4, verse 8, solo=Interlude 4:0.5, chorus 8 up 2, ending 2 up 2 in major`.

    Each section is its kind, a name if it has one of its own, its bars, its energy if it sets one, by how many
    semitones it is transposed up, and its mode, if another than the song's. The meter may be left out.

    Raises:
        EngineError: a section can't be read.
    """
    pieces = [" ".join(piece.split()) for piece in text.split(",")]
    meter = None
    if (found := _METER.match(pieces[0])) and 1 <= int(found[1]) <= 16:
        meter, pieces = (int(found[1]), int(found[2])), pieces[1:]
    sections = tuple(_section(piece, last=place == len(pieces) - 1) for place, piece in enumerate(pieces))
    if not 1 <= len(sections) <= _MAX_SECTIONS or sum(section.bars for section in sections) > _MAX_BARS:
        raise EngineError(f"form must have 1 to {_MAX_SECTIONS} sections and at most {_MAX_BARS} bars")
    return LockedForm(meter, sections)


def _section(piece: str, *, last: bool) -> LockedSection:
    found = _SECTION.match(piece)
    if not found or found[1] not in SECTION_KINDS:
        known = ", ".join(SECTION_KINDS)
        raise EngineError(f"form: {piece[:40]!r} is not a section; write kind and bars, as in verse 8 ({known})")
    bars, energy, lift = float(found[3]), found[4], int(found[5] or 0)
    if bars < 0.6 or not (last or bars.is_integer()) or float(energy or 0) > 1 or lift > 11:
        raise EngineError(f"form: {piece[:40]!r} must have whole bars, an energy up to 1 and at most 11 semitones up")
    mode = found[6] or ""
    if mode and mode not in MODES:
        raise EngineError(f"form: {mode!r} is not a mode{suggestion(get_close_matches(mode, MODES, 1))}")
    return LockedSection(found[1], (found[2] or "").strip(), bars, float(energy) if energy else None, lift, mode)


def form_text(meter: tuple[int, int], sections: Sequence[LockedSection]) -> str:
    """Return a form as `parse_form` reads it."""
    return ", ".join((f"{meter[0]}/{meter[1]}", *map(_section_text, sections)))


def _section_text(section: LockedSection) -> str:
    name = f"={section.name}" if section.name else ""
    energy = "" if section.energy is None else f":{section.energy:g}"
    lift = f" up {section.lift}" if section.lift else ""
    mode = f" in {section.mode}" if section.mode else ""
    return f"{section.kind}{name} {f'{section.bars:.4f}'.rstrip('0').rstrip('.')}{energy}{lift}{mode}"


def parse_band(text: str) -> LockedBand:
    """Read `drums=drum kit, bass=upright bass, lead=trumpet!, vocal=female`, or `only=violin, only=cello`.

    Each player is a role and an instrument, with `!` if the prompt named it. `guest` plays what the prompt asks of it;
    with `only`, these play alone and share the roles.

    Raises:
        EngineError: a player can't be read.
    """
    players: list[LockedPlayer] = []
    cast: list[str] = []
    guests: list[str] = []
    vocal = "none"
    for piece in text.split(","):
        role, _, name = (" ".join(side.split()) for side in piece.partition("="))
        requested, name = name.endswith("!"), name.removesuffix("!")
        if role == "vocal" and name in VOICES:
            vocal = name
            continue
        _check_instrument(role, name, piece)
        {"only": cast, "guest": guests}.get(role, []).append(name)
        if role in LOCKED_ROLES:
            players.append(LockedPlayer(role, name, requested))
    if not 1 <= len(players) + len(cast) + len(guests) + (vocal != "none") <= _MAX_LOCKED_PLAYERS or (players and cast):
        raise EngineError(f"band must have 1 to {_MAX_LOCKED_PLAYERS} players, either all with roles or all with only")
    return LockedBand(tuple(players), tuple(cast), tuple(guests), vocal)


def _check_instrument(role: str, name: str, piece: str) -> None:
    if (role, name) == ("only", LONE_SINGER):
        return
    if role not in (*LOCKED_ROLES, "only", "guest"):
        raise EngineError(f"band: {piece.strip()[:40]!r} is not a player; write it as bass=upright bass")
    known_instrument("band", name)


def known_instrument(field: str, text: str) -> str:
    """Return an instrument of the engine, in any case. Raises `EngineError` that names `field`."""
    known, name = read_data("instruments.toml"), text.strip().lower()
    if not name:
        raise EngineError(f"{field} is required")
    if name not in known:
        raise EngineError(f"{field}: {text[:40]!r} is unknown{suggestion(get_close_matches(name, known, 1))}")
    return name


def band_text(band: LockedBand) -> str:
    """Return a band as `parse_band` reads it."""
    players = [f"{player.role}={player.instrument}{'!' * player.requested}" for player in band.players]
    players += [f"only={name}" for name in band.cast] + [f"guest={name}" for name in band.guests]
    return ", ".join(players + ([f"vocal={band.vocal}"] if band.vocal != "none" else []))


def suggestion(near: Sequence[str]) -> str:
    """Return the end of a message about an unknown name: the nearest known one; empty if none is near."""
    return f"; did you mean {near[0]}?" if near else ""
