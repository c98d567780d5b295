"""Lyrics that start from the user's: single stanzas become a song, and a song with a chorus gets new verses."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.lyrics.given import RETURNING, parse_given
from riffusion_tui.studio.engine.lyrics.sections import Lyrics, LyricSection
from riffusion_tui.studio.engine.pronunciation.sung_language import ENGLISH, detected


def rewritten(given: str, own: str) -> str:
    """Return lyrics that have all stanzas of the given ones, or only what returns in them, if something does.

    Stanzas without a chorus are the verses of a song; its other sections are the engine's own. A song with a chorus
    keeps it, and has the engine's verses and bridge.

    Args:
        given: the user's lyrics.
        own: lyrics that the engine wrote for the same prompt.

    Raises:
        EngineError: the given lyrics aren't in the language in which the engine writes.
    """
    if detected(given) not in ("", ENGLISH):
        raise EngineError("The studio writes lyrics in English only: write these yourself, or choose another service.")
    mine, new = parse_given(given).sections, parse_given(own).sections
    returns = any(section.kind in RETURNING for section in mine)
    return Lyrics("", tuple(_with_new_verses(mine, new) if returns else _with_a_chorus(mine, new))).text


def _with_new_verses(mine: tuple[LyricSection, ...], new: tuple[LyricSection, ...]) -> Iterator[LyricSection]:
    """Yield the given sections, with new words in all that don't return, as long as there are some."""
    verses = iter([section for section in new if section.kind not in RETURNING])
    for section in mine:
        yield section if section.kind in RETURNING else LyricSection(section.kind, next(verses, section).lines)


def _with_a_chorus(mine: tuple[LyricSection, ...], new: tuple[LyricSection, ...]) -> Iterator[LyricSection]:
    """Yield the new sections with the given stanzas as verses; those that are left come before the last section."""
    stanzas = list(mine)
    for section in new[:-1]:
        if section.kind != "verse":
            yield section
        elif stanzas:
            yield stanzas.pop(0)
    yield from stanzas
    yield from (section for section in new[-1:] if section.kind != "verse")
