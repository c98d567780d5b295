"""Session state kept between starts: the unsent draft, and options set by keys.

Not edited by hand, so it is stored with the queue rather than the settings, as JSON, which loads fast. Unreadable
state is discarded. It never contains tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from riffusion_tui.clean import clean_text
from riffusion_tui.config.atomic_file import MAX_BYTES, write_private
from riffusion_tui.regular_file import read_regular

PersistentValue = bool | int | str
PERSISTENT: Mapping[str, type[PersistentValue]] = MappingProxyType(
    {
        "takes": int,
        "instrumental": bool,
        "model": str,
        "account": str,
        "max_jobs": int,
        "reply_url": str,
        "reply_ref": str,
    }
)
"""Options that persist until changed; those of a single prompt (title, lyrics, seed, length) don't."""

ChosenOptions = Mapping[str, PersistentValue]


class SessionState(NamedTuple):
    """State of the last session."""

    draft: str = ""
    """The editor's unsent draft."""
    options: Mapping[str, ChosenOptions] = MappingProxyType({})
    """Options by service, since accounts and models differ; only those that differ from the settings."""

    latest: int | None = None
    """Number of the history's latest text when this was written; None: unknown."""

    def chosen(self, service: str) -> ChosenOptions:
        """Return the options for a service."""
        return self.options.get(service, MappingProxyType({}))


def load_session_state(path: Path) -> SessionState:
    """Read the state; empty if the file is missing or invalid."""
    try:
        kept = read_regular(path, MAX_BYTES)
    except OSError:
        return SessionState()
    import json  # only if there is a file

    try:
        held = json.loads(kept)
    except (ValueError, RecursionError):
        return SessionState()
    if not isinstance(held, dict):
        return SessionState()
    draft, options, latest = held.get("draft"), held.get("options"), held.get("latest")
    return SessionState(
        clean_text(draft) if isinstance(draft, str) else "",
        {name: _chosen(saved) for name, saved in options.items() if isinstance(saved, dict)}
        if isinstance(options, dict)
        else {},
        latest if type(latest) is int else None,
    )


def save_session_state(path: Path, state: SessionState) -> None:
    """Write the state atomically, readable by this user only. Raises `FolderError`."""
    import json

    options = {name: dict(chosen) for name, chosen in state.options.items() if chosen}
    held = {"draft": state.draft, "options": options, "latest": state.latest}
    write_private(path, json.dumps(held, indent=1) + "\n", follow=False)


def _chosen(saved: dict[str, object]) -> dict[str, PersistentValue]:
    fits: dict[str, PersistentValue] = {}
    for name, kind in PERSISTENT.items():
        value = saved.get(name)
        if isinstance(value, str) and kind is str:
            fits[name] = clean_text(value)
        elif isinstance(value, bool | int) and type(value) is kind:
            fits[name] = value
    return fits
