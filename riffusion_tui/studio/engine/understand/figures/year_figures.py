"""Reads years and decades: `1985`, `'92`, `años 80`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.figures.decades import LONE_FIGURE, is_a_year
from riffusion_tui.studio.engine.understand.figures.stated import Stated

_FOREIGN_DECADE = re.compile(
    r"\b(?:años|anos|los|années|annees|anni|jaren|lat|lata)\s+(?:19)?([1-9]0)\b|\b([1-9]0)ern?(?:[- ]jahren?)?\b"
    r"|\b([1-9]0)[- ]?(?:х|е|ые|ых|ті|тих)(?:\s+(?:год|рок)\w*)?(?!\w)",
    re.IGNORECASE,
)
"""A decade in other languages: `años 80`, `80er Jahre`, `80-х`."""
_SHORT_YEAR = re.compile(r"(?<![\w'’])['’](\d)\d\b(?!['’])")
"""A year such as '92; '92' is a quotation."""
_YEAR_FROM = re.compile(r"\b(?:from|circa|summer of|back in)\s+([4-9])\d\b(?=\s*(?:$|[,.;!)\n]))", re.IGNORECASE)
"""A year such as `new wave from 82`."""
_YEAR = re.compile(r"\b(19\d|20[0-2])\d\b(?!\s*bpm)", re.IGNORECASE)


def read_years(text: str) -> Iterator[Stated]:
    """Yield the eras that a text states."""
    for found in _YEAR.finditer(text):
        yield Stated("era", f"{found[1]}0s", found.start(), found.end())
    for found in _FOREIGN_DECADE.finditer(text) if "0" in text else ():
        tens = found[1] or found[2] or found[3]
        yield Stated("era", f"19{tens}s", found.start(), found.end())
    for found in _SHORT_YEAR.finditer(text):
        century = "20" if found[1] < "3" else "19"
        yield Stated("era", f"{century}{found[1]}0s", found.start(), found.end())
    for found in LONE_FIGURE.finditer(text):
        if is_a_year(text, int(found[1])):
            yield Stated("era", f"19{found[1][0]}0s", found.start(1), found.end(1))
    for found in _YEAR_FROM.finditer(text):
        yield Stated("era", f"19{found[1]}0s", found.start(1), found.end())
