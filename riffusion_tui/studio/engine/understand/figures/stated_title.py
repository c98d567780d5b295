"""Reads the title that a prompt gives the song: `called "Blue Door"`, `title: Blue Door`, `name it Blue Door`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.figures.stated import TITLE, Stated
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.matching import meaning_of
from riffusion_tui.studio.engine.understand.words.tables import word_lists
from riffusion_tui.studio.engine.understand.words.tokens import normalize

_MAX_TITLE = 80
"""Characters of the longest title that is read."""
_QUOTED = (
    rf"(?:[\"“”„«](?P<double>[^\"“”„«»\n]{{1,{_MAX_TITLE}}})[\"“”»]"
    rf"|['‘‚](?P<single>[^\n]{{1,{_MAX_TITLE}}}?)['’‘](?!\w))"
)
_SMALL = r"(?:a|an|the|of|in|on|to|for|and|with|my|you|me|at|by|is|no)"
_CAPITALS = rf"(?P<capitals>[A-Z][\w'’-]*(?:\s+(?:{_SMALL}\s+){{0,3}}(?:[A-Z][\w'’-]*|\d+)){{0,7}})"
_WORDS = rf"(?P<words>[^\W_][^,.;:!?()\[\]{{}}\n\"“”„«»]{{0,{_MAX_TITLE - 1}}})"
_SMALL_LETTERS = r"(?!to\b)(?P<words>[a-z][\w'’-]*(?:\s+(?!with\b|in\b|at\b|and\b)[\w'’-]+){0,4})"
_WORK = r"(?:song|track|tune|piece)"
_COLON = re.compile(
    rf"(?:^|(?<=[\s,.;(\[*_]))(?i:(?:(?:{_WORK}(?:['’]s)?|working)\s+)?(?:title|titel|titre|título|titolo)"
    rf"|{_WORK}(?:['’]s)?\s+name|(?<![^\n,.;(\[] )name)"
    rf"\s*[:=][*_]{{0,3}}\s*(?:{_QUOTED}|{_WORDS})"
)
"""A label and a title; of Markdown, too: `**Title:** Blue Door`."""
_IS = r"(?:is|should be|shall be|must be|will be)"
_ORDER = r"(?:(?<=^)|(?<=[,.;!\n])\s*|(?<=[,.;!\n] and )|(?<=[,.;!\n] then ))(?:please\s+|let['’]s\s+|you can\s+)?"
_TITLED = re.compile(
    r"(?i:\b(?:titled|entitled|intitulée?|titulad[ao]|intitolat[ao]|with the title(?: of)?"
    rf"|(?:whose|the|its|{_WORK}(?:['’]s)?) title {_IS}|(?:its|{_WORK}(?:['’]s)?) name {_IS}"
    rf"|(?:title|name) of (?:the|this|my) {_WORK} {_IS}|give (?:it|the {_WORK}) the (?:title|name)(?: of)?)"
    rf"|{_ORDER}(?:name|title) (?:it|(?:the|this) {_WORK}))"
    rf"\s*:?\s+(?:{_QUOTED}|{_CAPITALS}|{_SMALL_LETTERS})"
)
_NAMED = re.compile(
    rf"(?i:{_ORDER}call (?:it|(?:the|this) {_WORK})|\b{_WORK} (?:that )?(?:I|we) call(?:ed)?)"
    rf"\s*:?\s+(?:{_QUOTED}|{_CAPITALS})"
)
_CALLED = re.compile(
    r"(?P<before>[^\W\d_]+)(?P<comma>,?)\s+(?:(?:that|which)(?:'s| is)\s+)?(?i:called|named)\s+"
    rf"(?:{_QUOTED}|{_CAPITALS})"
)


def read_titles(text: str) -> Iterator[Stated]:
    """Yield each title that `text` gives the song, with the phrase that does."""
    for found in (one for pattern in (_COLON, _TITLED, _NAMED, _CALLED) for one in pattern.finditer(text)):
        groups = found.groupdict()
        before, comma = groups.pop("before", None), groups.pop("comma", None)
        quoted = not groups.get("capitals")
        title = next((part for part in groups.values() if part), "").strip(" ,.;:-–—*_")
        called = text[: found.end("before")] if comma and quoted and before else before or ""
        if title and (before is None or _is_music(called, quoted=quoted) or _is_for(text[: found.end("before")])):
            yield Stated(TITLE, _written(title), found.end("before") if before else found.start(), found.end())


def _written(title: str) -> str:
    """Return a title as it is written: with capitals, if it has none."""
    words = title.split()
    if not title.islower():
        return " ".join(words)
    small = re.compile(rf"{_SMALL}\Z")
    return " ".join(word if at and small.match(word) else word[:1].upper() + word[1:] for at, word in enumerate(words))


def _is_for(text: str) -> bool:
    """Whether a clause ends with what the music is for, and not about: `theme for a podcast`."""
    words = [normalize(word) for word in re.split(r"[.;\n]", text)[-1].split()]
    return bool(words) and words[-1] in context_words("named works") and "about" not in words


def _is_music(called: str, *, quoted: bool) -> bool:
    """Whether what is called so is music: without quotation marks, only songs are.

    After a comma, it may be named earlier: `a song about my old truck, called "Good Boy"`.
    """
    words = [normalize(word) for word in called.split()]
    if words[-1] in word_lists("names")["kin"]:
        return False
    if not context_words("titled").isdisjoint(words):
        return True
    music = context_words("music nouns")
    return quoted and any(word in music or meaning_of((word,), "genre") is not None for word in words if word)
