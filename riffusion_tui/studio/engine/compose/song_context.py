"""What is shared while a song is composed: its plan, form, chords, dice, arrangement style and themes."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from riffusion_tui.studio.engine.compose import catalog, energy, layers
from riffusion_tui.studio.engine.compose.arrangement_style import ArrangementStyle
from riffusion_tui.studio.engine.compose.chords.harmony import Harmony
from riffusion_tui.studio.engine.compose.cue import Cue
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.rhythm import drums, shuffle, steps
from riffusion_tui.studio.engine.compose.tunes import melody
from riffusion_tui.studio.engine.instrument_groups import KITS
from riffusion_tui.studio.engine.song_plan import Plan

_BLEND_CHANCES = {"comp": 0.6, "groove": 0.4, "bass": 0.4, "habit": 0.4, "arp": 0.3}
"""How often the second genre of a blend provides each kind of entry."""

_CALM = 0.35
"""Up to this energy of its prompt, a song is accompanied by the sparser patterns of its genre."""
_THINNED = frozenset({"comp", "pad", "arp"})
_FULL_GROOVE = 0.55
"""The energy at which the grooves of a calm song are compared."""
_FEW = 2
"""As few patterns are not thinned further."""
_SPARSE = 3.5
"""Notes per bar below which a tune leaves room for others."""


@dataclass(frozen=True, slots=True)
class SongContext:
    """What is decided about a song before its tracks are written."""

    plan: Plan
    form: Form
    harmony: Harmony
    dice: Dice
    style: ArrangementStyle
    _picked: dict[tuple[object, ...], catalog.Entry] = field(default_factory=dict, compare=False, repr=False)

    def cues(self, curves: layers.Curves) -> list[Cue]:
        """Return a cue for each section, including rests."""
        return [
            Cue(self.plan, self.form, index, self.harmony.sections[index], energies)
            for index, energies in enumerate(curves)
        ]

    def lender(self, key: str) -> str:
        """Return the genre that provides a kind of entry: the plan's own, or the one blended into it."""
        share = _BLEND_CHANCES.get(key, 0.0)
        lent = self.plan.blend and self.dice.of("lend", key).random() < share
        if key == "groove" and _has_a_kit(self.plan.genre) and not _has_a_kit(self.plan.blend or ""):
            return self.plan.genre  # stomps and claps are no groove for a drummer
        return self.plan.blend if lent and self.plan.blend else self.plan.genre

    def groove(self) -> catalog.Entry:
        """Return what a drummer plays in this song."""
        grooves = drums.grooves(self.plan, self.lender("groove"))
        if self.plan.energy <= _CALM:
            grooves = sparser(grooves, _FULL_GROOVE)
        return self.dice.pick(grooves, "groove")

    def in_its_swing(self) -> SongContext:
        """Return the song with the swing that its meter and groove have."""
        return replace(self, plan=replace(self.plan, swing=shuffle.settled(self.plan, self.groove())))

    def pick(self, file: str, key: str, *names: object, family: str = "") -> catalog.Entry:
        """Return an entry of a style file for this song: one that fits its meter and the instruments of `family`."""
        known = (file, key, family, *names)
        found = self._picked.get(known)
        if found is None:
            found = self._picked[known] = self._pick(file, key, family, *names)
        return found

    def _with_the_drums(self, entries: tuple[catalog.Entry, ...]) -> tuple[catalog.Entry, ...]:
        """Return patterns without those in triplets if the drums aren't, unless there are no others."""
        together = shuffle.swings_eighths(self.plan) or steps.is_compound(self.plan.meter)
        if together or not _has_a_kit(self.plan.genre) or shuffle.in_triplets(self.groove()):
            return entries
        return tuple(entry for entry in entries if not shuffle.in_triplets(entry)) or entries

    def _pick(self, file: str, key: str, family: str, *names: object) -> catalog.Entry:
        genre = self.lender(key)
        entries = catalog.serving(file, key, genre, catalog.family_of(genre))
        if file == "patterns.toml":
            fitting = drums.in_meter(entries, self.plan)
            entries = self._with_the_drums(fitting or drums.in_meter(catalog.table(file, key), self.plan) or entries)
        if key in _THINNED and self.plan.energy <= _CALM:
            entries = sparser(entries, self.plan.energy)
        chosen = self.dice.pick(entries, key, *names)
        if _suits(chosen, family):
            return chosen
        able = tuple(entry for entry in entries if _suits(entry, family))
        every = tuple(entry for entry in catalog.table(file, key) if entry.serves_any and _suits(entry, family))
        able = able or drums.in_meter(every, self.plan)
        if key in _THINNED and self.plan.energy <= _CALM:
            able = sparser(able, self.plan.energy)
        return self.dice.pick(able or (chosen,), key, *names)


def _has_a_kit(genre: str) -> bool:
    return not KITS.isdisjoint(catalog.band(genre))


def _suits(entry: catalog.Entry, family: str) -> bool:
    """Whether a pattern can be played by a family of instruments; all that name no families can."""
    return not family or family in (entry.words("families") or (family,))


def sparser(entries: tuple[catalog.Entry, ...], energy: float) -> tuple[catalog.Entry, ...]:
    """Return the half of some patterns in which the fewest notes are struck at an energy; all of two or fewer."""
    if len(entries) <= _FEW:
        return entries
    ordered = sorted(entries, key=lambda entry: _strokes(entry, energy))
    limit = _strokes(ordered[(len(ordered) - 1) // 2], energy)
    return tuple(entry for entry in entries if _strokes(entry, energy) <= limit)


def _strokes(entry: catalog.Entry, energy: float) -> float:
    """Return how many notes a pattern strikes per beat; a whole chord counts as three."""
    lines = steps.read_lines(entry.text("lines"), int(entry.number("grid", 16)))
    return sum(
        sum(3 if sign in steps.LOUD else sign not in ".-" for sign in line.steps) / line.span
        for line in lines
        if line.low <= energy < line.high
    )


class Tunes:
    """The themes of a song, one per kind of section, invented when first needed."""

    def __init__(self, song: SongContext) -> None:
        self._song = song
        genre = song.lender("habit")
        habits = catalog.serving("melody.toml", "habit", genre, catalog.family_of(genre))
        played = tuple(habit for habit in habits if not habit.data.get("sung", False))
        if len(set(song.plan.cast)) == 1:
            flowing = tuple(habit for habit in played if not _rests(habit))
            played = flowing or catalog.serving("melody.toml", "habit", "any", "any")
        sings = song.plan.vocals != "none"
        self._habit = song.dice.pick(habits if sings else played or habits, "habit")
        solos = catalog.serving("melody.toml", "solo", genre, catalog.family_of(genre))
        self._solo = song.dice.pick(solos, "solo habit") if solos else self._habit
        self._known: dict[str, melody.Tune] = {}

    def of(self, cue: Cue) -> melody.Tune:
        """Return the theme of a section: one per kind, varied when it returns; a chorus or drop stays the same.

        Each solo, and each movement of a medley, has a new one.
        """
        kind = cue.section.kind
        alike = [place for place, section in enumerate(self._song.form.sections) if section.kind == kind]
        turn = alike.index(cue.index)
        name = f"{kind} {turn}" if kind == "solo" else kind
        if "medley" in self._song.plan.structure:
            name = f"{name}, {cue.section.lift}"
        if name not in self._known:
            habit = self._solo if kind == "solo" else self._habit
            tune = melody.invent(self._song.plan, kind, habit, self._song.dice, turn)
            if kind in energy.HIGH:
                verse = melody.invent(self._song.plan, "verse", self._habit, self._song.dice)
                tune = melody.raised_above(tune, verse)
            self._known[name] = tune
        tune = self._known[name]
        varied = kind == "verse" or (kind not in energy.HIGH and turn > 0 and turn == len(alike) - 1)
        return melody.varied(tune, turn) if varied else tune

    def solo(self, name: str) -> melody.Tune:
        """Return the theme of a solo that is not a section's own."""
        if name not in self._known:
            self._known[name] = melody.invent(self._song.plan, "solo", self._solo, self._song.dice, len(self._known))
        return self._known[name]

    def chance(self, *names: object) -> random.Random:
        """Return the generator for what a theme leaves open."""
        return self._song.dice.of(*names)


def _rests(habit: catalog.Entry) -> bool:
    """Whether tunes of a habit leave whole bars, or most of each, to other players; a soloist's can't."""
    schemes = [word for key in habit.data if key.endswith("schemes") for word in habit.words(key)]
    notes = [cell.count("x") / len(cell) * 16 for cell in habit.words("cells")]
    return any("r" in scheme.split() for scheme in schemes) or sum(notes) / len(notes) < _SPARSE
