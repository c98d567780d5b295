"""Sounds that the prompt silences without a `no`: `mute the drums in the bridge`, `piano, but not in the chorus`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from riffusion_tui.studio.engine.understand.words.lexicon import SOUNDING, context, context_words
from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.neighbors import (
    NEAR,
    after_all,
    before_all,
    begins_with,
    start_of_clause,
)
from riffusion_tui.studio.engine.understand.words.places import IN, JOINERS, Place, place_at
from riffusion_tui.studio.engine.understand.words.tokens import Token

_OFF = frozenset({"off", "out"})


class Silenced:
    """What a prompt silences, by the index of its match."""

    def __init__(self, tokens: Sequence[Token], matches: Sequence[Match]) -> None:
        """Find it."""
        self._tokens = tuple(tokens)
        self._matches = matches
        self._at = {match.first: position for position, match in enumerate(matches)}
        self.throughout: set[int] = set()
        self.places: dict[int, Place] = {}
        """Silenced in some sections of the song only."""
        self.named: set[int] = set()
        """Those of `places` that play elsewhere, since the prompt names them."""
        self.cues: set[int] = set()
        """Tokens that say no more than where something does not play."""
        self.said: set[int] = set()
        """Verbs that silence, and what belongs to them."""
        for position, match in enumerate(matches):
            if match.has(*SOUNDING):
                self._silence(position)
                self._leave_out(position)
            if match.has("avoid") and (place := place_at(self._tokens, match.last + 1)) is not None:
                self.places[position] = place  # `sans batterie dans le refrain`

    def _leave_out(self, position: int) -> None:
        """Find the sections in which a sound does not play: `piano, but not in the chorus`."""
        at = self._matches[position].last + 1
        while at < len(self._tokens) and self._tokens[at].norm in context_words("before not there"):
            at += 1  # also after a comma
        if at == len(self._tokens) or self._tokens[at].norm not in context_words("not there"):
            return
        place = place_at(self._tokens, at + 1) if self._tokens[at].gap != "hard" else None
        if place is not None and place.sections:
            self.places[position] = place
            self.named.add(position)
            self.cues.add(at)
            self.said.update(range(self._matches[position].last + 1, at + 1))

    def _silence(self, position: int) -> None:
        """Silence a sound, and what `and` joins to it: `mute the drums and bass in the bridge`."""
        match = self._matches[position]
        if not (self._is_turned_off(match) or self._is_out(match)):
            return
        first = start_of_clause(self._tokens, match.first, most=NEAR)
        rested = self._rests(match)
        self.said.update(
            range(first, after_all(self._tokens, match.last + rested + 1, context_words("falling silent")))
        )
        group, last = [position], match.last + rested
        while (after := self._joined(last)) is not None:
            group.append(after)
            last = self._matches[after].last
        if rested:
            group += self._joined_before(match.first)
        at = after_all(self._tokens, last + 1, context_words("falling silent"))
        place = place_at(self._tokens, at)
        if place is not None and self._tokens[at].norm == "before" and self._ceases(match, rested):
            place = replace(place, how=IN, sections=())  # `drums stop before the chorus`: they play up to there
        if place is None:
            self.throughout.update(group)
        else:
            self.places.update(dict.fromkeys(group, place))

    def _ceases(self, match: Match, rested: int) -> bool:
        """Whether a sound that rests played before: it `stops` or `pauses`."""
        words = self._tokens[match.last + 1 : match.last + 1 + rested]
        return any(token.norm in context_words("ceasing") for token in words)

    def _joined(self, last: int) -> int | None:
        """Return the sound that `and` joins to the one that ends at token `last`; None without one."""
        if not any(token.norm in JOINERS for token in self._tokens[last + 1 : last + 2]):
            return None
        article = any(token.norm == "the" for token in self._tokens[last + 2 : last + 3])  # `and a piano` plays
        after = self._at.get(last + 2 + article)
        return after if after is not None and self._matches[after].has(*SOUNDING) else None

    def _joined_before(self, first: int) -> list[int]:
        """Return the sounds that `and` joins before the one that begins at token `first`: `drums and bass rest`."""
        if first < 2 or self._tokens[first - 1].norm not in JOINERS:
            return []
        before = [at for at, one in enumerate(self._matches) if one.last == first - 2 and one.has(*SOUNDING)]
        return [*before, *(at for one in before for at in self._joined_before(self._matches[one].first))]

    def _is_turned_off(self, match: Match) -> bool:
        """Whether a verb before it silences it: `mute the drums`, `turn off the drums`, `turn the drums off`."""
        at = before_all(self._tokens, match.first, {*context_words("determiners"), "all"})
        if not at or self._tokens[at].gap:
            return False
        before = tuple(token.norm for token in self._tokens[max(0, at - 2) : at])
        if before[-1:] in context("silencing") or before in context("silencing"):
            return before[-1:] != ("mute",) or at < match.first or match.has("vocal")
        off = after_all(self._tokens, match.last + 1, _OFF) > match.last + 1
        return off and before[-1:] in context("switching")

    def _is_out(self, match: Match) -> bool:
        """Whether a sound is out in some sections: `drums out in verse 2`, `drums drop out in the bridge`."""
        after = after_all(self._tokens, match.last + 1, context_words("falling silent"))
        if self._tokens[after - 1].norm == "out" and place_at(self._tokens, after) is not None:
            return True
        return self._rests(match) > 0

    def _rests(self, match: Match) -> int:
        """Return how many words say that a sound rests in the sections that follow: `takes a break in the bridge`."""
        for words in context("resting"):
            end = match.last + 1 + len(words)
            apart = any(token.gap for token in self._tokens[match.last + 1 : end])
            if (
                begins_with(self._tokens, match.last + 1, words)
                and not apart
                and place_at(self._tokens, end) is not None
            ):
                return len(words)
        return 0
