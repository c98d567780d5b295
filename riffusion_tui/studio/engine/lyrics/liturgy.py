"""Lyrics from the Latin liturgy, for chant and for choirs that sing in Latin."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from random import Random

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.lyrics.sections import Lyrics, LyricSection, SungLine
from riffusion_tui.studio.engine.lyrics.syllables import sing
from riffusion_tui.studio.engine.song_plan import Plan
from riffusion_tui.studio.engine.understand.words.languages import LATIN


def is_liturgical(plan: Plan) -> bool:
    """Whether the words are those of the liturgy: in Latin, if the prompt does not say what the song is about."""
    return plan.language == LATIN and not plan.subject


def liturgy(plan: Plan, form: Sequence[str]) -> Lyrics:
    """Return words of the liturgy, chosen by the plan's seed; `form` are the kinds of the sections, in their order."""
    digest = hashlib.sha256(f"liturgy\0{plan.seed}\0{plan.origin}".encode("utf-8", "replace")).digest()
    chance = Random(int.from_bytes(digest[:8], "big"))
    title, hook, answer, close = chance.choice(_named(plan.prompt) or _rows("refrains", " | "))
    stanzas, verses = (chance.sample(rows, len(rows)) for rows in (_rows("stanzas"), _rows("verses")))
    lines: dict[str, list[tuple[str, ...]]] = {
        "chorus": [(hook, answer, hook, close)],
        "verse": stanzas,
        "prechorus": verses,
        "bridge": verses,
        "drop": [(hook,)],
        "ending": [(hook,)],
    }
    places = dict.fromkeys(lines, 0)
    sections = []
    for kind in form:
        given = lines.get(kind, [()])
        words = given[places.get(kind, 0) % len(given)]
        places[kind] = places.get(kind, 0) + 1
        sections.append(LyricSection(kind, tuple(_sung(line) for line in words)))
    return Lyrics(plan.title or title, tuple(sections))


def _named(prompt: str) -> list[tuple[str, ...]]:
    """Return the refrains that a prompt names: `kyrie`, `an ave maria`."""
    return [row for row in _rows("refrains", " | ") if re.search(rf"\b{row[0]}\b", prompt, re.IGNORECASE)]


def _sung(line: str) -> SungLine:
    return sing(line[:1].upper() + line[1:], LATIN)


@cache
def _rows(name: str, mark: str = " / ") -> list[tuple[str, ...]]:
    text: str = read_data("lyrics/latin.toml")[name]
    return [tuple(part.strip() for part in line.split(mark)) for line in text.strip().splitlines()]
