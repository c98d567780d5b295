"""Reads the age of the person whom a song is for: `who turns 30`, `her 40th birthday`."""

from __future__ import annotations

import re

_AGE = r"(?P<{}>[1-9]\d?|1[01]\d)"
_STATED = re.compile(
    rf"\b(?:who\s+|(?:he|she)\s+)?(?:is\s+|just\s+|will\s+be\s+)?turn(?:s|ing|ed)\s+{_AGE.format('turns')}(?![\w.%:/]\w?)"
    rf"|\b(?:who|he|she)(?:['’]s|\s+is|\s+will\s+be)\s+(?:now\s+)?{_AGE.format('being')}(?![\w%:/]|\s*bpm)"
    rf"|\b{_AGE.format('birthday')}(?:st|nd|rd|th)\s+(?:birthday|b-day|bday)\b"
    rf"|\b{_AGE.format('old')}[ -]years?[ -]old\b"
    rf"|\b{_AGE.format('foreign')}\.\s*geburtstag\b",
    re.IGNORECASE,
)


def stated_age(text: str) -> tuple[int, str]:
    """Return the age in years that a prompt states first, and its words; 0 if it states none."""
    found = _STATED.search(text)
    if found is None:
        return 0, ""
    return int(next(filter(None, found.groupdict().values()))), found[0]
