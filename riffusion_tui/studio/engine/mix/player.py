"""One track's notes → spans of sound, in bounded memory: notes that still ring are kept for the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.mix.effects import Chorus, Drive, Effect, ShortFilter, Tremolo, cabinet
from riffusion_tui.studio.engine.mix.slides import Reached, Slides, reached, slid
from riffusion_tui.studio.engine.mix.wah import Wah
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.singing.vocal import Phrase, VocalLine
from riffusion_tui.studio.engine.soundfonts.sampler import SampledKit, SampledVoice
from riffusion_tui.studio.engine.synth.drumkit import KitVoice
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, Curve
from riffusion_tui.studio.engine.synth.voice import Kit, NoteSound, Voice

BLOCK = 1 << 15
"""Frames that are mixed at once, 0.74 s: as many as fit into the processor's cache."""
SPAN = 2 * BLOCK
"""Frames that a track is played at once: with half as many, most time would be spent calling functions."""

_IDLE_SPANS = 2
"""Silent spans after which a track's effects have died away."""

_TO_ONE_SIDE = 0.7
"""Pan from which on a guitar's cabinet has one microphone."""

DRIVES = {"overdrive": 1.2, "distortion": 6.0}
"""The effects that are a `Drive`, and its amount."""

Event = tuple[int, int, Callable[[], NoteSound]]
"""(first frame, pitch, makes the sound)."""

_Layer = tuple[int, int, Signal, Signal, Signal | None]
"""(first frame, end, sound, gains of the rows, how it dies away)."""


@dataclass(slots=True)
class PlayedTrack:
    """A track, its voice, its effects and its level."""

    track: Track
    voice: Voice | VocalLine
    effects: tuple[str, ...]
    gain_db: float = 0.0
    """Level in the mix, set by `track_levels`."""
    ride_db: float = 0.0
    """How much louder it is while a lead plays and nobody sings, see `rides`."""
    slides: Slides | None = None
    """How it reaches its notes; None plays them straight."""


def strength(note: Note, seconds_per_beat: float) -> tuple[float, int]:
    """Return a note's velocity and the frames it is held, as `Voice.note` takes them."""
    return min(1.0, max(0.02, note.velocity)), max(64, round(note.length * seconds_per_beat * SAMPLE_RATE))


class Player:
    """Turns one track's notes into spans of stereo sound."""

    def __init__(
        self,
        part: PlayedTrack,
        seconds_per_beat: float,
        seed: int,
        curve_at: Callable[[int], Curve] = lambda frame: (),
        gains: Callable[[int], Signal | None] = lambda index: None,
    ) -> None:
        """`curve_at` returns the filter of a drum that is hit at a frame, `gains` those of a span's frames."""
        self._spb = seconds_per_beat
        self._gains = gains
        self._curve_at = curve_at
        self._events = self._played(part)
        self._next = 0
        self._ringing: list[_Layer] = []
        self._idle = _IDLE_SPANS
        spread = _spread_of(part)
        self._sides = [_sides(spread, pitch) for pitch in range(12)]
        self._rows = 1 if part.voice.channels == 1 and spread == 0 else 2
        self._effects = [build_effect(name, seed, part.track.pan) for name in part.effects]

    def span(self, index: int, into: Signal | None = None) -> Signal | None:
        """Return `SPAN` frames from `index` times that on, or None if they are silent. Call it for each, in order.

        It has one row if both sides are the same, else two. They are the first rows of `into`, if that is given.
        """
        start, end = index * SPAN, (index + 1) * SPAN
        while self._next < len(self._events) and self._events[self._next][0] < end:
            at, pitch, play = self._events[self._next]
            self._ringing += self._layers(max(at, start), pitch, play())
            self._next += 1
        self._idle = 0 if self._ringing else self._idle + 1
        if self._idle > _IDLE_SPANS:
            return None
        room = np.empty((2, SPAN), dtype=np.float32) if into is None else into
        out = self._sum(start, end, room[: self._rows])
        self._ringing = [layer for layer in self._ringing if layer[1] > end]
        out = self._through_effects(out, room) if self._effects else out
        gains = self._gains(index)
        return out if gains is None else np.multiply(out, gains, out=out)

    def _through_effects(self, sound: Signal, room: Signal) -> Signal:
        """Write a span through the effects to the first rows of `room`, and return them."""
        rows = 0
        for start in range(0, SPAN, BLOCK):
            piece = sound[:, start : start + BLOCK]
            for effect in self._effects:
                piece = effect(piece)
            rows = len(piece)
            room[:rows, start : start + BLOCK] = piece
        return room[:rows]

    def _played(self, part: PlayedTrack) -> list[Event]:
        if isinstance(part.voice, VocalLine):
            return self._phrases(part.track, part.voice)
        if isinstance(part.voice, KitVoice | SampledKit):
            return self._hits(part.track, part.voice)
        return self._notes(part.track, part.voice, part.slides)

    def _phrases(self, track: Track, line: VocalLine) -> list[Event]:
        def event(phrase: Phrase) -> Event:
            return phrase.start, 60, lambda: NoteSound(line.perform(phrase), phrase.gain)

        return [event(p) for p in line.phrases(track.notes)]

    def _notes(self, track: Track, voice: Voice, slides: Slides | None) -> list[Event]:
        def event(note: Note, how: Reached | None) -> Event:
            play = partial(voice.note, note.pitch, *strength(note, self._spb))
            return self._frame(note), note.pitch, play if how is None else lambda: slid(play(), how)

        notes = _ordered(track)
        ways = reached(slides, notes, self._spb) if slides else (None for _ in notes)
        return [event(note, how) for note, how in zip(notes, ways, strict=True)]

    def _hits(self, track: Track, kit: Kit) -> list[Event]:
        def event(note: Note) -> Event:
            at = self._frame(note)
            return at, note.pitch, partial(kit.note, note.pitch, *strength(note, self._spb), self._curve_at(at))

        return [event(n) for n in _ordered(track)]

    def _frame(self, note: Note) -> int:
        return round(note.start * self._spb * SAMPLE_RATE)

    def _layers(self, at: int, pitch: int, sound: NoteSound) -> list[_Layer]:
        """Return what to add for a sound that begins at frame `at`."""
        sides = sound.sides or (self._sides[pitch % 12] if sound.body.ndim == 1 else (1.0, 1.0))
        gains = np.array([[side * sound.gain] for side in sides[: self._rows]], dtype=np.float32)
        middle = at + sound.body.shape[-1]
        layers: list[_Layer] = [(at, middle, sound.body, gains, None)]
        if sound.tail is not None:
            layers.append((middle, middle + sound.tail.shape[-1], sound.tail, gains, sound.release))
        return layers

    def _sum(self, start: int, end: int, out: Signal) -> Signal:
        """Write the sum of what rings from frame `start` to `end` to `out`, and return it."""
        out[:] = 0
        for at, until, sound, gains, fall in self._ringing:
            first, last = max(at, start), min(until, end)
            if first < last:
                scaled = sound[..., first - at : last - at] * gains
                if fall is not None:
                    scaled *= fall[first - at : last - at]
                out[:, first - start : last - start] += scaled
        return out


def _sides(spread: float, pitch: int) -> tuple[float, float]:
    """Return the left and right gain of a mono note: the notes of a track are spread by pitch."""
    angle = (spread * ((pitch * 7) % 12 / 5.5 - 1) + 1) * np.pi / 4
    return float(np.cos(angle) * 1.2), float(np.sin(angle) * 1.2)


def _ordered(track: Track) -> list[Note]:
    return sorted(track.notes, key=lambda n: (n.start, n.pitch))


def _spread_of(part: PlayedTrack) -> float:
    """Return how wide a mono voice's notes are panned: chords wide; single lines, basses and recordings not."""
    if isinstance(part.voice, SampledVoice):
        return 0.0
    return {"chords": 0.7, "pad": 0.7, "arp": 0.8, "counter": 0.3, "lead": 0.15}.get(part.track.role, 0.0)


def build_effect(name: str, seed: int, pan: float = 0.0) -> Effect:
    """Return an effect by its name in `styles/voices.toml`, for a track at `pan`."""
    if name in DRIVES:
        return Drive(DRIVES[name])
    if name == "cabinet":
        sides = cabinet(seed)
        # The far microphone would be inaudible.
        return ShortFilter(sides if abs(pan) < _TO_ONE_SIDE else sides[0])
    if name == "double":
        return Chorus(0.41, 1.6, 0.28, seed % 6)
    if name == "wah":
        return Wah()
    if name == "rotary":
        return Tremolo(6.1, 0.35, 1.0)
    return Chorus(0.63, 2.2, 0.5, seed % 6)
