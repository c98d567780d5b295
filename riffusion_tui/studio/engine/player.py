"""One track's notes -> blocks of sound, in bounded memory: ringing notes are carried into the next block."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.effects import Chorus, Drive, Effect, ShortFilter, Tremolo, cabinet
from riffusion_tui.studio.engine.sampler import SampledVoice
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE
from riffusion_tui.studio.engine.synth.voice import NoteSound, Voice
from riffusion_tui.studio.engine.types import Note, Track
from riffusion_tui.studio.engine.vocal import Phrase, VocalLine

BLOCK = 1 << 15
"""Frames per block: 0.74 s."""

_CHUNK = 1 << 13
"""Frames added at once: as many as fit into the processor's cache."""

_IDLE_BLOCKS = 4
"""Silent blocks after which a track's effects have died away."""

Event = tuple[int, int, Callable[[], NoteSound]]
"""(first frame, pitch, makes the sound)."""


@dataclass(slots=True)
class PlayedTrack:
    """A track, its voice, its effects and its level."""

    track: Track
    voice: Voice | VocalLine
    effects: tuple[str, ...]
    gain_db: float = 0.0
    """Level in the mix, set by `track_levels`."""


def strength(note: Note, seconds_per_beat: float) -> tuple[float, int]:
    """Return a note's velocity and the frames it is held, as `Voice.note` takes them."""
    return min(1.0, max(0.02, note.velocity)), max(64, round(note.length * seconds_per_beat * SAMPLE_RATE))


class Player:
    """Turns one track's notes into stereo blocks."""

    def __init__(self, part: PlayedTrack, seconds_per_beat: float, seed: int) -> None:
        self._spb = seconds_per_beat
        self._events = self._played(part)
        self._next = 0
        self._ahead: deque[Signal] = deque()
        self._idle = _IDLE_BLOCKS
        self._spread = _spread_of(part)
        self._rows = 1 if part.voice.channels == 1 and self._spread == 0 else 2
        self._effects = [build_effect(name, seed) for name in part.effects]
        self._scaled = np.empty(_CHUNK, dtype=np.float32)

    def block(self, index: int) -> Signal | None:
        """Return block `index`, or None if it is silent. Call it once for each block, in order.

        It has one row if both sides are the same, else two.
        """
        start, end = index * BLOCK, (index + 1) * BLOCK
        while self._next < len(self._events) and self._events[self._next][0] < end:
            at, pitch, play = self._events[self._next]
            self._add(max(0, at - start), pitch, play())
            self._next += 1
        self._idle = 0 if self._ahead else self._idle + 1
        if self._idle > _IDLE_BLOCKS:
            return None
        out = self._ahead.popleft() if self._ahead else np.zeros((self._rows, BLOCK), dtype=np.float32)
        for effect in self._effects:
            out = effect(out)
        return out

    def _played(self, part: PlayedTrack) -> list[Event]:
        if isinstance(part.voice, VocalLine):
            return self._phrases(part.track, part.voice)
        return self._notes(part.track, part.voice)

    def _phrases(self, track: Track, line: VocalLine) -> list[Event]:
        def event(phrase: Phrase) -> Event:
            return phrase.start, 60, lambda: NoteSound(line.perform(phrase))

        return [event(p) for p in line.phrases(track.notes)]

    def _notes(self, track: Track, voice: Voice) -> list[Event]:
        def event(note: Note) -> Event:
            velocity, held = strength(note, self._spb)
            at = round(note.start * self._spb * SAMPLE_RATE)
            return at, note.pitch, lambda: voice.note(note.pitch, velocity, held)

        return [event(n) for n in sorted(track.notes, key=lambda n: (n.start, n.pitch))]

    def _add(self, at: int, pitch: int, sound: NoteSound) -> None:
        """Add a sound that begins at frame `at` of the next block."""
        sides = sound.sides or (self._sides(pitch) if sound.body.ndim == 1 else (1.0, 1.0))
        gains = [np.float32(side * sound.gain) for side in sides[: self._rows]]
        self._sum(at, sound.body, gains)
        if sound.tail is not None:
            self._sum(at + sound.body.shape[-1], sound.tail, gains, sound.release)

    def _sum(self, at: int, signal: Signal, gains: list[np.float32], fall: Signal | None = None) -> None:
        frames = signal.shape[-1]
        while len(self._ahead) * BLOCK < at + frames:
            self._ahead.append(np.zeros((self._rows, BLOCK), dtype=np.float32))
        sources = [signal] * self._rows if signal.ndim == 1 else list(signal)
        done = 0
        while done < frames:
            number, offset = divmod(at + done, BLOCK)
            n = min(BLOCK - offset, frames - done, _CHUNK)
            scaled = self._scaled[:n]
            for row, source, gain in zip(self._ahead[number], sources, gains, strict=True):
                target = row[offset : offset + n]
                np.multiply(source[done : done + n], gain, out=scaled)
                if fall is not None:
                    np.multiply(scaled, fall[done : done + n], out=scaled)
                np.add(target, scaled, out=target)
            done += n

    def _sides(self, pitch: int) -> tuple[float, float]:
        """Return the left and right gain of a mono note: the notes of a track are spread by pitch."""
        angle = (self._spread * ((pitch * 7) % 12 / 5.5 - 1) + 1) * np.pi / 4
        return float(np.cos(angle) * 1.2), float(np.sin(angle) * 1.2)


def _spread_of(part: PlayedTrack) -> float:
    """Return how wide a mono voice's notes are panned: chords wide; single lines, basses and recordings not."""
    if isinstance(part.voice, SampledVoice):
        return 0.0
    return {"chords": 0.7, "pad": 0.7, "arp": 0.8, "counter": 0.3, "lead": 0.15}.get(part.track.role, 0.0)


def build_effect(name: str, seed: int) -> Effect:
    """Return an effect by its name in `styles/voices.toml`."""
    if name == "overdrive":
        return Drive(1.2)
    if name == "distortion":
        return Drive(6.0)
    if name == "cabinet":
        return ShortFilter(cabinet(seed))
    if name == "double":
        return Chorus(0.41, 1.6, 0.28, seed % 6)
    if name == "rotary":
        return Tremolo(6.1, 0.35, 1.0)
    return Chorus(0.63, 2.2, 0.5, seed % 6)
