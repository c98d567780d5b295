"""The rules of accounts: who is there, who is meant, what a posted cookie does, how an account is shown."""

from __future__ import annotations

import hashlib
import hmac
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from riffusion_tui.secret import Secret
from riffusion_tui.studio.errors import InvalidRequest, Missing, PendingError
from riffusion_tui.studio.queue.studio_job import StudioAccount
from riffusion_tui.studio.queue.studio_store import StudioStore
from riffusion_tui.studio.queue.test_cookies import read_cookie, reused
from riffusion_tui.studio.studio_settings import usual_max_jobs

_SESSION_S = 3600


def new_id(rng: random.Random) -> str:
    """Make an id as the vendor's look: a random UUID."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def ensure(store: StudioStore, count: int, max_jobs: int | None, now: float, rng: random.Random) -> None:
    """See to it that there are `count` accounts at least, with `max_jobs` slots each where that is said."""
    there = store.accounts()
    if max_jobs is not None:
        for account in there:
            store.put_account(replace(account, max_jobs=max_jobs))
    for _ in range(count - len(there)):
        store.put_account(StudioAccount(new_id(rng), max_jobs or usual_max_jobs(), now))


def named(accounts: Sequence[StudioAccount], user_id: str | None, *, needed: bool) -> StudioAccount | None:
    """Return the account that `user_id` names.

    Args:
        accounts: all there are.
        user_id: what the request says; None where it says nothing.
        needed: whether one must be named as soon as there are several.

    Raises:
        BadRequest: it names none of them, there is none, or it should have named one.
    """
    if not accounts:
        raise InvalidRequest("no account is configured: add one by POST accounts")
    if user_id is not None:
        found = next((account for account in accounts if account.user_id == user_id), None)
        if found is None:
            raise InvalidRequest(f"user_id {user_id} is none of the configured accounts")
        return found
    if needed and len(accounts) > 1:
        raise InvalidRequest("user_id is required when more than one account is configured")
    return accounts[0] if len(accounts) == 1 else None


def working(account: StudioAccount | None) -> None:
    """Raise `PendingError` if the account's session is broken."""
    if account is not None and account.error:
        raise PendingError


def mark(cookie: str, key: Secret) -> str:
    """Return what is kept of a cookie: a keyed hash, by which it is known again but not used."""
    return hmac.new(key.reveal().encode(), cookie.encode("utf-8"), hashlib.sha256).hexdigest()


def post(
    store: StudioStore,
    asked: dict[str, Any],
    *,
    now: float,
    make_id: Callable[[], str],
    key: Secret,
    usual: int | None,
) -> StudioAccount:
    """Add an account or mend one, and return it.

    Which one: the one that `user_id` (or a test cookie's `user`) names; else the one whose session is broken, the
    oldest first; else a new one. A cookie of the vendor's held its account's name; one of the studio's need not.

    Args:
        store: where accounts are kept.
        asked: `cookie`, `maxJobs`, `user_id`, checked.
        now: seconds since the epoch.
        make_id: makes the id of a new account.
        key: what cookies are hashed with.
        usual: slots of a new account where the request does not say.

    Raises:
        BadRequest: no cookie, a cookie that was posted before, or an account that is not there.
    """
    text: str | None = asked["cookie"]
    with store.transaction():
        accounts = store.accounts()
        if text is None:
            if asked["user_id"] is None:
                raise InvalidRequest("cookie is required")
            found = _find(accounts, asked["user_id"])
            changed = replace(found, max_jobs=asked["maxJobs"] or found.max_jobs)
        else:
            cookie, digest = read_cookie(text), mark(text, key)
            name: str | None = asked["user_id"] or cookie.user_id
            target = _find(accounts, name) if name else None
            if not cookie.test and not store.use_cookie(digest, now):
                raise reused()
            target = target or next((account for account in accounts if account.error), None)
            found = target or StudioAccount(make_id(), usual or usual_max_jobs(), now)
            changed = replace(
                found,
                max_jobs=asked["maxJobs"] or found.max_jobs,
                cookie_mark=digest,
                session=cookie.session,
                error=cookie.error,
            )
        store.put_account(changed)
    return changed


def _find(accounts: Sequence[StudioAccount], user_id: str) -> StudioAccount:
    found = next((account for account in accounts if account.user_id == user_id), None)
    if found is None:
        raise InvalidRequest(f"user_id {user_id} is none of the configured accounts")
    return found


def remove(store: StudioStore, user_id: str) -> list[str]:
    """Remove an account; return the ids of its running jobs, which the caller cancels. Raises `Missing`."""
    with store.transaction():
        if store.account(user_id) is None:
            raise Missing(f"Account {user_id} is not configured")
        store.remove_account(user_id)
        return [job.id for job in store.tracked() if job.user_id == user_id]


def show(account: StudioAccount, now: float) -> dict[str, Any]:
    """Return an account as documented. There are no secrets behind the masks: only a hash of the cookie is kept."""
    until = int(now) + _SESSION_S
    expired = account.error is not None
    return {
        "user_id": account.user_id,
        "maxJobs": account.max_jobs,
        **({"error": account.error} if expired else {}),
        "jwt": {
            "access_token": "********",
            "token_type": "bearer",
            "expires_in": 0 if expired else _SESSION_S,
            "expires_at": int(now) if expired else until,
            "refresh_token": "********",
            "expires_at_UTC": iso(now if expired else until),
            "user": {"id": account.user_id},
        },
    }


def iso(at: float) -> str:
    """Write a time as the vendor does: `2025-02-12T01:55:16.128Z`."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
