"""Addresses that work without a token, each for one file of one song, as the vendor's public `download_url` does."""

from __future__ import annotations

import hashlib
import hmac

from riffusion_tui.secret import Secret
from riffusion_tui.studio.http.operations import BASE

FILES = f"{BASE}/files"


class Signer:
    """Signs a song's files with a secret of the data folder; an address is good as long as the song is there."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def address(self, base: str, song: str, file: str) -> str:
        """Return the public address of `file` of `song` under `base`."""
        return f"{base}{FILES}/{song}/{file}?sig={self._sign(song, file)}"

    def genuine(self, song: str, file: str, signature: str) -> bool:
        """Say whether `signature` is this file's, in constant time."""
        return hmac.compare_digest(self._sign(song, file).encode(), signature.encode("utf-8", "replace"))

    def _sign(self, song: str, file: str) -> str:
        return hmac.new(self._key.reveal().encode(), f"{song}/{file}".encode(), hashlib.sha256).hexdigest()[:40]
