"""Every text that a person reads on the screen, by key, from `texts/<language>.toml`.

A text with two forms (`["{n} song", "{n} songs"]`) is chosen by `n`. A language that lacks a key speaks English there;
commands keep their labels in their own table (`commands.py`), and a language file may override them under `commands`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_DEFAULT = "en"
_TEXTS = Path(__file__).parent / "texts"
_language = _DEFAULT
_plain = False
_ASCII = str.maketrans({"·": "-", "…": "..", "×": "x", "–": "-", "−": "-", "→": ">", "≈": "~"})


def use(language: str, *, plain: bool = False) -> None:
    """Speak `language` (`de`, `de_AT.UTF-8`) where there is a file for it, else English; `plain` keeps to ASCII."""
    global _language, _plain  # the language is the process's, as a locale is
    _plain = plain
    short = language.partition(".")[0].partition("_")[0].lower()
    _language = short if short.isalpha() and _file(short) else _DEFAULT


def say(key: str, /, **values: Any) -> str:
    """Return the text `key` with `values` filled in; `n` chooses between one and many.

    Raises:
        KeyError: there is no such text: a mistake in this program, found by its tests.
    """
    text = texts(_language).get(key) or texts(_DEFAULT)[key]
    if not isinstance(text, str):
        text = text[0] if values.get("n") == 1 else text[1]
    if _plain:
        text = text.translate(_ASCII)
    return text.format(**values) if values else text


def translated(key: str, english: str) -> str:
    """Return the language's own text for `key`, or `english`."""
    text = str(texts(_language).get(key, english))
    return text.translate(_ASCII) if _plain else text


@cache
def texts(language: str) -> dict[str, str | list[str]]:
    """Return a language's texts, tables joined by dots: `status.waits`."""
    return _flat(tomllib.loads(_file(language) or ""))


def _file(language: str) -> str | None:
    held = _TEXTS / f"{language}.toml"
    return held.read_text("utf-8") if held.is_file() else None


def _flat(table: dict[str, Any], above: str = "") -> dict[str, str | list[str]]:
    flat: dict[str, str | list[str]] = {}
    for name, held in table.items():
        flat |= _flat(held, f"{above}{name}.") if isinstance(held, dict) else {f"{above}{name}": held}
    return flat
