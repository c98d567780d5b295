"""Find the line of a key in TOML text; tomllib only reports lines of syntax errors."""

from __future__ import annotations

import re

# Plain strings: `re` compiles and caches a pattern on first use.
_TABLE = r"^\s*\[\[?([^\[\]]+)\]"
_KEY = r"^\s*((?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="


def line_of(text: str, table: str, key: str | None = None) -> int:
    """Return the line, counted from 1, of `[table]` or of `key` within it; 0 if it isn't found.

    Args:
        text: a TOML text that parses.
        table: the table's name; empty for the top of the file.
        key: a key of that table, as parsed (unquoted).
    """
    here = ""
    for number, line in enumerate(text.split("\n"), 1):
        heading = re.match(_TABLE, line)
        if heading:
            here = _plain(heading[1])
            if key is None and here.split(".")[0] == table:
                return number
            continue
        found = re.match(_KEY, line)
        if not found:
            continue
        whole = f"{here}.{_plain(found[1])}" if here else _plain(found[1])
        wanted = f"{table}.{key}" if table and key is not None else table or key
        if whole == wanted or whole.startswith(f"{wanted}."):
            return number
    return 0


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
