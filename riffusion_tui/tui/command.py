"""What a command is: one thing that can be done, by which keys, where."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from riffusion_tui.jobs.status import Status
from riffusion_tui.tui.messages import translated


class CommandScope(StrEnum):
    """Where a command applies: the pane that has the focus, or a screen."""

    SCREENS = "screens"
    """On every screen, while typing too."""
    ANY = "any"
    """Everywhere on the main screen, while typing too."""
    LISTS = "lists"
    """Wherever no text is being typed."""
    PROMPT = "prompt"
    OPTIONS = "options"
    JOB = "job"
    """The job list and the song pane: the selected job, or all that are marked."""
    JOBS = "jobs"
    FILTER = "filter"
    """The line in which the filter is typed; it has no commands of its own."""
    SONG = "song"
    ACCOUNTS = "accounts"
    COMPARE = "compare"
    DASHBOARD = "dashboard"
    DETAIL = "detail"
    GRID = "grid"
    SETTINGS = "settings"


class Command(NamedTuple):
    """One thing a person can do."""

    id: str
    keys: str
    """Textual's names of keys, separated by commas, the one to show first."""
    english: str
    """Label for footer and palette, a word or two."""
    where: CommandScope
    explained: str
    """A sentence for help and palette."""
    action: str
    """`app.NAME` or `screen.NAME`: the method `action_NAME` there."""
    footer: int = 0
    """Place in the footer, 1 first; 0 keeps it out of it."""
    when: frozenset[Status] = frozenset()
    """Where it is of use to some jobs only, their statuses: the footer keeps it for these."""
    needs: str = ""
    """What the service must be able to do: the name of one of its capabilities; empty: nothing."""

    @property
    def label(self) -> str:
        """The label in the person's language."""
        return translated(f"commands.{self.id}.label", self.english)

    @property
    def help(self) -> str:
        """The sentence in the person's language."""
        return translated(f"commands.{self.id}.help", self.explained)
