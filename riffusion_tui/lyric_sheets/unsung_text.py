"""What in a line of lyrics isn't sung: addresses, signs and emoticons."""

from __future__ import annotations

import re

EMOTICON = r"<3+(?!\d)"
"""A heart, whose digit isn't sung."""
_ADDRESS = re.compile(
    r"\(?(?:(?:\bhttps?://|\bwww\.|(?<![\w@.-])(?:[\w-]{1,63}\.){1,5}[a-z]{2,6}/(?=\w))[^\s<>()]{1,2000}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})\)?",
    re.IGNORECASE,
)
"""A web or mail address, which nobody sings."""


def has_address(text: str) -> bool:
    """Whether lyrics have a web or mail address, which isn't sung."""
    return _ADDRESS.search(text) is not None


def without_addresses(text: str) -> str:
    """Return lyrics without addresses; a line that is nothing else is left out."""
    if not has_address(text):
        return text
    lines = ((line, _ADDRESS.sub("", line)) for line in text.split("\n"))
    return "\n".join(left for line, left in lines if left == line or left.strip())


def has_words(line: str) -> bool:
    """Whether a line has anything to sing: not of `🎶`, `---` or `<3`."""
    return re.search(r"[^\W_]", re.sub(EMOTICON, "", line)) is not None
