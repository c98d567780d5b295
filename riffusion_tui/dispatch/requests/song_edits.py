"""Validate an edit of a finished song (extend, cover, …) and build its options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from riffusion_tui.clean import clean_line, clean_text
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.dispatch.requests.job_builder import check_fields
from riffusion_tui.dispatch.requests.prompt_fields import plan_of
from riffusion_tui.jobs.length_text import seconds_of
from riffusion_tui.jobs.model import Job, Options, Song
from riffusion_tui.jobs.status import Status, predicate
from riffusion_tui.services.capabilities import Edit, EditField


def visible_fields(edit: Edit, given: Mapping[str, str]) -> tuple[EditField, ...]:
    """Return the fields that apply to the current choices."""
    chosen = {field.spelled(given.get(field.name, "").strip()) for field in edit.fields if field.choices}
    return tuple(field for field in edit.fields if not field.only or field.only in chosen)


def with_choices(fields: Iterable[EditField], song: Song | None) -> tuple[EditField, ...]:
    """Return the fields with the choices that this song's plan lists."""
    plan = plan_of(song)
    return tuple(field._replace(choices=_listed(plan.get(field.listed)) or field.choices) for field in fields)


def _listed(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in value if isinstance(one, str))) if isinstance(value, list) else ()


def _as_sent(field: EditField, text: str) -> str:
    """Return a choice as it is spelled, and a time such as `2:30` in seconds; any other text as it is."""
    if field.is_time and ":" in text:
        with suppress(ValueError):
            return f"{seconds_of(text):.10g}"
    return field.spelled(text)


def edit_options(
    parent: Job,
    service: str,
    edit: Edit,
    given: Mapping[str, str],
    lyrics: str | None = None,
    *,
    uploads: bool = False,
    song: Song | None = None,
) -> Options:
    """Return the options of the job that edits the song of `parent`.

    Args:
        parent: a finished job.
        service: the service that would edit it.
        edit: the edit.
        given: field → value; empty ones are ignored.
        lyrics: the new lyrics, if the edit needs them.
        uploads: whether the service can edit any song by uploading its file.
        song: the song, if there are details of it: its plan lists the choices of some fields.

    Raises:
        NotPossible: the song is missing or belongs to another service, or a field is missing or out of range.
    """
    _check_parent(parent, service, uploads=uploads)
    texts = {name: clean_line(text).strip() for name, text in given.items()}
    values = {name: text for name, text in texts.items() if text}
    fields = with_choices(visible_fields(edit, values), song)
    values |= {one.name: _as_sent(one, values[one.name]) for one in fields if one.name in values}
    check_fields(fields, values)
    if uploads and not edit.lyrics and not parent.options.instrumental:
        lyrics = parent.options.lyrics or (song.lyrics if song else None)  # keep the lyrics
    words = clean_text(lyrics or "").strip()
    if edit.lyrics and not words:
        raise NotPossible("lyrics are required.")
    own = parent.service == service
    return Options(
        instrumental=parent.options.instrumental and not edit.lyrics,
        model=parent.options.model if own else "",
        account=parent.account if own and not uploads else None,
        lyrics=words if edit.lyrics or uploads else None,
        operation=edit.name,
        source=parent.file if uploads else parent.remote_id,
        extra=tuple((field.name, values[field.name]) for field in fields if field.name in values),
    )


def _check_parent(parent: Job, service: str, *, uploads: bool) -> None:
    """Raise `NotPossible` if a job has no song that the service can edit."""
    if parent.status != Status.DONE or not (parent.remote_id or uploads):
        raise NotPossible(f"Job {parent.id} {predicate(parent.status)}; only finished songs can be edited.")
    if uploads and not parent.file:
        raise NotPossible(f"Job {parent.id} has no local file to upload.")
    if parent.service != service and not uploads:
        raise NotPossible(f"Job {parent.id} is a song of {parent.service}: only {parent.service} can edit it.")
