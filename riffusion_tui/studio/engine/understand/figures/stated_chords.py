"""Chords that a prompt states: `C G Am F`, `chords: Dm7 - G7 - Cmaj7`, `I-V-vi-IV`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from riffusion_tui.studio.engine.datafiles import names_by_word
from riffusion_tui.studio.engine.understand.figures.stated import Stated

_MIN_CHORDS = 3
"""Fewer letters in a row are no progression."""
_MAX_CHORDS = 16
_MAX_UNKNOWN = 12
"""Characters after the root of an unknown chord, at most."""
_PAIR = 2
"""As few are one if their names are no pitches or sizes: `Fmaj7#11 | E7#9`."""
_BETWEEN = r"(?:\s*(?:[-–—>→|,/]|->|=>)\s*|\s+)"
_ROOT = r"[A-G][#♯b♭]?"
_ROMAN = r"[b♭#♯]?(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(?:°|o|maj7|m7b5|7|9|6)?"
_NUMERALS = re.compile(rf"(?<![\w'’#]){_ROMAN}(?:{_BETWEEN}{_ROMAN}(?![\w'’#])){{{_MIN_CHORDS - 1},{_MAX_CHORDS - 1}}}")
_FIRST = re.compile(rf"(?<![\w'’#])[A-G][^\s,;.]{{0,12}}?{_BETWEEN}[A-G]")
"""Most prompts state no chords: this finds out whether the slower expressions are needed."""
_CUE = re.compile(r"\b(?:chords?|progressions?|changes)\b[^.;\n]{0,20}$", re.IGNORECASE)
_DEGREES = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
_PARTS = ("I", "II", "III", "IV", "V", "VI", "VII")
"""In this order they number the parts of a work."""
_MAJOR = {0: "", 2: "m", 4: "m", 5: "", 7: "", 9: "m", 11: "o"}
_MINOR = {0: "m", 2: "o", 3: "", 5: "m", 7: "m", 8: "", 10: ""}
"""The triad on each degree, by its semitones above the tonic."""


def read_chords(text: str) -> Iterator[Stated]:
    """Yield the chords, separated by spaces, of each progression in `text`.

    Plain letters are chords only after a word such as `chords`: `A B C` is something else.
    """
    for found in _names().finditer(text) if _FIRST.search(text) else ():
        words = _words(found[0])
        chords = [chord for _, chord in words]
        known = [chord for word, chord in words if word == chord]
        sure = any(len(chord.rstrip("#♯b♭")) > 1 for chord in known) or bool(_CUE.search(text[: found.start()]))
        few = len(words) < _MIN_CHORDS and not (len(known) == len(words) and all(map(_is_rich, known)))
        if sure and not few and len({chord[0] for chord in chords}) > 1:
            yield Stated.at("chords", " ".join(chords), found)
    for found in _NUMERALS.finditer(text):
        numerals = re.findall(_ROMAN, found[0])
        if len({numeral.upper() for numeral in numerals}) > 1 and numerals != [*_PARTS[: len(numerals)]]:
            yield Stated.at("chords", " ".join(numerals), found)


def simplified(text: str) -> Iterator[tuple[str, str]]:
    """Yield the chords of a progression that the engine doesn't know, and those that it plays instead."""
    yield from ((word, chord) for word, chord in _words(text) if word != chord)


def _words(text: str) -> list[tuple[str, str]]:
    """Return the chords of a progression as typed and as played: an unknown `G7b9b13` as the `G7b9` it begins with."""
    known = re.compile(rf"{_ROOT}(?:{_written()})?")
    words = [found[0] for found in re.finditer(_any_chord(), text)]
    return [(word, word if _one().fullmatch(word) else known.findall(word)[0]) for word in words]


def _is_rich(chord: str) -> bool:
    """Whether a chord has a name that no pitch and no size has, as `C5` and `A4` do."""
    quality = _named(chord)[1]
    return len(quality) > 1 or quality == "7"


def key_of(chords: str) -> tuple[str, str] | None:
    """Return the key and the mode in which most of the chords are triads of the scale; None for Roman numerals."""
    if _is_roman(chords):
        return None
    named = [_named(chord) for chord in chords.split()]
    best, most = ("C", "major"), 0.0
    for place, (root, quality) in enumerate(named):
        minor = quality.startswith("m") and not quality.startswith("maj")
        triads, home = (_MINOR, "minor") if minor else (_MAJOR, "major")
        score = sum(_fits(name, kind, root, triads) for name, kind in named)
        score += 0.5 * (place == 0) + 0.25 * (place == len(named) - 1)
        if score > most:
            best, most = (root, home), score
    return best


def mode_of(chords: str) -> str | None:
    """Return the mode that Roman numerals imply: minor with `i`, major with `I`; None without either."""
    numerals = chords.split() if _is_roman(chords) else []
    return next(("minor" if one[0] == "i" else "major" for one in numerals if re.fullmatch("[iI][^IVXiv]*", one)), None)


def numerals_of(chords: str, key: str) -> tuple[str, ...]:
    """Return the chords as the engine writes them: Roman numerals relative to the major scale of `key`."""
    if _is_roman(chords):
        minor = mode_of(chords) == "minor"
        plain = chords.replace("♭", "b").replace("♯", "#").replace("°", "o").split()
        words = tuple(f"b{one}" if minor and re.match("(III|VI|VII)(?![IV])", one) else one for one in plain)
    else:
        named = (_named(chord) for chord in chords.split())
        words = tuple(f"{_DEGREES[(pitch_of(root) - pitch_of(key)) % 12]}{kind}" for root, kind in named)
    return words if len(words) != _MIN_CHORDS else (*words, words[-1])


def _is_roman(chords: str) -> bool:
    return chords.lstrip("b♭#♯")[:1] in ("I", "V", "i", "v")


def _named(chord: str) -> tuple[str, str]:
    """Return a chord's root and quality, without its bass."""
    found = _one().match(chord)
    root, quality = (found[1], found[2] or "") if found else ("C", "")
    return root.replace("♭", "b").replace("♯", "#"), _qualities().get(quality, "")


def _fits(root: str, quality: str, tonic: str, triads: dict[int, str]) -> float:
    """Return 1 if a chord's triad is of the scale, else 0; the dominant of a minor key may be major."""
    step = (pitch_of(root) - pitch_of(tonic)) % 12
    kind = (
        "o" if quality[:1] == "o" or quality == "m7b5" else "m" if quality[:1] == "m" and quality[:3] != "maj" else ""
    )
    return float(triads.get(step) == kind or (triads is _MINOR and step == 7 and not kind))


def pitch_of(name: str) -> int:
    """Return the pitch class of a note, 0 to 11 for C to B; beyond, if an accidental leaves the octave."""
    return "C D EF G A B".index(name[0].upper()) + name.count("#") - name[1:].count("b")


@cache
def _qualities() -> dict[str, str]:
    """Return the engine's quality for each way to write one; a major triad may be written `maj`."""
    rows = names_by_word("lexicon/chords.toml").items()
    signs = {word.replace("b", "♭").replace("#", "♯"): quality for word, quality in rows}
    return {"maj": "", "": "", **signs, **dict(rows)}


@cache
def _written() -> str:
    """Return an expression for what follows a chord's root, the longest first."""
    return "|".join(map(re.escape, sorted(filter(None, _qualities()), key=len, reverse=True)))


@cache
def _one() -> re.Pattern[str]:
    """Return an expression for a chord, with its root and what follows it as groups."""
    return re.compile(rf"({_ROOT})({_written()})?(?:/{_ROOT})?(?![\w#(])")


@cache
def _any_chord() -> str:
    """Return an expression for a chord, known or not: an unknown one has figures or brackets."""
    known = rf"{_ROOT}(?:{_written()})?(?:/{_ROOT})?(?![\w'’#♯♭()+])"
    unknown = rf"{_ROOT}(?=[^\s,;|/>→–—]*[\d(])[\w#♯♭()+°øΔ-]{{1,{_MAX_UNKNOWN}}}(?![\w'’])"
    return rf"(?:{known}|{unknown})"


@cache
def _names() -> re.Pattern[str]:
    """Return an expression for a progression."""
    one = _any_chord()
    return re.compile(rf"(?<![\w'’#]){one}(?:{_BETWEEN}{one}){{{_PAIR - 1},{_MAX_CHORDS - 1}}}")
