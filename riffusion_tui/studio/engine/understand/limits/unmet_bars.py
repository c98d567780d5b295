"""Bars and sections of a prompt that the song is too short for, in sentences for the user."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.requested_sections import ENDING_BARS, counted_bars, kinds_with_room, requested_kinds
from riffusion_tui.studio.engine.song_plan import MAX_LENGTH_S, Plan
from riffusion_tui.studio.engine.structure_hints import ABOUT, ORDER, TWELVE_BARS
from riffusion_tui.studio.engine.understand.figures.stated import BARS, SECTION_BARS
from riffusion_tui.studio.engine.understand.form.form_bars import form_bars
from riffusion_tui.studio.engine.understand.form.length import bars_in, seconds_of
from riffusion_tui.studio.engine.understand.limits.wording import span, with_articles
from riffusion_tui.studio.engine.understand.reading.mentions import Reading

_TWELVE = 12


def unmet_bars(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield the bars and sections for which the song is too short, or not of their length."""
    there = bars_in(made.length_s, made.bpm, made.meter)
    if TWELVE_BARS in made.structure and there < _TWELVE:
        yield _too_short(made, _TWELVE, there)
    wanted = int(reading.first(BARS) or max(there, form_bars(reading)))
    if wanted > there:
        yield _too_short(made, wanted, there)
    elif wanted < there:
        yield f"The song has {there} bars, not {wanted}, to last {span(made.length_s)}."
    order = next((hint.removeprefix(ORDER).split() for hint in made.structure if hint.startswith(ORDER)), [])
    if len(order) > there:
        yield f"{span(made.length_s)} is too short for all {len(order)} sections."
    yield from _section_bars(made, reading, there)
    alone = made.cast == (LONE_SINGER,)  # whose song is as long as a line, or refused
    if there == 1 and made.vocals != "none" and not alone:
        yield f"{span(made.length_s)} is too short for vocals."
    without_room = [kind for kind in requested_kinds(made) if kind not in kinds_with_room(made, there)]
    if without_room:
        yield f"{span(made.length_s)} is too short for {with_articles(without_room)}."


def _section_bars(made: Plan, reading: Reading, there: int) -> Iterator[str]:
    """Yield that sections can't have the bars that the prompt gives them."""
    given = {one.value for one in reading.stated if one.kind == SECTION_BARS and ABOUT not in one.value}
    stated = counted_bars(made)
    if len(given) > len(stated) and stated:
        yield "All sections of a kind have the same number of bars; the first one stated counts."
    needed = sum(stated.values()) + (ENDING_BARS if stated and "ending" not in stated else 0)
    exact = "length_s" not in dict(made.chosen)
    if needed > (there if exact else bars_in(MAX_LENGTH_S, made.bpm, made.meter)):
        yield f"{span(made.length_s if exact else MAX_LENGTH_S)} is too short for sections of so many bars."


def _too_short(made: Plan, wanted: int, there: int) -> str:
    needed = seconds_of(wanted, made.bpm, made.meter)
    bars = f"{there} bar{'s' * (there != 1)}"
    return f"{wanted} bars at {made.pulse:g} bpm last {span(needed)}; a song of {span(made.length_s)} has {bars}."
