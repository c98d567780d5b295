"""Chords as a guitarist holds them: the root on a low string, and above it what one hand reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise, product

from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.pitch_range import PitchRange
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Chord

_REACH = 3
"""Frets between the first and the last finger."""
_HIGHEST_FRET = 8
_MIDDLE_FRET = 5
"""The most comfortable fret for a hand that holds only high strings."""
_LOW, _FOURTH = 48, 5
"""Below this pitch, notes that are closer than this many semitones blur."""
_OPEN = 3
"""With so many open strings, a chord rings as guitarists like it, even if it blurs."""
_FEWEST_STRUCK = 4
"""How many strings, from the lowest, have all tones of a chord if one hand can hold them."""


def strings_struck(instrument: str) -> int:
    """Return how many strings of a guitar sound in its chords; 0: it is no guitar, or plays other chords."""
    return int(read_data("cast.toml")["fretted"].get(instrument, 0))


def span() -> PitchRange:
    """Return the lowest and the highest pitch of a chord."""
    strings = read_data("cast.toml")["strings"]["tuning"]
    return PitchRange(int(strings[0]), int(strings[-1]) + _HIGHEST_FRET + _REACH)


def held(cue: Cue, struck: int) -> Cue:
    """Return the cue with its chords as they are held on a guitar, on `struck` strings."""
    return replace(cue, chords=tuple(_held(chord, struck) for chord in cue.chords))


def _held(chord: Chord, struck: int) -> Chord:
    classes = frozenset(pitch % 12 for pitch in chord.pitches)
    root = chord.root if chord.root in classes else chord.pitches[0] % 12
    return replace(chord, pitches=shape(root, classes)[:struck])


def held_high(cue: Cue) -> Cue:
    """Return the cue with its chords as they are held on the four high strings, above a bass that has the root."""
    return replace(cue, chords=tuple(replace(chord, pitches=_high(chord)) for chord in cue.chords))


def _high(chord: Chord) -> tuple[int, ...]:
    return high_shape(chord.root, frozenset(pitch % 12 for pitch in chord.pitches))


@cache
def high_shape(root: int, classes: frozenset[int]) -> tuple[int, ...]:
    """Return the pitches of the chord on the four high strings, the lowest first; the root is the first tone to go.

    Of all places of the hand it is the one where the fewest tones are missing, then the one nearest to the fifth fret.
    """
    strings = tuple(read_data("cast.toml")["strings"]["tuning"])[-_FEWEST_STRUCK:]
    wanted = classes - {root} if len(classes) > _FEWEST_STRUCK - 1 else classes

    def faults(way: tuple[int, tuple[int, ...]]) -> tuple[int, int, int]:
        first, pitches = way
        return len(wanted - {pitch % 12 for pitch in pitches}), -len(pitches), abs(first - _MIDDLE_FRET)

    ways = ((first, pitches) for first in range(1, _HIGHEST_FRET + 1) for pitches in _above(strings, first, classes))
    return min(ways, key=faults)[1]


def _above(strings: tuple[int, ...], first: int, classes: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """Yield what a hand at fret `first` can hold: at most one chord tone a string, each higher than the one before."""
    frets = range(first, first + _REACH + 1)
    tones = ([None, *(s + fret for fret in frets if (s + fret) % 12 in classes)] for s in strings)
    for choice in product(*tones):
        pitches = tuple(pitch for pitch in choice if pitch is not None)
        if all(low < high for low, high in pairwise(pitches)):
            yield pitches


@cache
def shape(root: int, classes: frozenset[int]) -> tuple[int, ...]:
    """Return the pitches of the chord with these pitch classes, the lowest first.

    Of all shapes it is the one whose low strings lack the fewest tones, then all strings; then the one with most of
    the low ones, with no third that rumbles above a low root, and nearest to the nut.
    """
    strings = tuple(read_data("cast.toml")["strings"]["tuning"])

    def faults(way: tuple[int, tuple[int, ...]]) -> tuple[int, int, int, bool, int]:
        fret, pitches = way
        low = pitches[:_FEWEST_STRUCK]
        close = any(one < _LOW and other - one < _FOURTH for one, other in pairwise(low))
        rumbles = close and len({*pitches} & {*strings}) < _OPEN
        missing = [len(classes - {pitch % 12 for pitch in some}) for some in (low, pitches)]
        return missing[0], missing[1], -len(low), rumbles, fret

    return min(_shapes(root, classes, strings), key=faults)[1]


def _shapes(root: int, classes: frozenset[int], strings: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield each shape whose root is on one of the three low strings, and the fret of its root."""
    for number, string in enumerate(strings[:3]):
        for fret in range(_HIGHEST_FRET + 1):
            if (string + fret) % 12 == root:
                for first in range(max(0, fret - _REACH), fret + 1):
                    above = [_tone(open_, first, classes) for open_ in strings[number + 1 :]]
                    pitches = sorted({string + fret, *(pitch for pitch in above if pitch is not None)})
                    yield fret, tuple(pitches)


def _tone(string: int, first: int, classes: frozenset[int]) -> int | None:
    """Return the lowest chord tone on a string with the hand at fret `first`; 0 is the open string."""
    frets = range(first, first + _REACH + 1)
    return next((string + fret for fret in frets if (string + fret) % 12 in classes), None)
