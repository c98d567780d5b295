"""The argument parser, and the arguments that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.jobs.model import MAX_JOBS_RANGE, MAX_REFERENCE
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import all_fields, profile_of

FIELD = "field_"
"""What stands before a service's own field in the parsed arguments."""

_MOST_NUMBERS = 1_000_000
"""Jobs that one argument may name."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors end at the program's boundary like every other."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the arguments."""
        raise WrongUse(f"{message[:1].upper()}{message[1:]}.\n`{self.prog} --help` shows what it takes.")


def whole_number(low: int, high: int) -> type[argparse.Action]:
    """Return an action that takes a whole number from `low` to `high`."""

    class Number(argparse.Action):
        """Says the range when a number is outside it."""

        def __call__(
            self,
            parser: argparse.ArgumentParser,
            namespace: argparse.Namespace,
            values: object,
            option: str | None = None,
        ) -> None:
            if values is None:  # an optional one that was not given
                return
            try:
                number = int(str(values))
            except ValueError:
                number = low - 1
            if not low <= number <= high:
                parser.error(f"{option or self.dest} must be a whole number from {low} to {high}, not {values}")
            setattr(namespace, self.dest, number)

    return Number


def seconds(text: str) -> float:
    """Read seconds, or minutes and seconds as `2:30`. Raises what argparse expects."""
    minutes, _, rest = text.rpartition(":")
    try:
        value = float(minutes or 0) * 60 + float(rest)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write seconds, or minutes as 2:30") from None
    if not 0 < value < 1e7:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: it must be more than 0")
    return value


def path(text: str) -> Path:
    """Take a path; a `~` that a shell left as it is, is the home folder."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


def reference(text: str) -> str:
    """Take a replyUrl or replyRef of the length that the API allows."""
    if len(text) > MAX_REFERENCE:
        raise argparse.ArgumentTypeError(f"{len(text):,} characters are too many: at most {MAX_REFERENCE:,}")
    return text


def add_service(parser: argparse.ArgumentParser) -> None:
    """Declare `--service` and `--url`, which override the configured service."""
    parser.add_argument("--service", choices=tuple(SERVICES), help="override the configured service")
    parser.add_argument("--url", metavar="ADDRESS", help="override the service's address")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what can be asked for beside the prompt: create-prompt's options, and ours."""
    group = parser.add_argument_group("what is asked for")
    voice = group.add_mutually_exclusive_group()
    voice.add_argument("--instrumental", action="store_true", default=None, help="no voice")
    voice.add_argument("--vocals", dest="instrumental", action="store_false", help="with a voice (as usual)")
    group.add_argument("--model", help="one of the service's models; else its default")
    group.add_argument("--account", metavar="USER_ID", help="the account to use; else one with a free slot")
    group.add_argument(
        "--max-jobs",
        action=whole_number(MAX_JOBS_RANGE[0], MAX_JOBS_RANGE[-1]),
        metavar="N",
        help="jobs that the account may have running, 1 to 10",
    )
    group.add_argument("--reply-url", type=reference, metavar="URL", help="called back by the service")
    group.add_argument("--reply-ref", type=reference, metavar="TEXT", help="your reference, returned with the result")
    group.add_argument("--takes", action=whole_number(1, 100), metavar="N", help="songs of each prompt")
    group.add_argument("--seed", action=whole_number(0, 2**63 - 1), metavar="N", help="same seed, same song")
    group.add_argument("--length", type=seconds, metavar="S", help="length in seconds, or as 2:30")
    group.add_argument("--lyrics", type=path, metavar="FILE", help="lyrics to be sung; - for standard input")
    group.add_argument("--title", help="title of the song")
    for field in all_fields().values():
        takers = [name for name in SERVICES if field in profile_of(name).capabilities.fields]
        meaning = f"{field.meaning} ({', '.join(takers)})"
        group.add_argument(f"--{field.name}", dest=f"{FIELD}{field.name}", choices=field.choices or None, help=meaning)


def add_waiting(parser: argparse.ArgumentParser) -> None:
    """Declare how a command waits and what it prints."""
    group = parser.add_argument_group("waiting and output")
    group.add_argument("--wait", action="store_true", help="stay until every song is there")
    add_timeout(group)
    group.add_argument("--out", type=path, metavar="DIR", help="copy the songs into this folder (implies --wait)")
    group.add_argument("--json", action="store_true", help="a JSON line for each job when it ends")
    group.add_argument("--yes", "-y", action="store_true", help="answer every question beforehand")


def add_timeout(group: argparse._ActionsContainer) -> None:
    """Declare `--timeout`."""
    group.add_argument(
        "--timeout", type=seconds, metavar="S", help="stop waiting after so long (implies --wait); exit code 4"
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Declare the numbers of jobs, as `riffusion-tui jobs` shows them."""
    parser.add_argument("jobs", nargs="+", type=job_numbers, metavar="JOB", help="13, or 13-20")


def job_numbers(text: str) -> tuple[int, ...]:
    """Read `13` or `13-20`. Raises what argparse expects."""
    first, dash, last = text.partition("-")
    if not (first.isdecimal() and (last.isdecimal() or not dash)) or len(text) > 30:
        raise argparse.ArgumentTypeError(f"{text!r} is no job's number (riffusion-tui jobs lists them)")
    numbers = range(int(first), int(last or first) + 1)
    if len(numbers) > _MOST_NUMBERS:
        raise argparse.ArgumentTypeError(f"{text!r} names {len(numbers):,} jobs: at most {_MOST_NUMBERS:,} at once")
    return tuple(numbers)
