"""Words for numbers: `two`, `forty-five`; before an instrument also `pair`, `tres`, `4x`."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data

_MOST_PLAYERS = 12


@cache
def cardinals() -> dict[str, int]:
    """Return the numbers from 1 to 99 by their English words; those of two words have a hyphen."""
    words: dict[str, dict[str, int]] = read_data("lexicon/numbers.toml")
    ones, tens = words["ones"], words["tens"]
    compound = {f"{ten}-{one}": tens[ten] + ones[one] for ten in tens for one in ones}
    return ones | words["teens"] | tens | compound


@cache
def cardinal_pattern() -> str:
    """Return an expression, without groups, for what `number_of` reads except figures."""
    words: dict[str, dict[str, int]] = read_data("lexicon/numbers.toml")
    ones, tens = "|".join(words["ones"]), "|".join(words["tens"])
    return rf"(?:{'|'.join(words['teens'])}|(?:{tens})(?:[ -](?:{ones})\b)?|{ones})"


def number_of(typed: str) -> int:
    """Return the number of figures, or of words in any case: 32 of `32` and of `Thirty two`."""
    return int(typed) if typed.isdecimal() else cardinals()[typed.lower().replace(" ", "-")]


@cache
def numbers() -> dict[str, int]:
    """Return how many players a word or figure before an instrument means."""
    few = {word: number for word, number in cardinals().items() if number <= _MOST_PLAYERS}
    players: dict[str, int] = read_data("lexicon/numbers.toml")["players"]
    return few | {str(number): number for number in few.values()} | players


def ensemble_sizes() -> dict[str, int]:
    """Return the sizes of ensembles by their words: 3 of `trio`."""
    sizes: dict[str, int] = read_data("lexicon/ensembles.toml")["sizes"]
    return sizes
