"""What a check of `doctor` found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from riffusion_tui.cli.errors import DONE, SOME_FAILED

State = Literal["good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of a check: subject, state, message (with advice, unless good) and exit code."""

    what: str
    state: State
    message: str
    worst: int = SOME_FAILED
    """The command's exit code if this is bad."""

    @property
    def code(self) -> int:
        """Exit code for this finding."""
        return self.worst if self.state == "bad" else DONE
