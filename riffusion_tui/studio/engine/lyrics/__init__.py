"""Lyrics: title and words on the prompt's subject, and words that a person gave, as syllables to be sung."""

from __future__ import annotations

from riffusion_tui.studio.engine.lyrics.given import parse_given
from riffusion_tui.studio.engine.lyrics.sections import Lyrics, LyricSection, SungLine, Syllable
from riffusion_tui.studio.engine.lyrics.writer import title, write

__all__ = ["LyricSection", "Lyrics", "SungLine", "Syllable", "parse_given", "title", "write"]
