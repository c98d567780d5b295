"""Reads all that a prompt states in figures or notation, and the languages that it names.

Each reader returns `Stated` values with the characters they cover, so that no other reader interprets these words.
"""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.figures.key_signature import read_keys
from riffusion_tui.studio.engine.understand.figures.length_figures import read_lengths
from riffusion_tui.studio.engine.understand.figures.meter_figures import read_meters
from riffusion_tui.studio.engine.understand.figures.section_bars import SECTION_BARS, read_section_bars
from riffusion_tui.studio.engine.understand.figures.stated import TITLE, Stated
from riffusion_tui.studio.engine.understand.figures.stated_chords import key_of, mode_of, read_chords
from riffusion_tui.studio.engine.understand.figures.stated_title import read_titles
from riffusion_tui.studio.engine.understand.figures.structure_figures import read_structure_figures
from riffusion_tui.studio.engine.understand.figures.swing_figures import SWING, read_swings
from riffusion_tui.studio.engine.understand.figures.tempo_figures import read_tempos
from riffusion_tui.studio.engine.understand.figures.time_of_day import times_of_day
from riffusion_tui.studio.engine.understand.figures.year_figures import read_years
from riffusion_tui.studio.engine.understand.words.languages import read_languages


def read_stated(text: str) -> tuple[Stated, ...]:
    """Return everything that `text` states in figures or notation, in order and without overlaps."""
    covered = bytearray(len(text))
    for start, end in times_of_day(text):
        covered[start:end] = b"\1" * (end - start)
    found: dict[Stated, None] = {}
    spans: set[tuple[int, int]] = set()
    readers = (
        _titles, _swings, _chords, read_tempos, read_meters, _structure, read_lengths, _keys, read_years, _languages,
    )  # fmt: skip
    for stated in (stated for reader in readers for stated in reader(text)):
        span = stated.start, stated.end
        if span in spans or not any(covered[stated.start : stated.end]):
            found[stated] = None
            spans.add(span)
            covered[stated.start : stated.end] = b"\1" * (stated.end - stated.start)
    return (*found, *_implied(list(found)))


def _titles(text: str) -> Iterator[Stated]:
    for title, start, end in read_titles(text):
        yield Stated(TITLE, title, start, end)


def _chords(text: str) -> Iterator[Stated]:
    for chords, start, end in read_chords(text):
        yield Stated("chords", chords, start, end)


def _swings(text: str) -> Iterator[Stated]:
    for percent, start, end in read_swings(text):
        yield Stated(SWING, percent, start, end)


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


def _structure(text: str) -> Iterator[Stated]:
    of_sections = [Stated(SECTION_BARS, *one) for one in read_section_bars(text)]
    yield from of_sections
    own = {stated.start for stated in of_sections}
    for kind, value, start, end in read_structure_figures(text):
        if start not in own:
            yield Stated(kind, value, start, end)


def _keys(text: str) -> Iterator[Stated]:
    for kind, value, start, end in read_keys(text):
        yield Stated(kind, value, start, end)


def _languages(text: str) -> Iterator[Stated]:
    for code, start, end in read_languages(text):
        yield Stated("language", code, start, end)
