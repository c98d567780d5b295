"""What locks keep although the prompt says otherwise, in sentences for the user: form, tempo, key, players."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.locks import LockedBand, LockedSection, parse_band, parse_form, parse_key
from riffusion_tui.studio.engine.requested_sections import counted_bars
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import KEY_CHANGE, KEY_OF, ORDER, WITHOUT
from riffusion_tui.studio.engine.understand.figures.stated import BARS
from riffusion_tui.studio.engine.understand.figures.stated_chords import pitch_of
from riffusion_tui.studio.engine.understand.form.key_changes import song_key
from riffusion_tui.studio.engine.understand.form.length import seconds_of
from riffusion_tui.studio.engine.understand.instruments.exclusions import excluded_by, exclusions
from riffusion_tui.studio.engine.understand.limits.wording import span, with_articles
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.timing.tempo import stated_pulse
from riffusion_tui.studio.engine.understand.words import tables

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


def kept_players(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield which players, and the vocals, a locked band keeps although the prompt excludes them."""
    if not made.locks.band:
        return
    band = parse_band(made.locks.band)
    for mention in exclusions(reading):
        covered = set(excluded_by(reading, mention))
        names = [name for name in _playing(made, band) if name not in made.instruments and _is_covered(name, covered)]
        if names:
            yield f"The locked band keeps {with_articles(names)}."
    if made.vocals != "none" and _is_instrumental(reading):
        yield "The locked band keeps the vocals."


def _playing(made: Plan, band: LockedBand) -> list[str]:
    """Return the instruments that play, each once; a guest leaves if the prompt excludes its whole family."""
    table = tables.instruments()
    guests = [name for name in band.guests if table[name].family not in made.avoided]
    names = dict.fromkeys((*(player.instrument for player in band.players), *band.cast, *guests))
    return [name for name in names if name != LONE_SINGER]


def _is_covered(name: str, covered: set[str]) -> bool:
    family = tables.instruments()[name].family
    return name in covered or (family in covered and tables.is_meant(name, family))


def _is_instrumental(reading: Reading) -> bool:
    """Whether the prompt says that nobody sings."""
    silent = any(one.meaning == "none" for one in reading.positive("vocal"))
    return silent or any(one.meaning == "voice" for one in reading.negative("vocal"))
