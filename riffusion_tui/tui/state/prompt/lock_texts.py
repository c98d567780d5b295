"""Describe locks in words; long values as counts (`form: 9 sections`), so that all fit on a line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from riffusion_tui.jobs.lock_names import LIKE, LOCK_FIELDS
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.capabilities import label_of, unit_of
from riffusion_tui.services.profiles import profile_of
from riffusion_tui.tui.appearance.text_cells import cut
from riffusion_tui.tui.messages import message

_SECTION = re.compile(r"(?P<kind>[a-z]+)(?:=(?P<name>[^=:,]+?))? (?P<bars>\d+(?:\.\d+)?)(?![\d/])")
_MAX_VALUE = 20
"""Maximum cells of a value."""


def value_text(name: str, value: str) -> str:
    """Return a lock's value for a list: lyrics by their lines, a form by its sections with whole bars."""
    if name == "lyrics":
        from riffusion_tui.jobs.own_lyrics import line_count  # not needed for the first frame

        return message("locks.lines", n=line_count(value))
    return ", ".join(map(_section, value.split(", "))) if name == "form" else value


def _section(text: str) -> str:
    """Return a section of a locked form as its name and bars: `ending 4` of `ending=Coda 3.9375:0.7`."""
    found = _SECTION.match(text)
    return f"{(found['name'] or found['kind']).lower()} {float(found['bars']):.0f}" if found else text


def field_text(name: str, value: str, ellipsis: str = "…") -> str:
    """Return one field of a job in words: `tempo 92`, `fade in 2 s`, `form: 9 sections`, `like “rain, a lullaby”`."""
    if name == "form":
        return message("locks.form", n=sum("/" not in piece for piece in value.split(",")))
    if name == "band":
        return message("locks.band", n=value.count("=") - value.count("vocal="))
    short = cut(" ".join(value.split()), _MAX_VALUE, ellipsis)
    if name == LIKE:
        return message("locks.like", prompt=short)
    return " ".join(part for part in (label_of(name), short, unit_of(name)) if part)


def states_fields(service: str) -> bool:
    """Whether a service's jobs have the same fields from their prompts, so that they aren't locks."""
    return service in SERVICES and bool(profile_of(service).fields_from)


def fields_text(extra: Iterable[tuple[str, str]]) -> str:
    """Return a job's fields in words; empty if it has none."""
    return ", ".join(field_text(name, value) for name, value in extra)


def locks_text(extra: Iterable[tuple[str, str]]) -> str:
    """Return the fields that lock something, in words; empty if none does."""
    return fields_text((name, value) for name, value in extra if name in LOCK_FIELDS)
