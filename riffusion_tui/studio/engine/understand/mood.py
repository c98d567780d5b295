"""Mood targets: how the prompt's words move energy, density, brightness, tempo and mode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from riffusion_tui.studio.engine.genre_files import overrides
from riffusion_tui.studio.engine.song_plan import KEYLESS
from riffusion_tui.studio.engine.structure_hints import RHYTHM_CHANGES
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables

_PACES = {
    "very slow": -0.15,
    "slow": -0.1,
    "moderately slow": -0.05,
    "moderately fast": 0.05,
    "fast": 0.1,
    "very fast": 0.2,
}
_PURPOSE = 0.8
"""How far the feel of a genre that says what a song is for counts in a song of another genre."""
_GENTLE_BELOW = 0.5
"""A genre for children with more energy than this is not calm."""
_MAJORS = ("C", "G", "D", "A", "E", "F", "Bb", "Eb", "Ab", "B", "F#", "Db")
_MINORS = ("A", "E", "D", "C", "G", "B", "F", "F#", "C#", "Bb", "Eb", "G#")
"""Tonics, those with few accidentals first."""
BRIGHT_MODES = frozenset({"major", "lydian", "mixolydian", "pentatonic"})


@dataclass(frozen=True, slots=True)
class Mood:
    """Energy, density and brightness, 0 to 1 (0.5 is neutral); tempo -1 to 1."""

    energy: float
    density: float
    brightness: float
    tempo: float


def mood_of(reading: Reading, pace: str | None) -> Mood:
    """Sum up the effects of the prompt's words; each meaning counts once."""
    sums = [_PACES.get(pace or "", 0.0), 0.0, 0.0, 0.0]
    for color, force in _each_color(reading):
        for place, by in enumerate((*color.feel, color.tempo)):
            sums[place] += by * force
    for genre in _purposes(reading):
        for place, usual in enumerate((genre.energy, genre.density, genre.brightness)):
            sums[place] += _PURPOSE * (usual - 0.5)
    energy, density, brightness = (max(0.0, min(1.0, round(0.5 + by, 3))) for by in sums[:3])
    return Mood(energy, density, brightness, max(-1.0, min(1.0, sums[3])))


def _purposes(reading: Reading) -> list[tables.Genre]:
    """Return the genres that say what a song of another genre is for: a jazz lullaby is calm jazz."""
    names = dict.fromkeys(mention.meaning for mention in reading.positive("genre", "flavour"))
    found = [tables.genres()[name] for name in names] if len(names) > 1 else []
    return [genre for genre in found if "gentle" in genre.traits and genre.energy < _GENTLE_BELOW]


def draw_mode(reading: Reading, genre: tables.Genre, blend: str | None, draw: Random) -> str:
    """Draw a mode of the genre that suits the moods, or the moods' own if the genre has none of them.

    After a key alone it is major or similar, if the genre has such a mode: `key of G` means G major.
    Music without a key, blended into a genre that can be played without one, takes its key: `serialist piano music`.
    """
    refused = _refused_modes(reading)
    if RHYTHM_CHANGES in reading.meanings("structure"):
        return "major"
    wanted: Counter[str] = Counter()
    for color, _ in _each_color(reading):
        wanted.update(mode for mode in color.modes[:2] if mode not in refused)
    usual = Counter(mode for mode in genre.modes if mode not in refused)
    if not usual:
        return "major" if "major" not in refused else "minor"
    if set(usual) == {KEYLESS} or (blend and _is_keyless(blend) and _has_gestures(genre.name)):
        return KEYLESS
    if reading.first("key"):
        usual = Counter({mode: count for mode, count in usual.items() if mode in BRIGHT_MODES}) or usual
    if KEYLESS not in usual:
        del wanted[KEYLESS]
    shared = [mode for mode in usual if mode in wanted]
    if shared:
        return draw.choices(shared, [usual[mode] * wanted[mode] for mode in shared])[0]
    if wanted and "blues" in usual:
        return _blue(wanted, usual)
    felt = usual if not wanted or _is_only_energy(reading) else wanted
    return draw.choices(list(felt), list(felt.values()))[0]


def _refused_modes(reading: Reading) -> frozenset[str]:
    """Return the modes that the prompt refuses: `not in a minor key` refuses all with a minor third."""
    refused = set(reading.refused_values("mode"))
    if "major" in refused:
        refused |= BRIGHT_MODES
    if "minor" in refused:
        refused |= {mode for genre in tables.genres().values() for mode in genre.modes} - BRIGHT_MODES - {KEYLESS}
    return frozenset(refused)


def _blue(wanted: Counter[str], usual: Counter[str]) -> str:
    """Return the mode of a blues with a mood: a sad one is no less a blues, and a happy one has its major third."""
    bright = any(mode in BRIGHT_MODES for mode in wanted)
    return "mixolydian" if bright and "mixolydian" in usual else "blues"


def _is_only_energy(reading: Reading) -> bool:
    """Whether only words about the energy suggest modes: a loud blues is a blues nevertheless."""
    return all(color.kind == "energy" for color, _ in _each_color(reading) if color.modes)


def _is_keyless(genre: str) -> bool:
    return set(tables.genres()[genre].modes) == {KEYLESS}


def _has_gestures(genre: str) -> bool:
    return any("gesture" in uses for uses in overrides("uses", genre))


def draw_key(mode: str, draw: Random) -> str:
    """Draw a tonic; those with few accidentals are likelier."""
    tonics = _MAJORS if mode in BRIGHT_MODES else _MINORS
    return draw.choices(tonics, [12 - place * 0.7 for place in range(len(tonics))])[0]


def _each_color(reading: Reading) -> Iterator[tuple[tables.Color, float]]:
    seen: set[tuple[str, str]] = set()
    for mention in reading.felt("mood", "scene", "place", "activity", "era", "energy", "production"):
        name = (mention.kind, mention.meaning)
        if name not in seen:
            seen.add(name)
            yield tables.colors()[name], mention.force * (0.5 if mention.use else 1.0)
