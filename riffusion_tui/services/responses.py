"""Convert HTTP responses to values or errors of `base`; shared by the vendor's APIs.

Source: https://useapi.net/docs/api-riffusion-v1 and https://useapi.net/docs/api-flowmusic-v1, error by error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

from riffusion_tui.clean import clean_line
from riffusion_tui.services import json_values
from riffusion_tui.services.base import (
    AccountBroken,
    AccountBusy,
    BadRequest,
    Conflict,
    Expired,
    Forbidden,
    NoCredits,
    NotFound,
    Refused,
    RunningJob,
    ServerFault,
    ServiceError,
    Unauthorized,
    Unreadable,
    UpstreamLimited,
)

BROKEN = 596
"""The vendor's own status: an account's session expired."""
MAX_ROWS = 1_000
"""Maximum records read from a response; requested pages have 50."""
MAX_ACCOUNTS = 100
_LIST_FIELDS = ("data", "songs", "music", "riffs", "clips", "jobs", "items", "results", "scheduler", "executing")
"""Keys under which other servers wrap the list."""
_A_WAIT = 1e8
"""A `retryAfter` below this is in seconds, above it a timestamp."""
_CREDITS = re.compile(r"\bcredits?\b|\bsubscription\b|\bquota\b", re.IGNORECASE)
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_EMAIL = r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
_NAMED = re.compile(rf"Account (\S+) (?:is busy|in error)|({_EMAIL})|({_UUID})")
_BUSY = re.compile(rf"\bbusy\b|\bat capacity\b|\brunning jobs?\b|\bexecuting \d+ jobs?\b|{_EMAIL}", re.IGNORECASE)
"""A 429 that speaks of an account; a bare UUID may be the request's own."""


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """An HTTP response, read within the limits and cleaned."""

    status: int
    data: Any = None
    """The decoded body; None if it is empty or unreadable."""
    junk: str = ""
    """Why the body is unreadable; empty if it isn't."""
    retry_after_s: float | None = None
    location: str = ""
    """Target of a redirect."""
    words: str = ""
    """The message of a plain-text error."""


def retry_after(header: str | None, data: object, now: float) -> float | None:
    """Read how long to wait, in seconds: the `Retry-After` header (seconds or a date), else the body's `retryAfter`.

    The number is as the service said it, zero where the moment is past; what can't be read is None. Clamping it is
    the caller's.
    """
    if header is not None:
        seconds = json_values.number(header)
        if seconds is not None:
            return max(0.0, seconds)
        try:
            return max(0.0, parsedate_to_datetime(header).timestamp() - now)
        except (ValueError, OverflowError):
            pass
    said = json_values.record(data).get("retryAfter")
    seconds = json_values.number(said)
    if seconds is not None and seconds < _A_WAIT:
        return max(0.0, seconds)
    when = json_values.moment(said)
    return None if when is None else max(0.0, when - now)


def named_account(sentence: str, data: object = None) -> str | None:
    """Find the account that an error speaks of: in its own field, or an e-mail address or UUID in the sentence."""
    if own := json_values.ident(data, "user_id", "email"):
        return own
    found = _NAMED.search(sentence)
    return next(filter(None, found.groups())) if found else None


def running_job(entry: json_values.Record, account: str = "") -> RunningJob | None:
    """Read a scheduler's entry; None without an id. `account` is used where the entry names none."""
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
    """Return an answer's array of records, bare or in a field of an object.

    Raises:
        Unreadable: it is neither.
    """
    if not isinstance(data, list):
        fields = json_values.record(data)
        listed = next((fields[name] for name in _LIST_FIELDS if isinstance(fields.get(name), list)), None)
        if listed is None:
            raise Unreadable(f"The service's answer is not the list that its page describes: {_shape(data)}.")
        data = listed
    return json_values.records(data[:MAX_ROWS])


def _shape(data: Any) -> str:
    """Briefly describe unexpected data."""
    if said := json_values.message(data):
        return f'it says "{said}"'
    if isinstance(data, dict) and data:
        return f"it is an object with {', '.join(list(data)[:5])}"
    return "it is empty" if not data else f"it is a {'list' if isinstance(data, list) else 'single value'}"


def by_account(data: Any) -> list[tuple[str, json_values.Record]]:
    """Return an answer's map from an account's id to a record.

    Raises:
        Unreadable: it is no map.
    """
    if not isinstance(data, dict):
        raise Unreadable(f"The service's answer is not the map of accounts that its page describes: {_shape(data)}.")
    found: list[tuple[str, json_values.Record]] = [
        (key, entry) for key, entry in data.items() if isinstance(entry, dict)
    ]
    return found[:MAX_ACCOUNTS]


def check(answer: ApiResponse) -> Any:
    """Return a 2xx answer's data; raise the error that any other means."""
    if not 200 <= answer.status < 300:
        _fail(answer)
    if answer.junk:
        raise Unreadable(f"The service's answer can't be read: {answer.junk}.")
    return answer.data


def declined(answer: ApiResponse) -> ServiceError | None:
    """Read a refusal that came with a status of success; None where the answer is none."""
    fields, said = json_values.record(answer.data), json_values.message(answer.data)
    if fields.get("is_flagged") is True:
        reason = json_values.text(fields, "reason") or "moderation"
        return Refused(_refusal(said, reason), reason=reason)
    if not said or not (fields.get("error") or fields.get("detail")):
        return None
    code = json_values.whole(fields.get("code"), 0)
    try:
        if 400 <= code < 600:
            _fail(replace(answer, status=code))
    except ServiceError as error:
        return error
    return NoCredits(said) if _CREDITS.search(said) else BadRequest(said)


def _fail(answer: ApiResponse) -> NoReturn:
    status, said = answer.status, json_values.message(answer.data) or answer.words
    if status == BROKEN:
        sentence = said or "An account has a pending error."
        raise AccountBroken(sentence, account=named_account(sentence, answer.data))
    if status == 429:
        raise _limited(answer, said)
    if status >= 500:
        raise ServerFault(said or f"The service failed (status {status}).", retry_after_s=answer.retry_after_s)
    if status in _SURE:
        kind, default = _SURE[status]
        raise kind(said or default)
    # Plain text with these statuses is a proxy's or a web server's, and 405 is never about a prompt.
    foreign = answer.junk and not (answer.words and status not in (403, 404))
    if status == 405 or foreign or not (status in _PLAIN or (said and status >= 400)):
        raise Unreadable(_strange(answer))
    if status == 422:
        reason = json_values.text(answer.data, "reason") or "moderation"
        raise Refused(_refusal(said, reason), reason=reason)
    kind, default = _PLAIN.get(status, _PLAIN[400])
    raise kind(said or default)


_SURE: dict[int, tuple[Callable[[str], ServiceError], str]] = {
    401: (Unauthorized, "The service refused the token."),
    402: (NoCredits, "There is no subscription or no credit left."),
    408: (ServerFault, "The service took too long."),
    412: (NoCredits, "There is no subscription or no credit left."),
    413: (BadRequest, "The server takes no request that large: shorten the prompt or the lyrics."),
}
"""What these statuses mean stands, whatever the body is."""

_PLAIN: dict[int, tuple[Callable[[str], ServiceError], str]] = {
    400: (BadRequest, "The service says that the request is wrong, and not why."),
    403: (Forbidden, "The service says that this is not yours."),
    404: (NotFound, "The service does not know it."),
    409: (Conflict, "It is not finished yet."),
    410: (Expired, "It has expired: the service keeps jobs for seven days."),
    422: (Refused, "The prompt was refused."),
}
"""These are the service's own only with its own body: a proxy's or a web site's page with one of them is no answer."""


def _refusal(said: str, reason: str) -> str:
    if said and said != reason:
        return said
    return f"The prompt was refused by the service ({reason})."


def _strange(answer: ApiResponse) -> str:
    if 300 <= answer.status < 400:
        to = clean_line(answer.location.partition("?")[0], 200) or "elsewhere"
        return f"The address redirects to {to} (status {answer.status}): enter the address that it leads to."
    said = answer.words or json_values.message(answer.data)
    body = f'it says "{said}"' if said else answer.junk or "it is none of the service's"
    return f"The address gave an answer (status {answer.status}) that can't be used: {body}."


def _limited(answer: ApiResponse, said: str) -> ServiceError:
    fields = json_values.record(answer.data)
    jobs = fields.get("runningJobs")
    if not isinstance(jobs, dict) and not _BUSY.search(said):
        return UpstreamLimited(said or "Too many requests.", retry_after_s=answer.retry_after_s)
    listed = json_values.record(jobs)
    running = tuple(
        job
        for account, entries in listed.items()
        for entry in json_values.records(entries)
        if (job := running_job(entry, account)) is not None
    )
    only = next(iter(listed)) if len(listed) == 1 else None
    sentence = said or "The account is busy."
    return AccountBusy(
        sentence, account=named_account(said) or only, running=running, retry_after_s=answer.retry_after_s
    )
