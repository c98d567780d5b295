"""Measure the sketch engine's songs.

`python -m tests.benchmarks.engine [--seconds 45] [--seeds 2] [--only speed|sound]`. Speed and memory are measured
in separate processes, on one core if the system allows it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.output.midi import write_midi
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.soundfonts.sounds import open_sounds
from tests.studio.engine import listening

# Two prompts for each of eight kinds; both of a pair belong to one family of genres.
PAIRS = (
    ("upbeat pop song in C major", "melancholic indie pop in D minor, 96 bpm"),
    ("energetic rock in E minor, 140 bpm", "slow grunge in A minor, 90 bpm"),
    ("deep house in G minor, 122 bpm", "french house in F major, 124 bpm"),
    ("uplifting trance in A minor, 138 bpm", "festival edm in F minor, 128 bpm"),
    ("epic cinematic trailer in D minor", "horror film score in C minor"),
    ("lo-fi hip hop in F major, 80 bpm", "hard trap in C# minor, 140 bpm"),
    ("smooth jazz in Bb major", "fast bebop in F major, 200 bpm"),
    ("acoustic folk in G major, 104 bpm", "celtic reel in D major, 116 bpm"),
)

_CHILD = """
import json, resource, sys, time
start = time.perf_counter()
import riffusion_tui.studio.engine.sketch_engine as sketch
imported = time.perf_counter() - start
from pathlib import Path
from riffusion_tui.studio.engine.song_request import Request
prompt, seconds, format, to = sys.argv[1:5]
begun, spent = time.perf_counter(), time.process_time()
made = sketch.SketchEngine().make(
    Request(prompt, seed=1, length_s=float(seconds)), Path(to) / f"song.{format}", format,
    lambda *_: None, lambda: False,
)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({
    "import": imported, "wall": time.perf_counter() - begun, "cpu": time.process_time() - spent,
    "length": made.duration_s, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20,
    "sounds": made.sounds,
}))
"""

Floats = NDArray[np.float64]


@dataclass
class Heard:
    """A song and its measurements."""

    prompt: str
    seed: int
    score: Score
    wall: float
    loudness: float
    peak: float
    correlation: float
    span: float
    tempo_error: float
    key_rank: int
    length_error: float
    fingerprint: Floats


def child(prompt: str, seconds: float, format: str, folder: Path) -> dict[str, float]:
    """Make a song in a fresh process that may use one core and one thread."""
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [sys.executable, "-c", _CHILD, prompt, str(seconds), format, str(folder)]
    if shutil.which("taskset"):
        command = ["taskset", "-c", str(max(os.sched_getaffinity(0))), *command]
    out = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **threads})
    found: dict[str, float] = json.loads(out.stdout)
    return found


def speed(folder: Path) -> None:
    """Print speed and memory."""
    font = open_sounds(None)
    print(f"sounds: {font.name if font else 'synthesized'}")
    for prompt in ("pop song with piano and strings", "hard rock", "trance", "epic cinematic orchestra"):
        row = child(prompt, 180, "mp3", folder)
        print(
            f"3 minutes to MP3, {prompt}: {row['wall']:.1f} s ({row['length'] / row['wall']:.0f} × real time;"
            f" {row['cpu']:.1f} s of processor), import {row['import']:.2f} s"
        )
    for minutes in (1, 2, 4, 8):
        row = child("pop song with piano and strings", minutes * 60, "wav", folder)
        print(f"{minutes} min: {row['mb']:.0f} MB at most, {row['length'] / row['wall']:.0f} × real time (WAV)")


def beside_fluidsynth(folder: Path) -> None:
    """Print how long fluidsynth takes for the same score with the same soundfont."""
    font = open_sounds(None)
    if font is None or not shutil.which("fluidsynth"):
        print("fluidsynth or a soundfont is not here: not compared")
        return
    score = compose(plan(Request("pop song with piano and strings", seed=1, length_s=120.0, instrumental=True)))
    write_midi(score, folder / "song.mid")
    begun = time.perf_counter()
    SketchEngine().render(score, folder / "ours.wav", "wav", lambda *_: None, lambda: False)
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    files = [str(folder / "theirs.wav"), "-r", "44100", str(font.path), str(folder / "song.mid")]
    subprocess.run(["fluidsynth", "-ni", "-q", "-F", *files], check=True, capture_output=True)
    theirs = time.perf_counter() - begun
    print(f"120 s of the same score: this engine {120 / ours:.0f} ×, fluidsynth {120 / theirs:.0f} × real time")


def hear(prompt: str, seed: int, seconds: float, folder: Path) -> Heard:
    """Make a song and measure it."""
    made_plan = plan(Request(prompt, seed=seed, length_s=seconds, instrumental=True))
    score = compose(made_plan)
    begun = time.perf_counter()
    made = SketchEngine().render(score, folder / "song.wav", "wav", lambda *_: None, lambda: False)
    wall = time.perf_counter() - begun
    sound = listening.read(made.file)
    beat = 60 / made_plan.bpm
    edges = [*(s.start * beat for s in score.sections), score.beats * beat]
    return Heard(
        prompt=prompt,
        seed=seed,
        score=score,
        wall=made.duration_s / wall,
        loudness=listening.loudness(sound),
        peak=float(np.abs(sound).max()),
        correlation=listening.correlation(sound),
        span=listening.span_db(sound, list(itertools.pairwise(edges))),
        tempo_error=listening.folded_error(listening.tempo(sound), made_plan.bpm),
        key_rank=_key_rank(sound, made_plan.key, made_plan.mode),
        length_error=abs(len(sound) / listening.RATE - made_plan.length_s),
        fingerprint=listening.fingerprint(sound),
    )


def _key_rank(sound: Floats, key: str, mode: str) -> int:
    """Return the rank (from 1) of the requested scale; a scale is its notes, so relative keys count as one."""
    flats = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#"}
    tonic = listening.NAMES.index(flats.get(key, key))
    minor = mode not in ("major", "lydian", "mixolydian", "pentatonic")
    shift = {"dorian": 10, "phrygian": 8, "lydian": 7, "mixolydian": 5, "locrian": 1}.get(mode, 3 if minor else 0)
    requested = (tonic + shift) % 12
    scales: list[int] = []
    for name, mode_found in listening.keys(sound):
        scale = (listening.NAMES.index(name) + (3 if mode_found == "minor" else 0)) % 12
        if scale not in scales:
            scales.append(scale)
    return scales.index(requested) + 1


def report(songs: list[Heard]) -> None:
    """Print the songs' measurements."""

    def share(good: Callable[[Heard], bool]) -> str:
        return f"{100 * sum(map(good, songs)) / len(songs):.0f} %"

    speeds = [s.wall for s in songs]
    print(f"{len(songs)} songs, WAV, this process: {np.mean(speeds):.0f} × real time, worst {min(speeds):.0f} ×")
    print(f"tempo within 3 %: {share(lambda s: s.tempo_error < 0.03)}")
    first, three = share(lambda s: s.key_rank == 1), share(lambda s: s.key_rank <= 3)
    print(f"requested scale ranked first of 12: {first}, in the first three: {three}")
    for name, values in (
        ("loudness, LUFS", [s.loudness for s in songs]),
        ("peak", [s.peak for s in songs]),
        ("loudest against quietest section, dB", [s.span for s in songs]),
        ("left/right correlation", [s.correlation for s in songs]),
        ("length off the plan, s", [s.length_error for s in songs]),
    ):
        print(f"{name}: {min(values):.2f} to {max(values):.2f}, mean {np.mean(values):.2f}")
    _distances(songs)


def _distances(songs: list[Heard]) -> None:
    points = np.array([s.fingerprint for s in songs])
    points = (points - points.mean(axis=0)) / (points.std(axis=0) + 1e-9)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    nearest = apart.argmin(axis=1)
    right = sum(songs[i].prompt == songs[int(j)].prompt for i, j in enumerate(nearest))
    print(f"nearest neighbor is of the same prompt: {right} of {len(songs)}")
    for pair in PAIRS:
        seeds, prompts = [], []
        for i, j in itertools.combinations(range(len(songs)), 2):
            here, there = songs[i].prompt, songs[j].prompt
            if here == there and here in pair:
                seeds.append(apart[i, j])
            elif here in pair and there in pair:
                prompts.append(apart[i, j])
        if seeds and prompts:
            print(f"  {pair[0]} / {pair[1]}: seeds {np.mean(seeds) / np.mean(prompts):.2f} of prompts")


def main() -> None:
    """Read the arguments and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=45.0, help="length of the songs that are listened to")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--only", choices=("speed", "sound"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.only != "sound":
            speed(folder)
            beside_fluidsynth(folder)
        if given.only != "speed":
            prompts = [prompt for pair in PAIRS for prompt in pair]
            report([hear(p, seed, given.seconds, folder) for p in prompts for seed in range(1, given.seeds + 1)])


if __name__ == "__main__":
    main()
