"""What a prompt wants of the form, tempo and key although other ones are locked, in sentences for the user."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.locks import LockedSection, parse_form, parse_key
from riffusion_tui.studio.engine.requested_sections import counted_bars
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import KEY_CHANGE, KEY_OF, ORDER, WITHOUT
from riffusion_tui.studio.engine.understand.figures.stated import BARS
from riffusion_tui.studio.engine.understand.figures.stated_chords import pitch_of
from riffusion_tui.studio.engine.understand.form.length import seconds_of
from riffusion_tui.studio.engine.understand.form.section_keys import song_key
from riffusion_tui.studio.engine.understand.limits.wording import span
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.timing.tempo import stated_pulse

_NAMED = ("bridge", "breakdown", "drop", "solo", "intro")
"""Kinds of sections that a prompt can ask for by name."""
_ALIKE = {"drop": "chorus", "breakdown": "bridge"}
"""Kinds that are the same in other genres."""
_NEAR = 0.1
"""How far, as a share, a locked form's length may be from the stated one."""
_SHOWN = {"prechorus": "pre-chorus"}


def kept_values(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield what locks keep although the prompt says otherwise."""
    if made.locks.form:
        yield from _form(made, reading)
    pulse = stated_pulse(reading, made.meter)
    if made.locks.tempo is not None and pulse is not None and abs(pulse - made.pulse) >= 1:
        yield f"The locked tempo stays {made.pulse:g} bpm."
    tonic, mode = song_key(reading)
    if made.locks.key and (tonic or mode):
        locked = parse_key(made.locks.key)
        if (tonic and (pitch_of(tonic) - pitch_of(locked[0])) % 12) or (mode and mode != locked[1]):
            yield f"The song stays in {made.key} {made.mode}."


def _form(made: Plan, reading: Reading) -> Iterator[str]:
    sections = parse_form(made.locks.form).sections
    kinds = [section.kind for section in sections]
    order = next((hint.removeprefix(ORDER).split() for hint in made.structure if hint.startswith(ORDER)), [])
    if order and not _is_within(order, kinds):
        yield "The locked form keeps its sections and their order."
    for hint in made.structure:
        excluded = hint.removeprefix(WITHOUT)
        if hint.startswith(WITHOUT) and excluded in kinds:
            yield f"The locked form keeps the {_SHOWN.get(excluded, excluded)}."
    wanted = {hint.split()[-1] for hint in made.structure if not hint.startswith((WITHOUT, KEY_OF, KEY_CHANGE))}
    if any(hint.removesuffix(" solo") in made.guests for hint in made.structure):
        wanted.discard("solo")  # a guest plays it in another section
    if not order:
        for kind in _NAMED:
            if kind in wanted and not {kind, _ALIKE.get(kind, kind)} & set(kinds):
                yield f"The locked form has no {kind}."
    yield from _sizes(made, reading, sections)


def _sizes(made: Plan, reading: Reading, sections: tuple[LockedSection, ...]) -> Iterator[str]:
    """Yield the bars and the length that the form has instead of the stated ones."""
    bars = {section.kind: round(section.bars) for section in sections}
    for kind, stated in counted_bars(made).items():
        if bars.get(kind, stated) != stated:
            yield f"The locked form's {_SHOWN.get(kind, kind)} has {bars[kind]} bars, not {stated}."
    there = sum(section.bars for section in sections)
    length_s = seconds_of(round(there), made.bpm, made.meter)
    wanted_s = float(reading.first("length") or 0)
    if wanted_s and abs(length_s - wanted_s) > _NEAR * wanted_s:
        yield f"The locked form lasts {span(length_s)}, not {span(wanted_s)}."
    wanted = int(reading.first(BARS) or 0)
    if wanted and wanted != round(there):
        yield f"The locked form has {round(there)} bars, not {wanted}."


def _is_within(order: list[str], kinds: list[str]) -> bool:
    """Whether a form has these sections in this order, and others only of other kinds."""
    return [kind for kind in kinds if kind in order] == order
