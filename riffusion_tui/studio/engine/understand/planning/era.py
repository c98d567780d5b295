"""The era that a prompt names."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words.matching import meaning_of


def era_of(reading: Reading) -> str | None:
    """Return the decade if the prompt has one, else the first other era."""
    found = [reading.first("era"), *reading.meanings("era"), *_eras_of_genres(reading)]
    eras = [era for era in found if era is not None]
    return next((era for era in eras if era[:1].isdigit()), eras[0] if eras else None)


def _eras_of_genres(reading: Reading) -> list[str]:
    """Return the decades in names of genres: `60s soul`, `fifties pop`."""
    words = [token.norm for one in reading.positive("genre") for token in reading.tokens[one.at : one.last + 1]]
    decades = [word for word in words if word[0].isdigit() or word.endswith("ties")]
    return [era for word in decades if (era := meaning_of((word,), "era"))]
