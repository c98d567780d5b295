"""Builds plans, and measures scores."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from riffusion_tui.studio.engine import genre_files
from riffusion_tui.studio.engine.compose import catalog, compose
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Note, Score, Section, Track
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request

UNPITCHED = ("drums", "percussion", "fx")
HARMONY = ("chords", "pad", "arp")


@cache
def genres() -> dict[str, dict[str, Any]]:
    return {name: table["genre"] for name, table in genre_files.genres().items()}


def plan_of(genre: str = "pop", seed: int = 0, **fields: Any) -> Plan:
    row = genres()[genre]
    top, _, bottom = row["meters"][0].partition("/")
    usual: dict[str, Any] = {
        "prompt": genre, "genre": genre, "blend": None, "bpm": float(sum(row["bpm"]) / 2), "key": "A",
        "mode": row["modes"][0], "meter": (int(top), int(bottom)), "swing": float(row["swing"]), "moods": (),
        "scenes": (), "era": None, "instruments": (), "avoided": (), "vocals": "none", "production": (),
        "energy": row["feel"][0], "density": row["feel"][1], "brightness": row["feel"][2], "structure": (),
        "length_s": 60.0, "language": "en", "understood": (), "ignored": (), "chosen": (),
    }  # fmt: skip
    return Plan(seed=seed, **(usual | fields))


def planned(prompt: str, seed: int = 1, **fields: Any) -> Plan:
    return plan(Request(prompt, seed, **fields))


def composed(prompt: str, seed: int = 1, lyrics: str | None = None, **fields: Any) -> Score:
    return compose(planned(prompt, seed, lyrics=lyrics, **fields), lyrics=lyrics)


def bar_of(score: Score) -> float:
    return score.plan.meter[0] * 4 / score.plan.meter[1]


def pitched(score: Score) -> Iterator[tuple[Track, Note]]:
    for track in score.tracks:
        if track.role not in UNPITCHED:
            for note in track.notes:
                yield track, note


def strangers(score: Score) -> float:
    """The share of notes that are in neither the current chord nor the scale."""
    plan = score.plan
    starts = [chord.start for chord in score.chords]
    classes = [{pitch % 12 for pitch in chord.pitches} for chord in score.chords]
    total = outside = 0
    for _, note in pitched(score):
        first = max(0, bisect(starts, note.start - 0.12) - 1)
        around = classes[first : bisect(starts, note.start + 0.12)]
        lift = next((s.lift for s in reversed(score.sections) if s.start <= note.start + 0.1), 0)
        tones = theory.allowed_tones(plan.mode, theory.tonic(plan.key) + lift)
        total += 1
        outside += note.pitch % 12 not in tones.union(*around)
    return outside / max(1, total)


def notes_in(score: Score, section: Section) -> list[tuple[Track, Note]]:
    end = section.start + section.bars * bar_of(score)
    return [(t, n) for t in score.tracks for n in t.notes if section.start - 0.05 <= n.start < end - 0.05]


def loudness(score: Score, section: Section) -> float:
    """Approximate energy per beat: squared velocity times duration."""
    beats = section.bars * bar_of(score)
    total = 0.0
    for track, note in notes_in(score, section):
        total += float(note.velocity**2.8) * min(note.length, 0.25 if track.role in UNPITCHED else 2)
    return total / beats


def density(score: Score, section: Section) -> float:
    return len(notes_in(score, section)) / (section.bars * bar_of(score))


def tune(score: Score) -> Track | None:
    return next((track for role in ("vocal", "lead") for track in score.tracks if track.role == role), None)


def distance(one: Score, other: Score) -> float:
    """Distance of two scores, 0 to 1: instruments, form, chords, drum and bass rhythm, tune."""
    parts = (
        _apart({t.instrument for t in one.tracks}, {t.instrument for t in other.tracks}),
        _apart({(s.name, s.bars) for s in one.sections}, {(s.name, s.bars) for s in other.sections}),
        _apart(_chords(one), _chords(other)),
        _apart(_rhythm(one, ("drums", "percussion")), _rhythm(other, ("drums", "percussion"))),
        _apart(_rhythm(one, ("bass",)), _rhythm(other, ("bass",))),
        _apart(_intervals(one), _intervals(other)),
    )
    return sum(parts) / len(parts)


def _apart(one: set[Any], other: set[Any]) -> float:
    return 1 - len(one & other) / max(1, len(one | other))


def _chords(score: Score) -> set[Any]:
    roots = [chord.root for chord in score.chords]
    return set(pairwise(roots))


def _rhythm(score: Score, roles: tuple[str, ...]) -> set[Any]:
    bar = bar_of(score)
    counts = Counter(
        (round(n.start % bar * 4), n.pitch if "drums" in roles else 0)
        for t in score.tracks
        for n in t.notes
        if t.role in roles
    )
    return {place for place, count in counts.items() if count >= 4}


def _intervals(score: Score) -> set[Any]:
    track = tune(score)
    pitches = [note.pitch for note in track.notes] if track else []
    steps = [b - a for a, b in pairwise(pitches)]
    return set(zip(steps, steps[1:], steps[2:], strict=False))


def family(genre: str) -> str:
    return catalog.family_of(genre)


def ninths_s(score: Score, below: tuple[str, ...], above: tuple[str, ...]) -> float:
    """Return the seconds for which players of some roles hold a semitone or a minor ninth below those of others."""
    low = [n for t in score.tracks if t.role in below for n in t.notes]
    high = [n for t in score.tracks if t.role in above for n in t.notes]
    shared = (
        min(one.start + one.length, other.start + other.length) - max(one.start, other.start)
        for one in high
        for other in low
        if one.pitch - other.pitch in (1, 13)
    )
    return sum(beats for beats in shared if beats >= 0.8) * 60 / score.plan.bpm
