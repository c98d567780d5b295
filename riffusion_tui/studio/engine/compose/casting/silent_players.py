"""Who of a locked band has nothing to play, as a limit of the song."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.instrument_groups import SINGERS
from riffusion_tui.studio.engine.locks import LockedBand, parse_band
from riffusion_tui.studio.engine.score import Track
from riffusion_tui.studio.engine.song_plan import Plan

_FEWEST_S = 20.0
"""Seconds of a song in which everybody may be expected to play."""


def with_silent_players(plan: Plan, tracks: Sequence[Track]) -> Plan:
    """Return the plan with a limit that names the locked players without notes: in jazz, nobody plays a pad."""
    if not plan.locks.band or plan.length_s < _FEWEST_S:
        return plan
    playing = {track.instrument for track in tracks if track.notes}
    silent = [name for name in _players(parse_band(plan.locks.band)) if name not in playing | SINGERS]
    if not silent:
        return plan
    names = " and ".join(filter(None, [", ".join(silent[:-1]), silent[-1]]))
    return replace(plan, limits=(*plan.limits, f"In {plan.genre}, these players of the locked band rest: {names}."))


def _players(band: LockedBand) -> dict[str, None]:
    return dict.fromkeys(player.instrument for player in band.players)
