"""The moderation list: a text file of words and phrases. Prompts that contain one are refused (422)."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from riffusion_tui.clean import clean_line
from riffusion_tui.regular_file import open_regular

DEFAULT = """\
# Words that this studio refuses (status 422, {"is_flagged": true, …}).
#
# One word or phrase per line. Case is ignored, and only whole words match, in prompts, titles and lyrics. A * at the
# end of a word matches any ending. Empty lines and lines that start with # are ignored. Changes apply from the next
# prompt on.
#
# The vendor also refused names of living artists. The studio can't imitate anyone, so the list is short.

child porn*
heil hitler
# A harmless word, to see what a refusal looks like:
studio-test-flagged
"""
_LIMIT = 1_000_000


class Moderation:
    """Matches texts against the list; reloads the file when it changes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._pattern: re.Pattern[str] | None = None

    def flagged(self, text: str) -> bool:
        """Whether `text` contains a phrase of the list. If the file can't be read, the last content applies."""
        self._refresh()
        return self._pattern is not None and self._pattern.search(clean_line(text, _LIMIT).casefold()) is not None

    def _refresh(self) -> None:
        try:
            if not self._file.exists():
                with suppress(FileExistsError), open(self._file, "x", encoding="utf-8", opener=_private) as file:
                    file.write(DEFAULT)
            stat = self._file.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
            if seen == self._seen:
                return
            with os.fdopen(open_regular(self._file), encoding="utf-8", errors="replace") as file:
                self._pattern = pattern(file.read(_LIMIT))
            self._seen = seen
        except OSError:
            return


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def pattern(listing: str) -> re.Pattern[str] | None:
    """Compile the list into one pattern; return None if it is empty."""
    lines = (clean_line(line).casefold() for line in listing.splitlines())
    phrases = [_phrase(line) for line in lines if line and not line.startswith("#") and line.strip("* ")]
    return re.compile(r"(?<!\w)(?:" + "|".join(phrases) + r")(?!\w)") if phrases else None


def _phrase(line: str) -> str:
    return r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in line.split())
