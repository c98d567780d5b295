"""What a service can't keep of prompts, known before their songs are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from riffusion_tui.cli.unsent_values import unsent_values
from riffusion_tui.jobs.lock_names import LOCK_FIELDS
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import profile_of

if TYPE_CHECKING:
    from riffusion_tui.studio.engine.song_plan import Plan
    from riffusion_tui.studio.engine.song_request import Locks

_STUDIO = "studio"
_MOST = 50
"""Prompts that are planned, at most; each takes some milliseconds."""
_SEEDS = (0, 1, 2)
"""Seeds that songs without one are planned with: what isn't kept with any of them depends on none."""


def foreseen_limits(jobs: Sequence[Job]) -> dict[int, tuple[str, ...]]:
    """Return what the service can't keep of the prompts of new songs, by the job's id; none of many or other jobs."""
    known: dict[tuple[str, str, Options], tuple[str, ...]] = {}
    found: dict[int, tuple[str, ...]] = {}
    for job in jobs:
        if job.options.operation or not _is_read(job.service):
            continue
        asked = job.service, job.prompt, job.options
        if asked not in known and len(known) >= _MOST:
            break
        if asked not in known:
            known[asked] = _limits(*asked)
        found[job.id] = known[asked]
    return found


def lyrics_limit(service: str, prompt: str) -> str:
    """Return that a service doesn't write lyrics in a prompt's language; empty if it does or may."""
    if service != _STUDIO:
        return ""
    from riffusion_tui.studio.engine.understand.limits.engine_limits import written_only
    from riffusion_tui.studio.engine.understand.words.languages import LATIN, WRITTEN

    language = plan_of(prompt, Options()).language
    return written_only(language) if language not in (WRITTEN, LATIN) else ""


def _is_read(service: str) -> bool:
    """Whether prompts for a service are read here."""
    return service == _STUDIO or (service in SERVICES and bool(profile_of(service).fields_from))


def _limits(service: str, prompt: str, options: Options) -> tuple[str, ...]:
    if service != _STUDIO:
        return unsent_values(service, prompt, options)
    seeds = _SEEDS if options.seed is None else (options.seed,)
    first, *others = (plan_of(prompt, options._replace(seed=seed)).limits for seed in seeds)
    return tuple(limit for limit in first if all(limit in each for each in others))


def plan_of(prompt: str, options: Options) -> Plan:
    """Return the studio's plan of a prompt with the options of its job; the first call also loads the lexicon."""
    from riffusion_tui.studio.engine.prompt import plan
    from riffusion_tui.studio.engine.song_request import Request

    seed, lyrics, locks = options.seed or 0, options.lyrics, _locks(options)
    return plan(Request(prompt, seed, options.instrumental, options.length_s, lyrics=lyrics, locks=locks))


def _locks(options: Options) -> Locks:
    """Return what the song keeps of an earlier one; nothing while a field can't be read, which queueing reports."""
    from riffusion_tui.studio.engine.engine_errors import EngineError
    from riffusion_tui.studio.engine.locks import check
    from riffusion_tui.studio.engine.song_request import Locks

    kept = {name: text for name, text in options.extra if name in LOCK_FIELDS}
    try:
        tempo = float(kept.pop("tempo")) if "tempo" in kept else None
        locks = Locks(tempo=tempo, **kept)
        check(locks)
    except (ValueError, EngineError):
        return Locks()
    return locks
