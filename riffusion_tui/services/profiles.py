"""The profiles of the registered services, each imported on first use."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from riffusion_tui.registry import SERVICES
from riffusion_tui.services.capabilities import EditField, Profile


@cache
def profile_of(name: str) -> Profile:
    """Return a service's profile. Raises `KeyError` if the name is not registered."""
    profile: Profile = hook(SERVICES[name])
    return profile


def hook(where: str) -> Any:
    """Import and return `module:name` under `riffusion_tui.services`."""
    module, _, name = where.partition(":")
    return getattr(import_module(f"riffusion_tui.services.{module}"), name)


def default_models() -> frozenset[str]:
    """Return the names of the services' default models; they mean nothing to other services."""
    return frozenset(filter(None, (profile_of(name).capabilities.default_model for name in SERVICES)))


def max_seed() -> int:
    """Return the largest seed that any service accepts."""
    accepted = (profile_of(name).capabilities for name in SERVICES)
    return max(can.max_seed for can in accepted if can.seed)


def all_fields() -> dict[str, EditField]:
    """Return the fields for new songs of all services, by name."""
    return {field.name: field for name in SERVICES for field in profile_of(name).capabilities.fields}
