"""How much a song swings: as stated in percent, by a word, or as its genre does."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.figures.meter_figures import swing_of
from riffusion_tui.studio.engine.understand.figures.stated import SWING
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables

_SWUNG = 0.55


def swing(reading: Reading, genre: tables.Genre) -> float:
    """Return the swing, 0 (straight) to 1 (triplets)."""
    stated = reading.first(SWING)
    if stated is not None:
        return swing_of(float(stated))
    words = {one.meaning for one in reading.positive("production")}
    if "straight" in words or any(one.meaning == "swung" for one in reading.negative("production")):
        return 0.0
    return max(genre.swing, _SWUNG) if "swung" in words else genre.swing
