"""The data type of a command: what it does, its keys and its scope."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.messages import translated


class CommandScope(StrEnum):
    """Where a command applies: the focused pane, or a screen."""

    SCREENS = "screens"
    """On every screen, even while typing."""
    ANY = "any"
    """Everywhere on the main screen, even while typing."""
    LISTS = "lists"
    """Wherever no text is being typed."""
    PROMPT = "prompt"
    OPTIONS = "options"
    JOB = "job"
    """The job list and the song pane: the selected job, or all marked ones."""
    JOBS = "jobs"
    FILTER = "filter"
    """The filter field, which has no commands."""
    SONG = "song"
    ACCOUNTS = "accounts"
    COMPARE = "compare"
    DASHBOARD = "dashboard"
    DETAIL = "detail"
    GRID = "grid"
    SETTINGS = "settings"
    SHEET = "sheet"


class Command(NamedTuple):
    """A command."""

    id: str
    keys: str
    """Textual's names of the keys, separated by commas; the first one is shown."""
    english: str
    """Label for footer and palette, a word or two."""
    scope: CommandScope
    explained: str
    """A sentence for help and palette."""
    action: str
    """`app.NAME` or `screen.NAME`: the method `action_NAME` there."""
    footer: int = 0
    """Position in the footer, starting at 1; 0: not in the footer."""
    when: frozenset[Status] = frozenset()
    """Statuses of the jobs for which the footer shows it; empty: all."""
    needs: str = ""
    """The capability that the service must have; empty: none."""
    also: str = ""
    """Names of it in other programs, by which the palette finds it too."""

    @property
    def label(self) -> str:
        """The translated label."""
        return translated(f"commands.{self.id}.label", self.english)

    @property
    def help(self) -> str:
        """The translated help sentence."""
        return translated(f"commands.{self.id}.help", self.explained)
