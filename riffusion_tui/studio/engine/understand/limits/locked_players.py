"""Who of a locked band plays although the prompt excludes them, in sentences for the user."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.instrument_groups import LONE_SINGER
from riffusion_tui.studio.engine.locks import LockedBand, parse_band
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.understand.instruments.exclusions import excluded_by, exclusions
from riffusion_tui.studio.engine.understand.limits.wording import with_articles
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables


def kept_players(made: Plan, reading: Reading) -> Iterator[str]:
    """Yield which players, and the vocals, a locked band keeps although the prompt excludes them."""
    if not made.locks.band:
        return
    band = parse_band(made.locks.band)
    for mention in exclusions(reading):
        covered = set(excluded_by(reading, mention))
        names = [name for name in _playing(made, band) if name not in made.instruments and _is_covered(name, covered)]
        if names:
            yield f"The locked band keeps {with_articles(names)}."
    if made.vocals != "none" and _is_instrumental(reading):
        yield "The locked band keeps the vocals."


def _playing(made: Plan, band: LockedBand) -> list[str]:
    """Return the instruments that play, each once; a guest leaves if the prompt excludes its whole family."""
    table = tables.instruments()
    guests = [name for name in band.guests if table[name].family not in made.avoided]
    names = dict.fromkeys((*(player.instrument for player in band.players), *band.cast, *guests))
    return [name for name in names if name != LONE_SINGER]


def _is_covered(name: str, covered: set[str]) -> bool:
    family = tables.instruments()[name].family
    return name in covered or (family in covered and tables.is_meant(name, family))


def _is_instrumental(reading: Reading) -> bool:
    """Whether the prompt says that nobody sings."""
    silent = any(one.meaning == "none" for one in reading.positive("vocal"))
    return silent or any(one.meaning == "voice" for one in reading.negative("vocal"))
