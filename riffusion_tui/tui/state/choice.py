"""Choices of a picker."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import profile_of


class Choice(NamedTuple):
    """One choice: its text, and the id that the picker returns."""

    id: str
    text: str
    description: str = ""
    """A description, shown dimmed after the text."""
    key: str = ""
    """The equivalent key, shown at the right edge."""
    also: str = ""
    """Other words that find it; not shown."""


def can_cancel(service: str) -> bool:
    """Whether a service can cancel a song in progress; assumed for one that no longer exists."""
    return service not in SERVICES or profile_of(service).capabilities.cancels


def is_free(service: str) -> bool:
    """Whether making a song with a service costs nothing."""
    can = profile_of(service).capabilities
    return can.local or can.repeatable


def free_service(choices: Sequence[Choice]) -> str:
    """Return the first service whose songs cost nothing, or an empty string."""
    return next((one.id for one in choices if profile_of(one.id).capabilities.repeatable), "")


def services(without: Collection[str] = ()) -> list[Choice]:
    """Return the services to choose from."""
    return [Choice(name, profile_of(name).title) for name in SERVICES if name not in without]
