"""The welcome text of a first start."""

from __future__ import annotations

from collections.abc import Callable

from riffusion_tui.tui.messages import message
from riffusion_tui.tui.state.shaded_lines import Lines


def welcome(service: str, key: Callable[[str], str]) -> Lines:
    """Return the welcome text of a first start.

    Args:
        service: the service's name.
        key: command id → displayed key.
    """
    text = message("welcome.studio" if service == "studio" else "welcome.service", service=service)
    keys = message(
        "welcome.keys", make=key("make"), help=key("help"), palette=key("palette"), editor=key("prompt.editor")
    )
    lines: Lines = [[(message("welcome.title"), "strong")], [(text, "soft")], []]
    return lines + [[(part, "dim")] for part in keys.split("\n")]
