"""Reads all that a prompt states in figures or notation, and the languages that it names.

Each reader returns `Stated` values with the characters they cover, so that no other reader interprets these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from riffusion_tui.studio.engine.understand.figures.decades import read_years
from riffusion_tui.studio.engine.understand.figures.key_signature import read_keys
from riffusion_tui.studio.engine.understand.figures.keys_beside_genres import read_capos, read_keys_beside_genres
from riffusion_tui.studio.engine.understand.figures.length_figures import read_lengths
from riffusion_tui.studio.engine.understand.figures.meter_figures import read_meters, read_swings
from riffusion_tui.studio.engine.understand.figures.moments import times_of_day
from riffusion_tui.studio.engine.understand.figures.stated import Stated
from riffusion_tui.studio.engine.understand.figures.stated_chords import key_of, mode_of, read_chords
from riffusion_tui.studio.engine.understand.figures.stated_title import read_titles
from riffusion_tui.studio.engine.understand.figures.structure_figures import read_structure_figures
from riffusion_tui.studio.engine.understand.figures.tempo_figures import read_tempos
from riffusion_tui.studio.engine.understand.words.languages import codes
from riffusion_tui.studio.engine.understand.words.lexicon import context_words


def read_stated(text: str) -> tuple[Stated, ...]:
    """Return everything that `text` states in figures or notation, in order and without overlaps."""
    covered = bytearray(len(text))
    for start, end in times_of_day(text):
        covered[start:end] = b"\1" * (end - start)
    found: dict[Stated, None] = {}
    spans: set[tuple[int, int]] = set()
    readers = (
        read_titles, read_swings, read_chords, read_tempos, read_meters, read_structure_figures,
        read_lengths, read_capos, read_keys, read_keys_beside_genres, read_years, _read_languages,
    )  # fmt: skip
    for stated in (stated for reader in readers for stated in reader(text)):
        span = stated.start, stated.end
        if span in spans or not any(covered[stated.start : stated.end]):
            found[stated] = None
            spans.add(span)
            covered[stated.start : stated.end] = b"\1" * (stated.end - stated.start)
    return (*found, *_implied(list(found)))


def _implied(found: list[Stated]) -> Iterator[Stated]:
    """Yield the key and the mode that chords imply, if the prompt doesn't state them."""
    chords = next((one for one in found if one.kind == "chords"), None)
    if chords is None:
        return
    stated = {one.kind: one.value for one in found}
    key, mode = key_of(chords.value) or (stated.get("key", ""), mode_of(chords.value))
    if key and "key" not in stated:
        yield Stated("key", key, chords.start, chords.end)
    if mode and "mode" not in stated and stated.get("key", key) == key:
        yield Stated("mode", mode, chords.start, chords.end)


@cache
def _language_pattern() -> re.Pattern[str]:
    names = "|".join(sorted(codes(), key=len, reverse=True))
    other = "|".join(context_words("not sung"))
    within = rf"\b(?:in|en|em|auf)\s+(?P<within>{names})\b(?!\s+(?:{other})\b)"
    before = rf"\b(?P<before>{names})(?=[ -](?:lyrics?|words|language|text)\b)"
    return re.compile(f"{within}|{before}", re.IGNORECASE)


def _read_languages(text: str) -> Iterator[Stated]:
    for found in _language_pattern().finditer(text):
        group = "within" if found["within"] else "before"
        yield Stated.at("language", codes()[found[group].lower()], found, group)
