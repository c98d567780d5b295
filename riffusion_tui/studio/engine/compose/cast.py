"""Plan -> players: instruments that the prompt names, then the genre's band, then a palette; no excluded ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.locks import LockedBand, LockedPlayer, band_text, parse_band
from riffusion_tui.studio.engine.types import PartColor, Plan

ROLES = ("drums", "percussion", "bass", "chords", "pad", "lead", "arp", "counter")
USUAL_CHANCE = 0.75
"""How often a genre's usual instrument is in the band if the prompt does not name it."""
MAX_PLAYERS = 14
"""Players, at most."""
DRIVEN = {"distorted guitar": 30, "overdriven guitar": 29}
"""Guitars through a driven amplifier, and their General MIDI programs."""
NOISES = frozenset({"found sounds", "electronic noises"})
"""Instruments that play gestures in every song."""
CHOIRS = frozenset({"choir", "male choir", "vocal choir"})
MELODY = "melody"
"""Excluded, it stands for tunes and answers."""
_MACHINE_MUSIC = 2
"""Instruments of a genre's band; if one of the first is a machine, so is the music, whatever the decade."""
_CHOIR_ROLES = ("lead", "pad", "counter", "bass")
"""What a choir's voices sing, from the highest."""
NEAR_THE_TOP = 12
"""The instrument named first has the tune if it is at most this many semitones below the highest."""


TUNE_PLAYERS = 2
"""Players of tunes that a prompt names and that have the tune in turn, at most; others answer."""
_HARMONIC = frozenset({"keys", "guitar", "organ", "reeds", "mallets"})
"""Families that still play chords in a song with vocals if another has them too."""
_TUNEFUL = ("guitar", "plucked", "strings", "keys")
"""Families of which one that the prompt names has the tune, those first that have least to do otherwise."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One player: a role, an instrument, its range, and whether the prompt names it."""

    role: str
    instrument: str
    program: int
    low: int
    high: int
    requested: bool = False
    opens: bool = False
    """Whether the prompt lets the song begin with this player."""


def seats(plan: Plan, dice: Dice) -> tuple[Seat, ...]:
    """Return all players except the vocals; the one who opens the song alone comes first."""
    if plan.locks.band and not plan.cast:
        return _locked(plan)
    taken = _exact(plan) if plan.cast else _band(plan, dice)
    taken = _without_melody(taken) if MELODY in plan.avoided else taken
    return _opening_first(plan, [_amplified(plan, seat) for seat in taken])


def _locked(plan: Plan) -> tuple[Seat, ...]:
    """Return a locked band in its order, which decides what each plays; only one who opens the song moves."""
    players = parse_band(plan.locks.band).players
    taken = [replace(_seat(player.role, player.instrument, player.requested), role=player.role) for player in players]
    named = _openers(plan)
    taken = [replace(_amplified(plan, seat), opens=seat.instrument in named) for seat in taken]
    opener = next((seat for seat in taken if seat.opens), None)
    return tuple(taken if opener is None else sorted(taken, key=lambda seat: seat is not opener))


def band_of(plan: Plan, seats_: tuple[Seat, ...], *, sings: bool) -> str:
    """Return the players as a later song can lock them."""
    players = () if plan.cast else tuple(LockedPlayer(s.role, s.instrument, s.requested) for s in seats_)
    return band_text(LockedBand(players, plan.cast, plan.guests, plan.vocals if sings else "none"))


def guests(plan: Plan, seats_: tuple[Seat, ...], *, solo: bool) -> tuple[Seat, ...]:
    """Return the players who join a locked band; with `solo`, nobody who already plays the lead."""
    leads = {seat.instrument for seat in seats_ if seat.role == "lead"} if solo else set()
    found = []
    for name in plan.guests:
        if name not in leads and not avoided(plan, name):
            role = "lead" if name in soloists(plan) else _role(catalog.instrument(name)["roles"], set())
            found.append(replace(_amplified(plan, _seat(role, name, requested=True)), role=role))
    return tuple(found[:MAX_PLAYERS])


def _amplified(plan: Plan, seat: Seat) -> Seat:
    """An electric guitar that plays chords or the tune is as distorted as the genre's own."""
    if seat.instrument != "electric guitar" or seat.role not in ("chords", "lead") or plan.cast:
        return seat
    programs = [DRIVEN[name] for name in catalog.band(plan.genre) if name in DRIVEN and not avoided(plan, name)]
    return replace(seat, program=programs[0]) if programs else seat


def _band(plan: Plan, dice: Dice) -> list[Seat]:
    """Return the players that the prompt names, and those that the genre adds."""
    taken: list[Seat] = []
    parts = tuple(name for part in plan.parts for name in part.instruments)
    for name in dict.fromkeys(plan.instruments + parts):
        known = catalog.instrument(name)
        if known and (name in plan.instruments or not avoided(plan, name)) and len(taken) < MAX_PLAYERS:
            taken.append(_seat(_named_role(known["roles"], taken), name, requested=True))
    taken += _second_chords(plan, taken)
    taken += _soloists(plan, taken) or _named_tune_player(plan, taken)
    if "only these" not in plan.structure or not taken:
        _fill_up(taken, plan, dice)
    else:
        _both_hands(taken)
    taken = [seat for seat in taken if seat.role != "vocal"]
    if not any(seat.role not in ("drums", "percussion", "fx") for seat in taken):
        taken += [] if taken else [_seat("chords", "piano")]
    return taken


def _without_melody(taken: list[Seat]) -> list[Seat]:
    """Return the players without tunes and answers; one whom the prompt names holds notes of the chords."""
    kept = [seat for seat in taken if seat.role not in ("lead", "counter")]
    for seat in taken:
        if (
            seat.role in ("lead", "counter")
            and seat.requested
            and not any(k.instrument == seat.instrument for k in kept)
        ):
            kept.append(replace(seat, role="counter"))
    return kept or taken[:1]


def _exact(plan: Plan) -> list[Seat]:
    """Return exactly the plan's cast: the highest has the tune, the lowest of three or more the bass."""
    names = [name for name in plan.cast[:MAX_PLAYERS] if catalog.instrument(name)]
    rhythm = [
        _seat(catalog.instrument(name)["roles"][0], name, requested=True) for name in names if not _is_pitched(name)
    ]
    voices = [seat for name in dict.fromkeys(names) if name in CHOIRS for seat in _voices_of(name, plan.vocals)]
    players = [
        replace(_seat("lead", n, requested=True), role="lead") for n in names if _is_pitched(n) and n not in CHOIRS
    ]
    if not players:
        return [*rhythm, *voices]
    if len(players) == 1 and not voices:
        return [*rhythm, *_alone(players[0], bool(rhythm))]
    if len(voices) >= len(_CHOIR_ROLES):
        return [*rhythm, *voices, *_accompanying(players)]
    return [*rhythm, *voices, *_roles_of(players)]


def _accompanying(players: list[Seat]) -> list[Seat]:
    """Return those who accompany a choir, which has the tune and the bass: chords, or an inner voice."""
    return [replace(seat, role="chords" if _is_chordal(seat.instrument) else "counter") for seat in players]


def _roles_of(players: list[Seat]) -> list[Seat]:
    """Distribute tune, chords, bass and inner voices among several players."""
    bass = _bass_of(players)
    rest = [seat for seat in players if seat is not bass]
    single = [seat for seat in rest if not _is_chordal(seat.instrument)] or rest
    top = max((seat.high for seat in single), default=0)
    lead = next((seat for seat in single if seat.high >= top - NEAR_THE_TOP), None)
    found = [replace(bass, role="bass")] if bass else []
    for seat in rest:
        role = "lead" if seat is lead else "chords" if _is_chordal(seat.instrument) else "counter"
        found.append(replace(seat, role=role))
    if lead and _is_chordal(lead.instrument) and not any(seat.role == "chords" for seat in found):
        found.append(replace(lead, role="chords"))
    return found


def _alone(seat: Seat, drummed: bool) -> list[Seat]:
    """Return a single player's seats: tune and, with the other hand, chords; beside drums, a bass plays the bass."""
    roles = catalog.instrument(seat.instrument)["roles"]
    if drummed and roles[0] == "bass":
        return [replace(seat, role="bass")]
    second = next((role for role in roles if role in ("chords", "arp")), None)
    return [seat, replace(seat, role=second)] if second else [seat]


def _voices_of(name: str, singers: str) -> list[Seat]:
    """Return a choir's voices, by range: the tune, two inner voices and the lowest; other voices go below a soloist."""
    choir = _seat("counter", name, requested=True)
    kinds = read_data("cast.toml")["choir"]
    ranges = kinds["male" if name == "male choir" else singers if singers == "children" else "mixed"]
    seats_ = [
        replace(choir, role=role, low=max(choir.low, low), high=min(choir.high, high))
        for role, (low, high) in zip(_CHOIR_ROLES, ranges, strict=True)
    ]
    return seats_[1:] if name == "vocal choir" else seats_


def _bass_of(players: list[Seat]) -> Seat | None:
    """Return the bass player: a bass instrument, or else the lowest of three or more single lines."""
    roles = [catalog.instrument(seat.instrument)["roles"] for seat in players]
    duo = len(players) == 2  # whose bassoon has the tune
    basses = [s for s, can in zip(players, roles, strict=True) if can[0] == "bass" and not (duo and "lead" in can)]
    if basses:
        return basses[0]
    single = [seat for seat in players if not _is_chordal(seat.instrument)]
    return min(single, key=lambda seat: seat.low) if len(single) > 2 or len(players) > len(single) > 1 else None


def _is_pitched(name: str) -> bool:
    return catalog.instrument(name).get("family") not in ("drums", "percussion", "fx")


def _is_chordal(name: str) -> bool:
    return "chords" in catalog.instrument(name).get("roles", ())


def _opening_first(plan: Plan, taken: list[Seat]) -> tuple[Seat, ...]:
    """Return the players by role, with the one who opens the song first."""
    taken.sort(key=lambda seat: (*ROLES, "fx").index(seat.role))
    named = _openers(plan)
    taken = [replace(seat, opens=seat.instrument in named) for seat in taken]
    opener = next((s for s in taken if s.opens), None)
    opener = opener or next(
        (s for s in taken if s.requested and s.role not in ("drums", "percussion", "fx", "bass")), None
    )
    opener = opener or next((s for role in ("chords", "arp", "lead", "pad") for s in taken if s.role == role), None)
    return tuple(sorted(taken, key=lambda seat: seat is not opener))


def _openers(plan: Plan) -> set[str]:
    """Return the instruments with which the prompt begins the song."""
    return {hint.removeprefix("solo ").removesuffix(" intro") for hint in plan.structure if hint.endswith(" intro")}


def _fill_up(taken: list[Seat], plan: Plan, dice: Dice) -> None:
    """Add most of the genre's players, then the palette's for the free roles."""
    family = catalog.family_of(plan.genre)
    palettes = catalog.serving("palettes.toml", "palette", plan.genre, family)
    palette = dice.pick(palettes, "palette")
    _keep_the_guitar(taken, plan)
    names = [name for name in catalog.band(plan.genre) if not any(seat.instrument == name for seat in taken)]
    if plan.blend and (lent := _lent(plan)):
        names.insert(1, dice.pick(lent, "blend"))
    for place, name in enumerate(names):
        known = catalog.instrument(name)
        sure = (
            place == 0
            or (known and known["roles"][0] in ("drums", "bass"))
            or name in NOISES
            or name not in catalog.band(plan.genre)
        )
        player = _played_by(plan, name)
        if known and player and (sure or dice.of("band", name).random() < USUAL_CHANCE):
            _add(taken, known["roles"], player)
    for role in ROLES:
        name = _played_by(plan, palette.text(role))
        if name and not (role in ("drums", "percussion") and avoided(plan, "drums")):
            _add(taken, [role], name, twice=True)
    _replace_excluded(taken, plan, (*palettes, *catalog.table("palettes.toml", "palette")))


def _lent(plan: Plan) -> list[str]:
    """Return who may join from the second genre of a blend: not its rhythm section, which the band has of its own."""
    own = catalog.band(plan.genre)
    others = [name for name in catalog.band(plan.blend or "") if name not in own]
    return [name for name in others if catalog.instrument(name)["roles"][0] not in ("drums", "percussion", "bass")]


def _keep_the_guitar(taken: list[Seat], plan: Plan) -> None:
    """Add the guitar whose chords a genre is made of, if others that the prompt names play chords: an organ in punk."""
    name = _played_by(plan, (catalog.band(plan.genre) or ("",))[0])
    named = [seat for seat in taken if seat.role == "chords"]
    known = catalog.instrument(name)
    if (
        named
        and known
        and known["family"] == "guitar"
        and known["roles"][0] == "chords"
        and not any(_family(s) == "guitar" for s in named)
    ):
        taken.append(_seat("chords", name))


def _replace_excluded(taken: list[Seat], plan: Plan, palettes: tuple[catalog.Entry, ...]) -> None:
    """Let others play chords, or an instrumental's tune, if those who would are excluded."""
    roles = {seat.role for seat in taken}
    missing = [] if roles & {"chords", "pad", "arp"} else ["chords"]
    missing += [] if "lead" in roles or plan.vocals != "none" or MELODY in plan.avoided else ["lead"]
    for role in missing if set(plan.avoided) - {"vocals"} else ():
        names = [_played_by(plan, palette.text(role)) for palette in palettes]
        _add(taken, [role], next(filter(None, names), ""), twice=True)


def _played_by(plan: Plan, name: str) -> str:
    """Return what plays an instrument's part: itself, its era's, or what replaces an excluded one; "" if nothing."""
    player = _of_era(plan, name)
    if player and avoided(plan, player):
        player = read_data("cast.toml")["instead"].get(player, "")
    return player if player and not avoided(plan, player) else ""


def _of_era(plan: Plan, name: str) -> str:
    """Return what played an instrument's part in the decade that the prompt names, if it had no such instrument."""
    earlier: dict[str, str] = read_data("cast.toml")["before"].get(plan.era, {})
    machines = not earlier.keys().isdisjoint(catalog.band(plan.genre)[:_MACHINE_MUSIC])
    return name if machines else earlier.get(name, name)


def _add(taken: list[Seat], roles: list[str], name: str, twice: bool = False) -> None:
    """Add `name` with the first free one of `roles`; skip it if there is none.

    An instrument plays only once, unless the palette has it `twice`: two guitars, a pianist's hands.
    """
    free = "fx" if name in NOISES else next(
        (role for role in roles if role in ROLES and not any(seat.role == role for seat in taken)), None
    )  # fmt: skip
    if name and free and (twice or not any(seat.instrument == name for seat in taken)):
        taken.append(_seat(free, name))


def soloists(plan: Plan) -> frozenset[str]:
    """Return the instruments of which the prompt wants a solo."""
    return frozenset(hint.removesuffix(" solo") for hint in plan.structure if hint.endswith(" solo"))


def _soloists(plan: Plan, taken: list[Seat]) -> list[Seat]:
    """Return a second seat, with the tune, for soloists that have another role."""
    alone = [seat for seat in taken if seat.instrument in soloists(plan) and seat.role not in ("lead", "drums", "bass")]
    return [replace(s, role="lead") for s in alone if "lead" in catalog.instrument(s.instrument)["roles"]]


def _named_tune_player(plan: Plan, taken: list[Seat]) -> list[Seat]:
    """Return a second seat for one instrument that the prompt names: the tune or, in a song, the breaks and solos."""
    if any(seat.role == "lead" for seat in taken):
        return []
    sung = plan.vocals != "none"
    able = [seat for seat in taken if "lead" in catalog.instrument(seat.instrument)["roles"]]
    able = [seat for seat in able if seat.instrument not in _openers(plan)]
    families = [
        [replace(seat, role="lead", requested=not sung) for seat in able if _family(seat) == name]
        for name in _TUNEFUL
        if name != "strings" or (len(able) > 1 and not sung)  # else a soloist is in front of them
    ]
    return [seat for family in families for seat in family][:1]


def _family(seat: Seat) -> str:
    return str(catalog.instrument(seat.instrument)["family"])


def _both_hands(taken: list[Seat]) -> None:
    """Give tune and chords to one player that can play both, if only named instruments play."""
    for role in ("lead", "chords"):
        if not any(seat.role == role for seat in taken):
            able = next((seat for seat in taken if role in catalog.instrument(seat.instrument)["roles"]), None)
            taken += [replace(able, role=role)] if able else []


def _named_role(roles: list[str], taken: list[Seat]) -> str:
    """Return the role of a player that the prompt names: the first free one, but two who play tunes share them."""
    alone = roles[0] == "lead" or ("lead" in roles and roles[0] in ("counter", "bass"))
    if alone and sum(seat.role == "lead" for seat in taken) < TUNE_PLAYERS:
        return "lead"
    return _role(roles, {seat.role for seat in taken})


def _second_chords(plan: Plan, taken: list[Seat]) -> list[Seat]:
    """Return seats with chords for those who got the tune of a song with vocals since another plays the chords."""
    tunes = [seat for seat in taken if seat.role == "lead" and _family(seat) in _HARMONIC]
    able = [seat for seat in tunes if catalog.instrument(seat.instrument)["roles"][0] == "chords"]
    able = [seat for seat in able if seat.instrument not in _openers(plan)]
    return [replace(seat, role="chords") for seat in able] if plan.vocals != "none" else []


def _role(roles: list[str], taken: set[str]) -> str:
    """Return the first free one of `roles`, else the first; never the vocals."""
    return next((role for role in roles if role not in taken and role != "vocal"), roles[0])


def _seat(role: str, name: str, requested: bool = False) -> Seat:
    low, high = span_of(name)
    seat = Seat(role, name, int(catalog.instrument(name).get("program", 0)), low, high, requested)
    return replace(seat, role="lead") if role not in (*ROLES, "fx", "vocal") else seat


def span_of(name: str) -> tuple[int, int]:
    """Return an instrument's lowest and highest pitch."""
    ranges = read_data("cast.toml")["range"]
    low, high = ranges.get(name) or ranges.get(catalog.instrument(name).get("family", "any")) or ranges["any"]
    return int(low), int(high)


def avoided(plan: Plan | PartColor, name: str) -> bool:
    """Whether a plan, or a further prompt, excludes an instrument by name, by family, or as drums or vocals."""
    known = catalog.instrument(name)
    words = {name, str(known.get("family", ""))} | ({"vocals"} if known.get("family") == "voice" else set())
    if {"drums", "percussion"} & (words | set(known.get("roles", ()))):
        words |= {"drums"} | ({"percussion"} if "drums" not in known.get("roles", ()) else set())
    return any(word in words for word in plan.avoided)
