"""The cost of three minutes: CPU seconds and multiples of real time, to MP3, for a genre of every family.

    python -m tests.benchmarks.speed [--genre "drum and bass"]… [--seconds 180] [--seed 1] [--repeat 1] [--format mp3]
                                     [--profile]

Each song is made in a fresh process that uses one thread, after a short one that loads the modules and the
soundfont. The cover is part of the song; the import is not. `--repeat` takes the best, for a busy machine.
`--profile` prints the functions that cost most instead.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from itertools import pairwise

# One genre of each folder in `styles/genres`, then the singers and the lines that cost most.
PROMPTS = (
    "afrobeat", "ambient", "bollywood", "drum and bass", "blues", "cinematic", "classical", "country", "synthwave",
    "folk", "hip hop", "house", "jazz", "salsa", "metal", "pop", "reggae", "rock", "soul", "techno", "trance",
    "a choir sings a hymn",
)  # fmt: skip

_CHILD = """
import cProfile, json, os, pstats, resource, sys, tempfile, time
from pathlib import Path
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Request

def spent():
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

prompt, seconds, seed, format, profiled = sys.argv[1:6]
with tempfile.TemporaryDirectory() as folder:
    def make(prompt, length, name):
        request = Request(prompt, seed=int(seed), length_s=length)
        return SketchEngine().make(request, Path(folder) / f"{name}.{format}", format, step, lambda: False)

    phases = {}
    def step(share, what):
        phases.setdefault(what, spent())

    make("piano", 10.0, "first")
    phases.clear()
    begun = spent()
    if profiled == "yes":
        profiler = cProfile.Profile(spent)
        profiler.runcall(make, prompt, float(seconds), "song")
        pstats.Stats(profiler).sort_stats("tottime").print_stats(32)
    else:
        made = make(prompt, float(seconds), "song")
        ends = [phases["playing"], phases["mastering"], phases["encoding"], spent()]
        print(json.dumps({"length": made.duration_s, "ends": [end - begun for end in ends]}))
"""


def child(prompt: str, given: argparse.Namespace) -> str:
    """Make a song in a fresh process and return what it prints."""
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    profiled = "yes" if given.profile else "no"
    command = [sys.executable, "-c", _CHILD, prompt, str(given.seconds), str(given.seed), given.format, profiled]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **threads}).stdout


def main() -> None:
    """Read the arguments and print a line for each genre."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--genre", action="append", help="a prompt; repeatable (default: one of every family)")
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--format", default="mp3")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    if given.profile:
        for prompt in given.genre or PROMPTS:
            print(f"{prompt}\n{child(prompt, given)}")
        return
    print(f"{'':24}  CPU s  × real time  composing    playing  mastering   encoding")
    for prompt in given.genre or PROMPTS:
        rows = [json.loads(child(prompt, given)) for _ in range(given.repeat)]
        ends = min((row["ends"] for row in rows), key=lambda ends: float(ends[-1]))
        phases = "".join(f"{end - start:11.2f}" for start, end in pairwise([0.0, *ends]))
        print(f"{prompt:24}{ends[-1]:7.2f}{rows[0]['length'] / ends[-1]:13.0f}{phases}", flush=True)


if __name__ == "__main__":
    main()
