"""The tempo in quarter notes per minute: as stated, by a tempo word, or by the genre and the moods."""

from __future__ import annotations

from random import Random

from riffusion_tui.studio.engine.understand import tables
from riffusion_tui.studio.engine.understand.lexicon import context_words
from riffusion_tui.studio.engine.understand.mentions import Mention, Reading
from riffusion_tui.studio.engine.understand.tokens import stem

_WIDTH = 12
"""Width in bpm of the range drawn from if a tempo word's range is outside the genre's."""


def tempo_word(reading: Reading) -> str | None:
    """Return the tempo word for the whole song, or None; a ballad or lullaby of a genre is slow."""
    stated = reading.positive("tempo")
    words = [mention for mention in stated if not mention.use] or stated
    if not words:
        return "slow" if _is_a_slow_song_of_a_genre(reading) else None
    return max(words, key=lambda mention: _weight(reading, mention)).meaning


def _is_a_slow_song_of_a_genre(reading: Reading) -> bool:
    """Whether it is a slow song of a genre: `a country ballad`, `a celtic lullaby`; a folk ballad is a story.

    A ballad or a lullaby alone is a genre.
    """
    mentions = reading.positive("genre")
    kinds = {mention.meaning for mention in mentions} - {"ballad", "lullaby"}
    is_story = any(tables.genres()[kind].family == "folk" for kind in kinds)
    ballad = not is_story and any(stem(reading.tokens[one.last].norm) == "ballad" for one in mentions)
    lullaby = any(one.meaning == "lullaby" for one in mentions)
    return (ballad and bool(kinds)) or (lullaby and bool(kinds or reading.positive("flavour")))


def usual_range(genre: tables.Genre, reading: Reading) -> tuple[int, int]:
    """Return the genre's tempos without those that the prompt excludes: `not slow`; at least one bpm is left."""
    low, high = genre.bpm
    for mention in reading.negative("tempo"):
        slowest, fastest = tables.paces()[mention.meaning].range
        if mention.meaning.endswith("slow"):
            low = min(max(low, fastest + 1), high)
        elif mention.meaning.endswith("fast"):
            high = max(min(high, slowest - 1), low)
    return low, high


def draw_bpm(usual: tuple[int, int], word: str | None, lean: float, draw: Random) -> float:
    """Draw the tempo.

    Args:
        usual: the usual range, which is used as far as the tempo word allows.
        word: a key of the tempo table, or None.
        lean: shift by the moods within the genre's range, -1 to 1.
        draw: the plan's randomness for this field.
    """
    low, high = usual
    if word is not None:
        low, high = _meet(usual, tables.paces()[word].range)
        return float(draw.randint(low, high))
    middle = low + (high - low) * (0.5 + 0.35 * max(-1.0, min(1.0, lean)))
    reach = (high - low) * 0.28
    return float(round(max(low, min(high, draw.uniform(middle - reach, middle + reach)))))


def _meet(usual: tuple[int, int], requested: tuple[int, int]) -> tuple[int, int]:
    low, high = max(usual[0], requested[0]), min(usual[1], requested[1])
    if high - low >= 4:
        return low, high
    if usual[0] >= requested[1] - 4:
        return requested[1] - _WIDTH, requested[1]
    return requested[0], requested[0] + _WIDTH


def _weight(reading: Reading, mention: Mention) -> float:
    """Return a mention's weight: `slow tempo` over `slow song` over `slow` over `fast guitar solo`."""
    words = mention.word.lower().replace("-", " ").split()
    following = [
        token.norm for token in reading.tokens[mention.last + 1 : mention.last + 4] if token.gap not in ("hard", "soft")
    ]
    before = [token.norm for token in reading.tokens[max(0, mention.at - 4) : mention.at]]
    early = -0.01 * mention.at / (1 + len(reading.tokens))
    nouns = context_words("tempo nouns")
    if "tempo" in before or not nouns.isdisjoint(words) or (following and following[0] in nouns):
        return 3 + early
    if any(word in context_words("song nouns") for word in following):
        return 2 + early
    return (1.0 if not following else 0.5) + early
