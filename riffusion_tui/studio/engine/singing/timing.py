"""The timing of a phrase's sounds: vowels start on their notes, the consonants before them start earlier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.pronunciation.letter_sounds import VOWELS
from riffusion_tui.studio.engine.pronunciation.pronounce import Sound

_CROWDED = 0.58
"""Share of the time from vowel to vowel for consonants, at most."""
_CLUSTER = 0.75
"""Length of a consonant in a cluster relative to a single one."""
_JOINED_S = 0.06
"""Rests shorter than this are sung through, in seconds."""
_SECOND_VOWEL = 0.35
"""Share of a note for the second of two vowels."""
REST = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A speech sound from `start` to `end`, in seconds from the phrase's first vowel; `REST` is a rest."""

    sound: str
    start: float
    end: float
    note: int
    """The note that it belongs to."""
    begins: bool = False
    """Whether a word begins with it."""


def segments(sounds: Sequence[Sound], starts: Sequence[float], ends: Sequence[float]) -> list[Segment]:
    """Return the timed sounds of a phrase; `starts` and `ends` of its notes in seconds, with the first start at 0."""
    found: list[Segment] = []
    lead = sum(_lengths(sounds[0].onset))
    _row(found, sounds[0].onset, -lead, 1.0, 0, sounds[0].begins)
    for i, sound in enumerate(sounds):
        following = sounds[i + 1].onset if i + 1 < len(sounds) else ()
        until = starts[i + 1] if i + 1 < len(sounds) else ends[i] + sum(_lengths(sound.coda))
        coda, onset = sum(_lengths(sound.coda)), sum(_lengths(following))
        room = until - starts[i]
        squeeze = min(1.0, _CROWDED * room / (coda + onset)) if coda + onset else 1.0
        vowel_end = until - (coda + onset) * squeeze
        rest = starts[i + 1] - ends[i] if i + 1 < len(sounds) else 0.0
        if rest > _JOINED_S:
            vowel_end = max(min(vowel_end, ends[i] - 0.5 * coda * squeeze), starts[i] + 0.4 * room)
        _nucleus(found, sound, starts[i], vowel_end, i)
        _row(found, sound.coda, vowel_end, squeeze, i, begins=False)
        if i + 1 < len(sounds):
            begin = until - onset * squeeze
            if begin - found[-1].end > 1e-4:
                found.append(Segment(REST, found[-1].end, begin, i))
            _row(found, following, begin, squeeze, i + 1, sounds[i + 1].begins)
    return found


def _row(found: list[Segment], sounds: tuple[str, ...], at: float, squeeze: float, note: int, begins: bool) -> None:
    for place, (sound, length) in enumerate(zip(sounds, _lengths(sounds), strict=True)):
        found.append(Segment(sound, at, at + length * squeeze, note, begins and place == 0))
        at += length * squeeze


def _nucleus(found: list[Segment], sound: Sound, start: float, end: float, note: int) -> None:
    begins = sound.begins and not sound.onset
    inner = [length for s, length in zip(sound.nucleus, _lengths(sound.nucleus), strict=True) if s not in VOWELS]
    vowels = len(sound.nucleus) - len(inner)
    squeeze = min(1.0, 0.4 * (end - start) / sum(inner)) if inner else 1.0
    left = end - start - sum(inner) * squeeze
    shares = (
        [1 - _SECOND_VOWEL * (vowels - 1)] + [_SECOND_VOWEL] * (vowels - 1) if vowels < 3 else [1 / vowels] * vowels
    )
    for s in sound.nucleus:
        length = left * shares.pop(0) if s in VOWELS else inner.pop(0) * squeeze
        found.append(Segment(s, start, start + length, note, begins))
        start, begins = start + length, False


def _lengths(sounds: tuple[str, ...]) -> list[float]:
    rows = read_data("phones.toml")["consonants"]
    factor = _CLUSTER if len(sounds) > 1 else 1.0
    return [factor * _length(rows[sound]) if sound in rows else 0.0 for sound in sounds]


def _length(row: dict[str, float]) -> float:
    return row["seconds"] + row.get("burst", 0.0) + row.get("wait", 0.0)
