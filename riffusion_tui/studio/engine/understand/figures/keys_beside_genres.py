"""Reads keys and modes as musicians write them beside a genre: `G blues`, `blues, E`, `bossa in d`, `minor waltz`.

Capitals matter: `a blues` has an article, and `samba e bossa` a Portuguese word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.studio.engine.song_plan import MAJOR_TONICS, MINOR_TONICS
from riffusion_tui.studio.engine.understand.figures.stated import Stated
from riffusion_tui.studio.engine.understand.figures.stated_chords import pitch_of
from riffusion_tui.studio.engine.understand.words.lexicon import context, context_words, lexicon
from riffusion_tui.studio.engine.understand.words.matching import Match, match
from riffusion_tui.studio.engine.understand.words.tokens import Token, tokenize

_ACCIDENTAL = r"(?P<accidental>[#♯b♭](?!\w)|[ -](?:sharp|flat)\b)?"
_KEY = re.compile(rf"(?<![\w'’#&.-])(?P<letter>[A-G]){_ACCIDENTAL}(?![\w'’#&-]|\.\w)")
_IN_SMALL = re.compile(
    rf"\b[Ii]n\s+(?P<letter>[a-g]){_ACCIDENTAL}(?=\s*(?:$|[,;:)|!\n]|\.(?!\w)|\b(?:with|at|about|for|featuring|but)\b))"
)
"""`bossa in d`; not `in a bar`, `in a 6/8`."""
_MODE = re.compile(r"(?<![\w'’-])(?P<before>an?\s+)?(?P<mode>minor|major)\s(?=\w)", re.IGNORECASE)
_FRET = r"\bcapo\s+(?:(?:on|at)\s+)?(?:the\s+)?(?:fret\s+)?(?P<fret>1[01]|[1-9])(?:st|nd|rd|th)?(?:\s+fret)?"
_SHAPE = r"(?P<shape>(?-i:[A-G]))(?P<mark>[#♯b♭])?(?P<minor>m|\s+minor)?[ -](?:shapes?|chords?|position|form)\b"
_CAPOS = tuple(
    re.compile(capo, re.IGNORECASE)
    for capo in (
        rf"{_FRET}[\s,;:-]*(?:(?:with|in|using|and|playing|play|played)\s+)?(?:the\s+)?{_SHAPE}",
        rf"{_SHAPE}[\s,;:-]*(?:(?:with|and)\s+)?(?:a\s+)?{_FRET}",
    )
)
_ENDS = re.compile(r"\s*(?:$|[,;:)|!\n]|\.(?!\w)|(?:at\s+)?\d|\b(?:with|at|about|for|featuring|but)\b)")
_ENDS_CLAUSE = re.compile(r"\s*(?:$|[,;|\n]|\.(?!\w)|\d)")
_CLAUSE = re.compile(r"(?:^|[,;|\n])\s*$")
_ALONE = re.compile(r"\s*(?:$|[,;|\n])")


def read_keys_beside_genres(text: str) -> Iterator[Stated]:
    """Yield each mode before a genre, and each key without a mode beside one, between commas or in small letters."""
    for found in _IN_SMALL.finditer(text):
        yield _key(found)
    letters, modes = list(_KEY.finditer(text)), list(_MODE.finditer(text))
    tokens = tokenize(text) if letters or modes else ()
    phrases = match(tokens, frozenset())
    for found in modes:
        if _is_of_a_genre(text, tokens, phrases, found):
            yield Stated.at("mode", found["mode"].lower(), found, "mode")
    free = [one for one in letters if not any(_covers(tokens, phrase, one.start()) for phrase in phrases)]
    tags = [one for one in free if _stands_alone(text, one)]
    if len(tags) == 1 and any(_is_a_genre(phrase) for phrase in phrases):  # several are chords, or parts
        yield _key(tags[0])
    for one in free:
        if _precedes_a_genre(text, tokens, phrases, one) or _follows_a_genre(text, tokens, phrases, one):
            yield _key(one)


def read_capos(text: str) -> Iterator[Stated]:
    """Yield the key that sounds with a capo, and the mode of a minor chord's shape: `capo 3, G shape` is in B flat."""
    for found in (one for capo in _CAPOS for one in capo.finditer(text)):
        tonic = found["shape"].upper() + (found["mark"] or "").replace("♯", "#").replace("♭", "b")
        tonics = MINOR_TONICS if found["minor"] else MAJOR_TONICS
        yield Stated.at("key", tonics[(pitch_of(tonic) + int(found["fret"])) % 12], found)
        if found["minor"]:
            yield Stated.at("mode", "minor", found)


def _is_of_a_genre(text: str, tokens: tuple[Token, ...], phrases: tuple[Match, ...], found: re.Match[str]) -> bool:
    """Whether a mode is that of the genre after it: `minor swing, 200 bpm`; not `a major rock anthem`."""
    after = next((one for one in phrases if tokens[one.first].start == found.end()), None)
    is_great = found["before"] is not None and found["mode"].lower() == "major"
    if is_great or after is None or not after.has("genre", "flavour"):
        return False
    following = tokens[after.last + 1 : after.last + 2]
    sung = any(not token.gap and token.norm in context_words("music") for token in following)
    return sung or bool(_ENDS.match(text, tokens[after.last].end))


def _key(found: re.Match[str]) -> Stated:
    mark = (found["accidental"] or "").strip(" -")
    sign = {"": "", "#": "#", "♯": "#", "sharp": "#"}.get(mark, "b")
    return Stated("key", found["letter"].upper() + sign, found.start("letter"), found.end())


def _covers(tokens: tuple[Token, ...], phrase: Match, at: int) -> bool:
    """Whether the letter is part of a phrase: `G funk`, `D beat`; articles mean nothing by themselves."""
    return phrase.first < phrase.last and tokens[phrase.first].start <= at < tokens[phrase.last].end


def _is_a_genre(phrase: Match) -> bool:
    return phrase.meaning("genre") is not None


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    return bool(_CLAUSE.search(text[: found.start()]) and _ALONE.match(text, found.end()))


def _precedes_a_genre(text: str, tokens: tuple[Token, ...], phrases: tuple[Match, ...], found: re.Match[str]) -> bool:
    """Whether a genre follows: `slow Bb blues`; not `Mel C pop`, nor between two genres, `Rock E Roll`."""
    at = next(place for place, token in enumerate(tokens) if token.start >= found.start())
    after = next((place for place, token in enumerate(tokens) if token.start >= found.end()), len(tokens))
    genre = next((one for one in phrases if one.first == after and _is_a_genre(one)), None)
    if genre is None or tokens[after].gap:
        return False
    first = at == 0 or tokens[at].gap != ""
    if not first and (tokens[at - 1].norm not in lexicon().known or _ends_a_genre(phrases, at - 1)):
        return False
    if found["letter"] != "A" or found["accidental"] or (not first and tokens[at - 1].typed.islower()):
        return True
    return _has_no_article(text, tokens, genre)


def _has_no_article(text: str, tokens: tuple[Token, ...], genre: Match) -> bool:
    """Whether `A` before a genre is a key, since no article goes with it: `A blues, slow`; not `A waltz, slow`."""
    last = tokens[genre.last]
    counted = last.norm in context_words("music") | context_words("works") or (last.norm,) in context("folk dances")
    return not counted and bool(_ENDS_CLAUSE.match(text, last.end)) and not text.isupper()


def _ends_a_genre(phrases: tuple[Match, ...], at: int) -> bool:
    return any(one.last == at and _is_a_genre(one) for one in phrases)


def _follows_a_genre(text: str, tokens: tuple[Token, ...], phrases: tuple[Match, ...], found: re.Match[str]) -> bool:
    """Whether a genre is right before: `12-bar blues E, slow`."""
    at = next(place for place, token in enumerate(tokens) if token.start >= found.start())
    return not tokens[at].gap and _ends_a_genre(phrases, at - 1) and bool(_ENDS.match(text, found.end()))
