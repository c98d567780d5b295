"""The checks of `doctor` of the service: address, token, accounts, clock. They never raise."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from http.client import HTTPException

from riffusion_tui.clean import clean_line, error_message
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.doctor.doctor_finding import Finding
from riffusion_tui.cli.errors import NEEDS_ATTENTION, SOME_FAILED, WRONG_USE
from riffusion_tui.cli.exit_messages import code_of
from riffusion_tui.cli.printing.output import counted
from riffusion_tui.cli.wiring.service_setup import addresses_of, base_urls, profile_in, url_of
from riffusion_tui.cli.wiring.session import open_session
from riffusion_tui.config.errors import ConfigError
from riffusion_tui.config.secrets import origin
from riffusion_tui.jobs.model import WaitCause
from riffusion_tui.services.base import AccountInfo, NotSent, ServiceError, Unanswered, Unauthorized, Unreadable

_CLOCK_S = 60.0
"""Clock difference in seconds above which the times shown as `next at` would be misleading."""


def check_address(context: CommandContext) -> Finding:
    """Check the form of the service's address."""
    if not addresses_of(context.settings):
        return Finding("address", "good", f"{profile_in(context.settings).title} is built in; needs no address")
    try:
        urls = base_urls(context)
    except ServiceError as error:
        return Finding("address", "bad", error_message(error), WRONG_USE)
    return Finding("address", "good", clean_line(", ".join(urls)))


def check_token(context: CommandContext) -> Finding:
    """Check whether there is a token, if the service needs one."""
    profile = profile_in(context.settings)
    if profile.authorization == "never":
        return Finding("token", "good", f"{profile.title} needs none")
    url = url_of(context.settings)
    try:
        found = context.tokens.find(url)
    except ConfigError as error:
        return Finding("token", "bad", str(error))
    unusable = check_address(context).code == WRONG_USE
    if found is None and profile.authorization == "optional":
        where = "" if unusable else f" for {clean_line(origin(url))}"
        return Finding("token", "good", f"none set{where}; most servers need none")
    if found is None and unusable:
        return Finding("token", "warn", "not checked, since the address can't be used")
    if found is None:
        message = f"none for {clean_line(origin(url))}: `{context.command('token set')}`"
        return Finding("token", "bad", message, NEEDS_ATTENTION)
    return Finding("token", "good", f"from {found.where}")


async def check_service(context: CommandContext) -> list[Finding]:
    """Connect, and check the accounts."""
    async with open_session(context) as session:
        try:
            accounts = await session.service.accounts()
            load = await session.service.workload()
        except Unauthorized as error:
            message = f"{clean_line(str(error)).rstrip('.')}. `{context.command('token set')}` sets a valid token"
            return [Finding("service", "bad", message, NEEDS_ATTENTION)]
        except Unanswered as error:  # a job's advice is to wait
            return [Finding("service", "bad", f"{error} {NotSent.advice}", SOME_FAILED)]
        except ServiceError as error:
            code = WRONG_USE if isinstance(error, Unreadable) else code_of(error) or SOME_FAILED
            return [Finding("service", "bad", error_message(error), code)]
        slots = counted(sum(one.max_jobs for one in load.capacity), "slot")
        answers = f"{session.service.name} answers: {len(load.running)} running on {slots}"
        found = [Finding("service", "good", answers)]
        credential = session.service.capabilities.credential
        if not accounts:
            message = f"none: `{context.command('accounts add')}` adds one, by its {credential}"
            found.append(Finding("accounts", "bad", message, NEEDS_ATTENTION))
        gates = session.store.gates(session.service.name)
        poor = {gate.account for gate in gates if gate.cause is WaitCause.CREDITS}
        names = session.store.nicknames()
        for one in accounts:
            name = clean_line(names.get(one.user_id, one.user_id))
            cure = f"`{context.command(f'accounts repair {name}')}` sets a new {credential}"
            found.append(_account(one, name, cure, poor=one.user_id in poor))
        found += [Finding(*one) for one in await session.service.inspect()]
        return found


def _account(one: AccountInfo, name: str, cure: str, *, poor: bool) -> Finding:
    if one.error:
        message = one.error if one.error.startswith(name) else f"{name}: {one.error}"
        return Finding("account", "bad", f"{message.rstrip('.')}. {cure}", NEEDS_ATTENTION)
    message = f"{name}: {counted(one.max_jobs, 'slot')}"
    if one.credits is not None:
        message += f", {one.credits:g} credits"
    if poor or (one.credits is not None and one.credits <= 0):
        message += ", too few for a song; top up the subscription and its jobs continue automatically"
        return Finding("account", "bad", message, NEEDS_ATTENTION)
    return Finding("account", "good", message)


def check_clock(context: CommandContext) -> Iterator[Finding]:
    """Compare the service's clock with ours. Every response has a date, so no token is sent."""
    if not any(url.startswith(("http://", "https://")) for url in addresses_of(context.settings)):
        return
    request = urllib.request.Request(url_of(context.settings), method="HEAD")  # noqa: S310 (http or https: checked)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 (as above)
            date = answer.headers.get("Date", "")
    except urllib.error.HTTPError as error:
        date = error.headers.get("Date", "")
        error.close()
    except (OSError, ValueError, OverflowError, HTTPException):  # also for what it redirects to
        return
    try:
        off = time.time() - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return
    fine = abs(off) < _CLOCK_S
    message = "agrees with the service's" if fine else f"is {off:+.0f} s off the service's; set it"
    yield Finding("clock", "good" if fine else "warn", message)
