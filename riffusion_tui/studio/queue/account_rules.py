"""Accounts: create, select, repair, remove, and format them for responses."""

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
from riffusion_tui.studio.queue.cookie_directives import cookie_reused, read_cookie
from riffusion_tui.studio.queue.studio_job import StudioAccount
from riffusion_tui.studio.queue.studio_store import StudioStore
from riffusion_tui.studio.studio_settings import StudioSettings

_SESSION_S = 3600


def new_id(rng: random.Random) -> str:
    """Return a random UUID, the format of the vendor's ids."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def ensure(store: StudioStore, settings: StudioSettings, now: float, rng: random.Random) -> None:
    """Create accounts until there are `settings.accounts`; set `settings.max_jobs` on all of them unless it is None."""
    existing = store.accounts()
    if settings.max_jobs is not None:
        for account in existing:
            store.put_account(replace(account, max_jobs=settings.max_jobs))
    for _ in range(settings.accounts - len(existing)):
        store.put_account(StudioAccount(new_id(rng), settings.default_max_jobs, now))


def select(accounts: Sequence[StudioAccount], user_id: str | None, *, needed: bool) -> StudioAccount | None:
    """Return the account with `user_id`.

    Args:
        accounts: all accounts.
        user_id: from the request; None selects the only account, or none if there are several.
        needed: raise an error instead of returning None.

    Raises:
        InvalidRequest: there is no such account, no account at all, or `user_id` is needed and missing.
    """
    if not accounts:
        raise InvalidRequest("no account is configured: add one with POST accounts")
    if user_id is not None:
        return _find(accounts, user_id)
    if needed and len(accounts) > 1:
        raise InvalidRequest("user_id is required when more than one account is configured")
    return accounts[0] if len(accounts) == 1 else None


def check_session(account: StudioAccount | None) -> None:
    """Raise `PendingError` if the account's session is broken."""
    if account is not None and account.error:
        raise PendingError


def _hash_cookie(cookie: str, key: Secret) -> str:
    """Return a keyed hash: it identifies the cookie, but can't be used as one."""
    return hmac.new(key.reveal().encode(), cookie.encode("utf-8"), hashlib.sha256).hexdigest()


def post(
    store: StudioStore,
    fields: dict[str, Any],
    *,
    now: float,
    make_id: Callable[[], str],
    key: Secret,
    default: int,
) -> StudioAccount:
    """Add or repair an account, and return it.

    `user_id` (or a test cookie's `user`) selects the account; without it, the oldest account with a broken session is
    repaired, and if there is none, a new one is added. A cookie doesn't have to name its account.

    Args:
        store: the studio's database.
        fields: `cookie`, `maxJobs`, `user_id`, validated.
        now: seconds since the epoch.
        make_id: returns the id for a new account.
        key: hash key for cookies.
        default: slots of a new account if the request gives none.

    Raises:
        InvalidRequest: the cookie is missing or was posted before, or the account doesn't exist.
    """
    text: str | None = fields["cookie"]
    user_id: str | None = fields["user_id"]
    with store.transaction():
        if text is not None:
            cookie, digest = read_cookie(text), _hash_cookie(text, key)
            found = _to_repair(store.accounts(), user_id or cookie.user_id)
            if not cookie.test and not store.use_cookie(digest, now):
                raise cookie_reused()
            account = found or StudioAccount(make_id(), default, now)
            account = replace(account, cookie_mark=digest, session=cookie.session, error=cookie.error)
        elif user_id is not None:
            account = _find(store.accounts(), user_id)
        else:
            raise InvalidRequest("cookie is required")
        account = replace(account, max_jobs=fields["maxJobs"] or account.max_jobs)
        store.put_account(account)
    return account


def _to_repair(accounts: Sequence[StudioAccount], user_id: str | None) -> StudioAccount | None:
    """Return the account that a cookie is for: the named one, else the oldest one with a broken session."""
    return _find(accounts, user_id) if user_id else next((account for account in accounts if account.error), None)


def _find(accounts: Sequence[StudioAccount], user_id: str) -> StudioAccount:
    found = next((account for account in accounts if account.user_id == user_id), None)
    if found is None:
        raise InvalidRequest(f"user_id {user_id} is not a configured account")
    return found


def remove(store: StudioStore, user_id: str) -> list[str]:
    """Remove an account; return the ids of its running jobs, which the caller cancels. Raises `Missing`."""
    with store.transaction():
        if store.account(user_id) is None:
            raise Missing(f"Account {user_id} is not configured")
        store.remove_account(user_id)
        return [job.id for job in store.tracked() if job.user_id == user_id]


def show(account: StudioAccount, now: float) -> dict[str, Any]:
    """Return an account as documented. The masks hide nothing: only a hash of the cookie is stored."""
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
    """Format a time in the vendor's format: `2025-02-12T01:55:16.128Z`."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
