"""Read tables and lists of prompts: CSV as exported by spreadsheets, simple YAML, one prompt per line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator, Sequence

from riffusion_tui.jobs.errors import BatchError

Entry = tuple[str, dict[str, object] | BatchError]
"""Location, and fields or what is wrong there."""

DELIMITERS = ",;\t"
_SEP = re.compile(r"sep=(.)\s*\n?", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-*+•]|\d{1,4}[.)])\s+")
_COMMENT = re.compile(r"\s*#(?:\s|\Z)")
_PAIR = re.compile(r"([A-Za-z_]\w*):(?:\s+(.*))?")
_BLOCK_STARTS = ("|", ">", "&", "*", "!", "{", "[")


def read_table(text: str, names: Collection[str]) -> Iterator[Entry]:
    """Read CSV with commas, semicolons or tabs. `names` are the known fields; the header may use any case.

    Raises:
        BatchError: it isn't a table.
    """
    separator = _SEP.match(text)
    lines_before = 1 if separator else 0
    body = text[separator.end() :] if separator else text
    delimiter = separator[1] if separator else _delimiter_of(body)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    header: list[str] = []
    line = lines_before + 1
    try:
        for row in reader:
            values = [value.strip() for value in row]
            where, line = f"line {line}", lines_before + reader.line_num + 1
            if not any(values):
                continue
            if header:
                yield where, _row(where, header, values)
            else:
                header = _header(where, values, names)
    except csv.Error as error:
        raise BatchError(f"line {lines_before + reader.line_num}: invalid CSV: {error}.") from error
    if not header:
        raise BatchError("The first line must name the columns, including `prompt`.")


def _delimiter_of(text: str) -> str:
    """Return the delimiter: the one that gives the header a `prompt` column."""
    first = next((line for line in text.split("\n") if line.strip(f"{DELIMITERS} ")), "")
    return max(DELIMITERS, key=lambda sign: ("prompt" in cells_of(first, sign), first.count(sign)))


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return a header's cells in lower case, without quotes."""
    return [cell.strip().strip('"').strip().lower() for cell in line.split(delimiter)]


def _header(where: str, values: Sequence[str], names: Collection[str]) -> list[str]:
    known = {name.lower(): name for name in names}
    header = [known.get(value.lower(), value) for value in values]
    if "prompt" not in header:
        raise BatchError("The first line must name the columns, including `prompt`.")
    for name in header:
        if name and header.count(name) > 1:
            raise BatchError(f"{where}: column {name!r} appears twice.")
    if unknown := [name for name in header if name and name not in names]:
        fields = f"field{'s' if len(unknown) > 1 else ''} {', '.join(map(repr, unknown))}"
        raise BatchError(f"{where}: unknown {fields}. Known fields: {', '.join(names)}.")
    return header


def _row(where: str, header: Sequence[str], values: Sequence[str]) -> dict[str, object] | BatchError:
    if any(values[len(header) :]):
        return BatchError(f"{where}: more values than columns; quote prompts that contain commas.")
    pairs = list(zip(header, values, strict=False))
    if any(value and not name for name, value in pairs):
        return BatchError(f"{where}: value in a column without a name.")
    return {name: value for name, value in pairs if value}


def read_yaml(text: str) -> Iterator[Entry]:
    """Read a list of prompts, or of tables with a `prompt`. Only this subset of YAML is supported.

    Raises:
        BatchError: it uses other YAML syntax.
    """
    where = ""
    entry: dict[str, object] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or _COMMENT.match(line) or line.strip() in ("---", "...", "prompts:"):
            continue
        here = f"line {number}"
        item = re.match(r"\s*-\s+", line)
        if item:
            if where:
                yield where, entry
            where, entry = here, {}
        if not where or not (item or line[:1] in " \t"):
            raise _no_yaml(here)
        rest = (line[item.end() :] if item else line).strip()
        pair = _PAIR.fullmatch(rest)
        if pair:
            entry[pair[1]] = _scalar(pair[2] or "", here)
        elif item:
            entry["prompt"] = _scalar(rest, here)
        else:
            raise _no_yaml(here)
    if where:
        yield where, entry


def _scalar(text: str, where: str) -> object:
    if text[:1] in ("'", '"'):
        end = text.rfind(text[0])
        inside = text[1:end]
        if end == 0:
            raise _no_yaml(where)
        try:
            return inside.replace("''", "'") if text[0] == "'" else json.loads(f'"{inside}"')
        except ValueError:
            raise _no_yaml(where) from None
    if text.startswith(_BLOCK_STARTS):
        raise _no_yaml(where)
    return re.split(r"\s#(?:\s|\Z)", text)[0].strip() or None


def _no_yaml(where: str) -> BatchError:
    return BatchError(f"{where}: in YAML only a list of prompts is supported; use JSON or TOML for more.")


def read_lines(text: str) -> Iterator[Entry]:
    """Read one prompt per line; leading bullets or numbers and comment lines (`# …`) are skipped."""
    for number, line in enumerate(text.split("\n"), start=1):
        prompt = _BULLET.sub("", line, count=1).strip()
        if prompt and not _COMMENT.match(line):
            yield f"line {number}", {"prompt": prompt}


def without_comments(text: str) -> str:
    """Return the text without comment lines."""
    return "\n".join(line for line in text.split("\n") if not _COMMENT.match(line))


def is_bullet(line: str) -> bool:
    """Whether a line is a Markdown list item."""
    return _BULLET.match(line) is not None
