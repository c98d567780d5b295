r"""From the editor's text to prompts: parts, alternatives, takes. Pure.

- A line of three or more dashes parts prompts.
- `{lofi|house}` stands for each of its alternatives in turn; several multiply. They don't nest.
- `×3` or `x3` at the end of a prompt's last line asks for three takes of each.
- `\{`, `\|`, `\}`, `\\` and `\---` are meant as they are. A brace without its mate, or without a `|`, is text.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_PROMPTS = 10_000
"""Prompts that one text may become."""
MAX_TAKES = 100
"""Takes that one text may ask for of each prompt."""


class MatrixError(ValueError):
    """The text asks for more than the limits allow; `str(error)` says how much, and the limit."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt of a text. `takes` is None where the text does not say."""

    text: str
    takes: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many prompts and songs a text would become, `takes` being what prompts get that don't say."""

    prompts: int
    songs: int


def expand(text: str) -> tuple[Prompt, ...]:
    """Return every prompt of `text`, in order; empty parts give none. Raises `MatrixError`."""
    raise NotImplementedError


def count(text: str, takes: int = 1) -> Count:
    """Count without expanding, so that it can follow every key. Never raises: the editor shows what is too much."""
    raise NotImplementedError
