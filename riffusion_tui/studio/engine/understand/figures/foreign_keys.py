"""Reads keys as other languages name them: `fis-Moll`, `en ré mineur`, `in si bemolle maggiore`, `raga yaman`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.studio.engine.datafiles import read_data, split_words


def _meanings(table: str) -> dict[str, str]:
    """Return what each word of a table of `notes.toml` means."""
    rows = read_data("lexicon/notes.toml")[table].items()
    return {word: meaning for meaning, words in rows for word in split_words(words)}


_NAMES, _ACCIDENTALS, _MODES = _meanings("names"), _meanings("accidentals"), _meanings("modes")
_SIDES = {
    "A": ("minor", split_words("Ab, Eb, Bb, F, C, G, D, A, E, B, F#, C#")),
    "B": ("major", split_words("B, F#, Db, Ab, Eb, Bb, F, C, G, D, A, E")),
}
"""The modes on both sides of the Camelot wheel, and their tonics from 1 to 12."""
_RAGAS = _meanings("ragas")
_ENGLISH = {"major": "major", "minor": "minor"}
_GERMAN_MODES = {"dur": "major", "moll": "minor"}
_GERMAN = re.compile(
    r"(?<![\w'’])(?:([A-H])(is|es)?|([AE])s)[\s-]+(dur|moll)\b|(?<![\w'’])(?:(H)|([A-G])(is))[\s-]+(major|minor)\b",
    re.IGNORECASE,
)
"""`fis-Moll`, `Es-Dur`, `H minor`; `B-Dur` is in B flat, `B major` is not."""
_NAMED = re.compile(
    r"(?:^|[,;(|]\s*|\b(?:in|en|em|в|у|tonalité|tonalidad|tonalidade|tonalità|тональность)\s*:?\s+)"
    rf"({'|'.join(_NAMES)})(?:[ -]({'|'.join(_ACCIDENTALS)}))?[ -]"
    rf"({'|'.join(_MODES)})(?=\s*(?:$|[,.;:)|!\n]))",
    re.IGNORECASE,
)
"""`en ré mineur`; not `la mayor fiesta`."""
_CAMELOT = re.compile(
    r"(?:^|[,;|]\s*|\b(?i:key|camelot)[ :=]\s*)(?P<number>1[0-2]|[1-9])(?P<side>[AB])"
    r"(?=\s*(?:$|[,;|.)\n]|(?i:camelot|key)\b))"
)
"""A key as DJs number them: `house, 124 bpm, 8A`."""
_MODE_ALONE = re.compile(
    rf"\b(?:in|en|em)\s+(?:modo\s+)?({'|'.join(_MODES | _GERMAN_MODES)})(?=\s*(?:$|[,.;:)|!\n]))", re.IGNORECASE
)
"""`Klavierstück in Moll`, `en modo menor`."""

_RAGA = re.compile(
    rf"\b(?:raga|raag|ragam|rag)[\s:-]+({'|'.join(_RAGAS)})\b|\b({'|'.join(_RAGAS)}) rag(?:a|am)?\b", re.IGNORECASE
)
"""`raga yaman`."""


def read_foreign_keys(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield (`key` or `mode`, value, start, end) for each in `text`; each key has its mode."""
    for found in _GERMAN.finditer(text):
        letter = (found[1] or found[3] or found[5] or found[6]).upper()
        sharp = (found[2] or found[7] or "").lower() == "is"
        flat = found[2] or found[3] or letter == "B"
        yield "key", ("B" if letter == "H" else letter) + ("#" if sharp else "b" if flat else ""), *found.span()
        yield "mode", (_GERMAN_MODES | _ENGLISH)[(found[4] or found[8]).lower()], *found.span()
    for found in _NAMED.finditer(text):
        accidental = _ACCIDENTALS[found[2].lower()] if found[2] else ""
        yield "key", _NAMES[found[1].lower()] + accidental, found.start(1), found.end()
        yield "mode", _MODES[found[3].lower()], found.start(1), found.end()
    for found in _CAMELOT.finditer(text):
        mode, tonics = _SIDES[found["side"]]
        yield "key", tonics[int(found["number"]) - 1], found.start("number"), found.end("side")
        yield "mode", mode, found.start("number"), found.end("side")
    for found in _RAGA.finditer(text):
        name = found.lastindex or 0
        yield "mode", _RAGAS[found[name].lower()], found.start(name), found.end(name)
    for found in _MODE_ALONE.finditer(text):
        yield "mode", (_MODES | _GERMAN_MODES)[found[1].lower()], found.start(1), found.end()
