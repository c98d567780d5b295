"""The context of a match: the words and phrases around it."""

from __future__ import annotations

from dataclasses import dataclass

from riffusion_tui.studio.engine.understand.words.matching import Match
from riffusion_tui.studio.engine.understand.words.tokens import Token


@dataclass(frozen=True, slots=True)
class PromptContext:
    """The words and phrases of one prompt, by position."""

    tokens: tuple[Token, ...]
    figures: frozenset[int]
    """Positions of stated figures (`90 bpm`)."""
    languages: frozenset[int]
    """Positions of stated languages."""
    starts: dict[int, Match]
    """Matches by their first token."""
    ends: dict[int, Match]
    """Matches by their last token."""

    def words(self, match: Match) -> tuple[str, ...]:
        """Return the words of a match."""
        return tuple(token.norm for token in self.tokens[match.first : match.last + 1])

    def after(self, match: Match) -> Match | None:
        """Return the match that begins right after another."""
        return self.starts.get(match.last + 1)

    def before(self, match: Match) -> Match | None:
        """Return the match that ends right before another."""
        return self.ends.get(match.first - 1)

    def following(self, at: int) -> Token | None:
        """Return the word after position `at`; None if a comma or the sentence's end is between."""
        if at + 1 >= len(self.tokens) or self.tokens[at + 1].begins_phrase:
            return None
        return self.tokens[at + 1]

    def joins(self, first: int, last: int) -> bool:
        """Whether no sentence ends before one of the tokens `first` to `last`."""
        return all(token.gap != "hard" for token in self.tokens[first : last + 1])


def context_of(
    tokens: tuple[Token, ...], matches: tuple[Match, ...], figures: frozenset[int], languages: frozenset[int]
) -> PromptContext:
    """Return the context of a prompt's matches."""
    starts = {match.first: match for match in matches}
    ends = {match.last: match for match in matches}
    return PromptContext(tokens, figures, languages, starts, ends)
