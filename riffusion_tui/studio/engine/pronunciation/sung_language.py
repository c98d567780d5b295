"""In which language lyrics are: detected by their small words."""

from __future__ import annotations

import re
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data

ENGLISH = "en"


def language_of(lyrics: str, stated: str = ENGLISH) -> str:
    """Return the language in which lyrics are read, one of `letters.toml`: an ISO 639-1 code.

    Args:
        lyrics: the words, with or without headings.
        stated: the language that the prompt states, which decides if the words don't.
    """
    found = detected(lyrics, stated)
    return found or (stated if stated in read_data("letters.toml") else ENGLISH)


def detected(lyrics: str, stated: str = ENGLISH) -> str:
    """Return the language whose small words and signs are in the lyrics; empty if there are none. See `language_of`."""
    words = re.findall(r"[^\W\d_]+", lyrics.lower())
    small = {code: small_words(code) for code in read_data("delivery.toml")["small_words"]}
    alike = [frozenset(row.split()) for row in read_data("delivery.toml")["alike"].values()]
    counts = dict.fromkeys(small, 0)
    for word in words:
        found = [code for code, row in small.items() if word in row]
        if len(found) == 1 or any(set(found) <= group for group in alike):
            counts.update({code: counts[code] + 1 for code in found})
    for code, signs in read_data("delivery.toml")["signs"].items():
        counts[code] += sum(any(sign in word for sign in signs.split()) for word in lyrics.lower().split())
    best = max(counts, key=lambda code: (counts[code], code == stated, code == ENGLISH))
    return best if counts[best] else ""


@cache
def small_words(language: str) -> frozenset[str]:
    """Return the small words of a language, which are rarely stressed."""
    return frozenset(read_data("delivery.toml")["small_words"][language].split())
