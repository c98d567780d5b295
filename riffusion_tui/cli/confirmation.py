"""Ask before a command that destroys or costs something; without a terminal, it needs `--yes`."""

from __future__ import annotations

from riffusion_tui.cli.command_context import CommandContext
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.printing.output import confirmed


def confirm(question: str, context: CommandContext, *, yes: bool, why: str, otherwise: str) -> None:
    """Return if the command may go on.

    Args:
        question: asked at the terminal.
        context: the command's context.
        yes: `--yes`; nothing is asked.
        why: why the command needs a yes, for an error without a terminal.
        otherwise: what wasn't done.

    Raises:
        WrongUse: the answer isn't yes, or there is no terminal to ask on.
    """
    if yes:
        return
    if not context.can_ask:
        raise needs_yes(why, otherwise)
    if not confirmed(question):
        raise WrongUse(otherwise)


def needs_yes(why: str, otherwise: str) -> WrongUse:
    """Return the error for a command that nobody can confirm."""
    return WrongUse(f"{why}: add --yes. {otherwise}")


def deleting(jobs: str) -> str:
    """Return why deleting `jobs`, such as `2 jobs`, needs a yes."""
    return f"Deleting {jobs} needs confirmation"
