"""Parse a song's waveform and timed lyrics, which come in several formats.

The vendor documents both only as "JSON in a string" (https://useapi.net/docs/api-riffusion-v1). Supported are the
formats of this project's studio and those that public players of such songs accept.
"""

from __future__ import annotations

from itertools import islice, pairwise
from typing import Any

from riffusion_tui.clean import clean_line
from riffusion_tui.services import json_values

MAX_POINTS = 2_000
"""Maximum number of peaks; a terminal is at most a few hundred columns wide."""
MAX_LINES = 2_000
_GAP_S = 0.8
"""Pause between words that ends a line, in seconds."""
_LONG_LINE = 60
_LISTS = ("lines", "words", "segments", "data", "peaks", "samples", "waveform", "lyrics")

Timed = tuple[float, str]


def waveform(value: Any) -> tuple[float, ...]:
    """Parse peaks as numbers from 0 to 1, from a list of numbers or [low, high] pairs, plain or in a field."""
    points = [peak for item in _listed(value) if (peak := _peak(item)) is not None]
    if len(points) > MAX_POINTS:
        edges = [len(points) * index // MAX_POINTS for index in range(MAX_POINTS + 1)]
        points = [max(points[start:end]) for start, end in pairwise(edges)]
    loudest = max(points, default=0.0)
    return tuple(point / loudest for point in points) if loudest > 1 else tuple(points)


def _peak(item: Any) -> float | None:
    if isinstance(item, list):
        return max((abs(found) for one in item[:4] if (found := json_values.number(one)) is not None), default=None)
    found = json_values.number(item)
    return None if found is None else abs(found)


def timed_lyrics(value: Any) -> tuple[Timed, ...]:
    """Parse (second, line) pairs, sorted by time; single words are joined into lines."""
    pairs: list[Timed] = []
    words: list[Timed] = []
    for item in islice(_listed(value), MAX_LINES * 10):
        at = _start(item)
        if at is None:
            continue
        if line := _line(item):
            pairs.append((at, line))
        elif word := json_values.text(item, "word"):
            words.append((at, word))
    return tuple(sorted([*pairs, *_joined(sorted(words))])[:MAX_LINES])


def timed_words(value: Any) -> tuple[Timed, ...]:
    """Read (second, word) pairs in order of time: the `words` inside lines, or a list of words alone."""
    words: list[Timed] = []
    for item in islice(_listed(value), MAX_LINES * 10):
        inner = json_values.record(item).get("words")
        for one in inner[:MAX_LINES] if isinstance(inner, list) else [item]:
            at, word = _start(one), json_values.text(json_values.record(one), "word")
            if at is not None and (shown := clean_line(word, _LONG_LINE).strip()):
                words.append((at, shown))
    return tuple(sorted(words)[: MAX_LINES * 10])


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), None)
    return value if isinstance(value, list) else []


def _start(item: Any) -> float | None:
    if isinstance(item, list):
        found = json_values.number(item[0]) if item else None
    else:
        fields = json_values.record(item)
        found = next(
            (
                at
                for name in ("start", "start_s", "time", "t")
                if (at := json_values.number(fields.get(name))) is not None
            ),
            None,
        )
        if found is None and (thousandths := json_values.number(fields.get("start_ms"))) is not None:
            found = thousandths / 1000
    return found if found is not None and found >= 0 else None


def _line(item: Any) -> str:
    text = item[-1] if isinstance(item, list) else json_values.text(item, "text", "line", "lyric")
    return clean_line(text, 1000) if isinstance(text, str) else ""


def _joined(words: list[Timed]) -> list[Timed]:
    """Join words into lines: a line ends at a break in the text, a pause, or a word past the usual length."""
    lines: list[Timed] = []
    began, sung, last = 0.0, "", 0.0
    for at, word in words:
        if sung and ("\n" in sung[-1:] or at - last > _GAP_S or len(sung) > _LONG_LINE):
            lines.append((began, clean_line(sung)))
            sung = ""
        if not sung:
            began = at
        sung += ("" if word.startswith(" ") or not sung else " ") + word
        last = at
    return [*lines, (began, clean_line(sung))] if sung.strip() else lines
