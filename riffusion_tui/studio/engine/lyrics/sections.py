"""Lyrics: sections of lines, lines of syllables."""

from __future__ import annotations

from dataclasses import dataclass

HEADINGS = {
    "intro": "Intro",
    "verse": "Verse",
    "prechorus": "Pre-Chorus",
    "chorus": "Chorus",
    "bridge": "Bridge",
    "solo": "Solo",
    "drop": "Drop",
    "breakdown": "Breakdown",
    "ending": "Outro",
}
"""Headings by kind of section."""


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable: what is sung on one note."""

    text: str
    """Its letters and the punctuation after them; `CONTINUED` for all of a number but the first."""
    stressed: bool
    ends_word: bool
    """Whether no letters of its word follow."""

    @property
    def on_note(self) -> str:
        """Return it as `Note.syllable`."""
        return self.text if self.ends_word else f"{self.text}-"


@dataclass(frozen=True, slots=True)
class SungLine:
    """A line and its syllables."""

    text: str
    syllables: tuple[Syllable, ...]


@dataclass(frozen=True, slots=True)
class LyricSection:
    """A section and its lines; a solo has none."""

    kind: str
    """As `Section.kind`: verse, prechorus, chorus, bridge, …"""
    lines: tuple[SungLine, ...]


@dataclass(frozen=True, slots=True)
class Lyrics:
    """A song's title and words, one section for each section of the form."""

    title: str
    sections: tuple[LyricSection, ...]

    @property
    def text(self) -> str:
        """Return the words under their headings: `[Verse]`, the lines, an empty line."""
        blocks = (
            "\n".join((f"[{HEADINGS.get(section.kind, section.kind.title())}]", *(line.text for line in section.lines)))
            for section in self.sections
            if section.lines
        )
        return "\n\n".join(blocks)
