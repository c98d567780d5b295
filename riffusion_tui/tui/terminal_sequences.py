"""Patterns and decoding of what terminals send."""

from __future__ import annotations

import re
from collections.abc import Container

CONTROLS = b"\x8f\x90\x9b\x9d\x9f"
"""SS3, DCS, CSI, OSC and APC in one byte, from terminals with 8-bit controls; no UTF-8 character starts with them."""
LEAVES_PASTE = re.compile(rb"\x03|\x1b|\x1b\[(?!20[01])\d\d?~|\x1bO[P-S]")
"""Keys that end a paste with a lost end bracket, if they arrive alone after a pause."""
TAIL = re.compile(
    rb"\](?:\d+(?:;|\Z)|[lLI])|P[\d;]*[$+!>](?:[a-z|~]|\Z)|P[\d;]+\Z|_G|\[200~"
    rb"|\[[<>=?]?[\d;:]+(?:[ -/]*[@-~]|\Z)|\[[<>=?]\Z"
    rb"|\[IT|(?:\[(?:[A-HIOPQSZ]|\[[A-E]|M[\x00\x20-\xff]{0,3})|O[A-DFHMP-Sa-z])(?=\x1b|\Z)"
)
"""The rest of a sequence after its ESC, or the start of that rest; nobody types this quickly."""
TAIL_STARTS = frozenset((b"[", b"]", b"O", b"P", b"_"))
"""First bytes of such a rest. They may also be typed."""
REPORTS = re.compile(
    r"\x1b\[(?:[IO]|\d{1,4};\d{1,4}R|<\d{1,4};-?\d{1,5};-?\d{1,5}[mM]|\?20(?:26|48);[0-4]\$y"
    r"|48;[1-9]\d{0,2};[1-9]\d{0,2};[1-9]\d{0,4};[1-9]\d{0,4}t)"
)
"""Focus, cursor position, mouse, requested modes, size."""
ANSWERS = re.compile(rb"(?:\x1b\[\d{1,4};\d{1,4}R)+")
"""Cursor positions, which the program itself asks for at any time."""
KITTY = re.compile(
    r"\x1b\[(?P<code>\d{1,7})(?::\d*){0,2}(?:;(?P<bits>\d{0,3})(?::(?P<event>[1-3]))?(?:;(?P<text>[\d:]{0,40}))?)?"
    r"(?P<end>[u~A-FHPQS])"
)
"""https://sw.kovidgoyal.net/kitty/keyboard-protocol/"""


def supported(text: str, keys: Container[str], functional: Container[str]) -> str:
    """Return a sequence as Textual's parser expects it; empty if it is neither a key nor a supported report."""
    if text in keys or REPORTS.fullmatch(text):
        return text
    kitty = KITTY.fullmatch(text)
    if kitty is None or kitty["event"] == "3":
        return ""
    codes = [kitty["code"], *(kitty["text"] or "").split(":")]
    if kitty["end"] != "u" and f"{kitty['code']}{kitty['end']}" not in functional:
        return ""
    if not all(code == "" or _is_character(int(code)) for code in codes):
        return ""
    return f"\x1b[{kitty['code']};{kitty['bits'] or ''};{kitty['text'] or ''}{kitty['end']}"


def _is_character(code: int) -> bool:
    return code <= 0x10FFFF and not 0xD800 <= code < 0xE000


def partial_end(data: bytearray, end: bytes) -> int:
    """Return how many bytes at the end of `data` may be the start of `end`."""
    return next((size for size in range(len(end) - 1, 0, -1) if data.endswith(end[:size])), 0)


def text_of(data: bytes) -> str:
    """Decode UTF-8; invalid bytes are read as Latin-1, which old terminals send."""
    out: list[str] = []
    while data:
        try:
            out.append(data.decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            out += [data[: error.start].decode("utf-8"), latin(data[error.start : error.end])]
            data = data[error.end :]
    return "".join(out)


def latin(data: bytes) -> str:
    """Decode Latin-1, with a replacement character for each control byte."""
    return "".join(chr(byte) if byte >= 0xA0 else "\N{REPLACEMENT CHARACTER}" for byte in data)
