"""Reads keys and modes: `A minor`, `F#m`, `in Bb`, `key of e flat major`, `D dorian`, `minor key`.

The article "a" is not a key, as in "a minor setback", "in a major way" and "I am".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from riffusion_tui.studio.engine.understand.figures.foreign_keys import read_foreign_keys
from riffusion_tui.studio.engine.understand.words.tables import sections, word_lists

_ACCIDENTAL = r"(?:\s?[#♯♭]|b(?![a-z])|[ -]?(?:sharp|flat)\b)?"
_MODES = {word: mode for mode, words in word_lists("modes").items() for word in words}
_MODE = "|".join(word.replace(" ", "[ -]") for word in sorted(_MODES, key=len, reverse=True))
_TONAL = (
    r"(?:key|mode|scale|chords?|tonality|harmon(?:y|ies)|chord progressions?|progressions?|tone|tonal|keyed|"
    r"melod(?:y|ies)|arpeggios?)\b"
)
_LETTER = r"(?!B[\s-]+(?:dur|moll)\b)([A-G])"
"""A tonic; not that of `B-Dur`, which is B flat."""
_FULL = re.compile(rf"(?<![\w'’#]){_LETTER}({_ACCIDENTAL})[\s-]+({_MODE})\b", re.IGNORECASE)
_SHORT = re.compile(r"(?<![\w'’#])([A-G])([#♯b♭]?)(m(?:in|aj)?|M(?:aj)?)(?![\w'’#])(?!\s+I\b|\s+(?i:radio)\b)")
_KEY_OF = re.compile(
    r"\bkey(?:\s*(?:of(?: concert)?|:|=|is|in|signature of)+\s*|\s+(?=(?-i:[A-G])(?:[#♯b♭]|\s*(?:$|[,.;)\n]))))"
    rf"{_LETTER}({_ACCIDENTAL})(?:[\s-]*({_MODE}|m)\b)?(?![\w'’])",
    re.IGNORECASE,
)
_IN = re.compile(r"\b[Ii]n\s+([A-G])([#♯b♭]|[ -](?:sharp|flat)\b)?(?![\w'’-]|\.\w)")
_CHANGE = r"\b(?i:key changes?|changes? (?:the )?key|chang(?:es|ing) keys?|modulat\w+|transpos\w+)\s+"
_BARE = r"([A-G])([#♯b♭]|[ -](?:sharp|flat)\b)?(?![\w'’-]|\.\w)"
_CHANGE_TO = re.compile(rf"{_CHANGE}(?i:up |down )?(?:in)?to\s+{_BARE}")
_CHANGE_FROM = re.compile(rf"{_CHANGE}(?i:up |down )?from\s+{_BARE}")
_FROM_KEY_TO = re.compile(rf"{_CHANGE}[\w ]{{0,9}}from\s+[A-G][\w#♯♭ -]{{0,20}}?\s(?:in)?to\s+{_BARE}")
_BEFORE_NEW = re.compile(
    rf"{_CHANGE}(?i:up |down )?(?:in)?to\s+(?:the\s+)?$"
    rf"|{_CHANGE}(?i:up |down )?from\s+[A-G][\w#♯♭ -]{{0,20}}?\s(?:in)?to\s+$"
    r"|\b(?i:mov(?:es?|ing)|go(?:es|ing)|shift(?:s|ing)|switch(?:es|ing)|chang(?:es|ing))"
    r"(?: up| down)? (?:in)?to(?: the)?\s+$"
    r"|\b(?i:(?:ends?|ending|finish|finishes|finishing|close|closes|closing)(?: up)?(?: in)?|(?:last|final|second|2nd) "
    r"(?:chorus|verse|half|part|section|movement)(?: is| goes| moves| rises)?(?: up)?(?: in(?:to)?| to)?)\s+$",
)
"""Before a key that the song changes to."""
_BETWEEN_KEYS = re.compile(
    r"[\s,;.]*(?:->|=>|→|–>|(?:and\s+)?(?:then|later|afterwards)\b|(?:in)?to\b)"
    r"(?:\s+(?:goes|going|moves|moving|shifts|changes|modulates|up|down|back|on|in|into|to))*\s*",
    re.IGNORECASE,
)
"""Between the key in which the song begins and the one that it changes to."""
_MAX_CHANGE = 60
"""Characters of `_BEFORE_NEW`, at most."""
_KEY_TAG = re.compile(r"(?:^|[,;|]\s*)([A-G])([b♭#♯])\s*(?=$|[,;|\n])")
"""`country, Bb, 84 bpm`."""
_SHARP_ALONE = re.compile(r"(?<![\w'’#])([A-G])([#♯♭])(?!\w)")
_LETTER_KEY = re.compile(rf"(?<![\w'’#])([A-G])({_ACCIDENTAL})\s+key\b")
_TONAL_NEXT = re.compile(rf"\s+{_TONAL}", re.IGNORECASE)
_MODE_ALONE = re.compile(rf"\b({_MODE})[ -]{_TONAL}", re.IGNORECASE)
_BLUES = re.compile(r"\b(minor|major)(?=[ -]blues\b)", re.IGNORECASE)
_MODE_TAG = re.compile(rf"(?:^|[,;|]\s*)({_MODE})\s*(?=$|[,;|])", re.IGNORECASE)
_IN_MODE = re.compile(
    r"\bin (?:a )?(major|minor)(?=\s*(?:$|[,.;:!)|\n]|(?:with|and|but|at|for|about|featuring|then|by|from"
    rf"|(?:the )?(?:{'|'.join(sections())}))\b))",
    re.IGNORECASE,
)
"""`song in minor`; not `in major cities`."""
_MODE_REFUSED = re.compile(
    r"\b(?:not|never|nicht|no|avoid(?:s|ing)?|without|skip)\s+(?:any\s+|all\s+|the\s+)?"
    r"(?P<said>(?P<mode>major|minor)(?:\s+(?:keys|scales|modes|tonalities)\b|(?=\s*(?:$|[,;|.!]))))",
    re.IGNORECASE,
)
_STRONG_MODE = re.compile(
    r"\b(dorian|phrygian dominant|phrygian|lydian|mixolydian|locrian|aeolian|ionian|harmonic minor|melodic minor|"
    r"minor pentatonic|major pentatonic|pentatonic|whole[ -]tone|hijaz|hirajoshi|blues scale|double harmonic|"
    r"atonal|twelve[ -]tone|12[ -]tone|dodecaphonic|microtonal|chromatic scale)\b",
    re.IGNORECASE,
)
_ARTICLE_OK = re.compile(r"(?:\b(?:in|key of|key:?|key is)\s+|^\s*|[,;(|]\s*)$", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:$|[,.;:)|!\n–-]|\d|(?:with|and|at|about|for|featuring|but|around|using)\b)", re.IGNORECASE)
_LEADS_TO_A_KEY = re.compile(
    rf"\s*(?:->|=>|→|(?:and\s+)?(?:then|(?:in)?to)\b)\s*[A-G](?:[#♯b♭]|[ -](?:sharp|flat))?(?:m\b|[\s-]+(?:{_MODE})\b)"
)
"""After a key at the start, in `A minor to C major`."""

# Most prompts name no key: these two find out whether the slower expressions are needed.
_NOTE = re.compile(
    r"(?<![\w'’])(?:[B-Gb-g](?![\w'’])|[A-Ga-g][#♯♭b](?!\w)|[A-G][#♯♭b]?[mM]"
    r"|[Aa](?:\s*[#♯♭]|[\s-]+(?:sharp|flat|key|[a-z]{3})|\s*(?:$|[,.;:!)\n])))"
)
_CHANGES = re.compile("key|modulat|transpos", re.IGNORECASE)
_SHORTEST = ("min", "maj", "dur")
_STEMS = tuple(sorted({word[:4] for word in _MODES if word not in _SHORTEST} | {"min ", "maj ", "dur ", "12-t"}))


def read_keys(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield (`key`, `new key`, `mode` or `new mode`, value, start, end) for each in `text`.

    A key with its mode yields both. A new key is one that the song changes to.
    """
    found = list(_read(text))
    ends = {end for kind, _, _, end in found if kind in ("key", "mode")}
    for kind, value, start, end in found:
        yield f"new {kind}" if kind in ("key", "mode") and _is_new(text, start, ends) else kind, value, start, end


def _is_new(text: str, start: int, ends: Collection[int]) -> bool:
    """Whether the song changes to the key at `start`, since a word such as `modulates to` or another key precedes."""
    if _BEFORE_NEW.search(text[max(0, start - _MAX_CHANGE) : start]):
        return True
    return any(end < start and _BETWEEN_KEYS.fullmatch(text, end, start) for end in ends)


def _read(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield keys and modes, wherever they are."""
    low = text.lower()
    if "key" in low:
        for found in _KEY_OF.finditer(text):
            yield from _both(found)
    yield from read_foreign_keys(text)  # `in B dur` is not in B
    if _NOTE.search(text):
        yield from _notes(text)
    if any(stem in low for stem in _STEMS):
        modes = (_MODE_ALONE, _STRONG_MODE, _BLUES, _MODE_TAG, _IN_MODE)
        for found in (one for pattern in modes for one in pattern.finditer(text)):
            yield "mode", _mode(found[1]), found.start(), found.end()
        for found in _MODE_REFUSED.finditer(text):
            yield "mode", _mode(found["mode"]), found.start("said"), found.end("said")


def _notes(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield keys that begin with a note name."""
    for found in _FULL.finditer(text):
        if _is_key(text, found):
            yield from _both(found)
    for found in _SHORT.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if found[0] != "Am" or _ARTICLE_OK.search(before) or _ENDS.match(text, found.end()):
            yield from _both(found)
    for found in (*_LETTER_KEY.finditer(text), *_in_keys(text), *_SHARP_ALONE.finditer(text)):
        yield "key", _tonic(found[1], found[2] or ""), found.start(), found.end()
    tags = list(_KEY_TAG.finditer(text))
    for found in tags if len(tags) == 1 else ():  # several are chords
        yield "key", _tonic(found[1], found[2]), found.start(1), found.end(2)
    for pattern in (_CHANGE_TO, _CHANGE_FROM, _FROM_KEY_TO) if _CHANGES.search(text) else ():
        for found in pattern.finditer(text):
            yield "key", _tonic(found[1], found[2] or ""), found.start(1), found.end()


def _both(found: re.Match[str]) -> Iterator[tuple[str, str, int, int]]:
    yield "key", _tonic(found[1], found[2] or ""), found.start(), found.end()
    if found[3]:
        yield "mode", _mode(found[3]), found.start(), found.end()


def _in_keys(text: str) -> Iterator[re.Match[str]]:
    for found in _IN.finditer(text):
        if found[1] != "A" or found[2] or _ENDS.match(text, found.end()):
            yield found


def _is_key(text: str, found: re.Match[str]) -> bool:
    """Whether `a minor` is the key: a capital in mid-sentence is; `a` only where it can't be an article."""
    if found[1] not in "aA" or found[2].strip():
        return True
    before = text[max(0, found.start() - 12) : found.start()]
    if found[1] == "A" and before.strip() and not before.rstrip().endswith((".", "!", "?", ":")) and not text.isupper():
        return True
    ends = bool(_ENDS.match(text, found.end())) or bool(_LEADS_TO_A_KEY.match(text, found.end()))
    return bool(_ARTICLE_OK.search(before)) and (
        ends or (found[1] == "A" and bool(_TONAL_NEXT.match(text, found.end())))
    )


def _tonic(letter: str, accidental: str) -> str:
    mark = accidental.strip(" -").lower()
    if mark in ("#", "♯", "sharp"):
        return letter.upper() + "#"
    if mark in ("b", "♭", "flat"):
        return letter.upper() + "b"
    return letter.upper()


def _mode(word: str) -> str:
    plain = " ".join(word.lower().replace("-", " ").split())
    if word in ("m", "min"):
        return "minor"
    if word == "M":
        return "major"
    return _MODES.get(plain, "minor")
