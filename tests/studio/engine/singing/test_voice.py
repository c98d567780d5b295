from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.singing.choir import choir_of
from riffusion_tui.studio.engine.singing.vocal import Phrase, VocalLine, _evened
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED
from tests.studio.engine import handmade, listening

RATE = 44_100
Sound = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def phrase_of(line: VocalLine, *notes: Note) -> Phrase:
    (phrase,) = line.phrases(notes)
    return phrase


def perform(kind: str, *notes: Note) -> Sound:
    line = VocalLine(kind, 0.5)
    return line.perform(phrase_of(line, *notes))


def powers(sound: Sound, edges: tuple[float, ...]) -> Floats:
    """Power in the bands between `edges` hertz."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    f = np.fft.rfftfreq(len(sound), 1 / RATE)
    return np.array([power[(f >= low) & (f < high)].sum() for low, high in pairwise(edges)])


def test_phrases_are_split_at_rests_and_by_length() -> None:
    line = VocalLine("female", 0.5)
    close = [Note(float(i), 1.0, 64, 0.7, "ah") for i in range(4)]
    assert [len(p.notes) for p in line.phrases([*close, Note(6.0, 1.0, 64, 0.7, "la")])] == [4, 1]
    assert len(line.phrases([Note(float(i), 1.0, 64, 0.7, "la") for i in range(60)])) > 2
    assert line.phrases([*close])[0].start == 0


def test_consonants_start_before_the_beat() -> None:
    line = VocalLine("female", 0.5)
    on_vowel, early = (phrase_of(line, Note(4.0, 1.0, 64, 0.7, word)).start for word in ("ah", "strong"))
    assert on_vowel == 2 * RATE
    assert 0.1 < (on_vowel - early) / RATE < 0.35


def test_one_singer_is_chosen_for_the_whole_part() -> None:
    high, low = (Note(float(i * 4), 1.0, pitch, 0.7, "la") for i, pitch in enumerate((64, 50)))
    assert {p.singer for p in VocalLine("any", 0.5).phrases([low, high, low, low])} == {"male"}
    assert {p.singer for p in VocalLine("any", 0.5).phrases([low, high, high, high])} == {"female"}
    assert {p.singer for p in VocalLine("female", 0.5).phrases([low])} == {"female"}


@pytest.mark.parametrize("kind", ["female", "male", "choir", "any"])
def test_a_phrase_has_sound_and_ends_in_silence(kind: str) -> None:
    sound = perform(kind, Note(0, 1, 62, 0.7, "strong"), Note(1, 1, 66, 0.7, "hands"), Note(2, 2, 69, 0.9, "shine"))
    assert sound.shape[0] == (2 if kind == "choir" else 1)
    assert np.isfinite(sound).all()
    assert 0.05 < np.abs(sound).max() < 1.5
    assert np.abs(sound[:, 0]).max() < 0.02
    assert np.abs(sound[:, -1]).max() < 0.02


def test_the_same_phrase_sounds_the_same() -> None:
    notes = (Note(0, 1, 62, 0.7, "some-"), Note(1, 1, 66, 0.7, "thing"))
    assert np.array_equal(perform("choir", *notes), perform("choir", *notes))


def test_a_repeated_line_is_rendered_once() -> None:
    def line(at: float, velocity: float, *words: str) -> list[Note]:
        return [Note(at + i, 1.0, 62 + i, velocity, word) for i, word in enumerate(words)]

    voice = VocalLine("female", 0.5)
    first, again, louder, other = voice.phrases(
        [
            *line(2, 0.6, "come", "home"),
            *line(8.01, 0.63, "come", "home"),
            *line(16, 0.9, "come", "home"),
            *line(24, 0.6, "come", "here"),
        ]
    )
    assert again.start - first.start == pytest.approx(6.01 * 0.5 * RATE, abs=2)
    assert again.gain == pytest.approx(1.05)
    assert voice.perform(again) is voice.perform(first)
    assert {phrase.gain for phrase in (first, louder, other)} == {1.0}
    assert len({voice.perform(phrase).tobytes() for phrase in (first, louder, other)}) == 3


@pytest.mark.parametrize("pitch", [50, 62, 74])
def test_the_line_is_in_tune(pitch: int) -> None:
    sound = perform("male" if pitch < 60 else "female", Note(0, 4, pitch, 0.8, "ah"))[0, RATE // 2 : 3 * RATE // 2]
    size = 1 << 18
    f = np.fft.rfftfreq(size, 1 / RATE)
    requested = 440 * 2 ** ((pitch - 69) / 12)
    near = (f > requested * 0.94) & (f < requested * 1.06)
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), size))[near] ** 2
    cents = 1200 * np.log2(float((f[near] * power).sum() / power.sum()) / requested)
    assert abs(cents) < 25


def test_vowels_have_power_at_their_formants() -> None:
    ah, ee = (perform("male", Note(0, 4, 45, 0.8, word))[0, RATE // 2 : RATE] for word in ("ah", "ee"))
    edges = (600.0, 1400.0, 1800.0, 2300.0)
    open_, _, open_high = powers(ah, edges)
    closed, _, closed_high = powers(ee, edges)
    assert open_ > 20 * open_high
    assert closed_high > 2 * closed


def test_a_woman_has_higher_formants_than_a_man() -> None:
    man, woman = (perform(kind, Note(0, 4, 57, 0.8, "ee"))[0, RATE // 2 : RATE] for kind in ("male", "female"))
    edges = (1800.0, 2250.0, 2700.0)
    for sound, above in ((man, 0), (woman, 1)):
        assert int(np.argmax(powers(sound, edges))) == above


def test_a_harder_note_is_brighter() -> None:
    soft, hard = (perform("male", Note(0, 4, 48, v, "ah"))[0, RATE // 2 : RATE] for v in (0.2, 0.95))
    edges = (100.0, 1500.0, 8000.0)
    assert np.divide(*powers(hard, edges)[::-1]) > 1.2 * np.divide(*powers(soft, edges)[::-1])


def test_an_s_hisses_and_a_stop_is_silent() -> None:
    def before(word: str) -> Sound:
        sung: Sound = perform("female", Note(0, 1, 64, 0.7, "ah"), Note(1, 1, 64, 0.7, word))[0]
        return sung[RATE // 2 - 4000 : RATE // 2 + 1000]

    high = (5000.0, 10_000.0)
    assert powers(before("saw"), high)[0] > 20 * powers(before("law"), high)[0]
    closed = before("tall")
    loud = np.sqrt(np.convolve(closed**2, np.full(400, 1 / 400), "valid"))
    assert loud.min() < 0.03 * loud.max()


def test_a_singer_keeps_syllables_at_one_level() -> None:
    t = np.arange(RATE) / RATE
    loud, soft = np.sin(2 * np.pi * 220 * t), 0.1 * np.sin(2 * np.pi * 220 * t)
    out = _evened(np.concatenate([loud, soft]).astype(np.float32))
    apart = 20 * np.log10(np.std(out[RATE // 4 : RATE * 3 // 4]) / np.std(out[RATE * 5 // 4 : RATE * 7 // 4]))
    assert 11.5 < apart < 14.5
    assert not _evened(np.zeros(1000, dtype=np.float32)).any()


def test_a_choir_is_wide_and_a_single_voice_is_not() -> None:
    note = Note(0, 4, 64, 0.8, "ah")
    assert perform("female", note).shape[0] == 1
    assert listening.correlation(perform("choir", note).T.astype(np.float64)) < 0.9


def test_a_choir_of_two_voices_is_four_slightly_delayed_singers() -> None:
    clicks = np.zeros((2, RATE), dtype=np.float32)
    clicks[:, RATE // 4] = 1
    left, right = choir_of(clicks, 1.0)
    at = np.flatnonzero(np.abs(left + right) > 0.3)
    singers = at[np.append(True, np.diff(at) > 20)]
    assert len(singers) == 4
    assert singers[0] == pytest.approx(RATE // 2, abs=2)
    assert singers[-1] - singers[0] < 0.03 * RATE


def test_the_low_voice_of_a_choir_has_lower_formants() -> None:
    line = VocalLine("choir", 0.5)
    high, low = line._sung(phrase_of(line, Note(0, 4, 57, 0.8, "ee")), "choir", forward=False, lower=(1.3,))
    edges = (1700.0, 2250.0, 2550.0)
    assert [int(np.argmax(powers(np.repeat(voice[RATE // 4 : RATE // 2], 2), edges))) for voice in (high, low)] == [
        1,
        0,
    ]


def test_a_song_with_a_vocal_track_sounds() -> None:
    notes = tuple(Note(float(i), 1.0, 64 + i % 3, 0.8, "la") for i in range(12))
    score = handmade.song((Track("Vocal", "vocal", "vocal", 53, notes),), beats=16.0, vocals="female")
    out = np.concatenate(list(Performance(score, SYNTHESIZED).mixer()), axis=1)
    assert np.sqrt(np.mean(out[:, RATE : 5 * RATE] ** 2)) > 0.01
