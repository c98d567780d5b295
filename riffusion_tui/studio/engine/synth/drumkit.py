"""Synthesized drum kits: each piece is a skin (a falling sine and its modes), filtered noise, and a click.

Pieces have General MIDI percussion numbers (https://midi.org/general-midi-level-1); `styles/drums.toml` defines the
pieces of each kit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.synth.oscillators import swaying_turns
from riffusion_tui.studio.engine.synth.tones import (
    SAMPLE_RATE,
    Curve,
    attack,
    damped,
    decay_curve,
    filtered,
    moments,
    noise,
    spectrum_of,
)
from riffusion_tui.studio.engine.synth.voice import LEVELS, NoteSound, closed, seed_of

# Inharmonic square waves under a high-pass: the metal of cymbals, after the TR-808's six oscillators.
_METAL = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)


@dataclass(frozen=True, slots=True)
class DrumPiece:
    """One drum. Times in seconds (decay by 60 dB), frequencies in hertz, levels as factors."""

    tone: float = 0.0
    """Level of the skin."""
    start: float = 200.0
    """The skin's frequency when it is hit."""
    end: float = 100.0
    """The frequency that it falls to."""
    drop: float = 0.03
    """Time constant of that fall."""
    ring: float = 0.3
    modes: tuple[tuple[float, float, float], ...] = ()
    """Further modes: (hertz, level, seconds)."""
    rattle: float = 0.0
    """Level of the noise."""
    band: tuple[float, float] = (200.0, 8000.0)
    hiss: float = 0.2
    """Decay of the noise in seconds."""
    hits: int = 1
    """Bursts of the noise 11 ms apart: a clap."""
    swell: float = 0.0
    """Attack of the noise in seconds: shaker, brush, reverse cymbal."""
    metal: float = 0.0
    """Level of the inharmonic square waves."""
    metal_band: tuple[float, float] = (6000.0, 16000.0)
    click: float = 0.0
    drive: float = 0.0
    crush: int = 0
    """Bits of the bitcrusher; 0 is off."""
    pan: float = 0.0
    level: float = 1.0
    choke: bool = False
    """Whether the end of the note cuts the sound, as when an open hat closes."""


def build(piece: DrumPiece, hardness: float, seed: int, length: float = 0.0) -> Signal:
    """Return the mono sound of `piece`, hit with `hardness` 0 to 1."""
    seconds = length or 0.05 + max(
        piece.ring * (piece.tone > 0),
        (piece.hiss + piece.swell) * (piece.rattle > 0 or piece.metal > 0),
        *(s for _, _, s in piece.modes),
        0.02,
    )
    frames = int(seconds * SAMPLE_RATE)
    out = np.zeros(frames, dtype=np.float32)
    if piece.tone > 0:
        out += _skin(piece, hardness, frames)
    if piece.modes:
        hz, level, decay = zip(*piece.modes, strict=True)
        out += damped(hz, level, [6.9078 / s for s in decay], np.zeros(len(hz)), frames)
    if piece.rattle > 0:
        high = piece.band[1] * (0.55 + 0.45 * hardness)
        out += _burst(piece, noise(frames, seed, piece.band[0], high, 2.0)) * np.float32(piece.rattle * 3)
    if piece.metal > 0:
        out += _metal(piece, frames, seed) * decay_curve(frames, piece.hiss) * np.float32(piece.metal)
    if piece.click > 0:
        n = min(frames, 220)
        out[:n] += noise(n, seed + 1, 2000, 12000) * decay_curve(n, 0.006) * np.float32(piece.click * 4 * hardness)
    return _finish(out, piece)


def _skin(piece: DrumPiece, hardness: float, frames: int) -> Signal:
    t = moments(frames)
    freq = piece.end + (piece.start - piece.end) * (0.6 + 0.4 * hardness) * np.exp(-t / piece.drop)
    wave = np.sin(2 * np.pi * swaying_turns(freq, frames)).astype(np.float32)
    return wave * decay_curve(frames, piece.ring) * np.float32(piece.tone)


def _burst(piece: DrumPiece, hiss: Signal) -> Signal:
    frames = len(hiss)
    shape = decay_curve(frames, piece.hiss)
    if piece.swell > 0:
        n = min(frames, int(piece.swell * SAMPLE_RATE))
        shape = np.concatenate([np.linspace(0, 1, n, dtype=np.float32) ** 2, shape[: frames - n]])
    for i in range(1, piece.hits):
        at = int(0.011 * i * SAMPLE_RATE)
        before = decay_curve(at, 0.025)
        shape[:at] = np.where(i == 1, before, np.maximum(shape[:at] * 0.2, before))
        shape[at:] = decay_curve(frames - at, piece.hiss)
    return hiss * shape


def _metal(piece: DrumPiece, frames: int, seed: int) -> Signal:
    total = noise(frames, seed + 2, *piece.metal_band, 2.0) * np.float32(0.6)
    # A phase in 32 bits wraps by itself, and its highest bit is a square wave.
    counts, low_halves = np.arange(frames, dtype=np.uint32), np.zeros(frames, dtype=np.uint32)
    for i, hz in enumerate(_METAL):
        phase = counts * np.uint32(round(hz * 1.6 / SAMPLE_RATE * 2**32))
        phase += np.uint32(round(i * 0.17 * 2**32))
        phase >>= np.uint32(31)
        low_halves += phase
    squares = np.float32(len(_METAL)) - 2 * low_halves.astype(np.float32)
    size = 1 << int(frames - 1).bit_length()
    spectrum = spectrum_of(squares, size)
    f = np.fft.rfftfreq(size, 1 / SAMPLE_RATE) + 1e-3
    low, high = piece.metal_band
    spectrum *= (1 / np.sqrt((1 + (low / f) ** 6) * (1 + (f / high) ** 4))).astype(np.float32)
    ring = np.fft.irfft(spectrum, size)[:frames]
    return np.asarray(total + ring * np.float32(0.12), dtype=np.float32)


def _finish(out: Signal, piece: DrumPiece) -> Signal:
    if piece.drive > 0:
        out = np.tanh(out * np.float32(1 + piece.drive))
    if piece.crush:
        steps = np.float32(2 ** (piece.crush - 1))
        out = np.repeat((np.round(out[::2] * steps) / steps).astype(np.float32), 2)[: len(out)]
    attack(out, 0.0005)
    fade = min(len(out), 800)
    out[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return np.asarray(out * np.float32(piece.level), dtype=np.float32)


class KitVoice:
    """A drum kit: the pitch of a note is the number of its piece."""

    channels = 2

    def __init__(self, name: str, cache: SignalCache, pieces: dict[int, DrumPiece]) -> None:
        self.name = name
        self.cache = cache
        self.pieces = pieces
        angles = {piece.pan: (piece.pan + 1) * np.pi / 4 for piece in pieces.values()}
        self._sides = {pan: (float(np.cos(angle)), float(np.sin(angle))) for pan, angle in angles.items()}

    def note(self, pitch: int, velocity: float, held: int, curve: Curve = ()) -> NoteSound:
        """See `Kit.note`; `held` only shortens pieces with `choke`."""
        number = pitch if pitch in self.pieces else _NEAREST.get(pitch, 42)
        piece = self.pieces.get(number) or self.pieces[42]
        sound = self._sound(number, piece, min(LEVELS - 1, int(velocity * LEVELS)), curve)
        gain = velocity**1.4 * 1.2
        sides = self._sides[piece.pan]
        return closed(sound, held, gain, sides) if piece.choke else NoteSound(sound, gain, sides=sides)

    def _sound(self, number: int, piece: DrumPiece, step: int, curve: Curve) -> Signal:
        key = (self.name, number, step, curve)
        kept = self.cache.get(key)
        if kept is not None:
            return kept
        if curve:
            return self.cache.put(key, filtered(self._sound(number, piece, step, ()), curve))
        return self.cache.put(key, build(piece, (step + 0.5) / LEVELS, seed_of(self.name, number)))


# Replacements for pieces that a kit does not have.
_NEAREST = {
    27: 37, 28: 39, 29: 69, 30: 69, 31: 37, 32: 37, 33: 76, 34: 56, 35: 36, 40: 38, 44: 42, 47: 45, 48: 50, 43: 41,
    52: 49, 53: 51, 55: 49, 57: 49, 58: 75, 59: 51, 60: 62, 61: 64, 63: 62, 65: 50, 66: 45, 67: 56, 68: 56, 69: 70,
    71: 70, 72: 70, 73: 75, 74: 75, 77: 76, 78: 62, 79: 64, 80: 81, 82: 70, 83: 54, 84: 81, 85: 75, 86: 41, 87: 41,
}  # fmt: skip


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, Any]]:
    return read_data("drums.toml")


@lru_cache(maxsize=64)
def kit_for(instrument: str) -> str:
    """Return an instrument's own kit, such as the tabla's; empty if it plays the genre's kit."""
    return next((name for name, kit in _table().items() if instrument in kit.get("for", ())), "")


def kit_pieces(name: str) -> dict[int, DrumPiece]:
    """Return the pieces of a kit, including those of the kit it is based on; an unknown name is the acoustic kit."""
    kit = _table().get(name, _table()["acoustic"])
    pieces = kit_pieces(str(kit["base"])) if "base" in kit else {}
    own = {int(number): _piece(fields) for number, fields in kit.items() if number.isdigit()}
    return pieces | own


def _piece(fields: dict[str, Any]) -> DrumPiece:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    if "modes" in values:
        values["modes"] = tuple(tuple(mode) for mode in values["modes"])
    return DrumPiece(**values)
