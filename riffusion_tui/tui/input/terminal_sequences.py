"""Patterns of the sequences that terminals send."""

from __future__ import annotations

import re
from collections.abc import Container

CONTROLS = b"\x8f\x90\x9b\x9d\x9f"
"""SS3, DCS, CSI, OSC and APC in one byte, from terminals with 8-bit controls; no UTF-8 character starts with them."""
TAIL = re.compile(
    rb"\](?:\d+(?:;|\Z)|[lLI])|P[\d;]*[$+!>](?:[a-z|~]|\Z)|P[\d;]+\Z|_G|\[200~"
    rb"|\[[<>=?]?[\d;:]+(?:[ -/]*[@-~]|\Z)|\[[<>=?]\Z"
    rb"|\[IT|(?:\[(?:[A-HIOPQSZ]|\[[A-E]|M[\x00\x20-\xff]{0,3})|O[A-DFHMP-Sa-z])(?=\x1b|\Z)"
)
"""The rest of a sequence after its ESC, or the start of that rest; nobody types this quickly."""
TAIL_STARTS = frozenset((b"[", b"]", b"O", b"P", b"_"))
"""First bytes of such a rest. They may also be typed."""
QUICK = re.compile(rb"\x1b[A-MQ-WYZabd-wyz]")
"""ESC and a letter with which no reply begins: alt and the letter, or the escape key and then the letter.

Without `c` and `x`: by habit, alt+c and alt+x are pressed in a text, and would cancel or delete a job.
"""
_REPORTS = re.compile(
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
    if text in keys or _REPORTS.fullmatch(text):
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
