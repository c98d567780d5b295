"""Prominence: each instrument that the prompt names is raised until it stands out at its own frequencies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Track
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.synth.tones import Floats

_AROUND_DB = 20.0
"""A band in which an instrument is further above or below the others counts no more than this."""
_LOUDNESS = 0.3
"""The loudness of a band is about its power to this exponent."""


def changes(plan: Plan, tracks: Sequence[Track], powers: Sequence[Floats]) -> list[float]:
    """Return by how many dB each track is louder or, if it accompanies a named one that is covered, softer.

    If nobody plays but whom the prompt names, only a flute with the tune is louder: it is nearly a sine tone, which
    plucked strings cover.

    Args:
        plan: the song's.
        tracks: all that sound.
        powers: of each track in the mix, in narrow bands.
    """
    usual, rules = read_data("cast.toml")["noticed"], read_data("cast.toml")["stands_out"]
    if plan.cast:
        return [float(rules["more"].get(t.instrument, 0.0)) if t.role == "lead" else 0.0 for t in tracks]
    named = set(plan.instruments).difference(plan.softer)
    found = [float(usual.get(t.instrument, usual["any"])) if t.instrument in named else 0.0 for t in tracks]
    louder = [power * 10 ** (more / 10) for power, more in zip(powers, found, strict=True)]
    softer = 0.0
    for name in dict.fromkeys(t.instrument for t in tracks if t.instrument in named and t.role in rules["above"]):
        own = [i for i, track in enumerate(tracks) if track.instrument == name]
        missing = _missing(name, own, tracks, louder)
        softer = max(softer, min(rules["yields"], rules["share"] * missing))
        most = max(float(rules["most"].get(tracks[i].role, rules["most"]["any"])) for i in own)
        found = [db + min(most, (1 - rules["share"]) * missing) * (i in own) for i, db in enumerate(found)]
    yielding = [t.instrument not in named and t.role in rules["accompaniment"] for t in tracks]
    return [round(db - softer * below, 1) for db, below in zip(found, yielding, strict=True)]


def _missing(name: str, own: Sequence[int], tracks: Sequence[Track], powers: Sequence[Floats]) -> float:
    """Return how many dB an instrument, which plays its `own` tracks, lacks to be clear; 0 if nobody covers it."""
    rules = read_data("cast.toml")["stands_out"]
    rest = [power for i, power in enumerate(powers) if i not in own and tracks[i].role != "vocal"]
    if not rest:
        return 0.0
    wanted = max(float(rules["above"].get(tracks[i].role, -_AROUND_DB)) for i in own)
    wanted += float(rules["more"].get(name, 0.0))
    return max(0.0, wanted - clearness(np.sum([powers[i] for i in own], axis=0), np.sum(rest, axis=0)))


def clearness(own: Floats, rest: Floats) -> float:
    """Return how far a sound is above others in dB, a mean over the bands that weighs those in which it is loud."""
    above = np.clip(10 * np.log10((own + 1e-12) / (rest + 1e-12)), -_AROUND_DB, _AROUND_DB)
    weights = own**_LOUDNESS
    return float((weights * above).sum() / max(float(weights.sum()), 1e-12))
