"""Every command: its name, its line in the overview, and the module that holds it (imported when it is called)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from riffusion_tui.cli.command_context import CommandContext


class CommandModule(Protocol):
    """What a module of `riffusion_tui.cli.commands` holds."""

    def arguments(self, parser: ArgumentParser) -> None:
        """Declare its arguments and its longer description."""
        ...

    def run(self, args: Namespace, context: CommandContext) -> int:
        """Do it; return the exit code."""
        ...


class Subcommand(NamedTuple):
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
    Subcommand("screen", "Open the screen: what `riffusion-tui` alone does"),
    Subcommand("submit", "Queue one or more prompts"),
    Subcommand("batch", "Queue a file of prompts"),
    Subcommand("work", "Make what is queued, without a screen"),
    Subcommand("jobs", "List jobs"),
    Subcommand("cat", "Write a finished song's audio to standard output"),
    Subcommand("again", "Queue new jobs like those named", "act"),
    Subcommand("retry", "Let failed, refused or cancelled jobs go on", "act"),
    Subcommand("cancel", "Cancel jobs", "act"),
    Subcommand("hold", "Keep queued jobs from being sent", "act"),
    Subcommand("release", "Let held jobs go on", "act"),
    Subcommand("delete", "Take jobs out of the list; their songs stay on disk", "act"),
    Subcommand("pause", "Send nothing more until `resume`", "act"),
    Subcommand("resume", "Send again", "act"),
    Subcommand("receipt", "Print what was asked and what came of it, as JSON lines that `batch` can replay"),
    Subcommand("sketch", "Make one song directly, without queue or server"),
    Subcommand("lyrics", "Have lyrics written, without making a song"),
    Subcommand("studio", "Serve the music API on a port of this machine"),
    Subcommand("accounts", "List the service's accounts, add or mend one"),
    Subcommand("token", "Set, clear or find the API token"),
    Subcommand("settings", "Show, check or change the settings"),
    Subcommand("doctor", "Check that everything it needs is there"),
    Subcommand("completion", "Print completion for bash, zsh or fish, or a manual page"),
)
COMMANDS = {command.name: command for command in _ALL}
"""By name, in the order of the overview."""
