"""Reads in which key kinds of sections are, and to which key the song changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile

from riffusion_tui.studio.engine.datafiles import names_by_word
from riffusion_tui.studio.engine.structure_hints import EVERY, EVERY_CHORUS, KEY_CHANGE, KEY_OF, SUNG_KINDS
from riffusion_tui.studio.engine.understand.figures.stated import INTERVAL
from riffusion_tui.studio.engine.understand.figures.stated_chords import pitch_of
from riffusion_tui.studio.engine.understand.figures.structure_figures import kind_of_section
from riffusion_tui.studio.engine.understand.mood import BRIGHT_MODES
from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.neighbors import FAR
from riffusion_tui.studio.engine.understand.words.numbers import numbers
from riffusion_tui.studio.engine.understand.words.tables import sections
from riffusion_tui.studio.engine.understand.words.tokens import Token

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
_RELATED_MAJOR = {
    "minor": frozenset({0, 3, 8, 10}),
    "dorian": frozenset({0, 3, 5, 10}),
    "phrygian": frozenset({0, 1, 3, 8}),
}
"""Semitones from a tonic to the major chords of its key, by mode; and to the parallel major key."""


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
            found.append(SectionKey(kind_of_section(place["section"]), key, mode, new))
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


def key_change(reading: Reading) -> str:
    """Return the hint with the key that the song changes to, a second key, or by how many semitones it goes up."""
    keys = [stated.value for stated in reading.stated if stated.kind == "key"]
    second = keys[1] if len(keys) == 2 and not section_keys(reading)[0] else ""
    changes, by = changes_of_key(reading), reading.first(INTERVAL)
    key, mode = changes[0] if changes else (second, reading.first("new mode") or "")
    mode = mode or _implied_mode(reading, key)
    if key:
        return f"{KEY_CHANGE} to {key} {mode}".strip()
    return f"{KEY_CHANGE} by {by}{_times(reading)}" if by else f"{KEY_CHANGE}{_times(reading)}"


def _times(reading: Reading) -> str:
    """Return how often the key goes up, for the hint: of `two key changes` and `modulates up twice`, `, 2 times`."""
    twice = names_by_word("lexicon/places.toml", "repeats")
    for mention in reading.positive("structure"):
        if mention.meaning != KEY_CHANGE:
            continue
        before = [] if reading.tokens[mention.at].gap else reading.tokens[max(0, mention.at - 1) : mention.at]
        following = reading.tokens[mention.last + 1 : mention.last + 1 + FAR]
        after = [token.norm for token in takewhile(lambda token: not token.gap, following)]
        for word, noun in pairwise((*after, "")):
            if word in ("each", "every"):
                kind = tables.sections().get(noun, "chorus")
                return f"{EVERY}{kind}" if kind in SUNG_KINDS else EVERY_CHORUS
        counted = [token.norm for token in before if not _is_stated(reading, token)]
        counted += [word for word, noun in pairwise(after) if noun == "times"]
        counts = [numbers().get(word, 1) for word in counted] + [int(twice.get(word, 1)) for word in after]
        if max(counts, default=1) > 1:
            return f", {max(counts)} times"
    return ""


def _is_stated(reading: Reading, token: Token) -> bool:
    """Whether a number is part of a value of its own: the last of `6/8`."""
    return any(one.start <= token.start < one.end for one in reading.stated)


def change_of_the_song(reading: Reading) -> Iterator[str]:
    """Yield the hint about the song's key change, if it isn't only a section that the words lead to another key."""
    change = key_change(reading)
    if change != KEY_CHANGE or not any(one.new for one in section_keys(reading)[0]):
        yield change


def changes_of_key(reading: Reading) -> list[tuple[str, str]]:
    """Return the keys that the song changes to, each with its mode, which may be empty.

    Those of kinds of sections are none, nor is the song's own: `in G major, ends in G major`.
    """
    own = {one.key for one in section_keys(reading)[0] if one.new}
    tonic, song_mode = song_key(reading)
    modes = {one.start: one.value for one in reading.stated if one.kind == "new mode"}
    keys = [(one.value, modes.get(one.start, "")) for one in reading.stated if one.kind == "new key"]
    found = dict.fromkeys((key, mode) for key, mode in keys if key not in own)
    home = tonic, song_mode
    return [(key, mode) for key, mode in found if (key, mode or _implied_mode(reading, key) or song_mode) != home]


def section_key_hints(reading: Reading) -> Iterator[str]:
    """Yield the hints about the keys of kinds of sections that are not the song's."""
    found, _ = section_keys(reading)
    tonic, song_mode = song_key(reading)
    for one in found:
        mode = one.mode or (_implied_mode(reading, one.key) if one.key != tonic else "") or song_mode
        if (one.key or tonic, mode) != (tonic, song_mode):
            yield f"{KEY_OF}{one.section}: {' '.join(filter(None, (one.key or tonic, mode)))}"


def _implied_mode(reading: Reading, key: str) -> str:
    """Return the mode of a key without one, to which a song in minor changes: major if that is a chord of its own key.

    Else it is the song's: `in A minor, bridge in F` is major, as are C, G and A, and D minor.
    """
    first, mode = song_key(reading)
    related = _RELATED_MAJOR.get(mode.rpartition(" ")[2], frozenset())  # of a harmonic minor, those of the minor
    return "major" if key and first and (pitch_of(key) - pitch_of(first)) % 12 in related else ""
