"""The service that a prompt names, with its capabilities; and items for it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from riffusion_tui.dispatch.job_builder import NotPossible, not_own
from riffusion_tui.dispatch.prompt_fields import carried
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.matrix import Prompt
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.base import Service
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.services.profiles import profile_of


def target(service: str, active: Service) -> tuple[str, Capabilities]:
    """Return a service's name, empty for the active one, and its capabilities. Raises `NotPossible` if unknown."""
    if service in ("", active.name):
        return active.name, active.capabilities
    if service in SERVICES:
        return service, profile_of(service).capabilities
    near = get_close_matches(service.lower(), SERVICES, n=1)
    hint = f"Did you mean @{near[0]}?" if near else f"Use one of {', '.join(SERVICES)}."
    raise NotPossible(f"Unknown service {service!r}. {hint} To keep it in the prompt, write \\@{service}.")


def home(job: Job, active: Service) -> tuple[str, Capabilities]:
    """Return the name and capabilities of a job's service. Raises `NotPossible` if it no longer exists."""
    if job.service != active.name and job.service not in SERVICES:
        raise not_own(job)
    return target(job.service, active)


def items(prompts: Sequence[Prompt], options: Options, takes: int, active: Service) -> list[BatchItem]:
    """Return the prompts with their options; for another service, only the options it supports."""
    fitting = {"": options}
    for name in {one.service for one in prompts}:
        known, can = target(name, active)
        fitting[name] = options if known == active.name else carried(options, can)
    return [BatchItem(one.text, fitting[one.service], one.takes or takes, one.service) for one in prompts]
