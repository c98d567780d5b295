"""Which sections a song has: those of a form of its genre, with what the prompt names and without what it excludes."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose import catalog, energy
from riffusion_tui.studio.engine.compose.form import SectionTemplate, last_high, read_parts, usual_name
from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import (
    BARS_EACH,
    CHORUS_FIRST,
    EVEN,
    ORDER,
    SOLO_LAST,
    TWELVE_BARS,
    UNSUNG_KINDS,
    WITHOUT,
    WITHOUT_SOLOS,
)

_UNITS = {"verse": 2, "chorus": 2, "drop": 2}
"""Units of a section that the prompt puts in its place; the others have one."""

_LINE_BARS = 4
"""Bars of a line of a blues, whose verses have three."""
_SHOWING = "showing"
"""A hint: an intro shows an instrument, if verse and chorus leave room for it."""
_SHOWN = frozenset({"lead", "chords"})
"""Roles of instruments that an intro can show."""


def forms_of(plan: Plan) -> tuple[catalog.Entry, ...]:
    """Return the forms of the genre; only those with a drop, or with verses, if the prompt wants them.

    If it gives the order of the sections, that is the only form.
    """
    order = ordered(plan.structure)
    if order:
        return (catalog.Entry("as requested", {"parts": ", ".join(f"{kind} {_UNITS.get(kind, 1)}" for kind in order)}),)
    entries = catalog.serving("forms.toml", "form", plan.genre, catalog.family_of(plan.genre))
    if TWELVE_BARS in plan.structure:
        return tuple(filter(_has_twelve_bars, entries)) or tuple(
            filter(_has_twelve_bars, catalog.table("forms.toml", "form"))
        )
    if "drop" in plan.structure:
        dropping = tuple(e for e in entries if "drop" in e.text("parts"))
        every = catalog.table("forms.toml", "form")
        return dropping or tuple(e for e in every if "drop" in e.text("parts") and e not in _pop_forms())
    if "verse" in plan.structure:
        sung = tuple(e for e in entries if any(part.name == "Verse" for part in read_parts(e.text("parts"))))
        return sung or _pop_forms()
    return _for_singers(entries) if plan.vocals != "none" else entries


def _has_twelve_bars(entry: catalog.Entry) -> bool:
    """Whether a form's units have four bars whatever the tempo, so that its verses of three units have twelve."""
    return entry.number("whole", 0) == _LINE_BARS


def _for_singers(entries: tuple[catalog.Entry, ...]) -> tuple[catalog.Entry, ...]:
    """Return the forms without those for instrumentals, unless there are no others."""
    return tuple(entry for entry in entries if not entry.data.get("played", False)) or entries


def hints_of(plan: Plan) -> tuple[str, ...]:
    """Return the prompt's hints about sections; a song with vocals has an intro for an instrument that is named.

    A lone singer sings in every section.
    """
    if plan.cast == (LONE_SINGER,):
        sung = (hint for hint in plan.structure if hint.split()[-1] not in UNSUNG_KINDS)
        return (*sung, *(f"{WITHOUT}{kind}" for kind in UNSUNG_KINDS))
    able = (set(catalog.instrument(name).get("roles", ())) for name in plan.instruments)
    shown = plan.vocals != "none" and any(roles & _SHOWN for roles in able)
    shown &= f"{WITHOUT}intro" not in plan.structure and ordered(plan.structure)[:1] != ["chorus"]
    return (*plan.structure, _SHOWING) if shown else plan.structure


def ordered(hints: tuple[str, ...]) -> list[str]:
    """Return the kinds of sections in the prompt's order, with an intro unless it excludes one; empty without one."""
    order = next((hint.removeprefix(ORDER).split() for hint in hints if hint.startswith(ORDER)), [])
    if not order:
        return []
    order = _with_stated_ends(order, hints) if EVEN in hints else order  # numbers give no order that contradicts them
    begins = order[0] == "intro" or (order[0] == "chorus" and CHORUS_FIRST in hints)
    before = [] if begins or f"{WITHOUT}intro" in hints else ["intro"]
    return [*before, *order, *([] if order[-1] == "ending" else ["ending"])]


def _with_stated_ends(order: list[str], hints: tuple[str, ...]) -> list[str]:
    """Return the sections with the first chorus in front and a solo at the end, if the prompt wants them there."""
    if CHORUS_FIRST in hints and "chorus" in order:
        at = order.index("chorus")
        order = ["chorus", *order[:at], *order[at + 1 :]]
    return [*order, "solo"] if SOLO_LAST in hints else order


def bars_each(hints: tuple[str, ...]) -> int:
    """Return the bars of each section of the prompt's order; 0 if it doesn't say."""
    return next((int(hint.removeprefix(BARS_EACH)) for hint in hints if hint.startswith(BARS_EACH)), 0)


def _pop_forms() -> tuple[catalog.Entry, ...]:
    return catalog.layers("forms.toml", "form", "pop", "pop")[1]


def sections_of(entry: catalog.Entry, hints: tuple[str, ...]) -> tuple[SectionTemplate, ...]:
    """Return a form's sections as the prompt wants them."""
    return _wanted(allowed(read_parts(entry.text("parts")), hints), hints)


def blocks_of(entry: catalog.Entry, plan: Plan) -> list[tuple[SectionTemplate, ...]]:
    """Return the blocks that a long song adds; a lone singer's have words throughout, and a verse or a high point."""
    blocks = [read_parts(text) for text in entry.words("more")]
    if plan.cast == (LONE_SINGER,):
        kinds = [{part.kind for part in block} for block in blocks]
        whole = [b for b, k in zip(blocks, kinds, strict=True) if k & energy.MAIN and k.isdisjoint(UNSUNG_KINDS)]
        blocks = whole or [read_parts("verse 2, chorus 2")]
    return [block for block in (allowed(parts, hints_of(plan)) for parts in blocks) if block]


def allowed(parts: tuple[SectionTemplate, ...], hints: tuple[str, ...]) -> tuple[SectionTemplate, ...]:
    """Return the sections without those that the prompt excludes; verses replace choruses, and choruses drops.

    A riff between verses is no solo.
    """
    excluded = {hint.removeprefix(WITHOUT) for hint in hints if hint.startswith(WITHOUT)}
    if "chorus" in excluded:
        plain = (part for part in parts if part.kind != "prechorus")
        parts = tuple(_as_verse(part) if part.kind in energy.HIGH else part for part in plain)
    if "drop" in excluded:
        parts = tuple(_as_chorus(part) if part.kind == "drop" else part for part in parts)
    if WITHOUT_SOLOS in hints:
        parts = tuple(part for part in parts if part.name != usual_name("solo"))
    return tuple(part for part in parts if part.kind not in excluded)


def _as_chorus(part: SectionTemplate) -> SectionTemplate:
    return replace(part, kind="chorus", name=usual_name("chorus"))


def _as_verse(part: SectionTemplate) -> SectionTemplate:
    return replace(part, kind="verse", name=usual_name("verse"))


def with_bridge(entry: catalog.Entry, hints: tuple[str, ...]) -> list[tuple[SectionTemplate, ...]]:
    """Return a form's sections as they are, with a bridge before the last high point, and with one after it."""
    plain = sections_of(entry, hints)
    last = len(plain) - (plain[-1].kind == "ending")
    after = (*plain[:last], SectionTemplate("bridge", "Bridge", 1, 2), *plain[last:])
    return [plain, sections_of(entry, (*hints, "bridge")), after]


def _wanted(parts: tuple[SectionTemplate, ...], hints: tuple[str, ...]) -> tuple[SectionTemplate, ...]:
    """Return the sections, including those that the prompt names: a bridge, a solo, a breakdown, an intro."""
    found = list(parts)
    hints = tuple(hint for hint in hints if not hint.startswith(WITHOUT))
    if _SHOWING in hints:
        found = _with_section(found, "intro", 2)
    for kind, priority in (("breakdown", 2), ("bridge", 2), ("solo", 2), ("intro", 1)):
        if any(word == kind or word.endswith(f" {kind}") for word in hints):
            found = _with_section(found, kind, priority)
    return tuple(found)


def _with_section(parts: list[SectionTemplate], kind: str, priority: int) -> list[SectionTemplate]:
    """Return the sections with one of a kind, added or kept in songs in which this priority has room."""
    found = list(parts)
    place = next((i for i, part in enumerate(found) if part.kind == kind), None)
    if place is not None:
        found[place] = replace(found[place], priority=min(priority, found[place].priority))
        return found
    found.insert(0 if kind == "intro" else last_high(found), SectionTemplate(kind, usual_name(kind), 1, priority))
    return found
