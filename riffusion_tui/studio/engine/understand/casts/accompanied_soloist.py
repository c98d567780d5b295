"""A soloist and who accompanies him, if they are everyone: `trumpet solo with drums`."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.casts.ensemble_words import ensemble_words
from riffusion_tui.studio.engine.understand.instruments.instrument_mentions import is_a_solo
from riffusion_tui.studio.engine.understand.reading.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import positions
from riffusion_tui.studio.engine.understand.words.neighbors import follows

_MAX_PLAYERS = 3
_SOLO = ("solo", "solos")


def accompanied_soloist(reading: Reading, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return who plays if the prompt begins with a solo and names who accompanies it; empty if a genre has a band."""
    played = reading.positive("instrument")
    if not 1 < len(requested) <= _MAX_PLAYERS or len(played) < 2 or not _begins(reading, played[0]):
        return ()
    own = positions(played)
    styles = [one for one in reading.positive("genre", "flavour") if one.at not in own]
    if styles or reading.voices():
        return ()
    if any(token.norm in ensemble_words("larger") for token in reading.tokens):
        return ()
    return requested


def _begins(reading: Reading, soloist: Mention) -> bool:
    """Whether a solo comes first, and a word such as `with` joins the others to it."""
    words = reading.tokens
    last = soloist.last
    if not is_a_solo(soloist):
        if not follows(words, last + 1, _SOLO):
            return False
        last += 1
    before = {token.norm for token in words[: soloist.at]}
    return before <= {"a", "an", "the", "long"} and follows(words, last + 1, context_words("accompanied by"))
