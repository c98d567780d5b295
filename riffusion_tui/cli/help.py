"""The overview that `riffusion-tui --help` prints, and the pages of `riffusion-tui help TOPIC`."""

from __future__ import annotations

import sys

from riffusion_tui.cli.command_table import COMMANDS
from riffusion_tui.registry import SERVICES

EXIT_CODES = """\
Exit codes:
  0  done
  1  some jobs failed or were refused
  2  usage error: an argument, a setting, a file or an unreachable address
  3  the token or an account needs attention
  4  accepted, but not finished in time
  130  interrupted; the queue is safe
"""
ENVIRONMENT = f"""\
Environment:
  RIFFUSION_TUI_URL           address of the service or a Riffusion API server
  RIFFUSION_TUI_TOKEN         its token
  RIFFUSION_TUI_SERVICE       {" or ".join((", ".join([*SERVICES][:-1]), [*SERVICES][-1]))}
  RIFFUSION_TUI_SONGS         folder for songs
  RIFFUSION_TUI_HOME          keep everything under this folder
  RIFFUSION_TUI_STUDIO_TOKEN  token that clients of `studio` must send
  PAGER                       shows long help pages (less); empty or cat: none
  NO_COLOR                    no colors
"""

TOPICS = (
    "prompts",
    "scripting",
    "services",
    "serving",
    "scale",
    "machines",
    "configuration",
    "troubleshooting",
    "library",
)
"""The Markdown pages in `riffusion_tui.topics`, in reading order."""


def page(topic: str) -> str:
    """Return the Markdown text of a topic's page."""
    from importlib.resources import files

    return (files("riffusion_tui.topics") / f"{topic}.md").read_text("utf-8")


def shown_page(topic: str) -> str:
    """Return a topic's page, laid out for the terminal if standard output is one."""
    text = page(topic)
    if sys.stdout.isatty():
        import shutil

        from riffusion_tui.cli.printing.page_layout import laid_out

        text = laid_out(text, shutil.get_terminal_size().columns)
    return text


def overview() -> str:
    """Return the overview: commands, exit codes and environment."""
    width = max(map(len, COMMANDS))
    lines = [f"  {command.name:<{width}}  {command.summary}" for command in COMMANDS.values()]
    return (
        "riffusion-tui: turn text prompts into songs.\n\n"
        "Usage: riffusion-tui [COMMAND] [ARGUMENT…]   without a command: open the screen\n"
        "       riffusion-tui COMMAND --help\n"
        "       riffusion-tui help TOPIC\n\n"
        f"Topics: {', '.join(TOPICS[:7])},\n        {', '.join(TOPICS[7:])}\n\n"
        "Commands:\n" + "\n".join(lines) + f"\n\n{EXIT_CODES}\n{ENVIRONMENT}"
    )
