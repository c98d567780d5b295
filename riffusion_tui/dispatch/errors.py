"""Errors of commands on jobs and accounts."""

from __future__ import annotations

from riffusion_tui.services.capabilities import EditField, label_of


class NotPossible(Exception):
    """The request is invalid; `str(error)` says why, and nothing was changed. Services raise `ServiceError` instead."""


class WrongField(NotPossible):
    """A field's value is invalid. `str(error)` has the field's `name`, as commands take it; `labeled` its label."""

    def __init__(self, field: EditField, problem: str, other: str = "") -> None:
        """Create the error; the name of an `other` field ends the sentence."""
        super().__init__(f"{field.name} {problem}{other and f' {other}.'}")
        self.name = field.name
        self.labeled = f"{field.label} {problem}{other and f' {label_of(other)}.'}"
