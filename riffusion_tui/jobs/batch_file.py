"""Parse the text of a batch file into jobs to submit. Pure: the caller reads the file.

Kinds: `txt` (the editor's syntax, see `riffusion_tui.jobs.matrix`; an empty line separates prompts as well), `json`
(an array, or an object with `prompts`), `jsonl`, `csv` (a header names the columns; commas, semicolons or tabs), `toml`
(`[[prompts]]`; keys above them apply to all), `yaml` (a list), `lines` (one prompt per line). Fields are named as in
create-prompt
(https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt): `prompt`, `instrumental`, `model`,
`user_id`, `replyUrl`, `replyRef`, `maxJobs`; and `takes`, `title`, `lyrics`, `seed`, `length`. An edit of a song has
`operation`, `source` and, in `extra`, the operation's own fields. Services may declare more fields (`tempo`, `key`);
`service` selects the service. `receipt` holds the result of an earlier job: only what made it is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from typing import Any, NamedTuple

from riffusion_tui.clean import clean_text
from riffusion_tui.jobs.batch_table import Entry, read_lines, read_table, read_yaml, without_comments
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.matrix import MAX_PROMPTS, MAX_TAKES, MatrixError, expand, unclosed
from riffusion_tui.jobs.model import MAX_JOBS_RANGE, MAX_REFERENCE, Options

KINDS = ("txt", "lines", "json", "jsonl", "csv", "toml", "yaml")
RECEIPT = "receipt"
"""The field of a receipt line that holds the job's result. A receipt can be replayed as is."""

_CLOCK = re.compile(r"(?:(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):)?(?P<seconds>\d{1,5}(?:\.\d{1,6})?)\s*s?")
_EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*")


class MadeBy(NamedTuple):
    """What made the song of a receipt."""

    engine: str
    version: int
    pronunciation: str = ""
    """How its lyrics are pronounced, as in the song's details."""


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One prompt with its own options."""

    prompt: str
    options: Options
    takes: int = 1
    service: str = ""
    """The service to use; empty: the active one."""
    where: str = field(default="", compare=False)
    """Its place in the file, for errors; empty if there is no file, or only one prompt."""
    made_by: MadeBy | None = field(default=None, compare=False)
    """What made the song before, if this is a receipt that says so."""


def parse(
    text: str,
    kind: str,
    defaults: Options,
    takes: int = 1,
    fields: Collection[str] = (),
    services: Collection[str] = (),
) -> tuple[BatchItem, ...]:
    """Return the items of a batch file, in order.

    Args:
        text: the file's whole text.
        kind: one of `KINDS`.
        defaults: options for entries that don't set their own.
        takes: takes for entries that don't set their own.
        fields: additional fields that an entry may have; they go into `Options.extra`.
        services: allowed values of the field `service`.

    Raises:
        BatchError: the file is invalid; nothing should be submitted.
    """
    if kind == "txt":
        return _text(text, defaults, takes)
    body = text.removeprefix("\ufeff")
    found = read_table(body, [*_FIELDS, *fields, "service", RECEIPT]) if kind == "csv" else _READERS[kind](body)
    entries = list(found)
    if not entries:
        raise BatchError("No prompts found.")
    if len(entries) > MAX_PROMPTS:
        raise BatchError(f"{len(entries)} prompts; the limit is {MAX_PROMPTS}.")
    known = _Defaults(defaults, takes, fields, services)
    return tuple(_item(where, entry, known) for where, entry in entries)


def literal_brace(text: str, kind: str) -> str:
    """Return a brace of a text file that has alternatives and no end, so that it is literal; else an empty string."""
    return unclosed(_sections(text)) if kind == "txt" else ""


def _sections(text: str) -> str:
    """Return a text file as the editor would have it."""
    lines = without_comments(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return _EMPTY_LINES.sub("\n---\n", lines)


def _text(text: str, defaults: Options, takes: int) -> tuple[BatchItem, ...]:
    try:
        prompts = expand(_sections(text))
    except MatrixError as error:
        raise BatchError(str(error)) from error
    if not prompts:
        raise BatchError("No prompts found.")
    places = ("",) if len(prompts) == 1 else (f"prompt {number}" for number in range(1, len(prompts) + 1))
    return tuple(
        BatchItem(one.text, defaults, one.takes or takes, one.service, where)
        for one, where in zip(prompts, places, strict=True)
    )


# -- one reader per kind, yielding (location, fields)


def _json(text: str) -> Iterator[Entry]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BatchError(f"Invalid JSON: {error}.") from error
    yield from _entries(found)


def _toml(text: str) -> Iterator[Entry]:
    import tomllib  # few files are TOML

    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BatchError(f"Invalid TOML: {error}.") from error
    yield from _entries(found)


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
        yield f"entry {number}", shared | _fields(entry, f"entry {number}")


def _jsonl(text: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise BatchError(f"line {number}: invalid JSON: {error}.") from error
            yield f"line {number}", _fields(entry, f"line {number}")


def _fields(entry: object, where: str) -> dict[str, object]:
    if isinstance(entry, str):
        return {"prompt": entry}
    if isinstance(entry, dict):
        return entry
    raise BatchError(f"{where}: expected a prompt, or a table with one.")


_READERS: dict[str, Callable[[str], Iterator[Entry]]] = {
    "json": _json,
    "jsonl": _jsonl,
    "toml": _toml,
    "yaml": read_yaml,
    "lines": read_lines,
}


# -- one entry


class _Defaults(NamedTuple):
    """Defaults for an entry, and the additional fields and services it may name."""

    options: Options
    takes: int
    fields: Collection[str]
    services: Collection[str]


def _item(where: str, entry: dict[str, object], defaults: _Defaults) -> BatchItem:
    values: dict[str, Any] = {}
    own: dict[str, str] = {}
    for name, value in entry.items():
        if name == RECEIPT or value is None:
            continue
        try:
            if name == "service" and defaults.services:
                values[name] = _one_of(value, defaults.services)
            elif name in defaults.fields:
                own[name] = _plain(value)
            else:
                known, read = _known(where, name, defaults.fields)
                values[known] = read(value)
        except ValueError as error:
            if isinstance(error, BatchError):
                raise
            raise BatchError(f"{where}: {name} {error}, not {value!r}.") from error
    if own:
        extra = dict(values.get("extra", defaults.options.extra))
        values["extra"] = tuple((extra | own).items())
    prompt = values.pop("prompt", "").strip()
    if not prompt:
        raise BatchError(f"{where}: the prompt is missing.")
    if ("operation" in values) != ("source" in values):
        raise BatchError(f"{where}: an edit needs both `operation` and `source` (the song's id).")
    takes, service = values.pop("takes", defaults.takes), values.pop("service", "")
    made_by = _made_by(entry.get(RECEIPT))
    return BatchItem(prompt, defaults.options._replace(**values), takes, service, where, made_by)


def _made_by(receipt: object) -> MadeBy | None:
    if not isinstance(receipt, dict):
        return None
    engine, version, words = (receipt.get(name) for name in ("engine", "engine_version", "pronunciation"))
    if not isinstance(engine, str) or not isinstance(version, int):
        return None
    return MadeBy(clean_text(engine), version, clean_text(words) if isinstance(words, str) else "")


def _known(where: str, name: str, more: Collection[str]) -> tuple[str, Callable[[object], object]]:
    """Return a field's internal name and its reader."""
    if name in _FIELDS:
        return _FIELDS[name]
    there = [*_FIELDS, *more]
    near = get_close_matches(name, there, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else f" Known fields: {', '.join(there)}."
    raise BatchError(f"{where}: unknown field {name!r}.{hint}")


def _one_of(value: object, names: Collection[str]) -> str:
    if value not in names:
        raise ValueError(f"must be one of {', '.join(names)}")
    return str(value)


def _plain(value: object) -> str:
    """Read text; a number becomes its digits."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be text or a number")
    return clean_text(value) if isinstance(value, str) else f"{value:g}"


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return clean_text(value)


def _boolean(value: object) -> bool:
    """Read a boolean; form data and CSV hold it as text."""
    word = value.strip().lower() if isinstance(value, str) else value
    if word in (True, "true", "yes", "1"):
        return True
    if word in (False, "false", "no", "0"):
        return False
    raise ValueError("must be true or false")


def _number(value: object) -> float:
    wrong = "must be a number"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(wrong)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ValueError(wrong) from None
    if not isfinite(number):
        raise ValueError(wrong)
    return number


def _whole(value: object) -> int:
    number = _number(value)
    if not number.is_integer():
        raise ValueError("must be a whole number")
    return int(number)


def _in(allowed: range) -> Callable[[object], int]:
    def read(value: object) -> int:
        number = _whole(value)
        if number not in allowed:
            raise ValueError(f"must be {allowed[0]} to {allowed[-1]}")
        return number

    return read


def _reference(value: object) -> str:
    text = _string(value)
    if len(text) > MAX_REFERENCE:
        raise ValueError(f"must have at most {MAX_REFERENCE} characters")
    return text


def _texts(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise ValueError("must be a table of strings")
    return tuple((clean_text(name), _string(text)) for name, text in value.items())


def _length(value: object) -> float:
    """Read seconds: `150`, `150s`, `2:30`, `00:02:30`."""
    if isinstance(value, str) and (clock := _CLOCK.fullmatch(value.strip())):
        hours, minutes, seconds = (float(clock[name] or 0) for name in ("hours", "minutes", "seconds"))
        value = 3600 * hours + 60 * minutes + seconds
    number = _number(value)
    if number <= 0:
        raise ValueError("must be more than 0 seconds")
    return number


# Field name in a file: (internal name, reader).
_FIELDS: dict[str, tuple[str, Callable[[object], object]]] = {
    "prompt": ("prompt", _string),
    "instrumental": ("instrumental", _boolean),
    "model": ("model", _string),
    "user_id": ("account", _string),
    "replyUrl": ("reply_url", _reference),
    "replyRef": ("reply_ref", _reference),
    "maxJobs": ("max_jobs", _in(MAX_JOBS_RANGE)),
    "takes": ("takes", _in(range(1, MAX_TAKES + 1))),
    "title": ("title", _string),
    "lyrics": ("lyrics", _string),
    "seed": ("seed", _whole),
    "length": ("length_s", _length),
    "operation": ("operation", _string),
    "source": ("source", _string),
    "extra": ("extra", _texts),
}
