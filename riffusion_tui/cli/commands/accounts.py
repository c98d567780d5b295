"""`accounts`: list the service's accounts; add, repair, change or remove one."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from shlex import quote

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.confirmation import confirm
from riffusion_tui.cli.errors import DONE, NEEDS_ATTENTION, WrongUse
from riffusion_tui.cli.log import never_log
from riffusion_tui.cli.parser import add_service
from riffusion_tui.cli.printing.output import put, put_message
from riffusion_tui.cli.runner import run_async
from riffusion_tui.cli.secret_input import ask_secret
from riffusion_tui.cli.wiring.service_setup import profile_in
from riffusion_tui.cli.wiring.session import Session, open_session
from riffusion_tui.dispatch.errors import NotPossible
from riffusion_tui.jobs.model import Account
from riffusion_tui.secret import Secret

_EPILOG = """\
list                 show all accounts with slots and errors (default)
add                  the same as repair without USER_ID
repair [USER_ID]     set a new cookie, refresh token or key, read from standard input or a hidden prompt. Repairs or
                     adds the account; its jobs continue automatically. Post each cookie only once: posting it
                     again invalidates it.
max-jobs USER_ID N   set the account's concurrent jobs, 1 to 10 (Flow Music: 1 to 16)
rename USER_ID NAME  name the account; without NAME: its automatic name
remove USER_ID       remove the account from the service's configuration, after asking (--yes: without; scripts
                     need it). The songs of a removed account of the studio can no longer be edited or
                     converted. Lower studio.accounts too, or the studio adds the account again when it starts.

USER_ID may also be the account's name, here and wherever a command takes an account.
"""
_MAX_DIGITS = 3
_RECOMMENDED = 6
"""`maxJobs` that the vendor recommends; https://useapi.net/docs/api-riffusion-v1/post-riffusion-accounts"""


def arguments(parser: ArgumentParser) -> None:
    """Declare what `accounts` takes."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "what",
        nargs="?",
        choices=("list", "add", "repair", "max-jobs", "rename", "remove"),
        type=_current,
        default="list",
        help="what to do (default: list); see below",
    )
    parser.add_argument("user_id", nargs="?", metavar="USER_ID", help="the account's id or name")
    parser.add_argument("value", nargs="?", metavar="N|NAME", help="with max-jobs: its slots; with rename: its name")
    parser.add_argument("--max-jobs", metavar="N", help="with repair: its slots")
    add_service(parser)
    parser.add_argument("--json", action="store_true", help="list: print one JSON line per account")
    parser.add_argument("--yes", "-y", action="store_true", help="remove: don't ask for confirmation; scripts need it")


def _current(word: str) -> str:
    return "repair" if word in ("add", "mend") else word  # `mend` is its name in 0.1.0


def run(args: Namespace, context: CommandContext) -> int:
    """Run the command."""
    if args.what in ("max-jobs", "rename", "remove") and not args.user_id:
        raise WrongUse(f"USER_ID is missing: `riffusion-tui accounts {args.what} USER_ID`")
    if args.what == "max-jobs" and args.value is None:
        account = clean_line(quote(args.user_id), 80)
        raise WrongUse(f"N is missing: `riffusion-tui accounts max-jobs {account} N`")
    args.number = _slots(args.value, context) if args.what == "max-jobs" else None
    args.max_jobs = None if args.max_jobs is None else _slots(args.max_jobs, context)
    return run_async(_accounts(args, context))


def _slots(value: str, context: CommandContext) -> int:
    """Return a number of concurrent jobs that the service allows. Raises `WrongUse`."""
    most = profile_in(context.settings).capabilities.max_jobs
    if not value.isdecimal() or len(value) > _MAX_DIGITS or not 1 <= int(value) <= most:
        name = context.settings.service.name
        raise WrongUse(f"With {name}, N must be a whole number from 1 to {most}, not {clean_line(value, 80)}.")
    return int(value)


async def _accounts(args: Namespace, context: CommandContext) -> int:
    async with open_session(context) as session:
        known = {account.user_id: account for account in await session.account_commands.refresh()}
        if args.user_id:
            args.user_id = _known(session, args)
        match args.what:
            case "repair":
                cookie = Secret(ask_secret(f"{session.service.capabilities.credential.capitalize()}: "))
                never_log(cookie)
                before = known.get(args.user_id)
                slots = args.max_jobs or (before.max_jobs if before else _RECOMMENDED)
                repaired = await session.account_commands.repair(cookie, slots, args.user_id)
                _list(session, (repaired,), as_json=args.json)
                return DONE
            case "max-jobs":
                changed = await session.account_commands.repair(None, args.number, args.user_id)
                _list(session, (changed,), as_json=args.json)
                return DONE
            case "rename":
                session.account_commands.rename(args.user_id, args.value or "")
                _list(session, (known[args.user_id],), as_json=args.json)
                return DONE
            case "remove":
                return await _removed(session, args)
        return _listed(session, tuple(known.values()), as_json=args.json)


def _known(session: Session, args: Namespace) -> str:
    """Return the id of the account that is named. Raises `NotPossible`, and `WrongUse` for one to add."""
    try:
        return session.account_commands.known_id_of(args.user_id)
    except NotPossible as error:
        if args.what != "repair":
            raise
        if profile_in(session.context.settings).hosts:
            return str(args.user_id)  # its service says how to add a server
        add = session.context.command("accounts add")
        raise WrongUse(f"{error} `{add}` adds an account.") from None


async def _removed(session: Session, args: Namespace) -> int:
    """Remove an account, after asking."""
    name = session.store.nicknames().get(args.user_id, args.user_id)
    lost = " Its songs can no longer be edited or converted." if session.service.capabilities.local else ""
    confirm(
        f"Remove account {name} from {session.service.name}?{lost}",
        session.context,
        yes=args.yes,
        why=f"Removing account {name} needs confirmation",
        otherwise="Nothing was removed.",
    )
    await session.account_commands.remove(args.user_id)
    put_message(f"Account {name} removed.{_comes_back(session)}")
    return DONE


def _comes_back(session: Session) -> str:
    """Return that the studio will add an account, if fewer are left than the setting; else an empty string."""
    left = len(session.store.accounts(session.service.name))
    wanted = session.context.settings.studio.accounts
    if not session.service.capabilities.local or left >= wanted:
        return ""
    command = f"`riffusion-tui settings set studio.accounts {left}`"
    return f" studio.accounts is {wanted}, so the studio adds a new one when it next starts. To keep {left}: {command}"


def _listed(session: Session, accounts: tuple[Account, ...], *, as_json: bool) -> int:
    _list(session, accounts, as_json=as_json)
    if not accounts:
        command = session.context.command("accounts add")
        put_message(f"{session.service.name} has no account. `{command}` adds one.")
    return NEEDS_ATTENTION if not accounts or any(account.error for account in accounts) else DONE


def _list(session: Session, accounts: tuple[Account, ...], *, as_json: bool) -> None:
    names = session.store.nicknames()
    for one in accounts:
        if as_json:
            held = {"user_id": one.user_id, "maxJobs": one.max_jobs, "executing": one.executing}
            name = names.get(one.user_id, one.user_id)
            put(json.dumps(held | {"error": one.error or None, "credits": one.credits, "name": name}))
        else:
            rich = "" if one.credits is None else f"  {one.credits:g} credits"
            name = f"{names[one.user_id]}  " if one.user_id in names else ""
            put(f"{name}{one.user_id}  {one.executing} of {one.max_jobs} slots used{rich}  {one.error}".rstrip())
