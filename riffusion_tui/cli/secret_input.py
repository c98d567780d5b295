"""Read a token or a cookie without showing it: from standard input, or from a person without echo."""

from __future__ import annotations

import sys

from riffusion_tui.cli.errors import WrongUse

MAX_SECRET = 64 * 1024
"""Characters; a browser's cookie is a few thousand."""


def ask_secret(question: str) -> str:
    """Return one line. Raises `WrongUse` when there is none."""
    if sys.stdin.isatty():
        from getpass import getpass

        text = getpass(question, stream=sys.stderr)
    else:
        text = sys.stdin.read(MAX_SECRET + 1)
    if len(text) > MAX_SECRET:
        raise WrongUse("That is too long to be a token or a cookie.")
    if not text.strip():
        raise WrongUse("Nothing came on standard input: pipe it in, or run this in a terminal to be asked for it.")
    return text.strip()
