"""`doctor`: check that everything it needs is there. It spends nothing: no prompt is sent."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from riffusion_tui.cli.boundary import DONE, SOME_FAILED
from riffusion_tui.cli.context import Context
from riffusion_tui.cli.lines import put

_MORE = """\
Nothing is changed and no prompt is sent. With --service the service is called: is it there, does it take the token,
do its accounts work, does its clock agree with this machine's.

Exit codes: 0 nothing is wrong (a warning may be), 1 something is.
"""
_MARKS = {"good": "ok  ", "warn": "warn", "bad": "BAD "}


def arguments(parser: ArgumentParser) -> None:
    """Declare what `doctor` takes."""
    parser.epilog = _MORE
    parser.add_argument("--service", action="store_true", help="call the service as well")
    parser.add_argument("--json", action="store_true", help="a JSON line for each check")


def run(args: Namespace, context: Context) -> int:
    """Check everything; print each result."""
    from riffusion_tui.cli.checkup import checkup

    bad = False
    for finding in checkup(context, service=args.service):
        bad = bad or finding.state == "bad"
        if args.json:
            put(json.dumps({"check": finding.what, "state": finding.state, "says": finding.says}, ensure_ascii=False))
        else:
            put(f"{_MARKS[finding.state]}  {finding.what:<10}  {finding.says}")
    return SOME_FAILED if bad else DONE
