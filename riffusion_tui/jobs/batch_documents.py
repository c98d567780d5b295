"""Batch files of JSON, JSON lines and TOML → (place, fields) of each entry."""

from __future__ import annotations

import json
from collections.abc import Iterator

from riffusion_tui import toml_text
from riffusion_tui.clean import clean_line, syntax_message
from riffusion_tui.jobs.batch_table import Entry
from riffusion_tui.jobs.errors import BatchError

_MAX_NAME = 80
"""Characters of a field's name that a message shows, at most."""


def read_json(text: str) -> Iterator[Entry]:
    """Yield the entries of an array of prompts, or of an object with `prompts`. Raises `BatchError`."""
    try:
        found = json.loads(text, object_pairs_hook=_each_once)
    except _Repeated as error:
        raise BatchError(f"The field {str(error)!r} appears twice in an entry.") from None
    except (ValueError, RecursionError) as error:
        raise BatchError(f"Invalid JSON: {syntax_message(error)}.") from error
    yield from _entries(found)


def read_toml(text: str) -> Iterator[Entry]:
    """Yield the entries of `[[prompts]]`. Raises `BatchError`."""
    try:
        found = toml_text.read_toml(text)
    except (ValueError, RecursionError) as error:
        raise BatchError(f"Invalid TOML: {syntax_message(error)}.") from error
    yield from _entries(found)


class _Repeated(Exception):
    """An object has a field twice; `str(error)` is its name."""


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object's fields. Raises `_Repeated` for a field that it has twice, of which one would be lost."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _Repeated(clean_line(name, _MAX_NAME))
        found[name] = value
    return found


def _entries(found: object) -> Iterator[Entry]:
    """Read an array of prompts, or a table with `prompts` and fields that apply to all of them."""
    shared: dict[str, object] = {}
    if isinstance(found, dict) and "prompts" in found:
        shared = {key: value for key, value in found.items() if key != "prompts"}
        found = found["prompts"]
    elif isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        raise BatchError("Expected an array of prompts, or an object with a `prompts` array.")
    for number, entry in enumerate(found, start=1):
        fields = _fields(entry, f"entry {number}")
        yield f"entry {number}", fields if isinstance(fields, BatchError) else shared | fields


def read_jsonl(text: str) -> Iterator[Entry]:
    """Yield the entry of each line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"line {number}", _line(line, f"line {number}")


def _line(line: str, where: str) -> dict[str, object] | BatchError:
    try:
        return _fields(json.loads(line, object_pairs_hook=_each_once), where)
    except _Repeated as error:
        return BatchError(f"{where}: field {str(error)!r} appears twice.")
    except json.JSONDecodeError as error:
        return BatchError(f"{where}: invalid JSON: {clean_line(error.msg)} at column {error.colno}.")
    except (ValueError, RecursionError) as error:
        return BatchError(f"{where}: invalid JSON: {syntax_message(error)}.")


def _fields(entry: object, where: str) -> dict[str, object] | BatchError:
    if isinstance(entry, str):
        return {"prompt": entry}
    if isinstance(entry, dict):
        return entry
    return BatchError(f"{where}: expected a prompt, or a table with one.")
