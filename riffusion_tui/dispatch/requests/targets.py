"""The services that a job can go to: the active one, and the one that its prompt names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.requests.job_builder import not_own
from riffusion_tui.dispatch.requests.prompt_fields import carried
from riffusion_tui.jobs.batch_file import BatchItem
from riffusion_tui.jobs.matrix import Prompt
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.base import Service
from riffusion_tui.services.capabilities import Capabilities
from riffusion_tui.services.profiles import profile_of


class Targets:
    """Finds services by name."""

    def __init__(self, active: Service, others: Callable[[str], Service | None]) -> None:
        """Take the active service, and a function that returns another one if this process dispatches its jobs too."""
        self._active = active
        self._others = others

    def find(self, name: str) -> tuple[str, Capabilities]:
        """Return a service's name, empty for the active one, and its capabilities. Raises `NotPossible` if unknown."""
        if name in ("", self._active.name):
            return self._active.name, self._active.capabilities
        if (other := self._others(name)) is not None:
            return name, other.capabilities
        if name in SERVICES:
            return name, profile_of(name).capabilities
        near = get_close_matches(name.lower(), SERVICES, n=1)
        hint = f"Did you mean @{near[0]}?" if near else f"Services: {', '.join(SERVICES)}."
        raise NotPossible(f"Unknown service @{name}. {hint} To keep it in the prompt, write \\@{name}.")

    def of_job(self, job: Job) -> tuple[str, Capabilities]:
        """Return the name and capabilities of a job's service. Raises `NotPossible` if it no longer exists."""
        if job.service != self._active.name and job.service not in SERVICES:
            raise not_own(job)
        return self.find(job.service)

    def running(self, job: Job) -> Service:
        """Return a job's service, to call it. Raises `NotPossible` if this process doesn't dispatch its jobs."""
        service = self._active if job.service == self._active.name else self._others(job.service)
        if service is None:
            raise not_own(job)
        return service

    async def fetch_capabilities(self, name: str) -> Capabilities:
        """Return a service's features, fetching them if unknown; empty: the active service."""
        service = self._active if name in ("", self._active.name) else self._others(name)
        if service is not None:
            await service.fetch_capabilities()
        return self.find(name)[1]

    def items(self, prompts: Sequence[Prompt], options: Options, takes: int) -> list[BatchItem]:
        """Return the prompts with their options; for another service, only the options it supports."""
        fitting = {"": options}
        for name in {one.service for one in prompts}:
            known, can = self.find(name)
            fitting[name] = options if known == self._active.name else carried(options, can)
        return [BatchItem(one.text, fitting[one.service], one.takes or takes, one.service) for one in prompts]
