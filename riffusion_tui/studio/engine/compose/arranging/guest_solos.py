"""Where guests play their solos in a locked form that has no free section for them, as limits of the song."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.compose.casting.player_hints import soloists
from riffusion_tui.studio.engine.compose.form import Form
from riffusion_tui.studio.engine.score import Track
from riffusion_tui.studio.engine.song_plan import Plan

_EARLY = 0.2
"""Beats by which a played note may begin before its bar."""


def with_guest_solos(plan: Plan, form: Form, tracks: Sequence[Track]) -> Plan:
    """Return the plan with a limit for each guest's solo that is in another section than a solo."""
    return replace(plan, limits=(*plan.limits, *_places(plan, form, tracks))) if plan.locks.form else plan


def _places(plan: Plan, form: Form, tracks: Sequence[Track]) -> Iterator[str]:
    alone = soloists(plan).intersection(plan.guests)
    last = {track.instrument: track for track in tracks if track.notes}  # guests follow the band
    for name in sorted(alone & last.keys()):
        starts = [max(0.0, note.start + _EARLY) for note in last[name].notes]
        section = [one for one in form.sections if one.start <= min(starts)][-1]
        if section.kind != "solo":
            bars = sorted({int(beat // form.bar) + 1 for beat in (min(starts), max(starts))})
            where = f"{section.name}, {'bars' if bars[1:] else 'bar'} {' to '.join(map(str, bars))}"
            yield f"The locked form has no free solo section, so the {name} solo is in {where}."
