"""Lyrics as values: sections of lines, lines of syllables."""

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
"""Kinds of sections and how they are headed."""


@dataclass(frozen=True, slots=True)
class Syllable:
    """What is sung on one note."""

    text: str
    """Its letters, with the punctuation that follows."""
    stressed: bool
    ends_word: bool


@dataclass(frozen=True, slots=True)
class SungLine:
    """One line and its syllables."""

    text: str
    syllables: tuple[Syllable, ...]


@dataclass(frozen=True, slots=True)
class LyricSection:
    """A section's lines; a section without words (a solo) has none."""

    kind: str
    """As `Section.kind`: verse, prechorus, chorus, bridge, …"""
    lines: tuple[SungLine, ...]


@dataclass(frozen=True, slots=True)
class Lyrics:
    """A song's title and words, one section for each of the form's."""

    title: str
    sections: tuple[LyricSection, ...]

    @property
    def text(self) -> str:
        """The words under their headings, as musicians write them: `[Verse]`, the lines, an empty line."""
        blocks = (
            "\n".join((f"[{HEADINGS.get(section.kind, section.kind.title())}]", *(line.text for line in section.lines)))
            for section in self.sections
            if section.lines
        )
        return "\n\n".join(blocks)
