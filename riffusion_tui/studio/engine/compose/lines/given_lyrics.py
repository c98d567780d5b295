"""The lyrics that the user gives, and how far they are kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GivenLyrics:
    """The user's lyrics."""

    text: str
    strength: float
    """0 ignores them, 1 keeps every line; in between, as many lines as can be understood."""

    @property
    def are_kept(self) -> bool:
        """Whether any line is."""
        return self.strength > 0 and bool(self.text.strip())


NO_LYRICS = GivenLyrics("", 0.0)
"""The engine writes them."""
