"""What a prompt wants louder or softer: whole tracks, parts of the drum kit, and players in some sections.

The mix sets a track's level where it is fullest. So who is louder somewhere is raised, and softened elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.compose.casting.player_hints import is_level_of, placed_levels, prompted_db
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.placed_players import is_at
from riffusion_tui.studio.engine.compose.rhythm.drums import HITS
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.score import Note, Track
from riffusion_tui.studio.engine.song_plan import Plan

_EARLY = 0.1
"""Beats by which a player may come in before a section."""
_LOUDNESS_EXPONENT = 1.4
"""A note's amplitude is its velocity raised to this power."""


@dataclass(frozen=True, slots=True)
class _Level:
    """Some notes of a track that are softer or louder than the others."""

    db: float
    pitches: frozenset[int]
    """Of parts of a drum kit; all notes if empty."""
    spans: tuple[tuple[float, float], ...]
    """Sections, from beat to beat."""

    def covers(self, note: Note) -> bool:
        """Whether a note is one of these."""
        there = any(start <= note.start + _EARLY < end for start, end in self.spans)
        return there and (not self.pitches or note.pitch in self.pitches)


def at_levels(tracks: Iterable[Track], plan: Plan, form: Form) -> tuple[Track, ...]:
    """Return the tracks at the levels that the prompt wants."""
    raised = (replace(one, gain_db=one.gain_db + prompted_db(plan, one.role, one.instrument)) for one in tracks)
    return tuple(_softened(track, list(_levels(track, plan, form))) for track in raised)


def _levels(track: Track, plan: Plan, form: Form) -> Iterator[_Level]:
    """Yield the levels of a track's notes: of parts of the kit, and in some sections."""
    rules = read_data("cast.toml")["levels"]
    whole = [(level, "", name) for level, names in (("louder", plan.louder), ("softer", plan.softer)) for name in names]
    for level, places, name in (*whole, *placed_levels(plan)):
        db = rules[level] * (1 if level == "louder" else -1)
        spans = _spans(places, form)
        if not is_level_of((name,), track.role, track.instrument):
            pitches = _part_of_the_kit(name, track)
            if pitches:
                yield _Level(db, pitches, spans)
        elif places:  # else `prompted_db` has it
            yield _Level(db, frozenset(), spans)


def _spans(places: str, form: Form) -> tuple[tuple[float, float], ...]:
    """Return from where to where the named sections last; all sections if none is named."""
    return tuple(
        (one.start, one.start + one.bars * form.bar)
        for one in form.sections
        if not places or any(is_at(place, one, form.sections) for place in places.split(", "))
    )


def _part_of_the_kit(name: str, track: Track) -> frozenset[int]:
    """Return the pitches of a part of the drum kit that a track plays."""
    hits = read_data("cast.toml")["pieces"].get(name, ()) if track.role == "drums" else ()
    return frozenset(HITS[hit] for hit in hits) & {note.pitch for note in track.notes}


def _softened(track: Track, levels: Sequence[_Level]) -> Track:
    """Return the track with all notes softer that aren't to be louder, and those that are to be softer."""
    above = max((0.0, *(one.db for one in levels)))

    def softened(note: Note) -> Note:
        covered = (0.0, *(one.db for one in levels if one.covers(note)))
        gain = 10 ** ((max(covered) - above + min(covered)) / 20 / _LOUDNESS_EXPONENT)
        return Note(note.start, note.length, note.pitch, note.velocity * gain, note.syllable)

    return replace(track, notes=tuple(softened(note) for note in track.notes)) if levels else track
