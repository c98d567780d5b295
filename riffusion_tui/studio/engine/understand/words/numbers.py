"""Words for small numbers: `two`, `pair`, `tres`, `4x`."""

from __future__ import annotations

from functools import cache

from riffusion_tui.studio.engine.datafiles import read_data


@cache
def numbers() -> dict[str, int]:
    """Return the numbers by their words, and by their figures."""
    return {word: int(number) for word, number in read_data("lexicon/ensembles.toml")["numbers"].items()}


def ensemble_sizes() -> dict[str, int]:
    """Return the sizes of ensembles by their words: 3 of `trio`."""
    sizes: dict[str, int] = read_data("lexicon/ensembles.toml")["sizes"]
    return sizes
