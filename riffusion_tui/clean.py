"""The one cleaner: every text from outside passes here before anything stores, shows or logs it.

Outside means an API's answer, a file, the clipboard, the environment, an argument. What leaves holds no byte that
a terminal could take for a command: no C0 or C1 control, no escape, no bidirectional override, no lone surrogate.
Brackets and markup are left as they are: the screen never parses text as markup.
"""

from __future__ import annotations

import unicodedata

MAX_TEXT = 1_000_000
"""Characters of one text that are kept; a song's lyrics are a few thousand."""

# Joiners hold emoji and Indic scripts together; the two marks only lean the character beside them.
_KEPT_FORMATS = frozenset("\u200c\u200d\u200e\u200f")
_LINE_BREAKS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")


def decoded(raw: bytes, errors: str = "strict") -> str:
    """Return a file's bytes as text: UTF-8, or UTF-16 where its first bytes say so; without the mark.

    Raises:
        UnicodeDecodeError: it is neither.
    """
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return raw.decode(encoding, errors)


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` without anything a terminal could obey; line breaks become LF, tabs stay.

    Args:
        text: any string from outside.
        limit: characters that are kept at most.
    """
    cut = text[:limit]
    if cut.isascii() and cut.isprintable():
        return cut
    return cut.replace("\r\n", "\n").translate(_SAFE)


def clean_line(text: str, limit: int = 10_000) -> str:
    """Return `text` as one clean line: breaks and tabs become single spaces, the ends are trimmed.

    Args:
        text: any string from outside.
        limit: characters that are kept at most.
    """
    return " ".join(clean_text(text, limit).split())


def told(error: BaseException) -> str:
    """Return what an error says and, where its kind knows, what to do about it: sentences, on one line."""
    said, advice = clean_line(str(error)), getattr(error, "advice", "")
    if advice and said and said[-1] not in ".!?:":
        said += "."
    return f"{said} {advice}".strip()


class _SafeCharacters(dict[int, str]):
    """What each character becomes, worked out when it is first met: a file of megabytes has a few dozen."""

    most = 4096

    def __missing__(self, code: int) -> str:
        if len(self) >= self.most:
            self.clear()
        safe = self[code] = _safe(chr(code))
        return safe


_SAFE = _SafeCharacters()


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
