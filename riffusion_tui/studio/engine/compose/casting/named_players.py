"""The players that a prompt names: each gets a role of its own, and some a second seat for the tune or the chords."""

from __future__ import annotations

from dataclasses import replace

from riffusion_tui.studio.engine.compose import catalog
from riffusion_tui.studio.engine.compose.casting.player_hints import avoided, openers, soloists
from riffusion_tui.studio.engine.compose.casting.seat import Seat, can_play, family_of, free_role, roles_of, seat_of
from riffusion_tui.studio.engine.locks import parse_band
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.structure_hints import TWIN_LEADS
from riffusion_tui.studio.engine.understand.casts.standard_ensembles import ensemble_words

_TUNE_PLAYERS = 2
"""Players of tunes that a prompt names and that have the tune in turn, at most; others answer."""
_HARMONIC = frozenset({"keys", "guitar", "organ", "reeds", "mallets"})
"""Families that still play chords in a song with vocals if another has them too."""
_NO_BASS_GUITARS = frozenset({"synth bass", "sub bass", "808", "upright bass"})
"""Basses of genres that have no bass guitar."""
_BASS_GUITAR = ("guitar", "electric", "picked", "finger")
"""Parts of words that mean a bass guitar."""
_BASS_HINTS = (("", "intro"), ("solo ", "intro"), ("", "solo"))
_TUNEFUL = ("guitar", "plucked", "strings", "keys")
"""Families whose named instruments get the tune, those with the least else to do first."""


def with_own_bass(plan: Plan) -> Plan:
    """Return the plan with the genre's own bass for a bass of any kind: in techno a synthesizer's.

    A `bass guitar` stays one, and so does the bass of an exact cast unless the prompt names both it and a genre. If a
    locked band has its own bass, none joins it.
    """
    words = [term.word.lower() for term in plan.understood if term.meaning == "bass"]
    able = (name for name in catalog.band(plan.genre) if name in _NO_BASS_GUITARS and not avoided(plan, name))
    own = next(able, "bass")
    drawn = any(field == "genre" for field, _ in plan.chosen)
    if plan.cast and (not words or (drawn and (own != "upright bass" or catalog.family_of(plan.genre) != "jazz"))):
        return plan
    if own == "bass" or any(kind in word for word in words for kind in _BASS_GUITAR):
        return plan

    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(own if name == "bass" else name for name in names)

    hints = {f"{before}bass {after}": f"{before}{own} {after}" for before, after in _BASS_HINTS}
    known = {player.instrument for player in parse_band(plan.locks.band).players} if plan.locks.band else set()
    return replace(
        plan,
        cast=renamed(plan.cast),
        guests=tuple(name for name in renamed(plan.guests) if name != own or own not in known),
        instruments=renamed(plan.instruments),
        parts=tuple(replace(part, instruments=renamed(part.instruments)) for part in plan.parts),
        structure=tuple(hints.get(hint, hint) for hint in plan.structure),
    )


def named_players(plan: Plan, most: int) -> list[Seat]:
    """Return the seats of the first `most` instruments that the prompt, or a further one, names."""
    taken: list[Seat] = []
    parts = tuple(name for part in plan.parts for name in part.instruments)
    for name in dict.fromkeys(plan.instruments + parts):
        wanted = name in plan.instruments or not avoided(plan, name)
        if catalog.instrument(name) and wanted and len(taken) < most:
            taken.append(seat_of(_role_beside(taken, roles_of(name)), name, requested=True))
    for name in plan.doubled[: most - len(taken)]:
        roles = [role for role in roles_of(name) if role != "bass"] or roles_of(name)
        taken.append(seat_of(_role_beside(taken, roles), name, requested=True))
    taken += _second_chords(plan, taken)
    taken += _twin_leads(plan, taken)
    taken += _solo_seats(plan, taken) or _tune_seat(plan, taken)
    return taken


def _twin_leads(plan: Plan, taken: list[Seat]) -> list[Seat]:
    """Return the seats of two guitars with the tune, in harmony, if the prompt asks for these."""
    guitars = [seat for seat in taken if family_of(seat.instrument) == "guitar" and can_play(seat, "lead")]
    if TWIN_LEADS not in plan.structure or not guitars:
        return []
    first = [] if any(seat.role == "lead" for seat in guitars) else [replace(guitars[0], role="lead")]
    return [*first, replace(guitars[0], role="counter")]


def _role_beside(taken: list[Seat], roles: list[str]) -> str:
    """Return the role of another player: the first free one, but two who play tunes share them."""
    alone = roles[0] == "lead" or ("lead" in roles and roles[0] in ("counter", "bass"))
    if alone and sum(seat.role == "lead" for seat in taken) < _TUNE_PLAYERS:
        return "lead"
    return free_role(roles, {seat.role for seat in taken})


def _second_chords(plan: Plan, taken: list[Seat]) -> list[Seat]:
    """Return seats with chords for those who got the tune of a song with vocals since another plays the chords."""
    if plan.vocals == "none":
        return []
    tunes = [seat for seat in taken if seat.role == "lead" and family_of(seat.instrument) in _HARMONIC]
    able = [seat for seat in tunes if roles_of(seat.instrument)[0] == "chords"]
    return [replace(seat, role="chords") for seat in able if seat.instrument not in openers(plan)]


def _solo_seats(plan: Plan, taken: list[Seat]) -> list[Seat]:
    """Return a second seat, with the tune, for soloists that have another role."""
    alone = [seat for seat in taken if seat.instrument in soloists(plan) and seat.role not in ("lead", "drums", "bass")]
    return [replace(seat, role="lead") for seat in alone if can_play(seat, "lead")]


def _tune_seat(plan: Plan, taken: list[Seat]) -> list[Seat]:
    """Return a second seat for one instrument that the prompt names: the tune or, in a song, the breaks and solos."""
    if any(seat.role == "lead" for seat in taken):
        return []
    sung = plan.vocals != "none"
    behind = sung or _is_a_concerto(plan)
    able = [seat for seat in taken if can_play(seat, "lead") and seat.instrument not in openers(plan)]
    families = [
        [replace(seat, role="lead", requested=not sung) for seat in able if family_of(seat.instrument) == name]
        for name in _TUNEFUL
        if name != "strings" or (len(able) > 1 and not behind)  # else a soloist is in front of them
    ]
    return [seat for family in families for seat in family][:1]


def _is_a_concerto(plan: Plan) -> bool:
    """Whether the prompt names a work whose soloist has the tune before an orchestra."""
    return any(not ensemble_words("concertos").isdisjoint(term.word.lower().split()) for term in plan.understood)


def share_tune_and_chords(taken: list[Seat]) -> None:
    """Give tune and chords to one player that can play both, if only named instruments play."""
    for role in ("lead", "chords"):
        if not any(seat.role == role for seat in taken):
            able = next((seat for seat in taken if can_play(seat, role)), None)
            taken += [replace(able, role=role)] if able else []
