"""All commands: name, summary and module (imported on use)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from riffusion_tui.cli.command_context import CommandContext


class CommandModule(Protocol):
    """Interface of the modules in `riffusion_tui.cli.commands`."""

    def arguments(self, parser: ArgumentParser) -> None:
        """Declare arguments and description."""
        ...

    def run(self, args: Namespace, context: CommandContext) -> int:
        """Run the command; return the exit code."""
        ...


class Subcommand(NamedTuple):
    """One command. `module_name` is its module if several commands share one."""

    name: str
    summary: str
    module_name: str = ""
    runs_unattended: bool = False
    """Whether it runs for long, started by cron or systemd: then its standard output may be closed."""

    def module(self) -> CommandModule:
        """Import the module."""
        from importlib import import_module

        return cast("CommandModule", import_module(f"riffusion_tui.cli.commands.{self.module_name or self.name}"))

    def parser(self) -> ArgumentParser:
        """Return its argument parser."""
        from riffusion_tui.cli.parser import HelpFormatter, Parser

        shown = "riffusion-tui" if self.name == "screen" else f"riffusion-tui {self.name}"
        parser = Parser(shown, description=f"{self.summary}.", formatter_class=HelpFormatter, allow_abbrev=False)
        parser.set_defaults(command=self.name)
        self.module().arguments(parser)
        return parser


_ALL = (
    Subcommand("screen", "Open the screen (the default)"),
    Subcommand("submit", "Queue one or more prompts"),
    Subcommand("batch", "Queue a file of prompts"),
    Subcommand("work", "Run the queue without a screen", runs_unattended=True),
    Subcommand("jobs", "List jobs"),
    Subcommand("cat", "Write a finished song's audio to standard output"),
    Subcommand("again", "Queue copies of jobs", "change_jobs"),
    Subcommand("edit", "Edit a finished song: replace a section, mute a stem, resize it", "edit_song"),
    Subcommand("retry", "Retry failed, refused or cancelled jobs", "change_jobs"),
    Subcommand("cancel", "Cancel jobs", "change_jobs"),
    Subcommand("hold", "Keep queued jobs from being sent", "change_jobs"),
    Subcommand("release", "Release held jobs", "change_jobs"),
    Subcommand("delete", "Delete jobs; their songs stay on disk", "change_jobs"),
    Subcommand("pause", "Stop sending until `resume`", "change_jobs"),
    Subcommand("resume", "Resume sending", "change_jobs"),
    Subcommand("receipt", "Print requests and results as JSON lines that `batch` can replay"),
    Subcommand("sketch", "Make songs directly, without the queue or a server"),
    Subcommand("lyrics", "Write lyrics without making a song"),
    Subcommand("studio", "Serve the Riffusion API v1 on a port of this machine", runs_unattended=True),
    Subcommand("renderer", "Render songs for a studio's cluster", runs_unattended=True),
    Subcommand("cluster", "Make a cluster's certificates, or run its scheduler", runs_unattended=True),
    Subcommand("accounts", "List, add, repair or remove accounts"),
    Subcommand("token", "Set, clear or find the API token"),
    Subcommand("settings", "Show, check or change the settings"),
    Subcommand("doctor", "Check the installation and the service"),
    Subcommand("help", "Print a page of the reference, or a command's help", "help_topic"),
    Subcommand("completion", "Print completion for bash, zsh or fish, or a manual page"),
)
COMMANDS = {command.name: command for command in _ALL}
"""By name, in the order of the overview."""
