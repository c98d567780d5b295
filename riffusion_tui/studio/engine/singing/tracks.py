"""Segments → control tracks of the vocal tract: gliding formants, levels of voice and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.pronunciation.letter_sounds import VOWELS
from riffusion_tui.studio.engine.singing.mouth import EVERY, RATE, STEP, Mouth, noise_number
from riffusion_tui.studio.engine.singing.timing import REST, Segment
from riffusion_tui.studio.engine.synth.tones import Floats, edged

_GLIDE_S = 0.045
"""Seconds of the glide between a vowel and a consonant."""
_GLIDE_SHARE = 0.4
"""Longest glide, as a share of the vowel."""
_DIPHTHONG_S = 0.26
"""The second vowel of a long diphthong starts this many seconds before its end."""
_SMOOTH = 7
_EVEN_BELOW = 180.0
"""Hertz above which the voice is attenuated."""


@dataclass(frozen=True, slots=True)
class Throat:
    """How a voice differs from the male one of the table."""

    scales: tuple[float, float, float]
    """Factors on F1, F2 and F3."""
    upper: tuple[float, float]
    """F4 and its bandwidth in hertz."""
    breath: float
    """Level of breath in vowels, relative to the vowel."""


def mouth_of(segments: Sequence[Segment], hertz: Floats, begin: float, throat: Throat) -> Mouth:
    """Return the control tracks of a phrase.

    Args:
        segments: in order, without gaps.
        hertz: the pitch at each point, `STEP` / `RATE` seconds apart; its length is that of the tracks.
        begin: seconds of the first point, on the segments' clock.
        throat: the voice.
    """
    points = len(hertz)
    t: Floats = begin + np.arange(points, dtype=np.float64) * (STEP / RATE)
    shapes = _Shapes(segments, throat)
    formants: Floats
    widths: Floats
    formants, widths = (
        np.stack([*_coarse(np.stack([np.interp(t[:: EVERY // 2], shapes.times, row) for row in rows])), fourth], axis=1)
        for rows, fourth in (
            (shapes.formants, np.full(len(hertz[::EVERY]), throat.upper[0])),
            (shapes.widths, np.full(len(hertz[::EVERY]), throat.upper[1])),
        )
    )
    pitch = hertz[::EVERY]
    # The first formant is never below the note, as high voices open the mouth.
    formants[:, 0] = np.maximum(formants[:, 0], pitch * 1.02)
    formants[:, 1] = np.maximum(formants[:, 1], formants[:, 0] + 180.0)
    widths[:, 0] = np.maximum(widths[:, 0], 0.22 * pitch)
    widths[:, 1] = np.maximum(widths[:, 1], 0.2 * pitch)
    levels = _Levels(segments, t, throat)
    # The lowest harmonics of high notes are at a formant and would mask the consonants.
    voice = levels.voice * np.minimum(1.0, np.sqrt(_EVEN_BELOW / hertz))
    return Mouth(hertz, voice, levels.breath, levels.hiss, levels.noise, formants, widths, levels.nose, levels.zero)


def _coarse(tracks: Floats) -> Floats:
    """Return every second value of some tracks, smoothed by its neighbors."""
    padded = np.concatenate([tracks[:, :1], tracks, tracks[:, -1:]], axis=1)
    return np.asarray(0.25 * padded[:, :-2:2] + 0.5 * padded[:, 1:-1:2] + 0.25 * padded[:, 2::2], dtype=np.float64)


def _smooth(track: Floats, size: int = _SMOOTH) -> Floats:
    window = np.hanning(size + 2)[1:-1]
    return np.convolve(edged(track, size // 2), window / window.sum(), "valid")


def _row(sound: str) -> dict[str, Any]:
    found: dict[str, Any] = read_data("phones.toml")["consonants"][sound]
    return found


class _Shapes:
    """Points between which formants and bandwidths are interpolated."""

    def __init__(self, segments: Sequence[Segment], throat: Throat) -> None:
        self.times: list[float] = []
        self.formants: tuple[list[float], ...] = ([], [], [])
        self.widths: tuple[list[float], ...] = ([], [], [])
        self._scales = throat.scales
        for i, segment in enumerate(segments):
            if segment.sound in VOWELS:
                self._vowel(segment)
            elif segment.sound != REST:
                self._consonant(segment, _neighbors(segments, i))

    def _add(self, time: float, formants: Sequence[float], widths: Sequence[float]) -> None:
        self.times.append(time)
        for i in range(3):
            self.formants[i].append(formants[i] * self._scales[i])
            self.widths[i].append(widths[i] * self._scales[i])

    def _vowel(self, segment: Segment) -> None:
        row = read_data("phones.toml")["vowels"][segment.sound]
        (first, last), widths = row["f"], row["b"]
        length = segment.end - segment.start
        glide = min(_GLIDE_S, _GLIDE_SHARE * length)
        begin, end = segment.start + glide, segment.end - glide
        turn = max(begin + 0.4 * (end - begin), end - _DIPHTHONG_S)
        self._add(begin, first, widths)
        self._add(turn, first, widths)
        self._add(end, last, widths)

    def _consonant(self, segment: Segment, neighbors: list[list[float]]) -> None:
        row = _row(segment.sound)
        length = segment.end - segment.start
        inset = 0.2 * length
        yields = row["yields"]
        near = neighbors[1] or neighbors[0] or row["f"]
        before = neighbors[0] or near
        ends = [
            [(1 - y) * f + y * n for f, y, n in zip(row["f"], yields, side, strict=True)] for side in (before, near)
        ]
        release = segment.end - inset
        if row.get("stop"):
            after = row.get("burst", 0.0) + row.get("wait", 0.0)
            release = segment.end - length * after / (row["seconds"] + after)
        self._add(segment.start + min(inset, 0.5 * (release - segment.start)), ends[0], row["b"])
        self._add(release, ends[1], row["b"])


def _neighbors(segments: Sequence[Segment], at: int) -> list[list[float]]:
    """Return the formants of the nearest vowels before and after, up to a rest."""
    rows = read_data("phones.toml")["vowels"]
    found: list[list[float]] = []
    for way, end in ((range(at - 1, -1, -1), 1), (range(at + 1, len(segments)), 0)):
        near: list[float] = []
        for i in way:
            sound = segments[i].sound
            if sound == REST:
                break
            if sound in VOWELS:
                near = rows[sound]["f"][end]
                break
        found.append(near)
    return found


class _Levels:
    """Levels of each segment, with smoothed edges."""

    def __init__(self, segments: Sequence[Segment], t: Floats, throat: Throat) -> None:
        self._t = t
        self.voice, self.breath, self.hiss, self.nose = (np.zeros(len(t)) for _ in range(4))
        self.noise = np.zeros(len(t), dtype=np.intp)
        self.zero = np.full(len(t), 900.0)
        for i, segment in enumerate(segments):
            if segment.sound == REST:
                continue
            if segment.sound in VOWELS:
                self._vowel(segments, i, throat)
            else:
                self._consonant(segment, segments[i + 1].sound if i + 1 < len(segments) else REST)
        self.voice, self.breath = _smooth(self.voice, 7), _smooth(self.breath, 7)
        self.nose = _smooth(self.nose, 9)
        self.hiss = _smooth(self.hiss, 3)

    def _span(self, start: float, end: float) -> slice:
        low, high = np.searchsorted(self._t, (start, end))
        return slice(int(low), max(int(high), int(low) + 1))

    def _vowel(self, segments: Sequence[Segment], at: int, throat: Throat) -> None:
        segment = segments[at]
        span = self._span(segment.start, segment.end)
        self.voice[span] = 1.0
        self.breath[span] = throat.breath
        # Separate two vowels that meet between words.
        if segment.begins and at and segments[at - 1].sound in VOWELS:
            self.voice[self._span(segment.start - 0.02, segment.start + 0.015)] = 0.35
        around = [segments[i].sound for i in (at - 1, at + 1) if 0 <= i < len(segments)]
        if any(sound in ("M", "N", "NG") for sound in around):
            self.nose[span] = 0.12

    def _consonant(self, segment: Segment, following: str) -> None:
        row = _row(segment.sound)
        length = segment.end - segment.start
        span = self._span(segment.start, segment.end)
        if "nose" in row:
            self.nose[span] = 1.0
            self.zero[span] = row["nose"]
        if row.get("stop"):
            self._stop(segment, row, following)
            return
        self.voice[span] = row.get("voiced", 0.0)
        self.breath[span] = row.get("breath", 0.0)
        if "noise" in row:
            self.noise[span] = noise_number(row["noise"])
            rise = np.clip((self._t[span] - segment.start) / (0.3 * length), 0, 1)
            fall = np.clip((segment.end - self._t[span]) / (0.2 * length), 0, 1)
            self.hiss[span] = row["hiss"] * np.minimum(rise, fall)

    def _stop(self, segment: Segment, row: dict[str, Any], following: str) -> None:
        after = row.get("burst", 0.0) + row.get("wait", 0.0)
        scale = (segment.end - segment.start) / (row["seconds"] + after)
        release = segment.end - after * scale
        burst = release + max(0.006, row["burst"] * scale)
        self.voice[self._span(segment.start, release)] = row.get("voiced", 0.0)
        # The mouth stays closed before another stop.
        if following not in (REST, *VOWELS) and _row(following).get("stop"):
            return
        span = self._span(release, burst)
        self.noise[self._span(release - 0.006, burst + 0.006)] = noise_number(row["noise"])
        self.hiss[span] = row["hiss"]
        if "wait" in row:
            breath = self._span(burst, segment.end)
            self.breath[breath] = 0.22 if following in VOWELS else 0.1
        elif row.get("voiced"):
            self.voice[self._span(burst, segment.end)] = 0.6
