from __future__ import annotations

import itertools
import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.engine_errors import Cancelled, EngineError
from riffusion_tui.studio.engine.engine_protocol import Engine, RenderedSong
from riffusion_tui.studio.engine.mix.mixing import mixing_for
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import FORMATS, Request
from riffusion_tui.studio.engine.soundfonts.soundfont import SMALL_BYTES
from riffusion_tui.studio.engine.soundfonts.sounds import SYNTHESIZED
from tests.studio.engine import handmade, listening

RATE = 44_100


def make(
    folder: Path, prompt: str, seed: int = 1, *, sounds: str = SYNTHESIZED, name: str = "song.wav"
) -> RenderedSong:
    request = Request(prompt, seed=seed, length_s=12.0, instrumental=True)
    return SketchEngine(sounds).make(request, folder / name, name.rpartition(".")[2], lambda *_: None, lambda: False)


def test_the_engine_can_be_pickled() -> None:
    engine: Engine = pickle.loads(pickle.dumps(SketchEngine(SYNTHESIZED)))
    assert engine.name == "sketch"
    assert engine.formats == FORMATS == ("mp3", "wav", "flac", "ogg", "midi", "stems", "lrc", "chordpro")


def test_importing_the_engine_is_quick_and_loads_nothing_heavy() -> None:
    program = (
        "import sys, json, time; start = time.perf_counter()\n"
        "import riffusion_tui.studio.engine.sketch_engine\n"
        "heavy = [m for m in ('numpy', 'soundfile', 'lameenc', 'mido', 'pretty_midi', 'textual') if m in sys.modules]\n"
        "print(json.dumps([heavy, time.perf_counter() - start]))\n"
    )
    out = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    heavy, seconds = json.loads(out.stdout)
    assert heavy == []
    assert seconds < 2.0


PROMPTS = [
    "happy pop song", "hard rock with distorted guitar", "festival edm with a big drop", "epic cinematic orchestra",
    "lo-fi hip hop beat", "dark ambient", "jazz trio with saxophone", "acoustic folk in 3/4",
]  # fmt: skip


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_result_is_a_finished_song(tmp_path: Path, prompt: str) -> None:
    rises = prompt in PROMPTS[:4]
    score = compose(plan(Request(prompt, seed=1, length_s=24.0 if rises else 10.0, instrumental=True)))
    made = SketchEngine(SYNTHESIZED).render(score, tmp_path / "s.wav", "wav", lambda *_: None, lambda: False)
    sound = listening.read(made.file)
    assert np.isfinite(sound).all()
    assert len(sound) / RATE == pytest.approx(made.duration_s, abs=0.01)
    assert made.duration_s == pytest.approx(made.plan.length_s, abs=3.0)
    loudness = listening.loudness(sound)
    assert loudness == pytest.approx(mixing_for(made.plan).loudness, abs=1.0)
    assert made.loudness_lufs == pytest.approx(loudness, abs=0.3)
    assert 0.3 < np.abs(sound).max() <= 0.9
    assert listening.longest_silence(sound) <= 1.5
    assert listening.clicks(sound, list(range(65_536, len(sound), 65_536))) == []
    assert listening.rms_db(sound[-RATE // 20 :]) < -50
    assert 0.3 <= listening.correlation(sound) <= 0.8
    assert len(made.waveform) == 200
    assert made.cover is not None
    assert made.cover.is_file()
    assert made.sounds == SYNTHESIZED
    if rises:
        beat = 60 / score.plan.bpm
        starts = [s.start * beat for s in score.sections] + [score.beats * beat]
        assert listening.span_db(sound, list(itertools.pairwise(starts))) >= 4


def test_the_same_request_gives_the_same_file_and_another_seed_does_not(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from tests.studio.engine.test_sketch import make\n"
        "make(Path(sys.argv[1]), 'techno', name='other.wav')\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=120)
    made = make(tmp_path, "techno")
    assert made.file.read_bytes() == (tmp_path / "other.wav").read_bytes()
    assert made.file.read_bytes() != make(tmp_path, "techno", 2, name="second.wav").file.read_bytes()


def test_progress_grows_from_0_to_1_in_small_steps(tmp_path: Path) -> None:
    reported: list[tuple[float, str]] = []
    engine = SketchEngine(SYNTHESIZED)
    engine.make(
        Request("house", length_s=12.0),
        tmp_path / "s.mp3",
        "mp3",
        lambda *output: reported.append(output),
        lambda: False,
    )
    shares = [share for share, _ in reported]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert max(np.diff(shares)) < 0.12
    assert {"composing", "playing", "mastering", "encoding"} <= {what for _, what in reported}


@pytest.mark.parametrize("looks", [1, 5, 25])
def test_a_cancelled_song_stops_at_once_and_leaves_no_file(tmp_path: Path, looks: int) -> None:
    requested = itertools.count()
    with pytest.raises(Cancelled):
        SketchEngine(SYNTHESIZED).make(
            Request("house", length_s=12.0),
            tmp_path / "s.mp3",
            "mp3",
            lambda *_: None,
            lambda: next(requested) >= looks,
        )
    assert next(requested) == looks + 1
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused_with_the_list_of_formats(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="mp3, wav, flac"):
        make(tmp_path, "house", name="song.xm")


def test_a_missing_folder_is_an_engine_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        make(tmp_path / "none", "house")


def test_midi_is_written_without_audio(tmp_path: Path) -> None:
    request = Request("house", length_s=30.0)
    made = SketchEngine(SYNTHESIZED).make(request, tmp_path / "s.mid", "midi", lambda *_: None, lambda: False)
    assert made.file.read_bytes()[:4] == b"MThd"
    assert made.cover is None


def test_acoustic_instruments_are_sampled_and_electronic_ones_are_not(tmp_path: Path) -> None:
    font = handmade.write_soundfont(tmp_path / "small.sf2")
    acoustic = Performance(handmade.song(genre="folk"), str(font))
    assert acoustic.sounds == "small.sf2"
    kinds = {part.track.name: type(part.voice).__name__ for part in acoustic.parts}
    assert kinds == {
        "Drums": "SampledKit", "Bass": "StruckVoice", "Piano": "SampledVoice", "Pad": "PadVoice", "Lead": "OscVoice",
    }  # fmt: skip
    electronic = Performance(handmade.song(genre="techno"), str(font))
    assert {p.track.name: type(p.voice).__name__ for p in electronic.parts}["Drums"] == "KitVoice"
    assert Performance(handmade.song(genre="folk"), SYNTHESIZED).sounds == SYNTHESIZED


def test_bowed_strings_are_synthesized_with_a_small_soundfont(tmp_path: Path) -> None:
    fonts = [handmade.write_soundfont(tmp_path / f"{size}.sf2", padding=size) for size in (0, SMALL_BYTES)]
    notes = (Note(0.0, 4.0, 69, 0.8),)
    score = handmade.song(
        (Track("Violin", "lead", "violin", 40, notes), Track("Piano", "chords", "piano", 0, notes)), genre="classical"
    )
    kinds = [[type(part.voice).__name__ for part in Performance(score, str(font)).parts] for font in fonts]
    assert kinds == [["BlownVoice", "SampledVoice"], ["SampledVoice", "SampledVoice"]]


def test_a_sampled_song_meets_the_same_targets(tmp_path: Path) -> None:
    font = handmade.write_soundfont(tmp_path / "small.sf2", compressed=True)
    made = SketchEngine(str(font)).render(
        handmade.song(genre="folk"), tmp_path / "s.flac", "flac", lambda *_: None, lambda: False
    )
    assert made.sounds == "small.sf2"
    sound = listening.read(made.file)
    assert listening.loudness(sound) == pytest.approx(-14, abs=1.0)
    assert np.abs(sound).max() <= 0.9
    assert made.timed_lyrics == ((0.0, "One small line"),)


def test_a_damaged_soundfont_falls_back_to_synthesis(tmp_path: Path) -> None:
    path = tmp_path / "bad.sf2"
    path.write_bytes(b"RIFF" + bytes(40))
    assert Performance(handmade.song(genre="folk"), str(path)).sounds == SYNTHESIZED


@pytest.mark.parametrize(
    ("prompt", "kit"),
    [
        ("jazz with brushes", "brushes"),
        ("folk with tabla", "tabla"),
        ("techno with 909", "909"),
        ("epic taiko", "taiko"),
    ],
)
def test_the_prompt_selects_the_drum_kit(prompt: str, kit: str) -> None:
    session = Performance(compose(plan(Request(prompt, length_s=10.0, instrumental=True))), SYNTHESIZED)
    assert f"kit {kit}" in {getattr(part.voice, "name", "") for part in session.parts}
