"""What a song is to be about, in the prompt's own words, and in which language it is asked for."""

from __future__ import annotations

import re

from riffusion_tui.studio.engine.understand.reading import Reading

_ABOUT = re.compile(
    r"\b(?:about|on the subject of|dedicated to|telling the story of|tells the story of|tells of|lyrics on|themed around|an ode to|ode to)\s+"
    r"(?!\d)([^.,;:!?\n()\[\]]{3,90})",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s+(?:with (?:a |an |the |some )?(?:\w+ ){0,2}(?:guitar|piano|drum|beat|vocal|synth|bass|string|voice|choir|sax|horn|groove)\w*|"
    r"in (?:the style|a \w+ style|[A-G][#b]?\b|\d)|at \d|featuring|sung by|\d+ ?bpm|for a\b|and (?:a|the) \w+ (?:beat|melody|bassline)).*$",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    r"\b(?:in|sung in|lyrics in|singing in|sings in)\s+(spanish|french|german|italian|portuguese|japanese|korean|chinese|mandarin|hindi|arabic|"
    r"russian|english|latin|swedish|turkish|polish|dutch|greek|hebrew|irish|gaelic)\b",
    re.IGNORECASE,
)
_CODES = {
    "spanish": "es", "french": "fr", "german": "de", "italian": "it", "portuguese": "pt", "japanese": "ja", "korean": "ko",
    "chinese": "zh", "mandarin": "zh", "hindi": "hi", "arabic": "ar", "russian": "ru", "english": "en", "latin": "la",
    "swedish": "sv", "turkish": "tr", "polish": "pl", "dutch": "nl", "greek": "el", "hebrew": "he", "irish": "ga", "gaelic": "ga",
}  # fmt: skip


def subject(reading: Reading) -> str:
    """The words after "about" and its like, without what speaks of the sound again; empty when there are none."""
    found = _ABOUT.search(reading.text)
    if not found:
        return ""
    words = found[1]
    for said in reading.positive("instrument", "vocal"):
        at = reading.tokens[said.at].start - found.start(1)
        if 0 < at < len(words) and " with " in words[:at]:
            words = words[: words.rindex(" with ", 0, at)]
    return _CUT.sub("", words).strip(" '\"-")


def language(reading: Reading) -> str:
    """The language code that the prompt asks the words to be in; English when it asks for none."""
    found = _LANGUAGE.search(reading.text)
    return _CODES[found[1].lower()] if found else "en"
