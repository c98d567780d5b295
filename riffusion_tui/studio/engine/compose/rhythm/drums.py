"""Sections → drum notes: a groove whose lines enter with energy, fills before a section, a crash on its start."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.cue import Cue, loudness
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.energy import plays_in
from riffusion_tui.studio.engine.compose.placed_players import resting
from riffusion_tui.studio.engine.compose.rhythm import steps
from riffusion_tui.studio.engine.compose.rhythm.shuffle import lines_of
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Note
from riffusion_tui.studio.engine.song_plan import Plan, pulse_of
from riffusion_tui.studio.engine.structure_hints import KIT, PLACED

# General MIDI percussion, https://www.midi.org/specifications-old/item/gm-level-1-sound-set
HITS = {
    "kick": 36, "rim": 37, "snare": 38, "clap": 39, "brush": 40, "floortom": 41, "hat": 42, "pedalhat": 44,
    "lowtom": 45, "openhat": 46, "midtom": 47, "crash": 49, "hightom": 50, "ride": 51, "china": 52, "bell": 53,
    "tambourine": 54, "splash": 55, "cowbell": 56, "crash2": 57, "bongohigh": 60, "bongolow": 61, "congamute": 62,
    "congahigh": 63, "congalow": 64, "timbalehigh": 65, "timbalelow": 66, "agogohigh": 67, "agogolow": 68,
    "cabasa": 69, "maracas": 70, "guiro": 73, "claves": 75, "woodhigh": 76, "woodlow": 77, "triangle": 81,
    "shaker": 82, "surdomute": 86, "surdo": 87,
}  # fmt: skip
_EARLY = 1e-6
_TURN, _PHRASE = 4, 8
"""Bars after which a drummer varies the groove, and after which a short fill ends a phrase of a long section."""
_TURNS: dict[str, tuple[str, ...]] = {
    "snare": ("g", "o"), "brush": ("o", "x"), "kick": ("o", "x"), "rim": ("o",), "bell": ("o",), "ride": ("o",),
    "hat": ("o",),
}  # fmt: skip
"""What a drummer adds to a bar, and how loud."""
_CRASH_FROM = 0.55
"""Below this energy, a section starts without a crash."""


def in_meter(entries: tuple[catalog.Entry, ...], plan: Plan) -> tuple[catalog.Entry, ...]:
    """Return the entries that are written for a plan's meter, else those that can be adapted to it."""
    meter = f"{plan.meter[0]}/{plan.meter[1]}"
    exact = tuple(e for e in entries if meter in e.words("meters"))
    if exact:
        return exact
    near = "6/8" if steps.is_compound(plan.meter) else "4/4"
    return tuple(e for e in entries if near in (e.words("meters") or ("4/4",)))


def grooves(plan: Plan, genre: str) -> tuple[catalog.Entry, ...]:
    """Return grooves that suit a genre and can be played in the plan's meter."""
    entries = catalog.serving("grooves.toml", "groove", genre, catalog.family_of(genre))
    found = in_meter(entries, plan)
    if plan.meter == (4, 4) or any(e.words("meters") for e in found):
        return found or in_meter(catalog.table("grooves.toml", "groove"), plan)
    every = catalog.table("grooves.toml", "groove")
    meter = f"{plan.meter[0]}/{plan.meter[1]}"
    exact = tuple(e for e in every if meter in e.words("meters") and e.serves_any)
    return exact + found if exact else found or in_meter(every, plan)


def play(
    cues: list[Cue], groove: catalog.Entry, fills: tuple[catalog.Entry, ...], chance: random.Random,
    *, turns: float = 0.0,
) -> list[Note]:  # fmt: skip
    """Return the drum kit's notes in the sections in which it plays.

    Args:
        cues: one for each section.
        groove: what is played.
        fills: one of them ends each section, unless the groove has none.
        chance: decides.
        turns: how often a drummer varies the last of four bars, 0 to 1.
    """
    notes: list[Note] = []
    before = 0.0
    for cue, played in _sections(cues, groove, fills, chance, HITS, turns=turns):
        notes += played
        if groove.number("crash", 1.0) > 0 and cue.energies[0] >= max(_CRASH_FROM, before):
            notes.append(Note(cue.section.start, 1.0, HITS["crash"], 0.45 + 0.45 * cue.energy))
        before = cue.energies[-1]
    notes += _last_hits(cues[-1], groove.text("last", "kick crash"), HITS)
    return _without_excluded(notes, cues)


def _sections(
    cues: list[Cue], groove: catalog.Entry, fills: tuple[catalog.Entry, ...], chance: random.Random,
    hits: dict[str, int], *, turns: float = 0.0,
) -> Iterator[tuple[Cue, list[Note]]]:  # fmt: skip
    """Yield each section's cue and notes: the groove's, and a fill's; `hits` maps a line's name to a pitch."""
    lines = lines_of(groove, cues[0].plan)
    pattern = _Groove(lines, hits, chance)
    chop = groove.number("chop", 0.0)
    fill: catalog.Entry | None = None
    for place, cue in enumerate(cues):
        notes: list[Note] = []
        following = cues[place + 1].section.energy if place + 1 < len(cues) else 0.0
        if fills and groove.number("fills", 1.0) > 0 and cue.section.bars > 1:
            able = _suited_fills(fills, fill, rises=following > cue.section.energy)
            fill = chance.choice(able)
        else:
            fill = None
        for bar, at, energy in cue.bars():
            cut = cue.form.bar
            if fill and bar == cue.section.bars - (2 if cue.last else 1):
                cut -= _fill(notes, fill, at, cue, energy)
            elif fill and turns and bar % _PHRASE == _PHRASE - 1:
                cut -= _fill(notes, fill, at, cue, energy, pulse_of(cue.plan.meter))
            played = pattern.bar(cue, bar, at, energy, cut)
            if turns and bar % _TURN == _TURN - 1 and cut == cue.form.bar and chance.random() < turns:
                played += pattern.turn(cue, at, energy)
            notes += chopped(played, at, min(cut, cue.form.bar), chop, chance) if chop else played
        yield cue, notes


def _last_hits(cue: Cue, names: str, hits: dict[str, int]) -> list[Note]:
    """Return the strokes on the song's last beat, if `cue` is for its last section and the drums play there."""
    if not cue.last or cue.energies[-1] <= 0:
        return []
    return [Note(cue.closing, 1.0, hits[name], 0.8 * loudness(cue.energies[-1])) for name in names.split()]


def _without_excluded(notes: list[Note], cues: list[Cue]) -> list[Note]:
    """Return the notes without the parts of the kit that the prompt, or one for a section, excludes: `no kick`."""
    pieces = read_data("cast.toml")["pieces"]
    plan = cues[0].plan
    notes = _of_the_kit(notes, plan)
    further = any(not pieces.keys().isdisjoint(part.avoided) for part in plan.parts)
    placed = any(hint.startswith(PLACED) for hint in plan.structure)
    if pieces.keys().isdisjoint(plan.avoided) and not further and not placed:
        return notes
    found = []
    for cue in cues:
        begin, end = cue.section.start - _EARLY, cue.end - _EARLY
        here = [part for part in plan.parts if plays_in(part, cue.section, cue.form.sections)]
        names = {*plan.avoided, *(name for part in here for name in part.avoided)}
        names |= resting(plan, cue.section, cue.form.sections)
        silent = {HITS[hit] for name in names for hit in pieces.get(name, ())}
        found += [note for note in notes if begin <= note.start < end and note.pitch not in silent]
    return found


def _of_the_kit(notes: list[Note], plan: Plan) -> list[Note]:
    """Return the notes of the only parts of the kit that the prompt wants: `only a kick`.

    A groove that has none of them stays: nobody asks for drums to hear none.
    """
    pieces = read_data("cast.toml")["pieces"]
    hint = next((hint for hint in plan.structure if hint.startswith(KIT)), "")
    if not hint:
        return notes
    played = {HITS[hit] for name in hint.removeprefix(KIT).split(", ") for hit in pieces[name]}
    return [note for note in notes if note.pitch in played] or notes


@dataclass(frozen=True, slots=True)
class _Groove:
    """The lines of a groove, and the pitches that they strike."""

    lines: tuple[steps.PatternLine, ...]
    hits: dict[str, int]
    chance: random.Random

    def bar(self, cue: Cue, bar: int, at: float, energy: float, cut: float) -> list[Note]:
        """Return the notes of a section's bar that starts at beat `at`, up to `cut` beats after."""
        notes = []
        for line in self.lines:
            if not line.low <= energy < line.high:
                continue
            for offset, sign in steps.bar_signs(line, bar, cue.plan.meter):
                if offset >= cut - 1e-6 or sign == "-" or (sign == "?" and self.chance.random() < 0.5):
                    continue
                notes += _hits(at + offset, line.step, self.hits[line.name], sign, energy)
        return notes

    def turn(self, cue: Cue, at: float, energy: float) -> list[Note]:
        """Return strokes that vary the bar at beat `at`: one or two of a drum that plays, where it has none."""
        playing = [line for line in self.lines if line.low <= energy < line.high and line.name in _TURNS]
        if not playing:
            return []
        line = self.chance.choice(playing)
        struck = {round(offset, 3) for offset, _ in steps.bar_signs(line, _TURN - 1, cue.plan.meter)}
        count = round(cue.form.bar / line.step)
        free = [
            at for at in (line.written(place * line.step) for place in range(1, count)) if round(at, 3) not in struck
        ]
        places = self.chance.sample(free, min(len(free), self.chance.choice((1, 2))))
        signs = [self.chance.choice(_TURNS[line.name]) for _ in places]
        return [
            note
            for place, sign in zip(places, signs, strict=True)
            for note in _hits(at + place, line.step, self.hits[line.name], sign, energy)
        ]


def chopped(notes: list[Note], at: float, length: float, chop: float, chance: random.Random) -> list[Note]:
    """Return a bar cut into beats, as by an editor of samples: some stutter, some are another beat's, some are silent.

    Args:
        notes: the bar's, in any order.
        at: the beat at which it begins.
        length: its beats.
        chop: how many of its beats are changed, 0 to 1; the first one never is.
        chance: decides.
    """
    beats = int(length)
    slices = [[n for n in notes if at + i <= n.start + 1e-6 < at + i + 1] for i in range(beats)]
    found = [n for n in notes if n.start + 1e-6 >= at + beats] + (slices[0] if slices else [])
    for place in range(1, beats):
        if chance.random() >= chop:
            found += slices[place]
            continue
        source = chance.randrange(beats)
        moved = [replace(n, start=n.start + place - source) for n in slices[source]]
        device = chance.choice(("stutter", "stutter", "swap", "swap", "rest"))
        if device == "swap":
            found += moved
        elif device == "stutter" and moved:
            found += _stuttered(moved, at + place, chance)
    return found


def _stuttered(notes: list[Note], at: float, chance: random.Random) -> list[Note]:
    """Return the first part of a beat over and over: four to twelve times, fading in or out."""
    parts = chance.choice((4, 6, 8, 8, 12))
    fades = chance.choice((-1, 1))
    first = min(n.start for n in notes)
    kept = [n for n in notes if n.start < first + 1 / parts]
    return [
        replace(n, start=at + i / parts, length=min(n.length, 1 / parts), velocity=n.velocity * (0.5 + 0.5 * level))
        for i in range(parts)
        for level in [(i if fades > 0 else parts - 1 - i) / (parts - 1)]
        for n in kept
    ]


def _hits(at: float, step: float, pitch: int, sign: str, energy: float) -> list[Note]:
    velocity = steps.LOUD[sign] * loudness(energy)
    if sign not in "~%":
        return [Note(at, min(step, 0.25), pitch, velocity)]
    parts = 2 if sign == "~" else 3
    each = step / parts
    return [Note(at + i * each, min(each, 0.25), pitch, velocity * (1 - 0.15 * (i % 2))) for i in range(parts)]


def _suited_fills(
    fills: tuple[catalog.Entry, ...], before: catalog.Entry | None, *, rises: bool
) -> tuple[catalog.Entry, ...]:
    """Return the fills without the one before, without the lightest if the music rises, else without the heaviest."""
    ordered = sorted(fills, key=_strokes)
    able = tuple(ordered[1:] if rises else ordered[:-1]) or fills
    return tuple(fill for fill in able if fill is not before) or able


def _strokes(fill: catalog.Entry) -> int:
    return sum(sign not in ".-" for line in steps.read_lines(fill.text("lines"), 16) for sign in line.steps)


def _fill(notes: list[Note], fill: catalog.Entry, at: float, cue: Cue, energy: float, longest: float = inf) -> float:
    """Add a fill, or its last `longest` beats, at the end of the bar that starts at `at`.

    Return how many beats of the groove it replaces.
    """
    lines = lines_of(fill, cue.plan)
    bar = cue.form.bar
    span = max(line.span for line in lines)
    length = min(span, bar, longest)
    for line in lines:
        if not line.low <= energy < line.high:
            continue
        for index, sign in enumerate(line.steps):
            offset = index * line.step - span + length
            if offset >= -1e-6 and sign not in ".-":
                start = at + line.written(bar - length + offset)
                struck = _hits(start, line.step, HITS[line.name], sign, energy)
                notes += [replace(hit, velocity=hit.velocity * (0.8 + 0.2 * offset / length)) for hit in struck]
    return length


def play_percussion(cues: list[Cue], instrument: str, dice: Dice) -> list[Note]:
    """Return the notes of a hand percussion instrument: low, high and muted strokes, mapped to its sounds."""
    plan = cues[0].plan
    strokes = read_data("cast.toml")["strokes"]
    names = strokes.get(instrument, strokes["percussion"])
    hits = {stroke: HITS[name] for stroke, name in zip(("low", "high", "mute"), names, strict=True)}
    table = catalog.table("grooves.toml", "percussion")
    own = tuple(e for e in table if instrument in e.words("instruments"))
    served = catalog.serving("grooves.toml", "percussion", plan.genre, catalog.family_of(plan.genre))
    entries = in_meter(own, plan) or in_meter(served, plan) or in_meter(table, plan) or table
    groove = dice.pick(entries, "percussion", instrument)
    sections = _sections(cues, groove, (), dice.of("percussion", instrument), hits)
    return [note for _, notes in sections for note in notes] + _last_hits(cues[-1], groove.text("last", "low"), hits)
