"""The protocol of all voices, and the cache and envelope that they share."""

from __future__ import annotations

import zlib
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.synth.tones import RELEASED, SAMPLE_RATE, Curve, filtered, release_curve

_CLOSING = 720
"""Frames in which a hat closes."""

LEVELS = 4
"""Velocities are rendered at this many loudness steps (timbre); loudness itself is continuous."""


@dataclass(frozen=True, slots=True)
class NoteSound:
    """A note's sound: `body`, then `tail` times `release`, all of it times `gain`; mono or stereo.

    The arrays may be a voice's kept tones: don't write to them.
    """

    body: Signal
    gain: float = 1.0
    tail: Signal | None = None
    """What sounds after the note, shaped like `body`."""
    release: Signal | None = None
    """How the tail dies away, mono."""
    sides: tuple[float, float] | None = None
    """The gains of a mono body on the left and right; None leaves its place to the track."""


class Voice(Protocol):
    """Plays notes."""

    channels: int
    """1 if a note is the same on both sides, or placed by the track; else 2."""

    def note(self, pitch: int, velocity: float, held: int) -> NoteSound:
        """Return the note held for `held` frames, including its release."""
        ...


class Kit(Voice, Protocol):
    """A drum kit."""

    def note(self, pitch: int, velocity: float, held: int, curve: Curve = ()) -> NoteSound:
        """See `Voice.note`; `curve` is a filter that the hit passes."""
        ...


class ToneVoice:
    """A voice that makes one tone for each pitch and loudness step, and cuts notes of any length from it."""

    channels = 1

    def __init__(self, name: str, cache: SignalCache, *, release: float, level: float = 1.0) -> None:
        """`release` in seconds, `level` a factor on the amplitude."""
        self.name = name
        self.cache = cache
        self.release = max(64, int(release * RELEASED * SAMPLE_RATE))
        self.level = level
        self._curve: Curve = ()
        self._curve_hash = 0
        self._longest: dict[Hashable, int] = {}

    @property
    def curve(self) -> Curve:
        """A filter that all tones pass."""
        return self._curve

    @curve.setter
    def curve(self, points: Curve) -> None:
        # The key of each note's tone: hashing all its points takes longer than the rest of a note.
        self._curve, self._curve_hash = points, hash(points)

    def expect(self, pitch: int, velocity: float, held: int) -> None:
        """Announce a note, so that each tone is rendered once, as long as the longest note that is cut from it."""
        key = self._key(pitch, velocity)
        self._longest[key] = max(self._longest.get(key, 0), held + self.release)

    def _key(self, pitch: int, velocity: float) -> Hashable:
        return self.name, self._curve_hash, pitch, self.color(pitch, min(LEVELS - 1, int(velocity * LEVELS)))

    def tone(self, pitch: int, hardness: float, frames: int) -> Signal:
        """Return `frames` of the tone, played with `hardness` 0 to 1. A longer tone begins with the shorter."""
        raise NotImplementedError

    def longest(self, pitch: int) -> int:
        """Return the frames after which a tone of `pitch` has died away by itself."""
        return 1 << 30

    def color(self, pitch: int, step: int) -> Hashable:
        """Return a key that is equal for loudness steps at which a tone of `pitch` has the same timbre."""
        return step

    def note(self, pitch: int, velocity: float, held: int) -> NoteSound:
        """See `Voice.note`."""
        step = min(LEVELS - 1, int(velocity * LEVELS))
        end = self.longest(pitch)
        frames = min(held + self.release, end)
        key = self._key(pitch, velocity)
        tone = self.cache.get(key)
        if tone is None or tone.shape[-1] < frames:
            length = max(frames, self._longest[key]) if key in self._longest else _bucket(frames)
            tone = self.tone(pitch, (step + 0.5) / LEVELS, min(length, end))
            tone = self.cache.put(key, filtered(tone, self.curve) if self.curve else tone)
        gain = self.level * velocity**1.4
        if held >= frames:
            return NoteSound(tone[..., :frames], gain)
        return NoteSound(tone[..., :held], gain, tone[..., held:frames], release_curve(self.release))


def closed(sound: Signal, held: int, gain: float, sides: tuple[float, float] | None = None) -> NoteSound:
    """Return a drum's sound that ends soon after `held` frames, as when an open hat closes."""
    frames = min(sound.shape[-1], held + _CLOSING)
    if held >= frames:
        return NoteSound(sound, gain, sides=sides)
    return NoteSound(sound[..., :held], gain, sound[..., held:frames], release_curve(_CLOSING), sides)


def seed_of(name: str, pitch: int) -> int:
    """Return a seed that is the same in every process."""
    return zlib.crc32(f"{name}:{pitch}".encode())


def _bucket(frames: int) -> int:
    """Round up to 1, 1.5, 2, 3, 4, 6 … quarter seconds, so that few lengths are rendered."""
    size = SAMPLE_RATE // 4
    while size < frames:
        if size * 3 // 2 >= frames:
            return size * 3 // 2
        size *= 2
    return size
