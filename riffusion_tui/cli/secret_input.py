"""Read a token or a cookie without showing it: from standard input, or from the terminal without echo."""

from __future__ import annotations

import sys

from riffusion_tui.cli.errors import WrongUse

_MAX_SECRET = 64 * 1024
"""Maximum characters; a browser's cookie has a few thousand."""


def ask_secret(question: str) -> str:
    """Read one line. Raises `WrongUse` if there is none."""
    if sys.stdin.isatty():
        from getpass import getpass

        text = getpass(question, stream=sys.stderr)
    else:
        try:
            text = sys.stdin.read(_MAX_SECRET + 1)
            text.encode()  # some locales decode other bytes to surrogates
        except UnicodeError:
            raise WrongUse("The input is not UTF-8 text. Check what was pasted or piped in.") from None
    if len(text) > _MAX_SECRET:
        raise WrongUse("The input is too long for a token or a cookie. Check what was pasted or piped in.")
    if not text.strip():
        raise WrongUse("No input. Pipe the secret to standard input, or run this command in a terminal.")
    return text.strip()
