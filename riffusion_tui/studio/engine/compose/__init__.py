"""Composing: Plan + seed → Score. Pure Python; the same plan gives the same score in every process.

`form_layout` lays out the sections, `harmony` their chords; `casting` chooses the players, `layers` when they play, and
`arranging` what; `drums`, `bass`, `comp`, `melody` and `countermelody` write the notes, `humanize` adds swing and
timing. What makes a genre is data in `styles/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.compose import arrangement_style
from riffusion_tui.studio.engine.compose.arranging import arrange
from riffusion_tui.studio.engine.compose.arranging.guest_solos import with_guest_solos
from riffusion_tui.studio.engine.compose.casting import cast
from riffusion_tui.studio.engine.compose.casting.choir_kinds import is_chant, sings_alone, sings_in_unison
from riffusion_tui.studio.engine.compose.casting.named_players import with_own_bass
from riffusion_tui.studio.engine.compose.casting.silent_players import with_silent_players
from riffusion_tui.studio.engine.compose.chords import harmony
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.compose.forms import form_layout, locked_form, lone_form, written_form
from riffusion_tui.studio.engine.compose.lines import lyric_faults, lyric_placement
from riffusion_tui.studio.engine.compose.lines.given_lyrics import NO_LYRICS, GivenLyrics
from riffusion_tui.studio.engine.compose.lines.lyrics_length import length_for_all
from riffusion_tui.studio.engine.compose.prompted_levels import at_levels
from riffusion_tui.studio.engine.compose.song_context import SongContext, Tunes
from riffusion_tui.studio.engine.compose.tunes import plainchant, sung
from riffusion_tui.studio.engine.instrument_groups import HARMONY, LONE_SINGER, UNPITCHED
from riffusion_tui.studio.engine.lyrics import stated_title, title_of_given
from riffusion_tui.studio.engine.lyrics import title as title_of
from riffusion_tui.studio.engine.score import LyricLine, Note, Score, Track
from riffusion_tui.studio.engine.song_plan import PartColor, Plan
from riffusion_tui.studio.engine.spoken import delivery_of
from riffusion_tui.studio.engine.understand.stated_subject import about_as

__all__ = ["compose", "with_final_length"]

_END_BEATS = 0.3
"""Notes that sound later than this many beats before the end belong to the last chord."""
_REPEATED = "The lyrics are too short for the length, so sections are sung again."
"""A limit."""
_GROWTH, _MAX_TARGET_S = 1.2, 330.0
"""Given lyrics make a song longer in such steps, up to so many seconds."""


def compose(
    plan: Plan,
    *,
    title: str | None = None,
    lyrics: str | None = None,
    lyrics_strength: float = 1.0,
    again: int | None = None,
) -> Score:
    """Compose the song that `plan` describes; its prompt and seed decide everything else.

    Args:
        plan: what to make.
        title: the song's title; None: the prompt's, else the given lyrics' own or a line of them, or one is written.
        lyrics: the lyrics of a vocal song; None to write some.
        lyrics_strength: 0 ignores `lyrics`, 1 keeps every line, in between as many lines as fit.
        again: a seed for other takes of all sections, with the same form, players and words.
    """
    plan = with_own_bass(plan)
    dice = Dice(plan.origin, plan.seed, again)
    style = arrangement_style.style_of(plan.genre)
    kept = bool(plan.locks.like and lyrics and lyrics.strip() == _own_words(about_as(plan, plan.locks.like), dice))
    if kept:
        lyrics, plan = None, replace(plan, parts=_more_than_the_prompt(plan))
    given = GivenLyrics(lyrics or "", lyrics_strength)
    asked, (plan, shape) = plan, _roomy(plan, dice, given)
    if not plan.locks.form:
        shape = form_layout.lifted(plan, shape, dice.of("lift"), style.lifts)
    colors = arrangement_style.style_of(plan.blend).colors if plan.blend else style.colors
    # "colour" labels a random stream: another label would change every song.
    chords = harmony.harmonize(plan, shape, dice, dice.pick(colors, "colour"))
    song = SongContext(plan, shape, chords, dice, style).in_its_swing()
    plan = song.plan
    tunes = Tunes(song)
    about = about_as(plan, plan.locks.like) if kept else plan
    text, voice, lines = _voice(song, tunes, about, given)
    seats = cast.seats(plan, dice)
    parts = _ending_on_root(arrange.tracks(song, tunes, seats, voice), song.harmony.all()[-1].root, shape.beats)
    final = with_guest_solos(_with_lyrics_length(plan, asked, dice, given, lines), shape, parts)
    return Score(
        plan=with_silent_players(final, parts),
        title=title or about.title or _title(about, given, sung=bool(lines)),
        sections=shape.sections,
        chords=song.harmony.all() if _has_chords(plan, parts) else (),
        tracks=at_levels(parts, plan, shape),
        lyrics=text,
        lyric_lines=tuple(lines),
        beats=shape.beats,
        form=locked_form.text_of(plan, shape),
        band=cast.band_of(plan, seats, sings=voice is not None),
    )


def _title(about: Plan, given: GivenLyrics, *, sung: bool) -> str:
    """Return the title that the given lyrics state, else a line of them if they are sung, else a written one."""
    words = given.text if given.are_kept else ""
    return stated_title(words) or (title_of_given(words) if sung else "") or title_of(about)


def with_final_length(plan: Plan) -> Plan:
    """Return the plan with the length and the tempo that `compose` gives a song without given lyrics."""
    found, _ = _roomy(with_own_bass(plan), Dice(plan.origin, plan.seed), NO_LYRICS)
    return replace(plan, bpm=found.bpm, length_s=found.length_s, chosen=found.chosen)


def _with_lyrics_length(plan: Plan, asked: Plan, dice: Dice, given: GivenLyrics, lines: Sequence[LyricLine]) -> Plan:
    """Return the plan with the length of a song that sings all the given lyrics, and the limit that some are repeated.

    `asked` is the plan without the form's length.
    """
    if not given.are_kept or not _is_sung(plan):
        return plan
    if lyric_faults.is_repeated(plan, given, [line.text for line in lines]):
        plan = replace(plan, limits=(*plan.limits, _REPEATED))
    asked = replace(asked, length_s=plan.length_s)
    needed = length_for_all(asked, lambda other: _roomy(other, dice, given), given, lines)
    return replace(plan, lyrics_length_s=needed)


def _has_chords(plan: Plan, tracks: tuple[Track, ...]) -> bool:
    """Whether chords belong to what sounds: drums and a chant have none."""
    return not is_chant(plan) and any(track.role not in UNPITCHED for track in tracks)


def _ending_on_root(tracks: tuple[Track, ...], root: int, beats: float) -> tuple[Track, ...]:
    """Return the tracks without chord tones below the last chord's root at the end: an inversion is no ending."""

    def last(track: Track) -> list[int]:
        return [note.pitch for note in track.notes if note.start + note.length > beats - _END_BEATS]

    roots = [pitch for track in tracks if track.role not in UNPITCHED for pitch in last(track) if pitch % 12 == root]
    low = min(roots, default=0)
    return tuple(
        replace(
            track, notes=tuple(n for n in track.notes if n.pitch >= low or n.start + n.length <= beats - _END_BEATS)
        )
        if track.role in HARMONY and min(last(track), default=low) < low
        else track
        for track in tracks
    )


def _own_words(plan: Plan, dice: Dice) -> str:
    """Return the lyrics that the engine writes if none are given."""
    plan, shape = _roomy(plan, dice, NO_LYRICS)
    placed = lyric_placement.place_lines(plan, shape, NO_LYRICS)
    return sung.text(placed, shape.sections)


def _more_than_the_prompt(plan: Plan) -> tuple[PartColor, ...]:
    """Return the further prompts; none if it is the prompt itself, which create-compose gives for the whole song."""
    whole = len(plan.parts) == 1 and (plan.parts[0].start, plan.parts[0].end) == (0.0, 1.0)
    return () if whole else plan.parts


def _roomy(plan: Plan, dice: Dice, given: GivenLyrics) -> tuple[Plan, Form]:
    """Return the form: as locked, or with room for the given lyrics; if one singer is alone, without silent bars."""
    if plan.locks.form:
        return locked_form.as_locked(plan)
    if _is_all_that_sounds(plan):
        return lone_form.sung_throughout(plan, lambda made: _fitting(made, dice, given), given)
    if given.are_kept and _is_sung(plan) and "medley" not in plan.structure:
        found = written_form.as_written(plan, given)
        if found is not None:
            return found
    return _fitting(plan, dice, given)


def _is_all_that_sounds(plan: Plan) -> bool:
    """Whether nothing but one sung line is heard."""
    return sings_alone(plan) and (plan.cast == (LONE_SINGER,) or sings_in_unison(plan))


def _fitting(plan: Plan, dice: Dice, given: GivenLyrics) -> tuple[Plan, Form]:
    """Return a form of the plan's length; of a longer song if the given lyrics need it and the prompt allows it."""
    if not given.are_kept or plan.vocals == "none":
        shape = form_layout.lay_out(plan, dice.of("form"))
        return form_layout.as_long_as(plan, shape), shape
    found = longer = _suited(plan, dice, given)
    if "length_s" not in dict(plan.chosen):
        return found
    fewest = lyric_faults.left_out(*found, given)
    while longer[0].length_s * _GROWTH <= _MAX_TARGET_S and (fewest or lyric_faults.is_crowded(*longer, given)):
        stretched = replace(longer[0], length_s=round(longer[0].length_s * _GROWTH))
        longer = _suited(stretched, dice, given)
        left = lyric_faults.left_out(*longer, given)
        if left < fewest or not fewest:
            found, fewest = longer, left
    return found


def _suited(plan: Plan, dice: Dice, given: GivenLyrics) -> tuple[Plan, Form]:
    """Return a form in which the given lines are sung in their order, if the genre has one, and the plan as long."""

    def faults(shape: Form) -> tuple[int, ...]:
        return lyric_faults.faults(plan, shape, given)

    shape = form_layout.lay_out(plan, dice.of("form"), faults, bridge=lyric_faults.has_bridge(plan, given))
    return form_layout.as_long_as(plan, shape), shape


def _is_sung(plan: Plan) -> bool:
    return plan.vocals != "none" and not {"vocals", "voice"} & set(plan.avoided)


def _voice(
    song: SongContext, tunes: Tunes, about: Plan, given: GivenLyrics
) -> tuple[str, list[Note] | None, list[LyricLine]]:
    """Return the lyrics as text, the vocal notes (None for an instrumental) and the lines with their times.

    `about` is the song's plan with what the lyrics are about.
    """
    plan = song.plan
    if not _is_sung(plan):
        return "[Instrumental]", None, []
    placed = lyric_placement.place_lines(about, song.form, given)
    seat = cast.lead_vocal(plan, song.dice)
    if is_chant(plan):
        notes, lines = plainchant.chant(song, placed, seat.pitches)
    else:
        notes, lines = sung.sing(song, tunes, placed, seat.pitches)
    if not notes:
        return "[Instrumental]", None, []
    if _is_all_that_sounds(plan) and delivery_of(plan) == "sung":
        lone_form.with_held_end(notes, lines, plan, song.form, seat.pitches)
    return sung.text(placed, song.form.sections), notes, lines
