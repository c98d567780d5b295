"""The players that a genre adds to those that a prompt names: most of its usual ones, then those of a palette."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.casting.player_hints import CLEAN, MELODY, avoided, is_clean
from riffusion_tui.studio.engine.compose.casting.seat import DRIVEN, NOISES, Seat, family_of, roles_of, seat_of
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import ACOUSTIC, HARMONY, KITS, MACHINES, ROLES, UNPITCHED
from riffusion_tui.studio.engine.song_plan import Plan

_USUAL_CHANCE = 0.75
"""How often a genre's usual instrument is in the band if the prompt does not name it."""
_MACHINE_MUSIC = 2
"""Instruments of a genre's band; if one of the first is a machine, so is the music, whatever the decade."""
_RHYTHM_SECTION = ("drums", "percussion", "bass")
_ORNAMENTS = frozenset({"counter", "pad", "arp"})
"""Roles that a small band can do without."""


def add_genre_players(taken: list[Seat], plan: Plan, dice: Dice) -> None:
    """Add most of the genre's players, then the palette's for the free roles."""
    palettes = catalog.serving("palettes.toml", "palette", plan.genre, catalog.family_of(plan.genre))
    palette = dice.pick(palettes, "palette")
    spared = _spared(taken, plan) | _silent_in_a_quiet_scene(plan)
    _keep_driven_guitars(taken, plan)
    _keep_the_guitar(taken, plan)
    _add_usual(taken, plan, dice, spared)
    for role in (role for role in ROLES if role not in spared):
        name = _played_by(plan, palette.text(role))
        if name and not (role in ("drums", "percussion") and avoided(plan, "drums")):
            answers_itself = role == "counter" and any(s.requested and s.instrument == name for s in taken)
            _add(taken, [role], name, twice=not answers_itself)
    _replace_excluded(taken, plan, (*palettes, *catalog.table("palettes.toml", "palette")))


def _spared(taken: list[Seat], plan: Plan) -> frozenset[str]:
    """Return the roles that the genre fills only with named players, if enough are named for a small band.

    `protest folk, acoustic guitar, harmonica` has no strings and no flute.
    """
    rules = read_data("cast.toml")["small_band"]
    named = {seat.instrument for seat in taken if seat.role not in (*UNPITCHED, "bass")}.difference(rules["sections"])
    if catalog.family_of(plan.genre) not in rules["families"] or len(named) < rules["enough"]:
        return frozenset()
    has_tune = plan.vocals != "none" or any(seat.role == "lead" for seat in taken)
    return _ORNAMENTS | {"lead"} if has_tune else _ORNAMENTS


def _silent_in_a_quiet_scene(plan: Plan) -> frozenset[str]:
    """Return the roles that a quiet film scene leaves out: a love theme has no war drums."""
    rules = read_data("cast.toml")["quiet_scene"]
    felt = not set(plan.moods).isdisjoint(rules["moods"])
    most = rules["energy_with_mood" if felt else "energy"]
    quiet = plan.genre in rules["genres"] and plan.energy <= most and set(plan.structure).isdisjoint(rules["builds"])
    return frozenset(rules["rests"]) if quiet else frozenset()


def _keep_driven_guitars(taken: list[Seat], plan: Plan) -> None:
    """Add the driven guitars of a genre if the prompt names a clean one, which plays arpeggios then."""
    driven = [name for name in catalog.band(plan.genre) if name in DRIVEN and not avoided(plan, name)]
    for at, seat in enumerate(taken):
        if driven and seat.instrument == CLEAN and seat.role == "chords" and is_clean(plan):
            taken[at] = replace(seat, role="arp")
            taken.append(seat_of("chords", driven[0]))
            return


def _keep_the_guitar(taken: list[Seat], plan: Plan) -> None:
    """Add the guitar whose chords a genre is made of, if others that the prompt names play chords: an organ in punk."""
    name = _played_by(plan, (catalog.band(plan.genre) or ("",))[0])
    named = [seat for seat in taken if seat.role == "chords"]
    if not named or not catalog.instrument(name) or any(family_of(seat.instrument) == "guitar" for seat in named):
        return
    if family_of(name) == "guitar" and roles_of(name)[0] == "chords":
        taken.append(seat_of("chords", name))


def _add_usual(taken: list[Seat], plan: Plan, dice: Dice, spared: frozenset[str]) -> None:
    """Add most of the genre's usual players, and one of the second genre of a blend, none in the `spared` roles."""
    usual = catalog.band(plan.genre)
    names = [name for name in usual if not any(seat.instrument == name for seat in taken)]
    if plan.blend and (lent := _lent(plan)):
        names.insert(1, dice.pick(lent, "blend"))
    for place, name in enumerate(names):
        if not catalog.instrument(name):
            continue
        roles = roles_of(name)
        sure = place == 0 or roles[0] in ("drums", "bass") or name in NOISES or name not in usual
        player = _played_by(plan, name)
        if player and (sure or dice.of("band", name).random() < _USUAL_CHANCE):
            _add(taken, [role for role in roles if role not in spared], player)


def _lent(plan: Plan) -> list[str]:
    """Return who may join from the second genre of a blend: not its rhythm section, which the band has of its own.

    Music of machines lends its drums to a band without: flamenco and techno.
    """
    own = catalog.band(plan.genre)
    others = [name for name in catalog.band(plan.blend or "") if name not in own]
    beat = [name for name in others[:_MACHINE_MUSIC] if name in KITS]
    if beat and _is_machine_music(catalog.band(plan.blend or "")) and KITS.isdisjoint(own):
        return beat
    return [name for name in others if roles_of(name)[0] not in _RHYTHM_SECTION]


def _replace_excluded(taken: list[Seat], plan: Plan, palettes: tuple[catalog.Entry, ...]) -> None:
    """Let others play chords, or an instrumental's tune, if those who would are excluded."""
    roles = {seat.role for seat in taken}
    missing = ["chords"] if roles.isdisjoint(HARMONY) else []
    missing += [] if "lead" in roles or plan.vocals != "none" or MELODY in plan.avoided else ["lead"]
    for role in missing if set(plan.avoided) - {"vocals"} else ():
        names = [_played_by(plan, palette.text(role)) for palette in palettes]
        _add(taken, [role], next(filter(None, names), ""), twice=True)


def _played_by(plan: Plan, name: str) -> str:
    """Return what plays an instrument's part: itself, what replaces one of another time, or an excluded one, or ""."""
    player = _acoustic(plan, _of_era(plan, name))
    while player and avoided(plan, player):
        player = read_data("cast.toml")["instead"].get(player, "")
    return player


def _of_era(plan: Plan, name: str) -> str:
    """Return what played an instrument's part in the decade that the prompt names, if it had no such instrument.

    In some decades, others played in a genre: rap of the eighties has drum machines, and no strings.
    """
    earlier: dict[str, str] = read_data("cast.toml")["before"].get(plan.era, {})
    if earlier.keys().isdisjoint(catalog.band(plan.genre)[:_MACHINE_MUSIC]):
        name = earlier.get(name, name)
    return catalog.of_decade(plan.genre, plan.era).get(name, name)


def _acoustic(plan: Plan, name: str) -> str:
    """Return what plays an instrument's part if the music is acoustic; "" if nothing does."""
    if ACOUSTIC not in plan.production or _is_machine_music(catalog.band(plan.genre)):
        return name
    instead: dict[str, str] = read_data("cast.toml")["acoustic"]
    return instead.get(name, name)


def _is_machine_music(band: tuple[str, ...]) -> bool:
    """Whether one of the first instruments of a genre's band is a machine."""
    return any(family_of(name) == "synth" or name in MACHINES for name in band[:_MACHINE_MUSIC])


def _add(taken: list[Seat], roles: list[str], name: str, twice: bool = False) -> None:
    """Add `name` with the first free one of `roles`; skip it if there is none.

    An instrument plays only once, unless the palette has it `twice`: two guitars, a pianist's hands.
    """
    free = [role for role in roles if role in ROLES and not any(seat.role == role for seat in taken)]
    role = "fx" if name in NOISES else next(iter(free), None)
    if name and role and (twice or not any(seat.instrument == name for seat in taken)):
        taken.append(seat_of(role, name))
