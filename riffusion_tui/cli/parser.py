"""The argument parser, and arguments shared by several commands."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.config.suggest import did_you_mean
from riffusion_tui.jobs.length_text import seconds_of
from riffusion_tui.jobs.model import MAX_JOBS_RANGE, MAX_REFERENCE
from riffusion_tui.registry import SERVICES
from riffusion_tui.services.profiles import all_fields, max_seed, profile_of

FIELD = "field_"
"""Prefix of service-specific fields in the parsed arguments."""

_MAX_DIGITS = 18
"""Maximum digits of a job number: the database has 64 bits."""
_NUMBERS = re.compile(r"#?[0-9]{1,15}(-[0-9]{1,15})?(,#?[0-9]{1,15}(-[0-9]{1,15})?)*,?")
_NEGATIVE = re.compile(r"-[0-9.]+")
_LONG_OPTION = re.compile(r"--\w")
_MAX_SHOWN = 200
"""Characters of arguments that an error quotes."""
_MAX_NUMBERS = 1_000_000
"""Maximum jobs per argument."""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Fits the text below the options into the terminal."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        from riffusion_tui.cli.printing.page_layout import help_text

        return "".join(f"{indent}{line}" for line in help_text(text, width - len(indent)).splitlines(keepends=True))


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `WrongUse`, and takes options between the words of a prompt."""

    def parse_args(self, args: Sequence[str], namespace: argparse.Namespace | None = None) -> argparse.Namespace:  # type: ignore[override]  # typeshed's are overloads
        """Parse arguments; a second pass takes those that argparse leaves behind an option between them."""
        try:
            found, left = self.parse_known_args(args, namespace)
        except WrongUse:
            before = args[: args.index("--")] if "--" in args else args
            self._refuse_options(filter(self._is_unknown, before))  # one may be in the place of what is missing
            raise
        if not left:
            return found
        self._refuse_options(one for one in left if one.startswith("-"))
        if "--" in args:
            self._refuse(left)
        return self.parse_intermixed_args(args)

    def _is_unknown(self, word: str) -> bool:
        """Whether a word looks like an option, but is none; a prompt with spaces may start with a dash."""
        if not word.startswith("-") or word == "-" or " " in word or _NEGATIVE.fullmatch(word):
            return False
        name = word.partition("=")[0] if word.startswith("--") else word[:2]
        return not any(known.startswith(name) for known in self._option_string_actions)

    def _refuse_options(self, options: Iterable[str]) -> None:
        unknown = list(options)
        if not unknown:
            return
        name = unknown[0].lstrip("-").partition("=")[0]
        hint = did_you_mean(name, [one.lstrip("-") for one in self._option_string_actions])
        if not hint and not _LONG_OPTION.match(unknown[0]):
            hint = " Put -- before an argument that starts with a dash."
        self._refuse(unknown, hint.replace("'", "'--", 1))

    def _refuse(self, unknown: Sequence[str], hint: str = "") -> NoReturn:
        self.error(f"unrecognized arguments: {clean_line(' '.join(unknown), _MAX_SHOWN)}.{hint}")

    def error(self, message: str) -> NoReturn:
        """Raise `WrongUse`, without the placeholder of an argument that users don't know by name."""
        message = re.sub(r"^argument (what|\{[^}]*\}): ", "", message)
        end = "" if message.endswith((".", "?")) else "."
        raise WrongUse(f"{message[:1].upper()}{message[1:]}{end}\nSee `{self.prog} --help`.")


def whole_number(low: int, high: int) -> type[argparse.Action]:
    """Return an action for whole numbers from `low` to `high`."""

    class Number(argparse.Action):
        """Reports the range if a number is outside it."""

        def __call__(
            self,
            parser: argparse.ArgumentParser,
            namespace: argparse.Namespace,
            values: object,
            option: str | None = None,
        ) -> None:
            if values is None:  # an omitted optional argument
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
    """Parse seconds, or minutes and seconds as `2:30`. Raises `ArgumentTypeError`."""
    try:
        value = seconds_of(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"invalid time {text!r}: use seconds, or 2:30 for minutes and seconds"
        ) from None
    if not 0 < value < 1e7:
        raise argparse.ArgumentTypeError(f"invalid time {text!r}: must be more than 0")
    return value


def path(text: str) -> Path:
    """Parse a path, expanding `~`."""
    if not text:
        raise argparse.ArgumentTypeError("the path is empty")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


def reference(text: str) -> str:
    """Parse a replyUrl or replyRef, checking its length."""
    if len(text) > MAX_REFERENCE:
        raise argparse.ArgumentTypeError(f"too long: {len(text):,} characters, the limit is {MAX_REFERENCE:,}")
    return text


def add_service(parser: argparse.ArgumentParser) -> None:
    """Declare `--service` and `--url`, which override the configured service."""
    parser.add_argument("--service", choices=tuple(SERVICES), help="override the configured service")
    parser.add_argument("--url", metavar="ADDRESS", help="override the service's address")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare song options: create-prompt's and ours."""
    group = parser.add_argument_group("song options")
    voice = group.add_mutually_exclusive_group()
    voice.add_argument("--instrumental", action="store_true", default=None, help="no vocals")
    voice.add_argument(
        "--vocals",
        dest="instrumental",
        action="store_false",
        help="with a singer, even if songs of the genre usually have none",
    )
    group.add_argument("--model", help="one of the service's models (default: the service's)")
    group.add_argument("--account", metavar="NAME", help="account to use, by name or id (default: any)")
    group.add_argument(
        "--max-jobs",
        action=whole_number(MAX_JOBS_RANGE[0], MAX_JOBS_RANGE[-1]),
        metavar="N",
        help="maximum running jobs of the account, 1 to 10",
    )
    group.add_argument("--reply-url", type=reference, metavar="URL", help="URL that the service calls back")
    group.add_argument("--reply-ref", type=reference, metavar="TEXT", help="your reference, returned with the result")
    group.add_argument("--takes", action=whole_number(1, 100), metavar="N", help="songs per prompt")
    group.add_argument("--seed", action=whole_number(0, max_seed()), metavar="N", help="same seed, same song")
    group.add_argument("--length", type=seconds, metavar="S", help="length in seconds or as 2:30")
    group.add_argument("--lyrics", type=path, metavar="FILE", help="lyrics to sing; - for standard input")
    group.add_argument("--title", help="title of the song")
    for field in all_fields().values():
        takers = [name for name in SERVICES if field.name in (one.name for one in profile_of(name).capabilities.fields)]
        meaning = f"{field.meaning} ({', '.join(takers)})"
        group.add_argument(
            f"--{field.name}",
            dest=f"{FIELD}{field.name}",
            choices=field.choices or None,
            help=meaning,
            metavar=None if field.choices else field.name.upper(),
        )


def add_waiting(parser: argparse.ArgumentParser, *, asks: bool = True) -> None:
    """Declare options for waiting and output; `asks` says whether the command asks anything."""
    group = parser.add_argument_group("waiting and output")
    group.add_argument("--wait", action="store_true", help="wait until all songs are finished")
    add_timeout(group, "stop waiting after S seconds (implies --wait); exit code 4")
    group.add_argument("--out", type=path, metavar="DIR", help="copy the songs into this folder (implies --wait)")
    group.add_argument("--json", action="store_true", help="print one JSON line per job when it ends")
    if asks:
        group.add_argument("--yes", "-y", action="store_true", help="answer yes to all questions")


def add_timeout(group: argparse._ActionsContainer, meaning: str) -> None:
    """Declare `--timeout`."""
    group.add_argument("--timeout", type=seconds, metavar="S", help=meaning)


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Declare job numbers, as shown by `riffusion-tui jobs`."""
    parser.add_argument("jobs", nargs="+", type=job_numbers, metavar="JOB", help="job numbers: 13, 13-20 or 13,15")


def split_numbers(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the job numbers and ranges among the words of a filter, and the other words."""
    listed = [word for word in words if _NUMBERS.fullmatch(word)]
    numbers = [part.removeprefix("#") for word in listed for part in word.rstrip(",").split(",")]
    return numbers, [word for word in words if word not in listed]


def job_numbers(text: str) -> tuple[int, ...]:
    """Parse `13`, `13-20` or `13,15`. Raises `ArgumentTypeError`."""
    return tuple(number for part in text.rstrip(",").split(",") for number in _numbers_of(part.removeprefix("#")))


def _numbers_of(text: str) -> tuple[int, ...]:
    first, dash, last = text.partition("-")
    if not (first.isdecimal() and (last.isdecimal() or not dash)) or max(len(first), len(last)) > _MAX_DIGITS:
        raise argparse.ArgumentTypeError(f"invalid job number {text!r}; see `riffusion-tui jobs`")
    numbers = range(int(first), int(last or first) + 1)
    if not numbers:
        raise argparse.ArgumentTypeError(f"{text!r} is not a range; write {last}-{first}")
    if len(numbers) > _MAX_NUMBERS:
        raise argparse.ArgumentTypeError(f"{text!r} is {len(numbers):,} jobs; the limit is {_MAX_NUMBERS:,}")
    return tuple(numbers)


def job_number(text: str) -> int:
    """Parse the number of one job. Raises `ArgumentTypeError`."""
    numbers = job_numbers(text)
    if len(numbers) > 1:
        raise argparse.ArgumentTypeError(f"{text!r} is {len(numbers):,} jobs; give the number of one")
    return numbers[0]
