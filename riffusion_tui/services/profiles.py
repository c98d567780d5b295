"""The profiles of the registered services, each loaded when it is first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from riffusion_tui.registry import SERVICES
from riffusion_tui.services.capabilities import EditField, Profile


@cache
def profile_of(name: str) -> Profile:
    """Return a service's profile. Raises `KeyError` for a name that is not registered."""
    profile: Profile = hook(SERVICES[name])
    return profile


def hook(where: str) -> Any:
    """Return what `module:name` below `riffusion_tui.services` names; the module is imported now."""
    module, _, name = where.partition(":")
    return getattr(import_module(f"riffusion_tui.services.{module}"), name)


def default_models() -> frozenset[str]:
    """Return what the services call their own default model: to another service the word means nothing."""
    return frozenset(filter(None, (profile_of(name).capabilities.default_model for name in SERVICES)))


def all_fields() -> dict[str, EditField]:
    """Return the fields that any service declares for a new song, by name."""
    return {field.name: field for name in SERVICES for field in profile_of(name).capabilities.fields}
