"""Name accounts, and find an account by its nickname or id."""

from __future__ import annotations

from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.jobs.model import Job
from riffusion_tui.jobs.nicknames import MAX_NICKNAME, automatic_nickname, is_nickname, needs_nickname
from riffusion_tui.store import Store


def account_id(store: Store, service: str, text: str) -> str:
    """Return the id of the account that `text` names; an unknown name is returned unchanged, as an id."""
    if any(one.user_id == text for one in store.accounts(service)):
        return text
    names = store.nicknames()
    known = [one.user_id for one in store.accounts(service)]
    ids = [id for id in [*known, *names] if names.get(id, "").casefold() == text.casefold()]
    return ids[0] if ids else text


def known_account_id(store: Store, service: str, text: str) -> str:
    """Return the id of the account that `text` names. Raises `NotPossible` if the service has none of that name."""
    user_id, accounts = account_id(store, service, text), [one.user_id for one in store.accounts(service)]
    if user_id not in accounts:
        raise NotPossible(f"Unknown account {text!r}; accounts: {', '.join(named(store, accounts)) or 'none'}.")
    return user_id


def check_account(store: Store, job: Job, *, local: bool) -> None:
    """Raise `NotPossible` if the account that made the job's song has been removed since.

    Args:
        store: the accounts.
        job: the song's job.
        local: whether the service runs on this machine, and keeps its songs by account.
    """
    there = {one.user_id for one in store.accounts(job.service)}
    if job.account and there and job.account not in there:
        account = store.nicknames().get(job.account, job.account)
        if local:
            raise NotPossible(
                f"The {job.service} no longer has the song of job {job.id}, as its account, {account}, was removed."
                " Make the song again (`again`)."
            )
        raise NotPossible(
            f"The account of job {job.id}, {account}, has been removed. Add it again, or make the song again (`again`)."
        )


def rename_account(store: Store, service: str, text: str, name: str) -> str:
    """Change an account's nickname and return it; an empty one restores the automatic name.

    Raises:
        NotPossible: the account is unknown, or the name is invalid or taken.
    """
    user_id = known_account_id(store, service, text)
    accounts = [one.user_id for one in store.accounts(service)]
    others = {other: taken for other, taken in store.nicknames().items() if other != user_id}
    if not name:
        name = automatic_nickname(user_id, others.values()) if needs_nickname(user_id) else user_id
    elif not is_nickname(name):
        raise NotPossible(
            f"A name has up to {MAX_NICKNAME} letters, digits, dots, dashes or underscores, and starts with a letter"
            " or digit."
        )
    if name.casefold() in {other.casefold() for other in [*others.values(), *accounts] if other != user_id}:
        raise NotPossible(f"The name {name} is taken by another account.")
    store.put_nickname(service, user_id, name if name != user_id else "")
    return name


def named(store: Store, accounts: list[str]) -> list[str]:
    """Return accounts by name, in alphabetical order."""
    names = store.nicknames()
    return sorted(names.get(one, one) for one in accounts)
