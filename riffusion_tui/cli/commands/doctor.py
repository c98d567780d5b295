"""`doctor`: check that everything it needs is there. It spends nothing: no prompt is sent."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.output import json_text, put
from riffusion_tui.registry import SERVICES

_MORE = """\
Nothing is changed (but by --rescue) and no prompt is sent. With --service the service is called: is it there, does it
take the token, do its accounts work and have credits, does its clock agree with this machine's. That costs nothing.

Exit codes: 0 nothing is wrong (a warning may be), 1 something is, 2 the address can't be used or reached, 3 the token
or an account needs a person.
"""
_MARKS = {"good": "ok  ", "warn": "warn", "bad": "BAD "}


def arguments(parser: ArgumentParser) -> None:
    """Declare what `doctor` takes."""
    parser.epilog = _MORE
    parser.add_argument(
        "--service",
        nargs="?",
        const="",
        choices=("", *SERVICES),
        metavar="NAME",
        help=f"call the service as well: the configured one, or this one ({', '.join(SERVICES)})",
    )
    parser.add_argument("--url", metavar="ADDRESS", help="override the service's address")
    parser.add_argument("--rescue", action="store_true", help="save what can be read of a damaged queue, and no more")
    parser.add_argument("--json", action="store_true", help="a JSON line for each check")


def run(args: Namespace, context: CommandContext) -> int:
    """Check everything; print each result."""
    from riffusion_tui.cli.doctor_checks import checkup

    if args.rescue:
        return _rescue(context)
    code = DONE
    for finding in checkup(context, service=args.service is not None):
        code = max(code, finding.code)
        if args.json:
            put(json_text({"check": finding.what, "state": finding.state, "says": finding.says}))
        else:
            put(f"{_MARKS[finding.state]}  {finding.what:<10}  {finding.says}")
    return code


def _rescue(context: CommandContext) -> int:
    from riffusion_tui.cli.session import at_work, open_store, store_file
    from riffusion_tui.jobs.clock import SystemClock
    from riffusion_tui.store import DamagedDatabase
    from riffusion_tui.store.rescue import rescue

    who = " and ".join(f"process {pid} (for {service})" for service, pid in at_work(context).items())
    if who:
        raise WrongUse(f"The queue is in use: end {who} first.")
    try:
        with open_store(context) as store:
            store.jobs()
    except DamagedDatabase:
        saved = rescue(store_file(context), SystemClock())
        put(f"{saved.jobs} jobs were saved. The damaged file is kept as {saved.damaged}.")
        if saved.held:
            put(f"{saved.held} that were queued are held, as they may have been sent since.")
            put("`riffusion-tui jobs status:held` lists them, `riffusion-tui release JOB` lets them go on.")
        return DONE
    put("The queue is not damaged.")
    return DONE
