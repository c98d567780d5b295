"""Change values in a TOML file that a person writes too: comments, layout and all other values stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, TypeAlias

Scalar: TypeAlias = "bool | int | float | str"
_Table: TypeAlias = "MutableMapping[str, Any]"


def edited(text: str, wanted: Mapping[str, Mapping[str, Any]]) -> str:
    """Return TOML `text` in which each table of `wanted` has the values that it names there.

    Args:
        text: what the file says; it must be TOML.
        wanted: table → name → value, None to take it out. A value may be a table by itself, which is replaced whole
            where it differs. A name with dots is found by its dotted and by its quoted spelling.
    """
    import tomlkit  # only where such a file is written

    document: Any = tomlkit.parse(text)
    for table, values in wanted.items():
        if table not in document:
            document[table] = tomlkit.table()
        for name, value in values.items():
            _change(document[table], name, value)
    return tomlkit.dumps(document)


def _change(table: _Table, name: str, value: Scalar | Mapping[str, Any] | None) -> None:
    there, last = _place(table, name)
    if value is None:
        there.pop(last, None)
    elif isinstance(value, Mapping) and isinstance(there.get(last), MutableMapping):
        inner = there[last]
        for key in [key for key in inner if key not in value]:
            del inner[key]
        for key, one in value.items():
            _change(inner, key, one)
    elif last not in there or there[last] != value or type(there[last]) is bool:
        there[last] = _item(value)


def _place(table: _Table, name: str) -> tuple[_Table, str]:
    """Return the table and the key that `name` stands for: as it is, or dotted through tables that are there."""
    parts = name.split(".")
    here = table
    if name in table or not all(parts):
        return table, name
    for part in parts[:-1]:
        inner = here.get(part)
        if not isinstance(inner, MutableMapping):
            return table, name
        here = inner
    return (here, parts[-1]) if parts[-1] in here else (table, name)


def _item(value: object) -> Any:
    import tomlkit

    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    return tomlkit.item(dict(value) if isinstance(value, Mapping) else value)
