"""Words → speech sounds, one syllable per note.

English words are looked up in the CMU Pronouncing Dictionary; missing words and other languages are pronounced by
letter-to-sound rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType

from riffusion_tui.studio.engine.datafiles import read_data
from riffusion_tui.studio.engine.pronunciation.letter_sounds import VOWELS, read_letters
from riffusion_tui.studio.engine.pronunciation.numerals import spoken
from riffusion_tui.studio.engine.pronunciation.pronouncing_dictionary import listed

_ENDINGS = ("'s", "ly", "ness", "less", "ing", "ed", "s")
_OPEN = ("AA", "OW", "EH", "AA")
_MAX_LETTERS = 60
"""Of a longer word, only so many letters are pronounced."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What is sung on one note."""

    onset: tuple[str, ...]
    """Consonants before the vowel."""
    nucleus: tuple[str, ...]
    """The vowel; more sounds if two syllables share the note: `AY ER` of `fire`."""
    coda: tuple[str, ...]
    """Consonants after it."""
    begins: bool = True
    """Whether a word begins here."""


Known = Mapping[str, tuple[str, ...]]
"""Sounds of words, as `plain_word` returns them."""


def pronounce(word: str, notes: int, language: str = "en", known: Known = MappingProxyType({})) -> tuple[Sound, ...]:
    """Return a sound for each of the `notes` of a word or number; open vowels for a word in an unknown script.

    Surplus syllables share the last notes; surplus notes continue the last vowel. Words in `known` are not looked up.
    """
    parts = spoken(word, language)
    if parts:
        sounds = [sound for part in parts for sound in next(iter(_ways(part, language, known)), ())]
        return _fitted(sounds, notes)
    ways = _ways(word[:_MAX_LETTERS], language, known)
    if not ways:
        return tuple(hummed(i) for i in range(notes))
    best = min(ways, key=lambda way: abs(len(way) - notes))
    return _fitted(best, notes)


def is_read(word: str, language: str, known: Known) -> bool:
    """Whether a word's letters, or an external program, say how it is pronounced."""
    return bool(_ways(word[:_MAX_LETTERS], language, known))


def _ways(word: str, language: str, known: Known) -> list[list[Sound]]:
    """Return the syllables of each pronunciation of a word; none if its letters are unknown."""
    if plain_word(word) in known:
        spellings: tuple[tuple[str, ...], ...] = (known[plain_word(word)],)
    else:
        spellings = ways_of(word) if language == "en" else (spelled(plain_word(word), language),)
    return [_syllables(way) for way in spellings if way]


def hummed(turn: int) -> Sound:
    """Return an open vowel for a note without letters, one of several by `turn`."""
    return Sound((), (_OPEN[turn % len(_OPEN)],), ())


@lru_cache(maxsize=4096)
def ways_of(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the pronunciations of an English word, as ARPAbet sounds; the usual one first."""
    plain = re.sub(r"[^a-z']", "", _bare(plain_word(word)))
    found = _looked_up(plain) or _looked_up(plain.strip("'")) or _looked_up(plain.strip("'").replace("'", ""))
    if not found and plain.endswith("in'"):
        found = tuple((*way[:-1], "N") for way in ways_of(plain[:-1] + "g") if way[-1] == "NG")
    return found or _of_stem(plain) or ((spelled(plain),) if plain else ())


def is_listed(word: str) -> bool:
    """Whether the dictionary has an English word, or its stem."""
    plain = re.sub(r"[^a-z']", "", _bare(plain_word(word)))
    return bool(_looked_up(plain) or _looked_up(plain.strip("'")) or _of_stem(plain))


def plain_word(word: str) -> str:
    """Return a word's letters and apostrophes in lower case."""
    return "".join(c for c in word.lower().replace("’", "'") if c.isalpha() or c == "'")


def _bare(word: str) -> str:
    """Remove accents: `déjà` is looked up as `deja`."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _of_stem(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the pronunciations of a word that the dictionary has without its ending."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 3 or (ending == "s" and stem.endswith("s")):
            continue
        ways = _looked_up(stem) or (_looked_up(stem + "e") if ending in ("ing", "ed") else ())
        if ways:
            return tuple(way + _ending(ending, way[-1]) for way in ways)
    return ()


def _ending(ending: str, last: str) -> tuple[str, ...]:
    if ending in ("'s", "s"):
        if last in ("S", "Z", "SH", "ZH", "CH", "JH"):
            return ("IH", "Z")
        return ("S",) if last in ("P", "T", "K", "F", "TH") else ("Z",)
    if ending == "ed":
        if last in ("T", "D"):
            return ("IH", "D")
        return ("T",) if last in ("P", "K", "F", "TH", "S", "SH", "CH") else ("D",)
    sounds = {"ly": ("L", "IY"), "ness": ("N", "AX", "S"), "less": ("L", "AX", "S"), "ing": ("IH", "NG")}
    return sounds[ending]


def _looked_up(word: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_plain(sound) for sound in way) for way in listed(word))


def _plain(sound: str) -> str:
    """Remove the stress mark; the unstressed `AH` is a separate vowel."""
    return "AX" if sound == "AH0" else sound.rstrip("012")


def spelled(word: str, language: str = "en") -> tuple[str, ...]:
    """Return the pronunciation of a lower-case word by its letters; empty if no rule matches any of them."""
    found = [sound for _, _, sounds in read_letters(word, language) for sound in sounds]
    if found and not VOWELS.intersection(found):
        found.append("AX")
    return tuple(found)


def _syllables(way: tuple[str, ...]) -> list[Sound]:
    """Divide a word's sounds into syllables: as many consonants as can begin a syllable go to the next vowel."""
    places = [i for i, sound in enumerate(way) if sound in VOWELS]
    if not places:
        return [Sound(way, ("AX",), ())]
    starts = [0] + [_start(way, a, b) for a, b in pairwise(places)]
    ends = [*starts[1:], len(way)]
    return [
        Sound(way[start:at], (way[at],), way[at + 1 : end], begins=i == 0)
        for i, (start, at, end) in enumerate(zip(starts, places, ends, strict=True))
    ]


@cache
def _onsets() -> frozenset[str]:
    return frozenset(read_data("phones.toml")["onsets"]["clusters"])


def _start(way: tuple[str, ...], vowel: int, following: int) -> int:
    for start in range(vowel + 1, following):
        cluster = way[start:following]
        if (len(cluster) == 1 and cluster[0] != "NG") or " ".join(cluster) in _onsets():
            return start
    return following


def _fitted(sounds: list[Sound], notes: int) -> tuple[Sound, ...]:
    sounds = list(sounds)
    while len(sounds) > notes:
        between = [len(a.coda) + len(b.onset) for a, b in pairwise(sounds)]
        at = len(between) - 1 - between[::-1].index(min(between))
        a, b = sounds[at], sounds[at + 1]
        sounds[at : at + 2] = [Sound(a.onset, (*a.nucleus, *a.coda, *b.onset, *b.nucleus), b.coda, a.begins)]
    while len(sounds) < notes:
        last = sounds[-1]
        sounds[-1] = replace(last, coda=())
        sounds.append(Sound((), last.nucleus[-1:], last.coda, begins=False))
    return tuple(sounds)
