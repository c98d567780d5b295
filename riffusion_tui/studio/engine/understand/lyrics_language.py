"""In which language the lyrics are."""

from __future__ import annotations

from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.stated_subject import states_a_subject
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.languages import WRITTEN


def lyrics_language(reading: Reading, genre: tables.Genre) -> str:
    """Return the ISO 639-1 code of the lyrics' language: as stated, else the genre's, else the prompt's.

    Only without a subject is it the genre's: a chant about the sea is not in Latin.
    """
    usual = WRITTEN if states_a_subject(reading) else genre.language
    return reading.first("language") or (usual if usual != WRITTEN else reading.language)
