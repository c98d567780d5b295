"""`doctor`: check the installation and the service. Free of charge: no prompt is sent."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.printing.output import counted, json_text, put
from riffusion_tui.registry import SERVICES

_EPILOG = """\
Changes nothing (except with --rescue) and sends no prompt. With --service, also calls the service to check that it is
reachable, accepts the token, has working accounts with credits, and that the clocks agree. This costs nothing.

Exit codes: 0 no problems (maybe warnings), 1 problems found, 2 the address is invalid or unreachable, 3 the token or
an account needs attention.
"""
_MARKS = {"good": "ok  ", "warn": "warn", "bad": "BAD "}


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `doctor`."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "--service",
        nargs="?",
        const=False,  # argparse would look for a text among the choices
        choices=tuple(SERVICES),
        metavar="NAME",
        help=f"also check the service: the configured one, or this one ({', '.join(SERVICES)})",
    )
    parser.add_argument("--url", metavar="ADDRESS", help="override the service's address")
    parser.add_argument("--rescue", action="store_true", help="only recover what can be read of a damaged queue")
    parser.add_argument("--json", action="store_true", help="print one JSON line per check")


def run(args: Namespace, context: CommandContext) -> int:
    """Check everything; print each result."""
    from riffusion_tui.cli.doctor.doctor_checks import checkup

    if args.rescue:
        return _rescue(context)
    code = DONE
    for finding in checkup(context, service=args.service is not None):
        code = max(code, finding.code)
        if args.json:
            put(json_text({"check": finding.what, "state": finding.state, "says": finding.message}))
        else:
            put(f"{_MARKS[finding.state]}  {finding.what:<10}  {finding.message}")
    return code


def _rescue(context: CommandContext) -> int:
    from riffusion_tui.cli.wiring.session import dispatching_processes, open_store, store_file
    from riffusion_tui.jobs.clock import SystemClock
    from riffusion_tui.jobs.id_ranges import id_ranges
    from riffusion_tui.store import DamagedDatabase
    from riffusion_tui.store.rescue import rescue

    who = " and ".join(f"process {pid} (for {service})" for service, pid in dispatching_processes(context).items())
    if who:
        raise WrongUse(f"The queue is in use; stop {who} first.")
    try:
        with open_store(context) as store:
            store.check()
            store.jobs()
    except DamagedDatabase:
        saved = rescue(store_file(context), SystemClock())
        put(f"Recovered {counted(saved.jobs, 'job')}. The damaged file is kept as {saved.damaged}.")
        if saved.lost:
            put(f"Not recovered, since they can't be read: jobs {id_ranges(saved.lost)}.")
        if saved.repaired:
            put(f"Some values of these jobs couldn't be read and are the defaults now: {id_ranges(saved.repaired)}.")
            put("Check the options of each with `riffusion-tui jobs --json` before you release it.")
        if saved.held:
            put(f"{saved.held:,} queued jobs are now held, since they may have been sent already.")
            put("`riffusion-tui jobs status:held` lists them, `riffusion-tui release JOB` releases them.")
        return DONE
    put("The queue is not damaged.")
    return DONE
