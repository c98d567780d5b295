"""What the screen remembers from one start to the next: a prompt that was not made yet, and options set by keys.

It is no setting: nobody writes it by hand, so it stands with the queue and not with the settings, as JSON that is read
in no time. What can't be read is forgotten. Never a token: options hold none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from riffusion_tui.clean import clean_text
from riffusion_tui.config.atomic_file import write_private

Kept = bool | int | str
KEPT: Mapping[str, type[Kept]] = MappingProxyType(
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
"""Options that stay until they are changed again; what belongs to one prompt (title, lyrics, seed, length) does not."""

Chosen = Mapping[str, Kept]


class SessionState(NamedTuple):
    """What is remembered."""

    draft: str = ""
    """What stood in the editor and was not made."""
    options: Mapping[str, Chosen] = MappingProxyType({})
    """By service: accounts and models are its own. Only what differs from what the settings say."""

    def chosen(self, service: str) -> Chosen:
        """Return the options for a service."""
        return self.options.get(service, MappingProxyType({}))


def load_remembered(path: Path) -> SessionState:
    """Read it; nothing is remembered where there is no file, or one that makes no sense."""
    try:
        kept = path.read_bytes()
    except OSError:
        return SessionState()
    import json  # only where there is something to read

    try:
        held = json.loads(kept)
    except (ValueError, RecursionError):
        return SessionState()
    if not isinstance(held, dict):
        return SessionState()
    draft, options = held.get("draft"), held.get("options")
    return SessionState(
        clean_text(draft) if isinstance(draft, str) else "",
        {name: _chosen(said) for name, said in options.items() if isinstance(said, dict)}
        if isinstance(options, dict)
        else {},
    )


def save_remembered(path: Path, remembered: SessionState) -> None:
    """Write it whole, for this user only. Raises `FolderError`."""
    import json

    options = {name: dict(chosen) for name, chosen in remembered.options.items() if chosen}
    write_private(path, json.dumps({"draft": remembered.draft, "options": options}, indent=1) + "\n")


def _chosen(said: dict[str, object]) -> dict[str, Kept]:
    fits: dict[str, Kept] = {}
    for name, kind in KEPT.items():
        value = said.get(name)
        if isinstance(value, str) and kind is str:
            fits[name] = clean_text(value)
        elif isinstance(value, bool | int) and type(value) is kind:
            fits[name] = value
    return fits
