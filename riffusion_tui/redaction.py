"""Redact secrets in texts from outside, however they are encoded there: a server may quote what it received.

Recognized are percent-encoding, HTML entities, escapes of JSON, base64 (such as HTTP's basic authentication), and line
breaks or invisible characters inside, also several of these at once.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from riffusion_tui.clean import clean_text
from riffusion_tui.secret import Secret

HIDDEN = "…"
_QUOTABLE = 8
"""Minimum length of secrets that are redacted: shorter ones may be parts of words."""
_BREAKABLE = 16
"""Minimum length of secrets that are recognized with blanks inside: shorter ones may be two words."""
_LAYERS = 4
"""Maximum number of encodings around one another."""
_INVISIBLE = "\u200c\u200d\u200e\u200f"
"""Invisible characters that the cleaner keeps."""
# Plain strings: `re` compiles and caches a pattern on first use.
_USER = r"user:(?:\d+-)?"
"""The vendor's tokens begin with the user's number, which isn't secret."""
_ENCODED = (
    r"((?:%(?:25)*[0-9a-fA-F]{2})+)"
    r"|&(?:amp;)*(?:#0*(\d{1,6})(?!\d)|#[xX]0*([0-9a-fA-F]{1,5})(?![0-9a-fA-F])|([a-zA-Z]{2,6})(?=;));?"
    r"|\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrt])|([^\w\s\\]))"
)
"""Characters in percent-encoding, or one as an HTML entity, or escaped as in JSON."""
_NAMED = {
    "colon": ":",
    "hyphen": "-",
    "dash": "-",
    "lowbar": "_",
    "period": ".",
    "sol": "/",
    "plus": "+",
    "equals": "=",
}
_NAMED |= {"Tab": "\t", "amp": "&", "quot": '"', "semi": ";", "comma": ",", "num": "#", "commat": "@", "excl": "!"}


class Redactor:
    """Replaces secrets in texts with `…`.

    Args:
        secrets: what to redact; secrets shorter than a few characters are ignored.
    """

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        plain = {form for one in secrets for form in _forms(one.reveal().strip()) if len(form) >= _QUOTABLE}
        # Longest first: one may be a part of another.
        self._plain = sorted(plain, key=len, reverse=True)
        self._packed = {core for form in self._plain for core in _base64_cores(form)}

    def __bool__(self) -> bool:
        return bool(self._plain)

    def clean(self, text: str, limit: int) -> str:
        """Return `text` cleaned, without secrets, and then cut, since a part of a secret isn't recognized."""
        return self.redacted(clean_text(text, len(text)))[:limit] if self._plain else clean_text(text, limit)

    def redacted(self, text: str) -> str:
        """Return a clean text without secrets. If one is encoded, the text is returned decoded."""
        found = layer = text
        for _ in range(_LAYERS if self._plain else 0):
            if (clear := self._without(layer)) != layer:
                found = layer = clear
            if not any(mark in layer for mark in "%&\\"):
                break
            decoded = clean_text(re.sub(_ENCODED, _decoded, layer), len(layer))
            if decoded == layer:
                break
            layer = decoded
        return found

    def _without(self, text: str) -> str:
        visible = text
        for mark in _INVISIBLE:
            visible = visible.replace(mark, "")
        joined = "".join(visible.split())
        for secret in self._plain:
            if secret in visible or (len(secret) >= _BREAKABLE and secret in joined):
                text = re.sub(_gap(secret).join(map(re.escape, secret)), HIDDEN, text)
        standard = joined.replace("-", "+").replace("_", "/")
        for core in self._packed:
            if core in standard:
                characters = (_SAME.get(character, character) for character in core)
                text = re.sub(_gap(core).join(characters), HIDDEN, text)
        return text


_SAME = {"+": "[+-]", "/": "[/_]"}
"""Characters of base64 that are others in URLs."""


def _gap(secret: str) -> str:
    """Return a pattern of what may be inside a secret."""
    return rf"[\s{_INVISIBLE}]*" if len(secret) >= _BREAKABLE else f"[{_INVISIBLE}]*"


def _forms(secret: str) -> set[str]:
    """Return a secret, and the parts of a token that are as secret as all of it."""
    found = re.match(_USER, secret)
    return {secret, secret.removeprefix("user:"), secret[found.end() :]} if found else {secret}


def _base64_cores(secret: str) -> set[str]:
    """Return the characters of base64 that only this text has, at each of the three positions that it may be at."""
    cores = set()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + secret.encode()).decode()
        cores.add(encoded[(before * 8 + 5) // 6 : (before + len(secret.encode())) * 8 // 6])
    return cores


def _decoded(found: re.Match[str]) -> str:
    percent, decimal, hexadecimal, name, escaped, short, blank, quoted = found.groups()
    if percent:
        return bytes.fromhex(re.sub("%(?:25)+(?=[0-9a-fA-F]{2})|%", "", percent)).decode("utf-8", "replace")
    if quoted or blank:
        return quoted or " "
    if name:
        return _NAMED.get(name, found[0])
    return chr(int(decimal) if decimal else int(hexadecimal or escaped or short, 16))
