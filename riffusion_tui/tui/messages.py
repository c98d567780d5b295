"""The screen's texts by key, from `TEXTS` of `texts.<language>`.

For texts with two forms (`("{n} song", "{n} songs")`), `n` selects the form. Missing translations fall back to English.
Labels of commands are in `commands.py`; a language may override them under `commands`.
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
    """Use `language` (`de`, `de_AT.UTF-8`) if there is a module for it, otherwise English; `plain`: ASCII only."""
    global _language, _plain  # process-wide, like a locale
    _plain = plain
    short = language.partition(".")[0].partition("_")[0].lower()
    _language = short if short.isalpha() and texts(short) else _DEFAULT


def message(key: str, /, **values: Any) -> str:
    """Return the text `key` with `values` filled in; `n`, a number, selects singular or plural.

    Raises:
        KeyError: unknown key, which is a bug found by the tests.
    """
    text = texts(_language).get(key) or texts(_DEFAULT)[key]
    if not isinstance(text, str):
        text = text[0] if values.get("n") == 1 else text[1]
    if _plain:
        text = text.translate(_ASCII)
    return text.replace("{n}", "{n:,}").replace("{of}", "{of:,}").format(**values) if values else text


def translated(key: str, english: str) -> str:
    """Return the translation of `key`, or `english`."""
    text = str(texts(_language).get(key, english))
    return text.translate(_ASCII) if _plain else text


@cache
def texts(language: str) -> Mapping[str, str | tuple[str, str]]:
    """Return a language's texts by dotted key (`status.waits`); empty if there is no module."""
    try:
        return _flat(import_module(f"riffusion_tui.tui.texts.{language}").TEXTS)
    except ModuleNotFoundError:
        return {}


def _flat(table: Mapping[str, Any], above: str = "") -> dict[str, str | tuple[str, str]]:
    flat: dict[str, str | tuple[str, str]] = {}
    for name, held in table.items():
        flat |= _flat(held, f"{above}{name}.") if isinstance(held, dict) else {f"{above}{name}": held}
    return flat
