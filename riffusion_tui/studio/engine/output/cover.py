"""A cover drawn from the song: its waveform as rings, its sections and mood as colors. A PNG, written with zlib alone.

PNG after https://www.w3.org/TR/png-3/.
"""

from __future__ import annotations

import colorsys
import hashlib
import struct
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.engine_errors import EncodeError
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.synth.tones import Floats

SIZE = 400
"""Pixels on a side."""


def write_cover(path: Path, score: Score, waveform: tuple[float, ...]) -> None:
    """Draw the song and write it to `path` as a PNG of `SIZE` by `SIZE` pixels.

    Raises:
        EncodeError: the folder can't be written or the disk is full.
    """
    try:
        path.write_bytes(png(draw(score, waveform)))
    except OSError as error:
        raise EncodeError(f"{path.name} could not be written: {error}.") from error


def draw(score: Score, waveform: tuple[float, ...]) -> NDArray[np.uint8]:
    """Return the picture as (SIZE, SIZE, 3) bytes: the song runs clockwise from the top, its loudness outwards."""
    radius, share, bars, rings = _places()
    wave = np.asarray(waveform) / max(max(waveform), 1e-9)
    height = np.interp(
        share, np.linspace(0, 1, len(wave)), np.convolve(np.pad(wave, 1, mode="wrap"), [0.25, 0.5, 0.25], "valid")
    )
    energy = _energies(score, share)
    dark, light, accent = _colors(score)
    outer = 0.34 + 0.52 * height
    inside = _edge(outer - radius) * _edge(radius - 0.3)
    ground = dark * (1.25 - 0.55 * radius)[..., None]
    ring = (
        light * (0.35 + 0.65 * energy)[..., None] + (accent - light) * np.clip((radius - 0.34) / 0.52, 0, 1)[..., None]
    )
    picture = ground + (ring - ground) * (inside * bars)[..., None]
    disc = _edge(0.24 - radius)[..., None]
    picture += (accent * rings[..., None] - picture) * disc * 0.55
    return np.asarray(np.clip(picture, 0, 1) * 255, dtype=np.uint8)


@lru_cache(maxsize=1)
def _places() -> tuple[Floats, ...]:
    """Return each pixel's distance from the middle and share of the turn, and the patterns of bars and rings."""
    line = (np.arange(SIZE) + 0.5) / SIZE * 2 - 1
    x, y = np.meshgrid(line, line)
    radius = np.hypot(x, y)
    share = (np.arctan2(x, -y) / (2 * np.pi)) % 1.0
    return radius, share, 0.72 + 0.28 * np.cos(2 * np.pi * share * 120), 0.5 + 0.5 * np.cos(radius * 60)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Return (height, width, 3) bytes as a PNG file."""
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), dtype=np.uint8), pixels.reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _edge(distance: Floats) -> Floats:
    """Return 1 inside, 0 outside, smooth over two pixels."""
    return np.asarray(np.clip(distance * SIZE / 4 + 0.5, 0, 1), dtype=np.float64)


def _energies(score: Score, share: Floats) -> Floats:
    beats = share * max(score.beats, 1e-9)
    starts = np.array([s.start for s in score.sections] or [0.0])
    energy = np.array([s.energy for s in score.sections] or [0.5])
    return np.asarray(energy[np.clip(np.searchsorted(starts, beats, side="right") - 1, 0, len(energy) - 1)])


def _colors(score: Score) -> tuple[Floats, Floats, Floats]:
    """Return ground, ring and accent: the key turns the hue, a minor mode and a calm plan darken it."""
    plan = score.plan
    seed = hashlib.sha256(f"{plan.prompt}\0{plan.seed}".encode()).digest()
    hue = (
        (["C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#", "F"].index(_sharp(plan.key)) / 12)
        + seed[0] / 1024
    ) % 1
    bright = 0.55 + 0.3 * plan.brightness - (0.1 if "minor" in plan.mode else 0.0)
    full = 0.45 + 0.4 * plan.energy
    ground = colorsys.hsv_to_rgb(hue, 0.55, 0.16 + 0.1 * plan.brightness)
    ring = colorsys.hsv_to_rgb((hue + 0.06) % 1, full, bright)
    accent = colorsys.hsv_to_rgb((hue + 0.35 + seed[1] / 1024) % 1, full * 0.9, min(1.0, bright + 0.25))
    return np.array(ground), np.array(ring), np.array(accent)


def _sharp(key: str) -> str:
    return {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#", "Cb": "B", "Fb": "E", "E#": "F", "B#": "C"}.get(
        key, key
    )
