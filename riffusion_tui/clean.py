"""The cleaner: every text from outside passes through it before it is stored, shown or logged.

Outside means API responses, files, the clipboard, the environment and arguments. Cleaned text contains nothing that a
terminal could interpret as a command: no C0 or C1 controls, escapes, bidirectional overrides or lone surrogates.
Escape sequences are removed whole, such as colors of a terminal's output. If their escape is missing already, they
look like text and stay. Brackets and markup are left unchanged: the screen never parses text as markup.
"""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 1_000_000
"""Maximum characters of a text; a song's lyrics have a few thousand."""
MAX_ONE_LINE = 10_000
"""Maximum characters of a text that is a line, such as a title."""

# Joiners are needed for emoji and Indic scripts; the two marks only affect the direction of adjacent characters.
_KEPT_FORMATS = frozenset("\u200c\u200d\u200e\u200f")
_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colors, movements
    r"|(?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS: titles, links
    r"|\x1b[()][0-9A-Z]"  # character sets: `tput sgr0` selects one
)
"""Escape sequences (ECMA-48), 7-bit or 8-bit. A string without an end loses only its first character.

Other pairs lose only their ESC: a stray one must take no character of a text, least of all of a secret that is to be
recognized and hidden.
"""
_INTRODUCERS = "\x1b\x90\x98\x9b\x9d\x9e\x9f"
"""How escape sequences start; looking for these first is faster."""
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that look like a blank."""
_LINE_BREAKS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")


def decoded(raw: bytes) -> str:
    """Decode a file's bytes: UTF-8, or UTF-16 if it starts with a byte order mark; the mark is removed.

    Raises:
        UnicodeDecodeError: it is neither.
    """
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return raw.decode(encoding)


def clean_document(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` as `clean_text` does, but keep the line breaks that are none in JSON and CSV.

    Those are VT, FF, NEL, U+2028 and U+2029; what is read from the document has to be cleaned once more.
    """
    return _cleaned(text[:limit], _SAFE_IN_DOCUMENTS)


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` without escape sequences and controls; line breaks become LF, tabs stay.

    Args:
        text: any string from outside.
        limit: maximum number of characters.
    """
    return _cleaned(text[:limit], _SAFE)


def _cleaned(text: str, safe: _SafeCharacters) -> str:
    if text.isascii() and text.isprintable():
        return text
    if any(introducer in text for introducer in _INTRODUCERS):
        text = _ESCAPE_SEQUENCE.sub("", text)
    return text.replace("\r\n", "\n").translate(safe)


def clean_line(text: str, limit: int = MAX_ONE_LINE) -> str:
    """Return `text` as one clean line: line breaks and tabs become single spaces, and both ends are trimmed.

    Args:
        text: any string from outside.
        limit: maximum number of characters.
    """
    return " ".join(clean_text(text, limit).split())


def is_blank(text: str) -> bool:
    """Whether a text has no visible character."""
    return not any(unicodedata.category(one)[0] in "LNPS" and one not in _BLANKS for one in text)


def error_message(error: BaseException) -> str:
    """Return an error's message and, if its type has one, the advice on what to do, on one line."""
    text = str(error)
    if isinstance(error, OSError) and error.strerror:  # without "[Errno 2]" and quotation marks
        text = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    message, advice = clean_line(text), getattr(error, "advice", "")
    if advice and message and message[-1] not in ".!?:":
        message += "."
    return f"{message} {advice}".strip()


def syntax_message(error: Exception) -> str:
    """Return on one line what a parser of JSON or TOML reports, without what concerns only Python."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    text = clean_line(str(error))
    return "a number has too many digits" if text.startswith("Exceeds the limit") else text


class _SafeCharacters(dict[int, str]):
    """Character → replacement, computed on first use; even a large file has only a few dozen non-ASCII characters."""

    limit = 4096

    def __init__(self, kept: frozenset[str] = frozenset()) -> None:
        """Create it; `kept` characters stay."""
        self._kept = kept

    def __missing__(self, code: int) -> str:
        if len(self) >= self.limit:
            self.clear()
        character = chr(code)
        safe = self[code] = character if character in self._kept else _safe(character)
        return safe


_SAFE = _SafeCharacters()
_SAFE_IN_DOCUMENTS = _SafeCharacters(_LINE_BREAKS - set("\n\r"))


def _safe(character: str) -> str:
    if character in _LINE_BREAKS:
        return "\n"
    if character == "\t":
        return character
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if category == "Cc" or (category == "Cf" and character not in _KEPT_FORMATS):
        return ""
    return character
