"""How loud the song is from beginning to end: `very quiet at first, then … loud`, `starts soft, ends huge`."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.studio.engine.understand.reading.mentions import Reading
from riffusion_tui.studio.engine.understand.words import tables
from riffusion_tui.studio.engine.understand.words.lexicon import context_words
from riffusion_tui.studio.engine.understand.words.mention import positions

_NEAR = 3
"""Words after a loud or quiet word that can say of which section it is, at most."""


def course(reading: Reading) -> Iterator[str]:
    """Yield the hints of a song that gets loud or quiet: `builds up` and an ending; of single sections `quiet-loud`."""
    words = reading.norms
    negated = positions(one for one in reading.mentions if one.negated)
    quiet = _first(words, "quiet words", negated)
    loud = _first(words, "loud words", negated)
    if quiet is None or loud is None:
        return
    first, last = sorted((quiet, loud))
    if context_words("turns").isdisjoint(words[first + 1 : last]):
        return
    if _is_of_a_section(words, quiet) and _is_of_a_section(words, loud):
        yield "quiet-loud"
    elif quiet < loud:
        again = _first(words[loud:], "quiet words", {at - loud for at in negated}) is not None
        yield from ("builds up", "quiet ending" if again else "big ending")
    else:
        yield "quiet ending"


def _first(words: list[str], name: str, negated: set[int]) -> int | None:
    listed = context_words(name)
    return next((at for at, word in enumerate(words) if word in listed and at not in negated), None)


def _is_of_a_section(words: list[str], at: int) -> bool:
    """Whether it describes verses or choruses only: `quiet verses`, `loud in the chorus`."""
    return any(word in tables.sections() for word in words[at + 1 : at + 1 + _NEAR])
