"""Music theory: scales, Roman numerals and voicings.

Pitch classes are 0 (C) to 11 (B). Chord words are Roman numerals against the major scale of the tonic (`bVII`,
`iim7b5`), as in https://en.wikipedia.org/wiki/Roman_numeral_analysis, so that one progression serves every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

_SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "double harmonic": (0, 1, 4, 5, 7, 8, 11),
    "hungarian minor": (0, 2, 3, 6, 7, 8, 11),
    "whole tone": (0, 2, 4, 6, 8, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "hirajoshi": (0, 2, 3, 7, 8),
    "in-sen": (0, 1, 5, 7, 10),
    "pelog": (0, 1, 3, 7, 8),
    "chromatic": tuple(range(12)),
}
_ALSO = {
    "ionian": "major",
    "aeolian": "minor",
    "natural minor": "minor",
    "major pentatonic": "pentatonic",
    "pentatonic major": "pentatonic",
    "pentatonic minor": "minor pentatonic",
    "minor blues": "blues",
    "major blues": "blues",
    "arabic": "double harmonic",
    "byzantine": "double harmonic",
    "gypsy": "hungarian minor",
    "spanish": "phrygian dominant",
}
# The seven-tone scale from which a smaller scale takes its chords.
_PARENTS = {
    "blues": "mixolydian",
    "pentatonic": "major",
    "minor pentatonic": "minor",
    "whole tone": "lydian",
    "hirajoshi": "minor",
    "in-sen": "phrygian",
    "pelog": "phrygian",
}

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NUMERALS = {"i": 0, "ii": 2, "iii": 4, "iv": 5, "v": 7, "vi": 9, "vii": 11}
_NUMERAL = re.compile(r"^([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)$")

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "o": (0, 3, 6),
    "+": (0, 4, 8),
    "5": (0, 7),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "mmaj7": (0, 3, 7, 11),
    "m7b5": (0, 3, 6, 10),
    "o7": (0, 3, 6, 9),
    "7sus4": (0, 5, 7, 10),
    "add9": (0, 4, 7, 2),
    "madd9": (0, 3, 7, 2),
    "69": (0, 4, 7, 9, 2),
    "9": (0, 4, 7, 10, 2),
    "maj9": (0, 4, 7, 11, 2),
    "m9": (0, 3, 7, 10, 2),
    "m11": (0, 3, 7, 10, 5),
    "m13": (0, 3, 7, 10, 9),
    "11": (0, 7, 10, 2, 5),
    "13": (0, 4, 7, 10, 9),
    "7b5": (0, 4, 6, 10),
    "7#5": (0, 4, 8, 10),
    "7b9": (0, 4, 7, 10, 1),
    "7#9": (0, 4, 7, 10, 3),
    "7#11": (0, 4, 7, 10, 6),
    "7alt": (0, 4, 10, 3, 8),
    "maj7#11": (0, 4, 7, 11, 6),
    "cluster": (0, 1, 2, 3),
    "split": (0, 1, 6),
    "all": (0, 1, 4, 6),
    "whole": (0, 2, 4, 6, 8),
    "fourths": (0, 5, 10, 3),
}
_UNNAMED = frozenset({"cluster", "split", "all", "whole", "fourths"})
"""Qualities without a chord symbol: clusters of seconds, a fourth and tritone, all intervals, whole tones, fourths."""
_NO_CHORD = "N.C."
"""What a chart has in place of a chord's symbol."""


@lru_cache(maxsize=256)
def tonic(key: str) -> int:
    """Return the pitch class of a tonic: `F#` is 6, `Bb` is 10; an unknown one is C."""
    letter = _LETTERS.get(key[:1].upper(), 0)
    return (letter + key.count("#") + key.count("♯") - key[1:].count("b") - key.count("♭")) % 12


def mode_name(mode: str) -> str:
    """Return a mode's key in `_SCALES`; an unknown one is major."""
    word = mode.strip().lower()
    word = _ALSO.get(word, word)
    return word if word in _SCALES else "major"


@lru_cache(maxsize=256)
def scale_of(mode: str) -> tuple[int, ...]:
    """Return the scale for melodies, as semitones above the tonic."""
    return _SCALES[mode_name(mode)]


@lru_cache(maxsize=256)
def parent_of(mode: str) -> tuple[int, ...]:
    """Return the seven-tone scale for harmony: the scale itself, or the parent of a pentatonic or blues scale."""
    name = mode_name(mode)
    return _SCALES[_PARENTS.get(name, name)]


def is_minor(mode: str) -> bool:
    """Whether the third above the tonic is minor."""
    return 4 not in parent_of(mode)


@lru_cache(maxsize=1024)
def allowed_tones(mode: str, root: int) -> frozenset[int]:
    """Return the pitch classes that count as in the scale: the scale's and its parent's."""
    return frozenset((root + step) % 12 for step in (*scale_of(mode), *parent_of(mode)))


@lru_cache(maxsize=4096)
def read_numeral(word: str) -> tuple[int, str]:
    """Return the root in semitones above the tonic, and the quality: `bVII` is (10, ""), `ii7` is (2, "m7").

    Raises:
        ValueError: the word is not a Roman numeral, or its quality is unknown.
    """
    found = _NUMERAL.match(word)
    if not found:
        raise ValueError(f"not a chord word: {word}")
    sign, numeral, rest = found.groups()
    root = (_NUMERALS[numeral.lower()] + {"": 0, "b": -1, "#": 1}[sign]) % 12
    small = numeral.islower() and not rest.startswith(("m", "o", "5", "sus", "+"))
    quality = f"m{rest}" if small else rest
    if quality not in QUALITIES:
        raise ValueError(f"no such chord quality: {word}")
    return root, quality


@lru_cache(maxsize=1024)
def degree_of(word: str) -> int:
    """Return the degree of a chord word that `read_numeral` reads: 0 for `I`, 6 for `bVII`."""
    return [*_NUMERALS].index(_NUMERAL.sub(r"\2", word).lower())


@lru_cache(maxsize=4096)
def colored(root: int, quality: str, scale: tuple[int, ...], color: str) -> str:
    """Return the quality of a plain triad in a style's color: triad, power, add9, seventh, ninth.

    Only a plain major or minor triad changes, and only by tones of the scale.
    """
    if quality not in ("", "m") or color == "triad":
        return quality
    if color == "power":
        return "5"
    tones = {(step - root) % 12 for step in scale}
    seventh = "7" if 10 in tones else "maj7" if 11 in tones and not quality else ""
    if color == "add9" or not seventh:
        return (quality + "add9") if 2 in tones else quality
    if color == "ninth" and 2 in tones:
        seventh = {"7": "9", "maj7": "maj9"}[seventh]
    return quality + seventh


def symbol(root: str, quality: str) -> str:
    """Return a chord symbol: `Bbm7`; `N.C.` for a chord that has none."""
    return _NO_CHORD if quality in _UNNAMED else root + quality


def nearest(pitch: float, classes: Iterable[int]) -> int:
    """Return the pitch nearest to `pitch` with one of `classes`; the lower of two."""
    wanted = set(classes)
    center = round(pitch)
    for distance in range(12):
        for candidate in (center - distance, center + distance):
            if candidate % 12 in wanted:
                return candidate
    return center


def step_in(pitch: int, steps: int, classes: frozenset[int]) -> int:
    """Return the pitch `steps` scale steps above (or below) `pitch`."""
    direction = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        pitch += direction
        while pitch % 12 not in classes:
            pitch += direction
    return pitch


def into_range(pitch: int, low: int, high: int) -> int:
    """Return the pitch moved by octaves into `low` to `high`, which must span at least an octave."""
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return pitch


def voice(classes: Sequence[int], before: Sequence[int], low: int, high: int) -> tuple[int, ...]:
    """Return a voicing between `low` and `high` with the least movement from `before`.

    There is no second or third below E3 (52), where it would sound muddy.
    """
    return _voiced(tuple(classes), tuple(before), low, high)


@lru_cache(maxsize=4096)
def _voiced(classes: tuple[int, ...], before: tuple[int, ...], low: int, high: int) -> tuple[int, ...]:
    options = tuple(_voicings(tuple(dict.fromkeys(c % 12 for c in classes)), low, high))
    if not options:
        return tuple(sorted(into_range(c % 12 + 60, low, high) for c in classes))
    center = (low + high) / 2
    if not before:
        return min(options, key=lambda option: (abs(sum(option) / len(option) - center), option))
    return min(options, key=lambda option: (_movement(before, option) + 0.15 * abs(option[-1] - center - 4), option))


@lru_cache(maxsize=4096)
def _voicings(classes: tuple[int, ...], low: int, high: int) -> tuple[tuple[int, ...], ...]:
    found = []
    ordered = sorted(classes)
    for turn in range(len(ordered)):
        cycle = ordered[turn:] + ordered[:turn]
        first = low + (cycle[0] - low) % 12
        while first <= high:
            stack = [first]
            for tone in cycle[1:]:
                stack.append(stack[-1] + (tone - stack[-1]) % 12)
            found += [tuple(sorted(shape)) for shape in (stack, _dropped(stack)) if _clean(sorted(shape), low, high)]
            first += 12
    return tuple(dict.fromkeys(found))


def _dropped(stack: list[int]) -> list[int]:
    # "Drop 2": lowering the second voice from above by an octave opens a close chord.

    return [*stack[:-2], stack[-2] - 12, stack[-1]] if len(stack) > 2 else stack


def _clean(stack: list[int], low: int, high: int) -> bool:
    return stack[0] >= low and stack[-1] <= high and all(b - a > 4 or a >= 52 for a, b in pairwise(stack))


def _movement(before: Sequence[int], after: Sequence[int]) -> float:
    there = sum(min(abs(tone - old) for old in before) for tone in after)
    back = sum(min(abs(tone - new) for new in after) for tone in before)
    return there + back
