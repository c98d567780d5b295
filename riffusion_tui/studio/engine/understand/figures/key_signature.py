"""Reads keys and modes: `A minor`, `F#m`, `in Bb`, `D dorian`, `minor key`, `fis-Moll`, `en ré mineur`, `raga yaman`.

The article "a" is not a key, as in "a minor setback", "in a major way" and "I am".

"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from riffusion_tui.studio.engine.datafiles import names_by_word, split_words
from riffusion_tui.studio.engine.understand.figures.stated import Stated
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


_NOTES, _ACCIDENTALS, _FOREIGN_MODES, _RAGAS = (
    names_by_word("lexicon/notes.toml", table) for table in ("names", "accidentals", "modes", "ragas")
)
_SIDES = {
    "A": ("minor", split_words("Ab, Eb, Bb, F, C, G, D, A, E, B, F#, C#")),
    "B": ("major", split_words("B, F#, Db, Ab, Eb, Bb, F, C, G, D, A, E")),
}
"""The modes on both sides of the Camelot wheel, and their tonics from 1 to 12."""
_ENGLISH = {"major": "major", "minor": "minor"}
_GERMAN_MODES = {"dur": "major", "moll": "minor"}
_GERMAN = re.compile(
    r"(?<![\w'’])(?:([A-H])(is|es)?|([AE])s)[\s-]+(dur|moll)\b|(?<![\w'’])(?:(H)|([A-G])(is))[\s-]+(major|minor)\b",
    re.IGNORECASE,
)
"""`fis-Moll`, `Es-Dur`, `H minor`; `B-Dur` is in B flat, `B major` is not."""
_NAMED = re.compile(
    r"(?:^|[,;(|]\s*|\b(?:in|en|em|в|у|tonalité|tonalidad|tonalidade|tonalità|тональность)\s*:?\s+)"
    rf"({'|'.join(_NOTES)})(?:[ -]({'|'.join(_ACCIDENTALS)}))?[ -]"
    rf"({'|'.join(_FOREIGN_MODES)})(?=\s*(?:$|[,.;:)|!\n]))",
    re.IGNORECASE,
)
"""`en ré mineur`; not `la mayor fiesta`."""
_CAMELOT = re.compile(
    r"(?:^|[,;|]\s*|\b(?i:key|camelot)[ :=]\s*)(?P<number>1[0-2]|[1-9])(?P<side>[AB])"
    r"(?=\s*(?:$|[,;|.)\n]|(?i:camelot|key)\b))"
)
"""A key as DJs number them: `house, 124 bpm, 8A`."""
_FOREIGN_MODE = re.compile(
    rf"\b(?:in|en|em)\s+(?:modo\s+)?({'|'.join(_FOREIGN_MODES | _GERMAN_MODES)})(?=\s*(?:$|[,.;:)|!\n]))", re.IGNORECASE
)
"""`Klavierstück in Moll`, `en modo menor`."""

_RAGA = re.compile(
    rf"\b(?:raga|raag|ragam|rag)[\s:-]+({'|'.join(_RAGAS)})\b|\b({'|'.join(_RAGAS)}) rag(?:a|am)?\b", re.IGNORECASE
)
"""`raga yaman`."""


def _foreign_keys(text: str) -> Iterator[Stated]:
    """Yield the keys and modes in `text`; each key has its mode."""
    for found in _GERMAN.finditer(text):
        letter = (found[1] or found[3] or found[5] or found[6]).upper()
        sharp = (found[2] or found[7] or "").lower() == "is"
        flat = found[2] or found[3] or letter == "B"
        tonic = "B" if letter == "H" else letter
        yield Stated.at("key", tonic + ("#" if sharp else "b" if flat else ""), found)
        yield Stated.at("mode", (_GERMAN_MODES | _ENGLISH)[(found[4] or found[8]).lower()], found)
    for found in _NAMED.finditer(text):
        accidental = _ACCIDENTALS[found[2].lower()] if found[2] else ""
        yield Stated("key", _NOTES[found[1].lower()] + accidental, found.start(1), found.end())
        yield Stated("mode", _FOREIGN_MODES[found[3].lower()], found.start(1), found.end())
    for found in _CAMELOT.finditer(text):
        mode, tonics = _SIDES[found["side"]]
        yield Stated("key", tonics[int(found["number"]) - 1], found.start("number"), found.end("side"))
        yield Stated("mode", mode, found.start("number"), found.end("side"))
    for found in _RAGA.finditer(text):
        name = found.lastindex or 0
        yield Stated.at("mode", _RAGAS[found[name].lower()], found, name)
    for found in _FOREIGN_MODE.finditer(text):
        yield Stated("mode", (_FOREIGN_MODES | _GERMAN_MODES)[found[1].lower()], found.start(1), found.end())


def read_keys(text: str) -> Iterator[Stated]:
    """Yield each `key`, `new key`, `mode` and `new mode` in `text`.

    A key with its mode yields both. A new key is one that the song changes to.
    """
    found = list(_read(text))
    ends = {one.end for one in found}
    for one in found:
        yield replace(one, kind=f"new {one.kind}") if _is_new(text, one.start, ends) else one


def _is_new(text: str, start: int, ends: Collection[int]) -> bool:
    """Whether the song changes to the key at `start`, since a word such as `modulates to` or another key precedes."""
    if _BEFORE_NEW.search(text[max(0, start - _MAX_CHANGE) : start]):
        return True
    return any(end < start and _BETWEEN_KEYS.fullmatch(text, end, start) for end in ends)


def _read(text: str) -> Iterator[Stated]:
    """Yield keys and modes, wherever they are."""
    low = text.lower()
    if "key" in low:
        for found in _KEY_OF.finditer(text):
            yield from _both(found)
    yield from _foreign_keys(text)  # `in B dur` is not in B
    if _NOTE.search(text):
        yield from _notes(text)
    if any(stem in low for stem in _STEMS):
        modes = (_MODE_ALONE, _STRONG_MODE, _BLUES, _MODE_TAG, _IN_MODE)
        for found in (one for pattern in modes for one in pattern.finditer(text)):
            yield Stated.at("mode", _mode(found[1]), found)
        for found in _MODE_REFUSED.finditer(text):
            yield Stated.at("mode", _mode(found["mode"]), found, "said")


def _notes(text: str) -> Iterator[Stated]:
    """Yield keys that begin with a note name."""
    for found in _FULL.finditer(text):
        if _is_key(text, found):
            yield from _both(found)
    for found in _SHORT.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if found[0] != "Am" or _ARTICLE_OK.search(before) or _ENDS.match(text, found.end()):
            yield from _both(found)
    for found in (*_LETTER_KEY.finditer(text), *_in_keys(text), *_SHARP_ALONE.finditer(text)):
        yield Stated.at("key", _tonic(found[1], found[2] or ""), found)
    tags = list(_KEY_TAG.finditer(text))
    for found in tags if len(tags) == 1 else ():  # several are chords
        yield Stated("key", _tonic(found[1], found[2]), found.start(1), found.end(2))
    for pattern in (_CHANGE_TO, _CHANGE_FROM, _FROM_KEY_TO) if _CHANGES.search(text) else ():
        for found in pattern.finditer(text):
            yield Stated("key", _tonic(found[1], found[2] or ""), found.start(1), found.end())


def _both(found: re.Match[str]) -> Iterator[Stated]:
    yield Stated.at("key", _tonic(found[1], found[2] or ""), found)
    if found[3]:
        yield Stated.at("mode", _mode(found[3]), found)


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
