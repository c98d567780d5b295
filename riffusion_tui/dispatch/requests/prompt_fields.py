"""Derive a service's options from a prompt, or from a song of another service. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from riffusion_tui.jobs.model import Job, Options, Song
from riffusion_tui.services.capabilities import Capabilities

PromptReader = Callable[[str, str], Mapping[str, str]]
"""(service, prompt) → values in the prompt (`tempo`, `key`, `length`, `vocals`, …) that the service takes as fields;
empty for a service that parses the prompt itself."""
OptionsCheck = Callable[[str, Options, Song | None], str]
"""(service, options, the song that they edit) → why the service would refuse them; empty if it wouldn't, or that isn't
known."""

_THREE_EIGHTHS = ([6, 8], [9, 8], [12, 8], [15, 8])
"""Meters in which a beat is three eighths, as the studio's plans have them."""


def with_stated(
    stated: Mapping[str, str], can: Capabilities, options: Options, before: Mapping[str, str] | None = None
) -> Options:
    """Return the options, with unset fields filled from the prompt.

    Args:
        stated: values in the prompt.
        can: the service's capabilities.
        options: the prompt's options; edits of a song are returned unchanged.
        before: values in the prompt before it was changed; they are removed.
    """
    if options.operation or not (stated or before):
        return options
    extra = dict(options.extra)
    for name, text in (before or {}).items():
        if name == "length" and options.length_s == float(text):
            options = options._replace(length_s=None)
        if extra.get(name) == text:
            del extra[name]
    if "length" in stated and options.length_s is None:
        low, high = can.length_range
        options = options._replace(length_s=min(max(float(stated["length"]), low), high))
    if stated.get("vocals") == "none" and not options.lyrics:
        options = options._replace(instrumental=True)
    known = can.field_names
    mine = {name: text for name, text in stated.items() if name in known}
    return options._replace(extra=tuple((mine | extra).items()))


def allowed(options: Options, can: Capabilities) -> Options:
    """Return the options of a new song without values that the service doesn't support."""
    fields = {field.name: field for field in can.fields}
    return options._replace(
        extra=tuple((name, text) for name, text in options.extra if name not in fields or fields[name].allows(text))
    )


def carried(options: Options, can: Capabilities) -> Options:
    """Return those of one service's options that another accepts; never its accounts and edits."""
    known = can.field_names
    low, high = can.length_range
    length_s = None if options.length_s is None else min(max(options.length_s, low), high)
    return options._replace(
        account=None,
        model=options.model if options.model in can.models else "",
        title=options.title if can.title else None,
        lyrics=options.lyrics if can.given_lyrics else None,
        seed=options.seed if can.seed else None,
        length_s=length_s if can.length else None,
        operation=None,
        source=None,
        extra=tuple((name, text) for name, text in allowed(options, can).extra if name in known),
    )


def options_for(old: Job, song: Song | None, can: Capabilities) -> Options:
    """Return options for remaking a job's song with another service: its plan, lyrics and seed."""
    options, plan = old.options, plan_of(song)
    meter = plan.get("meter")
    lyrics = options.lyrics or (song.lyrics if song else "")
    seed = plan.get("seed") if options.seed is None else options.seed
    key, bpm = plan.get("key"), tempo_of(plan)
    made: dict[str, Any] = {
        "tempo": None if bpm is None else f"{bpm:.10g}",
        "key": f"{key} {plan.get('mode') or 'major'}" if isinstance(key, str) and key else None,
        "meter": "/".join(map(str, meter)) if isinstance(meter, list | tuple) else meter,
        "language": plan.get("language") if lyrics else None,
        **dict(options.extra),
    }
    extra = []
    for field in can.fields:
        text = made.get(field.name)
        if isinstance(text, str) and text and field.allows(text):
            extra.append((field.name, text))
    return carried(options, can)._replace(
        model="",
        lyrics=lyrics if can.given_lyrics and lyrics and not options.instrumental else None,
        seed=seed if can.seed and isinstance(seed, int) else None,
        extra=tuple(extra),
    )


def plan_of(song: Song | None) -> Mapping[str, Any]:
    """Return the service's plan of a song; some nest it one level deeper."""
    plan = song.plan if song else {}
    inner = plan.get("plan")
    return inner if isinstance(inner, Mapping) else plan


def tempo_of(plan: Mapping[str, Any]) -> float | None:
    """Return a plan's tempo in beats of its meter per minute, or None.

    The studio's older songs, whose plans have no `beat`, counted quarter notes, also where three eighths are a beat.
    """
    bpm = plan.get("bpm")
    if not isinstance(bpm, int | float):
        return None
    return bpm / 1.5 if "beat" not in plan and plan.get("meter") in _THREE_EIGHTHS else bpm
