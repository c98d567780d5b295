"""Manners of singing: who growls, screams, whispers or sings with grit, and how that sounds."""

from __future__ import annotations

import numpy as np
import pytest

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import genres
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.mix.player import SPAN, Player
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score, Track
from riffusion_tui.studio.engine.singing.delivery import pronunciation_of
from riffusion_tui.studio.engine.singing.manner import manner_of
from riffusion_tui.studio.engine.song_request import Request
from tests.studio.engine import handmade

RATE = 44_100
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("death metal about a plague", "growled"), ("thrash metal, guttural vocals", "growled"),
        ("a growling man over groove metal", "growled"), ("raw black metal", "screamed"),
        ("metal with screamed vocals", "screamed"), ("screamo", "screamed"),
        ("metalcore, screams and clean singing", "screamed"), ("heavy metal, a man sings", "gritty"),
        ("funeral doom", "growled"),
        ("power metal, female vocals", "belted"), ("power metal with a raspy voice", "gritty"),
    ],
)  # fmt: skip
def test_metal_is_sung_harshly(prompt: str, name: str) -> None:
    manner = manner_of(plan(Request(prompt, seed=1)))
    assert manner is not None
    assert manner.name == name


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("raspy rock", "gritty"), ("a gravelly old man sings the blues", "gritty"),
        ("punk with a shouting man", "gritty"), ("trap, screaming vocals", "screamed"),
        ("screamed punk", "screamed"), ("growled hardcore punk", "growled"), ("whispered folk", "whispered"),
        ("pop with a growling singer", "gritty"), ("death metal, whispered", "whispered"),
        ("bossa nova, breathy female vocals", "breathy"),
    ],
)  # fmt: skip
def test_a_prompt_decides_the_manner_in_every_genre(prompt: str, name: str) -> None:
    made = plan(Request(prompt, seed=1))
    manner = manner_of(made)
    assert manner is not None
    assert manner.name == name
    assert made.vocals != "none"
    assert not made.ignored


@pytest.mark.parametrize(
    "prompt",
    [
        "death metal with clean vocals", "heavy metal, no growls, clean vocals", "death metal without screaming",
        "gothic metal with a tenor", "death metal sung by a choir", "rock with a screaming guitar solo",
        "a raspy sax in a pop song", "tenor sax ballad, female vocals", "dubstep with a growl bass",
        "a gospel choir shouts",
    ],
)  # fmt: skip
def test_vocals_are_clean_outside_metal_and_on_request(prompt: str) -> None:
    assert manner_of(plan(Request(prompt, seed=1))) is None


def test_every_metal_genre_has_a_vocal_style() -> None:
    rows = read_data("delivery.toml")["manner"]
    listed = [genre for row in rows.values() if isinstance(row, dict) for genre in row["genres"]]
    metal = [name for name, table in genres().items() if table["genre"]["family"] in rows["harsh_families"]]
    assert len(listed) == len(set(listed))
    assert set(metal) <= set(listed)


@pytest.mark.parametrize(
    "prompt",
    ["opera", "a soprano aria by Puccini", "operatic vocals over synth pop", "gothic metal with operatic soprano"],
)
def test_opera_is_sung_with_a_trained_voice(prompt: str) -> None:
    manner = manner_of(plan(Request(prompt, seed=1)))
    assert manner is not None
    assert manner.name == "operatic"


def _song(genre: str, *notes: Note, prompt: str = "") -> Score:
    understood = plan(Request(prompt)).understood
    tracks = (Track("Vocal", "vocal", "vocals", 53, notes),)
    return handmade.song(tracks, genre=genre, vocals="male", understood=understood)


def _sung(genre: str, *notes: Note, prompt: str = "") -> Floats:
    (part,) = Performance(_song(genre, *notes, prompt=prompt), None).parts
    player = Player(part, 0.5, 0)
    found = [player.span(i) for i in range(2)]
    sound = np.concatenate([np.zeros(SPAN) if span is None else span.mean(axis=0) for span in found])
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float64)


def _tone(sound: Floats) -> float:
    """Return the power at the first five harmonics of 220 Hz, relative to what lies between them."""
    second = sound[RATE // 4 : 5 * RATE // 4]
    hertz = np.fft.rfftfreq(len(second), 1 / RATE)
    power = np.abs(np.fft.rfft(second * np.hanning(len(second)))) ** 2
    off = np.abs((hertz + 110) % 220 - 110)
    heard = (hertz > 110) & (hertz < 1210)
    return float(power[heard & (off < 20)].sum() / power[heard & (off > 60)].sum())


def _roughness(sound: Floats) -> float:
    """How far the loudness sways 30 to 90 times a second, relative to its mean."""
    loudness = np.abs(np.fft.ifft(np.where(np.fft.fftfreq(len(sound)) > 0, 2 * np.fft.fft(sound), 0)))
    hertz = np.fft.rfftfreq(len(loudness), 1 / RATE)
    power = np.abs(np.fft.rfft(loudness * np.hanning(len(loudness)))) ** 2
    return float(np.sqrt(power[(hertz > 30) & (hertz < 90)].sum() / power[hertz < 3].sum()))


def _center(sound: Floats, low: float, high: float) -> float:
    """The mean frequency of what sounds from `low` to `high`."""
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    power = np.where((hertz > low) & (hertz < high), np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2, 0)
    return float((hertz * power).sum() / power.sum())


def test_harsh_voices_are_rough_and_growls_most() -> None:
    note = Note(0.0, 4.0, 57, 0.8, "ah")
    clean, belted, gritty, growled = (
        _roughness(_sung(genre, note)[RATE // 4 : 5 * RATE // 4])
        for genre in ("pop", "power metal", "thrash metal", "death metal")
    )
    assert clean < 0.5 * belted
    assert belted < gritty < growled


def test_a_whisper_is_breath_and_no_tone() -> None:
    note = Note(0.0, 4.0, 57, 0.8, "ah")
    clean, breathy, whispered = (
        _tone(_sung("pop", note, prompt=prompt)) for prompt in ("pop", "breathy pop", "whispered pop")
    )
    assert clean > 2 * breathy > 4 * whispered


def test_gritty_vocals_stay_in_tune() -> None:
    sound = _sung("thrash metal", Note(0.0, 4.0, 57, 0.8, "ah"))[RATE // 4 : 5 * RATE // 4]
    assert abs(1200 * np.log2(_center(sound, 190, 250) / 220.0)) < 60


def _sway(sound: Floats) -> float:
    """Return how far the pitch of a held A3 sways around its mean, in cents."""
    analytic = np.fft.ifft(np.where(np.abs(np.fft.fftfreq(len(sound), 1 / RATE) - 220) < 60, np.fft.fft(sound), 0))
    hertz = np.diff(np.unwrap(np.angle(analytic))) * RATE / (2 * np.pi)
    return float(np.std(1200 * np.log2(np.clip(hertz, 150, 300) / 220)))


def test_an_opera_singer_has_more_vibrato_and_a_singers_formant() -> None:
    note = Note(0.0, 4.0, 57, 0.8, "ah")
    pop, opera = (_sung(genre, note)[RATE : 2 * RATE] for genre in ("pop", "opera"))
    assert _sway(opera) > 2 * _sway(pop)
    assert _ring(opera) > 2 * _ring(pop)


def _ring(sound: Floats) -> float:
    """Return how much louder it is at 2.5 to 3 kHz, where the singer's formant is, than to both sides."""
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    low, middle, high = (float(power[(hertz > at) & (hertz < at + 500)].sum()) for at in (2000, 2500, 3000))
    return middle / (low + high)


def test_a_growl_has_no_melody() -> None:
    notes = [Note(2.0 * i, 2.0, pitch, 0.8, "ah") for i, pitch in enumerate((50, 62))]
    clean, growled = (_sung(genre, *notes) for genre in ("pop", "death metal"))
    at = (slice(RATE // 4, 3 * RATE // 4), slice(5 * RATE // 4, 7 * RATE // 4))
    low, high = (_center(clean[where], 60, 330) for where in at)
    assert high > 1.5 * low
    low, high = (_center(growled[where], 60, 330) for where in at)
    assert high < 1.15 * low


@pytest.mark.parametrize(
    ("genre", "words"), [("death metal", "English, dictionary, growled"), ("pop", "English, dictionary")]
)
def test_the_details_name_the_vocal_style(genre: str, words: str) -> None:
    assert pronunciation_of(_song(genre, Note(0.0, 1.0, 57, 0.8, "fire"))).description == words
