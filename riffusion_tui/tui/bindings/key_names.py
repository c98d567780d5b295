"""The names of keys: as settings and Textual spell them, and as they are shown."""

from __future__ import annotations

import unicodedata

_SHOWN = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "slash": "/",
    "asterisk": "*",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "full_stop": ".",
    "comma": ",",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "vertical_line": "|",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "delete": "del",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "up",
    "down": "down",
    "left": "left",
    "right": "right",
    "home": "home",
    "end": "end",
}
_NAMED = frozenset(
    {"enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"}
    | {"up", "down", "left", "right"}
    | {f"f{number}" for number in range(1, 25)}
)


def written(key: str) -> str:
    """Format a key for display: `^J`, `F5`, `?`, `shift+up`."""
    if key.startswith("ctrl+"):
        return "^" + written(key[5:]).upper() if len(key) == 6 else "^" + written(key[5:])
    if key.startswith("shift+"):
        return "shift+" + written(key[6:])
    if key.startswith("alt+"):
        return "alt+" + written(key[4:])
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    return _SHOWN.get(key, key)


def key_parts(keys: str) -> tuple[str, ...]:
    """Split several keys of one command."""
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def key_name(key: str) -> str:
    """Return Textual's name of a key written by the user (`?`, `Ctrl+J`); empty if it is invalid."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    modifiers = [modifier.lower() for modifier in modifiers]
    if any(modifier not in ("ctrl", "shift", "alt", "super") for modifier in modifiers):
        return ""
    if len(last) == 1:
        named = last if last.isalnum() else unicodedata.name(last, "").lower().replace(" ", "_").replace("-", "_")
        named = {"hyphen_minus": "minus", "solidus": "slash", "plus_sign": "plus", "low_line": "underscore"}.get(
            named, named
        )
    else:
        named = last if last in _SHOWN or last.lower() in _NAMED else ""
        named = named.lower() if named.lower() in _NAMED else named
    return "+".join([*modifiers, named]) if named else ""
