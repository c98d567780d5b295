"""Score -> the mix as blocks of sound, with bounded memory: notes that ring on are carried into the next block.

The mix is a sum of tracks, and each thing done to a track before the sum is done to that track alone; what happens to
the sum (reverb, echo, level of a section, ducking) is linear. So the stems, each rendered by itself, add up to the mix.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from riffusion_tui.studio.engine.base import Note, Score, Track
from riffusion_tui.studio.engine.cache import Signal
from riffusion_tui.studio.engine.effects import (
    Chorus,
    Delay,
    Drive,
    Effect,
    Reverb,
    ShortFilter,
    Soften,
    Tremolo,
    Wow,
    cabinet,
    room,
)
from riffusion_tui.studio.engine.mixing import Mixing
from riffusion_tui.studio.engine.sweeps import SWEPT, Sweeps
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, drawn_filter
from riffusion_tui.studio.engine.synth.voice import Voice
from riffusion_tui.studio.engine.vocal import VocalLine

BLOCK = 1 << 16
"""Frames of a block: a second and a half."""

_IDLE_BLOCKS = 2
"""Silent blocks after which a track's effects have nothing left to say."""

_ECHOED = frozenset({"lead", "vocal", "arp"})

TAIL_S = 3.0
"""Seconds after the last beat in which reverb and tones die away."""

DRUM_ROLES = frozenset({"drums", "percussion"})
_LOW_ROLES = frozenset({"drums", "percussion", "bass", "fx"})
"""Roles that keep their lows; all others make room for the bass."""

# What is taken from everything but bass and drums: (hertz, dB).
_UPPER = ((30.0, -14.0), (80.0, -7.0), (140.0, -2.0), (250.0, -1.0), (500.0, 0.0), (20_000.0, 0.0))

_KICKS = frozenset({35, 36})


Event = tuple[int, int, Callable[[], Signal]]
"""(first frame, pitch, makes the sound)."""


@dataclass(slots=True)
class Part:
    """A track and what plays it."""

    track: Track
    voice: Voice | VocalLine
    effects: tuple[str, ...]
    gain_db: float = 0.0
    """Level in the mix, as `balance` sets it."""


class Player:
    """Turns one track's notes into stereo blocks."""

    def __init__(self, part: Part, seconds_per_beat: float, seed: int) -> None:
        self._spb = seconds_per_beat
        self._events = self._played(part)
        self._next = 0
        self._ahead: deque[Signal] = deque()
        self._idle = _IDLE_BLOCKS
        self._spread = _spread_of(part)
        self._effects = [build_effect(name, seed) for name in part.effects]
        self._scaled = np.empty(BLOCK, dtype=np.float32)

    def block(self, index: int) -> Signal | None:
        """Return block number `index`, or None where nothing sounds; blocks are asked for in order, each once."""
        start, end = index * BLOCK, (index + 1) * BLOCK
        while self._next < len(self._events) and self._events[self._next][0] < end:
            at, pitch, play = self._events[self._next]
            self._add(max(0, at - start), pitch, play())
            self._next += 1
        self._idle = 0 if self._ahead else self._idle + 1
        if self._idle > _IDLE_BLOCKS:
            return None
        out = self._ahead.popleft() if self._ahead else np.zeros((2, BLOCK), dtype=np.float32)
        for effect in self._effects:
            out = effect(out)
        return out

    def _played(self, part: Part) -> list[Event]:
        if isinstance(part.voice, VocalLine):
            return [(p.start, 60, partial(part.voice.perform, p)) for p in part.voice.phrases(part.track.notes)]
        return self._notes(part.track, part.voice)

    def _notes(self, track: Track, voice: Voice) -> list[Event]:
        def event(note: Note) -> Event:
            held = max(64, round(note.length * self._spb * SAMPLE_RATE))
            velocity = float(np.clip(note.velocity, 0.02, 1.0))
            at = round(note.start * self._spb * SAMPLE_RATE)
            return at, note.pitch, lambda: voice.note(note.pitch, velocity, held)

        return [event(n) for n in sorted(track.notes, key=lambda n: (n.start, n.pitch))]

    def _add(self, at: int, pitch: int, sound: Signal) -> None:
        """Add a sound that begins at frame `at` of the block that comes next."""
        frames = sound.shape[-1]
        while len(self._ahead) * BLOCK < at + frames:
            self._ahead.append(np.zeros((2, BLOCK), dtype=np.float32))
        sides = None if sound.ndim == 2 else self._sides(pitch)
        done = 0
        while done < frames:
            number, offset = divmod(at + done, BLOCK)
            n = min(BLOCK - offset, frames - done)
            target = self._ahead[number][:, offset : offset + n]
            if sides is None:
                target += sound[:, done : done + n]
            else:
                for side, gain in zip(target, sides, strict=True):
                    side += np.multiply(sound[done : done + n], gain, out=self._scaled[:n])
            done += n

    def _sides(self, pitch: int) -> tuple[np.float32, np.float32]:
        """Return the gains of a mono note to the left and right: notes of one part lie beside each other."""
        angle = (self._spread * ((pitch * 7) % 12 / 5.5 - 1) + 1) * np.pi / 4
        return np.float32(np.cos(angle) * 1.2), np.float32(np.sin(angle) * 1.2)


def _tone_curve(mixing: Mixing) -> tuple[tuple[float, float], ...]:
    """Return the whole mix's filter: the genre's tone, and the narrow band of a worn tape as far as it is lo-fi."""
    worn = mixing.lofi
    points = zip((60.0, 250.0, 1000.0, 4000.0, 12_000.0), mixing.tone, (-2.0, 0.0, 1.0, -3.0, -15.0), strict=True)
    inner = tuple((hertz, db + worn * lost) for hertz, db, lost in points)
    return ((25.0, inner[0][1] - 12 * worn), *inner, (20_000.0, inner[-1][1] - 12 * worn))


def _spread_of(part: Part) -> float:
    """Return how far a mono voice's notes are spread over the picture: chords wide, single lines and basses not."""
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


class Automation:
    """The gain of each moment: sections by their energy, and everything but drums giving way to the kick."""

    def __init__(self, score: Score, mixing: Mixing) -> None:
        self._frames_per_beat = 60.0 / score.plan.bpm * SAMPLE_RATE
        edges = [0.0]
        gains = [self._gain(score, 0, mixing)]
        for i, section in enumerate(score.sections[1:], start=1):
            at = section.start * self._frames_per_beat
            edges += [at - 0.25 * self._frames_per_beat, at]
            gains += [gains[-1], self._gain(score, i, mixing)]
        self._edges, self._gains = np.array(edges), np.array(gains)
        self._soft = [(s.start * self._frames_per_beat, max(0.0, 0.7 - s.energy)) for s in score.sections]
        kicks = sorted({n.start for t in score.tracks if t.role == "drums" for n in t.notes if n.pitch in _KICKS})
        self._kicks = np.array(kicks) * self._frames_per_beat if mixing.duck > 0 else np.array([])
        self._duck = 1 - 10 ** (-mixing.duck / 20)
        self._back = min(0.32 * SAMPLE_RATE, 0.8 * self._frames_per_beat)

    @staticmethod
    def _gain(score: Score, index: int, mixing: Mixing) -> float:
        energies = [s.energy for s in score.sections] or [1.0]
        low, high = min(energies), max(energies)
        share = (energies[index] - low) / (high - low) if high > low else 1.0
        return float(10 ** (mixing.range * (share - 1) / 20))

    def level(self, index: int) -> Signal:
        """Return the sections' gain over block `index`."""
        at = np.arange(index * BLOCK, (index + 1) * BLOCK, 64)
        return np.repeat(np.interp(at, self._edges, self._gains).astype(np.float32), 64)

    def softness(self, index: int) -> float:
        """Return how much of the highs a calm section gives up, 0 to 1."""
        middle = (index + 0.5) * BLOCK
        return next((soft for at, soft in reversed(self._soft) if at <= middle), 0.0)

    def ducking(self, index: int) -> Signal | None:
        """Return the side-chain's gain over block `index`, or None when nothing ducks."""
        if not len(self._kicks):
            return None
        at = np.arange(index * BLOCK, (index + 1) * BLOCK, 32)
        last = np.searchsorted(self._kicks, at, side="right") - 1
        since = np.where(last >= 0, at - self._kicks[np.maximum(last, 0)], 1e9)
        gain = 1 - self._duck * np.clip(1 - since / self._back, 0, 1) ** 1.5
        return np.repeat(gain.astype(np.float32), 32)


class Mixer:
    """Plays all parts and sums them, block after block.

    Iterating gives (2, BLOCK) arrays until the song and its tail are over. `only` renders a single track with its share
    of reverb and echo: a stem.
    """

    def __init__(self, score: Score, parts: list[Part], mixing: Mixing, only: int | None = None) -> None:
        spb = 60.0 / score.plan.bpm
        self.frames = int((score.beats * spb + TAIL_S) * SAMPLE_RATE)
        self.blocks = -(-self.frames // BLOCK)
        chosen = list(enumerate(parts)) if only is None else [(only, parts[only])]
        self._players = [(part, Player(part, spb, i), Soften()) for i, part in chosen]
        self._mixing = mixing
        self._automation = Automation(score, mixing)
        self._sweeps = Sweeps(score, mixing.sweep, BLOCK)
        self._room = Reverb(room(mixing.room, mixing.bright, 7), BLOCK)
        self._clear = ShortFilter(drawn_filter(_UPPER))
        tone = any(mixing.tone) or mixing.lofi > 0
        self._tone = ShortFilter(drawn_filter(_tone_curve(mixing))) if tone else None
        self._wow = Wow(mixing.lofi) if mixing.lofi > 0 else None
        self._echo = Delay(mixing.echo_beats * spb, 0.45) if mixing.echo > 0 else None

    def __iter__(self) -> Iterator[Signal]:
        for index in range(self.blocks):
            yield self._block(index)

    def _block(self, index: int) -> Signal:
        low = np.zeros((2, BLOCK), dtype=np.float32)
        # Left, right, and what is sent into the room.
        upper = np.zeros((3, BLOCK), dtype=np.float32)
        swept = np.zeros((3, BLOCK), dtype=np.float32)
        send = np.zeros(BLOCK, dtype=np.float32)
        echo = np.zeros((2, BLOCK), dtype=np.float32)
        ducking = self._automation.ducking(index)
        softness = self._automation.softness(index)
        level = self._automation.level(index)
        under = level if ducking is None else level * ducking
        for part, player, soften in self._players:
            played = player.block(index)
            if played is None:
                continue
            role = part.track.role
            out = soften(played, softness)
            out *= level if role in DRUM_ROLES else under
            out *= _sides_of(part)
            bus = swept if role in SWEPT else upper
            both = out[0] + out[1]
            both *= np.float32(self._mixing.wet_by.get(role, 0.2) * self._mixing.wet * 0.7)
            if role in _LOW_ROLES:
                low += out
                send += both
            else:
                bus[:2] += out
                bus[2] += both
            if self._echo is not None and role in _ECHOED:
                echo += out * np.float32(self._mixing.echo)
        upper += self._sweeps.opened(swept, index)
        send += upper[2]
        total = self._clear(upper[:2])
        total += self._sweeps.lightened(low, index)
        total += self._room(send)
        if self._echo is not None:
            total += self._echo(echo)
        if self._tone is not None:
            total = self._tone(total)
        return total if self._wow is None else self._wow(total)


def _sides_of(part: Part) -> Signal:
    """Return a part's gains to the left and right, shape (2, 1)."""
    gain = 10 ** (part.gain_db / 20) * 2**0.5
    angle = (part.track.pan + 1) * np.pi / 4
    return np.array([[gain * np.cos(angle)], [gain * np.sin(angle)]], dtype=np.float32)
