"""Lyrics: title and words about the prompt's subject, or the user's own words, as syllables."""

from __future__ import annotations

from riffusion_tui.studio.engine.lyrics.given import has_headings, parse_given, stated_title, title_of_given
from riffusion_tui.studio.engine.lyrics.sections import Lyrics, LyricSection, SungLine, Syllable
from riffusion_tui.studio.engine.lyrics.writer import title, write

__all__ = [
    "LyricSection", "Lyrics", "SungLine", "Syllable", "has_headings", "parse_given", "stated_title", "title",
    "title_of_given", "write",
]  # fmt: skip
