"""Signed URLs that work without a token, each for one file of a song, like the vendor's public `download_url`."""

from __future__ import annotations

import hashlib
import hmac

from riffusion_tui.secret import Secret
from riffusion_tui.studio.http.operations import BASE

FILES = f"{BASE}/files"


class Signer:
    """Signs URLs with the data folder's secret; a URL is valid as long as the song exists."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def address(self, base: str, song: str, file: str) -> str:
        """Return the public URL of `file` of `song` under `base`."""
        return f"{base}{FILES}/{song}/{file}?sig={self._sign(song, file)}"

    def genuine(self, song: str, file: str, signature: str) -> bool:
        """Whether `signature` is valid for this file; compares in constant time."""
        return hmac.compare_digest(self._sign(song, file).encode(), signature.encode("utf-8", "replace"))

    def _sign(self, song: str, file: str) -> str:
        return hmac.new(self._key.reveal().encode(), f"{song}/{file}".encode(), hashlib.sha256).hexdigest()[:40]
