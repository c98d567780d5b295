"""Similarity within genres: 24 genres, three seeds each; counts songs whose nearest neighbor is of the same genre.

    python -m tests.benchmarks.genres [--seconds 40] [--seed-base 1]

Each song is a point: its bands, cepstrum, onsets, tempo, pulses, share of percussion and peaks, each standardised over
all songs. Nothing is learned from the songs' names. By chance two of 71 would be right.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine import listening

Floats = NDArray[np.float64]

GENRES = (
    "pop", "rock", "metal", "punk", "house", "techno", "trance", "dubstep", "drum and bass", "hip hop", "trap",
    "lo-fi hip hop", "ambient", "jazz", "blues", "country", "folk", "classical", "cinematic", "reggae", "funk",
    "soul", "salsa", "synthwave",
)  # fmt: skip
SEEDS = 3
WEIGHTS = {
    "fingerprint": 1.0, "cepstrum": 2.0, "sway": 1.0, "change": 1.0, "spectrum": 1.5, "percussion": 0.7,
    "onsets": 1.2, "crest": 0.3,
}  # fmt: skip


def portrait(genre: str, seed: int, seconds: float) -> dict[str, Floats]:
    """Make a song and return its measures, in groups."""
    with tempfile.TemporaryDirectory() as folder:
        request = Request(genre, seed=seed, length_s=seconds, instrumental=True)
        made = SketchEngine().make(request, Path(folder) / "song.wav", "wav", lambda *_: None, lambda: False)
        sound = listening.read(made.file)
    magnitude = listening.spectra(sound, 2048, 1024)
    hertz: Floats = np.asarray(np.fft.rfftfreq(2048, 1 / listening.RATE), dtype=np.float64)
    cepstrum = _cepstrum(magnitude, hertz)
    flux = listening.onset_strength(sound)
    flux = flux / (flux.mean() + 1e-9)
    struck = (flux[1:-1] > flux[:-2]) & (flux[1:-1] >= flux[2:]) & (flux[1:-1] > 1.5)
    mono = sound.mean(axis=1)
    return {
        "fingerprint": listening.fingerprint(sound),
        "cepstrum": cepstrum[1:].mean(axis=1),
        "sway": cepstrum.std(axis=1),
        "change": np.diff(cepstrum, axis=1).std(axis=1),
        "spectrum": _spectrum(magnitude**2, magnitude, hertz),
        "percussion": np.array([_percussion(magnitude, hertz)]),
        "onsets": np.array([struck.sum() * listening.RATE / len(sound), flux.std(), np.log(listening.tempo(sound))]),
        "crest": np.array([20 * np.log10(np.abs(mono).max() / mono.std())]),
    }


def _cepstrum(magnitude: Floats, hertz: Floats) -> Floats:
    edges = np.geomspace(40, 16_000, 27)
    bands = [(magnitude[:, (hertz >= a) & (hertz < b)] ** 2).sum(axis=1) for a, b in pairwise(edges)]
    places = (np.arange(len(bands)) + 0.5) / len(bands)
    turn = np.cos(np.pi * np.outer(np.arange(13), places)) * np.sqrt(2 / len(bands))
    return np.asarray(turn @ (10 * np.log10(np.stack(bands) + 1e-4)))


def _spectrum(power: Floats, magnitude: Floats, hertz: Floats) -> Floats:
    """Centroid and its deviation, flatness, shares of lows and highs, in passages that are not quiet."""
    total = power.sum(axis=1) + 1e-9
    loud = total > np.percentile(total, 20)
    center = ((magnitude * hertz).sum(axis=1) / (magnitude.sum(axis=1) + 1e-9))[loud]
    flat = (np.exp(np.log(power + 1e-8).mean(axis=1)) / (power.mean(axis=1) + 1e-8))[loud]
    low, high = ((power[:, part].sum(axis=1) / total)[loud].mean() for part in (hertz < 150, hertz > 4000))
    return np.array([np.log(center.mean()), np.log(center).std(), np.log(flat + 1e-6).mean(), low, np.log(high + 1e-5)])


def _percussion(magnitude: Floats, hertz: Floats) -> float:
    """The share of what changes in time against what changes in pitch (medians along both)."""
    parts = [(hertz >= a) & (hertz < b) for a, b in pairwise(np.geomspace(100, 12_000, 65))]
    grid = np.stack([magnitude[:, part].mean(axis=1) for part in parts if part.any()])

    def smooth(axis: int) -> float:
        pad = [(8, 8) if i == axis else (0, 0) for i in (0, 1)]
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(grid, pad, mode="edge"), 17, axis=axis)
        return float((np.median(windows, axis=-1) ** 2).sum())

    held, struck = smooth(1), smooth(0)
    return struck / (struck + held + 1e-12)


def points(portraits: list[dict[str, Floats]]) -> Floats:
    """Return a point for each song; each group of measures has its weight in `WEIGHTS`, whatever its size."""
    columns = []
    for name, weight in WEIGHTS.items():
        values = np.array([one[name] for one in portraits])
        values = (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-9)
        columns.append(values * weight / np.sqrt(values.shape[1]))
    return np.concatenate(columns, axis=1)


def main() -> None:
    """Print which songs' nearest neighbors are of other genres, and the share of the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--seed-base", type=int, default=1, help="the first of each genre's seeds")
    given = parser.parse_args()
    seeds = range(given.seed_base, given.seed_base + SEEDS)
    songs = [(genre, seed, given.seconds) for genre in GENRES for seed in seeds]
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found = points(list(pool.map(portrait, *zip(*songs, strict=True))))
    apart = np.linalg.norm(found[:, None] - found[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    beside = [songs[int(j)] for j in apart.argmin(axis=1)]
    for (genre, seed, _), (other, turn, _) in zip(songs, beside, strict=True):
        if genre != other:
            print(f"  {genre} {seed} is nearest to {other} {turn}")
    right = sum(one[0] == other[0] for one, other in zip(songs, beside, strict=True))
    print(f"nearest neighbor of the same genre: {right} of {len(songs)}, {100 * right / len(songs):.0f} %")


if __name__ == "__main__":
    main()
