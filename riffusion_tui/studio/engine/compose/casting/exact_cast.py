"""The players of a prompt that names all of them, such as a string quartet: who has the tune, the bass, the chords."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.casting.choir_kinds import GENDERS, kind_of_choir, sings_in_unison
from riffusion_tui.studio.engine.compose.casting.seat import Seat, can_play, is_pitched, roles_of, seat_of
from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.instrument_groups import GROUP, SINGERS
from riffusion_tui.studio.engine.song_plan import Plan

_CHOIR_ROLES = ("lead", "pad", "counter", "bass")
"""What a choir's voices sing, from the highest."""
_BASS_BELOW = 45
"""A bass player beside a chord player reaches below this pitch, A2."""
_NEAR_THE_TOP = 12
"""The instrument named first has the tune if it is at most this many semitones below the highest."""


def exact_cast(plan: Plan, most: int) -> list[Seat]:
    """Return the first `most` of the plan's cast: the highest has the tune, the lowest of three or more the bass."""
    names = [name for name in plan.cast[:most] if catalog.instrument(name)]
    rhythm = [seat_of(roles_of(name)[0], name, requested=True) for name in names if _keeps_time(name)]
    voices = [seat for name in dict.fromkeys(names) if name in SINGERS for seat in _voices_of(name, plan)]
    tuneful = [name for name in names if not _keeps_time(name) and name not in SINGERS]
    players = [seat_of("lead", name, requested=True) for name in tuneful]
    if not players:
        return [*rhythm, *voices]
    if GROUP in names and any(can_play(player, "chords") for player in players):
        voices = [seat for seat in voices if seat.instrument != GROUP or seat.role == "counter"]
    if len(players) == 1 and not voices:
        return [*rhythm, *with_left_hand(_alone(players[0], bool(rhythm)))]
    if len(voices) >= len(_CHOIR_ROLES):
        return [*rhythm, *voices, *with_left_hand(_accompanying(players))]
    return [*rhythm, *voices, *with_left_hand(_with_roles(players))]


def _keeps_time(name: str) -> bool:
    """Whether a player has no pitches: drums, percussion, a beatboxer."""
    return not is_pitched(name) or roles_of(name)[0] == "drums"


def _voices_of(name: str, plan: Plan) -> list[Seat]:
    """Return a choir's voices, by range: the tune, two inner voices and the lowest; other voices go below a soloist.

    There are none if all sing the tune.
    """
    if sings_in_unison(plan) and plan.vocals != "none":
        return []
    choir = seat_of("counter", name, requested=True)
    voices = [
        replace(choir, role=role, low=max(choir.low, low), high=min(choir.high, high))
        for role, (low, high) in zip(_CHOIR_ROLES, choir_ranges(name, plan), strict=True)
    ]
    return voices[1:] if name == GROUP else voices


def choir_ranges(name: str, plan: Plan) -> list[list[int]]:
    """Return the lowest and highest pitch of each of the four parts of the choir `name`, from the top."""
    kinds: dict[str, list[list[int]]] = read_data("cast.toml")["choir"]
    kind = plan.vocals if name == GROUP else kind_of_choir(plan)
    return kinds.get(kind if kind == "children" else GENDERS.get(name, kind), kinds["mixed"])


def _alone(seat: Seat, drummed: bool) -> list[Seat]:
    """Return a single player's seats: tune and, with the other hand, chords; beside drums, a bass plays the bass."""
    roles = roles_of(seat.instrument)
    if drummed and roles[0] == "bass":
        return [replace(seat, role="bass")]
    second = next((role for role in roles if role in ("chords", "arp")), None)
    return [seat, replace(seat, role=second)] if second else [seat]


def _accompanying(players: list[Seat]) -> list[Seat]:
    """Return those who accompany a choir, which has the tune and the bass: chords, or an inner voice."""
    return [replace(seat, role=_accompanying_role(seat)) for seat in players]


def _accompanying_role(seat: Seat) -> str:
    return "chords" if can_play(seat, "chords") else "counter"


def _with_roles(players: list[Seat]) -> list[Seat]:
    """Distribute tune, chords, bass and inner voices among several players."""
    bass = _bass_of(players)
    rest = [seat for seat in players if seat is not bass]
    single = [seat for seat in rest if not can_play(seat, "chords")] or rest
    top = max((seat.high for seat in single), default=0)
    lead = next((seat for seat in single if seat.high >= top - _NEAR_THE_TOP), None)
    found = [replace(bass, role="bass")] if bass else []
    found += [seat if seat is lead else replace(seat, role=_accompanying_role(seat)) for seat in rest]
    if lead and can_play(lead, "chords") and not any(seat.role == "chords" for seat in found):
        found.append(replace(lead, role="chords"))
    return found


def with_left_hand(players: list[Seat]) -> list[Seat]:
    """Return the players: if none has the bass, one with chords or the tune has it in the left hand or the feet.

    Beside none who can, the low strings of a string section have it.
    """
    if any(seat.role == "bass" for seat in players):
        return players
    able = read_data("cast.toml")["left_hand"]
    placed = [seat for role in ("chords", "arp", "lead") for seat in players if seat.role == role]
    ranked = [seat for kind in ("instruments", "sections") for seat in placed if seat.instrument in able[kind]]
    return [*players, replace(ranked[0], role="bass")] if ranked else players


def _bass_of(players: list[Seat]) -> Seat | None:
    """Return the bass player: a bass instrument, or else the lowest of several single lines."""
    duo = len(players) == 2  # whose bassoon has the tune
    basses = [s for s in players if roles_of(s.instrument)[0] == "bass" and not (duo and can_play(s, "lead"))]
    if basses:
        return basses[0]
    single = [seat for seat in players if not can_play(seat, "chords")]
    if len(single) < 2 or duo:
        return None
    lowest = min(single, key=lambda seat: seat.low)
    # Beside a keyboard, whose left hand has the bass, only an instrument that is low enough plays it.
    return lowest if len(single) > 2 or lowest.low < _BASS_BELOW else None
