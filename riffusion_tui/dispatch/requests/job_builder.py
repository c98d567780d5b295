"""Validate requests and build jobs from them, all or nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from math import inf, isfinite, nan
from typing import TYPE_CHECKING

from riffusion_tui.clean import clean_text, is_blank
from riffusion_tui.dispatch.errors import NotPossible, WrongField
from riffusion_tui.jobs.matrix import MAX_TAKES
from riffusion_tui.jobs.model import MAX_JOBS_RANGE, MAX_REFERENCE, Job, Options
from riffusion_tui.jobs.status import Status
from riffusion_tui.services.base import Capabilities
from riffusion_tui.services.capabilities import Edit, EditField
from riffusion_tui.services.profiles import default_models
from riffusion_tui.store.store_types import NewJob

if TYPE_CHECKING:
    from riffusion_tui.jobs.batch_file import BatchItem

_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)
_ELSEWHERE = {"extend": "resize", "resize": "extend", "replace": "repaint", "repaint": "replace"}
"""What other services call an edit."""
_MAX_QUOTED = 60
"""Characters of a wrong value that a message quotes."""


def new_jobs(
    items: Iterable[BatchItem],
    service: str,
    can: Capabilities,
    rng: random.Random,
    parent: int | None = None,
    batch: str = "",
) -> list[NewJob]:
    """Return a job for each take of each prompt, all of one batch. Raises `NotPossible`."""
    batch = batch or new_batch(rng)
    jobs = []
    for one in items:
        prompt = checked_prompt(one.prompt, can)
        wanted = _own(one.options, can)
        check_options(wanted, can)
        if not 1 <= one.takes <= MAX_TAKES:
            raise NotPossible(f"Takes must be 1 to {MAX_TAKES}, not {one.takes}.")
        check_seed(wanted.seed, one.takes, can)
        for take in range(1, one.takes + 1):
            options = _for_take(wanted, take)
            ref = options.reply_ref or new_ref(rng)
            jobs.append(NewJob(prompt, options, service, ref, batch, take, one.takes, parent))
    return jobs


def check_seed(seed: int | None, takes: int, can: Capabilities) -> None:
    """Raise `NotPossible` if a seed is out of range, including the last take's."""
    high = can.max_seed - takes + 1
    if seed is not None and not 0 <= seed <= high:
        what = "seed" if takes == 1 else f"seed with {takes} takes"
        raise NotPossible(f"{what} must be a whole number from 0 to {high}, not {seed}.")


def new_batch(rng: random.Random) -> str:
    """Return the id of a batch."""
    return f"{rng.getrandbits(48):012x}"


def new_ref(rng: random.Random) -> str:
    """Return a unique `replyRef`."""
    return f"rt-{rng.getrandbits(128):032x}"


def _own(options: Options, can: Capabilities) -> Options:
    """Return the options without another service's default model, as found in its receipts."""
    foreign = options.model in default_models() and options.model not in can.models
    return options._replace(model="") if foreign else options


def _for_take(options: Options, take: int) -> Options:
    """Give each take its own seed if one is set: the same seed would make the same song."""
    return options if options.seed is None else options._replace(seed=options.seed + take - 1)


def checked_prompt(text: str, can: Capabilities) -> str:
    """Return the prompt, cleaned. Raises `NotPossible`."""
    prompt = clean_text(text, len(text)).strip()
    if is_blank(prompt):
        raise NotPossible("The prompt is empty; describe the song.")
    if len(prompt) > can.max_prompt:
        raise NotPossible(f"The prompt has {len(prompt):,} characters; the service's limit is {can.max_prompt:,}.")
    return prompt


def edit_of(operation: str, can: Capabilities) -> Edit:
    """Return the service's description of an edit. Raises `NotPossible` if it doesn't support it."""
    for edit in can.edits:
        if edit.name == operation:
            return edit
    if not can.edits:
        raise NotPossible("This service can't edit songs.")
    near = get_close_matches(_ELSEWHERE.get(operation, operation), can.operations, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise NotPossible(f"This service has no edit {operation!r}; it has {', '.join(can.operations)}.{hint}")


def check_own(job: Job, service: str) -> None:
    """Raise `NotPossible` if the job belongs to a service other than `service`."""
    if job.service != service:
        raise not_own(job)


def not_own(job: Job) -> NotPossible:
    """Return the error for a job of a service that this process hasn't opened."""
    return NotPossible(f"Job {job.id} belongs to {job.service}; use `--service {job.service}`.")


def check_options(options: Options, can: Capabilities) -> None:
    """Raise `NotPossible` for options that the service would reject."""
    for name, value in (("replyUrl", options.reply_url), ("replyRef", options.reply_ref)):
        if value is not None and len(value) > MAX_REFERENCE:
            raise NotPossible(f"{name} has {len(value):,} characters; the limit is {MAX_REFERENCE:,}.")
    if options.reply_url and not _WEB_ADDRESS.fullmatch(options.reply_url):
        raise NotPossible(f"replyUrl must be an http:// or https:// address, not {_quoted(options.reply_url)}.")
    if options.max_jobs is not None and options.max_jobs not in MAX_JOBS_RANGE:
        raise NotPossible(f"maxJobs must be {MAX_JOBS_RANGE[0]} to {MAX_JOBS_RANGE[-1]}, not {options.max_jobs}.")
    if options.model and can.models and options.model not in can.models:
        raise NotPossible(f"Unknown model {options.model!r}; the service has {', '.join(can.models)}.")
    if options.lyrics and can.given_lyrics and len(options.lyrics) > can.max_lyrics:
        raise NotPossible(
            f"The lyrics have {len(options.lyrics):,} characters; the service's limit is {can.max_lyrics:,}."
        )
    if options.title and can.title and len(options.title) > can.max_title:
        raise NotPossible(f"The title has {len(options.title):,} characters; the service's limit is {can.max_title:,}.")
    check_length(options.length_s, can)
    if options.operation is None:
        known = can.field_names
        check_fields(can.fields, {name: text for name, text in options.extra if name in known})
    else:
        _check_edit(options, edit_of(options.operation, can))


def check_length(length_s: float | None, can: Capabilities) -> None:
    """Raise `NotPossible` for a length in seconds that the service doesn't make; None is its choice."""
    low, high = can.length_range
    if length_s is not None and not (low <= length_s <= high and 0 < length_s < inf):
        span = f"{low:g} to {high:g} seconds" if high < inf else "more than 0 seconds"
        raise NotPossible(f"A song's length must be {span}.")


def _check_edit(options: Options, edit: Edit) -> None:
    known = [field.name for field in edit.fields]
    for name, _ in options.extra:
        if name not in known:
            raise NotPossible(f"{edit.name} has no field {name!r}; its fields: {', '.join(known) or 'none'}.")


def check_fields(fields: Iterable[EditField], values: Mapping[str, str]) -> None:
    """Raise `NotPossible` for a field that is missing, too long, not one of its choices or out of range."""
    numbers: dict[str, float] = {}
    for field in fields:
        text = values.get(field.name, "")
        if not text:
            if field.required:
                raise WrongField(field, f"is required ({field.meaning}).")
        elif field.number:
            numbers[field.name] = _number(field, text)
            if field.after in numbers and numbers[field.name] <= numbers[field.after]:
                raise WrongField(field, "must be more than", field.after)
        elif 0 < field.max_length < len(text):
            raise WrongField(field, f"has {len(text):,} characters; the limit is {field.max_length:,}.")
        elif field.choices and text not in field.choices:
            raise WrongField(field, f"must be one of {', '.join(field.choices)}, not {_quoted(text)}.")
        elif not field.allows(text):
            raise WrongField(field, f"must look like {field.meaning}, not {_quoted(text)}.")


def _number(field: EditField, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = nan
    low = -inf if field.low is None else field.low
    high = inf if field.high is None else field.high
    if not (isfinite(number) and low <= number <= high):
        span = range_of(field)
        raise WrongField(field, f"must be a number{f' ({span})' if span else ''}, not {_quoted(text)}.")
    return number


def _quoted(text: str) -> str:
    """Return what was given, or its beginning: it may be a pasted file."""
    return repr(text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}…")


def range_of(field: EditField) -> str:
    """Return a number field's range, such as `1 to 300`; empty if unlimited or not a number."""
    if field.low is not None and field.high is not None:
        return f"{field.low:.10g} to {field.high:.10g}"
    return f"{field.low:g} or more" if field.low is not None else ""


def sibling(job: Job, number: int, remote_id: str, status: Status, takes: int) -> NewJob:
    """Return the job of another song of `job`'s request.

    Args:
        job: the first song's, as it is now: account and times are the same.
        number: index of the other song, from 1.
        remote_id: its id at the service.
        status: its initial status.
        takes: total takes of the prompt, including all songs of all its requests.
    """
    return NewJob(
        prompt=job.prompt,
        options=job.options,
        service=job.service,
        ref=job.ref,
        batch=job.batch,
        take=job.take + job.takes * number,
        takes=takes,
        parent=job.parent,
        position=job.position,
        status=status,
        account=job.account,
        remote_id=remote_id,
        sent_at=job.sent_at,
        accepted_at=job.accepted_at,
    )
