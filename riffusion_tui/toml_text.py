"""Read TOML text that a person may have written, in time that grows only with its length.

`tomllib` takes time and memory that grow with the square of a key's parts: minutes for a key of 100,000.
"""

from __future__ import annotations

import re
from typing import Any

MAX_PARTS = 32
"""Maximum parts of a dotted key; those of this program have up to four."""
_MAX_DIGITS = 1000
"""Maximum digits of a number; Python doesn't print one of more than about 4,000."""

# Plain strings: `re` compiles and caches a pattern on first use, and few files need these.
_STRING = (
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|#[^\n]*+"
)
_TOO_LONG = (
    (rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{MAX_PARTS}}}", f"a key has more than {MAX_PARTS} parts"),
    (rf"(?<!\w)\d\w{{{_MAX_DIGITS}}}", "a number has too many digits"),
)


def read_toml(text: str) -> dict[str, Any]:
    """Return the tables of TOML text.

    Raises:
        ValueError: it isn't valid, or a key or a number is too long; the message ends with `(at line 1, column 2)` if
            known.
        RecursionError: it is nested too deeply.
    """
    import tomllib  # only if there is a text

    if any(len(line) > _MAX_DIGITS or line.count(".") >= MAX_PARTS for line in text.split("\n")):
        _check_lengths(text)
    return tomllib.loads(text)


def _check_lengths(text: str) -> None:
    bare = re.sub(_STRING, _in_its_lines, text, flags=re.DOTALL)
    for pattern, wrong in _TOO_LONG:
        if found := re.search(pattern, bare):
            lines = bare[: found.start()].split("\n")
            raise ValueError(f"{wrong} (at line {len(lines)}, column {len(lines[-1]) + 1})")


def _in_its_lines(string: re.Match[str]) -> str:
    """Return a word in the place of a string or comment; the lines after it keep their numbers."""
    return "s" + "\n" * string[0].count("\n")
