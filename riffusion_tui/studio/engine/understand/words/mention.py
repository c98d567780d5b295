"""One meaning of a phrase of a prompt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riffusion_tui.studio.engine.understand.words.places import Place


@dataclass(frozen=True, slots=True)
class Mention:
    """One meaning of a phrase of the prompt."""

    kind: str
    meaning: str
    word: str
    """As typed."""
    at: int
    """Position of its first token."""
    last: int
    sentence: int
    negated: bool = False
    use: bool = False
    """Whether it only says what the music is for: `could be used in a video game`."""
    force: float = 1.0
    """Intensity: 0.5 after `slightly`, 1.4 after `very`."""
    place: Place | None = None
    """Where it is excluded, or the only place where it plays, if that isn't the whole song."""

    @property
    def span(self) -> range:
        """The positions of its tokens."""
        return range(self.at, self.last + 1)


def positive(mentions: Iterable[Mention], *kinds: str) -> list[Mention]:
    """Return those of some kinds that are not negated."""
    return [one for one in mentions if one.kind in kinds and not one.negated]


def in_order(mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions in the order of their words."""
    return sorted(mentions, key=lambda one: one.at)


def positions(mentions: Iterable[Mention]) -> set[int]:
    """Return the positions of the tokens of all these."""
    return {at for one in mentions for at in one.span}
