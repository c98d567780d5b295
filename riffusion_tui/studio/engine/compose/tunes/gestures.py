"""Gestures: what players do in music without key and beat, one after the other, with silence between them.

The notes follow a twelve-tone row, so that none of them becomes a tonic. `styles/gestures.toml` has the gestures.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.casting.seat import Seat
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.compose.rhythm import comp, drums
from riffusion_tui.studio.engine.compose.song_context import SongContext
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import genres
from riffusion_tui.studio.engine.instrument_groups import HARMONY
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.song_plan import KEYLESS, Plan

_STRUCK = frozenset({"keys", "mallets", "guitar", "plucked", "bass"})
"""Families of instruments whose notes die away by themselves; most others hold theirs."""
_ENDING = frozenset({"chords", "pad", "bass"})
"""Roles that hold the last chord."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What a player makes gestures with: the lowest and highest pitch, or single sounds."""

    low: int
    high: int
    sounds: tuple[int, ...] = ()
    chords: bool = False
    """Whether several notes can sound at once."""


def free(plan: Plan) -> bool:
    """Whether a plan's players play gestures: in music without a key, if its genre has any."""
    return plan.mode == KEYLESS and bool(_entries(plan.genre))


def _entries(genre: str) -> tuple[catalog.Entry, ...]:
    own, shared, _ = catalog.layers("gestures.toml", "gesture", genre, catalog.family_of(genre))
    return own or shared


def suited(genre: str, seat: Seat) -> tuple[catalog.Entry, ...]:
    """Return the gestures of a genre that a player can make; if it has none for them, those for any genre."""
    kind = _kind(seat)
    found = _entries(genre), catalog.layers("gestures.toml", "gesture", genre, catalog.family_of(genre))[2], _every()
    options = (tuple(entry for entry in entries if kind in entry.words("suits")) for entries in found)
    return next(option for option in options if option)


def _every() -> tuple[catalog.Entry, ...]:
    return catalog.table("gestures.toml", "gesture")


def _kind(seat: Seat) -> str:
    family = str(catalog.instrument(seat.instrument)["family"])
    if family in ("drums", "percussion"):
        return "drums"
    return "noise" if family == "fx" else "struck" if family in _STRUCK else "held"


def play(song: SongContext, cues: list[Cue], seat: Seat, turn: int) -> list[Note]:
    """Return the gestures of a player in the bars in which they play, and their part of the last chord."""
    entries, hand = suited(song.plan.genre, seat), _hand(seat)
    row = _row(song)
    notes: list[Note] = []
    for cue in cues:
        chance = song.dice.of("gesture", seat.role, seat.instrument, turn, cue.index)
        # Few kinds in one section, so that it has a character.
        chosen = chance.sample(entries, min(len(entries), 3))
        notes += _section(cue, chosen, hand, row, chance)
        if cue.last and cue.energies[-1] > 0 and seat.role in _ENDING and not hand.sounds:
            notes += [_last_root(cue, seat)] if seat.role == "bass" else comp.last_chord(cue, seat.pitches)
    return notes


def _last_root(cue: Cue, seat: Seat) -> Note:
    """Return the root of the song's last chord, held to its end."""
    pitch = PitchRange(seat.low, seat.low + 12).root(cue.chords[-1])
    return Note(cue.closing, cue.form.beats - cue.closing, pitch, 0.8 * loudness(cue.energies[-1]))


def _hand(seat: Seat) -> Hand:
    """Return what a seat plays with: a drummer all drums, a percussionist the strokes of the instrument."""
    roles = set(catalog.instrument(seat.instrument)["roles"])
    if _kind(seat) != "drums":
        return Hand(seat.low, seat.high, chords=not roles.isdisjoint({*HARMONY, "fx"}))
    named = read_data("cast.toml")["strokes"] | {"percussion": read_data("gestures.toml")["percussion"]}
    names = read_data("gestures.toml")["drums"] if "drums" in roles else named.get(seat.instrument, named["percussion"])
    return Hand(seat.low, seat.high, tuple(drums.HITS[name] for name in names))


def _row(song: SongContext) -> tuple[int, ...]:
    row = list(range(12))
    song.dice.of("row").shuffle(row)
    return tuple(row)


def _section(
    cue: Cue, entries: list[catalog.Entry], hand: Hand, row: tuple[int, ...], chance: random.Random
) -> list[Note]:
    """Return one section's gestures. The livelier a bar, the shorter the silences."""
    beats, sparse = cue.plan.bpm / 60, _sparseness(cue.plan)
    end = min(cue.end, cue.closing if cue.last else cue.form.beats)
    at = cue.section.start + chance.uniform(0.0, 2.0 if cue.index else 0.3) * beats
    place = chance.randrange(12)
    notes: list[Note] = []
    while at < end:
        if cue.resting(at):
            at += cue.form.bar
            continue
        entry = chance.choice(entries)
        energy = cue.energies[min(len(cue.energies) - 1, int((at - cue.section.start) / cue.form.bar))]
        made = list(_gesture(entry, hand, row, place, chance))
        place += len(made)
        for note in made:
            start = at + note.start * beats
            if start < end and not cue.resting(start):
                length = min(note.length * beats, end - start)
                notes.append(replace(note, start=start, length=length, velocity=note.velocity * loudness(energy)))
        silence = chance.uniform(*_range(entry, "rest")) * (1.7 - 1.4 * energy) * sparse
        at += (max(note.start + note.length for note in made) + silence) * beats
    return notes


def _sparseness(plan: Plan) -> float:
    """Return the factor on all silences: by the genre's usual density, and by the prompt's."""
    usual = float(genres()[plan.genre]["genre"]["feel"][1])
    return (1.45 - usual) * (1.5 - plan.density)


def _gesture(
    entry: catalog.Entry, hand: Hand, row: tuple[int, ...], place: int, chance: random.Random
) -> Iterator[Note]:
    """Yield the notes of one gesture; times in seconds from its start, pitches from the row from `place` on."""
    count = chance.randint(*map(int, _range(entry, "events")))
    speed = entry.number("faster", 1.0) ** (1 / max(1, count - 1))
    gaps = [chance.uniform(*_range(entry, "apart")) * speed**turn for turn in range(count - 1)]
    if entry.data.get("same"):
        gaps = [max(gaps, default=0.0) * speed**turn for turn in range(count - 1)]
    loud, grows = chance.uniform(*_range(entry, "loud")), entry.number("grows", 0.0)
    center = chance.uniform(hand.low + 5, max(hand.low + 6, hand.high - 5))
    sounds = chance.sample(hand.sounds, min(3, len(hand.sounds)))
    first = 0
    for turn, start in enumerate(accumulate(gaps, initial=0.0)):
        if turn == 0 or not entry.data.get("same"):
            first = chance.choice(sounds) if sounds else _pitch(row[(place + turn) % 12], center, hand, entry, chance)
        velocity = loud + grows * turn / max(1, count - 1) + chance.uniform(-0.05, 0.05)
        length = chance.uniform(*_range(entry, "held"))
        for pitch in _stack(first, entry, hand, chance):
            yield Note(start, length, pitch, min(1.0, max(0.08, velocity)))


def _pitch(tone: int, center: float, hand: Hand, entry: catalog.Entry, chance: random.Random) -> int:
    """Return a pitch of the class `tone` within the gesture's spread: leaps over octaves leave no line to sing."""
    spread = entry.number("spread", 12.0)
    near = [p for p in range(hand.low, hand.high + 1) if p % 12 == tone]
    return chance.choice([p for p in near if abs(p - center) <= spread] or near)


def _stack(first: int, entry: catalog.Entry, hand: Hand, chance: random.Random) -> Iterator[int]:
    """Yield `first` and the notes struck with it; none above the range."""
    yield first
    if not hand.chords or "stack" not in entry.data:
        return
    pitch = first
    for _ in range(chance.randint(*map(int, _range(entry, "stack"))) - 1):
        pitch += chance.randint(*map(int, _range(entry, "step")))
        if pitch <= hand.high:
            yield pitch


def _range(entry: catalog.Entry, field: str) -> tuple[float, float]:
    least, most = entry.data[field]
    return least, most
