"""Lines from the keyboard, those that are pasted together."""

from __future__ import annotations

import select
from collections.abc import Iterator
from typing import TextIO

_PASTE_S = 0.03
"""Seconds within which the next line of a paste is there; nobody types one that fast."""


def typed_texts(stream: TextIO, *, from_keyboard: bool) -> Iterator[str]:
    """Yield each line of a stream, and several lines that arrive from the keyboard at once as one text.

    Lines of which one is a command, with a colon, stay apart.
    """
    for line in iter(stream.readline, ""):
        lines = [line]
        while from_keyboard and select.select([stream], [], [], _PASTE_S)[0]:
            following = stream.readline()
            if not following:
                break
            lines.append(following)
        if any(each.lstrip().startswith(":") for each in lines):
            yield from lines
        else:
            yield "".join(lines)
