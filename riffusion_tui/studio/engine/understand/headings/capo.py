"""The key that sounds with a capo: guitarists state that of the shapes they play, so `{key: G}`, `{capo: 2}` is A.

https://www.chordpro.org/chordpro/directives-capo/
"""

from __future__ import annotations

import re

from riffusion_tui.studio.engine.song_plan import MAJOR_TONICS, MINOR_TONICS
from riffusion_tui.studio.engine.understand.figures.stated_chords import pitch_of

_FRET = re.compile(r"\d{1,2}")


def fret_of(capo: str) -> int | None:
    """Return the fret of `2`, `2nd fret` or `fret 2`; None without a number."""
    found = _FRET.search(capo)
    return int(found[0]) if found else None


def sounding_key(key: str, fret: int) -> str:
    """Return `A minor` for `G minor` and the second fret; a mode without a tonic stays."""
    tonic, _, mode = key.partition(" ")
    if not tonic[:1].isupper() or not fret:
        return key
    tonics = MINOR_TONICS if mode == "minor" else MAJOR_TONICS
    return f"{tonics[(pitch_of(tonic) + fret) % 12]} {mode}".rstrip()
