"""A task of the ACE-Step stand-in, and its states."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class AceTask:
    """A task and its outcome."""

    task_id: str
    requested: dict[str, Any]
    upload: bytes
    begins: float
    ends: float
    created: float = field(default_factory=time.time)
    progress: float = 0.66
    """While it runs."""
    left_behind: bool = False
    """It was running when the server was restarted: its last progress is answered, but nobody makes it."""

    @property
    def state(self) -> str:
        now = time.monotonic()
        if self.left_behind:
            return "running"
        if now < self.begins:
            return "queued"
        if now < self.ends:
            return "running"
        return "failed" if "boom" in self.requested.get("prompt", "") else "succeeded"
