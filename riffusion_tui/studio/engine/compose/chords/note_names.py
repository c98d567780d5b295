"""Names of notes in a key: the sixth degree of Eb minor is Cb, the seventh of C mixolydian Bb, not B and A#."""

from __future__ import annotations

from functools import lru_cache

from riffusion_tui.studio.engine.compose.chords.theory import is_minor, tonic
from riffusion_tui.studio.engine.song_plan import MAJOR_TONICS, MINOR_TONICS

_LETTERS = "CDEFGAB"
_NATURAL = (0, 2, 4, 5, 7, 9, 11)
_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_UNUSUAL = frozenset({"Fb", "E#", "B#"})


@lru_cache(maxsize=1024)
def degree_name(key: str, degree: int, step: int) -> str:
    """Return the name of a degree of a key.

    Args:
        key: the tonic, such as `Eb`.
        degree: 0 for the tonic, 6 for the leading note.
        step: semitones above the tonic.
    """
    return _spelled(_letter(key) + degree, tonic(key) + step)


def moved_name(name: str, old: str, new: str) -> str:
    """Return the name of a note of the key `old` in the key `new`."""
    return _spelled(_letter(name) + _letter(new) - _letter(old), tonic(name) + tonic(new) - tonic(old))


def raised_tonic(key: str, mode: str, by: int) -> str:
    """Return the usual name of the tonic that is `by` semitones above a key's."""
    return key if not by else (MINOR_TONICS if is_minor(mode) else MAJOR_TONICS)[(tonic(key) + by) % 12]


def _letter(name: str) -> int:
    return max(0, _LETTERS.find(name[:1].upper() or "C"))


def _spelled(letter: int, pitch: int) -> str:
    """Return the name of a pitch with a letter; with another one if that needs two accidentals or is unusual."""
    letter %= 7
    accidental = (pitch - _NATURAL[letter] + 6) % 12 - 6
    name = _LETTERS[letter] + ("#" * accidental if accidental > 0 else "b" * -accidental)
    if abs(accidental) > 1 or name in _UNUSUAL:
        return (_SHARPS if accidental > 0 else _FLATS)[pitch % 12]
    return name
