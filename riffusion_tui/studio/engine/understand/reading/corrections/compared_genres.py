"""Genres that the music is less like than others: `more jazz than pop`, `less like a march than a waltz`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.words.mention import Mention
from riffusion_tui.studio.engine.understand.words.tokens import Token

_KINDS = frozenset({"genre", "flavour"})
_REACH = 6
"""Words from `more` to `than`, at most."""


def without_lesser_genres(tokens: tuple[Token, ...], mentions: list[Mention]) -> list[Mention]:
    """Return the mentions without genres after `more … than`, or between `less` and `than`."""
    places = {one.at for one in mentions if one.kind in _KINDS and not one.negated}
    lesser: set[int] = set()
    for than in (at for at, token in enumerate(tokens) if token.norm == "than"):
        first = max(0, than - _REACH)
        words = [token.norm for token in tokens[first:than]]
        start = next((first + at for at, word in enumerate(words) if word in ("more", "less")), than)
        before = places & {*range(start, than)}
        after = places & {*range(than + 1, than + 4)}
        if before and after:
            lesser |= after if tokens[start].norm == "more" else before
    return [one for one in mentions if one.kind not in _KINDS or one.at not in lesser]
