"""Where a prompt says what its song is about."""

from __future__ import annotations

import re

from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.tokens import Token

ABOUT = re.compile(
    r"(?:\b(?:about|on the subject of|dedicated to|(?:telling|tells) the story of|tells of|lyrics on|themed around"
    r"|ode to|(?:song|lullaby|serenade|hymn|tribute|ballad|elegy|anthem|gift|present)\s+(?:for|to)(?=\s+(?:my|our)\s)|"
    r"in (?:loving )?(?:memory|honou?r|remembrance) of(?=\s+(?:my|our|the)\s)|(?:farewell|goodbye) to)\s+"
    r"|(?:^|(?<=[\n,.;(\[]))[ \t]*(?:about|topic|subject|theme)\s*:\s*)(?!\d)([^.,;:!?\n()\[\]]{3,90})",
    re.IGNORECASE,
)
_HOW = r"(?:\s+\w+){0,2}\s+"
"""Adjectives after a song: `canción muy triste sobre`."""
FOREIGN_ABOUT = re.compile(
    rf"\b(?:(?:lied|lieder|song){_HOW}über|canci[oó]n(?:es)?{_HOW}sobre|chansons?{_HOW}sur|canç(?:ão|ões){_HOW}sobre"
    rf"|canzon[ei]{_HOW}su(?:l|ll[oae]?|i|gli)?|песн\w+{_HOW}(?:об?|про))\b",
    re.IGNORECASE,
)
"""`song about` in other languages, in which no lyrics are written."""


def subject_places(text: str, tokens: tuple[Token, ...]) -> frozenset[int]:
    """Return the positions of the words that only say what the song is about: `skipping school`."""
    found = ABOUT.search(text)
    if not found:
        return _somebody_who_hates(tokens)
    places: list[int] = []
    for at, token in enumerate(tokens):
        if found.start(1) <= token.start < found.end(1):
            if token.norm in context_words("after a subject"):
                break
            places.append(at)
    return frozenset(places)


def _somebody_who_hates(tokens: tuple[Token, ...]) -> frozenset[int]:
    """Return the positions of the person that a phrase begins with, and what they hate: `a girl who hates singing`.

    A band is no such person, and neither is who a song is for.
    """
    cues = (at for at, one in enumerate(tokens) if one.norm in context_words("hating"))
    cue = next((at for at in cues if "who" in {token.norm for token in tokens[max(0, at - 2) : at]}), 0)
    first = next((at for at in range(cue, 0, -1) if tokens[at].begins_phrase), 0)
    person = [token.norm for token in tokens[first:cue]]
    music = context_words("music nouns") | context_words("no singer after")
    if person[:1] not in (["a"], ["an"], ["the"]) or not music.isdisjoint(person):
        return frozenset()
    end = next((at for at in range(cue, len(tokens)) if tokens[at].begins_phrase), len(tokens))
    return frozenset(range(first, end))
