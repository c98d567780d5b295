"""The environment of child processes, without this program's tokens.

`RIFFUSION_TUI_TOKEN` and similar variables are removed from this process's environment at the start, so that a child
can't inherit them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

_TOKEN = re.compile(r"RIFFUSION_TUI_\w*TOKEN\w*")
_REMOVED: dict[str, str] = {}


def hold_tokens() -> None:
    """Remove the tokens from this process's environment; `whole_environment` still returns them."""
    for name in [name for name in os.environ if _TOKEN.fullmatch(name)]:
        _REMOVED[name] = os.environ.pop(name)


def whole_environment() -> dict[str, str]:
    """Return this process's environment including the removed tokens."""
    return {**_REMOVED, **os.environ}


def child_environment(environ: Mapping[str, str] | None = None, *, is_this_program: bool = False) -> dict[str, str]:
    """Return the environment for a child process.

    Args:
        environ: the environment to start from; default: this process's.
        is_this_program: keep the tokens, because the child is riffusion-tui itself.
    """
    given = whole_environment() if environ is None else environ
    return {name: value for name, value in given.items() if is_this_program or not _TOKEN.fullmatch(name)}
