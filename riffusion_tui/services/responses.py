"""Convert HTTP responses to values or errors of `base`; shared by the vendor's APIs.

Source: https://useapi.net/docs/api-riffusion-v1 and https://useapi.net/docs/api-flowmusic-v1, error by error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from math import isnan
from typing import Any, NoReturn

from riffusion_tui.clean import clean_line
from riffusion_tui.services import json_values
from riffusion_tui.services.base import (
    AccountBroken,
    AccountBusy,
    AccountInfo,
    BadRequest,
    Conflict,
    Expired,
    Forbidden,
    NoCredits,
    NotFound,
    Oversized,
    Refused,
    RunningJob,
    ServerFault,
    ServiceError,
    Unanswered,
    Unauthorized,
    Unreadable,
    UpstreamLimited,
)
from riffusion_tui.services.response_body import MAX_NUMBER

BROKEN = 596
"""The vendor's own status: an account's session expired."""
MAX_ROWS = 1_000
"""Maximum records read from a response; requested pages have 50."""
MAX_ACCOUNTS = 100
"""Maximum accounts read from a response: each is considered for every job that is sent."""
_LIST_FIELDS = ("data", "songs", "music", "riffs", "clips", "jobs", "items", "results", "scheduler", "executing")
"""Keys under which other servers wrap the list."""
_MAX_DELAY_S = 1e8
"""A `retryAfter` below this is in seconds, above it a timestamp."""
_CREDITS = re.compile(r"\bcredits?\b|\bsubscription\b|\bquota\b", re.IGNORECASE)
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_EMAIL = r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
_NAMED = re.compile(rf"Account (\S+) (?:is busy|in error)|({_EMAIL})|({_UUID})")
_BUSY = re.compile(rf"\bbusy\b|\bat capacity\b|\brunning jobs?\b|\bexecuting \d+ jobs?\b|{_EMAIL}", re.IGNORECASE)
"""Matches a 429 that names an account; a UUID alone may be the request's id."""


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """An HTTP response, read within the limits and cleaned."""

    status: int
    data: Any = None
    """The decoded body; None if it is empty or unreadable."""
    body_error: str = ""
    """Why the body is unreadable; empty if it isn't."""
    retry_after_s: float | None = None
    location: str = ""
    """Target of a redirect."""
    words: str = ""
    """The message of a plain-text error."""
    too_large: bool = False
    """Whether the body is unreadable because it exceeds the limits."""


def retry_after(header: str | None, data: object, now: float) -> float | None:
    """Read how long to wait, in seconds: the `Retry-After` header (seconds or a date), else the body's `retryAfter`.

    The value is not clamped; a time in the past is 0, an unreadable value None. `now` is the time at the service.
    """
    if header is not None:
        seconds = _header_seconds(header)
        if seconds is not None:
            return max(0.0, seconds)
        if (date := http_date(header)) is not None:
            return max(0.0, date - now)
    value = json_values.record(data).get("retryAfter")
    seconds = json_values.number(value)
    if seconds is not None and seconds < _MAX_DELAY_S:
        return max(0.0, seconds)
    when = json_values.moment(value)
    return None if when is None else max(0.0, when - now)


def _header_seconds(header: str) -> float | None:
    """Read a number of seconds; None if it is none. One that is too large, even for a float, is still a wait."""
    try:
        seconds = float(header)
    except ValueError:
        return None
    return None if isnan(seconds) else min(seconds, float(MAX_NUMBER))


def http_date(header: str) -> float | None:
    """Read a header's date as seconds since the epoch; None if it is unreadable."""
    try:
        return parsedate_to_datetime(header).timestamp()
    except (ValueError, OverflowError):
        return None


def named_account(sentence: str, data: object = None) -> str | None:
    """Find the account in an error: its own field, or an e-mail address or UUID in the message."""
    if own := json_values.ident(data, "user_id", "email"):
        return own
    found = _NAMED.search(sentence)
    return next(filter(None, found.groups())) if found else None


def running_job(entry: json_values.Record, account: str = "") -> RunningJob | None:
    """Parse a scheduler's entry; None without an id. `account` is the default for entries that name none."""
    remote_id = json_values.ident(entry, "job_id", "jobid", "id")
    if not remote_id:
        return None
    return RunningJob(
        remote_id=remote_id,
        account=json_values.ident(entry, "user_id", "email") or account,
        started_at=json_values.moment(entry.get("started", entry.get("created_at"))),
        ref=json_values.text(entry, "replyRef") or None,
        reply_url=json_values.text(entry, "replyUrl") or None,
    )


def rows(data: Any) -> list[json_values.Record]:
    """Return a response's list of records, plain or in a field of an object.

    Raises:
        Unreadable: it is neither.
    """
    if not isinstance(data, list):
        fields = json_values.record(data)
        listed = next((fields[name] for name in _LIST_FIELDS if isinstance(fields.get(name), list)), None)
        if listed is None:
            raise Unreadable(f"The service returned {shape(data)} instead of a list.")
        data = listed
    return json_values.records(data[:MAX_ROWS])


def shape(data: Any) -> str:
    """Briefly describe unexpected data, as what the service returned."""
    if message := json_values.message(data):
        return f'the message "{message}"'
    if isinstance(data, dict) and data:
        return f"an object with {', '.join(list(data)[:5])}"
    return "an empty response" if not data else f"a {'list' if isinstance(data, list) else 'single value'}"


def by_account(data: Any) -> list[tuple[str, json_values.Record]]:
    """Return a response's map from account id to record, without those that have no id.

    Raises:
        Unreadable: it is not a map.
    """
    fields = json_values.record(data)
    found: list[tuple[str, json_values.Record]] = [
        (key, entry)
        for key, entry in fields.items()
        if isinstance(entry, dict) and (clean_line(key) or json_values.ident(entry, "user_id", "email"))
    ]
    if not isinstance(data, dict) or (data and not found):
        raise Unreadable(f"The service returned {shape(data)} instead of its accounts.")
    return found[:MAX_ACCOUNTS]


def each_once(accounts: Iterable[AccountInfo]) -> tuple[AccountInfo, ...]:
    """Return accounts without further records of the same one: a working record counts, else the first."""
    found: dict[str, AccountInfo] = {}
    for one in accounts:
        if one.user_id not in found or (found[one.user_id].error and not one.error):
            found[one.user_id] = one
    return tuple(found.values())


def check(answer: ApiResponse) -> Any:
    """Return the data of a 2xx response; raise the matching error for any other."""
    if not 200 <= answer.status < 300:
        _fail(answer)
    if answer.body_error:
        kind = Oversized if answer.too_large else Unreadable
        raise kind(f"The service's response can't be read: {answer.body_error}.")
    return answer.data


@contextmanager
def reading_acceptance(answer: ApiResponse) -> Iterator[None]:
    """Run the block, which reads the response to a new job.

    Raises:
        Unanswered: it can't be read although its status says success: the job may have been accepted.
        ServiceError: as the block does, or the error in a response with a success status.
    """
    try:
        yield
    except Unreadable as error:
        if not 200 <= answer.status < 300:
            raise
        raise _declined(answer) or Unanswered(f"{error} It may have been accepted.") from None


def _declined(answer: ApiResponse) -> ServiceError | None:
    """Return the error in a response with a success status, or None if there is none."""
    fields, message = json_values.record(answer.data), json_values.message(answer.data)
    if fields.get("is_flagged") is True:
        reason = json_values.text(fields, "reason") or "moderation"
        return Refused(_refusal(message, reason), reason=reason)
    if not message or not (fields.get("error") or fields.get("detail")):
        return None
    code = json_values.whole(fields.get("code"), 0)
    try:
        if 400 <= code < 600:
            _fail(replace(answer, status=code))
    except ServiceError as error:
        return error
    return NoCredits(message) if _CREDITS.search(message) else BadRequest(message)


def _fail(answer: ApiResponse) -> NoReturn:
    status, message = answer.status, json_values.message(answer.data) or answer.words
    if status == BROKEN:
        sentence = message or "An account has a pending error."
        raise AccountBroken(sentence, account=named_account(sentence, answer.data))
    if status == 429:
        raise _limited(answer, message)
    if status >= 500:
        words = f"The service answered with an error ({status}){f': {message}' if message else '.'}"
        raise ServerFault(words, retry_after_s=answer.retry_after_s)
    if status in _BY_STATUS:
        kind, default = _BY_STATUS[status]
        raise kind(message or default)
    # Plain text with these statuses comes from a proxy or web server, and 405 is never about a prompt.
    foreign = answer.body_error and not (answer.words and status not in (403, 404))
    if status == 405 or foreign or not (status in _BY_OWN_STATUS or (message and status >= 400)):
        raise Unreadable(_strange(answer))
    if status == 422:
        reason = json_values.text(answer.data, "reason") or "moderation"
        raise Refused(_refusal(message, reason), reason=reason)
    kind, default = _BY_OWN_STATUS.get(status, _BY_OWN_STATUS[400])
    raise kind(_explained(message, default) if status in _TERSE else message or default)


_BY_STATUS: dict[int, tuple[Callable[[str], ServiceError], str]] = {
    401: (Unauthorized, "The service rejected the token."),
    402: (NoCredits, "No subscription or no credits left."),
    408: (ServerFault, "The service took too long."),
    412: (NoCredits, "No subscription or no credits left."),
    413: (BadRequest, "The request is too large. Shorten the prompt or the lyrics."),
}
"""Statuses whose meaning doesn't depend on the body."""

_BY_OWN_STATUS: dict[int, tuple[Callable[[str], ServiceError], str]] = {
    400: (BadRequest, "The service rejected the request without a reason."),
    403: (Forbidden, "The service denied access."),
    404: (NotFound, "Not found at the service."),
    409: (Conflict, "It is not finished yet."),
    410: (Expired, "It has expired at the service."),
    422: (Refused, "The prompt was refused."),
}
"""Statuses that count only with the service's own body: a proxy or web site can return them too."""


_TERSE = (403, 404, 409, 410)
"""Statuses whose message is often only the name of the status."""


def _explained(message: str, default: str) -> str:
    """Return what a status means, followed by the service's message unless that says the same."""
    lead = default.removesuffix(".")
    return default if message.casefold() in lead.casefold() else f"{lead}: {message}"


def _refusal(message: str, reason: str) -> str:
    if message and message != reason:
        return message
    return f"The service refused the prompt ({reason})."


def _has_host(url: str) -> bool:
    from riffusion_tui.services.address import parsed  # loads httpx

    try:
        return bool(parsed(url).host)
    except ValueError:
        return False


def _strange(answer: ApiResponse) -> str:
    if 300 <= answer.status < 400:
        to = clean_line(answer.location.partition("?")[0], 200) or "elsewhere"
        if not to.startswith(("https://", "http://")):
            return f"The address redirects to {to} (status {answer.status})."
        if not _has_host(answer.location):
            return f"The address redirects to one that is not valid (status {answer.status})."
        return f"The address redirects to {to} (status {answer.status}). Enter that address instead."
    message = answer.words or json_values.message(answer.data)
    body = f'it says "{message}"' if message else answer.body_error or "it is not the service's"
    return f"Unexpected response (status {answer.status}) from the address: {body}."


def _limited(answer: ApiResponse, message: str) -> ServiceError:
    fields = json_values.record(answer.data)
    jobs = fields.get("runningJobs")
    if not isinstance(jobs, dict) and not _BUSY.search(message):
        return UpstreamLimited(message or "Too many requests.", retry_after_s=answer.retry_after_s)
    listed = json_values.record(jobs)
    running = tuple(
        job
        for account, entries in listed.items()
        for entry in json_values.records(entries)
        if (job := running_job(entry, account)) is not None
    )
    only = next(iter(listed)) if len(listed) == 1 else None
    sentence = message or "The account is busy."
    return AccountBusy(
        sentence, account=named_account(message) or only, running=running, retry_after_s=answer.retry_after_s
    )
