"""For which kind of guitar or bass the plain word stands: that of the exact cast, or the one that is named."""

from __future__ import annotations

import re

from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_plain_guitar
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables

_ELECTRIC = re.compile(r"\belectric guitar\b")


def with_own_bass(requested: tuple[str, ...], players: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a bass as the only kind of bass in an exact cast: `jazz trio, bass solo`."""
    basses = {name for name in set(players) - {LONE_SINGER} if tables.instruments()[name].family == "bass"}
    if len(basses) != 1:
        return requested
    return tuple(dict.fromkeys(min(basses) if name == "bass" else name for name in requested))


def with_plain_guitar(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a plain `guitar` as the acoustic one instead of the usual electric one."""
    plain = any(is_plain_guitar(one) for one in reading.positive("instrument"))
    return tuple("acoustic guitar" if plain and name == "electric guitar" else name for name in requested)


def with_acoustic_guitar(requested: tuple[str, ...], players: tuple[str, ...]) -> tuple[str, ...]:
    """Return the named instruments, a guitar as the acoustic one of an exact cast without an electric one."""
    if "acoustic guitar" not in players or "electric guitar" in players:
        return requested
    return tuple(dict.fromkeys("acoustic guitar" if name == "electric guitar" else name for name in requested))


def with_own_guitar(hints: tuple[str, ...], requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the hints with the kind that a plain `guitar` or `bass` stands for: `distorted guitar solo`.

    Args:
        hints: those of `structure`.
        requested: the instruments that the prompt names, each as the genre's kind.
    """
    if "upright bass" in requested and "bass" not in requested:
        hints = tuple(f"upright {hint}" if hint == "bass solo" else hint for hint in hints)
    guitars = [name for name in requested if name.endswith("guitar")]
    if "electric guitar" in requested or len(guitars) != 1:
        return hints
    return tuple(_ELECTRIC.sub(guitars[0], hint) for hint in hints)
