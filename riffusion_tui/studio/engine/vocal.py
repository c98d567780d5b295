"""The synthesized vocal: a formant voice whose vowels and consonants follow the lyrics' syllables.

A phrase is made in one go: one pitch line with glides and vibrato, and for each vowel a cycle of the voice's harmonics
shaped by that vowel's formants at that pitch; from vowel to vowel the cycles cross-fade. Consonants are noise and
moments of a closed mouth. It does not claim to be a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.synth.tones import (
    CURVE_HOP,
    NYQUIST,
    SAMPLE_RATE,
    Floats,
    cycle,
    hertz,
    lines,
    moments,
    noise_loop,
    read_loop,
    read_table,
    swaying_turns,
)
from riffusion_tui.studio.engine.types import Note

_GAP_S = 0.18
"""A silence longer than this, in seconds, ends a phrase."""
_MOST_S = 9.0
"""Phrases longer than this are divided, so that memory stays bounded."""
_LEVEL = 0.5
"""So that it is as loud as the other voices are at the same velocity."""
_LATE_S = 0.03
"""Seconds by which a choir's voices come late, at most."""
_BREATH_S = 0.12
"""Seconds in which a phrase's last vowel dies away."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a syllable is made of."""

    onset: tuple[str, ...]
    """Consonants before the vowel."""
    first: str
    """The vowel it begins on: a, e, i, o, u."""
    last: str
    """The vowel it ends on."""
    coda: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Notes that hang together. `start` in frames from the start of the song."""

    start: int
    notes: tuple[Note, ...]


class VocalLine:
    """Carries a melody's syllables: `kind` is male, female or choir."""

    channels = 2

    def __init__(self, kind: str, seconds_per_beat: float) -> None:
        self.kind = kind
        self._spb = seconds_per_beat

    def phrases(self, notes: Sequence[Note]) -> list[Phrase]:
        """Return the notes as phrases, in order."""
        found: list[list[Note]] = []
        for note in sorted(notes, key=lambda n: n.start):
            last = found[-1] if found else None
            if last is None or self._apart(last, note):
                found.append([note])
            else:
                last.append(note)
        return [Phrase(round(group[0].start * self._spb * SAMPLE_RATE), tuple(group)) for group in found]

    def _apart(self, group: list[Note], note: Note) -> bool:
        gap = (note.start - group[-1].start - group[-1].length) * self._spb
        return gap > _GAP_S or (note.start + note.length - group[0].start) * self._spb > _MOST_S

    def perform(self, phrase: Phrase) -> Signal:
        """Return the phrase in stereo, shape (2, frames)."""
        if self.kind != "choir":
            low = sum(n.pitch for n in phrase.notes) / len(phrase.notes) < 57
            table = "male" if self.kind == "male" or (self.kind == "any" and low) else "female"
            one = self._one(phrase, table, 0, 0.0)
            return np.stack([one, one]) * np.float32(_LEVEL)
        voices = [("female", -0.8, -9.0), ("male", 0.5, 8.0), ("female", 0.8, 6.0), ("male", -0.5, -7.0)]
        sung = [self._one(phrase, table, i, cents) for i, (table, _, cents) in enumerate(voices, start=1)]
        angles = (np.array([pan for _, pan, _ in voices]) + 1) * np.pi / 4
        sides = np.stack([np.cos(angles), np.sin(angles)]).astype(np.float32) * np.float32(1.2 * _LEVEL)
        return np.asarray(sides @ np.stack(sung), dtype=np.float32)

    def _one(self, phrase: Phrase, table: str, who: int, cents: float) -> Signal:
        """Return one voice's phrase, mono."""
        begin = phrase.notes[0].start
        edges = [round((n.start - begin) * self._spb * SAMPLE_RATE) for n in phrase.notes]
        end = round((phrase.notes[-1].start + phrase.notes[-1].length - begin) * self._spb * SAMPLE_RATE)
        frames = end + int(_BREATH_S * SAMPLE_RATE)
        rng = np.random.default_rng(phrase.start + 7919 * who)
        lag = int(rng.uniform(0, _LATE_S) * SAMPLE_RATE) if who else 0
        sounds = [sound_of(n.syllable, i + phrase.start) for i, n in enumerate(phrase.notes)]
        pitches = [n.pitch + cents / 100 for n in phrase.notes]
        turns = swaying_turns(_pitch_line(pitches, edges, frames, rng), frames)
        out = _vowels(phrase.notes, sounds, [*edges, end], turns, table)
        out *= _loudness_line(phrase.notes, [*edges, end], frames, sounds)
        _add_consonants(out, phrase.notes, sounds, edges, end)
        return np.pad(out, (lag, int(_LATE_S * SAMPLE_RATE) - lag)) if who else out


def _pitch_line(pitches: list[float], edges: list[int], frames: int, rng: np.random.Generator) -> Floats:
    """Return the frequency at each moment: glides between notes, a scoop at the start, late vibrato, a little drift."""
    t = moments(frames)
    starts = np.array(edges) / SAMPLE_RATE
    which = np.clip(np.searchsorted(starts, t, side="right") - 1, 0, len(pitches) - 1)
    semitones = np.array(pitches)[which]
    since = t - starts[which]
    before = np.array([pitches[0] - 0.7, *pitches[:-1]])[which]
    semitones = semitones + (before - semitones) * np.exp(-since / 0.028)
    lengths = np.diff(np.append(starts, frames / SAMPLE_RATE))[which]
    depth = np.clip((since - 0.22) / 0.35, 0, 1) * np.clip(lengths / 0.6, 0, 1) * 0.32
    rate = 5.3 + 0.4 * rng.standard_normal()
    knots = np.arange(0, t[-1] + 0.2, 0.09)
    drift = np.interp(t, knots, 0.06 * rng.standard_normal(len(knots)))
    semitones = semitones + depth * np.sin(2 * np.pi * rate * t + rng.uniform(0, 6)) + drift
    return np.asarray(440.0 * 2 ** ((semitones - 69) / 12), dtype=np.float64)


def _vowels(notes: tuple[Note, ...], sounds: list[Sound], edges: list[int], turns: Floats, table: str) -> Signal:
    """Return the voiced sound: each vowel's cycle, cross-faded into the next."""
    frames = len(turns)
    out = np.zeros(frames, dtype=np.float32)
    fade = int(0.045 * SAMPLE_RATE)
    for i, (note, sound) in enumerate(zip(notes, sounds, strict=True)):
        start, stop = edges[i], edges[i + 1] if i + 1 < len(notes) else frames
        hum = min(_hum(sound.onset), 0.3 * (stop - start) / SAMPLE_RATE)
        marks = [("m", start), (sound.first, start + int(hum * SAMPLE_RATE))] if hum > 0.01 else [(sound.first, start)]
        if sound.last != sound.first:
            marks.append((sound.last, start + int(0.55 * (stop - start))))
        for j, (vowel, at) in enumerate(marks):
            to = marks[j + 1][1] if j + 1 < len(marks) else stop
            first = j == 0 and i == 0
            last = j + 1 == len(marks) and i + 1 == len(notes)
            _blend(out, voice_cycle(table, vowel, note.pitch, note.velocity), turns, (at, to), fade, (first, last))
    return out


def _blend(
    out: Signal, table: Signal, turns: Floats, span: tuple[int, int], fade: int, ends: tuple[bool, bool]
) -> None:
    """Add `table` over `span`, fading over `fade` frames around both edges unless they are the phrase's ends."""
    half = fade // 2
    low = span[0] if ends[0] else max(0, span[0] - half)
    high = span[1] if ends[1] else min(len(out), span[1] + half)
    if high - low < 2:
        return
    part = read_table(table, turns[low:high])
    width = min(fade, (high - low) // 2)
    ramp = np.linspace(0, 1, width, dtype=np.float32)
    if not ends[0]:
        part[:width] *= ramp
    if not ends[1] and width:
        part[-width:] *= ramp[::-1]
    out[low:high] += part


@lru_cache(maxsize=256)
def _cycle_at(table: str, vowel: str, pitch: int, strength: int) -> Signal:
    f0 = hertz(pitch)
    freqs = f0 * np.arange(1, int(min(NYQUIST, 9000.0) / f0) + 1)
    gain = np.zeros(len(freqs))
    for centre, width, db in _data()["formants"][table][vowel]:
        # A high voice moves its first formant up to the note, or the note would be lost between two of them.
        centre = max(centre, f0 * 1.02) if centre < 1000 else centre
        wide = max(width, 0.35 * f0)
        gain += 10 ** (db / 20) / np.sqrt(1 + ((freqs - centre) / wide) ** 2) ** 1.6
    tilt = (freqs / f0) ** -(0.62 - 0.1 * strength)
    table_ = cycle(gain * tilt)
    return np.asarray(table_ * (0.22 / max(1e-9, float(np.sqrt(np.mean(table_**2))))), dtype=np.float32)


def voice_cycle(table: str, vowel: str, pitch: int, velocity: float) -> Signal:
    """Return one cycle of a voice on a vowel at a pitch; louder is brighter."""
    return _cycle_at(table, vowel, pitch, int(velocity * 3.99))


def _hum(onset: tuple[str, ...]) -> float:
    return max((float(_data()["consonants"].get(c, {}).get("hum", 0.0)) for c in onset), default=0.0)


def _loudness_line(notes: tuple[Note, ...], edges: list[int], frames: int, sounds: list[Sound]) -> Signal:
    """Return the gain at each frame: the notes' velocities, dips for consonants, breath at the phrase's end."""
    t = np.arange(0, frames + 2 * CURVE_HOP, CURVE_HOP)
    starts = np.array(edges[:-1])
    which = np.clip(np.searchsorted(starts, t, side="right") - 1, 0, len(notes) - 1)
    velocity = np.array([n.velocity for n in notes])
    level = velocity[which] ** 1.1
    since = (t - starts[which]) / SAMPLE_RATE
    stops = np.array([_stop(s.onset) for s in sounds])[which]
    dips = np.array([0.75 if s.onset else 0.25 for s in sounds])[which]
    level = level * (1 - dips * np.exp(-np.maximum(0, since - stops) / 0.03))
    # The stop itself, taken from the end of the note before.
    following = np.append(starts[1:], 1 << 40)[which]
    close = np.array([*[_stop(s.onset) for s in sounds[1:]], 0.0])[which]
    to_next = (following - t) / SAMPLE_RATE
    level = np.where((close > 0) & (to_next < close + 0.015), level * 0.08, level)
    over = (t - edges[-1]) / (SAMPLE_RATE * _BREATH_S)
    level = level * np.clip(1 - over, 0, 1) ** 2 * np.clip(t / (0.03 * SAMPLE_RATE), 0, 1)
    smooth = np.convolve(np.pad(level, 4, mode="edge"), np.full(9, 1 / 9), "valid")
    smooth[-3:] = 0
    smooth[0] = 0
    return lines(smooth, CURVE_HOP)[:frames]


def _stop(onset: tuple[str, ...]) -> float:
    return max((float(_data()["consonants"].get(c, {}).get("stop", 0.0)) for c in onset), default=0.0)


def _add_consonants(out: Signal, notes: tuple[Note, ...], sounds: list[Sound], edges: list[int], end: int) -> None:
    """Add the noise of consonants, in place: an onset's ends as its note begins, a coda's at the note's end."""
    for i, (note, sound, at) in enumerate(zip(notes, sounds, edges, strict=True)):
        for c in sound.onset:
            _hiss(out, c, at, note.velocity, before=0.6)
        if sound.coda and (i + 1 == len(notes) or not sounds[i + 1].onset):
            stop = edges[i + 1] if i + 1 < len(notes) else end
            _hiss(out, sound.coda[-1], stop, note.velocity * 0.7, before=0.8)


def _hiss(out: Signal, consonant: str, at: int, velocity: float, before: float) -> None:
    row = _data()["consonants"].get(consonant, {})
    if "band" not in row:
        return
    frames = int(row["seconds"] * SAMPLE_RATE)
    start = max(0, at - int(before * frames))
    frames = min(frames, len(out) - start)
    if frames < 64:
        return
    shape = np.hanning(frames).astype(np.float32)
    noise = read_loop(noise_loop(*map(float, row["band"])), (at * 31) % 40_000, frames)
    out[start : start + frames] += noise * shape * np.float32(row["level"] * 3.2 * velocity)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return read_data("vowels.toml")


@lru_cache(maxsize=2048)
def sound_of(syllable: str, turn: int = 0) -> Sound:
    """Return what a syllable sounds like, from its letters; without letters, one of a few open vowels by `turn`."""
    letters = "".join(c for c in syllable.lower() if c.isalpha())
    vowels = _data()["vowels"]
    start = next((i for i, c in enumerate(letters) if c in vowels and (c != "y" or i > 0)), None)
    if start is None:
        open_vowel = "aoea"[turn % 4] if not letters else "e"
        return Sound(_consonants(letters), open_vowel, open_vowel, ())
    end = start
    while end < len(letters) and letters[end] in vowels:
        end += 1
    pair = _known(syllable) or _spelt(letters, start, end)
    written = _data()["written"]
    before, after = letters[:start], letters[end:]
    before = written["before"].get(before, before)
    unheard = next((name for name in written["after"] if after.startswith(name)), "")
    return Sound(
        _consonants(before), pair[0], pair[1], _consonants(written["after"].get(unheard, "") + after[len(unheard) :])
    )


def _known(syllable: str) -> str:
    """The vowels of a syllable whose spelling misleads: `love`, `you`, `ma-` of `many`; else nothing."""
    plain = "".join(c for c in syllable.lower().replace("’", "'") if c.isalpha() or c in "'-")
    return _words().get(plain) or _words().get(plain.rstrip("-"), "")


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    return {word: pair for pair, words in _data()["words"].items() for word in words.split()}


def _spelt(letters: str, start: int, end: int) -> str:
    """The vowels that a syllable's spelling from `start` to `end` stands for."""
    vowels = _data()["vowels"]
    middle, rest = letters[start:end], letters[end:]
    if len(middle) == 1 and len(rest) == 2 and rest[1] == "e" and middle in _data()["silent_e"]:
        return str(_data()["silent_e"][middle])
    name = next((name for name in ("igh", "eigh", "ough", "augh") if letters.startswith(name, start)), middle)
    return str(vowels.get(name) or vowels.get(middle[:2]) or vowels[middle[0]])


def _consonants(letters: str) -> tuple[str, ...]:
    known = _data()["consonants"]
    found: list[str] = []
    i = 0
    while i < len(letters):
        size = 2 if letters[i : i + 2] in known else 1
        if letters[i : i + size] in known:
            found.append(letters[i : i + size])
        i += size
    return tuple(found)
