"""Plan → players: instruments that the prompt names, then the genre's band, then a palette; no excluded ones."""

from __future__ import annotations

import re
from dataclasses import replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.casting.choir_kinds import GENDERS, is_chant, kind_of_choir, sings_in_parts
from riffusion_tui.studio.engine.compose.casting.exact_cast import exact_cast, with_left_hand
from riffusion_tui.studio.engine.compose.casting.genre_players import add_genre_players
from riffusion_tui.studio.engine.compose.casting.named_players import named_players, share_tune_and_chords
from riffusion_tui.studio.engine.compose.casting.player_hints import (
    CHORDS,
    CLEAN,
    MELODY,
    avoided,
    is_clean,
    openers,
    soloists,
)
from riffusion_tui.studio.engine.compose.casting.seat import (
    ALL_ROLES,
    DRIVEN,
    Seat,
    free_role,
    is_pitched,
    roles_of,
    seat_of,
)
from riffusion_tui.studio.engine.compose.dice import Dice
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import CHOIR_VOICES, GROUP, MAX_PLAYERS, SINGERS, UNPITCHED
from riffusion_tui.studio.engine.locks import LockedBand, LockedPlayer, band_text, parse_band
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import TWIN_LEADS


def seats(plan: Plan, dice: Dice) -> tuple[Seat, ...]:
    """Return all players except the vocals; the one who opens the song alone comes first."""
    if plan.locks.band and not plan.cast:
        return _locked(plan)
    taken = exact_cast(plan, MAX_PLAYERS) if plan.cast else _band(plan, dice)
    taken = _without_melody(taken) if MELODY in plan.avoided else taken
    taken = _without_chords(taken, sings=plan.vocals != "none") if CHORDS in plan.avoided else taken
    return _opening_first(plan, [_amplified(plan, seat) for seat in taken])


def guests(plan: Plan) -> tuple[Seat, ...]:
    """Return the players who join a locked band; a soloist with pitches has a tune.

    Congas that the prompt asks for play also with those who have no drums: `barbershop, + congas solo`.
    """
    found = []
    for name in plan.guests:
        if name in plan.instruments or not avoided(plan, name):
            role = "lead" if name in soloists(plan) and is_pitched(name) else free_role(roles_of(name), set())
            found.append(replace(_amplified(plan, seat_of(role, name, requested=True)), role=role))
    return tuple(found[:MAX_PLAYERS])


def lead_vocal(plan: Plan, dice: Dice) -> Seat:
    """Return the lead vocal's seat, with its range."""
    ranges = read_data("cast.toml")["voice"]
    chance = dice.of("voice")
    stray = chance.choice((-2, -1, 0, 0, 1, 2))
    low, high = ranges.get(plan.vocals) or ranges[chance.choice(("female", "male"))]
    if named := _voice_type(plan):
        return Seat("vocal", "vocals", 53, *named)
    low, high = _of_choir(plan) or (low, high)
    choir = plan.vocals in CHOIR_VOICES
    return Seat("vocal", "choir" if choir else "vocals", 52 if choir else 53, low + stray, high + stray)


def _voice_type(plan: Plan) -> tuple[int, int] | None:
    """Return the range of the kind of voice that the prompt names for a man or a woman: a soprano's."""
    words = {word for term in plan.understood if term.kind == "vocal" for word in re.split(r"[\s-]", term.word.lower())}
    kinds: dict[str, list[int]] = read_data("cast.toml")["voice_type"].get(plan.vocals, {})
    return next(((low, high) for kind, (low, high) in kinds.items() if kind in words), None)


def _of_choir(plan: Plan) -> tuple[int, int] | None:
    """Return the range of a choir's tune: of its highest part, of a chant, or of all in unison; None for one singer.

    The lead of a barbershop quartet has a part above.
    """
    kinds: dict[str, dict[str, list[int]]] = read_data("cast.toml")["tune_of_choir"]
    if plan.vocals not in CHOIR_VOICES:
        low, high = kinds["below"].get(plan.vocals, (0, 0)) if sings_in_parts(plan) else (0, 0)
        return (low, high) if high else None
    how = "chant" if is_chant(plan) else "parts" if sings_in_parts(plan) else "unison"
    low, high = kinds[how][kind_of_choir(plan)]
    return low, high


def choir_parts_seat(plan: Plan) -> Seat:
    """Return the seat of a choir that sings in several parts."""
    if plan.cast == (GROUP,):
        return seat_of("pad", GROUP, requested=True)
    kind = kind_of_choir(plan)
    name = next((name for name, gender in GENDERS.items() if gender == kind), "choir")
    return seat_of("pad", name, requested=name in plan.instruments)


def band_of(plan: Plan, band: tuple[Seat, ...], *, sings: bool) -> str:
    """Return the players as a later song can lock them."""
    players = () if plan.cast else tuple(LockedPlayer(s.role, s.instrument, s.requested) for s in band)
    return band_text(LockedBand(players, plan.cast, plan.guests, plan.vocals if sings else "none"))


def _locked(plan: Plan) -> tuple[Seat, ...]:
    """Return a locked band in its order, which decides what each plays; only one who opens the song moves."""
    taken = []
    for player in parse_band(plan.locks.band).players:
        seat = seat_of(player.role, player.instrument, requested=player.requested)
        taken.append(_amplified(plan, replace(seat, role=player.role)))
    taken = _marked(plan, taken)
    opener = next((seat for seat in taken if seat.opens), None)
    return tuple(taken if opener is None else sorted(taken, key=lambda seat: seat is not opener))


def _band(plan: Plan, dice: Dice) -> list[Seat]:
    """Return the players that the prompt names, and those that the genre adds."""
    taken = named_players(plan, MAX_PLAYERS)
    if "only these" in plan.structure and taken:
        share_tune_and_chords(taken)
        taken = with_left_hand(taken)
    else:
        add_genre_players(taken, plan, dice)
    singers = SINGERS if sings_in_parts(plan) else frozenset[str]()
    players = [seat for seat in taken if seat.role != "vocal" and seat.instrument not in singers]
    return players or [seat_of("chords", "piano")]


def _without_melody(taken: list[Seat]) -> list[Seat]:
    """Return the players without tunes and answers; one whom the prompt names holds notes of the chords."""
    kept = [seat for seat in taken if seat.role not in ("lead", "counter")]
    for seat in taken:
        plays = any(other.instrument == seat.instrument for other in kept)
        if seat.role in ("lead", "counter") and seat.requested and not plays:
            kept.append(replace(seat, role="counter"))
    return kept or taken[:1]


def _without_chords(taken: list[Seat], *, sings: bool) -> list[Seat]:
    """Return the players without chords; one whom the prompt names, or the first if no tune is left, plays a tune."""
    kept = [seat for seat in taken if seat.role not in ("chords", "pad")]
    for seat in taken:
        plays = any(other.instrument == seat.instrument for other in kept)
        tuneless = not sings and all(other.role in (*UNPITCHED, "bass") for other in kept)
        if seat.role in ("chords", "pad") and not plays and (seat.requested or tuneless):
            kept.append(replace(seat, role="lead" if all(other.role != "lead" for other in kept) else "counter"))
    return kept or taken[:1]


def _amplified(plan: Plan, seat: Seat) -> Seat:
    """An electric guitar that plays chords or the tune is as distorted as the genre's own; so are palm mutes."""
    roles = ("chords", "lead", "counter") if TWIN_LEADS in plan.structure else ("chords", "lead")
    if seat.instrument not in (CLEAN, "muted guitar") or seat.role not in roles or plan.cast or is_clean(plan):
        return seat
    driven = [name for name in catalog.band(plan.genre) if name in DRIVEN and not avoided(plan, name)]
    if not driven:
        return seat
    own = driven[0] if seat.instrument == "muted guitar" else seat.instrument
    return replace(seat, instrument=own, program=DRIVEN[driven[0]])


def _opening_first(plan: Plan, taken: list[Seat]) -> tuple[Seat, ...]:
    """Return the players by role, with the one who opens the song first."""
    taken = _marked(plan, sorted(taken, key=lambda seat: ALL_ROLES.index(seat.role)))
    opener = next((s for s in taken if s.opens), None)
    opener = opener or next((s for s in taken if s.requested and s.role not in (*UNPITCHED, "bass")), None)
    opener = opener or next((s for role in ("chords", "arp", "lead", "pad") for s in taken if s.role == role), None)
    return tuple(sorted(taken, key=lambda seat: seat is not opener))


def _marked(plan: Plan, taken: list[Seat]) -> list[Seat]:
    """Return the players, with those marked that the prompt begins the song with."""
    named = openers(plan)
    return [replace(seat, opens=seat.instrument in named) for seat in taken]
