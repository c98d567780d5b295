from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pytest

from riffusion_tui.studio.engine.cache import SignalCache
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.synth.drumkit import KitVoice, build, kit_for, kit_pieces
from riffusion_tui.studio.engine.synth.oscillators import Steady, pad_table
from riffusion_tui.studio.engine.synth.sustained import PadVoice
from riffusion_tui.studio.engine.synth.tones import SAMPLE_RATE, damped, hertz
from riffusion_tui.studio.engine.synth.voice import Voice
from riffusion_tui.studio.engine.synth.voice_table import DEFAULT, build_voice, voice_name, voice_table
from tests.studio.engine.handmade import played

UNPITCHED = ("fx", "bed", "scratch", "noises")
PITCHED = sorted(name for name, row in voice_table().items() if row["kind"] not in UNPITCHED)


def voice(name: str) -> Voice:
    return build_voice(name, SignalCache(64 << 20))


def mono(sound: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return sound if sound.ndim == 1 else np.asarray(sound[0], dtype=np.float32)


def instruments() -> dict[str, dict[str, object]]:
    text = resources.files("riffusion_tui.studio.engine.styles").joinpath("instruments.toml").read_text("utf-8")
    return tomllib.loads(text)


def test_melodic_instruments_do_not_use_the_default_voice() -> None:
    for name, row in instruments().items():
        if row["family"] in ("drums", "percussion", "keys") or name == "beatboxing":
            continue
        program = row["program"]
        assert isinstance(program, int)
        assert voice_name(name, program) != DEFAULT, name


def test_every_general_midi_program_has_a_voice() -> None:
    served = {program for row in voice_table().values() for program in row.get("programs", ())}
    assert served >= set(range(128)) - {47, 116, 117}


def test_voices_name_only_instruments_that_exist() -> None:
    known = instruments()
    named = [i for row in voice_table().values() for i in row.get("for", ())]
    assert [i for i in named if i not in known] == []
    assert len(named) == len(set(named))


@pytest.mark.parametrize("name", sorted(voice_table()))
def test_a_note_starts_and_ends_near_zero(name: str) -> None:
    player = voice(name)
    for pitch in (33, 60, 90):
        sound = played(player, pitch, 0.7, SAMPLE_RATE // 4)
        assert sound.dtype == np.float32
        assert sound.shape[:-1] == ((2,) if player.channels == 2 else ())
        assert np.isfinite(sound).all()
        assert 0.01 < np.abs(sound).max() < 2.5
        assert np.abs(sound[..., 0]).max() < 0.02
        assert np.abs(sound[..., -1]).max() < 0.02


# Bells and timpani have no harmonics; for the others, the first is an octave below.
NO_HARMONICS = ("bells", "timpani", "808", "synth bass", "reese bass", "wobble bass", "growl bass")


@pytest.mark.parametrize("name", [n for n in PITCHED if n not in NO_HARMONICS])
def test_a_note_has_its_pitch(name: str) -> None:
    sound = mono(played(voice(name), 57, 0.7, SAMPLE_RATE))[SAMPLE_RATE // 8 : SAMPLE_RATE * 7 // 8]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 17))
    f = np.fft.rfftfreq(1 << 17, 1 / SAMPLE_RATE)
    # The harmonics of the pitch are stronger than the gaps between them, whichever is the strongest.
    on = sum(float(spectrum[(f > k * 220 * 0.985) & (f < k * 220 * 1.015)].max()) for k in (1, 2, 3, 4))
    off = sum(float(spectrum[(f > (k + 0.46) * 220) & (f < (k + 0.54) * 220)].max()) for k in (1, 2, 3))
    assert on > 8 * off


@pytest.mark.parametrize("name", ["piano", "acoustic guitar", "supersaw", "strings", "trumpet", "electric piano"])
def test_a_harder_note_is_louder_and_brighter(name: str) -> None:
    player = voice(name)
    soft, hard = mono(played(player, 60, 0.2, SAMPLE_RATE)), mono(played(player, 60, 0.95, SAMPLE_RATE))

    def brightness(sound: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
        power = np.abs(np.fft.rfft(sound)) ** 2
        return float(np.sum(power[np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) > 1200]) / power.sum())

    assert np.sqrt(np.mean(hard**2)) > 2 * np.sqrt(np.mean(soft**2))
    assert brightness(hard) > 1.05 * brightness(soft)


@pytest.mark.parametrize("pitch", [48, 57])
def test_a_cello_has_its_bridges_resonances(pitch: int) -> None:
    sound = mono(played(voice("cello"), pitch, 0.7, SAMPLE_RATE))[:SAMPLE_RATE]
    power = np.abs(np.fft.rfft(sound)) ** 2
    # Without them, it is as dull as a flute.
    assert power[1500:2800].sum() > 0.4 * power[700:1300].sum()


def test_a_note_sounds_the_same_in_another_voice_object_and_order() -> None:
    first, second = voice("piano"), voice("piano")
    played(second, 64, 0.7, 3 * SAMPLE_RATE)
    assert np.allclose(played(first, 64, 0.7, 20_000), played(second, 64, 0.7, 20_000), atol=1e-4)


def test_an_expected_note_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    player = voice("warm pad")
    assert isinstance(player, PadVoice)
    made: list[int] = []
    make = player.tone

    def counted(pitch: int, hardness: float, frames: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        made.append(frames)
        return make(pitch, hardness, frames)

    monkeypatch.setattr(player, "tone", counted)
    lengths = (SAMPLE_RATE // 2, SAMPLE_RATE, 5 * SAMPLE_RATE, 3 * SAMPLE_RATE)
    for held in lengths:
        player.expect(60, 0.7, held)
    notes = [played(player, 60, 0.7, held) for held in lengths]
    assert made == [max(len(note[0]) for note in notes)]


def test_damped_partials_equal_the_sum_of_their_sines() -> None:
    t = np.arange(5000) / SAMPLE_RATE
    expected = 0.5 * np.sin(2 * np.pi * 440 * t + 0.3) * np.exp(-3 * t) + 0.2 * np.sin(2 * np.pi * 1234 * t)
    assert np.allclose(damped([440, 1234], [0.5, 0.2], [3, 0], [0.3, 0], 5000), expected, atol=2e-5)


def test_a_pads_loop_has_no_seam() -> None:
    loop = pad_table(hertz(60), np.array([1.0, 0.5, 0.25]), 25.0, seed=1, size=1 << 14)
    jumps = np.abs(np.diff(np.concatenate([loop, loop[:1]])))
    assert jumps[-1] <= jumps.max()
    assert abs(float(np.sqrt(np.mean(loop**2))) - 0.2) < 1e-3


@pytest.mark.parametrize("name", read_data("drums.toml"))
def test_every_kit_plays_every_percussion_number(name: str) -> None:
    kit = KitVoice(name, SignalCache(32 << 20), kit_pieces(name))
    for number in range(27, 88):
        sound = played(kit, number, 0.8, 5000)
        assert np.isfinite(sound).all()
        assert 0.01 < np.abs(sound).max() < 2.0, number


def test_kick_is_low_and_hat_is_high() -> None:
    pieces = kit_pieces("acoustic")

    def middle(number: int) -> float:
        magnitude = np.abs(np.fft.rfft(build(pieces[number], 0.8, 1), 1 << 16)) ** 2
        return float(
            np.fft.rfftfreq(1 << 16, 1 / SAMPLE_RATE)[np.searchsorted(np.cumsum(magnitude), magnitude.sum() / 2)]
        )

    assert middle(36) < 120
    assert middle(42) > 5000


def test_drum_kits_sound_different() -> None:
    kicks = [build(kit_pieces(name)[36], 0.8, 1) for name in ("acoustic", "808", "909", "cinematic", "industrial")]
    assert len({kick.tobytes() for kick in kicks}) == len(kicks)


def test_instruments_have_their_own_kits() -> None:
    assert (kit_for("tabla"), kit_for("timpani"), kit_for("beatboxing")) == ("tabla", "timpani", "mouth")
    assert kit_for("drums") == ""
    assert kit_pieces("tabla")[60] != kit_pieces("acoustic")[60]
    assert kit_pieces("tabla")[42] == kit_pieces("acoustic")[42]


def test_an_open_hat_closes_when_its_note_ends() -> None:
    kit = KitVoice("acoustic", SignalCache(8 << 20), kit_pieces("acoustic"))
    assert played(kit, 46, 0.8, 3000).shape[1] < played(kit, 46, 0.8, 30_000).shape[1]


def test_a_riser_rises_and_an_impact_falls() -> None:
    player = voice(voice_name("fx", 97))
    rise, fall = played(player, 60, 0.9, 3 * SAMPLE_RATE), played(player, 60, 0.9, 1000)
    third = rise.shape[1] // 3
    assert np.mean(rise[:, -third:] ** 2) > 10 * np.mean(rise[:, :third] ** 2)
    assert np.mean(fall[:, :20_000] ** 2) > 10 * np.mean(fall[:, -20_000:] ** 2)


def test_the_cache_never_exceeds_its_size() -> None:
    cache = SignalCache(10_000)
    for i in range(20):
        cache.put(i, np.zeros(500, dtype=np.float32))
        assert cache.size <= 10_000
    assert cache.get(0) is None
    assert cache.get(19) is not None
    cache.put("huge", np.zeros(50_000, dtype=np.float32))
    assert cache.get("huge") is None
    cache.put(19, np.zeros(100, dtype=np.float32))
    assert cache.size <= 10_000
    assert len(cache) == 5


@pytest.mark.parametrize(("freq", "start"), [(27.5, 0.0), (440.0, 0.3), (4186.0, 0.99)])
def test_a_steady_oscillator_matches_its_phase(freq: float, start: float) -> None:
    frames = 3 * SAMPLE_RATE
    turns = start + np.arange(frames) * (freq / SAMPLE_RATE)
    places = np.concatenate(
        [Steady(freq, frames, start).places(a, min(a + 8192, frames), 4096) for a in range(0, frames, 8192)]
    )
    away = (places + 0.5 - turns * 4096 + 2048) % 4096 - 2048
    assert np.abs(away).max() < 1.0
