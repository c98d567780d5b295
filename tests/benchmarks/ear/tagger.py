"""musicnn's taggers (Pons and Serra 2019), trained on the Million Song Dataset and MagnaTagATune, run by numpy alone.

The weights are those of the package musicnn 0.1.0; neither its code nor TensorFlow is needed.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.ear.checkpoint import read_checkpoint

RATE = 16_000
_HOP, _SIZE, _MELS, _FRAMES = 256, 512, 96, 187
LABELS = {
    "MTT_musicnn": (
        "guitar,classical,slow,techno,strings,drums,electronic,rock,fast,piano,ambient,beat,violin,"
        "vocal,synth,female,indian,opera,male,singing,vocals,no vocals,harpsichord,loud,quiet,flute,"
        "woman,male vocal,no vocal,pop,soft,sitar,solo,man,classic,choir,voice,new age,dance,"
        "male voice,female vocal,beats,harp,cello,no voice,weird,country,metal,female voice,choral"
    ),
    "MSD_musicnn": (
        "rock,pop,alternative,indie,electronic,female vocalists,dance,00s,alternative rock,jazz,"
        "beautiful,metal,chillout,male vocalists,classic rock,soul,indie rock,Mellow,electronica,80s,"
        "folk,90s,chill,instrumental,punk,oldies,blues,hard rock,ambient,acoustic,experimental,"
        "female vocalist,guitar,Hip-Hop,70s,party,country,easy listening,sexy,catchy,funk,electro,"
        "heavy metal,Progressive rock,60s,rnb,indie pop,sad,House,happy"
    ),
}
"""The tags of each network, in the order of its outputs."""

Floats = NDArray[np.float32]


class Tagger:
    """Both networks; `folder` holds the package's folders of weights."""

    def __init__(self, folder: Path) -> None:
        self._weights = {name: read_checkpoint(folder / name) for name in LABELS}

    def tags(self, audio: Floats, moments: int = 8) -> dict[str, float]:
        """Return each tag's mean probability over some 3-second moments of `audio` (mono at `RATE`)."""
        spectrum = _mel_spectrogram(audio)
        starts = np.linspace(0, max(0, len(spectrum) - _FRAMES), moments).astype(int)
        found: dict[str, float] = {}
        for name, weights in self._weights.items():
            rows = [_musicnn(weights, spectrum[at : at + _FRAMES]) for at in starts]
            for label, value in zip(LABELS[name].split(","), np.mean(rows, axis=0), strict=True):
                found[label] = max(found.get(label, 0.0), float(value))
        return found


def resampled(audio: Floats, rate: int) -> Floats:
    """Return mono `audio` at `RATE`, by one transform of the whole."""
    frames = round(len(audio) * RATE / rate)
    spectrum = np.fft.rfft(audio.astype(np.float64))[: frames // 2 + 1]
    return np.asarray(np.fft.irfft(spectrum, frames) * (frames / len(audio)), dtype=np.float32)


@lru_cache
def _mel_filters() -> Floats:
    """96 bands on Slaney's mel scale from 0 to 8 kHz, each with the same area."""

    def to_mel(hz: Any) -> Any:
        return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(np.maximum(hz, 1e-9) / 1000) / (np.log(6.4) / 27))

    def to_hz(mel: Any) -> Any:
        return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))

    edges = to_hz(np.linspace(to_mel(np.array(0.0)), to_mel(np.array(RATE / 2)), _MELS + 2))
    ramps = edges[:, None] - np.linspace(0, RATE / 2, _SIZE // 2 + 1)[None, :]
    gaps = np.diff(edges)
    weights = np.maximum(0, np.minimum(-ramps[:-2] / gaps[:-1, None], ramps[2:] / gaps[1:, None]))
    return np.asarray(weights * (2 / (edges[2:] - edges[:-2]))[:, None], dtype=np.float32)


def _mel_spectrogram(audio: Floats) -> Floats:
    padded = np.pad(audio, _SIZE // 2)
    window = np.hanning(_SIZE + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _SIZE)[::_HOP] * window
    power = np.abs(np.fft.rfft(frames, axis=1)).astype(np.float32) ** 2
    found = np.log10(10_000 * (power @ _mel_filters().T) + 1)
    return np.tile(found, (-(-_FRAMES // max(1, len(found))), 1)) if len(found) < _FRAMES else found


def _norm(w: dict[str, Any], x: Any, number: int) -> Any:
    key = "batch_normalization" + (f"_{number}" if number else "")
    scale = w[f"{key}/gamma"] / np.sqrt(w[f"{key}/moving_variance"] + 1e-3)
    return x * scale + (w[f"{key}/beta"] - w[f"{key}/moving_mean"] * scale)


def _conv(w: dict[str, Any], x: Any, number: int, before: int, after: int) -> Any:
    """Convolve (time, bands, channels), padded in time, and keep what is positive."""
    key = "conv2d" + (f"_{number}" if number else "")
    kernel = w[f"{key}/kernel"]
    x = np.pad(x, ((before, after), (0, 0), (0, 0)))
    height, width, _, filters = kernel.shape
    views = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(0, 1))
    flat = np.ascontiguousarray(views.transpose(0, 1, 3, 4, 2)).reshape(views.shape[0] * views.shape[1], -1)
    out = flat @ kernel.reshape(-1, filters) + w[f"{key}/bias"]
    return np.maximum(out, 0).reshape(views.shape[0], views.shape[1], filters)


def _musicnn(w: dict[str, Any], patch: Floats) -> Any:
    """Return the probabilities of the tags for `_FRAMES` of the spectrogram."""
    x = _norm(w, patch[:, :, None], 0)
    pads = [(3, 3), (3, 3), (63, 64), (31, 32), (15, 16)]
    front = [_norm(w, _conv(w, x, i, *pad), i + 1).max(axis=1) for i, pad in enumerate(pads)]
    layers = [np.concatenate(front, axis=1)]
    for number in (5, 6, 7):
        fresh = _norm(w, _conv(w, layers[-1][:, :, None], number, 3, 3)[:, 0], number + 1)
        layers.append(fresh if number == 5 else fresh + layers[-1])
    features = np.concatenate(layers, axis=1)
    pooled = _norm(w, np.stack([features.max(axis=0), features.mean(axis=0)], axis=1).ravel(), 9)
    dense = _norm(w, np.maximum(pooled @ w["dense/kernel"] + w["dense/bias"], 0), 10)
    return 1 / (1 + np.exp(-(dense @ w["dense_1/kernel"] + w["dense_1/bias"])))
