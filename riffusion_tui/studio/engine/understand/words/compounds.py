"""Words of two parts, read as two English words: `Technobeat`, `Orgelmusik`, `3tpt`."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data

_MARKS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})


@cache
def compound(word: str) -> tuple[int, str, str] | None:
    """Return the length of a compound's first part, and both parts in English; None if `word` is none.

    Args:
        word: in small letters, without accents.
    """
    player = word.lstrip("0123456789")
    if player != word:
        number, last = word[: len(word) - len(player)], _parts("counted").get(player)
        return (len(number), number, last) if last else None
    if not word.endswith(_endings()) or word in _parts("whole"):
        return None
    for at in range(3, len(word) - 2):
        first, last = _parts("first").get(word[:at]), _parts("last").get(word[at:])
        if first and last:
            return at, first, last
    return None


def parts_of(word: str) -> tuple[str, ...]:
    """Return both parts of a compound in English, or another word itself."""
    found = compound(word)
    return found[1:] if found is not None else (word,)


@cache
def _endings() -> tuple[str, ...]:
    return tuple(_parts("last"))


@cache
def _parts(name: str) -> dict[str, str]:
    """Return the English word for each first or last part."""
    rows = read_data("lexicon/compounds.toml")[name].items()
    return {word.strip().translate(_MARKS): english for english, words in rows for word in words.split(",")}
