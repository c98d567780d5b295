"""The arguments of line mode's commands, and its help."""

from __future__ import annotations

from argparse import Namespace

from riffusion_tui.cli.command_table import COMMANDS
from riffusion_tui.cli.errors import WrongUse
from riffusion_tui.cli.exit_messages import QUOTED_COMMAND

HELP = """\
Type a prompt and press enter to queue a song.
{lofi|house} queues one per alternative, ×3 three takes.
:jobs [FILTER]  list jobs
:show JOB       show its details and lyrics
:play JOB       play its song; :stop ends it
:again JOB      queue a copy
:cancel JOB     cancel it; :retry JOB queues it again
:hold JOB       keep it from being sent until :release JOB
:delete JOB     delete it; its song stays on disk
:undo           undo the last command; again, the one before
:pause          pause the queue until :resume
:state          show the queue's state
:help  :quit"""
"""What `:help` prints."""


def parsed(name: str, words: list[str], typed: str = "") -> Namespace:
    """Parse arguments of a command, `typed` by another name. Raises `WrongUse`, with line mode's commands and help."""
    if not {"-h", "--help"}.isdisjoint(words):
        raise WrongUse(HELP)
    try:
        return COMMANDS[name].parser().parse_args(words)
    except WrongUse as error:  # `:play` is no command that has a help page
        message = str(error).partition("\nSee ")[0]
        if message.endswith("required: JOB."):
            message = f"Which job? For job 1, type :{typed or name} 1."
        raise WrongUse(QUOTED_COMMAND.sub(r":\1", message)) from None
