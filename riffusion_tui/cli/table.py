"""Every command: its name, its line in the overview, and the module that holds it (imported when it is called)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from riffusion_tui.cli.context import Context


class CommandModule(Protocol):
    """What a module of `riffusion_tui.cli.commands` holds."""

    def arguments(self, parser: ArgumentParser) -> None:
        """Declare its arguments and its longer description."""
        ...

    def run(self, args: Namespace, context: Context) -> int:
        """Do it; return the exit code."""
        ...


class Command(NamedTuple):
    """One command. `home` names its module where several share one."""

    name: str
    does: str
    home: str = ""

    def module(self) -> CommandModule:
        """Import it."""
        from importlib import import_module

        return cast("CommandModule", import_module(f"riffusion_tui.cli.commands.{self.home or self.name}"))

    def parser(self) -> ArgumentParser:
        """Return its argument parser."""
        from argparse import RawDescriptionHelpFormatter

        from riffusion_tui.cli.parser import Parser

        shown = "riffusion-tui" if self.name == "screen" else f"riffusion-tui {self.name}"
        parser = Parser(
            shown, description=f"{self.does}.", formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False
        )
        parser.set_defaults(command=self.name)
        self.module().arguments(parser)
        return parser


_ALL = (
    Command("screen", "Open the screen: what `riffusion-tui` alone does"),
    Command("submit", "Queue one or more prompts"),
    Command("batch", "Queue a file of prompts"),
    Command("work", "Make what is queued, without a screen"),
    Command("jobs", "List jobs"),
    Command("cat", "Write a finished song's audio to standard output"),
    Command("again", "Queue new jobs like those named", "act"),
    Command("retry", "Let failed, refused or cancelled jobs go on", "act"),
    Command("cancel", "Cancel jobs", "act"),
    Command("hold", "Keep queued jobs from being sent", "act"),
    Command("release", "Let held jobs go on", "act"),
    Command("delete", "Take jobs out of the list; their songs stay on disk", "act"),
    Command("pause", "Send nothing more until `resume`", "act"),
    Command("resume", "Send again", "act"),
    Command("receipt", "Print what was asked and what came of it, as JSON lines that `batch` can replay"),
    Command("sketch", "Make one song directly, without queue or server"),
    Command("lyrics", "Have lyrics written, without making a song"),
    Command("studio", "Serve the music API on a port of this machine"),
    Command("accounts", "List the service's accounts, add or mend one"),
    Command("token", "Set, clear or find the API token"),
    Command("settings", "Show, check or change the settings"),
    Command("doctor", "Check that everything it needs is there"),
    Command("completion", "Print completion for bash, zsh or fish, or a manual page"),
)
COMMANDS = {command.name: command for command in _ALL}
"""By name, in the order of the overview."""
