"""Lay out text for a terminal: paragraphs are filled, tables get columns, code stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from shutil import get_terminal_size
from textwrap import fill

_MAX_WIDTH = 100
_INDENT = "    "
_MIN_COLUMN = 20
"""Minimum characters of a table's last column; in a narrower terminal each cell starts a line."""
_ITEM = re.compile(r"\s*(?:[-*]|\d+\.) ")
_ROW = re.compile(r"( *\S+(?: \S+)*  +)(?!riffusion-tui |curl )(\S.*)")
"""A row of the text below a command's options: what it explains, and the explanation; a command is never broken."""
_RULE = re.compile(r"\|[\s|:-]+\|")
"""The line below a table's header, or an empty header."""


def laid_out(page: str, columns: int) -> str:
    """Return `page`, in Markdown, with lines of at most `columns` characters, except for code and long words."""
    width = max(_MIN_COLUMN, min(columns, _MAX_WIDTH))
    lines = iter(page.split("\n"))
    out: list[str] = []
    for kind, block in groupby(_marked(lines), key=lambda one: one[0]):
        texts = [text for _, text in block]
        if kind == "table":
            out += _table([_cells(text) for text in texts if not _RULE.fullmatch(text)], width)
        elif kind == "text":
            out += [_filled(text, width) for text in _paragraphs(texts)]
        else:
            out += texts
    return "\n".join(out)


def indented(text: str) -> str:
    """Return a paragraph below its heading, with lines that fit the terminal."""
    width = max(_MIN_COLUMN, min(get_terminal_size().columns, _MAX_WIDTH))
    return fill(text, width, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)


def help_text(text: str, columns: int) -> str:
    """Return the text below a command's options with lines of at most `columns` characters, except for commands."""
    width = max(_MIN_COLUMN, min(columns, _MAX_WIDTH))
    out: list[tuple[str, str]] = []
    for line in text.split("\n"):
        row = _ROW.fullmatch(line)
        head, before = out[-1] if out else ("", "")
        if row is not None:
            out.append((" " * len(row[1]), line))
        elif head and line.startswith(head) and not line.startswith(f"{head} "):
            out[-1] = head, f"{before} {line.strip()}"
        elif not head and line.strip() and before.strip() and not line.startswith(" ") and not before.startswith(" "):
            out[-1] = "", f"{before} {line}"
        else:
            out.append(("", line))
    return "\n".join(line if not head and line.startswith(" ") else _wrapped(line, width, head) for head, line in out)


def _marked(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield each line with its kind: code, table, text or other."""
    is_code = False
    for line in lines:
        if line.lstrip().startswith("```"):
            is_code = not is_code
            yield "code", line
        elif is_code or line.startswith("    "):
            yield "code", line
        elif line.startswith("|"):
            yield "table", line
        else:
            yield "text" if line.strip() and not line.startswith("#") else "other", line


def _paragraphs(lines: list[str]) -> list[str]:
    """Join lines that continue the one before."""
    found: list[str] = []
    for line in lines:
        if found and not _ITEM.match(line):
            found[-1] += f" {line.strip()}"
        else:
            found.append(line)
    return found


def _filled(text: str, width: int) -> str:
    item = _ITEM.match(text)
    indent = " " * len(item[0]) if item else ""
    return _wrapped(text, width, indent)


def _cells(row: str) -> list[str]:
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def _table(rows: list[list[str]], width: int) -> list[str]:
    sizes = [max(map(len, column)) for column in list(zip(*rows, strict=False))[:-1]]
    room = width - sum(sizes) - 2 * len(sizes)
    if room < max(_MIN_COLUMN, *(len(word) for row in rows for word in row[-1].split())):
        return [_wrapped("  ".join(filter(None, row)), width, "    ") for row in rows]
    heads = ["".join(f"{cell:<{size + 2}}" for cell, size in zip(row, sizes, strict=False)) for row in rows]
    return [_wrapped(head + row[-1], width, " " * len(head)) for head, row in zip(heads, rows, strict=True)]


def _wrapped(text: str, width: int, indent: str) -> str:
    return fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
