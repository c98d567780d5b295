"""From what a person asks of a finished song (extend, cover, …) to a job: checked against the service."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.dispatch.job_builder import NotPossible
from riffusion_tui.jobs.model import Job, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.capabilities import Edit, EditField


def asked_fields(edit: Edit, given: Mapping[str, str]) -> tuple[EditField, ...]:
    """Return the fields that belong to what is chosen so far."""
    chosen = {given.get(field.name, "") for field in edit.fields if field.choices}
    return tuple(field for field in edit.fields if not field.only or field.only in chosen)


def edit_options(parent: Job, service: str, edit: Edit, given: Mapping[str, str], lyrics: str | None = None) -> Options:
    """Return the options of the job that edits the song of `parent`.

    Args:
        parent: a finished job.
        service: who would edit it.
        edit: what is done.
        given: field → what was typed; an empty one says nothing.
        lyrics: what is to be sung, where the edit needs it.

    Raises:
        NotPossible: the song is not there or not this service's, or something is missing or out of its range.
    """
    if parent.status != Status.DONE or not parent.remote_id:
        raise NotPossible(f"Job {parent.id} is {parent.status.value}: only a finished song can be edited.")
    if parent.service != service:
        raise NotPossible(f"Job {parent.id} is a song of {parent.service}: only {parent.service} can edit it.")
    texts = {name: clean_line(text).strip() for name, text in given.items()}
    said = {name: text for name, text in texts.items() if text}
    fields = asked_fields(edit, said)
    _check(fields, said)
    words = clean_text(lyrics or "").strip()
    if edit.lyrics and not words:
        raise NotPossible("lyrics: write what is to be sung.")
    return Options(
        instrumental=parent.options.instrumental and not edit.lyrics,
        model=parent.options.model,
        account=parent.account,
        lyrics=words if edit.lyrics else None,
        operation=edit.name,
        source=parent.remote_id,
        extra=tuple((field.name, said[field.name]) for field in fields if field.name in said),
    )


def _check(fields: Iterable[EditField], said: Mapping[str, str]) -> None:
    numbers: dict[str, float] = {}
    for field in fields:
        text = said.get(field.name, "")
        if not text:
            if field.required:
                raise NotPossible(f"{field.name}: say it ({field.meaning}).")
        elif field.number:
            numbers[field.name] = _number(field, text)
            if field.after in numbers and numbers[field.name] <= numbers[field.after]:
                raise NotPossible(f"{field.name} must be more than {field.after}.")
        elif field.choices and text not in field.choices:
            raise NotPossible(f"{field.name} must be one of {', '.join(field.choices)}, not {text!r}.")


def _number(field: EditField, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    low = -math.inf if field.low is None else field.low
    high = math.inf if field.high is None else field.high
    if not (math.isfinite(number) and low <= number <= high):
        span = range_of(field)
        raise NotPossible(f"{field.name} must be a number{f' ({span})' if span else ''}, not {text!r}.")
    return number


def range_of(field: EditField) -> str:
    """Say what a number may be, `1 to 300`; empty where it may be any, and for what is none."""
    if field.low is not None and field.high is not None:
        return f"{field.low:g} to {field.high:g}"
    return f"{field.low:g} or more" if field.low is not None else ""
