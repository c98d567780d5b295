"""Rhymes: the sound that a line ends with."""

from __future__ import annotations

import re
from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data

_LAST_WORD = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)*)\W*$")
_ENDING = re.compile(r"[aeiouy]+[^aeiouy]*e?$")


def rhyme_key(line: str) -> str:
    """Return the sound that a line or a word ends with: lines with the same key rhyme.

    Spelling decides by the letters from the last vowel on; `rhymes.toml` has the words whose spelling misleads.
    """
    found = _LAST_WORD.search(line.lower())
    if found is None:
        return ""
    word = re.sub(r"['’]", "", found[1])
    ending = _ENDING.search(word)
    return _rhymes().get(word) or (ending.group() if ending else word)


@cache
def _rhymes() -> dict[str, str]:
    groups = (line.split() for line in read_data("lyrics/rhymes.toml")["groups"].splitlines())
    return {word: group[0] for group in groups for word in group}
