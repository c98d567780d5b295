"""How a genre is mixed: the defaults of `styles/mixing.toml`, then the `[mix]` of the family's and the genre's file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.genre_files import genres, overrides
from riffusion_tui.studio.engine.instrument_groups import CHOIR_VOICES, CHOIRS, LONE_SINGER
from riffusion_tui.studio.engine.softness import softness, wanted
from riffusion_tui.studio.engine.song_plan import Plan

_TUNE_DB = 3.0
"""How far a small ensemble's accompaniment is below its tune, at least."""
_LOWEST_DB = 1.0
"""The same for its lowest voice."""


@dataclass(frozen=True, slots=True)
class Mixing:
    """A genre's mix. The fields are those of `styles/mixing.toml`, which says what each means."""

    kit: str = "acoustic"
    machine: str = "808"
    sampled: bool = True
    room: float = 1.4
    bright: float = 0.5
    wet: float = 0.5
    echo: float = 0.0
    echo_beats: float = 0.75
    duck: float = 0.0
    lofi: float = 0.0
    range: float = 5.0
    glue: float = 0.0
    sweep: float = 0.0
    loudness: float = -14.0
    width: float = 1.0
    pull: float = 0.7
    forward: float = 5.0
    pocket: float = 1.0
    dip: float = 0.0
    ridden: float = -1.0
    tone: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0)
    curve: tuple[float, ...] = ()
    levels: dict[str, float] = field(default_factory=dict)
    wet_by: dict[str, float] = field(default_factory=dict)
    voices: dict[str, list[str]] = field(default_factory=dict)


def mixing_for(plan: Plan) -> Mixing:
    """Return the mix for a plan: the defaults, then the family's, then the genre's, then what the prompt asks for."""
    mixing = Mixing()
    for row in (read_data("mixing.toml")["default"], *overrides("mix", plan.genre)):
        merged = {key: getattr(mixing, key) | row[key] for key in ("levels", "wet_by", "voices") if key in row}
        plain: dict[str, Any] = {
            key: tuple(v) if isinstance(v, list) else v for key, v in row.items() if key not in merged
        }
        mixing = replace(mixing, **plain, **merged)
    placed = _bare(mixing, plan) if plan.cast else _of_era(_with_a_choir(mixing, plan), plan)
    return _with_production_words(placed, plan)


def _with_a_choir(mixing: Mixing, plan: Plan) -> Mixing:
    """Put an orchestra into a church if a choir sings with it."""
    families = read_data("mixing.toml")["church_with_orchestra"]["families"]
    sung = plan.vocals in CHOIR_VOICES and genres()[plan.genre]["genre"]["family"] in families
    return replace(_in_a_church(mixing), tone=(0.0,) * 5) if sung else mixing


def _in_a_church(mixing: Mixing) -> Mixing:
    church = read_data("mixing.toml")["church"]
    return replace(mixing, **(church | {"wet_by": mixing.wet_by | church["wet_by"]}))


def _of_era(mixing: Mixing, plan: Plan) -> Mixing:
    """Follow the decade that the prompt names, if `styles/mixing.toml` knows it."""
    era = read_data("mixing.toml")["era"].get(plan.era)
    if era is None:
        return mixing
    return replace(
        mixing,
        kit=era["kit"] if mixing.kit in era.get("instead_of", ()) else mixing.kit,
        machine=era.get("machine", mixing.machine),
        tone=tuple(a + b for a, b in zip(mixing.tone, era["tone"], strict=True)),
        levels=mixing.levels | {role: mixing.levels[role] + more for role, more in era.get("levels", {}).items()},
        loudness=min(mixing.loudness, float(era.get("loudness", mixing.loudness))),
        width=min(mixing.width, float(era.get("width", mixing.width))),
        room=max(mixing.room, float(era.get("room", mixing.room))),
        wet_by=mixing.wet_by | {role: max(mixing.wet_by[role], wet) for role, wet in era.get("wet_by", {}).items()},
    )


def _bare(mixing: Mixing, plan: Plan) -> Mixing:
    """The mix of an exact cast: a genre's tone is that of its whole band, and would bend a flute that plays alone.

    Bowed strings keep it: their samples are dull. A choir's chords stand before its single lines; in all other
    ensembles, the tune stands before its accompaniment, even in genres whose guitars are in front, unless it is sung:
    a singer is in front anyway.
    """
    chords = mixing.levels["chords"]
    below = min(chords, mixing.levels["lead"] - _TUNE_DB) if plan.vocals == "none" else chords
    levels = mixing.levels | {"chords": below} | _lowest_level(mixing, plan)
    mixing = replace(mixing, glue=0.0, duck=0.0, sweep=0.0, levels=levels)
    hall = read_data("mixing.toml")["hall"]
    if genres()[plan.genre]["genre"]["family"] in hall["families"]:
        mixing = replace(mixing, wet=mixing.wet * float(hall["wet"]))
    if plan.cast == (LONE_SINGER,):
        return replace(mixing, **read_data("mixing.toml")["alone"], tone=(0.0,) * 5, curve=())
    families = {str(read_data("instruments.toml")[name]["family"]) for name in plan.cast}
    choir = not CHOIRS.isdisjoint(plan.cast)
    if choir or families == {"voice"}:
        table = read_data("mixing.toml")["choir"]
        mixing = replace(mixing, levels=mixing.levels | table["levels"], forward=float(table["forward"]))
    if choir:
        mixing = _in_a_church(mixing)
    return mixing if families == {"strings"} else replace(mixing, tone=(0.0,) * 5, curve=())


def _lowest_level(mixing: Mixing, plan: Plan) -> dict[str, float]:
    """Return the level of the lowest of several flutes, which is no bass: below the tune's. A bass keeps its own."""
    table = read_data("instruments.toml")
    known = [table[name] for name in plan.cast if name in table]
    if plan.vocals != "none" or any(one["roles"][0] in ("bass", "drums", "percussion") for one in known):
        return {}
    return {"bass": min(mixing.levels["bass"], mixing.levels["lead"] - _LOWEST_DB)}


def _with_production_words(mixing: Mixing, plan: Plan) -> Mixing:
    """Follow the prompt's production words."""
    words = set(plan.production)
    found = softness(plan)
    if found:
        table = read_data("mixing.toml")[found]
        loudness = table["loudness"] if plan.cast else min(mixing.loudness, table.get("band", table["loudness"]))
        levels = mixing.levels | {role: mixing.levels[role] + by for role, by in table["levels"].items()}
        mixing = replace(mixing, loudness=float(loudness), glue=0.0, levels=levels)
    elif wanted(plan) & set(read_data("mixing.toml")["loud"]["words"]):
        mixing = replace(mixing, loudness=Mixing().loudness)
    if "lo-fi" in words:
        mixing = replace(mixing, lofi=max(mixing.lofi, 0.7))
    if words & {"reverberant", "spacious", "atmospheric"}:
        mixing = replace(mixing, wet=mixing.wet * 1.6, room=mixing.room * 1.3)
    if words & {"dry", "intimate"}:
        mixing = replace(mixing, wet=mixing.wet * 0.4)
    return mixing
