"""Form → chords: a progression set for the song, a progression for each kind of section, with voice leading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.arrangement_style import style_of
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.chords.ground import bars_apart, ground, is_varied
from riffusion_tui.studio.engine.compose.chords.note_names import degree_name, raised_tonic
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.score import Chord, Section
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import QUICK_CHANGE, RHYTHM_CHANGES, TWELVE_BARS
from riffusion_tui.studio.engine.understand.casts.canon_voices import is_canon

LOW, HIGH = 50, 76
"""Range of voiced chords: below the melody, above the bass."""
_POWER = 52
"""The lowest root of a power chord; guitars play it an octave lower."""
_GROUND = 55
"""The lowest root of the song's last chord: lower ones would be voiced above the other tones by some players."""
_AT_REST: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "triad": ({"seventh": "triad", "ninth": "add9"}, {"maj7": "", "maj9": "add9"}),
    "sixth": ({}, {"maj7": "6", "maj9": "69"}),
}
"""Colors, and kinds of chords, that the last chord has instead: on a major seventh, the tune's tonic would clash."""
_AS_WRITTEN: tuple[dict[str, str], dict[str, str]] = {}, {}
_TWELVE = 12
"""Bars of the verse of a blues."""


@dataclass(frozen=True, slots=True)
class Harmony:
    """All chords of the song, by section."""

    sections: tuple[tuple[Chord, ...], ...]
    color: str

    def all(self) -> tuple[Chord, ...]:
        """Return every chord in order."""
        return tuple(chord for section in self.sections for chord in section)


def progressions(plan: Plan) -> tuple[catalog.Entry, ...]:
    """Return the prompt's progression, else the sets for a plan's genre and mode, or for a mode with the same third."""
    if plan.progression:
        tonic = "Im" if theory.is_minor(plan.mode) else "I"
        home = next((word for word in plan.progression if _root(word) == 0), tonic)
        return (catalog.Entry("as requested", {"verse": " ".join(plan.progression), "home": home}),)
    layers = catalog.layers("progressions.toml", "progression", plan.genre, catalog.family_of(plan.genre))
    mode = theory.mode_name(plan.mode)
    entries = catalog.table("progressions.toml", "progression")
    if RHYTHM_CHANGES in plan.structure:
        return tuple(e for e in entries if e.name == RHYTHM_CHANGES)
    like = "minor" if theory.is_minor(mode) else "major"
    named = (*layers[0], *layers[1])
    own = [e for e in entries if mode in e.words("modes") and (e in named or e.data.get("lent", True))]
    pool = own or [e for e in entries if like in e.words("modes")]
    found: list[catalog.Entry] = []
    for layer in (*layers, own):
        if len(found) < catalog.MIN_CHOICES:
            found += [e for e in layer if e in pool and e not in found]
    if QUICK_CHANGE in plan.structure and (quick := tuple(e for e in found if e.name == QUICK_CHANGE)):
        return quick
    return _of_twelve_bars(found, pool) if TWELVE_BARS in plan.structure else tuple(found)


def _of_twelve_bars(usual: list[catalog.Entry], pool: list[catalog.Entry]) -> tuple[catalog.Entry, ...]:
    """Return the usual sets whose verse is a twelve-bar blues, else all such sets; without any, the usual ones."""
    for entries in (usual, pool):
        if twelve := tuple(e for e in entries if len(e.text("verse").split()) == _TWELVE):
            return twelve
    return tuple(usual)


def harmonize(plan: Plan, form: Form, dice: Dice, color: str) -> Harmony:
    """Return the chords of every section."""
    canonic = is_canon(plan)
    options = _grounds(plan) if canonic else _whole(progressions(plan), form)
    first = dice.pick(options, "progression")
    before: tuple[int, ...] = ()
    sections = []
    for index, section in enumerate(form.sections):
        chosen = _of_its_own(plan, section, form, dice) or first
        words = _words(chosen, section, index == len(form.sections) - 1)
        if canonic:  # under all that a voice repeats later, the chords are the same
            end = words[-1:] if index == len(form.sections) - 1 else []
            words = [*ground(first.text("verse").split(), len(words) - len(end), bars_apart(plan)), *end]
        chords = []
        for start, length, word in _timed(words, section, form):
            chord = _chord(plan, section, (word, color), start, length, before, last=start + length >= form.beats)
            before = chord.pitches
            chords.append(chord)
        sections.append(tuple(chords))
    sections[-1] = (*sections[-1][:-1], _grounded(sections[-1][-1]))
    return Harmony(tuple(sections), color)


def _grounds(plan: Plan) -> tuple[catalog.Entry, ...]:
    """Return the sets whose first bars a canon can repeat; all if none is varied enough."""
    entries = progressions(plan)
    return tuple(e for e in entries if is_varied(e.text("verse").split(), bars_apart(plan))) or entries


def _of_its_own(plan: Plan, section: Section, form: Form, dice: Dice) -> catalog.Entry | None:
    """Return the set of a section in another mode, or of a movement of a medley; None if it has the song's."""
    if section.mode:
        return dice.pick(_whole(progressions(replace(plan, mode=section.mode)), form), "progression", section.mode)
    if "medley" in plan.structure and section.lift:
        return dice.pick(_whole(progressions(plan), form), "progression", section.lift)
    return None


def _whole(entries: tuple[catalog.Entry, ...], form: Form) -> tuple[catalog.Entry, ...]:
    """Return the sets whose verse fits the form's verses: twelve bars are not cut off after eight."""
    bars = {section.bars for section in form.sections if section.kind == "verse"}
    loops = {entry.name: len(entry.text("verse").split()) for entry in entries}
    even = tuple(e for e in entries if all(b % loops[e.name] == 0 or loops[e.name] % b == 0 for b in bars))
    return even or entries


def _words(chosen: catalog.Entry, section: Section, last: bool) -> list[str]:
    """Return one word, or several joined by commas, for each bar of a section."""
    kind = section.kind
    text = chosen.text(kind) or chosen.text(_LIKE.get(kind, "verse")) or chosen.text("verse")
    loop = text.split()
    bars = section.bars
    skips = kind in ("prechorus", "bridge")
    if len(loop) == 2 * bars and len(loop) % 3 == 0:
        loop = loop[::2]
    elif len(loop) > 2 * bars and len(loop) % 3 == 0 and not skips:
        loop = _hurried(loop, bars)
    skipped = len(loop) - bars if skips and len(loop) > bars else 0
    words = [loop[(skipped + i) % len(loop)] for i in range(bars)]
    if last:
        words[-1] = home_word(chosen)
        if bars >= 2 and _root(words[-2]) == 0:
            words[-2] = chosen.text("cadence", "V" if _root(loop[-1]) == 0 else loop[-1])
    return words


def _hurried(loop: list[str], bars: int) -> list[str]:
    """Return a progression compressed into a few bars, two chords per bar."""
    halves = [loop[(2 * i + 1) * len(loop) // (4 * bars)] for i in range(2 * bars)]
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return [one if one == two or "," in one + two else f"{one},{two}" for one, two in pairs]


_LIKE = {"drop": "chorus", "solo": "verse", "prechorus": "bridge", "breakdown": "verse", "ending": "chorus"}


def home_word(chosen: catalog.Entry) -> str:
    """Return the tonic chord as the set writes it."""
    given = chosen.text("home")
    if given:
        return given
    return next(w for bar in chosen.text("verse").split() for w in bar.split(",") if _root(w) == 0)


def _root(word: str) -> int:
    return theory.read_numeral(word.split(",")[-1])[0]


def _timed(words: list[str], section: Section, form: Form) -> list[tuple[float, float, str]]:
    """Return (start, length, word) of each chord; equal neighbors within two bars are merged."""
    timed: list[tuple[float, float, str]] = []
    for index, bar_words in enumerate(words):
        inside = bar_words.split(",")
        start = section.start + index * form.bar
        each = form.bar / len(inside)
        if len(inside) == 2:
            each = _half(form.bar)
        for turn, word in enumerate(inside):
            at = start + turn * each
            end = start + form.bar if turn == len(inside) - 1 else at + each
            timed.append((at, end - at, word))
    last = section is form.sections[-1]
    if last:
        at, _, word = timed[-1]
        timed[-1] = (at, form.beats - at, word)
    return timed


def _half(bar: float) -> float:
    return {5.0: 3.0, 3.5: 2.0, 7.0: 4.0, 3.0: 1.5, 2.5: 1.5, 4.5: 3.0}.get(bar, bar / 2)


def _grounded(chord: Chord) -> Chord:
    """Return the chord in root position: the bass may rest under the last chord, and an inversion is no ending."""
    if chord.pitches[0] % 12 == chord.root:
        return chord
    low = _GROUND + (chord.root - _GROUND) % 12
    return replace(chord, pitches=tuple(sorted({low + (pitch - low) % 12 for pitch in chord.pitches})))


def _chord(
    plan: Plan, section: Section, colored: tuple[str, str], start: float, length: float, before: tuple[int, ...],
    *, last: bool,
) -> Chord:  # fmt: skip
    """Return a chord of a section, from its word and the color of plain triads. The `last` one of a song is at rest."""
    word, color = colored
    mode = section.mode or plan.mode
    step, quality = theory.read_numeral(word)
    colors, kinds = _AT_REST[style_of(plan.genre).rest] if last and not plan.progression else _AS_WRITTEN
    quality = theory.colored(step, quality, theory.parent_of(mode), colors.get(color, color))
    quality = kinds.get(quality, quality)
    root = (theory.tonic(plan.key) + section.lift + step) % 12
    tones = [root + tone for tone in theory.QUALITIES[quality]]
    key = raised_tonic(plan.key, mode, section.lift)
    name = theory.symbol(degree_name(key, theory.degree_of(word), step), quality)
    if quality == "5":
        low = _POWER + (root - _POWER) % 12
        return Chord(start, length, name, root, (low, low + 7, low + 12))
    return Chord(start, length, name, root, theory.voice(tones, before, LOW, HIGH))
