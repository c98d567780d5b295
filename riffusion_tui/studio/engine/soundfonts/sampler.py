"""Voices that play the samples of a soundfont."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.loudness import loudness_of
from riffusion_tui.studio.engine.soundfonts.soundfont import SoundFont
from riffusion_tui.studio.engine.soundfonts.soundfont_region import Region
from riffusion_tui.studio.engine.synth.swept import HOP, OPEN, STEPS, swept
from riffusion_tui.studio.engine.synth.tones import RELEASED, SAMPLE_RATE, Curve, attack, filtered, lines
from riffusion_tui.studio.engine.synth.voice import LEVELS, NoteSound, ToneVoice, closed

REFERENCE_DB = -20.0
"""Loudness of each instrument's reference note, so that soundfonts and synthesizers are level."""

_KIT_DB = -17.0
_ONSET_S = 0.0015
_ENDLESS = 1 << 30
_ONE_PLACE = 0.01
"""Largest difference between the pans of samples at one place, -1 left to 1 right."""
_INAUDIBLE = 10 ** (-63 / 20)
"""A drum's sound ends where it stays below this share of its peak: beside any other sound, it is over."""
_FADE_S = 0.06
"""Seconds over which it fades out before that."""
_Corners = tuple[int, ...]
_SILENT_DB = 100.0
"""How far a sound falls in its decay time if it isn't sustained: SoundFont 2.04, volume envelope."""
_CHUNK = 1 << 13
"""Frames resampled at once: as many as fit into the processor's cache."""


class _Color:
    """What makes a tone's timbre: its samples and their filters' settings. Its hash is computed once."""

    __slots__ = ("_hash", "_samples")

    def __init__(self, samples: tuple[tuple[Region, _Corners], ...]) -> None:
        self._samples, self._hash = samples, hash(samples)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, _Color) and self._samples == other._samples)


class SampledVoice(ToneVoice):
    """An instrument of a soundfont. Each tone is resampled once and cached.

    If all samples of its expected notes are at one place, it is a single channel, and `pan` is that place.
    """

    channels = 2

    def __init__(self, font: SoundFont, program: int, cache: SignalCache, reference: int) -> None:
        """`reference` is the pitch at which loudness is set."""
        super().__init__(f"{font.name} {program}", cache, release=0.2)
        self._font, self._program = font, program
        self._places: set[float] = set()
        self._lengths: dict[int, int] = {}
        self._colors: dict[tuple[int, int], _Color] = {}
        self._distinct: dict[_Color, _Color] = {}
        self.pan = 0.0
        middle = font.regions(0, program, reference, 90)
        seconds = max((r.release for r in middle), default=0.2)
        self.release = int(np.clip(seconds, 0.06, 1.2) * RELEASED * SAMPLE_RATE)
        measured = loudness_of(self.tone(reference, 0.7, SAMPLE_RATE))
        self.level = round(float(np.clip(10 ** ((REFERENCE_DB - measured) / 20), 0.05, 20.0)) / 0.7**1.4, 3)

    def expect(self, pitch: int, velocity: float, held: int) -> None:
        """See `ToneVoice.expect`."""
        super().expect(pitch, velocity, held)
        place = _place(self._places, _ONE_PLACE)
        self.channels, self.pan = (2, 0.0) if place is None else (1, place)

    def longest(self, pitch: int) -> int:
        """Return the frames until its longest sample ends."""
        if pitch not in self._lengths:
            regions = self._font.regions(0, self._program, pitch, 90)
            self._lengths[pitch] = max((_length(self._font, region) for region in regions), default=64)
        return self._lengths[pitch]

    def color(self, pitch: int, step: int) -> Hashable:
        """Return the samples that play, and their filter's setting."""
        if (pitch, step) not in self._colors:
            hardness = (step + 0.5) / LEVELS
            regions = self._font.regions(0, self._program, pitch, int(30 + 90 * hardness))
            self._places |= {r.pan for r in regions}
            color = _Color(tuple((r, _corners(r, HOP, hardness)) for r in regions))
            self._colors[pitch, step] = self._distinct.setdefault(color, color)
        return self._colors[pitch, step]

    def tone(self, pitch: int, hardness: float, frames: int) -> Signal:
        """See `ToneVoice.tone`."""
        velocity = int(30 + 90 * hardness)
        regions = self._font.regions(0, self._program, pitch, velocity)
        # Some samples do not start at zero.
        return attack(_played(self._font, regions, frames, hardness, self.channels), _ONSET_S)


class SampledKit:
    """A drum kit of a soundfont."""

    channels = 2

    def __init__(self, font: SoundFont, kit: int, cache: SignalCache) -> None:
        """`kit` is the program in bank 128: 0 standard, 8 room, 16 power, 32 jazz, 40 brushes, 48 orchestra."""
        self._font, self._cache = font, cache
        self._kit = kit if font.has(128, kit) else 0
        self.name = f"{font.name} kit {self._kit}"
        self._sides: dict[tuple[int, int], tuple[float, float] | None] = {}
        loud = [loudness_of(self._stereo(number)) for number in (36, 38)]
        self.level = round(float(np.clip(10 ** ((_KIT_DB - max(loud)) / 20), 0.05, 20.0)), 3)

    def note(self, pitch: int, velocity: float, held: int, curve: Curve = ()) -> NoteSound:
        """See `Kit.note`; the end of the note closes an open hat."""
        sound, sides = self._sound(pitch, min(LEVELS - 1, int(velocity * LEVELS)), curve)
        gain = self.level * velocity**1.4
        return closed(sound, held, gain, sides) if pitch == 46 else NoteSound(sound, gain, sides=sides)

    def _stereo(self, number: int) -> Signal:
        """Return the first quarter second of a piece that is hit hard."""
        sound, sides = self._rendered(number, LEVELS - 1)
        first = sound[..., : SAMPLE_RATE // 4]
        return first if sides is None else np.array(sides, dtype=np.float32)[:, None] * first

    def _sound(self, number: int, step: int, curve: Curve) -> tuple[Signal, tuple[float, float] | None]:
        """Return the sound of a piece: mono, with its sides' gains, if all its samples are at one place."""
        key = (self.name, number, step, curve)
        kept = self._cache.get(key)
        if kept is None and curve:
            kept = self._cache.put(key, filtered(self._sound(number, step, ())[0], curve))
        elif kept is None:
            kept = self._cache.put(key, _without_silence(self._rendered(number, step)[0]))
        if (number, step) not in self._sides:  # another kit of the same sounds may have filled the cache
            place = _place({r.pan for r in self._regions(number, step)})
            self._sides[number, step] = None if place is None else _sides(place)
        return kept, self._sides[number, step]

    def _regions(self, number: int, step: int) -> list[Region]:
        """Return the samples that a piece plays."""
        return self._font.regions(128, self._kit, number, int(30 + 90 * (step + 0.5) / LEVELS))

    def _rendered(self, number: int, step: int) -> tuple[Signal, tuple[float, float] | None]:
        hardness = (step + 0.5) / LEVELS
        regions = self._regions(number, step)
        frames = min(max((_length(self._font, r) for r in regions), default=64), 4 * SAMPLE_RATE)
        place = _place({r.pan for r in regions})
        sound = _played(self._font, regions, frames, hardness, 2 if place is None else 1)
        fade = min(frames, 2000)
        sound[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        return (sound, None) if place is None else (sound[0], _sides(place))


def _place(pans: set[float], apart: float = 0.0) -> float | None:
    """Return the place of samples that are all within `apart`, -1 left to 1 right."""
    low, high = min(pans, default=0.0), max(pans, default=0.0)
    return (low + high) / 2 if high - low <= apart else None


def _sides(place: float) -> tuple[float, float]:
    """Return the gains of the sides for a sound that was rendered in the middle."""
    angle = (place + 1) * np.pi / 4
    return float(np.cos(angle) * 2**0.5), float(np.sin(angle) * 2**0.5)


def _without_silence(sound: Signal) -> Signal:
    """Return a mono or stereo sound without its inaudible end, faded out."""
    loud = np.abs(np.atleast_2d(sound)).max(axis=0)
    audible = np.flatnonzero(loud > loud.max(initial=0.0) * _INAUDIBLE)
    short = sound[..., : audible[-1] + 1 if len(audible) else 64].copy()
    fade = min(short.shape[-1], int(_FADE_S * SAMPLE_RATE))
    short[..., -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return short


def _length(font: SoundFont, region: Region) -> int:
    """Return the frames after which a region is silent."""
    if region.loops:
        dies = region.sustain_db < -60 and region.decay < 20
        return int((region.attack + region.hold + region.decay) * SAMPLE_RATE) + 512 if dies else _ENDLESS
    sample, rate = font.sample(region.sample)
    return int((len(sample) - region.skip) / _ratio(region, rate)) + 64


def _ratio(region: Region, rate: int) -> float:
    return float(2 ** (region.semitones / 12) * rate / SAMPLE_RATE)


def _played(font: SoundFont, regions: list[Region], frames: int, hardness: float, channels: int = 2) -> Signal:
    """Return the sum of a note's regions, in stereo or all in the middle: shape (channels, frames)."""
    sums: dict[_Corners, Signal] = {}
    for region in regions:
        corners = _corners(region, frames, hardness)
        out = sums.setdefault(corners, np.zeros((channels, frames), dtype=np.float32))
        one = _resampled(font, region, frames)
        one *= _envelope(region, frames)
        angle = ((region.pan if channels == 2 else 0.0) + 1) * np.pi / 4
        gain = 10 ** (region.gain_db / 20)
        for side, share in zip(out, (np.cos(angle), np.sin(angle)), strict=False):
            side += one * np.float32(share * gain)
    parts = [swept(out, corners) for corners, out in sums.items()]
    return sum(parts[1:], parts[0]) if parts else np.zeros((channels, frames), dtype=np.float32)


def _corners(region: Region, frames: int, hardness: float) -> _Corners:
    """Return the filter's corner every `HOP` frames, in steps of `STEPS` per octave.

    It is lower for soft notes, and opens less.
    """
    env = region.filter
    t = np.arange(0, frames + HOP, HOP) / SAMPLE_RATE
    rise = np.clip(t / max(env.attack, 1e-4), 0, 1)
    if env.attack < HOP / SAMPLE_RATE:
        rise[0] = 1.0
    fall = 1 - (t - env.attack - env.hold) / max(env.decay, 1e-3)
    opened = np.minimum(rise, np.clip(fall, env.sustain, 1.0))
    octaves = np.log2(env.closed * (0.55 + 0.45 * hardness)) + env.octaves * (0.7 + 0.3 * hardness) * opened
    return tuple(np.minimum(np.round(octaves * STEPS), OPEN).astype(int).tolist())


def _resampled(font: SoundFont, region: Region, frames: int) -> Signal:
    """Return the sample at the note's pitch, looped if needed, silent after its end."""
    sample, rate = font.sample(region.sample)
    ratio = _ratio(region, rate)
    need = int(frames * ratio) + 2
    source = sample[region.skip :]
    first, last = region.loop_start - region.skip, region.loop_end - region.skip
    if region.loops and 0 <= first < last - 8 and last <= len(source) and need > last:
        rounds = -(-(need - last) // (last - first))
        source = np.concatenate([source[:last], np.tile(source[first:last], rounds)])
    if len(source) < need:
        source = np.concatenate([source, np.zeros(need - len(source), dtype=np.float32)])
    out = np.empty(frames, dtype=np.float32)
    for start in range(0, frames, _CHUNK):
        at = np.arange(start, min(start + _CHUNK, frames), dtype=np.float64) * ratio
        index = at.astype(np.intp)
        at -= index
        here = source.take(index, mode="clip")
        after = source[1:].take(index, mode="clip")
        after -= here
        after *= at.astype(np.float32)
        np.add(after, here, out=out[start : start + _CHUNK])
    return out


def _envelope(region: Region, frames: int) -> Signal:
    """Return the region's attack, hold and decay: a linear rise, then a fall in dB at a constant rate."""
    t = np.arange(0, frames + 64, 64) / SAMPLE_RATE
    begun = region.attack + region.hold
    fall = np.maximum(
        -_SILENT_DB * np.maximum(t - begun, 0) / max(region.decay, 1e-3), max(region.sustain_db, -_SILENT_DB)
    )
    level = 10 ** (fall / 20) * np.clip(t / max(region.attack, 1e-4), 0, 1)
    level[0] = 1.0 if region.attack < 0.002 else 0.0
    return lines(level, 64)[:frames]
