"""Quarter notes a minute: as stated, as a tempo word says, or as the genre and the moods have it."""

from __future__ import annotations

from random import Random

from riffusion_tui.studio.engine.understand import tables
from riffusion_tui.studio.engine.understand.lexicon import context_words
from riffusion_tui.studio.engine.understand.mentions import Mention, Reading

_WIDTH = 12
"""bpm of a tempo word's range that are drawn from when it lies outside the genre's."""


def tempo_word(reading: Reading) -> str | None:
    """The tempo word that speaks of the song as a whole, if there is one."""
    said_at_all = reading.positive("tempo")
    words = [said for said in said_at_all if not said.use] or said_at_all
    return max(words, key=lambda said: _weight(reading, said)).meaning if words else None


def draw_bpm(genre: tables.Genre, word: str | None, lean: float, draw: Random) -> float:
    """Draw the tempo.

    Args:
        genre: whose usual range is taken as far as the tempo word allows.
        word: a key of the tempo table, or None.
        lean: -1 to 1, where in the genre's range the moods pull it.
        draw: the plan's randomness for this field.
    """
    low, high = genre.bpm
    if word is not None:
        low, high = _meet(genre.bpm, tables.paces()[word].range)
        return float(draw.randint(low, high))
    middle = low + (high - low) * (0.5 + 0.35 * max(-1.0, min(1.0, lean)))
    reach = (high - low) * 0.28
    return float(round(max(low, min(high, draw.uniform(middle - reach, middle + reach)))))


def _meet(usual: tuple[int, int], asked: tuple[int, int]) -> tuple[int, int]:
    low, high = max(usual[0], asked[0]), min(usual[1], asked[1])
    if high - low >= 4:
        return low, high
    if usual[0] >= asked[1] - 4:
        return asked[1] - _WIDTH, asked[1]
    return asked[0], asked[0] + _WIDTH


def _weight(reading: Reading, said: Mention) -> float:
    """`slow tempo` says more than `slow song`, that more than `slow` alone, that more than `fast guitar solo`."""
    words = said.word.lower().replace("-", " ").split()
    following = [
        token.norm for token in reading.tokens[said.last + 1 : said.last + 4] if token.gap not in ("hard", "soft")
    ]
    before = [token.norm for token in reading.tokens[max(0, said.at - 4) : said.at]]
    early = -0.01 * said.at / (1 + len(reading.tokens))
    nouns = context_words("tempo nouns")
    if "tempo" in before or not nouns.isdisjoint(words) or (following and following[0] in nouns):
        return 3 + early
    if any(word in context_words("song nouns") for word in following):
        return 2 + early
    return (1.0 if not following else 0.5) + early
