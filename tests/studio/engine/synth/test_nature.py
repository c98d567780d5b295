from __future__ import annotations

import numpy as np
import pytest

from riffusion_tui.studio.engine.cache import SignalCache
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.mix.performance import outdoor_sounds
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.synth.fx import BedVoice
from riffusion_tui.studio.engine.synth.nature import LOOPS
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE
from tests.studio.engine.handmade import played


@pytest.fixture(scope="module")
def loops() -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    return {name: make() for name, make in LOOPS.items()}


def share(loop: np.ndarray[tuple[int, ...], np.dtype[np.float32]], low: float, high: float) -> float:
    """The share of a loop's power between two frequencies."""
    power = np.abs(np.fft.rfft(loop.mean(axis=0))) ** 2
    hertz = np.fft.rfftfreq(loop.shape[1], 1 / SAMPLE_RATE)
    return float(power[(hertz >= low) & (hertz < high)].sum() / power.sum())


def swing(loop: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    """dB between a loop's loud and quiet seconds."""
    seconds = loop[:, : loop.shape[1] // SAMPLE_RATE * SAMPLE_RATE].reshape(2, -1, SAMPLE_RATE)
    level = 10 * np.log10((seconds**2).mean(axis=(0, 2)))
    return float(np.percentile(level, 90) - np.percentile(level, 10))


def snap(loop: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    """dB by which the sharpest 5 ms stand out above 2 kHz."""
    bright = np.diff(loop, 3)[:, : loop.shape[1] // 220 * 220 - 220].reshape(2, -1, 220)
    level = 10 * np.log10((bright**2).mean(axis=(0, 2)))
    return float(np.percentile(level, 99.5) - np.median(level))


def test_each_sound_has_its_typical_spectrum_and_dynamics(
    loops: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]],
) -> None:
    assert share(loops["crickets"], 3800, 5600) > 0.8
    assert share(loops["birds"], 1500, 8000) > 0.8
    assert share(loops["rain"], 900, 10_000) > 0.8
    assert share(loops["thunder"], 20, 200) > 0.5
    assert share(loops["stream"], 300, 3000) > 0.7
    assert share(loops["wind"], 60, 1500) > 0.8
    assert swing(loops["waves"]) > 8 > 4 > swing(loops["rain"])
    assert swing(loops["thunder"]) > 6
    assert snap(loops["fire"]) > 12 > snap(loops["rain"])


def test_loops_are_equally_loud_and_seamless(
    loops: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]],
) -> None:
    for name, loop in loops.items():
        assert 0.04 < np.sqrt((loop**2).mean()) < 0.08, name
        assert np.abs(loop).max() <= 0.61, name
        ends = [np.sqrt((part**2).mean()) for part in (loop[:, :8000], loop[:, -8000:])]
        assert max(ends) < 4 * min(ends), name


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("ambient with ocean waves", ["waves"]),
        ("calm piano with birds chirping", ["birds"]),
        ("new age with wind sounds and seagulls", ["waves", "wind", "birds"]),
        ("meditation music with crickets at night", ["crickets"]),
        ("crackling fire, soft guitar", ["fire"]),
        ("lo-fi on a rainy night", ["rain"]),
        ("dark ambient, thunderstorm", ["rain", "thunder"]),
        ("ambient with river sounds", ["stream"]),
        ("white noise for sleeping", ["rain"]),
        ("pink noise", ["stream"]),
        ("ambient with brown noise", ["wind"]),
        ("relaxing music with nature sounds", ["birds", "stream"]),
    ],
)
def test_a_prompt_gets_the_sounds_it_names(prompt: str, wanted: list[str]) -> None:
    assert outdoor_sounds(plan(Request(prompt, seed=1))) == wanted


def test_every_sound_that_can_be_named_is_generated() -> None:
    table = read_data("nature.toml")
    assert set(table["sounds"]) == set(LOOPS)
    assert set(table["otherwise"]) <= set(LOOPS)


def test_repeated_bed_notes_have_no_dropout() -> None:
    bed = BedVoice("wind and rain", SignalCache(32 << 20))
    held = 3 * SAMPLE_RATE
    one = played(bed, 60, 0.7, held)
    both = np.zeros((2, 2 * held + SAMPLE_RATE), dtype=np.float32)
    both[:, : one.shape[1]] += one
    both[:, held : held + one.shape[1]] += one
    pieces = both[:, SAMPLE_RATE : 2 * held].reshape(2, -1, SAMPLE_RATE // 10)
    level = np.sqrt((pieces**2).mean(axis=(0, 2)))
    assert level.min() > 0.4 * np.median(level)
