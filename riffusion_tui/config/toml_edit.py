"""Change values in a TOML file, keeping comments, layout and other values."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, TypeAlias

Scalar: TypeAlias = "bool | int | float | str"
_Table: TypeAlias = "MutableMapping[str, Any]"


def edited(text: str, wanted: Mapping[str, Mapping[str, Any]]) -> str:
    """Return TOML `text` with the values in `wanted` applied.

    Args:
        text: the file's text; must be valid TOML.
        wanted: table → name → value, None to remove it. A value that is a table is replaced as a whole if it differs.
            A name with dots matches both its dotted and its quoted form.
    """
    import tomlkit  # only if a file is edited

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
    """Return the table and key for `name`, either literal or dotted through existing tables."""
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
