"""Parse the text of a batch file into jobs to submit. Pure: the caller reads the file.

Kinds: `txt` (the editor's syntax, see `riffusion_tui.jobs.matrix`; an empty line separates prompts as well,
but no sections of lyrics), `json` (an array, or an object with `prompts`), `jsonl`, `csv` (a header names the columns;
commas, semicolons or tabs), `toml` (`[[prompts]]`; keys above them apply to all), `yaml` (a list), `lines` (one prompt
per line). Fields are named as in create-prompt
(https://useapi.net/docs/api-riffusion-v1/post-riffusion-music-create-prompt): `prompt`, `instrumental`, `model`,
`user_id`, `replyUrl`, `replyRef`, `maxJobs`; and `takes`, `title`, `lyrics`, `seed`, `length`. An edit of a song has
`operation`, `source` and, in `extra`, the operation's own fields. Services may declare more fields (`tempo`, `key`);
`service` selects the service. `receipt` holds the result of an earlier job: only what made it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, NamedTuple

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.jobs.batch_documents import read_json, read_jsonl, read_toml
from riffusion_tui.jobs.batch_fields import FIELDS, UnknownField, known_field, one_of, plain_text
from riffusion_tui.jobs.batch_table import Entry, read_lines, read_table, read_yaml, without_comments
from riffusion_tui.jobs.errors import BatchError
from riffusion_tui.jobs.matrix import MAX_PROMPTS, MatrixError, check_size, expand, parts, unclosed
from riffusion_tui.jobs.model import Options
from riffusion_tui.lyric_sheets.section_headings import HEADING

KINDS = ("txt", "lines", "json", "jsonl", "csv", "toml", "yaml")
RECEIPT = "receipt"
"""The field of a receipt line that holds the job's result. A receipt can be replayed as is."""
_MAX_SHOWN = 80
"""Characters of a wrong value that a message shows, at most."""
_EMPTY_LINES = re.compile(r"\n[ \t]*\n\s*")
_NO_PROMPTS = "No prompts found. `riffusion-tui batch --help` lists the formats."
_LONGEST_HEADING = 100
"""Characters of the heading of a section of lyrics, at most."""


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
        BatchError: the file is invalid, with every problem; nothing should be submitted.
    """
    if kind in ("txt", "lines"):
        text = clean_text(text, len(text))  # in plain text, every line break is one
    if kind == "txt":
        return _text(text, defaults, takes)
    body = text.removeprefix("\ufeff")
    found = read_table(body, [*FIELDS, *fields, "service", RECEIPT]) if kind == "csv" else _READERS[kind](body)
    entries = list(_until_invalid(found))
    if not entries:
        raise BatchError(_NO_PROMPTS)
    if len(entries) > MAX_PROMPTS:
        raise BatchError(f"{len(entries):,} prompts; the limit is {MAX_PROMPTS:,}.")
    known = _Defaults(defaults, takes, fields, services)
    return _valid([_item(where, entry, known) for where, entry in entries])


def _until_invalid(found: Iterator[Entry]) -> Iterator[Entry]:
    """Yield the entries; where the rest can't be read, that is the last one."""
    try:
        yield from found
    except BatchError as error:
        yield "", error


def _valid(read: Iterable[BatchItem | BatchError]) -> tuple[BatchItem, ...]:
    """Return the items. Raises `BatchError` with every problem if one of them is an error."""
    items: list[BatchItem] = []
    problems: list[str] = []
    for one in read:
        if isinstance(one, BatchError):
            problems += one.problems
        else:
            items.append(one)
    if problems:
        raise BatchError(*problems)
    return tuple(items)


def literal_brace(text: str, kind: str) -> str:
    """Return a brace of a text file that has alternatives and no end, so that it is literal; else an empty string."""
    return unclosed(_sections(text)) if kind == "txt" else ""


def _sections(text: str) -> str:
    """Return a text file as the editor would have it."""
    lines = without_comments(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return _EMPTY_LINES.sub(lambda found: found[0] if _begins_section(lines, found.end()) else "\n---\n", lines)


def _begins_section(text: str, at: int) -> bool:
    """Whether a section of lyrics begins there, such as `[Chorus]`, which belongs to the prompt above."""
    found = HEADING.fullmatch(text[at : at + _LONGEST_HEADING].partition("\n")[0].strip())
    return found is not None and found["bracketed"] is not None


def _text(text: str, defaults: Options, takes: int) -> tuple[BatchItem, ...]:
    sections = _sections(text)
    try:
        check_size(sections)
    except MatrixError as error:
        raise BatchError(str(error)) from error
    items = _valid(chain.from_iterable(_prompts(*part, defaults, takes) for part in _located(text, sections)))
    if not items:
        raise BatchError(_NO_PROMPTS)
    return (replace(items[0], where=""),) if len(items) == 1 else items


def _prompts(where: str, part: str, defaults: Options, takes: int) -> Iterator[BatchItem | BatchError]:
    """Yield the prompts of a section, or what is wrong with it."""
    try:
        for one in expand(part):
            yield BatchItem(one.text, defaults, one.takes or takes, one.service, where)
    except MatrixError as error:
        yield BatchError(f"{where}: {error}")


def _located(text: str, sections: str) -> Iterator[tuple[str, str]]:
    """Yield the line at which each section begins, and the section."""
    lines, at = [line.strip() for line in text.removeprefix("\ufeff").splitlines()], 0
    for part in parts(sections):
        own = part.splitlines()
        at = lines.index(own[0].strip(), at)
        yield f"line {at + 1}", part
        at += len(own)


_READERS: dict[str, Callable[[str], Iterator[Entry]]] = {
    "json": read_json,
    "jsonl": read_jsonl,
    "toml": read_toml,
    "yaml": read_yaml,
    "lines": read_lines,
}


class _Defaults(NamedTuple):
    """Defaults for an entry, and the additional fields and services it may name."""

    options: Options
    takes: int
    fields: Collection[str]
    services: Collection[str]


def _item(where: str, entry: dict[str, object] | BatchError, defaults: _Defaults) -> BatchItem | BatchError:
    if isinstance(entry, BatchError):
        return entry
    values, problems = _read(where, entry, defaults)
    prompt = values.pop("prompt", "").strip()
    if not prompt:
        problems.setdefault("prompt", f"{where}: the prompt is missing.")
    if len({"operation", "source"} & {*values, *problems}) == 1:
        problems.setdefault("operation", f"{where}: an edit needs both `operation` and `source` (the song's id).")
    if problems:
        return BatchError(*problems.values())
    takes, service = values.pop("takes", defaults.takes), values.pop("service", "")
    made_by = _made_by(entry.get(RECEIPT))
    return BatchItem(prompt, defaults.options._replace(**values), takes, service, where, made_by)


def _read(where: str, entry: dict[str, object], defaults: _Defaults) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values of an entry's fields, and what is wrong with the other fields, by name."""
    values: dict[str, Any] = {}
    own: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, value in entry.items():
        if name == RECEIPT or value is None:
            continue
        try:
            if name == "service" and defaults.services:
                values[name] = one_of(value, defaults.services)
            elif name in defaults.fields:
                own[name] = plain_text(value)
            else:
                known, read = known_field(name, defaults.fields)
                values[known] = read(value)
        except UnknownField as error:
            problems[name] = f"{where}: {error}"
        except ValueError as error:
            problems[name] = f"{where}: {name} {error}, not {clean_line(repr(value), _MAX_SHOWN)}."
    if own:
        extra = dict(values.get("extra", defaults.options.extra))
        values["extra"] = tuple((extra | own).items())
    return values, problems


def _made_by(receipt: object) -> MadeBy | None:
    if not isinstance(receipt, dict):
        return None
    engine, version, words = (receipt.get(name) for name in ("engine", "engine_version", "pronunciation"))
    if not isinstance(engine, str) or not isinstance(version, int):
        return None
    return MadeBy(clean_text(engine), version, clean_text(words) if isinstance(words, str) else "")
