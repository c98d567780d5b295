"""What a prompt states for a service's fields, such as a meter or a length, but the service doesn't have."""

from __future__ import annotations

from collections.abc import Iterator

from riffusion_tui.jobs.model import Options
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import hook, profile_of


def unsent_values(service: str, prompt: str, options: Options) -> tuple[str, ...]:
    """Return a sentence for each value that is only in the text of a new song's prompt, or changed in its field."""
    if service not in SERVICES or options.operation or not profile_of(service).fields_from:
        return ()
    return tuple(_sentences(service, prompt, options))


def _sentences(service: str, prompt: str, options: Options) -> Iterator[str]:
    from riffusion_tui.cli.printing.output import length  # the first frame needs neither
    from riffusion_tui.studio.engine.prompt import stated

    profile, found, given = profile_of(service), stated(prompt), dict(options.extra)
    fitting = hook(profile.fields_from)(found)
    for name in ("tempo", "key", "meter"):
        if name in found and name not in fitting and name not in given:
            yield f"{profile.title} has no {name} {found[name]}; it is only in the text of the prompt."
    low, high = profile.capabilities.length_range
    wanted = float(found.get("length", low))
    if not low <= wanted <= high and options.length_s == (made := min(max(wanted, low), high)):
        span = f"{length(low)} to {length(high)}"
        yield f"{profile.title} makes songs of {span}: this one has {length(made)}, not {length(wanted)}."
