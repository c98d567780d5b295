"""What a plan keeps of an earlier song: key, meter, tempo and band."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.locks import LockedBand, parse_band, parse_form, parse_key
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.song_request import Request
from riffusion_tui.studio.engine.understand.form.form_hints import planned_structure, structure
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import with_own_guitar
from riffusion_tui.studio.engine.understand.instruments.named_instruments import requested_instruments
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from riffusion_tui.studio.engine.understand.timing.tempo import quarters
from riffusion_tui.studio.engine.understand.words import tables


def with_locks(made: Plan, reading: Reading, request: Request, genre: tables.Genre) -> Plan:
    """Return the plan with what the request keeps of an earlier song."""
    locks = request.locks
    kept = made
    if locks.key:
        key, mode = parse_key(locks.key)
        kept = replace(kept, key=key, mode=mode)
    if locks.form:
        kept = replace(kept, meter=parse_form(locks.form).meter or kept.meter)
    kept = replace(kept, bpm=quarters(locks.tempo or made.pulse, kept.meter))
    if locks.band:
        kept = _with_band(kept, parse_band(locks.band), reading, request, genre)
    same = {name for name in ("bpm", "key", "mode", "meter", "vocals") if getattr(kept, name) == getattr(made, name)}
    chosen = tuple(one for one in kept.chosen if one[0] in same | {"genre", "length_s"})
    return replace(kept, locks=locks, chosen=chosen)


def _with_band(made: Plan, band: LockedBand, reading: Reading, request: Request, genre: tables.Genre) -> Plan:
    """Return the plan with a locked band, and as guests the instruments and soloists that the prompt adds to it."""
    before = read(request.locks.like)
    named = requested_instruments(before, genre)
    known = {*band.instruments, *named}
    solos = set(with_own_guitar(structure(reading), made.instruments))
    solos -= {*structure(before), *with_own_guitar(structure(before), named)}
    soloists = [hint.removesuffix(" solo") for hint in solos if hint.endswith(" solo")]
    added = [name for name in made.instruments if name not in known]
    alone = sorted(name for name in soloists if name in tables.instruments() and name not in band.guests)
    guests = tuple(dict.fromkeys((*band.guests, *added, *alone)))
    voices = "none" if request.instrumental else band.vocal
    unsung = () if voices != "none" else ("vocals",)
    avoided = tuple(name for name in made.avoided if name not in {*band.instruments, "vocals"})
    hints = planned_structure(reading, (*band.cast, *guests) if band.cast else ())
    return replace(
        made,
        cast=band.cast,
        guests=guests,
        parts=tuple(replace(part, instruments=_without(part.instruments, guests)) for part in made.parts),
        vocals=voices,
        avoided=(*avoided, *unsung),
        structure=with_own_guitar(hints, made.instruments),
    )


def _without(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in others)
