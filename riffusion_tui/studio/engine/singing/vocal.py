"""The vocals: a formant singer that sings the lyrics on the melody's notes.

A phrase is rendered at once: its words become sounds, which are timed around the notes, and a pitch curve with glides
and vibrato drives the vocal tract. It does not pretend to be a human voice. A line that returns, as in each chorus, is
sung once and copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from riffusion_tui.studio.engine.cache import Signal, SignalCache
from riffusion_tui.studio.engine.instrument_groups import CHOIR_VOICES, CHOIRS
from riffusion_tui.studio.engine.pronunciation.numerals import spoken
from riffusion_tui.studio.engine.pronunciation.pronounce import Known, Sound, hummed, pronounce
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.singing.choir import LOWER, choir_of
from riffusion_tui.studio.engine.singing.delivery import words_of
from riffusion_tui.studio.engine.singing.manner import Manner, in_manner
from riffusion_tui.studio.engine.singing.mouth import RATE, STEP, points
from riffusion_tui.studio.engine.singing.timing import segments
from riffusion_tui.studio.engine.singing.tracks import Throat, mouth_of
from riffusion_tui.studio.engine.singing.tract import sound_of
from riffusion_tui.studio.engine.singing.upsampling import doubled
from riffusion_tui.studio.engine.spoken import Delivery
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, Floats, lines, padded

_GAP_S = 0.18
"""Longest rest within a phrase, in seconds."""
_MAX_PHRASE_S = 9.0
"""Longest phrase in seconds; longer ones are divided to bound memory."""
_LEVEL = 0.12
"""Makes it as loud as other voices at the same velocity."""
_BREATH_S = 0.12
"""Release of a phrase's last vowel, in seconds."""
_MALE_BELOW = 58
"""Tracks with a lower mean pitch are sung by a man."""
_VIBRATO = 0.32
"""Depth of the vibrato in semitones, on long notes."""
_SPOKEN_S = 0.26
"""Longest spoken syllable, in seconds."""
_SPOKEN_PITCH = {
    "male": 45.0,
    "female": 54.0,
    "child": 60.0,
    "choir": 54.0,
    "children": 60.0,
    "male choir": 45.0,
    "female choir": 54.0,
}
_EVEN, _EVEN_FROM = 0.4, 0.15
"""How much of the differences in level is removed, down to this share of the usual level."""
_EVEN_HOP, _EVEN_HOPS = 128, 10
"""Frames between the measured levels, and how many of them to each side are averaged."""
_EARLY_S = 0.05
"""Seconds of a glide to a note, which ends at the start of its vowel."""
_SAME_S, _SAME_EFFORT = 0.04, 0.12
"""A phrase is a copy of an earlier one if its syllables and its mean velocity differ by no more than this."""
_KEPT_BYTES = 24 << 20
"""Bytes of phrases that are kept to be copied, at most."""

SEVERAL = CHOIR_VOICES | CHOIRS
"""Kinds of singers that are several."""

THROATS = {
    "male": Throat((1.0, 1.0, 1.0), (3400.0, 250.0), 0.02),
    "female": Throat((1.22, 1.26, 1.24), (4250.0, 300.0), 0.07),
    "child": Throat((1.38, 1.42, 1.38), (4700.0, 330.0), 0.09),
    "choir": Throat((1.16, 1.2, 1.18), (4250.0, 300.0), 0.07),
    "male choir": Throat((1.03, 1.03, 1.03), (3500.0, 260.0), 0.03),
    "female choir": Throat((1.25, 1.29, 1.26), (4350.0, 300.0), 0.08),
    "children": Throat((1.38, 1.42, 1.38), (4700.0, 330.0), 0.09),
}

_SPEAKING_WOMAN = Throat((1.16, 1.18, 1.18), (4100.0, 300.0), 0.05)
"""Formants of speech. A singer's are further from a man's: with these, and in low songs, she would be taken for one."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase: notes without a rest. `start` is its first sound, in frames from the start of the song.

    If it is a copy of an earlier phrase, notes, sounds and seed are that one's.
    """

    start: int
    notes: tuple[Note, ...]
    sounds: tuple[Sound, ...]
    singer: str
    """A key of `THROATS`."""
    seed: int
    gain: float = 1.0
    """How much louder it is than the phrase that it is a copy of."""


class VocalLine:
    """Sings the lyrics of a melody: `kind` is a key of `THROATS`, or `any`; `manner` is None for a clean voice."""

    def __init__(
        self,
        kind: str,
        seconds_per_beat: float,
        *,
        delivery: Delivery = "sung",
        language: str = "en",
        known: Known = MappingProxyType({}),
        manner: Manner | None = None,
    ) -> None:
        self.kind = kind
        self.channels = 2 if kind in SEVERAL else 1
        self._spb = seconds_per_beat
        self._delivery, self._language, self._known, self._manner = delivery, language, known, manner
        self._kept = SignalCache(_KEPT_BYTES)

    @property
    def _vibrato(self) -> float:
        if self._delivery != "sung":
            return 0.0
        return self._manner.vibrato if self._manner else _VIBRATO

    def _throat(self, singer: str) -> Throat:
        return _SPEAKING_WOMAN if singer == "female" and self._delivery == "recited" else THROATS[singer]

    def phrases(self, notes: Sequence[Note]) -> list[Phrase]:
        """Divide the notes into phrases, in order."""
        ordered = sorted(notes, key=lambda n: n.start)
        found: list[list[tuple[Note, Sound]]] = []
        for note, sound in zip(ordered, sounds_of(ordered, self._language, self._known), strict=True):
            last = found[-1] if found else None
            if last is None or self._apart([n for n, _ in last], note):
                found.append([(note, sound)])
            else:
                last.append((note, sound))
        singer = self.kind if self.kind in THROATS else _singer(ordered)
        return self._copied([self._phrase(group, singer) for group in found])

    def _copied(self, phrases: list[Phrase]) -> list[Phrase]:
        """Replace each phrase that returns by a copy of the first one."""
        firsts: dict[tuple[tuple[int, Sound], ...], list[Phrase]] = {}
        found = []
        for phrase in phrases:
            alike = firsts.setdefault(tuple((n.pitch, s) for n, s in zip(phrase.notes, phrase.sounds, strict=True)), [])
            first = next((one for one in alike if self._is_same(one, phrase)), None)
            if first is None:
                alike.append(phrase)
                found.append(phrase)
            else:
                found.append(replace(first, start=phrase.start, gain=_effort(phrase) / _effort(first)))
        return found

    def _is_same(self, first: Phrase, other: Phrase) -> bool:
        """Whether two phrases with the same pitches and words are sung in the same rhythm and as loud."""
        apart = [
            abs(edge)
            for one, two in zip(first.notes, other.notes, strict=True)
            for edge in (
                (one.start - first.notes[0].start) - (two.start - other.notes[0].start),
                one.length - two.length,
            )
        ]
        return max(apart) * self._spb <= _SAME_S and abs(_effort(first) - _effort(other)) <= _SAME_EFFORT

    def _phrase(self, group: list[tuple[Note, Sound]], singer: str) -> Phrase:
        notes, sounds = zip(*group, strict=True)
        lead = segments(sounds[:1], [0.0], [1.0])[0].start
        start = round((notes[0].start * self._spb + lead) * SAMPLE_RATE)
        return Phrase(max(0, start), notes, sounds, singer, max(0, start))

    def _apart(self, group: list[Note], note: Note) -> bool:
        gap = (note.start - group[-1].start - group[-1].length) * self._spb
        return gap > _GAP_S or (note.start + note.length - group[0].start) * self._spb > _MAX_PHRASE_S

    def perform(self, phrase: Phrase) -> Signal:
        """Return the phrase without its gain, shape (2, frames) for a choir, or (1, frames)."""
        key = (phrase.seed, phrase.notes)
        kept = self._kept.get(key)
        return self._kept.put(key, self._performed(phrase)) if kept is None else kept

    def _performed(self, phrase: Phrase) -> Signal:
        if self.kind in SEVERAL:
            return choir_of(self._sung(phrase, phrase.singer, forward=False, lower=(LOWER,)), _LEVEL)
        (one,) = self._sung(phrase, phrase.singer, forward=True)
        return doubled(one * np.float32(_LEVEL))[None]

    def _sung(self, phrase: Phrase, singer: str, *, forward: bool, lower: tuple[float, ...] = ()) -> Signal:
        """Return the phrase as one or more voices sing it, at `RATE`: (voices, frames); see `sound_of`."""
        notes = phrase.notes
        starts = [(n.start - notes[0].start) * self._spb for n in notes]
        ends = [(n.start + n.length - notes[0].start) * self._spb for n in notes]
        pitches = [float(n.pitch) for n in notes]
        if self._delivery != "sung":
            ends = [min(end, start + _SPOKEN_S) for start, end in zip(starts, ends, strict=True)]
            pitches = _speech_melody(notes, _SPOKEN_PITCH[singer])
        elif self._manner and self._manner.pitch is not None:
            pitches = _speech_melody(notes, _SPOKEN_PITCH[singer] + self._manner.pitch)
        sounds = segments(phrase.sounds, starts, ends)
        begin, end = sounds[0].start - 0.02, max(sounds[-1].end, ends[-1]) + _BREATH_S
        rng = np.random.default_rng(phrase.seed)
        t: Floats = begin + np.arange(points(end - begin), dtype=np.float64) * (STEP / RATE)
        hertz = _pitch_line(pitches, np.array(starts), t, rng, self._vibrato)
        throat = self._throat(singer)
        mouth = mouth_of(sounds, hertz, begin, throat)
        if self._manner:
            mouth = in_manner(mouth, self._manner, phrase.seed)
        scale = throat.upper[0] / 3400.0
        out = sound_of(mouth, _effort(phrase), scale, phrase.seed, forward=forward, lower=lower)
        if forward:
            out = _evened(out[0])[None]
        out *= lines(_loudness_line(notes, np.array(starts), t, end), STEP)[: out.shape[1]]
        return out


def _effort(phrase: Phrase) -> float:
    return sum(n.velocity for n in phrase.notes) / len(phrase.notes)


def _speech_melody(notes: Sequence[Note], base: float) -> list[float]:
    """Return the pitch of each syllable of a phrase spoken around `base`: falling, but higher on stressed syllables."""
    mean = sum(n.pitch for n in notes) / len(notes)
    loud = sum(n.velocity for n in notes) / len(notes)
    last = max(1, len(notes) - 1)
    return [
        base + 2.0 - 4.0 * i / last + 0.15 * (n.pitch - mean) + 8.0 * (n.velocity - loud) for i, n in enumerate(notes)
    ]


def _singer(notes: Sequence[Note]) -> str:
    """Return the singer of a track if the plan does not say: by its mean pitch, for the whole song."""
    return "male" if notes and sum(n.pitch for n in notes) / len(notes) < _MALE_BELOW else "female"


def sounds_of(notes: Sequence[Note], language: str = "en", known: Known = MappingProxyType({})) -> list[Sound]:
    """Return the sound of each note; the syllables of a word are pronounced together."""
    found: list[Sound] = []
    for word, number in words_of(notes):
        if any(c.isalpha() for c in word) or spoken(word, language):
            found += pronounce(word, number, language, known)
        else:
            found += [hummed(i) for i in range(len(found), len(found) + number)]
    return found


def _pitch_line(pitches: list[float], starts: Floats, t: Floats, rng: np.random.Generator, vibrato: float) -> Floats:
    """Return the frequency over time: glides between notes, a scoop at the start, delayed vibrato, a little drift."""
    edges = starts - _EARLY_S
    which = np.clip(np.searchsorted(edges, t, side="right") - 1, 0, len(pitches) - 1)
    semitones = np.array(pitches)[which]
    since = np.maximum(0, t - edges[which])
    before = np.array([pitches[0] - 0.7, *pitches[:-1]])[which]
    semitones = semitones + (before - semitones) * np.exp(-since / 0.028)
    lengths = np.diff(np.append(edges, t[-1]))[which]
    depth = np.clip((since - 0.25) / 0.35, 0, 1) * np.clip(lengths / 0.6, 0, 1) * vibrato
    rate = 5.3 + 0.4 * rng.standard_normal()
    knots = np.arange(t[0], t[-1] + 0.2, 0.09)
    drift = np.interp(t, knots, 0.06 * rng.standard_normal(len(knots)))
    semitones = semitones + depth * np.sin(2 * np.pi * rate * t + rng.uniform(0, 6)) + drift
    return np.asarray(440.0 * 2 ** ((semitones - 69) / 12), dtype=np.float64)


def _evened(sung: Signal) -> Signal:
    """Return the phrase with its soft syllables and consonants nearer to the loud ones, as by a compressor."""
    hops = -(-len(sung) // _EVEN_HOP)
    pieces = padded(sung, hops * _EVEN_HOP).reshape(hops, _EVEN_HOP)
    window = np.hanning(2 * _EVEN_HOPS + 1)
    powers = np.einsum("ij,ij->i", pieces, pieces).astype(np.float64)
    level = np.sqrt(np.convolve(powers, window / window.sum(), "same"))
    usual = np.sqrt(np.mean(level[level >= 0.05 * level.max()] ** 2) + 1e-12)
    gain = (np.maximum(level, _EVEN_FROM * usual) / usual) ** -_EVEN
    return np.asarray(sung * lines(np.append(gain, gain[-1]), _EVEN_HOP)[: len(sung)], dtype=np.float32)


def _loudness_line(notes: tuple[Note, ...], starts: Floats, t: Floats, end: float) -> Floats:
    """Return the gain over time: the notes' velocities, and the release at the phrase's end."""
    velocity = np.array([n.velocity for n in notes])
    level = np.interp(t, starts, velocity) ** 1.1
    level = level * np.clip((end - t) / _BREATH_S, 0, 1) ** 1.5 * np.clip((t - t[0]) / 0.01, 0, 1)
    level[-1] = 0
    return np.asarray(level, dtype=np.float64)
