"""Reads what a song is about, in the prompt's own words, and the language of its lyrics."""

from __future__ import annotations

import re
from dataclasses import replace

from riffusion_tui.studio.engine.types import Plan
from riffusion_tui.studio.engine.understand.languages import WRITTEN
from riffusion_tui.studio.engine.understand.mentions import Reading, read

_ABOUT = re.compile(
    r"\b(?:about|on the subject of|dedicated to|(?:telling|tells) the story of|tells of|lyrics on|themed around|"
    r"ode to|(?:song|lullaby|serenade|hymn|tribute|ballad|elegy)\s+(?:for|to)(?=\s+(?:my|our|(?-i:[A-Z])\w+\b)))"
    r"\s+(?!\d)([^.,;:!?\n()\[\]]{3,90})",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s+(?:in (?:the style|a \w+ style|[A-G][#b]?\b|\d)|at \d|featuring|sung by|\d+ ?bpm|for a\b|"
    r"and (?:a|the) \w+ (?:beat|melody|bassline)|and (?:an? |the )?(?:\w+ ){1,2}solo\b|plus\b|\+).*$",
    re.IGNORECASE,
)


_WORK = re.compile(
    r"\b(?:documentar(?:y|ies)|podcast|film|movie|series|show|video|vlog|game|trailer|novel|book|guide|ad|commercial)\s+$",
    re.IGNORECASE,
)


def subject(reading: Reading) -> str:
    """Return the words after "about" and similar words, without those on the sound; empty if there are none."""
    found = _ABOUT.search(reading.text)
    if not found:
        return ""
    words = found[1]
    for mention in reading.positive("instrument", "vocal"):
        at = reading.tokens[mention.at].start - found.start(1)
        if 0 < at < len(words) and " with " in words[:at]:
            words = words[: words.rindex(" with ", 0, at)]
    return _CUT.sub("", words).strip(" '\"-")


def is_about_another_work(reading: Reading) -> bool:
    """Whether "about" tells what a film, a game or the like is about, for which the music is."""
    found = _ABOUT.search(reading.text)
    return found is not None and _WORK.search(reading.text[: found.start()]) is not None


def language(reading: Reading, usual: str = WRITTEN) -> str:
    """Return the ISO 639-1 code of the lyrics' language: as stated, else the usual one, else that of the prompt."""
    return reading.first("language") or (usual if usual != WRITTEN else reading.language)


def about_as(plan: Plan, prompt: str) -> Plan:
    """Return a plan with the subject, the moods and the scenes of another prompt: what its lyrics are about."""
    reading = read(prompt)
    moods, scenes = (
        tuple(dict.fromkeys(mention.meaning for mention in reading.positive(*kinds)))
        for kinds in (("mood",), ("scene", "place", "activity"))
    )
    return replace(plan, subject=subject(reading), moods=moods, scenes=scenes)
