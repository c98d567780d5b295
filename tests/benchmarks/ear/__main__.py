"""Evaluation of the studio's songs by models trained on real recordings.

`python -m tests.benchmarks.ear --packages FOLDER [--songs 40] [--seed 1] [--seconds 40]`. A speech recognizer listens
for the words, musicnn's taggers for voices, instruments and genres. Both come with weights in packages that this
project doesn't depend on:

    pip install --no-deps --target FOLDER pocketsphinx musicnn==0.1.0

A second opinion, not a target. It downloads nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from riffusion_tui.studio.engine.compose import compose
from riffusion_tui.studio.engine.mix.performance import Performance
from riffusion_tui.studio.engine.output.synced_lyrics import TimedLine, timed_lines
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Score
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Request
from tests.benchmarks.ear.tagger import LABELS, RATE, Floats, Tagger, resampled
from tests.benchmarks.ear.words import Recognizer

VOICE = ("vocal", "vocals", "voice", "singing", "female", "woman", "male", "man", "female vocal", "male vocal")
NONE = ("no vocals", "no vocal", "no voice")
SEXES = {
    "female": ("female", "woman", "female vocal", "female voice", "female vocalists"),
    "male": ("male", "man", "male vocal", "male voice", "male vocalists"),
}
_GET = "pip install --no-deps --target FOLDER {} and give FOLDER as --packages"


@dataclass
class Results:
    """Results of all songs."""

    stem: list[tuple[int, int, int, int]] = field(default_factory=list)
    mix: list[tuple[int, int, int, int]] = field(default_factory=list)
    """For each song: recognized words, words, identified lines, lines."""
    tags: list[tuple[dict[str, Any], dict[str, float]]] = field(default_factory=list)
    """For each song: its row of prompts.toml, and each tag's probability."""


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, help="folder that pocketsphinx and musicnn were installed into")
    parser.add_argument("--songs", type=int, default=40, help="how many of the prompts, spread over all of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=40.0, help="length of each song")
    args = parser.parse_args()
    if args.packages:
        sys.path.append(str(args.packages))
    recognizer, tagger = _recognizer(), _tagger()
    if recognizer is None and tagger is None:
        return 1
    rows = tomllib.loads((Path(__file__).parent / "prompts.toml").read_text("utf-8"))["songs"]
    results = Results()
    for place in np.linspace(0, len(rows) - 1, min(args.songs, len(rows))).round().astype(int):
        _listen(rows[place], args, recognizer, tagger, results)
    for line in report(results):
        print(line)
    return 0


def _recognizer() -> Recognizer | None:
    try:
        return Recognizer()
    except ImportError:
        print(f"No words: pocketsphinx is not there. {_GET.format('pocketsphinx')}.")
        return None


def _tagger() -> Tagger | None:
    folder = next(
        (Path(path) / "musicnn" for path in sys.path if (Path(path) / "musicnn" / "MTT_musicnn").is_dir()), None
    )
    if folder is None:
        print(f"No tags: musicnn is not there. {_GET.format('musicnn==0.1.0')}.")
        return None
    return Tagger(folder)


def _listen(
    row: dict[str, Any],
    args: argparse.Namespace,
    recognizer: Recognizer | None,
    tagger: Tagger | None,
    results: Results,
) -> None:
    request = Request(row["prompt"], seed=args.seed, length_s=args.seconds, instrumental=row["voice"] == "none")
    score = compose(plan(request))
    with tempfile.TemporaryDirectory() as folder:
        made = SketchEngine().render(score, Path(folder) / "song.wav", "wav", lambda *_: None, lambda: False)
        sound, rate = soundfile.read(str(made.file), dtype="float32")
    mix = resampled(sound.mean(axis=1), rate)
    line = row["prompt"]
    if recognizer is not None and row["voice"] in ("female", "male"):
        lines = _unlike(timed_lines(score))
        for sounds, found in ((_stem(score), results.stem), (mix, results.mix)):
            words, total, named = recognizer.hear(lines, sounds)
            found.append((words, total, named, len(lines)))
            line += f" | {words}/{total} words, {named}/{len(lines)} lines"
    if tagger is not None:
        tags = tagger.tags(mix)
        results.tags.append((row, tags))
        line += " | " + ", ".join(f"{tag} {tags[tag]:.2f}" for tag in row["tags"])
    print(line, flush=True)


def _unlike(lines: tuple[TimedLine, ...]) -> list[TimedLine]:
    return list({line.text: line for line in reversed(lines)}.values())


def _stem(score: Score) -> Floats:
    """Return the vocal alone, with its reverb; silence in instrumental passages."""
    performance = Performance(score, None)
    places = [i for i, part in enumerate(performance.parts) if part.track.role == "vocal"]
    if not places:
        return np.zeros(RATE, dtype=np.float32)
    sound = np.concatenate(list(performance.mixer(only=places[0])), axis=1)
    return resampled(sound.mean(axis=0), performance.rate)


def report(results: Results) -> list[str]:
    """Return the figures as lines."""
    found = []
    for name, songs in (("vocal alone", results.stem), ("in the mix", results.mix)):
        if songs:
            words, total, named, lines = np.sum(songs, axis=0)
            found.append(f"{name}: {words / total:.1%} of words recognized, {named / lines:.1%} of lines identified")
    if results.tags:
        found += _voices(results.tags) + _requested_tags(results.tags)
    return found


def _voices(songs: list[tuple[dict[str, Any], dict[str, float]]]) -> list[str]:
    def odds(tags: dict[str, float], names: tuple[str, ...]) -> float:
        return float(np.mean([np.log(tags[name] / (1 - tags[name])) for name in names]))

    def share(right: list[bool]) -> str:
        return f"{np.mean(right):.0%} of {len(right)}" if right else "no songs"

    sung = [odds(t, VOICE) > odds(t, NONE) for row, t in songs if row["voice"] != "none"]
    silent = [odds(t, NONE) > odds(t, VOICE) for row, t in songs if row["voice"] == "none"]
    answers = [
        max(SEXES, key=lambda sex: odds(t, SEXES[sex])) == row["voice"] for row, t in songs if row["voice"] in SEXES
    ]
    return [
        f"a voice rather than none in sung songs: {share(sung)}; none in instrumental ones: {share(silent)}",
        f"female and male distinguished: {share(answers)}",
    ]


def _requested_tags(songs: list[tuple[dict[str, Any], dict[str, float]]]) -> list[str]:
    """Return how well each tag separates songs that request it (area under the ROC curve), and its level there."""
    known = {label for labels in LABELS.values() for label in labels.split(",")}
    values: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for tag in sorted({tag for row, _ in songs for tag in row["tags"]} & known):
        for row, tags in songs:
            values[tag][tag not in row["tags"]].append(tags[tag])
    lines, areas = [], []
    for tag, (requested, others) in values.items():
        if others:
            areas.append(float(np.mean([[(a > b) + 0.5 * (a == b) for b in others] for a in requested])))
            lines.append(f"  {tag:18} AUC {areas[-1]:.2f}, level {np.mean(requested):.2f}")
    return [f"requested tags: mean AUC {np.mean(areas):.3f}" if areas else "requested tags: too few songs", *lines]


if __name__ == "__main__":
    sys.exit(main())
