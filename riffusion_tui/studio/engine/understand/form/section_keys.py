"""Reads in which key a kind of section is: `verse in A minor, chorus in C major`, `minor key chorus`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from riffusion_tui.studio.engine.understand.figures.stated_chords import pitch_of
from riffusion_tui.studio.engine.understand.mood import BRIGHT_MODES
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words.tables import sections

_NAME = rf"(?P<section>pre[- ]?chorus(?:es)?|{'|'.join(sorted(sections(), key=len, reverse=True))})"
_BEFORE = re.compile(
    rf"(?<!last )(?<!final )(?<!second )(?<!2nd )\b{_NAME}(?: sections?)?"
    r"(?:\s*[:=]\s*|\s+(?:is|are|be|being|in|into|to|goes|moves|changes|modulates|the|a|an|key|of|with)\b)*\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?:[\s-]+(?:key|scale|mode|tonality))?\s+(?:(?:in|for|during|on|at) (?:the |its |each |every )?)?{_NAME}\b",
    re.IGNORECASE,
)
_REACH = 60
"""Characters before a key in which its section is looked for."""
_KINDS = ("key", "mode", "new key", "new mode")
_MINOR_IN_MAJOR, _MAJOR_IN_MINOR, _SAME = frozenset({2, 4, 9}), frozenset({3, 8, 10}), frozenset({5, 7})
"""Semitones from a song's tonic to those of related keys, by their modes."""
_CONTRASTING = frozenset({"bridge", "breakdown"})
"""Kinds of sections that are in another key than the song."""


@dataclass(frozen=True, slots=True)
class SectionKey:
    """The key of a kind of section; key or mode is empty if the prompt gives only the other."""

    section: str
    key: str
    mode: str
    new: bool
    """Whether the words say that the song changes to it."""


def section_keys(reading: Reading) -> tuple[tuple[SectionKey, ...], tuple[tuple[str, str], ...]]:
    """Return the keys of kinds of sections, and those, each with its mode, that the prompt gives for the song."""
    spans: dict[tuple[int, int], dict[str, str]] = {}
    for stated in reading.stated:
        if stated.kind in _KINDS:
            spans.setdefault((stated.start, stated.end), {})[stated.kind] = stated.value
    found: list[SectionKey] = []
    others: list[tuple[str, str]] = []
    for (start, end), values in sorted(spans.items()):
        key, mode = values.get("key") or values.get("new key", ""), values.get("mode") or values.get("new mode", "")
        place = _BEFORE.search(reading.text[max(0, start - _REACH) : start]) or _AFTER.match(reading.text, end)
        new = "new key" in values or "new mode" in values
        if place is not None:
            found.append(SectionKey(_kind(place["section"]), key, mode, new))
        else:
            others.append((key, mode))
    return tuple(found), tuple(others)


def song_key(reading: Reading) -> tuple[str, str]:
    """Return the key and the mode that the prompt gives for the song, else for its first section; empty if none.

    A key that the song changes to in a section is not its own: `a key change to B minor in the bridge`, nor is that
    of a bridge.
    """
    found, others = section_keys(reading)
    contrasting = _CONTRASTING & {one.meaning for one in reading.positive("structure")}  # no `bluegrass breakdown in B`
    keys = (
        (*others, *((one.key, one.mode) for one in found if not one.new and one.section not in contrasting))
        if found
        else ()
    )
    if not keys:
        return ("", "") if found else (reading.first("key") or "", reading.first("mode") or "")
    tonic = next((key for key, _ in keys if key), "")
    return tonic, next((mode for key, mode in keys if mode and key == tonic), "" if tonic else keys[0][1])


def suits_sections(reading: Reading, key: str, mode: str) -> bool:
    """Whether the keys of the sections are related to a song's."""
    bright = mode in BRIGHT_MODES
    for one in section_keys(reading)[0]:
        same = (one.mode or mode) in BRIGHT_MODES
        related = _SAME if same == bright else _MINOR_IN_MAJOR if bright else _MAJOR_IN_MINOR
        if one.key and (pitch_of(one.key) - pitch_of(key)) % 12 not in related:
            return False
    return True


def _kind(word: str) -> str:
    return sections().get(" ".join(word.lower().split()), "prechorus")
