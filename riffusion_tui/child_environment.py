"""What environment other programs are started with: none of them gets a token of this one.

`RIFFUSION_TUI_TOKEN` and its like are taken out of the process's own environment at the start, so that a child which
inherits it has none either.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

_TOKEN = re.compile(r"RIFFUSION_TUI_\w*TOKEN\w*")
_HELD: dict[str, str] = {}


def hold_tokens() -> None:
    """Take the tokens out of this process's environment; `whole_environment` still has them."""
    for name in [name for name in os.environ if _TOKEN.fullmatch(name)]:
        _HELD[name] = os.environ.pop(name)


def whole_environment() -> dict[str, str]:
    """Return this process's environment, with the tokens that were taken out of it."""
    return {**_HELD, **os.environ}


def child_environment(environ: Mapping[str, str] | None = None, *, is_this_program: bool = False) -> dict[str, str]:
    """Return the environment for a child process.

    Args:
        environ: what it is made of; without it this process's.
        is_this_program: the child is riffusion-tui itself and needs the tokens.
    """
    given = whole_environment() if environ is None else environ
    return {name: value for name, value in given.items() if is_this_program or not _TOKEN.fullmatch(name)}
