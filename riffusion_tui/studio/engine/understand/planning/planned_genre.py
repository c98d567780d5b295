"""The genre of a plan: as named or suggested, or that of the song whose seed is locked."""

from __future__ import annotations

from riffusion_tui.studio.engine.song_request import Locks
from riffusion_tui.studio.engine.understand.genres.named_genre import is_only_colored, named
from riffusion_tui.studio.engine.understand.genres.suggested_genre import suggested
from riffusion_tui.studio.engine.understand.mood import mood_of
from riffusion_tui.studio.engine.understand.planning.draws import Draws
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.reading.read_prompt import read
from riffusion_tui.studio.engine.understand.timing.tempo import tempo_word
from riffusion_tui.studio.engine.understand.words import tables


def chosen_genre(reading: Reading, energy: float, draws: Draws) -> tuple[tables.Genre, str | None]:
    """Return the genre and its blend: as named, else as suggested. An adjective alone gives the blend."""
    name, blend = named(reading)
    if name is None or is_only_colored(reading):
        drawn = suggested(reading, energy, draws.of("genre"))
        name, blend = drawn, (name if name != drawn else blend)
    return tables.genres()[name], blend


def kept_genre(reading: Reading, locks: Locks, draws: Draws) -> tuple[tables.Genre, str | None] | None:
    """Return the genre of the song whose seed is locked; None without one, or if the prompt names another genre."""
    if not locks.like:
        return None
    before = read(locks.like)
    if named(reading)[0] is not None and named(reading) != named(before) and _names_others(reading, before):
        return None
    return chosen_genre(before, mood_of(before, tempo_word(before)).energy, draws)


def _names_others(reading: Reading, before: Reading) -> bool:
    """Whether the words for the genre in one of two prompts are not in the other.

    The same words can name another genre beside other instruments: classical guitar, and a sax.
    """
    words, earlier = ({token.norm for token in one.tokens} for one in (reading, before))
    return not (_words_for_genres(reading) <= earlier and _words_for_genres(before) <= words)


def _words_for_genres(reading: Reading) -> set[str]:
    return {token.norm for one in reading.positive("genre") for token in reading.tokens[one.at : one.last + 1]}
