"""Every text that a person reads on the screen, by key, from the module `texts.<language>`.

A text with two forms (`("{n} song", "{n} songs")`) is chosen by `n`. A language that lacks a key speaks English there;
commands keep their labels in their own table (`commands.py`), and a language may override them under `commands`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

_DEFAULT = "en"
_language = _DEFAULT
_plain = False
_ASCII = str.maketrans({"·": "-", "…": "..", "×": "x", "–": "-", "−": "-", "→": ">", "≈": "~"})


def use(language: str, *, plain: bool = False) -> None:
    """Speak `language` (`de`, `de_AT.UTF-8`) where there is a file for it, else English; `plain` keeps to ASCII."""
    global _language, _plain  # the language is the process's, as a locale is
    _plain = plain
    short = language.partition(".")[0].partition("_")[0].lower()
    _language = short if short.isalpha() and texts(short) else _DEFAULT


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
def texts(language: str) -> Mapping[str, str | tuple[str, str]]:
    """Return a language's texts, tables joined by dots: `status.waits`; none where nobody has written any."""
    try:
        return _flat(import_module(f"riffusion_tui.tui.texts.{language}").TEXTS)
    except ModuleNotFoundError:
        return {}


def _flat(table: Mapping[str, Any], above: str = "") -> dict[str, str | tuple[str, str]]:
    flat: dict[str, str | tuple[str, str]] = {}
    for name, held in table.items():
        flat |= _flat(held, f"{above}{name}.") if isinstance(held, dict) else {f"{above}{name}": held}
    return flat
