from __future__ import annotations

import os
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riffusion_tui.studio.engine.cache import SignalCache
from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.engine_errors import DamagedSoundfont, NotASoundfont, SoundfontError
from riffusion_tui.studio.engine.loudness import loudness_of
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.soundfonts import sounds
from riffusion_tui.studio.engine.soundfonts.sampler import REFERENCE_DB, SampledKit, SampledVoice, _played
from riffusion_tui.studio.engine.soundfonts.soundfont import SoundFont
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED, candidates, open_sounds
from riffusion_tui.studio.engine.synth.voice import NoteSound
from tests.studio.engine.handmade import RATE, played, write_soundfont


def peak_hertz(sound: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    size = 1 << 18
    magnitude = np.abs(np.fft.rfft(sound[0] * np.hanning(sound.shape[1]), size))
    return float(np.fft.rfftfreq(size, 1 / RATE)[int(np.argmax(magnitude))])


@pytest.fixture(params=["sf2", "sf3", "odd"])
def font(request: pytest.FixtureRequest, tmp_path: Path) -> SoundFont:
    kind = request.param
    path = write_soundfont(tmp_path / "small.sf2", compressed=kind == "sf3", odd_chunk=kind == "odd")
    return SoundFont(path)


def test_presets_are_listed(font: SoundFont) -> None:
    assert font.has(0, 0)
    assert font.has(128, 0)
    assert not font.has(0, 1)


def test_a_sample_round_trips(font: SoundFont) -> None:
    sample, rate = font.sample(0)
    assert rate == RATE
    assert len(sample) == RATE
    expected = 0.5 * np.sin(2 * np.pi * 441.0 * np.arange(RATE) / RATE)
    assert np.abs(sample[2000:40_000] - expected[2000:40_000]).max() < 0.05


@pytest.mark.parametrize("pitch", [57, 69, 76])
def test_a_note_is_resampled_to_its_pitch(font: SoundFont, pitch: int) -> None:
    sound = played(SampledVoice(font, 0, SignalCache(16 << 20), 69), pitch, 0.8, RATE)
    assert peak_hertz(sound) == pytest.approx(441.0 * 2 ** ((pitch - 69) / 12), rel=0.002)


def test_centered_samples_are_stored_as_one_channel(font: SoundFont) -> None:
    stereo, mono = (SampledVoice(font, 0, SignalCache(16 << 20), 69) for _ in range(2))
    mono.expect(60, 0.8, RATE)
    both, one = played(stereo, 60, 0.8, RATE), played(mono, 60, 0.8, RATE)
    assert (both.shape[0], one.shape[0], mono.pan) == (2, 1, 0.0)
    assert np.abs(both - one).max() < 1e-6 < np.abs(one).max()


def test_a_looped_sample_lasts_as_long_as_the_note_and_no_longer(font: SoundFont) -> None:
    voice = SampledVoice(font, 0, SignalCache(32 << 20), 69)
    sound = played(voice, 69, 0.8, 3 * RATE)
    assert sound.shape[1] == 3 * RATE + voice.release
    assert np.sqrt(np.mean(sound[:, 2 * RATE : 3 * RATE] ** 2)) > 0.5 * np.sqrt(np.mean(sound[:, :RATE] ** 2))
    steps = np.abs(np.diff(sound[0, 100 : 3 * RATE]))
    assert steps.max() < 3 * np.percentile(steps, 90)
    assert np.abs(sound[:, -1]).max() < 1e-3


def level(sound: np.ndarray[tuple[int, ...], np.dtype[np.float32]], start: float, end: float) -> float:
    return float(np.sqrt(np.mean(sound[:, int(start * RATE) : int(end * RATE)] ** 2)))


@pytest.mark.parametrize(("decay", "later"), [(0, 0.9), (-2400, 0.3)], ids=["slow", "quick"])
def test_a_filter_envelope_closes_during_a_note(tmp_path: Path, decay: int, later: float) -> None:
    # Closed at 65 Hz, far below the sample's 441 Hz, and open five octaves above that.
    path = write_soundfont(tmp_path / "s.sf2", generators=((8, 3600), (11, 6000), (28, decay), (29, 1000)))
    sound = played(SampledVoice(SoundFont(path), 0, SignalCache(32 << 20), 69), 69, 0.8, 2 * RATE)
    open_, shut = level(sound, 0.03, 0.06), level(sound, later + 0.2, later + 0.5)
    assert open_ > 6 * shut
    assert level(sound, later * 0.3, later * 0.3 + 0.02) > 1.3 * shut


def test_a_note_falls_to_its_sustained_level_at_a_constant_rate(tmp_path: Path) -> None:
    # A decay of 10 s is for 100 dB: the 12 dB to this note's sustained level take 1.2 s.
    path = write_soundfont(tmp_path / "s.sf2", generators=((36, 3986), (37, 120)))
    sound = played(SampledVoice(SoundFont(path), 0, SignalCache(32 << 20), 69), 69, 0.8, 2 * RATE)
    first, falling, kept = (level(sound, at, at + 0.05) for at in (0.02, 0.62, 1.3))
    assert first / falling == pytest.approx(10 ** (6 / 20), rel=0.05)
    assert kept == pytest.approx(level(sound, 1.8, 1.85), rel=0.01)


def test_a_soft_note_opens_the_filter_less(tmp_path: Path) -> None:
    plain, opened = (
        SampledVoice(SoundFont(write_soundfont(tmp_path / name, generators=more)), 0, SignalCache(32 << 20), 69)
        for name, more in (("a.sf2", ((8, 3600),)), ("b.sf2", ((8, 3600), (11, 2400))))
    )
    soft, loud = (
        level(opened.tone(69, hardness, 9000), 0.05, 0.2) / level(plain.tone(69, hardness, 9000), 0.05, 0.2)
        for hardness in (0.1, 0.9)
    )
    assert 1.2 * soft < loud


def test_tabla_and_tanpura_are_sampled() -> None:
    score = compose(plan(Request("raga with sitar and tabla", seed=1, length_s=15.0, instrumental=True)))
    voices = {part.track.instrument: part.voice for part in Performance(score, None).parts}
    assert isinstance(voices["tabla"], SampledKit)
    assert isinstance(voices["tanpura"], SampledVoice)


def test_a_filter_without_an_envelope_is_constant(tmp_path: Path) -> None:
    path = write_soundfont(tmp_path / "s.sf2", generators=((8, 3600),))
    dull = played(SampledVoice(SoundFont(path), 0, SignalCache(32 << 20), 69), 69, 0.8, RATE)
    assert level(dull, 0.1, 0.3) == pytest.approx(level(dull, 0.7, 0.9), rel=0.01)


def test_a_longer_note_starts_like_a_shorter_one(tmp_path: Path) -> None:
    path = write_soundfont(tmp_path / "s.sf2", generators=((8, 3600), (11, 6000), (28, -2400), (29, 1000)))
    voice = SampledVoice(SoundFont(path), 0, SignalCache(32 << 20), 69)
    short, long = voice.tone(69, 0.7, 20_000), voice.tone(69, 0.7, 50_000)
    assert np.abs(short[:, :16_000] - long[:, :16_000]).max() < 1e-3 * np.abs(long).max()


def test_instruments_are_normalized_to_the_same_loudness(font: SoundFont) -> None:
    voice = SampledVoice(font, 40, SignalCache(16 << 20), 69)
    assert loudness_of(played(voice, 69, 0.7, RATE)[:, :RATE]) == pytest.approx(REFERENCE_DB, abs=1.0)


def test_a_kit_plays_from_bank_128(font: SoundFont) -> None:
    kit = SampledKit(font, 16, SignalCache(32 << 20))
    sound = played(kit, 38, 0.9, 1000)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() > 0.01
    assert played(kit, 46, 0.9, 1000).shape[1] < played(kit, 49, 0.9, 1000).shape[1]


def test_a_centered_drum_is_one_channel_and_ends_when_inaudible(font: SoundFont) -> None:
    cache = SignalCache(32 << 20)
    note = SampledKit(font, 16, cache).note(38, 0.9, 1000)
    assert note.sides is not None
    assert note.body.ndim == 1
    before_the_fade = np.abs(note.body[-4000:-2700]).max()
    assert note.body[-1] == 0
    assert before_the_fade > 10 ** (-63 / 20) * np.abs(note.body).max()
    whole = _played(font, font.regions(128, 0, 38, 30 + 78), 4 * RATE, 0.875)
    sides = np.array(note.sides)[:, None]
    n = len(note.body) - 2700
    assert np.abs(sides * note.body[:n] - whole[:, :n]).max() < 1e-6 < np.abs(whole).max()


def test_a_rock_kits_hat_is_softer_than_its_snare_but_audible() -> None:
    score = compose(plan(Request("hard rock", seed=1, length_s=20.0, instrumental=True)))
    kit = next(part.voice for part in Performance(score, None).parts if part.track.role == "drums")
    assert isinstance(kit, SampledKit)
    hat, snare = (loudness_of(placed(kit.note(number, 0.8, 2000))) for number in (42, 38))
    assert snare - 16 < hat < snare - 4


def placed(note: NoteSound) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    sides = np.array(note.sides or (1.0, 1.0), dtype=np.float32)[:, None] * np.float32(note.gain)
    return np.asarray(sides * note.body, dtype=np.float32)


def test_a_file_that_is_not_a_soundfont_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.sf2"
    path.write_bytes(b"RIFF\0\0\0\0WAVEfmt ")
    with pytest.raises(NotASoundfont):
        SoundFont(path)
    with pytest.raises(SoundfontError, match="can't be read"):
        SoundFont(tmp_path / "missing.sf2")


@pytest.mark.parametrize("table", [b"phdr", b"pbag", b"pgen", b"inst", b"ibag", b"igen", b"shdr"])
def test_a_file_that_lacks_a_table_is_refused_as_damaged(tmp_path: Path, table: bytes) -> None:
    path = write_soundfont(tmp_path / "s.sf2")
    path.write_bytes(path.read_bytes().replace(table, b"zzzz"))
    with pytest.raises(DamagedSoundfont, match=table.decode()):
        SoundFont(path)


def test_a_sample_outside_the_file_is_refused(tmp_path: Path) -> None:
    path = write_soundfont(tmp_path / "s.sf2")
    data = path.read_bytes()
    header = data.index(b"Sine", data.index(b"shdr")) + 20
    path.write_bytes(data[:header] + struct.pack("<II", 5, 4_000_000_000) + data[header + 8 :])
    with pytest.raises(DamagedSoundfont, match="outside"):
        SoundFont(path).sample(0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 90_000), at=st.integers(0, 1200), value=st.integers(0, 255))
def test_any_damaged_file_raises_only_soundfont_error(tmp_path: Path, cut: int, at: int, value: int) -> None:
    data = bytearray(write_soundfont(tmp_path / "s.sf2").read_bytes())
    data[-1 - at] = value
    path = tmp_path / "broken.sf2"
    path.write_bytes(bytes(data[: len(data) - (cut if cut % 3 == 0 else 0)]))
    with suppress(SoundfontError):
        font = SoundFont(path)
        for bank, program in list(font.presets)[:4]:
            for region in font.regions(bank, program, 60, 90):
                sample, rate = font.sample(region.sample)
                assert np.isfinite(sample).all()
                assert rate >= 4000


def test_a_configured_soundfont_is_the_only_candidate(tmp_path: Path) -> None:
    path = write_soundfont(tmp_path / "mine.sf2")
    assert list(candidates(str(path))) == [path]
    assert list(candidates(SYNTHESIZED)) == []
    font = open_sounds(str(path))
    assert font is not None
    assert font.name == "mine.sf2"


def test_the_bundled_soundfont_is_the_first_candidate_whatever_the_system_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A prompt and a seed give the same song on every machine."""
    system = write_soundfont(tmp_path / "FluidR3_GM.sf2")
    monkeypatch.setattr(sounds, "FOLDERS", (str(tmp_path),))
    found = list(candidates(None))
    assert [path.name for path in found] == ["TimGM6mb.sf2", system.name]
    font = SoundFont(found[0])
    assert font.has(0, 0)
    assert font.regions(0, 0, 60, 90)


def test_an_unusable_soundfont_is_skipped_and_its_error_gives_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "bad.sf2"
    path.write_bytes(b"rubbish")
    assert open_sounds(str(path)) is None
    assert open_sounds("~no-such-user/my.sf2") is None
    with pytest.raises(SoundfontError, match="not a soundfont"):
        SoundFont(path)
    os.mkfifo(tmp_path / "pipe.sf2")
    with pytest.raises(SoundfontError, match="Not a regular file"):
        SoundFont(tmp_path / "pipe.sf2")


def test_two_kits_of_the_same_sounds_share_the_cache(font: SoundFont) -> None:
    """A tabla and a drum kit, for example, which a soundfont has in one kit."""
    cache = SignalCache(1 << 22)
    first, second = (SampledKit(font, 0, cache).note(38, 0.3, 2000) for _ in range(2))
    assert second.sides == first.sides
    np.testing.assert_array_equal(second.body, first.body)
