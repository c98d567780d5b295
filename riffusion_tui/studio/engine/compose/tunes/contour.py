"""Chooses singable pitches: near the intended contour, mostly in steps, turning back after leaps.

The pitches of a line are chosen together: the line with the least sum of costs (Viterbi's algorithm). Costs are in
arbitrary units; a third costs about 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf

_LEAP = 5
"""Smallest leap, in semitones."""
_REACH = 9
"""Semitones around the wanted pitch that are considered."""
_MAX_INTERVAL = 16
_PITCH_RANGE = 127
"""Semitones between the lowest and the highest MIDI note."""

# Cost of an interval by its semitones.
_INTERVALS = (0.6, 0.05, 0.05, 0.45, 0.45, 0.7, 2.2, 0.9, 1.5, 1.8, 2.9, 3.4, 1.8, 7.0, 8.0, 9.0, 10.0)
_CHANTED = (0.0, 0.3, 0.3, 0.7, 0.7, 0.9, 2.4, 1.1, 1.7, 2.0, 3.1, 3.6, 2.1, 7.0, 8.0, 9.0, 10.0)
_PER_SEMITONE = 0.47
"""Cost of each semitone away from the wanted pitch."""
_OTHER_THAN_BEFORE = 0.95
"""Cost of each semitone away from the figure's earlier pitch, up to three."""
_OUTSIDE_THE_CHORD = 2.4
_ABOVE_A_TONE, _BELOW_A_TONE = 4.0, 1.5
"""Extra costs of a held note a semitone above, or below, a chord tone."""
_BASS_TONES = {0: 1.5, 7: 0.8}
"""Extra costs of an octave and a fifth above the bass where a chord begins, so that few of them follow each other."""
_WRONG_CLOSE = 9.0
_NOT_TURNED = 2.6
_STILL_AFTER_A_LEAP = 2.2
_STILL_AGAIN = 1.2
_TOLERANCE = 1e-9
"""Costs that differ by less may be equal, but for rounding."""

_UP, _REST, _STILL, _DOWN = range(4)
"""How a note was reached: after a leap up, a step or third, a repetition, or a leap down."""

_State = tuple[float, int, int, int]
"""A line's cost up to a note, its place among the states of that note, the note's pitch, and how it was reached."""
_Earlier = tuple[float, int, int, list[tuple[int, float]]]
"""The same before a move: cost, place, pitch less `_PITCH_RANGE`, and the moves from there."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A note of a line before it has a pitch."""

    scale: frozenset[int]
    """Allowed pitch classes."""
    wished: int
    chord: frozenset[int]
    """Pitch classes of the chord."""
    held: bool = False
    """Whether it is long or on a strong beat, so that it should be a chord tone."""
    close: frozenset[int] = frozenset()
    """Preferred pitch classes at the end of a phrase."""
    earlier: int | None = None
    """The earlier pitch of the same note of the figure."""
    bass: int | None = None
    """The pitch class that the bass plays with it, if a chord begins."""


def sung(slots: list[Slot], before: tuple[int, ...], low: int, high: int, chants: bool = False) -> list[int]:
    """Return a pitch for each slot, between `low` and `high`.

    Args:
        slots: the line's notes, at least one.
        before: the preceding pitches, the latest last; may be empty.
        low: the lowest pitch.
        high: the highest pitch.
        chants: whether repeated notes are wanted.
    """
    return list(_sung(tuple(slots), before[-2:], low, high, chants))


@lru_cache(maxsize=1024)  # more than half of a song's lines return
def _sung(slots: tuple[Slot, ...], before: tuple[int, ...], low: int, high: int, chants: bool) -> tuple[int, ...]:
    moves = _move_costs(chants)
    states: list[_State] = []
    if before:
        states.append((0.0, 0, before[-1], _kind(before[-1] - before[-2]) if len(before) > 1 else _REST))
    ways: list[list[tuple[int, int]]] = []
    for slot in slots:
        earlier = [(cost, place, pitch - _PITCH_RANGE, moves[kind]) for cost, place, pitch, kind in sorted(states)]
        pitches = {pitch for _, _, pitch, _ in states}
        states = []
        way: list[tuple[int, int]] = []
        for pitch in _candidates(slot, low, high):
            own = _own_cost(slot, pitch)
            found = _reached(earlier, pitch, own) if earlier else [(_REST, own, 0)]
            if len(found) > 1 and pitches.isdisjoint(range(pitch - _LEAP + 1, pitch)):
                found.sort(key=lambda move: (_UP, _STILL, _REST, _DOWN).index(move[0]))
            for kind, cost, place in found:
                states.append((cost, len(way), pitch, kind))
                way.append((pitch, place))
        ways.append(way)
    return _traced(ways, min(states)[1])


def _reached(earlier: list[_Earlier], pitch: int, own: float) -> list[tuple[int, float, int]]:
    """Return each kind of move to `pitch` that the cheapest line may contain, its cost, and the place it starts from.

    The states come by cost, and it stops at the first one that is too expensive.
    """
    costs = [inf, inf, inf, inf]
    places = [0, 0, 0, 0]
    most = inf
    for cost, place, lowest, moves in earlier:
        cost += own
        if cost > most:
            break
        kind, moved = moves[pitch - lowest]
        cost += moved
        if cost < costs[kind] or (cost == costs[kind] and place < places[kind]):
            costs[kind] = cost
            places[kind] = place
            if kind == _REST:
                # No later move is cheaper after a leap or a repetition: if it costs more than a step, it never wins.
                most = cost + _TOLERANCE
    return [(kind, cost, places[kind]) for kind, cost in enumerate(costs) if cost <= most and cost < inf]


@lru_cache(maxsize=2)
def _move_costs(chants: bool) -> tuple[list[tuple[int, float]], ...]:
    """Return, for each kind of the move before, the kind and cost of a move by its semitones plus `_PITCH_RANGE`.

    A table, since lines ask some hundred thousand times a song.
    """
    intervals = _CHANTED if chants else _INTERVALS
    return tuple(
        [(_kind(move), _move_cost(move, kind, intervals)) for move in range(-_PITCH_RANGE, _PITCH_RANGE + 1)]
        for kind in range(4)
    )


def _traced(ways: list[list[tuple[int, int]]], place: int) -> tuple[int, ...]:
    """Return the pitches on the way to the last note's state at `place`."""
    pitches = []
    for way in reversed(ways):
        pitch, place = way[place]
        pitches.append(pitch)
    return tuple(reversed(pitches))


def _kind(move: int) -> int:
    if move == 0:
        return _STILL
    return _REST if abs(move) < _LEAP else _UP if move > 0 else _DOWN


def _move_cost(move: int, kind: int, intervals: tuple[float, ...]) -> float:
    size = abs(move)
    cost = intervals[size] if size <= _MAX_INTERVAL else 12.0 + size
    if kind in (_UP, _DOWN):
        if move == 0:
            cost += _STILL_AFTER_A_LEAP
        elif (move > 0) == (kind == _UP):
            cost += _NOT_TURNED
    elif kind == _STILL and move == 0 and intervals is _INTERVALS:
        cost += _STILL_AGAIN
    return cost


def _own_cost(slot: Slot, pitch: int) -> float:
    cost = _PER_SEMITONE * abs(pitch - slot.wished)
    tone = pitch % 12
    if slot.close and tone not in slot.close:
        cost += _WRONG_CLOSE
    elif slot.held and tone not in slot.chord:
        beside = _BELOW_A_TONE if (tone + 1) % 12 in slot.chord else 0.0
        cost += _OUTSIDE_THE_CHORD + (_ABOVE_A_TONE if (tone - 1) % 12 in slot.chord else beside)
    if slot.bass is not None and not slot.close:
        cost += _BASS_TONES.get((tone - slot.bass) % 12, 0.0)
    if slot.earlier is not None:
        cost += _OTHER_THAN_BEFORE * min(3, abs(pitch - slot.earlier))
    return cost


def _candidates(slot: Slot, low: int, high: int) -> list[int]:
    """Return the candidate pitches of a note: in its scale and near the wanted one, else in the whole range."""
    wished = min(max(slot.wished, low), high)
    classes = slot.scale | slot.close
    near = range(max(low, wished - _REACH), min(high, wished + _REACH) + 1)
    return [p for p in near if p % 12 in classes] or [p for p in range(low, high + 1) if p % 12 in classes] or [wished]
