"""Decode a response body to clean JSON, in bounded memory and time, even if it is hostile.

The size is limited after decompression (`BodyReader`), depth and number of values before decoding, and every text
passes `riffusion_tui.clean`. An unreadable body raises `InvalidBody`, with a short reason for the user.
"""

from __future__ import annotations

import json
import re
from typing import Any

from riffusion_tui.clean import MAX_TEXT, clean_line
from riffusion_tui.redaction import Redactor
from riffusion_tui.services.compression import BadCompression, Decompressor

NOTHING = Redactor()
MAX_BODY = 8 * 2**20
"""Maximum bytes after decompression. A list of 50 songs with timed lyrics is under 3 MB."""
MAX_DEPTH = 32
"""Maximum nesting levels; the deepest documented response has five."""
MAX_VALUES = 400_000
"""Maximum brackets and commas outside strings, which limits the number of Python objects."""
MAX_NUMBER = 2**64
"""Larger numbers, NaN and Infinity are read as null, so that only that field is lost."""
_MAX_KEY = 200
_MAX_WORDS = 500
_MAX_HEAD = 4096
_MAX_TITLE = 200
_TITLE = re.compile(rb"<title[^>]*>", re.IGNORECASE)
_MAX_DIGITS = 20

# The closing quote is optional so that an unclosed string is one match to the end, and the scan stays linear.
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_STRUCTURE = bytes(byte for byte in range(256) if byte not in b"[]{},")


class InvalidBody(Exception):
    """The body is not a valid response. `str(error)` says why briefly, without quoting it."""


class BodyTooLarge(InvalidBody):
    """The body is larger, longer or deeper than the limits."""


class BodyReader:
    """Collects a body's chunks, decompressed, up to a limit."""

    def __init__(self, encoding: str, limit: int = MAX_BODY) -> None:
        """Begin. `encoding` is the value of `Content-Encoding`."""
        self._limit = limit
        self._body = bytearray()
        self._decompressor = Decompressor(encoding)

    def feed(self, chunk: bytes) -> None:
        """Add a chunk. Raises `InvalidBody` if the body exceeds the limit or its compression is unknown or invalid."""
        try:
            for piece in self._decompressor.pieces(chunk):
                self._body += piece
                if len(self._body) > self._limit:
                    raise BodyTooLarge(f"it is larger than {self._limit // 2**10} KiB")
        except BadCompression as error:
            raise InvalidBody(str(error)) from None

    def body(self) -> bytes:
        """Return the complete body. Raises `InvalidBody` if it is cut off."""
        if self._decompressor.cut_off:
            raise InvalidBody("its compression is cut off")
        return bytes(self._body)


def parse(body: bytes, hidden: Redactor = NOTHING) -> Any:
    """Decode JSON, clean every text in it, and redact what is `hidden` (secrets echoed by the service).

    Raises:
        InvalidBody: it can't be read.
    """
    _measure(body)
    try:
        text = body.decode("utf-8-sig")
        data = json.loads(text, parse_int=_whole, parse_float=_real, parse_constant=_no_number)
        return _clean(data, hidden)
    except (ValueError, RecursionError):
        raise InvalidBody(_page(body, hidden) if body.lstrip()[:1] == b"<" else "it is not JSON") from None


def plain_words(body: bytes, hidden: Redactor = NOTHING, limit: int = _MAX_WORDS) -> str:
    """Return the start of a plain text as one clean line, without secrets."""
    text = body.decode("utf-8", "replace")
    return clean_line(hidden.clean(text, len(text)), limit)


def _page(body: bytes, hidden: Redactor) -> str:
    """Describe a web page by its title."""
    found = _TITLE.search(body[:_MAX_HEAD])
    title = plain_words(body[found.end() :].partition(b"<")[0], hidden, _MAX_TITLE) if found else ""
    return f'it is a web page ("{title}")' if title else "it is a web page"


def _measure(body: bytes) -> None:
    structure = _STRINGS.sub(b"", body).translate(None, _NOT_STRUCTURE)
    if len(structure) > MAX_VALUES:
        raise BodyTooLarge("it has too many values")
    depth = 0
    for byte in structure:
        if byte in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise BodyTooLarge("it is nested too deeply")
        elif byte in b"]}":
            depth -= 1


def _whole(digits: str) -> int | None:
    if len(digits) > _MAX_DIGITS + 1:
        return None
    found = int(digits)
    return found if abs(found) <= MAX_NUMBER else None


def _real(digits: str) -> float | None:
    found = float(digits)
    return found if abs(found) <= MAX_NUMBER else None


def _no_number(constant: str) -> None:
    """Read NaN and Infinity, which some servers write, as null."""


def _clean(value: Any, hidden: Redactor) -> Any:
    if isinstance(value, str):
        return _opened(hidden.clean(value, MAX_TEXT), hidden)
    if isinstance(value, list):
        return [_clean(item, hidden) for item in value]
    if isinstance(value, dict):
        return {clean_line(hidden.clean(key, len(key)), _MAX_KEY): _clean(item, hidden) for key, item in value.items()}
    return value


def _opened(text: str, hidden: Redactor) -> str:
    """Clean JSON inside a clean string separately, since its escapes can hide a secret from the outer level."""
    if not hidden or "\\" not in text or text.lstrip()[:1] not in _OPENERS:
        return text
    try:
        return json.dumps(parse(text.encode("utf-8", "replace"), hidden), ensure_ascii=False)
    except InvalidBody:
        return text


_OPENERS = frozenset('{["')
