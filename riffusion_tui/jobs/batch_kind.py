"""Detect the kind of a batch file, by its extension or else by its content."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from riffusion_tui.jobs.batch_table import DELIMITERS, cells_of, is_bullet, without_comments

_ENDINGS = {
    "json": "json",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "csv": "csv",
    "tsv": "csv",
    "toml": "toml",
    "yaml": "yaml",
    "yml": "yaml",
}
_ARRAY = re.compile(r"\[\s*(?:[\[{\"\]]|\Z)")
"""The start of a JSON array of prompts, and not of lyrics with `[Verse]`."""
_MAX_LINE = 1_000
"""Maximum characters of a line that may be a prompt on its own."""


class BatchKind(NamedTuple):
    """The detected kind of a batch file."""

    kind: str
    detected_as: str = ""
    """How the kind was detected, if not by extension; shown after "{n} prompts, "."""
    is_sure: bool = True
    """False if the text could also be a single prompt of many lines, and the user has to decide."""


def kind_of(ending: str, text: str) -> BatchKind:
    """Return the kind of `text`. `ending` is the file's extension, in lower case and without the dot."""
    if ending == "json" and (found := _marked_up(text.strip())) is not None and found.kind != "toml":
        return BatchKind(found.kind)
    if ending in _ENDINGS:
        return BatchKind(_ENDINGS[ending])
    body = without_comments(text).strip()
    return _marked_up(body) or _table(body) or _listed(body) or BatchKind("txt")


def _marked_up(body: str) -> BatchKind | None:
    first = body.partition("\n")[0]
    if body.startswith("[["):
        return BatchKind("toml", "as TOML")
    if _ARRAY.match(body) or (body[:1] == "{" and '"prompt' in body[:1_000]):
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            return BatchKind("json", "as JSON")
        return BatchKind("json" if body[:1] == "[" or first == body else "jsonl", "as JSON")
    return None


def _table(body: str) -> BatchKind | None:
    lines = body.split("\n", 2)
    header = lines[1] if lines[0].lower().startswith("sep=") and len(lines) > 1 else lines[0]
    for sign in DELIMITERS:
        cells = cells_of(header, sign)
        if len(cells) > 1 and "prompt" in cells:
            return BatchKind("csv", "in a table")
    return BatchKind("csv", "in a table") if cells_of(header, ",") == ["prompt"] and len(lines) > 1 else None


def _listed(body: str) -> BatchKind | None:
    lines = [line for line in body.split("\n") if line.strip()]
    if lines and lines[0].strip() == "prompts:":
        return BatchKind("yaml", "in a list")
    if len(lines) > 1 and all(is_bullet(line) for line in lines):
        yaml = any(line.lstrip("- ").startswith("prompt:") for line in lines)
        return BatchKind("yaml" if yaml else "lines", "in a list")
    if any(line.lstrip().startswith("- prompt:") for line in lines[:1]):
        return BatchKind("yaml", "in a list")
    paragraphs = "\n\n" in body.replace("\r\n", "\n") or any(line.strip("- ") == "" for line in lines)
    if len(lines) > 1 and not paragraphs and max(map(len, lines)) <= _MAX_LINE:
        return BatchKind("lines", "one per line", is_sure=False)
    return None
