"""Lyrics that start from the user's."""

from __future__ import annotations

import pytest

from riffusion_tui.studio.engine.engine_errors import EngineError
from riffusion_tui.studio.engine.lyrics.rewriting import rewritten
from riffusion_tui.studio.engine.sketch_engine import SketchEngine
from riffusion_tui.studio.engine.song_request import Request

_STANZAS = "rain on the roof\nI miss you\n\nthe night is long\nso come back home"
_VERSES = "rain on the roof\nI miss you\n\n[Verse]\nthe night is long\nso come back home"
_OWN = (
    "[Verse]\nown one\n\n[Chorus]\nown hook\n\n[Verse]\nown two\n\n[Verse]\nown three\n\n[Bridge]\nown bridge\n\n"
    "[Chorus]\nown hook"
)


def test_stanzas_are_the_verses_of_a_song_with_a_new_chorus() -> None:
    """They came back unchanged, and the prompt had no effect."""
    assert rewritten(_STANZAS, _OWN) == (
        "[Verse]\nrain on the roof\nI miss you\n\n[Chorus]\nown hook\n\n"
        "[Verse]\nthe night is long\nso come back home\n\n[Bridge]\nown bridge\n\n[Chorus]\nown hook"
    )


def test_stanzas_for_which_there_is_no_verse_come_before_the_last_section() -> None:
    found = rewritten(_STANZAS, "[Verse]\nown\n\n[Chorus]\nown hook")
    assert found == f"[Verse]\n{_VERSES}\n\n[Chorus]\nown hook"


def test_no_stanza_is_lost_if_nothing_was_written() -> None:
    assert rewritten(_STANZAS, "") == f"[Verse]\n{_VERSES}"


def test_a_song_with_a_chorus_keeps_it_and_has_new_verses() -> None:
    mine = "[Verse]\nmine\n\n[Chorus]\nmy hook\n\n[Verse]\nmine again\n\n[Chorus]\nmy hook"
    assert rewritten(mine, _OWN) == ("[Verse]\nown one\n\n[Chorus]\nmy hook\n\n[Verse]\nown two\n\n[Chorus]\nmy hook")


def test_verses_for_which_there_are_no_new_words_stay() -> None:
    mine = "[Verse]\nmine\n\n[Chorus]\nmy hook\n\n[Verse]\nmine again"
    assert rewritten(mine, "[Verse]\nown") == "[Verse]\nown\n\n[Chorus]\nmy hook\n\n[Verse]\nmine again"


def test_words_in_another_language_are_refused() -> None:
    with pytest.raises(EngineError, match="English only"):
        rewritten("la noche es larga\ny yo te quiero\nvuelve a casa con el sol", _OWN)


def test_the_engine_rewrites_for_the_prompt() -> None:
    found = SketchEngine().write_lyrics(Request("folk song about summer", seed=3, lyrics=_STANZAS))
    assert "rain on the roof\nI miss you" in found
    assert "summer" in found
