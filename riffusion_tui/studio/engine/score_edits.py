"""Request → score, and edits of songs: a section made again, another length or key, other instruments, muted stems."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from riffusion_tui.studio.engine.compose import catalog, compose
from riffusion_tui.studio.engine.compose.casting.seat import span_of
from riffusion_tui.studio.engine.compose.chords import theory
from riffusion_tui.studio.engine.compose.chords.note_names import moved_name
from riffusion_tui.studio.engine.edit_check import check_swap, known_section, known_stem, swapped_instrument
from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.instrument_groups import UNPITCHED
from riffusion_tui.studio.engine.locks import LockedBand, band_text, parse_band, parse_key
from riffusion_tui.studio.engine.prompt import plan
from riffusion_tui.studio.engine.score import Chord, Note, Score, Track
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request, SongEdit
from riffusion_tui.studio.engine.understand.planning.part_colors import with_section_prompt

_EARLY = 0.12
"""Beats by which a played note may begin before its section."""
_ROOT = re.compile(r"([A-G][#b]?)(.*)\Z", re.DOTALL)


def score_of(request: Request) -> Score:
    """Return the score of a request, with its edits.

    Raises:
        EngineError: a lock or an edit can't be read, or names a section or stem that the song does not have.
    """
    request, made = _planned(request)
    score = _original(made, request.title, request.lyrics, request.lyrics_strength)
    for edit in request.edits:
        if edit.operation == "replace":  # first: another take has all stems, with their own instruments
            score = _replaced(score, edit, request)
    for edit in request.edits:
        if edit.operation in _EDITS:
            score = _EDITS[edit.operation](score, edit)
    return score


def _planned(request: Request) -> tuple[Request, Plan]:
    """Return the request and its plan after the edits that concern the whole song: its length, another mode."""
    lengths = [edit.length_s for edit in request.edits if edit.operation == "resize"]
    if lengths:
        request = replace(request, length_s=lengths[-1], locks=replace(request.locks, form=""))
    made = plan(request)
    for edit in (edit for edit in request.edits if edit.operation == "transpose"):
        key, mode = parse_key(edit.key, made.mode)
        if mode != made.mode:
            locks = replace(request.locks, key=f"{key} {mode}")
            request = replace(request, locks=locks)
            made = plan(request)
    return request, made


@lru_cache(maxsize=2)  # a song is edited again and again, or written in another format
def _original(made: Plan, title: str | None, lyrics: str | None, strength: float) -> Score:
    return compose(made, title=title, lyrics=lyrics, lyrics_strength=strength)


def _replaced(score: Score, edit: SongEdit, request: Request) -> Score:
    """Return the score with another take of a section; all other sections keep every note."""
    index = _section(score, edit.section)
    locks = replace(score.plan.locks, form=score.form, band=score.band)
    made = replace(score.plan, locks=locks)
    if edit.prompt:
        made = with_section_prompt(made, edit.prompt, *_shares(score, index))
    take = compose(
        made, title=request.title, lyrics=request.lyrics, lyrics_strength=request.lyrics_strength, again=edit.seed
    )
    return _spliced(score, take, index)


def _section(score: Score, name: str) -> int:
    return known_section(name, [section.name for section in score.sections])


def _shares(score: Score, index: int) -> tuple[float, float]:
    """Return the start and end of a section as shares of the song, by its bars."""
    total = sum(section.bars for section in score.sections)
    before = sum(section.bars for section in score.sections[:index])
    return before / total, (before + score.sections[index].bars) / total


def _spliced(score: Score, other: Score, index: int) -> Score:
    """Return the score with one section of another score that has the same form and players."""
    start = score.sections[index].start
    end = score.sections[index + 1].start if index + 1 < len(score.sections) else score.beats + 1
    early = _EARLY if index else score.beats

    def inside(at: float) -> bool:
        return start - early <= at < end - _EARLY

    def merged(old: Iterable[Note], new: Iterable[Note]) -> tuple[Note, ...]:
        notes = [note for note in old if not inside(note.start)] + [note for note in new if inside(note.start)]
        return tuple(sorted(notes, key=lambda note: note.start))

    theirs = defaultdict(list)
    for track in other.tracks:
        theirs[_identity(track)].append(track)
    tracks = []
    for track in score.tracks:
        same = theirs[_identity(track)]
        tracks.append(replace(track, notes=merged(track.notes, same.pop(0).notes if same else ())))
    left = [replace(track, notes=merged((), track.notes)) for same in theirs.values() for track in same]
    chords = [c for c in score.chords if not start <= c.start < end] + [
        c for c in other.chords if start <= c.start < end
    ]
    sections = list(score.sections)
    sections[index] = other.sections[index]
    lines = [line for line in score.lyric_lines if not inside(line.start)]
    lines += [line for line in other.lyric_lines if inside(line.start)]
    return replace(
        score,
        sections=tuple(sections),
        chords=tuple(sorted(chords, key=lambda chord: chord.start)),
        tracks=(*tracks, *(track for track in left if track.notes)),
        lyric_lines=tuple(sorted(lines, key=lambda line: line.start)),
    )


def _identity(track: Track) -> tuple[str, str]:
    return track.role, track.instrument


def _transpose(score: Score, edit: SongEdit) -> Score:
    return _transposed(score, parse_key(edit.key, score.plan.mode)[0])


def _transposed(score: Score, key: str) -> Score:
    """Return the score in another key of the same mode: all intervals stay, by the shorter way."""
    by = (theory.tonic(key) - theory.tonic(score.plan.key) + 5) % 12 - 5
    made = replace(score.plan, key=key)
    if not by:
        return replace(score, plan=made)
    tracks = (t if t.role in UNPITCHED else replace(t, notes=_moved(t, by)) for t in score.tracks)
    return replace(
        score,
        plan=made,
        tracks=tuple(tracks),
        chords=tuple(_moved_chord(chord, by, score.plan.key, key) for chord in score.chords),
    )


def _moved(track: Track, by: int) -> tuple[Note, ...]:
    """Return a track's notes moved by semitones, and those out of the instrument's range by an octave as well."""
    low, high = span_of(track.instrument)
    lowest, highest = (edge(note.pitch for note in track.notes) for edge in (min, max))
    low, high = min(low, lowest), max(high, highest)
    return tuple(replace(note, pitch=theory.into_range(note.pitch + by, low, high)) for note in track.notes)


def _moved_chord(chord: Chord, by: int, old: str, new: str) -> Chord:
    name, _, bass = chord.symbol.partition("/")
    moved = "/".join(_renamed(part, old, new) for part in (name, bass) if part)
    pitches = tuple(pitch + by for pitch in chord.pitches)
    return replace(chord, symbol=moved, root=(chord.root + by) % 12, pitches=pitches)


def _renamed(symbol: str, old: str, new: str) -> str:
    found = _ROOT.match(symbol)
    return moved_name(found[1], old, new) + found[2] if found else symbol


def _swapped(score: Score, edit: SongEdit) -> Score:
    """Return the score with a stem played by another instrument: the same notes, in its range."""
    name = swapped_instrument(edit.instrument)
    stems = _stem(score, edit.stem)
    check_swap(edit, name, [track.role for track in stems])
    tracks = (_played_by(track, name) if track in stems else track for track in score.tracks)
    return replace(score, tracks=tuple(tracks), band=_rebuilt(score.band, stems, name))


def _rebuilt(text: str, stems: list[Track], name: str) -> str:
    """Return a band's text with another instrument for the players of `stems`; with an empty `name`, without them."""
    band = parse_band(text)
    gone = {(track.role, track.instrument) for track in stems}
    names = {track.instrument for track in stems}
    players = [replace(p, instrument=name) if (p.role, p.instrument) in gone else p for p in band.players]
    guests = tuple(filter(None, (name if one in names else one for one in band.guests)))
    cast = list(band.cast)
    for instrument in (one for one, _ in {(track.instrument, track.name) for track in stems} if one in cast):
        cast[len(cast) - 1 - cast[::-1].index(instrument)] = name
    vocal = "none" if any(role == "vocal" for role, _ in gone) else band.vocal
    return band_text(LockedBand(tuple(p for p in players if p.instrument), tuple(filter(None, cast)), guests, vocal))


def _played_by(track: Track, name: str) -> Track:
    program = int(catalog.instrument(name).get("program", 0))
    notes = track.notes
    if track.role not in UNPITCHED:
        low, high = span_of(name)
        notes = tuple(replace(note, pitch=theory.into_range(note.pitch, low, high)) for note in notes)
    return replace(track, name=name.title(), instrument=name, program=program, notes=notes)


def _muted(score: Score, edit: SongEdit) -> Score:
    """Return the score without a stem; all others keep every note."""
    stems = _stem(score, edit.stem)
    tracks = tuple(track for track in score.tracks if track not in stems)
    if not tracks:
        raise EngineError(f"stem: {edit.stem} is the last one; a song can't be silent")
    if any(track.role == "vocal" for track in stems):
        score = replace(score, lyrics="[Instrumental]", lyric_lines=())
    return replace(score, tracks=tracks, band=_rebuilt(score.band, stems, ""))


def _stem(score: Score, name: str) -> list[Track]:
    """Return the tracks of a stem, by name or role."""
    wanted = known_stem(name, stems_of(score), [track.role for track in score.tracks]).casefold()
    return [t for t in score.tracks if t.name.casefold() == wanted] or [t for t in score.tracks if t.role == wanted]


def stems_of(score: Score) -> tuple[str, ...]:
    """Return the names of a score's stems, each once: an ensemble's as it is named, first violin first."""
    cast = score.plan.cast
    places = {track.name: cast.index(track.instrument) for track in score.tracks if track.instrument in cast}
    names = dict.fromkeys(track.name for track in score.tracks)
    return tuple(sorted(names, key=lambda name: (places.get(name, len(cast)), name if name in places else "")))


_EDITS: dict[str, Callable[[Score, SongEdit], Score]] = {
    "transpose": _transpose,
    "swap": _swapped,
    "mute": _muted,
}
"""Edits of the finished score, by operation."""
