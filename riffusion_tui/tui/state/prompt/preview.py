"""What the editor's text would generate, and when that would be finished."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import NamedTuple

from riffusion_tui.dispatch.eta import estimate
from riffusion_tui.jobs.matrix import MAX_PROMPTS, Count, count, longest, takes_problem, takes_range, unclosed
from riffusion_tui.registry import SERVICES
from riffusion_tui.tui.state.prompt.draft import Draft
from riffusion_tui.tui.state.prompt.text_length import is_near
from riffusion_tui.tui.state.view_model import ViewModel


class Preview(NamedTuple):
    """What the editor's text would generate."""

    prompts: int
    songs: int
    seconds: float | None
    """Seconds until the last song is likely finished; None if unknown, as for another service."""
    slots: int
    """Songs at a time; 0 if unknown."""
    job: int | None = None
    """The job that is changed or replaced."""
    changes: bool = False
    """True if that job is changed instead of replaced."""
    unclosed: bool = False
    """A brace with alternatives isn't closed, so it is literal."""
    limit: int | None = None
    """How many songs can be queued at once, if the text makes more."""
    problem: str = ""
    """What is wrong with a number of takes."""
    takes: tuple[int, int] = (1, 1)
    """The fewest and the most takes of a prompt."""
    length: tuple[int, int] = (0, 1)
    """Characters of the prompt that is nearest to its service's limit, or most over it, and that limit."""


def preview_of(model: ViewModel, draft: Draft, text: str, detected_length_s: float | None) -> Preview:
    """Return the preview of `text`, with the draft's options.

    `detected_length_s` is the length that the prompt states, in seconds.
    """
    (prompts, songs), opened, problem, takes = _counted(text, draft.takes)
    here = set(draft.services) <= {model.deps.service}  # another service's speed is unknown
    until = _finished_at(model, songs, draft.options.length_s or detected_length_s) if songs and here else None
    seconds = until - model.now if until is not None else None
    old, changes = draft.replaced(model.list.jobs, songs)
    job = old.id if old is not None and songs else None
    slots = sum(one.slots for one in model.summary.opens) if here else 0
    slots = min(slots, model.summary.concurrency or slots)
    made = songs * model.deps.capabilities.songs
    limit = MAX_PROMPTS if max(prompts, songs) > MAX_PROMPTS else None
    length = _length(text, model.deps.service, model.deps.capabilities.max_prompt)
    return Preview(prompts, made, seconds, slots, job, changes, opened, limit, problem, takes, length)


@lru_cache(maxsize=1)
def _counted(text: str, takes: int) -> tuple[Count, bool, str, tuple[int, int]]:
    """Return a text's counts, whether a brace isn't closed, what is wrong with its numbers of takes, and their range.

    It is a quarter of a second's work for a pasted log.
    """
    return count(text, takes), bool(unclosed(text)), takes_problem(text), takes_range(text, takes)


def _length(text: str, service: str, limit: int) -> tuple[int, int]:
    """Return the characters of the prompt that is nearest to its limit, and that limit.

    `limit` is the one of `service`, to which prompts go that name none.
    """
    if "@" not in text and not is_near(len(text), limit):
        return len(text), limit
    limits = [(n, limit if name in ("", service) else _limit(name)) for name, n in _longest(text).items()]
    return max(limits, key=lambda pair: pair[0] / pair[1], default=(0, limit))


@lru_cache(maxsize=1)
def _longest(text: str) -> dict[str, int]:
    return longest(text)


def _limit(service: str) -> int:
    """Return the most characters of a prompt of another service; an unknown one is reported elsewhere."""
    from riffusion_tui.services.profiles import profile_of  # not needed for the first frame

    return profile_of(service).capabilities.max_prompt if service in SERVICES else sys.maxsize


def _finished_at(model: ViewModel, songs: int, own_length_s: float | None) -> float | None:
    """Return when all is done if the draft's songs are added."""
    usual, summary, before = model.usual, model.summary, model.summary.waiting
    length = usual.unrequested_s if usual is not None else None
    if length is not None:
        mean = model.deps.store.requested_length(model.deps.service, length) if before else length
        length = (before * mean + songs * (own_length_s or length)) / (before + songs)
    making, opens, concurrency = model.making(), summary.opens, summary.concurrency
    return estimate(before + songs, making, opens, usual, model.now, length_s=length, concurrency=concurrency)
