from __future__ import annotations

import numpy as np
import pytest

from riffusion_tui.studio.engine.performance import Performance
from riffusion_tui.studio.engine.sounds import SYNTHESIZED
from riffusion_tui.studio.engine.types import Note, Track
from riffusion_tui.studio.engine.vocal import VocalLine, sound_of, voice_cycle
from tests.studio.engine import handmade, listening

RATE = 44_100
Sound = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def perform(kind: str, *notes: Note) -> Sound:
    line = VocalLine(kind, 0.5)
    (phrase,) = line.phrases(notes)
    return line.perform(phrase)


def harmonics(sound: Sound, hertz: float, count: int = 12) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    size = 1 << 17
    magnitude = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))
    f = np.fft.rfftfreq(size, 1 / RATE)
    return np.array([magnitude[(f > hertz * k * 0.97) & (f < hertz * k * 1.03)].max() for k in range(1, count + 1)])


@pytest.mark.parametrize(
    ("syllable", "onset", "vowels", "coda"),
    [
        ("night", ("n",), "ai", ("t",)), ("shine", ("sh",), "ai", ("n",)), ("home", ("h",), "ou", ("m",)),
        ("love", ("l",), "aa", ("v",)), ("feel", ("f",), "ii", ("l",)), ("stars", ("s", "t"), "aa", ("r", "s")),
        ("through", ("th", "r"), "uu", ()), ("I", (), "ai", ()), ("corazón", ("c",), "oo", ()),
        ("ma,", ("m",), "aa", ()),
        ("you", ("y",), "uu", ()), ("sky", ("s", "k"), "ai", ()), ("日本", (), "ee", ()),
        ("know", ("n",), "ou", ("w",)), ("climb", ("c", "l"), "ai", ("m",)), ("light", ("l",), "ai", ("t",)),
        ("their", ("th",), "ee", ("r",)), ("an-", (), "ee", ("n",)), ("head.", ("h",), "ee", ("d",)),
    ],
)  # fmt: skip
def test_letters_become_sounds(syllable: str, onset: tuple[str, ...], vowels: str, coda: tuple[str, ...]) -> None:
    sound = sound_of(syllable)
    assert (sound.onset, sound.first + sound.last) == (onset, vowels)
    if coda:
        assert sound.coda == coda


def test_without_letters_open_vowels_follow_each_other() -> None:
    assert [sound_of("", turn).first for turn in range(4)] == ["a", "o", "e", "a"]


def test_phrases_are_divided_where_it_is_silent_and_where_they_grow_long() -> None:
    line = VocalLine("female", 0.5)
    close = [Note(float(i), 1.0, 64, 0.7, "la") for i in range(4)]
    assert [len(p.notes) for p in line.phrases([*close, Note(6.0, 1.0, 64, 0.7, "la")])] == [4, 1]
    assert len(line.phrases([Note(float(i), 1.0, 64, 0.7, "la") for i in range(60)])) > 2
    assert line.phrases([*close])[0].start == 0


@pytest.mark.parametrize("kind", ["female", "male", "choir", "any"])
def test_a_phrase_is_sound_and_ends_at_rest(kind: str) -> None:
    sound = perform(kind, Note(0, 1, 62, 0.7, "strong"), Note(1, 1, 66, 0.7, "hands"), Note(2, 2, 69, 0.9, "shine"))
    assert sound.shape[0] == 2
    assert np.isfinite(sound).all()
    assert 0.05 < np.abs(sound).max() < 1.5
    assert np.abs(sound[:, 0]).max() < 0.02
    assert np.abs(sound[:, -1]).max() < 0.02


@pytest.mark.parametrize("pitch", [50, 62, 74])
def test_the_line_is_in_tune(pitch: int) -> None:
    sound = perform("male" if pitch < 60 else "female", Note(0, 4, pitch, 0.8, "ah"))[0, RATE // 2 : 3 * RATE // 2]
    size = 1 << 18
    f = np.fft.rfftfreq(size, 1 / RATE)
    asked = 440 * 2 ** ((pitch - 69) / 12)
    near = (f > asked * 0.94) & (f < asked * 1.06)
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))[near] ** 2
    cents = 1200 * np.log2(float((f[near] * power).sum() / power.sum()) / asked)
    assert abs(cents) < 25


def test_vowels_differ_where_their_formants_lie() -> None:
    hertz = 220.0
    a, i = (harmonics(perform("female", Note(0, 4, 57, 0.8, s))[0, RATE // 2 : RATE], hertz) for s in ("ah", "ee"))
    a, i = a / a.sum(), i / i.sum()
    assert a[3] + a[4] > 2 * (i[3] + i[4])
    assert i[0] > a[0]


def test_a_harder_note_has_more_of_its_high_harmonics() -> None:
    soft, hard = (np.abs(np.fft.rfft(voice_cycle("female", "a", 60, v))) for v in (0.2, 0.95))
    assert hard[8:25].sum() / hard.sum() > 1.05 * soft[8:25].sum() / soft.sum()


def test_consonants_hiss_where_their_syllables_begin() -> None:
    plain = perform("female", Note(0, 1, 64, 0.7, "la"), Note(1, 1, 64, 0.7, "la"))[0]
    hissing = perform("female", Note(0, 1, 64, 0.7, "la"), Note(1, 1, 64, 0.7, "sa"))[0]

    def highs(sound: Sound) -> float:
        part = sound[RATE // 2 - 3000 : RATE // 2 + 1500]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
        return float(spectrum[np.fft.rfftfreq(len(part), 1 / RATE) > 5000].sum())

    assert highs(hissing) > 3 * highs(plain)


def test_a_choir_is_wide_and_a_single_voice_is_not() -> None:
    note = Note(0, 4, 64, 0.8, "ah")
    assert listening.correlation(perform("female", note).T.astype(np.float64)) > 0.999
    assert listening.correlation(perform("choir", note).T.astype(np.float64)) < 0.9


def test_the_vocal_track_of_a_song_is_heard() -> None:
    notes = tuple(Note(float(i), 1.0, 64 + i % 3, 0.8, "la") for i in range(12))
    score = handmade.song((Track("Vocal", "vocal", "vocal", 53, notes),), beats=16.0, vocals="female")
    out = np.concatenate(list(Performance(score, SYNTHESIZED).mixer()), axis=1)
    assert np.sqrt(np.mean(out[:, RATE : 5 * RATE] ** 2)) > 0.01
