"""`help TOPIC`: print a page of the reference, or a command's help."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from riffusion_tui.clean import clean_line
from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.command_table import COMMANDS
from riffusion_tui.cli.errors import DONE, WrongUse
from riffusion_tui.cli.help import TOPICS, shown_page
from riffusion_tui.config.suggest import did_you_mean


class _Suggested(tuple[str, ...]):
    """Words that completion offers; `run` explains others."""

    __slots__ = ()

    def __contains__(self, word: object) -> bool:
        return True


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `help`."""
    subjects = _Suggested((*TOPICS, *COMMANDS))
    parser.add_argument("subject", choices=subjects, metavar="TOPIC", help=f"{', '.join(TOPICS)}; or a command")


def run(args: Namespace, context: CommandContext) -> int:
    """Print the page. Raises `WrongUse` for what is neither a topic nor a command."""
    if args.subject in TOPICS:
        from riffusion_tui.cli.printing.pager import put_paged

        put_paged(shown_page(args.subject))
        return DONE
    command = COMMANDS.get(args.subject)
    if command is None:
        hint = did_you_mean(args.subject, (*TOPICS, *COMMANDS))
        raise WrongUse(f"No help on {clean_line(args.subject, 80)!r}.{hint} Topics: {', '.join(TOPICS)}.")
    command.parser().print_help()
    return DONE
